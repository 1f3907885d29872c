-- How is one authority doing on every headline indicator, worst and worsening first?
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what the verdict compares with
-- Columns: one row a headline indicator and age group: outcomes, then enablers, then context; in each the ones
-- that most ask for a question first
--   indicator, title, short_title, phrase, theme, unit, polarity, decimals, interval, age_group, numerator_counts,
--   denominator_counts
--   period_end   the newest period that is published (for an abolished authority: its own last)
--   previous_period   the period before it, NULL when there is none
--   numerator, denominator, value, published_value, status ('missing' when there is no row), basis, layer, source,
--   release, rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   england, region_value, neighbours_mean, neighbours_median, neighbours_pooled, neighbours_count
--   comparator   the value of $against;  verdict  against it
--   change, change_verdict, trend
--   concern      how much it asks for a question (rules/1_macros.sql); NULL for context and without a value
--   minimum, q25, median, q75, maximum   of all authorities
--   years, values   lists: every annual period published, and the authority's value in it (NULL where it has none)
WITH chosen AS (
    SELECT *,
           CASE $against WHEN 'england' THEN england WHEN 'region' THEN region_value
                         ELSE neighbours_mean END AS comparator,
           coalesce(CASE $against WHEN 'england' THEN verdict_england WHEN 'region' THEN verdict_region
                                  ELSE verdict_neighbours END, '') AS verdict
    FROM headlines
    WHERE area_code = $authority
)
SELECT * EXCLUDE (position, area_code, verdict_england, verdict_region, verdict_neighbours),
       CASE WHEN theme <> 'context' AND value IS NOT NULL
            THEN concern(verdict, change_verdict, trend, band, interval = 'wilson') END AS concern
FROM chosen
ORDER BY CASE theme WHEN 'outcome' THEN 1 WHEN 'enabler' THEN 2 ELSE 3 END,
         value IS NULL, concern DESC, rank / of DESC NULLS LAST, position, age_group
