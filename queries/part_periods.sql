-- For which periods does an authority have figures when hardly any other does?
-- Parameters
--   indicator, age_group, authority (code)
-- Columns: one row per period, newest first: period_end, layer
SELECT DISTINCT f.period_end, f.layer
FROM figures f
ANTI JOIN (SELECT * FROM whole_periods WHERE indicator = $indicator) USING (indicator, age_group, layer, period_end)
WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.area_code = $authority AND f.layer = 'published'
  AND f.status NOT IN ('z', 'missing')
ORDER BY f.period_end DESC
