-- By which codes and names can an authority be asked for?
-- Parameters: none
-- Columns: one row a code or name
--   code             a GSS code (present or former), three-digit department code, or the authority's name
--   authority_code, authority_name   the authority as it is held
SELECT authority_code AS code, authority_code, authority_name FROM authorities
UNION ALL SELECT department_code, authority_code, authority_name FROM authorities
UNION ALL SELECT authority_name, authority_code, authority_name FROM authorities
UNION ALL SELECT c.old_code, a.authority_code, a.authority_name
FROM authority_changes c JOIN authorities a ON a.authority_code = c.new_code WHERE c.kind = 'recoded'
ORDER BY authority_code, code
