-- Which measures does a council itself give figures of?
-- Parameters: none
-- Columns: one row an authority and indicator: authority_code, indicator
SELECT DISTINCT area_code AS authority_code, indicator
FROM figures
WHERE layer <> 'published'
ORDER BY ALL
