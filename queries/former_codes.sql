-- Which codes did an authority have before its present one?
-- Parameters: none
-- Columns: one row per former code, in order of code
--   former_code, authority_code   the old code and the present one
WITH RECURSIVE renamed AS (
    SELECT old_code AS former_code, new_code AS authority_code
    FROM authority_changes
    WHERE kind = 'recoded'
    UNION
    SELECT r.former_code, c.new_code
    FROM renamed AS r
    INNER JOIN authority_changes AS c ON r.authority_code = c.old_code
    WHERE c.kind = 'recoded'
)
SELECT r.former_code, r.authority_code
FROM renamed AS r
SEMI JOIN authorities AS a USING (authority_code)
ORDER BY r.former_code
