-- Who took unprotected rows out of the store?
-- Parameters: none
-- Columns: one row per download, oldest first: at (UTC), issuer, subject, name, what, upload (NULL where it was not one
-- file)
SELECT "at", issuer, subject, name, what, upload FROM store.downloads ORDER BY "at"
