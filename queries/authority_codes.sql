-- Which codes and names identify an authority?
-- Parameters: none
-- Columns: one row per code or name
--   code             a GSS code (present or former), three-digit department code, or the authority's name
--   authority_code, authority_name   the authority they stand for
SELECT authority_code AS code, authority_code, authority_name FROM authorities
UNION ALL SELECT department_code, authority_code, authority_name FROM authorities
UNION ALL SELECT authority_name, authority_code, authority_name FROM authorities
UNION ALL SELECT c.old_code, a.authority_code, a.authority_name
FROM authority_changes c JOIN authorities a ON a.authority_code = c.new_code WHERE c.kind = 'recoded'
ORDER BY authority_code, code
