-- Claims the next entry of the documents, unless another writer has since `length` was read: two writers cannot both
-- change this row.
-- Parameters
--   length   the length that was read
UPDATE store.document_head SET length = length + 1 WHERE length = $length
