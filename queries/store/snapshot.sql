-- The number of the newest snapshot of a DuckLake: a third of the time that reading a table takes.
-- Parameters: none
-- Columns: one row: id
SELECT id FROM store.current_snapshot()
