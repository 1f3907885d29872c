-- Every entry of one document.
-- Parameters
--   document   its number
-- Columns: one row per entry, newest first
--   entry, document, kind, authority_code, key, version, action (saved, withdrawn, restored, erased), public, content (JSON),
--   attached (bytes of the attachment, NULL where there is none), at (UTC), issuer, subject, name, reason
SELECT entry, document, kind, current_code(authority_code) AS authority_code, "key", version, action, public, content,
       attached, "at", issuer, subject, name, reason
FROM store.documents
WHERE document = $document
ORDER BY entry DESC
