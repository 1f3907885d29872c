-- Are the documents of a backup whole: is every column there, and every entry once, each with the beginning of its document?
-- Parameters: none
-- Columns: one row: same_columns (as the store has), whole
WITH counted AS (
    SELECT count(*) AS entries, count(DISTINCT entry) AS numbers, coalesce(max(entry), 0) AS last FROM backup.documents
)
SELECT NOT EXISTS (
        SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'store'
            AND table_name IN ('documents', 'document_head')
        EXCEPT SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'backup'
   ) AS same_columns,
   h.length = c.entries AND c.numbers = c.entries AND c.last = c.entries
   AND NOT EXISTS (
       FROM backup.documents d ANTI JOIN backup.documents b ON b.entry = d.document AND b.document = d.document
   ) AS whole
FROM backup.document_head h, counted c
