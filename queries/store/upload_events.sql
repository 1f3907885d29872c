-- The inspections and visits of one upload.
-- Parameters
--   upload   its number
-- Columns: one row per event: authority_code, kind, inspection_type, inspection_date, theme, cells (JSON)
SELECT current_code(authority_code) AS authority_code, kind, inspection_type, inspection_date, theme, cells
FROM store.events
WHERE upload = $upload
ORDER BY authority_code, inspection_date
