-- Adds the indicators of an upload, from new_catalogue.
-- Parameters
--   upload   its number
INSERT INTO store.catalogue BY NAME SELECT $upload AS upload, * FROM new_catalogue
