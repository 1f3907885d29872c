-- How does every current authority do on one indicator in one period, and where does it stand on the map?
-- Parameters
--   indicator, age_group, period (date)
--   authority   code of the chosen authority, or '' for none
--   against     'neighbours', 'region' or 'england': what `verdict` compares with
-- Columns: one row per authority that exists today or existed then; by region, then best first (highest first where
-- neither is better), then those without a figure by name
--   authority_code, authority_name, region, tile_column, tile_row (NULL once abolished; column from the west, row
--   from the north)
--   existed   whether it existed in the period;  became, was   names: what an abolished authority became, what a newer
--             one was before; '' for others
--   period_end, numerator, denominator, value, published_value, status ('missing' without a row)
--   rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint, england, region_value
--   neighbours_mean, neighbours_count
--   england_total, region_total   for a total (rules/1_macros.sql): England's and the region's, of which this is part;
--             england, region_value, the neighbours' figure and the comparator are then NULL
--   compared_with   $against, or 'england' where an authority's neighbours are not close (rules/1_macros.sql)
--   comparator   its value;  verdict  against it
--   too_few      whether that verdict is `similar` because the group is small (rules/1_macros.sql)
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_count   share and number of the same young people whose answer is not known
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how that share moved, where that may
--                explain the figure's change
--   base_hidden  the figure's base is hidden, so it is compared with nothing
--   low_is_no_merit        too many are not known for a low figure to be good news: no rank, no band
--   not_known_first   whether to report those not known before the figure itself
--   basis, layer, source, release
--   is_chosen, is_neighbour   whether it is the chosen authority, or a neighbour of it
--   region_of, region_best, region_lowest, region_better, region_worse   in its region: how many have a figure, are in
--             band A, in band D, better (or higher) and worse (or lower) than the comparator; joint returns count once
--   region_minimum, region_median, region_maximum   of its region's figures
--   q25, median, q75, banded   quartile cuts over all authorities, and whether bands are given
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH links AS (
    SELECT o.authority_code AS old_code, o.authority_name AS old_name,
           n.authority_code AS new_code, n.authority_name AS new_name
    FROM authority_changes c
    JOIN authorities o ON o.authority_code = c.old_code
    JOIN authorities n ON n.authority_code = c.new_code
    WHERE c.kind <> 'recoded'
),
after AS (SELECT old_code AS authority_code, string_agg(new_name, ' and ' ORDER BY new_name) AS became FROM links GROUP BY ALL),
before AS (SELECT new_code AS authority_code, string_agg(old_name, ' and ' ORDER BY old_name) AS was FROM links GROUP BY ALL),
held AS (
    SELECT * FROM figures
    WHERE indicator = $indicator AND age_group = $age_group AND period_end = $period::DATE AND layer = 'published'
      AND level = 'authority'
),
-- Values that are the same for the whole country, for rows that have no figure.
common AS (
    SELECT period_end, basis, layer, source, release, england, england_total FROM figures
    WHERE indicator = $indicator AND age_group = $age_group AND period_end = $period::DATE AND layer = 'published'
      AND level = 'england'
),
everyone AS (
    SELECT a.authority_code, a.authority_name, a.region, a.tile_column, a.tile_row,
           a.opened <= $period::DATE AND coalesce(a.closed >= $period::DATE, true) AS existed,
           coalesce(after.became, '') AS became, coalesce(before.was, '') AS was,
           c.period_end, f.numerator, f.denominator, f.value, f.published_value,
           coalesce(f.status, 'missing') AS status, f.rank, f.rank_tied, f.of, f.position, coalesce(f.band, '') AS band,
           f.lower, f.upper, coalesce(f.small_cohort, false) AS small_cohort,
           coalesce(f.restated, false) AS restated, coalesce(f.joint, false) AS joint,
           coalesce(j.joint_code, a.authority_code) AS return_code,
           c.england, f.region_value, c.england_total, f.region_total, f.neighbours_mean, coalesce(f.neighbours_count, 0) AS neighbours_count,
           compared_with($against, coalesce(f.neighbours_close, true)) AS compared_with,
           one_of(compared_with, c.england, f.region_value, f.neighbours_mean) AS comparator,
           coalesce(one_of(compared_with, f.verdict_england, f.verdict_region, f.verdict_neighbours), '') AS verdict,
           too_few(verdict, f.small_cohort) AS too_few,
           coalesce(one_of(compared_with, f.not_known_first_england, f.not_known_first_region,
                           f.not_known_first_neighbours), false) AS not_known_first,
           f.change, coalesce(f.change_verdict, '') AS change_verdict, coalesce(f.trend, '') AS trend,
           f.change_2, coalesce(f.change_2_verdict, '') AS change_2_verdict,
           f.change_5, coalesce(f.change_5_verdict, '') AS change_5_verdict,
           f.not_known_share, f.not_known_count, f.not_known_change, f.not_known_change_2, f.not_known_change_5, coalesce(f.not_known_trend, '') AS not_known_trend,
           coalesce(f.base_hidden, false) AS base_hidden, coalesce(f.low_is_no_merit, false) AS low_is_no_merit,
           coalesce(f.basis, c.basis) AS basis, coalesce(f.layer, c.layer) AS layer,
           coalesce(f.source, c.source) AS source, coalesce(f.release, c.release) AS release,
           a.authority_code = $authority AS is_chosen, n.neighbour_code IS NOT NULL AS is_neighbour
    FROM authorities a
    CROSS JOIN common c
    LEFT JOIN held f ON f.area_code = a.authority_code
    LEFT JOIN joint_returns j ON f.joint AND j.authority_code = a.authority_code
    LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = a.authority_code
    LEFT JOIN after ON after.authority_code = a.authority_code
    LEFT JOIN before ON before.authority_code = a.authority_code
    WHERE a.closed IS NULL OR f.area_code IS NOT NULL
),
regional AS (
    SELECT region, count(value) AS region_of,
           count(*) FILTER (band = 'A') AS region_best, count(*) FILTER (band = 'D') AS region_lowest,
           count(*) FILTER (verdict IN ('better', 'higher')) AS region_better,
           count(*) FILTER (verdict IN ('worse', 'lower')) AS region_worse,
           min(value) FILTER (NOT base_hidden) AS region_minimum, median(value) FILTER (NOT base_hidden) AS region_median,
           max(value) FILTER (NOT base_hidden) AS region_maximum
    FROM (SELECT DISTINCT ON (return_code) * FROM everyone ORDER BY return_code, authority_code)
    GROUP BY region
)
SELECT e.* EXCLUDE (return_code, position), g.* EXCLUDE (region),
       s.q25, s.median, s.q75, coalesce(s.banded, false) AS banded
FROM everyone e
JOIN regional g USING (region)
LEFT JOIN spread s ON (s.indicator, s.age_group, s.period_end, s.layer)
                    = ($indicator, $age_group, e.period_end, 'published') AND s.indicator = $indicator
ORDER BY e.region, e.value IS NULL, e.position, e.authority_name
