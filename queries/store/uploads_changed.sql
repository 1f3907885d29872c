-- Which uploads came into force or ceased to be in force between two versions?
-- Parameters
--   since, until   versions; entries after the first and up to the second count
-- Columns: one row per upload: upload, kind, areas (codes joined by ';')
SELECT DISTINCT u.upload, u.kind, u.areas
FROM store.ledger l JOIN store.uploads u USING (upload)
WHERE l.entry > $since AND l.entry <= $until AND l.action IN ('accepted', 'approved', 'withdrawn', 'restored', 'erased')
ORDER BY u.upload
