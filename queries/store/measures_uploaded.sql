-- For which measures has an authority ever uploaded a figure, even if it is no longer in force?
-- Parameters
--   area_code
-- Columns: one row per indicator and age group, in order: indicator, age_group
SELECT DISTINCT indicator, age_group
FROM store.figures
WHERE current_code(area_code) = $area_code AND indicator IS NOT NULL AND age_group IS NOT NULL
ORDER BY indicator, age_group
