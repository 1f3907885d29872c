-- Did an earlier attempt, whose answer was lost, already record an entry? Which one?
-- Parameters
--   at, issuer, subject, action, reason   as in the ledger
--   upload, sha256                        the upload it is about, or NULL for a new one, which has this fingerprint (or '')
-- Columns: none or one row: entry, upload, action, at, issuer, subject, name, reason
SELECT l.entry, l.upload, l.action, l."at", l.issuer, l.subject, l.name, l.reason
FROM store.ledger l JOIN store.uploads u USING (upload)
WHERE l."at" = $at AND l.issuer = $issuer AND l.subject = $subject AND l.action = $action AND l.reason = $reason
  AND CASE WHEN $upload::BIGINT IS NULL THEN l.entry = l.upload AND u.sha256 = $sha256 ELSE l.upload = $upload::BIGINT END
ORDER BY l.entry
LIMIT 1
