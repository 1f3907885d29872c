-- From which releases are figures held?
-- Parameters: none
-- Columns: one row per source and release, newest release of a source last
--   source, title, publisher, release, covers, published, next_release, licence, url, rounding
SELECT source, title, publisher, release, covers, published, next_release, licence, url, rounding
FROM sources
ORDER BY source, release
