-- Which releases do the figures come from, and on what terms?
-- Parameters: none
-- Columns: one row a source, in the order of the list of sources, described by its newest release. What councils upload
--   (source 'local') is no publication and is not among them
--   source, title, publisher, release, covers, published, next_release, licence, url, rounding
--   older   the older releases that some figures still come from, as text such as '2022, 2024', of many '2018-06 to
--           2025-09'; '' where there are none
WITH held AS (
    SELECT source, max(release) AS newest, min(rowid) AS position, list(release ORDER BY release) AS releases
    FROM sources
    WHERE source <> 'local'
    GROUP BY source
)
SELECT
    s.source, s.title, s.publisher, s.release, s.covers, s.published, s.next_release, s.licence, s.url, s.rounding,
    CASE WHEN len(h.releases) > 6 THEN h.releases[1] || ' to ' || h.releases[-2]
         ELSE array_to_string(h.releases[:-2], ', ') END AS older
FROM sources AS s
JOIN held AS h ON h.source = s.source AND h.newest = s.release
ORDER BY h.position
