-- Makes of a store of the first layout one of the second: two tables more.
-- Parameters: none
CREATE TABLE IF NOT EXISTS store.downloads (
    "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR, name VARCHAR, what VARCHAR, upload BIGINT
);
CREATE TABLE IF NOT EXISTS store.backups ("at" TIMESTAMP, machine VARCHAR, path VARCHAR, version BIGINT);
UPDATE store.head SET layout = 2 WHERE layout = 1;
