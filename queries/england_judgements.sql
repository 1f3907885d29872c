-- How does Ofsted judge the experiences and progress of care leavers in England, by the latest full inspection of each authority?
-- Parameters: none
-- Columns: one row per judgement that any authority holds, best first, then one per reason for having none
--   judgement, place   as in rules/5_inspections.sql
--   authorities   that exist today and hold it
--   of            authorities that exist today
--   judged        how many of those have a judgement
--   covered       the last day that the sources cover
--   as_at, release   the day that Ofsted's release describes;  compiled_release  of the compiled reports; NULL without any
WITH held AS (
    SELECT judgement_held(j.care_leavers, 'care_leavers', j.inspection_date) AS judgement,
           r.covered, r.as_at, r.release, r.compiled_release
    FROM authorities a
    CROSS JOIN inspection_release r
    LEFT JOIN judged_by((SELECT covered FROM inspection_release)) j USING (authority_code)
    WHERE a.closed IS NULL
)
SELECT h.judgement, s.place, count(*) AS authorities, (sum(count(*)) OVER ())::BIGINT AS of,
       (sum(count(*) FILTER (s.place <= 4)) OVER ())::BIGINT AS judged,
       h.covered, h.as_at, h.release, h.compiled_release
FROM held h JOIN judgement_scale s USING (judgement)
GROUP BY ALL
ORDER BY s.place
