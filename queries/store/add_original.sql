-- Adds the file of an upload.
-- Parameters
--   upload    its number
--   content   its bytes, compressed with zlib
INSERT INTO store.originals BY NAME
SELECT $upload AS upload, $content::BLOB AS content
