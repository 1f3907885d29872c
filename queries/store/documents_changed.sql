-- The newest entry of each document that has one after another entry.
-- Parameters
--   since   an entry; only documents with a later one count (0 for all)
--   at      only entries up to this time (UTC) count; NULL for all
-- Columns: one row per document, in the order of entries
--   entry, document, kind, authority_code, key, version, action (saved, withdrawn, restored, erased), public, content (JSON),
--   attached (bytes of the attachment, NULL where there is none), at (UTC), issuer, subject, name, reason
SELECT entry, document, kind, current_code(authority_code) AS authority_code, "key", version, action, public, content,
       attached, "at", issuer, subject, name, reason
FROM store.documents
WHERE entry > $since AND ($at::TIMESTAMP IS NULL OR "at" <= $at::TIMESTAMP)
QUALIFY row_number() OVER (PARTITION BY document ORDER BY entry DESC) = 1
ORDER BY entry
