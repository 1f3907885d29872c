-- The number of the newest snapshot of a DuckLake; asking for it takes a third of the time of reading a table.
-- Parameters: none
-- Columns: one row: id
SELECT id FROM store.current_snapshot()
