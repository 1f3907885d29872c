-- Which entries after a version changed figures, indicators or events in force that an upload also contains?
-- Parameters
--   since    the version; entries after it count
--   upload   the upload about to come into force, if it is in the store already; else 0
-- Reads the rows of the upload from new_figures, new_catalogue and new_events.
-- Columns: one row per entry, oldest first
--   entry, upload, action, at, issuer, subject, name, reason, figures (how many rows of the upload it changed)
WITH entries AS (
    SELECT * FROM store.ledger
    WHERE entry > $since AND upload <> $upload AND action IN ('accepted', 'approved', 'withdrawn', 'restored')
),
conflicts AS (
    SELECT e.entry, 'figure' AS what, n."row" AS which
    FROM entries e JOIN store.figures f USING (upload)
    JOIN new_figures n ON n.indicator = f.indicator AND n.age_group = f.age_group AND n.area_code = current_code(f.area_code)
        AND n.period_end = f.period_end AND n.frequency = f.frequency AND n.basis = f.basis AND n.layer = f.layer
    UNION
    -- A changed indicator changes the meaning of its figures.
    SELECT e.entry, 'figure', n."row"
    FROM entries e JOIN store.catalogue c USING (upload) JOIN new_figures n ON n.indicator = c.id
    UNION
    SELECT e.entry, 'indicator', hash(n.id)
    FROM entries e JOIN store.catalogue c USING (upload) JOIN new_catalogue n ON n.id = c.id
    UNION
    SELECT e.entry, 'event', hash(n)
    FROM entries e JOIN store.events v USING (upload)
    JOIN new_events n ON n.authority_code = current_code(v.authority_code) AND n.kind = v.kind AND n.inspection_type = v.inspection_type
        AND n.inspection_date IS NOT DISTINCT FROM v.inspection_date AND n.theme IS NOT DISTINCT FROM v.theme
)
SELECT e.entry, e.upload, e.action, e."at", e.issuer, e.subject, e.name, e.reason, count(*) AS figures
FROM conflicts t JOIN entries e USING (entry)
GROUP BY ALL
ORDER BY e.entry
