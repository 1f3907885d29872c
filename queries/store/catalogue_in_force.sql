-- The indicators that councils added, as now in force.
-- Parameters
--   version   the last entry to count
-- Columns: one row per indicator, by id: upload, cells (the row of data/indicators.csv, as JSON)
SELECT c.upload, c.cells
FROM store.catalogue c JOIN in_force($version) u USING (upload)
QUALIFY row_number() OVER (PARTITION BY c.id ORDER BY u.position DESC) = 1
ORDER BY c.id
