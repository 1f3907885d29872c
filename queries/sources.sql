-- Which releases do the figures come from, and on what terms?
-- Parameters: none
-- Columns: one row per source, in the order of the list of sources, described by its newest release that covers the country
--   (for a source without figures: by its newest). Councils' uploads (source 'local') are not a publication and are
--   left out
--   source, title, publisher, release, covers, published, next_release, licence, url, rounding
--   older   the older releases that some figures still come from, as text such as '2022, 2024', or for many '2018-06 to
--           2025-09'; '' where there are none
WITH dated AS (SELECT *, list_filter(releases, lambda r: r < newest) AS before FROM newest_releases)
SELECT
    s.source, s.title, s.publisher, s.release, s.covers, s.published, h.next_release, s.licence, s.url, s.rounding,
    CASE WHEN len(h.before) > 6 THEN h.before[1] || ' to ' || h.before[-1]
         ELSE array_to_string(h.before, ', ') END AS older
FROM sources AS s
JOIN dated AS h ON h.source = s.source AND h.newest = s.release
ORDER BY h.position
