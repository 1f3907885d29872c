-- What has the department published of these authorities? For keeping local figures from giving away what it hides.
-- Parameters
--   authorities   codes parted by commas
--   since         only what ends on this day or later
-- Columns: one row a figure of the published layer, an authority's own return only
--   indicator, age_group, area_code, period_end, frequency, basis, numerator, denominator, value, status
SELECT indicator, age_group, area_code, period_end, frequency, basis, numerator, denominator, value, status
FROM figures
WHERE layer = 'published' AND NOT joint AND period_end >= $since::DATE
  AND area_code IN (SELECT unnest(string_split($authorities, ',')))
ORDER BY ALL
