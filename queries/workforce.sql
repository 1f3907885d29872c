-- How is the workforce of one authority, year by year, compared with England, its region and its neighbours?
-- Parameters
--   authority   authority code, or '' for none: then only England's figures
--   against     'neighbours', 'region' or 'england': whose figure is `comparator`
-- Columns: one row per workforce measure and year, in the order of the catalogue, oldest year first
--   indicator, title, short_title, phrase, unit, polarity, decimals, interval, numerator_counts, denominator_counts
--   period_end, basis, layer, source, release
--   existed      whether the authority existed on that day; NULL without an authority
--   numerator, denominator, value, published_value
--   status       'missing' where it existed and has no row, '' where it did not exist
--   rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   joint_with   the other authority in a joint return for that year; '' where the return is the authority's own
--   england, region_value, neighbours_mean, neighbours_count, comparator
--   verdict_england, verdict_region, verdict_neighbours   '' where there is no test;  verdict   against the comparator
--   too_few_england, too_few_region, too_few_neighbours, too_few   whether that verdict is `similar` because the group
--                is small (rules/1_macros.sql)
--   compared_with   $against, or 'england' where the neighbours are not close (rules/1_macros.sql)
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_count   share and number of the same young people whose answer is not known
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how that share moved, where that may
--                explain the figure's change
--   base_hidden  the figure's base is hidden, so it is compared with nothing
--   low_is_no_merit        too many are not known for a low figure to be good news: no rank, no band
--   not_known_first   whether to report those not known before the figure itself
--   is_newest    the year to show as current: the newest, or an abolished authority's last
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH wanted AS (SELECT id AS indicator, unit, interval FROM indicators WHERE family = 'workforce'),
national AS (
    SELECT f.indicator, f.period_end, f.basis, f.layer, f.source, f.release, f.england
    FROM home_figures f SEMI JOIN wanted USING (indicator)
    WHERE f.level = 'england' AND f.layer = 'published' AND f.frequency = 'year'
),
own AS (
    SELECT indicator, period_end, numerator, denominator, value, published_value, status, rank, rank_tied, band, lower,
           upper, restated, joint, region_value, neighbours_mean, neighbours_count,
           small_in_return(small_cohort, value, denominator, w.interval,
                           max(denominator) FILTER (w.unit = 'percent') OVER (PARTITION BY source, period_end),
                           (SELECT small_cohort FROM settings)) AS small_cohort,
           neighbours_close, verdict_england, verdict_region, verdict_neighbours, change, change_verdict, change_2,
           change_2_verdict, change_5, change_5_verdict, trend, not_known_share, not_known_count, not_known_change,
           not_known_change_2, not_known_change_5, not_known_trend, base_hidden, low_is_no_merit
    FROM home_figures JOIN wanted w USING (indicator)
    WHERE area_code = $authority AND layer = 'published' AND frequency = 'year' AND age_group = 'all'
),
others AS (
    SELECT string_agg(a.authority_name, ', ') AS names
    FROM joint_returns mine JOIN joint_returns j ON j.joint_code = mine.joint_code AND j.authority_code <> $authority
    JOIN authorities a ON a.authority_code = j.authority_code
    WHERE mine.authority_code = $authority
),
years AS (
    SELECT i.rowid AS position, i.id AS indicator, i.title, i.short_title, i.phrase, i.unit, i.polarity, i.decimals,
           i.interval, i.numerator_counts, i.denominator_counts, e.* EXCLUDE (indicator), s.of,
           a.opened <= e.period_end AND (a.closed IS NULL OR a.closed > e.period_end) AS existed
    FROM indicators i
    JOIN national e ON e.indicator = i.id
    JOIN spread s ON (s.indicator, s.period_end, s.layer) = (e.indicator, e.period_end, e.layer)
    LEFT JOIN authorities a ON a.authority_code = $authority
    WHERE i.family = 'workforce'
)
SELECT y.* EXCLUDE (position), f.numerator, f.denominator, f.value, f.published_value,
       coalesce(f.status, CASE WHEN y.existed THEN 'missing' ELSE '' END) AS status,
       f.rank, f.rank_tied, coalesce(f.band, '') AS band, f.lower, f.upper,
       coalesce(f.small_cohort, false) AS small_cohort, coalesce(f.restated, false) AS restated,
       coalesce(f.joint, false) AS joint, CASE WHEN f.joint THEN o.names ELSE '' END AS joint_with,
       f.region_value, f.neighbours_mean, coalesce(f.neighbours_count, 0) AS neighbours_count,
       compared_with($against, coalesce(f.neighbours_close, true)) AS compared_with,
       one_of(compared_with, y.england, f.region_value, f.neighbours_mean) AS comparator,
       coalesce(f.verdict_england, '') AS verdict_england, coalesce(f.verdict_region, '') AS verdict_region,
       coalesce(f.verdict_neighbours, '') AS verdict_neighbours,
       coalesce(one_of(compared_with, f.verdict_england, f.verdict_region, f.verdict_neighbours), '') AS verdict,
       too_few(f.verdict_england, f.small_cohort) AS too_few_england, too_few(f.verdict_region, f.small_cohort) AS too_few_region,
       too_few(f.verdict_neighbours, f.small_cohort) AS too_few_neighbours,
       too_few(verdict, f.small_cohort) AS too_few,
       f.change, coalesce(f.change_verdict, '') AS change_verdict, coalesce(f.trend, '') AS trend,
       f.change_2, coalesce(f.change_2_verdict, '') AS change_2_verdict,
       f.change_5, coalesce(f.change_5_verdict, '') AS change_5_verdict,
       f.not_known_share, f.not_known_count, f.not_known_change, f.not_known_change_2, f.not_known_change_5, coalesce(f.not_known_trend, '') AS not_known_trend,
       coalesce(f.base_hidden, false) AS base_hidden, coalesce(f.low_is_no_merit, false) AS low_is_no_merit, false AS not_known_first,
       y.period_end = max(CASE WHEN coalesce(y.existed, true) THEN y.period_end END) OVER (PARTITION BY y.indicator)
           AS is_newest
FROM years y
CROSS JOIN others o
LEFT JOIN own f ON (f.indicator, f.period_end) = (y.indicator, y.period_end)
ORDER BY y.position, y.period_end
