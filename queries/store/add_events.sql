-- Adds the events of an upload, from new_events.
-- Parameters
--   upload   its number
INSERT INTO store.events BY NAME SELECT $upload AS upload, * FROM new_events
