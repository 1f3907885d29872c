-- The local figures in force, unsuppressed, and whether an upload in force had said otherwise before.
-- Parameters
--   version   the last entry to count
--   areas     list of area codes, or NULL for all
-- Columns: one row for each indicator, age group, area, period, frequency, basis and layer
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
--   restated: true where another upload in force gave another value
SELECT upload, "row", indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, target, note, restated
FROM (
    SELECT *, bool_or((numerator, denominator, value, status)
                      IS DISTINCT FROM (first_numerator, first_denominator, first_value, first_status)) OVER key AS restated
    FROM (
        SELECT *, first_value(numerator) OVER best AS first_numerator, first_value(denominator) OVER best AS first_denominator,
               first_value(value) OVER best AS first_value, first_value(status) OVER best AS first_status
        FROM placed_figures($version, $areas, ['provisional', 'final'])
        WINDOW best AS (PARTITION BY indicator, age_group, area_code, period_end, frequency, basis, layer ORDER BY place)
    )
    WINDOW key AS (PARTITION BY indicator, age_group, area_code, period_end, frequency, basis, layer)
)
WHERE place = 1
ORDER BY area_code, indicator, age_group, period_end, frequency, basis, layer
