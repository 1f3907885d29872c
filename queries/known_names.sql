-- Which names does an authority have that cannot be derived from its own? And which names belong to no authority?
-- Parameters: none
-- Columns: one row per name
--   name
--   authority_code   NULL for England, a region or a part of London
SELECT name, authority_code FROM authority_names
UNION ALL
SELECT region AS name, NULL AS authority_code FROM regions
ORDER BY name
