-- Makes room for one more entry, if nobody did since `length` was read: the row that two writers cannot both change.
-- Parameters
--   length   the length that was read
UPDATE store.head SET length = length + 1 WHERE length = $length
