-- What are authorities' figures, grouped by the judgement they held when the period ended?
-- Parameters
--   indicator, age_group, period (date)
--   aspect      'care_leavers' or 'overall': which judgement
--   authority   code of the chosen authority, or '' for none
-- Columns: one row per authority that existed then, by judgement, those with a value first, highest first
--   authority_code, authority_name, region, period_end, basis, layer, source, release
--   numerator, denominator, value (no numerator and value, and status 'c', where its base is hidden), status, small_cohort, joint, england
--   not_known_share, not_known_first   as in queries/compare.sql, compared with England
--   judgement   from the latest full inspection begun by as_at, or why there is none;  place  its order
--   inspection_date
--   judged_from   source of that judgement: 'ofsted', 'ofsted_reports' or ''
--   as_at       the end of the period, or the last day that the sources of judgements cover if that is earlier
--   is_chosen, is_neighbour   whether it is the chosen authority, or a neighbour of it
--   group_of    authorities in the group;  group_n  how many of them have a value
--   group_low, group_q25, group_median, group_q75, group_high   of the group; the middle three only where five or more have one
--   halves_meet   whether the middle halves (q25 to q75) of all groups that have one overlap; NULL for fewer than two
--   judged_n      groups that are a judgement and have a median
WITH day AS (
    SELECT least($period::DATE, covered) AS as_at FROM inspection_release
),
placed AS (
    SELECT f.area_code AS authority_code, f.area_name AS authority_name, f.region, f.period_end, f.basis, f.layer,
           f.source, f.release, CASE WHEN NOT f.base_hidden THEN f.numerator END AS numerator, f.denominator,
           CASE WHEN NOT f.base_hidden THEN f.value END AS value,
           CASE WHEN f.base_hidden THEN 'c' ELSE f.status END AS status, f.not_known_share, f.not_known_first_england AS not_known_first,
           f.small_cohort, f.joint, f.england,
           CASE $aspect WHEN 'overall' THEN judgement_held(j.overall_effectiveness, 'overall', j.inspection_date)
                        ELSE judgement_held(j.care_leavers, 'care_leavers', j.inspection_date) END AS judgement,
           j.inspection_date, coalesce(j.source, '') AS judged_from, day.as_at
    FROM figures f
    JOIN authorities a ON a.authority_code = f.area_code
    CROSS JOIN day
    LEFT JOIN judged_by((SELECT as_at FROM day)) j ON j.authority_code = f.area_code
    WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.period_end = $period::DATE
      AND f.layer = 'published' AND a.opened <= f.period_end AND coalesce(a.closed >= f.period_end, true)
),
grouped AS (
    SELECT judgement, count(*) AS group_of, count(value) AS group_n, min(value) AS group_low, max(value) AS group_high,
           CASE WHEN count(value) >= fewest_averaged() THEN quantile_cont(value, 0.25) END AS group_q25,
           CASE WHEN count(value) >= fewest_averaged() THEN quantile_cont(value, 0.5) END AS group_median,
           CASE WHEN count(value) >= fewest_averaged() THEN quantile_cont(value, 0.75) END AS group_q75
    FROM placed GROUP BY judgement
),
meeting AS (
    SELECT CASE WHEN count(group_median) > 1 THEN max(group_q25) <= min(group_q75) END AS halves_meet,
           count(group_median) AS judged_n
    FROM grouped JOIN judgement_scale s USING (judgement) WHERE s.place <= 4
)
SELECT p.* EXCLUDE (as_at), p.as_at, s.place, p.authority_code = $authority AS is_chosen, n.neighbour_code IS NOT NULL AS is_neighbour,
       g.* EXCLUDE (judgement), m.halves_meet, m.judged_n
FROM placed p
JOIN judgement_scale s USING (judgement)
JOIN grouped g USING (judgement)
LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = p.authority_code
CROSS JOIN meeting m
ORDER BY s.place, p.value IS NULL, p.value DESC, p.authority_name
