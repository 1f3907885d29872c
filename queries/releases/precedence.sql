-- Where several published figures compete, which is in force? The one rule: imports, uploads, their checks and their
-- previews all use it, so that the same files give the same figures however and in whatever order they arrive.
--   1. The source that the catalogue names for the indicator wins over any other: a release of the department over the
--      Local Authority Interactive Tool, whatever their dates.
--   2. The newest release wins over older ones, whenever it arrived.
--   3. The number of care leavers is in several files of a release, which differ by a few. The file whose measures come
--      first in the catalogue wins: activity, failing that accommodation, then staying in touch.
--   4. If a file arrived twice, the later copy wins.
-- Reads: catalogue_order (id, source, position). `given` names a table with the columns of an observation and `file`, a
-- number that rises in order of arrival; files that were resolved together may share one.
-- Columns: those of `given`, and
--   place         1 is in force
--   beside        for the number of care leavers, the position of the first measure of its file
--   winner_source, winner   source and release of the figure in force
--   differs       whether it differs from the one in force; between sources only the value is compared, and
--                 what rounding to a whole number explains is no difference
--   of_release    place among the figures of the same source and release
CREATE MACRO placed_releases(given) AS TABLE
WITH every AS (
    SELECT g.*, coalesce(c.source = g.source, false) AS own,
           CASE g.indicator WHEN 'care_leavers' THEN
                min(c.position) OVER (PARTITION BY file, g.source, release, age_group, area_code, period_end)
           END AS beside
    FROM query_table(given) g LEFT JOIN catalogue_order c ON c.id = g.indicator
)
SELECT * EXCLUDE own,
       row_number() OVER best AS place,
       first_value(source) OVER best AS winner_source, first_value(release) OVER best AS winner,
       CASE WHEN source = first_value(source) OVER best
            THEN first_value((numerator, denominator, published_value, status)) OVER best
                 IS DISTINCT FROM (numerator, denominator, published_value, status)
            ELSE coalesce(abs(value - first_value(value) OVER best) > 0.5 + 1e-9, false)
       END AS differs,
       row_number() OVER (
           PARTITION BY indicator, age_group, area_code, period_end, frequency, layer, source, release
           ORDER BY beside, file DESC) AS of_release
FROM every
WINDOW best AS (
    PARTITION BY indicator, age_group, area_code, period_end, frequency, layer
    ORDER BY own DESC, release DESC, beside, file DESC
);
