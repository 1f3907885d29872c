-- How new are the figures of each measure, and when is the next release due?
-- Parameters
--   today   the date to treat as today
-- Columns: one row per measure, in the order of the catalogue; then one per source without measures (inspections,
--   neighbours)
--   indicator      NULL for a source without measures
--   latest_period  date of the newest figures held for the country (for a measure that only councils have, of any
--                  figures); NULL for none
--   source, title, publisher, release   of the source and its newest release that covers the country; NULL for councils'
--                  own measures
--   next_release   when the next one is expected, in the words of the list of sources
--   due_by         last day on which it is expected; NULL where no date is known
--   state          'due' in the month of due_by, 'overdue' after it, 'waiting' before; 'unknown' without a date
SELECT i.id AS indicator, h.latest_period, n.source, s.title, s.publisher, s.release,
       -- Councils' own figures have no release: their row in the list of sources says how often they come.
       coalesce(n.next_release, (SELECT any_value(next_release) FROM sources WHERE source = i.source)) AS next_release,
       n.due_by,
       CASE WHEN n.due_by IS NULL THEN 'unknown'
            WHEN $today::DATE > n.due_by THEN 'overdue'
            WHEN $today::DATE >= date_trunc('month', n.due_by) THEN 'due'
            ELSE 'waiting' END AS state
FROM indicators i
LEFT JOIN held h ON h.indicator = i.id
FULL JOIN newest_releases n ON n.source = i.source
LEFT JOIN sources s ON (s.source, s.release) = (n.source, n.newest)
ORDER BY i.rowid NULLS LAST, n.position
