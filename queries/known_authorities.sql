-- Which authorities can a row in an uploaded file be about?
-- Parameters: none
-- Columns: one row per authority, abolished ones too, by code
--   authority_code, authority_name, department_code, region_code
--   opened, closed   dates between which it exists; closed is NULL while it does
--   successors, predecessors   lists of the names of those that replaced it, and of those that it replaced
WITH links AS (
    SELECT o.authority_code AS old_code, o.authority_name AS old_name, n.authority_code AS new_code,
           n.authority_name AS new_name
    FROM authority_changes AS c
    INNER JOIN authorities AS o ON c.old_code = o.authority_code
    INNER JOIN authorities AS n ON c.new_code = n.authority_code
    WHERE c.kind <> 'recoded'
)
SELECT a.authority_code, a.authority_name, a.department_code, a.region_code, a.opened, a.closed,
       coalesce((SELECT list(new_name ORDER BY new_name) FROM links WHERE old_code = a.authority_code), []) AS successors,
       coalesce((SELECT list(old_name ORDER BY old_name) FROM links WHERE new_code = a.authority_code), []) AS predecessors
FROM authorities AS a
ORDER BY a.authority_code
