-- How many care leavers does an authority have, and what did Ofsted last judge their experiences to be?
-- Parameters
--   authority   authority code
-- Columns: one row per age group, the older first
--   age_group
--   period_end, basis, value, status ('missing' without a row), source, release   how many care leavers of these ages, in the newest period
--   judgement   on care leavers, from the latest full inspection, or why there is none (rules/5_inspections.sql)
--   inspection_date, end_date, day   NULL without one; day is the date it is known by
--   judged_source, judged_release   where the judgement comes from
WITH counted AS (
    SELECT unnest(string_split(age_groups, ';')) AS age_group FROM indicators WHERE id = 'care_leavers'
),
held AS (
    SELECT f.age_group, f.period_end, f.basis, f.value, f.status, f.source, f.release
    FROM figures f
    SEMI JOIN (SELECT * FROM whole_periods WHERE indicator = 'care_leavers') USING (indicator, age_group, layer, period_end)
    WHERE f.indicator = 'care_leavers' AND f.area_code = $authority AND f.layer = 'published'
    QUALIFY row_number() OVER (PARTITION BY f.age_group ORDER BY f.period_end DESC) = 1
)
SELECT c.age_group, f.period_end, f.basis, f.value, coalesce(f.status, 'missing') AS status, f.source, f.release,
       judgement_held(j.care_leavers, 'care_leavers', j.inspection_date) AS judgement, j.inspection_date, j.end_date,
       j.inspection_date AS day,
       coalesce(j.source, '') AS judged_source,
       CASE j.source WHEN 'ofsted' THEN r.release WHEN 'ofsted_reports' THEN r.compiled_release ELSE '' END AS judged_release
FROM counted c
CROSS JOIN inspection_release r
LEFT JOIN held f USING (age_group)
LEFT JOIN judged_by((SELECT covered FROM inspection_release)) j ON j.authority_code = $authority
ORDER BY c.age_group DESC
