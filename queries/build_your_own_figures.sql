-- Published figures for any measures, areas and years, one row each, as published: nothing is added up or averaged.
-- Parameters
--   measures   list of 'indicator.age_group'
--   areas      list of area codes (authorities, regions, England)
--   years      list of the years in which a period ends; an empty list means the newest of each measure
--   authority  code of the chosen authority, or '' for none
-- Columns: one row per published measure, area and period, in the order of the parameters, oldest period first
--   measure, measure_place, indicator, title, short_title, phrase, unit, decimals, polarity, interval, caveats, age_group
--   area_code, area_name, level, area_place
--   period_end, year, basis, layer
--   numerator, denominator, value, published_value, status ('missing' when there is no row), lower, upper
--   is_total   whether the measure is a total (rules/1_macros.sql);  apart   it is one, and this area is wider than others
--              chosen, so the two are not compared
--   existed    whether the authority existed then
--   is_chosen, is_neighbour   whether it is the chosen authority, or a neighbour of it
--   rank, rank_tied, of, trend, small_cohort, joint, restated
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how the share not known moved, where that
--              may explain the figure's change
--   base_hidden, not_known_share, low_is_no_merit   as in queries/compare.sql;  not_known_first   compared with England
--   source, release, source_title, publisher, published
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH asked AS (
    SELECT m.measure, m.place AS measure_place, i.id AS indicator, i.title, i.short_title, i.phrase, i.unit, i.decimals,
           i.polarity, i.interval, i.caveats, is_total(i.unit, i.denominator_counts) AS is_total, split_part(m.measure, '.', 2) AS age_group
    FROM unnest($measures::VARCHAR[]) WITH ORDINALITY AS m(measure, place)
    JOIN indicators i ON i.id = split_part(m.measure, '.', 1)
),
periods AS (
    SELECT a.measure, s.period_end, max(s.period_end) OVER (PARTITION BY a.measure) AS newest
    FROM asked a JOIN spread s USING (indicator, age_group)
    WHERE s.layer = 'published' AND s.indicator IN (SELECT indicator FROM asked)
),
picked AS (
    SELECT measure, period_end FROM periods
    WHERE CASE WHEN len($years::INTEGER[]) = 0 THEN period_end = newest
               ELSE list_contains($years::INTEGER[], year(period_end)::INTEGER) END
),
places AS (
    SELECT p.area_code, p.place AS area_place, a.area_name, a.level, a.opened, a.closed,
           CASE a.level WHEN 'authority' THEN 1 WHEN 'england' THEN 3 ELSE 2 END AS width,
           width > min(width) OVER () AS wider
    FROM unnest($areas::VARCHAR[]) WITH ORDINALITY AS p(area_code, place)
    JOIN areas a USING (area_code)
),
found AS MATERIALIZED (
    SELECT indicator, age_group, period_end, area_code, level, basis, numerator, denominator, value, published_value,
           status, lower, upper, rank, rank_tied, of, trend, small_cohort, joint, restated, base_hidden, not_known_share,
           not_known_first_england, low_is_no_merit, source, release, change, change_verdict, change_2, change_2_verdict,
           change_5, change_5_verdict, not_known_change, not_known_change_2, not_known_change_5, not_known_trend
    FROM figures
    WHERE layer = 'published' AND (level = 'england' OR list_contains($areas::VARCHAR[], area_code))
      AND indicator IN (SELECT indicator FROM asked)
      -- Known before the figures are read, as the line before is not.
      AND list_contains(list_transform($measures::VARCHAR[], lambda m: split_part(m, '.', 1)), indicator)
)
SELECT a.measure, a.measure_place, a.indicator, a.title, a.short_title, a.phrase, a.unit, a.decimals, a.polarity,
       a.interval, coalesce(a.caveats, '') AS caveats, a.age_group,
       p.area_code, p.area_name, p.level, p.area_place,
       a.is_total, a.is_total AND p.wider AS apart,
       k.period_end, year(k.period_end)::INTEGER AS year, coalesce(f.basis, e.basis) AS basis, 'published' AS layer,
       f.numerator, f.denominator, f.value, f.published_value, coalesce(f.status, 'missing') AS status, f.lower, f.upper,
       coalesce(p.opened <= k.period_end, true) AND coalesce(p.closed >= k.period_end, true) AS existed,
       p.area_code = $authority AS is_chosen, p.area_code IN (SELECT neighbour_code FROM neighbours WHERE authority_code = $authority) AS is_neighbour,
       f.rank, f.rank_tied, f.of, coalesce(f.trend, '') AS trend, coalesce(f.small_cohort, false) AS small_cohort,
       coalesce(f.joint, false) AS joint, coalesce(f.restated, false) AS restated,
       f.change, coalesce(f.change_verdict, '') AS change_verdict, f.change_2, coalesce(f.change_2_verdict, '') AS change_2_verdict,
       f.change_5, coalesce(f.change_5_verdict, '') AS change_5_verdict,
       f.not_known_change, f.not_known_change_2, f.not_known_change_5, coalesce(f.not_known_trend, '') AS not_known_trend,
       coalesce(f.base_hidden, false) AS base_hidden, f.not_known_share,
       coalesce(f.not_known_first_england, false) AS not_known_first, coalesce(f.low_is_no_merit, false) AS low_is_no_merit,
       coalesce(f.source, e.source) AS source, coalesce(f.release, e.release) AS release,
       s.title AS source_title, s.publisher, s.published
FROM asked a
JOIN picked k USING (measure)
CROSS JOIN places p
LEFT JOIN found e ON e.level = 'england'
                 AND (e.indicator, e.age_group, e.period_end) = (a.indicator, a.age_group, k.period_end)
LEFT JOIN found f ON (f.indicator, f.age_group, f.period_end, f.area_code)
                   = (a.indicator, a.age_group, k.period_end, p.area_code)
LEFT JOIN sources s ON (s.source, s.release) = (coalesce(f.source, e.source), coalesce(f.release, e.release))
ORDER BY a.measure_place, p.area_place, k.period_end
