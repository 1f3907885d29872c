-- The newest entry of the document with a key; an erased document has no key.
-- Parameters
--   kind, authority_code, key
-- Columns: one row, or none
--   entry, document, kind, authority_code, key, version, action (saved, withdrawn, restored, erased), public, content (JSON),
--   attached (bytes of the attachment, NULL where there is none), at (UTC), issuer, subject, name, reason
SELECT entry, document, kind, current_code(authority_code) AS authority_code, "key", version, action, public, content,
       attached, "at", issuer, subject, name, reason
FROM store.documents
WHERE kind = $kind AND current_code(authority_code) = $authority_code AND "key" = $key
ORDER BY entry DESC
LIMIT 1
