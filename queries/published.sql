-- Which published figures are in force? A new release is compared with them.
-- Parameters: none
-- Columns: one row per figure, in no order
--   indicator, age_group, area_code, period_end, frequency, basis, layer ('published'), numerator, denominator, value,
--   published_value, status, source, release
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release
FROM observations
WHERE layer = 'published'
