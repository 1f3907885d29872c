-- Adds to the documents that one was erased, where they do not say so; after the last entry, whose number "document_head" has.
-- Parameters
--   document, at (UTC), issuer, subject, name, reason   as in the table
INSERT INTO store.documents BY NAME
SELECT h.length + 1 AS entry, d.document, d.kind, d.authority_code, '' AS "key", d.version + 1 AS version, 'erased' AS action,
       false AS public, '' AS content, NULL::BIGINT AS attached, NULL::BLOB AS attachment, $at::TIMESTAMP AS "at",
       $issuer AS issuer, $subject AS subject, $name AS name, $reason AS reason
FROM store.document_head h, (
    SELECT document, max(kind) AS kind, max(authority_code) AS authority_code, max(version) AS version
    FROM store.documents
    WHERE document = $document
    GROUP BY document
) d
WHERE NOT EXISTS (FROM store.documents WHERE document = $document AND action = 'erased')
