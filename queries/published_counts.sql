-- What has the department published on these authorities? Used to stop local figures revealing what it suppresses.
-- Parameters
--   authorities   codes separated by commas
--   indicators    list of ids
--   since         only periods that end on this day or later
-- Columns: one row per published figure; joint returns are left out
--   indicator, age_group, area_code, period_end, frequency, basis, numerator, denominator, value, status
SELECT indicator, age_group, area_code, period_end, frequency, basis, numerator, denominator, value, status
FROM figures
WHERE layer = 'published' AND NOT joint AND period_end >= $since::DATE
  AND indicator IN (SELECT unnest($indicators::VARCHAR[]))
  -- Known before the figures are read, as the line before is not.
  AND list_contains($indicators::VARCHAR[], indicator)
  AND area_code IN (SELECT unnest(string_split($authorities, ',')))
ORDER BY ALL
