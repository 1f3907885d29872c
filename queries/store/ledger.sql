-- Everything that was done, oldest first.
-- Parameters
--   version   the last entry to count
-- Columns: one row per entry
--   entry, upload, action, at (UTC), issuer, subject, name, reason
SELECT entry, upload, action, "at", issuer, subject, name, reason
FROM store.ledger
WHERE entry <= $version
ORDER BY entry
