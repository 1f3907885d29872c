-- Which published figures are in force? A new release is compared with them.
-- Parameters
--   measures   list of 'indicator.age_group': those that the release has figures of
-- Columns: one row per figure of these measures, in no order. With the number of care leavers comes, besides, the first figure
-- of each file that has one: it says which of several files counts (releases/precedence.sql)
--   indicator, age_group, area_code, period_end, frequency, basis, layer ('published'), numerator, denominator, value,
--   published_value, status, source, release
WITH asked AS (
    SELECT DISTINCT split_part(measure, '.', 1) AS indicator, split_part(measure, '.', 2) AS age_group FROM unnest($measures::VARCHAR[]) m(measure)
),
numbers AS (
    SELECT DISTINCT source, release, age_group, area_code, period_end
    FROM observations JOIN asked USING (indicator, age_group)
    WHERE layer = 'published' AND observations.indicator = 'care_leavers'
),
first AS (
    SELECT DISTINCT ON (o.source, o.release, o.age_group, o.area_code, o.period_end) o.*
    FROM observations o SEMI JOIN numbers USING (source, release, age_group, area_code, period_end)
    JOIN indicators i ON i.id = o.indicator
    WHERE o.layer = 'published'
    ORDER BY i.rowid
),
found AS (
    SELECT * FROM observations_of((SELECT list(indicator) FROM asked)) JOIN asked USING (indicator, age_group)
    WHERE layer = 'published'
    UNION ALL
    SELECT * FROM first ANTI JOIN asked USING (indicator, age_group)
)
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release
FROM found
