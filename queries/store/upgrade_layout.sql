-- Upgrades a store from layout 1 to layout 2: adds two tables.
-- Parameters: none
CREATE TABLE IF NOT EXISTS store.downloads (
    "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR, name VARCHAR, what VARCHAR, upload BIGINT
);
CREATE TABLE IF NOT EXISTS store.backups ("at" TIMESTAMP, machine VARCHAR, path VARCHAR, version BIGINT);
UPDATE store.head SET layout = 2 WHERE layout = 1;
