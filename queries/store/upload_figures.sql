-- The figures of one upload, unsuppressed.
-- Parameters
--   upload   its number
-- Columns: one row per figure, in the order of the file
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
SELECT upload, "row", indicator, age_group, current_code(area_code) AS area_code, period_end, frequency, basis, layer, numerator,
       denominator, value, published_value, status, source, release, target, note
FROM store.figures
WHERE upload = $upload
ORDER BY "row"
