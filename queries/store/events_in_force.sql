-- The inspections and visits that councils reported, as in force.
-- Parameters
--   version   the last entry to count
-- Columns: one row per authority, kind, type, date and theme
--   upload, authority_code (its present one), cells (the row of data/inspections.csv, as JSON)
SELECT e.upload, current_code(e.authority_code) AS authority_code, e.cells
FROM store.events e JOIN in_force($version) u USING (upload)
QUALIFY row_number() OVER (
    PARTITION BY current_code(e.authority_code), e.kind, e.inspection_type, e.inspection_date, e.theme ORDER BY u.position DESC
) = 1
ORDER BY e.authority_code, e.inspection_date, e.kind, e.inspection_type, e.theme
