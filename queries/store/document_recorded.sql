-- Was an entry of the documents written, although the answer was lost?
-- Parameters
--   kind, authority_code, key, action, at (UTC), issuer, subject   as they were to be written (what was erased has no key any more)
-- Columns: one row where it was: entry, document
SELECT entry, document FROM store.documents
WHERE kind = $kind AND authority_code = $authority_code AND "key" IN ($key, '') AND action = $action AND "at" = $at::TIMESTAMP
  AND issuer = $issuer AND subject = $subject
