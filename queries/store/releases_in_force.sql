-- Which uploads of the department's releases are in force?
-- Parameters
--   version   the last entry to count
-- Columns: one row per upload: upload
SELECT upload FROM store.uploads JOIN in_force($version) USING (upload) WHERE kind = 'release' ORDER BY upload
