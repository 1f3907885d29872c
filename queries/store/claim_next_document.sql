-- Claims the next entries of the documents, unless another writer has since `length` was read: two writers cannot both
-- change this row.
-- Parameters
--   length    the length that was read
--   entries   how many are claimed
UPDATE store.document_head SET length = length + $entries WHERE length = $length
