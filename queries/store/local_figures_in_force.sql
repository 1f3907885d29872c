-- The local figures in force in any layer, unsuppressed, and whether an earlier upload in force gave another value.
-- Parameters
--   version   the last entry to count
--   areas     list of area codes, or NULL for all
-- Columns: one row for each indicator, age group, area, period, frequency, basis and layer
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
--   restated: true where another upload in force gave another value
SELECT upload, "row", indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, target, note,
       min((numerator, denominator, value, status)) OVER same
       IS DISTINCT FROM max((numerator, denominator, value, status)) OVER same AS restated
FROM placed_figures($version, $areas, NULL)
WHERE layer <> 'published'
WINDOW same AS (PARTITION BY indicator, age_group, area_code, period_end, frequency, basis, layer)
QUALIFY place = 1
ORDER BY area_code, indicator, age_group, period_end, frequency, basis, layer
