-- Which release of each source do the figures come from, and when is the next one due?
-- Reads: figures, sources, indicators. Makes: newest_releases.

-- newest: the newest release that covers the country; for a source without figures, its newest. releases: all of them,
-- oldest first. due_by: the last day on which the next release is expected; NULL where no date is known. An uploaded
-- release does not say when the next one is expected: it is taken as a year (or a quarter) after this one was due.
CREATE TABLE newest_releases AS
WITH covering AS (
    SELECT source, max(release) FILTER (2 * areas >= most) AS newest
    FROM (SELECT source, release, count(*) AS areas, max(count(*)) OVER (PARTITION BY source) AS most
          FROM (SELECT DISTINCT source, release, area_code FROM figures
                WHERE level = 'authority' AND layer = 'published' AND status NOT IN ('z', 'missing'))
          GROUP BY source, release)
    GROUP BY source
),
held AS (
    SELECT s.source, coalesce(any_value(c.newest), max(s.release)) AS newest, min(s.rowid) AS position,
           list(s.release ORDER BY s.release) AS releases
    FROM sources s LEFT JOIN covering c USING (source)
    WHERE s.source <> 'local'
    GROUP BY s.source
),
-- A revised file belongs to the same release, under a longer name: "2025-12 revised".
stated AS (
    SELECT h.source, arg_max(s.due_by, s.release) AS due_by, max(split_part(s.release, ' ', 1)) AS release
    FROM held h JOIN sources s ON s.source = h.source AND s.release <= h.newest AND s.due_by IS NOT NULL
    GROUP BY h.source
),
rhythm AS (
    SELECT source, CASE any_value(published_every) WHEN 'year' THEN 12 ELSE 3 END AS months
    FROM indicators GROUP BY source
),
passed AS (
    SELECT h.source, s.due_by, coalesce(r.months, 12) AS months,
           len(list_distinct(list_filter(
               [split_part(each, ' ', 1) for each in h.releases if each <= h.newest], lambda each: each > s.release))) AS since
    FROM held h JOIN stated s USING (source) LEFT JOIN rhythm r ON r.source = h.source
),
due AS (
    SELECT source, since,
           CASE since WHEN 0 THEN due_by ELSE last_day((due_by + to_months((since * months)::INTEGER))::DATE) END AS by_day
    FROM passed
)
SELECT h.source, h.newest, h.position, h.releases, d.by_day AS due_by,
       CASE WHEN d.since > 0 THEN 'expected ' || strftime(d.by_day, '%B %Y') ELSE n.next_release END AS next_release
FROM held h
JOIN sources n ON n.source = h.source AND n.release = h.newest
LEFT JOIN due d ON d.source = h.source;
