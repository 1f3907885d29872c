-- The figures of uploads in force that another upload in force replaced, unsuppressed.
-- Parameters
--   version   the last entry to count
--   areas     list of area codes, or NULL for all
--   layers    list of layers, or NULL for all
-- Columns: one row per replaced figure, grouped by key, the last to have been in force first
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
--   superseded_by: the upload whose figure is in force
SELECT upload, "row", indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, target, note, superseded_by
FROM placed_figures($version, $areas, $layers)
WHERE place > 1
ORDER BY indicator, age_group, area_code, period_end, frequency, basis, layer, place
