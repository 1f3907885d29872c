-- Records who took unprotected rows out of the store.
-- Parameters
--   at (UTC), issuer, subject, name, what, upload   as in the table
INSERT INTO store.downloads BY NAME
SELECT $at::TIMESTAMP AS "at", $issuer AS issuer, $subject AS subject, $name AS name, $what AS what, $upload::BIGINT AS upload
