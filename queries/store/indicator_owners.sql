-- Who first defined each of some indicators, and in which upload, leaving out declined ones?
-- Parameters
--   ids   list of ids
-- Columns: one row per id: id, upload, issuer, subject, name
SELECT c.id, min(c.upload) AS upload, arg_min(l.issuer, c.upload) AS issuer, arg_min(l.subject, c.upload) AS subject,
       arg_min(l.name, c.upload) AS name
FROM store.catalogue c
JOIN states(9223372036854775807) s USING (upload)
JOIN store.ledger l ON l.entry = c.upload
WHERE list_contains($ids, c.id) AND s.state NOT IN ('declined', 'erased')
GROUP BY c.id
ORDER BY c.id
