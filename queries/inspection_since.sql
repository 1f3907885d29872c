-- How long ago was each authority last inspected in full, as at the last day that the sources cover?
-- Parameters
--   authority   code of the chosen authority, or '' for none
-- Columns: one row per authority that exists, longest ago first; those without an inspection first of all
--   authority_code, authority_name, region
--   inspection_date, publication_date, inspection_type   of its latest full inspection; NULL when there is none
--   overall_effectiveness, care_leavers   judgements, or why there is none
--   source     'ofsted' (its release) or 'ofsted_reports' (compiled from its reports);  report_url  of a compiled one
--   months     whole months from then to covered;  years  the exact time in years
--   covered    the last day that the sources cover
--   as_at, release   the day that Ofsted's release describes;  compiled_release  of the compiled reports; NULL without any
--   is_chosen, is_neighbour
--   later      how many other authorities were inspected after it;  same_day  how many on the same day
--   of         how many authorities have a date
--   median_months   the median over those authorities, in whole months
WITH timed AS (
    SELECT a.authority_code, a.authority_name, a.region, j.inspection_date, j.publication_date, j.inspection_type,
           judgement_held(j.overall_effectiveness, 'overall', j.inspection_date) AS overall_effectiveness,
           judgement_held(j.care_leavers, 'care_leavers', j.inspection_date) AS care_leavers,
           coalesce(j.source, '') AS source, coalesce(j.report_url, '') AS report_url,
           datesub('month', j.inspection_date, r.covered) AS months,
           datediff('day', j.inspection_date, r.covered) / 365.25 AS years,
           r.covered, r.as_at, r.release, r.compiled_release
    FROM authorities a
    CROSS JOIN inspection_release r
    LEFT JOIN judged_by((SELECT covered FROM inspection_release)) j USING (authority_code)
    WHERE a.closed IS NULL
)
SELECT t.*,
       t.authority_code = $authority AS is_chosen,
       n.neighbour_code IS NOT NULL AS is_neighbour,
       CASE WHEN t.inspection_date IS NOT NULL
            THEN rank() OVER (ORDER BY t.inspection_date DESC NULLS LAST) - 1 END AS later,
       CASE WHEN t.inspection_date IS NOT NULL
            THEN count(*) OVER (PARTITION BY t.inspection_date) - 1 END AS same_day,
       count(t.inspection_date) OVER () AS of,
       floor(quantile_cont(t.months, 0.5) OVER ())::INTEGER AS median_months
FROM timed t
LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = t.authority_code
ORDER BY t.inspection_date NULLS FIRST, t.authority_name
