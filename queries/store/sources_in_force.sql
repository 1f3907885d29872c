-- The releases added by uploads, as now in force.
-- Parameters
--   version   the last entry to count
-- Columns: one row per source and release: upload, cells (the row of data/sources.csv, as JSON)
SELECT s.upload, s.cells
FROM store.sources s JOIN in_force($version) u USING (upload)
QUALIFY row_number() OVER (PARTITION BY s.source, s.release ORDER BY u.position DESC) = 1
ORDER BY s.source, s.release
