-- How do authorities differ within and between regions, or groups with the same Ofsted judgement?
-- Parameters
--   indicator, age_group, period (date)
--   authority   code of the chosen authority, or '' for none
--   by          'region', or the judgement 'overall' or 'care_leavers' from the latest full inspection begun by the end of
--               the period
-- Columns: one row per authority that existed then (members of a joint return share one where they share a group), by
-- group (regions by median, best first, or highest first where neither is better; judgements best first), then by value
--   group_name, group_of (how many have a value and a base), group_hidden (how many lack either)
--   group_minimum, group_q25, group_median, group_q75, group_maximum   of the values; NULL where none has one
--   group_named   whether there are enough of them to name the median in a sentence
--   group_value   the region's own published figure; NULL for judgements
--   authority_code, authority_name (both of a joint return), value (NULL, and status 'c', where its base is hidden), numerator,
--   denominator, status,
--   base_hidden, not_known_share, not_known_first (compared with England), joint
--   england   NULL for totals (rules/1_macros.sql)
--   inspection_date   of the inspection used; NULL for regions and where there is none
--   as_at         up to when inspections are held
--   is_chosen, is_neighbour, period_end, basis, layer, source, release
WITH placed AS (
    SELECT f.*, coalesce(j.joint_code, f.area_code) AS return_code, j.joint_name,
           CASE $by WHEN 'region' THEN f.region
                    WHEN 'overall' THEN judgement_held(i.overall_effectiveness, 'overall', i.inspection_date)
                    ELSE judgement_held(i.care_leavers, 'care_leavers', i.inspection_date) END AS group_name,
           CASE WHEN $by <> 'region' THEN i.inspection_date END AS inspection_date, r.as_at,
           f.area_code = $authority AS is_chosen, n.neighbour_code IS NOT NULL AS is_neighbour
    FROM figures f
    CROSS JOIN inspection_release r
    LEFT JOIN joint_returns j ON f.joint AND j.authority_code = f.area_code
    LEFT JOIN judged_by(least($period::DATE, (SELECT as_at FROM inspection_release))) i ON i.authority_code = f.area_code
    LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = f.area_code
    WHERE f.level = 'authority' AND f.indicator = $indicator AND f.age_group = $age_group
      AND f.period_end = $period::DATE AND f.layer = 'published'
),
dots AS (
    SELECT *, CASE WHEN NOT base_hidden THEN value END AS compared, count(*) OVER same > 1 AS merged, bool_or(is_neighbour) OVER same AS any_neighbour
    FROM placed
    WINDOW same AS (PARTITION BY group_name, return_code)
    QUALIFY row_number() OVER (PARTITION BY group_name, return_code ORDER BY is_chosen DESC, area_code) = 1
),
groups AS (
    SELECT group_name, count(compared) AS group_of, count(*) - count(compared) AS group_hidden,
           min(compared) AS group_minimum, quantile_cont(compared, 0.25) AS group_q25, median(compared) AS group_median,
           quantile_cont(compared, 0.75) AS group_q75, max(compared) AS group_maximum,
           group_of >= fewest_averaged() AS group_named,
           CASE WHEN $by = 'region' THEN any_value(coalesce(region_value, region_total)) END AS group_value
    FROM dots GROUP BY group_name
)
SELECT g.*, d.area_code AS authority_code,
       CASE WHEN d.merged THEN d.joint_name ELSE d.area_name END AS authority_name,
       d.compared AS value, CASE WHEN NOT d.base_hidden THEN d.numerator END AS numerator, d.denominator,
       CASE WHEN d.base_hidden THEN 'c' ELSE d.status END AS status, d.base_hidden,
       d.not_known_share, d.not_known_first_england AS not_known_first, d.joint, d.inspection_date, d.as_at,
       d.is_chosen, d.any_neighbour AS is_neighbour, d.england, d.period_end, d.basis, d.layer, d.source, d.release
FROM dots d
JOIN groups g USING (group_name)
LEFT JOIN judgement_scale s ON s.judgement = g.group_name
ORDER BY s.place, CASE d.polarity WHEN 'low' THEN g.group_median ELSE -g.group_median END NULLS LAST, g.group_name,
         d.value DESC NULLS LAST, d.area_name
