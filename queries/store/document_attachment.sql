-- The attachment of a version of a document.
-- Parameters
--   entry   the entry with which that version was saved or restored
-- Columns: one row: attachment (compressed with zlib, or NULL)
SELECT attachment FROM store.documents WHERE entry = $entry
