-- Adds an entry to the ledger.
-- Parameters
--   entry, upload, action, at (UTC), issuer, subject, name, reason   as in the table
INSERT INTO store.ledger BY NAME
SELECT $entry AS entry, $upload AS upload, $action AS action, $at::TIMESTAMP AS "at", $issuer AS issuer, $subject AS subject,
       $name AS name, $reason AS reason
