-- What is one release, and on what terms may its figures be used?
-- Parameters
--   source, release
-- Columns: one row: title, publisher, published, next_release, licence, url, rounding, source, release
SELECT source, release, title, publisher, published, next_release, licence, url, rounding
FROM sources
WHERE source = $source AND release = $release
