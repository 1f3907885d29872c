-- For which measures does a council supply its own figures?
-- Parameters: none
-- Columns: one row per authority and indicator: authority_code, indicator
SELECT DISTINCT area_code AS authority_code, indicator
FROM figures
WHERE layer IN ('provisional', 'final')
ORDER BY ALL
