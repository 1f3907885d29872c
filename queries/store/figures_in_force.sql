-- The figures in force, unsuppressed.
-- Parameters
--   version   the last entry to count
--   areas     list of area codes, or NULL for all
--   layers    list of layers, or NULL for all
-- Columns: one row for each indicator, age group, area, period, frequency, basis and layer, in that order
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
SELECT upload, "row", indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, target, note
FROM placed_figures($version, $areas, $layers)
WHERE place = 1
ORDER BY indicator, age_group, area_code, period_end, frequency, basis, layer
