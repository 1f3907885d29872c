-- Upgrades a store from layout 1 or 2 to layout 3: adds the tables that it lacks. Safe to run again.
-- Parameters: none
CREATE TABLE IF NOT EXISTS store.downloads (
    "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR, name VARCHAR, what VARCHAR, upload BIGINT
);
CREATE TABLE IF NOT EXISTS store.backups ("at" TIMESTAMP, machine VARCHAR, path VARCHAR, version BIGINT);
CREATE TABLE IF NOT EXISTS store.documents (
    entry BIGINT, document BIGINT, kind VARCHAR, authority_code VARCHAR, "key" VARCHAR, version INTEGER, action VARCHAR,
    public BOOLEAN, content VARCHAR, attached BIGINT, attachment BLOB, "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR,
    name VARCHAR, reason VARCHAR
);
CREATE TABLE IF NOT EXISTS store.document_head (length BIGINT);
INSERT INTO store.document_head SELECT 0 WHERE NOT EXISTS (FROM store.document_head);
UPDATE store.head SET layout = 3 WHERE layout < 3;
