-- How has one indicator changed over the years, for an authority and what it is compared with?
-- Parameters
--   indicator, age_group
--   authority   code of the chosen authority, or '' for none
--   others      codes of other authorities to show with it, separated by commas, or '' for none
-- Columns: one row per series and period, in the order series are listed below, each by period. The published periods are
-- those England has; a series has a row for each one in which its area existed, so that a year without a figure shows as
-- a gap and not as a shorter line.
--   series      'authority', 'predecessor' or 'successor' (of a split or merger), 'chosen' (one of $others),
--               'region', 'england'
--   place       order within the series kind (1, 2 … for chosen, predecessors and successors; else 1)
--   area_code, area_name, period_end, frequency, basis
--   layer       'published'; 'provisional' or 'final' for the authority's local figures, which are kept apart and share one
--               basis: twelve months where there are any, since they are as long as a year; else quarters; else any other
--   numerator, denominator, value, published_value
--   status      'missing' where the release has no row
--   rounded     the multiple that a local figure's counts are rounded to; NULL for official ones
--   lower, upper, small_cohort, joint, restated
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_count   share and number of the same young people whose answer is not known
--   not_known_status   why the department gives no such share ('c': hidden); NULL where none is counted for the measure
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how that share moved, where that may
--                explain the figure's change
--   base_hidden  the figure's base is hidden, so it is compared with nothing
--   low_is_no_merit        too many are not known for a low figure to be good news: no rank, no band
--   not_known_first_england, not_known_first_region, not_known_first_neighbours   whether to report those not known
--               before the figure itself
--   neighbours_close   whether neighbours are used for comparison (rules/1_macros.sql)
--   england, region_value, neighbours_mean   for this row's period;  neighbours_count  how many the mean is based on
--   england_total   for a total (rules/1_macros.sql): England's, of which this is part; the previous three are then NULL
--   verdict_england, verdict_region, verdict_neighbours;  too_few_england, too_few_region, too_few_neighbours   whether that
--               verdict is `similar` because the group is small (rules/1_macros.sql)
--   earlier     list of values in earlier releases where they differ, and in a later publication without counts, which
--               ranks lower: {release, value, numerator, denominator, status, source}, oldest first. NULL where there are
--               none, and where the figure has since been hidden.
--   changed_on, change_note   for a predecessor or successor: day and description of the split or merger
--   source, release
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH wanted AS (
    SELECT 'authority' AS series, 1 AS place, $authority AS area_code, NULL::DATE AS changed_on, NULL AS change_note
    UNION ALL
    SELECT 'predecessor', 1, old_code, date, note FROM authority_changes WHERE kind <> 'recoded' AND new_code = $authority
    UNION ALL
    SELECT 'successor', 1, new_code, date, note FROM authority_changes WHERE kind <> 'recoded' AND old_code = $authority
    UNION ALL
    SELECT 'chosen', generate_subscripts(string_split($others, ','), 1), unnest(string_split($others, ',')), NULL, NULL
    UNION ALL
    SELECT 'region', 1, region_code, NULL, NULL FROM authorities WHERE authority_code = $authority
    UNION ALL
    SELECT 'england', 1, region_code, NULL, NULL FROM regions WHERE level = 'england'
),
measured AS MATERIALIZED (
    SELECT * FROM figures WHERE indicator = $indicator AND age_group = $age_group
),
-- An area that qualifies twice is drawn once, under the first role that fits: 'authority' and the like before 'chosen'.
shown AS (
    SELECT w.*, a.area_name, a.opened, a.closed FROM wanted w JOIN areas a USING (area_code)
    QUALIFY row_number() OVER (PARTITION BY w.area_code ORDER BY series = 'chosen', changed_on, place) = 1
),
unknown AS (
    SELECT area_code, period_end, frequency, layer, status FROM figures_of((SELECT list(not_known) FROM indicators WHERE id = $indicator))
    WHERE age_group = $age_group AND layer = 'published'
),
ends AS (
    SELECT period_end, frequency, basis, layer FROM measured
    WHERE level = 'england' AND layer = 'published'
),
local AS (
    SELECT * FROM measured WHERE area_code = $authority AND layer <> 'published'
    QUALIFY dense_rank() OVER (ORDER BY CASE basis WHEN 'rolling_12m' THEN 1 WHEN 'quarter' THEN 2
                                                   WHEN 'year_to_date' THEN 3 WHEN 'snapshot' THEN 4 ELSE 5 END) = 1
),
grid AS (
    SELECT s.series, s.area_code, e.period_end, e.frequency, e.basis, e.layer
    FROM shown s
    JOIN ends e ON (s.opened IS NULL OR e.period_end >= s.opened) AND (s.closed IS NULL OR e.period_end <= s.closed)
    UNION ALL
    SELECT 'authority', area_code, period_end, frequency, basis, layer FROM local
)
SELECT s.series, s.place, s.area_code, s.area_name, g.period_end, g.frequency, g.basis, g.layer,
       f.numerator, f.denominator, f.value, f.published_value, coalesce(f.status, 'missing') AS status,
       f.lower, f.upper, coalesce(f.small_cohort, false) AS small_cohort, coalesce(f.joint, false) AS joint,
       coalesce(f.restated, false) AS restated, f.rounded,
       f.change, coalesce(f.change_verdict, '') AS change_verdict, coalesce(f.trend, '') AS trend,
       f.change_2, coalesce(f.change_2_verdict, '') AS change_2_verdict,
       f.change_5, coalesce(f.change_5_verdict, '') AS change_5_verdict,
       f.not_known_share, f.not_known_count, u.status AS not_known_status, f.not_known_change, f.not_known_change_2, f.not_known_change_5, coalesce(f.not_known_trend, '') AS not_known_trend,
       coalesce(f.base_hidden, false) AS base_hidden, coalesce(f.low_is_no_merit, false) AS low_is_no_merit,
       coalesce(f.not_known_first_england, false) AS not_known_first_england,
       coalesce(f.not_known_first_region, false) AS not_known_first_region,
       coalesce(f.not_known_first_neighbours, false) AS not_known_first_neighbours,
       coalesce(f.neighbours_close, true) AS neighbours_close,
       f.england, f.england_total, f.region_value, f.neighbours_mean, coalesce(f.neighbours_count, 0) AS neighbours_count,
       coalesce(f.verdict_england, '') AS verdict_england, coalesce(f.verdict_region, '') AS verdict_region,
       coalesce(f.verdict_neighbours, '') AS verdict_neighbours,
       too_few(f.verdict_england, f.small_cohort) AS too_few_england, too_few(f.verdict_region, f.small_cohort) AS too_few_region,
       too_few(f.verdict_neighbours, f.small_cohort) AS too_few_neighbours,
       CASE WHEN f.value IS NOT NULL THEN b.said END AS earlier, s.changed_on, s.change_note, f.source, f.release
FROM grid g
JOIN shown s USING (series, area_code)
LEFT JOIN measured f ON (f.area_code, f.period_end, f.frequency, f.layer)
                      = (g.area_code, g.period_end, g.frequency, g.layer)
                    AND (g.layer = 'published' OR f.basis = g.basis)
LEFT JOIN unknown u ON (u.area_code, u.period_end, u.frequency, u.layer)
                     = (g.area_code, g.period_end, g.frequency, g.layer)
LEFT JOIN earlier b ON (b.indicator, b.age_group, b.area_code, b.period_end, b.layer)
                     = ($indicator, $age_group, g.area_code, g.period_end, g.layer)
ORDER BY CASE s.series WHEN 'authority' THEN 1 WHEN 'predecessor' THEN 2 WHEN 'successor' THEN 3 WHEN 'chosen' THEN 4
                       WHEN 'region' THEN 5 ELSE 6 END,
         s.place, s.area_name, g.layer DESC, g.period_end
