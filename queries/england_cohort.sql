-- How many care leavers aged 17 to 21 are there in England, and in how many authorities?
-- Parameters: none
-- Columns: one row for the newest year that has England's figure for both age groups; none without one
--   care_leavers   both age groups together
--   authorities    that existed then, whether or not their own figure is published
--   period_end, basis, layer, source, release
SELECT sum(f.value)::BIGINT AS care_leavers,
       (SELECT count(*) FROM authorities a
        WHERE a.opened <= f.period_end AND coalesce(a.closed >= f.period_end, true)) AS authorities,
       f.period_end, any_value(f.basis) AS basis, f.layer, any_value(f.source) AS source, max(f.release) AS release
FROM figures f
SEMI JOIN (SELECT * FROM whole_periods WHERE indicator = 'care_leavers') USING (indicator, age_group, layer, period_end)
WHERE f.indicator = 'care_leavers' AND f.age_group IN ('17-18', '19-21') AND f.level = 'england' AND f.layer = 'published'
GROUP BY f.period_end, f.layer
HAVING count(f.value) = 2
ORDER BY f.period_end DESC
LIMIT 1
