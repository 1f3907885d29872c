-- How many entries does the ledger have, which is the data version?
-- Parameters: none
-- Columns: one row: length, layout
SELECT length, layout FROM store.head
