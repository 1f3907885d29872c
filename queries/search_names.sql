-- Which names and codes find an authority in a search?
-- Parameters: none
-- Columns: one row per name and the current authority that it leads to (an abolished one leads to itself by its own name)
--   name             a name or a code
--   kind             'name', 'other_name', 'code', 'former_code' or 'district'
--   authority_code, authority_name   where it leads
--   is_current       whether that authority still exists
WITH named AS (
    SELECT authority_name AS name, 'name' AS kind, authority_code FROM authorities
    UNION ALL
    SELECT name, 'other_name', authority_code FROM authority_names
    UNION ALL
    SELECT authority_code, 'code', authority_code FROM authorities
    UNION ALL
    SELECT department_code, 'code', authority_code FROM authorities
    UNION ALL
    SELECT old_code, 'former_code', new_code FROM authority_changes WHERE kind = 'recoded'
    UNION ALL
    -- A district of a divided county leads to the authority that covers it today.
    SELECT d.district_name, 'district', coalesce(s.authority_code, d.authority_code)
    FROM districts AS d LEFT JOIN district_successors AS s USING (district_code)
    UNION ALL
    SELECT d.district_code, 'district', coalesce(s.authority_code, d.authority_code)
    FROM districts AS d LEFT JOIN district_successors AS s USING (district_code)
)
SELECT n.name, n.kind, a.authority_code, a.authority_name, a.closed IS NULL AS is_current
FROM named AS n
INNER JOIN authorities AS a USING (authority_code)
ORDER BY is_current DESC, n.kind <> 'name', n.kind, n.name, a.authority_code
