-- Which releases are figures held of?
-- Parameters: none
-- Columns: one row a source and release, newest release of a source last
--   source, title, publisher, release, covers, published, next_release, licence, url, rounding
SELECT source, title, publisher, release, covers, published, next_release, licence, url, rounding
FROM sources
ORDER BY source, release
