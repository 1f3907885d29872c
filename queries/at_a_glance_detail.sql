-- What lies behind the headline measures of one authority: homelessness, reasons for NEET, health in care, spending?
-- Parameters
--   authority   authority code
-- Columns: one row per age group of an indicator that the catalogue calls a detail (headline = 'detail'), homelessness
--   first, in the newest published period
--   indicator, title, short_title, theme, family, unit, decimals, interval, age_group, caveats
--   period_end, basis, numerator, denominator, value, status ('missing' when there is no row), small_cohort, base_hidden
--   not_known_share   share of the same young people who are not known, where that is to be reported before the figure
--             itself (compared with England); else NULL
--   low_is_no_merit   too many are not known for a low figure to be good news
--   england   for the same period;  england_total   England's, for a total (rules/1_macros.sql); england is then NULL
--   before    the authority's own value a year earlier (for quarters, the same quarter);  change_verdict  since then
--   source, release
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH wanted AS (
    SELECT i.rowid AS position, i.*, unnest(string_split(i.age_groups, ';')) AS age_group
    FROM indicators i WHERE i.headline = 'detail'
),
measured AS MATERIALIZED (
    SELECT f.* FROM home_figures f SEMI JOIN wanted w ON w.id = f.indicator
    WHERE f.layer = 'published' AND (f.level = 'england' OR f.area_code = $authority)
),
newest AS (
    SELECT indicator, age_group, max(period_end) AS period_end FROM measured WHERE level = 'england' GROUP BY ALL
)
SELECT w.id AS indicator, w.title, w.short_title, w.theme, w.family, w.unit, w.decimals, w.interval, w.age_group, w.caveats,
       n.period_end, e.basis, f.numerator, f.denominator, f.value, coalesce(f.status, 'missing') AS status,
       coalesce(f.small_cohort, false) AS small_cohort, coalesce(f.base_hidden, false) AS base_hidden,
       CASE WHEN f.not_known_first_england THEN f.not_known_share END AS not_known_share,
       coalesce(f.low_is_no_merit, false) AS low_is_no_merit, e.england, e.england_total, f.value - f.change AS before,
       coalesce(f.change_verdict, '') AS change_verdict, e.source, e.release
FROM wanted w
JOIN newest n ON (n.indicator, n.age_group) = (w.id, w.age_group)
JOIN measured e ON (e.indicator, e.age_group, e.period_end) = (w.id, w.age_group, n.period_end) AND e.level = 'england'
LEFT JOIN measured f ON (f.indicator, f.age_group, f.period_end, f.area_code) = (w.id, w.age_group, n.period_end, $authority)
ORDER BY w.family <> 'homelessness', w.position, w.age_group
