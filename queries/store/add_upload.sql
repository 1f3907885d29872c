-- Adds an upload.
-- Parameters
--   upload, kind, layout, layer, file_name, sha256, size, rows, areas, note, checks, effect   as in the table
INSERT INTO store.uploads BY NAME
SELECT $upload AS upload, $kind AS kind, $layout AS layout, $layer AS layer, $file_name AS file_name, $sha256 AS sha256,
       $size AS size, $rows AS rows, $areas AS areas, $note AS note, $checks AS checks, $effect AS effect
