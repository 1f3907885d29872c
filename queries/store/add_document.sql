-- Adds an entry to the documents.
-- Parameters
--   entry, document, kind, authority_code, key, version, action, public, content (JSON), attached, attachment (compressed with zlib,
--   or NULL), at (UTC), issuer, subject, name, reason   as in the table
INSERT INTO store.documents BY NAME
SELECT $entry AS entry, $document AS document, $kind AS kind, $authority_code AS authority_code, $key AS "key",
       $version::INTEGER AS version, $action AS action, $public AS public, $content AS content,
       $attached::BIGINT AS attached, $attachment::BLOB AS attachment, $at::TIMESTAMP AS "at", $issuer AS issuer, $subject AS subject, $name AS name,
       $reason AS reason
