-- The indicators that one upload defines.
-- Parameters
--   upload   its number
-- Columns: one row per indicator: id, cells (JSON)
SELECT id, cells FROM store.catalogue WHERE upload = $upload ORDER BY id
