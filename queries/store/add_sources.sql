-- Adds the releases of an upload, from new_sources.
-- Parameters
--   upload   its number
INSERT INTO store.sources BY NAME SELECT $upload AS upload, * FROM new_sources
