-- How many entries has the ledger?
-- Parameters: none
-- Columns: one row: length, layout
SELECT length, layout FROM store.head
