-- Every authority's figure of one indicator, age group and period, for analysts: published ones, and councils' own as
-- viewers may see them.
-- Parameters
--   indicator, age_group, period (date)
--   authority   authority code, or '' for all
--   against     'neighbours', 'region', 'england' or '': what verdict_against compares with
-- Columns: one row per authority and layer (and basis of local figures), by code
--   authority_code, authority_name, region, period_end, numerator, denominator, value, published_value, status,
--   rank, rank_tied, of, band, lower, upper, england, neighbours_mean, neighbours_count, verdict_england, change,
--   change_verdict, trend, layer, basis, source, release
--   england_total   for a total (rules/1_macros.sql): England's; england and the neighbours' figure are then NULL
--   change_2, change_2_verdict, change_5, change_5_verdict   over two and five years
--   not_known_share   share of the same young people who are not known;  low_is_no_merit   too many are not known for a
--   low figure to be good news: no rank or band;  base_hidden   so compared with nothing;  rounded   the multiple that a
--   local figure's counts are rounded to
--   too_few_england   whether verdict_england is `similar` because the group is small (rules/1_macros.sql)
--   against, against_value, verdict_against, too_few_against   NULL when $against is ''; England where the neighbours are not
--   close
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
SELECT f.area_code AS authority_code, f.area_name AS authority_name, f.region, f.period_end,
       f.numerator, f.denominator, f.value, f.published_value, f.status,
       f.rank, f.rank_tied, f.of, f.band, f.lower, f.upper, f.england, f.neighbours_mean, f.neighbours_count,
       f.verdict_england, f.change, f.change_verdict, f.trend, f.layer, f.basis, f.source, f.release,
       f.change_2, f.change_2_verdict, f.change_5, f.change_5_verdict, f.not_known_share, f.low_is_no_merit, f.base_hidden, f.rounded, f.england_total,
       too_few(f.verdict_england, f.small_cohort) AS too_few_england,
       nullif(compared_with($against, f.neighbours_close), '') AS against,
       one_of(against, f.england, f.region_value, f.neighbours_mean) AS against_value,
       one_of(against, f.verdict_england, f.verdict_region, f.verdict_neighbours) AS verdict_against,
       CASE WHEN against IS NOT NULL THEN too_few(verdict_against, f.small_cohort) END AS too_few_against
FROM figures f
WHERE f.level = 'authority' AND f.indicator = $indicator AND f.age_group = $age_group
  AND f.period_end = $period::DATE
  AND ($authority = '' OR f.area_code = $authority)
ORDER BY f.area_code, f.layer DESC, f.basis
