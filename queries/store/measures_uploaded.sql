-- For which measures has one authority ever uploaded a figure, whatever has become of it since?
-- Parameters
--   area_code
-- Columns: one row an indicator and age group, in order: indicator, age_group
SELECT DISTINCT indicator, age_group
FROM store.figures
WHERE current_code(area_code) = $area_code AND indicator IS NOT NULL AND age_group IS NOT NULL
ORDER BY indicator, age_group
