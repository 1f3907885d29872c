-- The file of an upload, as stored.
-- Parameters
--   upload   its number
-- Columns: one row: file_name, content (compressed with zlib)
SELECT u.file_name, o.content
FROM store.uploads u JOIN store.originals o USING (upload)
WHERE u.upload = $upload
