-- How does every authority do on one indicator in one period, best first?
-- Parameters
--   indicator, age_group, period (date)
--   authority   code of the chosen authority, or '' for none
--   scope       'all', 'region' (the authority's), or 'neighbours' (the authority and its neighbours)
--   against     'neighbours', 'region' or 'england': what `verdict` compares with
-- Columns: one row per authority that existed then; those with a value first, by rank (by value where polarity is
-- neutral, highest first), then the others by name
--   authority_code, authority_name, region, period_end, numerator, denominator, value, published_value, status
--   rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   england, region_value, neighbours_mean, neighbours_median, neighbours_pooled, neighbours_count
--   england_total   for a total (rules/1_macros.sql): England's, of which this is part; england, region_value, the
--               neighbours' figure and the comparator are then NULL
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
--   closeness    of that neighbour; '' for others
--   q25, median, q75, banded  quartile cuts over all authorities, and whether bands are given
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
SELECT f.area_code AS authority_code, f.area_name AS authority_name, f.region, f.period_end,
       f.numerator, f.denominator, f.value, f.published_value, f.status,
       f.rank, f.rank_tied, f.of, f.band, f.lower, f.upper, f.small_cohort, f.restated, f.joint,
       f.england, f.england_total, f.region_value, f.neighbours_mean, f.neighbours_median, f.neighbours_pooled, f.neighbours_count,
       compared_with($against, f.neighbours_close) AS compared_with,
       one_of(compared_with, f.england, f.region_value, f.neighbours_mean) AS comparator,
       one_of(compared_with, f.verdict_england, f.verdict_region, f.verdict_neighbours) AS verdict,
       too_few(verdict, f.small_cohort) AS too_few,
       one_of(compared_with, f.not_known_first_england, f.not_known_first_region,
              f.not_known_first_neighbours) AS not_known_first,
       f.not_known_share, f.not_known_count, f.not_known_change, f.not_known_change_2, f.not_known_change_5, f.not_known_trend,
       f.base_hidden, f.low_is_no_merit,
       f.change, f.change_verdict, f.change_2, f.change_2_verdict, f.change_5, f.change_5_verdict, f.trend, f.basis, f.layer, f.source, f.release,
       f.area_code = $authority AS is_chosen,
       n.neighbour_code IS NOT NULL AS is_neighbour,
       coalesce(n.closeness, '') AS closeness,
       s.q25, s.median, s.q75, coalesce(s.banded, false) AS banded
FROM figures f
LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = f.area_code
LEFT JOIN spread s ON (s.indicator, s.age_group, s.period_end, s.layer)
                    = (f.indicator, f.age_group, f.period_end, f.layer) AND s.indicator = $indicator
WHERE f.level = 'authority' AND f.indicator = $indicator AND f.age_group = $age_group AND f.period_end = $period::DATE
  AND f.layer = 'published'
  AND (CASE $scope
       WHEN 'region' THEN f.region_code = (SELECT region_code FROM authorities WHERE authority_code = $authority)
       WHEN 'neighbours' THEN n.neighbour_code IS NOT NULL
       ELSE true END OR f.area_code = $authority)
ORDER BY f.value IS NULL, f.position, f.area_name
