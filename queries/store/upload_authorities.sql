-- For which authorities do some uploads have figures, and since when?
-- Parameters
--   uploads   list of numbers of uploads
-- Columns: one row per upload: upload, areas (codes joined by ';'), added_at (UTC)
SELECT u.upload, u.areas, l."at" AS added_at
FROM store.uploads u JOIN store.ledger l ON l.entry = u.upload
WHERE list_contains($uploads, u.upload)
ORDER BY u.upload
