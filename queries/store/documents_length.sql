-- How many entries do the documents have? It is the number by which what is remembered of them is known to be old.
-- Parameters: none
-- Columns: one row: length
SELECT length FROM store.document_head
