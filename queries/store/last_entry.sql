-- When was something last done that the store keeps, to an upload or to a document?
-- Parameters: none
-- Columns: one row: at (UTC; NULL where nothing was)
SELECT max("at") AS "at" FROM (SELECT "at" FROM store.ledger UNION ALL SELECT "at" FROM store.documents)
