-- What is one release, and on what terms may its figures be used?
-- Parameters
--   source, release
-- Columns: one row: title, publisher, published, next_release, licence, url, rounding, source, release
--   short_title   its name where there is little room; the title where it has none
SELECT s.source, s.release, s.title, s.publisher, s.published, s.next_release, s.licence, s.url, s.rounding,
       coalesce(n.short_title, s.title) AS short_title
FROM sources AS s
LEFT JOIN source_names AS n USING (source)
WHERE s.source = $source AND s.release = $release
