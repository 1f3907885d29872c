-- Is this file in the store already, other than declined or erased?
-- Parameters
--   sha256, kind, layer   the file's fingerprint and what it was uploaded as
-- Columns: one row per upload, the most relevant first
--   upload, file_name, state (in force, proposed, withdrawn), name, at (UTC) (the last entry about it), added_name, added_at
SELECT u.upload, u.file_name, s.state, l.name, l."at", a.name AS added_name, a."at" AS added_at
FROM store.uploads u
JOIN states(9223372036854775807) s USING (upload)
JOIN store.ledger l ON l.entry = s.entry
JOIN store.ledger a ON a.entry = u.upload
WHERE u.sha256 = $sha256 AND u.kind = $kind AND u.layer = $layer AND s.state NOT IN ('declined', 'erased')
ORDER BY s.state = 'in force' DESC, u.upload DESC
