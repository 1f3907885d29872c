-- Every upload and its state, newest first.
-- Parameters
--   version   the last entry to count
-- Columns: one row per upload
--   upload, kind, layout, layer, file_name, sha256, size, rows, areas (codes joined by ';'), note, checks and effect (JSON)
--   state (in force, proposed, withdrawn, declined, erased), position (entry at which it first came into force, or NULL)
--   added_at (UTC), added_issuer, added_subject, added_name: when and by whom it was added
--   entry, action, at, issuer, subject, name, reason: the last entry about it
SELECT u.upload, u.kind, u.layout, u.layer, u.file_name, u.sha256, u.size, u.rows, u.areas, u.note, u.checks, u.effect,
       s.state, s.position,
       a."at" AS added_at, a.issuer AS added_issuer, a.subject AS added_subject, a.name AS added_name,
       l.entry, l.action, l."at", l.issuer, l.subject, l.name, l.reason
FROM store.uploads u
JOIN states($version) s USING (upload)
JOIN store.ledger a ON a.entry = u.upload
JOIN store.ledger l ON l.entry = s.entry
ORDER BY u.upload DESC
