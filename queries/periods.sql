-- For which periods does an indicator and age group have figures for the country as a whole?
-- Parameters
--   indicator, age_group
-- Columns: one row per period, newest first
--   period_end, basis, layer, release, source, of (authorities with a value)
SELECT f.period_end, any_value(f.basis) AS basis, f.layer, max(f.release) AS release,
       any_value(f.source) AS source, any_value(f.of) AS of
FROM figures f
SEMI JOIN (SELECT * FROM whole_periods WHERE indicator = $indicator) USING (indicator, age_group, layer, period_end)
WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.level = 'england'
GROUP BY f.period_end, f.layer
ORDER BY f.period_end DESC
