-- How does every authority do on one indicator in one period, best first?
-- Parameters
--   indicator, age_group, period (date)
--   authority   authority code that is looked at, or '' for none
--   scope       'all', 'region' (the authority's), or 'neighbours' (the authority and its neighbours)
--   against     'neighbours', 'region' or 'england': what `verdict` compares with
-- Columns: one row an authority that existed then; those with a value first, by rank (by value where polarity is
-- neutral, highest first), then the others by name
--   authority_code, authority_name, region, period_end, numerator, denominator, value, published_value, status
--   rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   england, region_value, neighbours_mean, neighbours_median, neighbours_pooled, neighbours_count
--   comparator   the value of $against;  verdict  against it
--   change, change_verdict, trend, basis, layer, source, release
--   is_chosen, is_neighbour   of the authority looked at;  closeness  of that neighbour, '' otherwise
--   q25, median, q75, banded  quartile cuts over all authorities, and whether bands are given
SELECT f.area_code AS authority_code, f.area_name AS authority_name, f.region, f.period_end,
       f.numerator, f.denominator, f.value, f.published_value, f.status,
       f.rank, f.rank_tied, f.of, f.band, f.lower, f.upper, f.small_cohort, f.restated, f.joint,
       f.england, f.region_value, f.neighbours_mean, f.neighbours_median, f.neighbours_pooled, f.neighbours_count,
       CASE $against WHEN 'england' THEN f.england WHEN 'region' THEN f.region_value
                     ELSE f.neighbours_mean END AS comparator,
       CASE $against WHEN 'england' THEN f.verdict_england WHEN 'region' THEN f.verdict_region
                     ELSE f.verdict_neighbours END AS verdict,
       f.change, f.change_verdict, f.trend, f.basis, f.layer, f.source, f.release,
       f.area_code = $authority AS is_chosen,
       n.neighbour_code IS NOT NULL AS is_neighbour,
       coalesce(n.closeness, '') AS closeness,
       s.q25, s.median, s.q75, coalesce(s.banded, false) AS banded
FROM figures f
LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = f.area_code
LEFT JOIN spread s ON (s.indicator, s.age_group, s.period_end, s.layer)
                    = (f.indicator, f.age_group, f.period_end, f.layer)
WHERE f.level = 'authority' AND f.indicator = $indicator AND f.age_group = $age_group AND f.period_end = $period::DATE
  AND f.layer = 'published'
  AND (CASE $scope
       WHEN 'region' THEN f.region_code = (SELECT region_code FROM authorities WHERE authority_code = $authority)
       WHEN 'neighbours' THEN n.neighbour_code IS NOT NULL
       ELSE true END OR f.area_code = $authority)
ORDER BY f.value IS NULL, f.position, f.area_name
