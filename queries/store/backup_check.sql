-- Is a backup whole: is every column there, and every entry once, with its upload, its file and as many rows as
-- were uploaded (none where it was erased)?
-- Parameters: none
-- Columns: one row: same_columns (as the store has), whole
WITH held AS (
    SELECT upload, count(*) AS rows
    FROM (
        SELECT upload FROM backup.figures
        UNION ALL SELECT upload FROM backup.catalogue
        UNION ALL SELECT upload FROM backup.events
    )
    GROUP BY upload
),
counted AS (SELECT count(*) AS entries, count(DISTINCT entry) AS numbers, coalesce(max(entry), 0) AS last FROM backup.ledger)
SELECT NOT EXISTS (
        SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'store'
            AND table_name IN ('head', 'ledger', 'uploads', 'originals', 'figures', 'catalogue', 'events', 'sources')
        EXCEPT SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'backup'
   ) AS same_columns,
   h.length = c.entries AND c.numbers = c.entries AND c.last = c.entries
   AND NOT EXISTS (FROM backup.ledger ANTI JOIN backup.uploads USING (upload))
   AND NOT EXISTS (FROM backup.uploads u ANTI JOIN backup.originals USING (upload) WHERE u.rows > 0)
   AND NOT EXISTS (FROM backup.uploads u LEFT JOIN held USING (upload) WHERE coalesce(held.rows, 0) <> u.rows) AS whole
FROM backup.head h, counted c
