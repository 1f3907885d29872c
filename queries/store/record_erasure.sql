-- Adds to the ledger that an upload was erased, where it does not say so; after the last entry, whose number "head" has.
-- Parameters
--   upload, at (UTC), issuer, subject, name, reason   as in the table
INSERT INTO store.ledger BY NAME
SELECT h.length + 1 AS entry, $upload AS upload, 'erased' AS action, $at::TIMESTAMP AS "at", $issuer AS issuer,
       $subject AS subject, $name AS name, $reason AS reason
FROM store.head h
WHERE NOT EXISTS (FROM store.ledger WHERE upload = $upload AND action = 'erased')
