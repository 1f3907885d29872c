-- What has the department ever published for one measure and authority, and which values has it replaced?
-- Parameters
--   indicator, age_group, authority
-- Columns: one row per value, newest period first, the newest release of each period first
--   period_end, source, release, title (of the publication), state ('in force' or 'replaced')
--   numerator, denominator, value, status, unit, decimals
WITH said AS (
    SELECT f.period_end, f.source, f.release, 'in force' AS state, f.numerator, f.denominator, f.value, f.status
    FROM figures f
    WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.area_code = $authority AND f.layer = 'published'
    UNION ALL
    SELECT f.period_end, f.source, e.one.release, 'replaced', e.one.numerator, e.one.denominator, e.one.value, e.one.status
    FROM (SELECT * EXCLUDE (said), unnest(said) AS one FROM earlier) e
    JOIN figures f USING (indicator, age_group, area_code, period_end, layer)
    WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.area_code = $authority AND f.layer = 'published'
)
SELECT d.period_end, d.source, d.release, s.title, d.state, d.numerator, d.denominator, d.value, d.status, i.unit, i.decimals
FROM said d
JOIN indicators i ON i.id = $indicator
LEFT JOIN sources s ON s.source = d.source AND s.release = d.release
ORDER BY d.period_end DESC, d.state, d.release DESC
