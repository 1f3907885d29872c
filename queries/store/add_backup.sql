-- Records where a backup was written.
-- Parameters
--   at (UTC), machine, path, version   as in the table
INSERT INTO store.backups BY NAME
SELECT $at::TIMESTAMP AS "at", $machine AS machine, $path AS path, $version::BIGINT AS version
