-- The tables of an empty store. Only types that DuckDB, Postgres and DuckLake share. No keys, because DuckLake has none:
-- instead every entry is written together with the one row of `head`, which two writers cannot both change.
-- All tables but `head` and `document_head` are only ever added to, except when an upload or a document is erased.

-- length: how many entries the ledger has, which is the version; layout: the number of this layout.
CREATE TABLE store.head (length BIGINT, layout INTEGER);
INSERT INTO store.head VALUES (0, 3);

-- One row per action, numbered 1, 2, 3 …: who did what to which upload and when (UTC). An upload has the number of the
-- entry that brought it in. action: accepted, proposed, approved, declined, withdrawn, restored, erased.
CREATE TABLE store.ledger (
    entry BIGINT, upload BIGINT, action VARCHAR, "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR, name VARCHAR, reason VARCHAR
);

-- One row per upload; an erased one has no rows and no texts. areas: codes joined by ';'. checks and effect: JSON, what was
-- found in the file and what it changed.
CREATE TABLE store.uploads (
    upload BIGINT, kind VARCHAR, layout VARCHAR, layer VARCHAR, file_name VARCHAR, sha256 VARCHAR, size BIGINT, rows BIGINT,
    areas VARCHAR, note VARCHAR, checks VARCHAR, effect VARCHAR
);

-- What is kept of each file, compressed with zlib: its exact bytes, or as CSV the columns that were used.
CREATE TABLE store.originals (upload BIGINT, content BLOB);

-- The figures of uploads, unsuppressed. row: the row of the spreadsheet it stood in.
CREATE TABLE store.figures (
    upload BIGINT, "row" INTEGER, indicator VARCHAR, age_group VARCHAR, area_code VARCHAR, period_end DATE,
    frequency VARCHAR, basis VARCHAR, layer VARCHAR, numerator DOUBLE, denominator DOUBLE, value DOUBLE,
    published_value DOUBLE, status VARCHAR, source VARCHAR, release VARCHAR, target DOUBLE, note VARCHAR
);

-- Indicators that councils added, inspections and visits that they reported, and releases from uploads: the columns that
-- identify a row, and the whole row as JSON (cells), so that a new column in data/ needs no new layout here.
CREATE TABLE store.catalogue (upload BIGINT, id VARCHAR, cells VARCHAR);
CREATE TABLE store.events (
    upload BIGINT, authority_code VARCHAR, kind VARCHAR, inspection_type VARCHAR, inspection_date VARCHAR, theme VARCHAR,
    cells VARCHAR
);
CREATE TABLE store.sources (upload BIGINT, source VARCHAR, release VARCHAR, cells VARCHAR);

-- Who took unprotected rows out of the store, when (UTC) and what; upload is NULL where it was not one file.
CREATE TABLE store.downloads (
    "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR, name VARCHAR, what VARCHAR, upload BIGINT
);

-- Where backups were written: the machine and the path there, and the version that each holds.
CREATE TABLE store.backups ("at" TIMESTAMP, machine VARCHAR, path VARCHAR, version BIGINT);

-- What a council writes and saves: comments on figures, packs and their templates, answers to questions, improvement plans,
-- watch lists. One row per saving, withdrawal, restoring and erasure, numbered by entry 1, 2, 3 …; they have a count of their
-- own (document_head, claimed as `head` is), because they change no figure and so no data version. document: the entry with
-- which it began; kind, authority_code ('' for none) and key tell documents apart, so a kind decides what its keys mean.
-- version: the number of the row within its document, from 1. content: JSON, empty where withdrawn or erased; an erased
-- document has an empty key in every row. attachment: a file that belongs to it, compressed with zlib, or NULL; attached: its
-- bytes before that. public: whether everybody may read it, or only those who may upload for the authority.
CREATE TABLE store.documents (
    entry BIGINT, document BIGINT, kind VARCHAR, authority_code VARCHAR, "key" VARCHAR, version INTEGER, action VARCHAR,
    public BOOLEAN, content VARCHAR, attached BIGINT, attachment BLOB, "at" TIMESTAMP, issuer VARCHAR, subject VARCHAR,
    name VARCHAR, reason VARCHAR
);
CREATE TABLE store.document_head (length BIGINT);
INSERT INTO store.document_head VALUES (0);
