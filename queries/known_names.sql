-- Which other names, not derived from its own, does an authority have? And which names belong to no authority?
-- Parameters: none
-- Columns: one row a name
--   name
--   authority_code   NULL for England, a region or a part of London
SELECT name, authority_code FROM authority_names
UNION ALL
SELECT region AS name, NULL AS authority_code FROM regions
ORDER BY name
