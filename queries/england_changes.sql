-- Which authorities changed on a measure since the year before, and where is the change more than chance?
-- Parameters
--   indicator, age_group
-- Columns: one row per authority with a figure in the newest year and the year before, the largest change first; a joint
-- return once
--   authority_code, authority_name   for a joint return: the code of its first authority, and the names of all
--   unit, decimals, polarity, period_end, basis, layer, source, release
--   value, change, change_verdict
--   not_known_share, not_known_change   those whose answer is not known, and how that share moved where it may be why
-- Changes are codes: rules/1_macros.sql lists them all.
WITH newest AS (
    SELECT max(period_end) AS period_end FROM whole_periods
    WHERE indicator = $indicator AND age_group = $age_group AND layer = 'published'
)
SELECT min(f.area_code) AS authority_code, string_agg(f.area_name, ' and ' ORDER BY f.area_name) AS authority_name,
       i.unit, i.decimals, i.polarity, f.period_end, f.basis, f.layer, f.source, f.release,
       f.value, f.change, f.change_verdict, f.not_known_share, f.not_known_change
FROM figures f
JOIN newest n USING (period_end)
JOIN indicators i ON i.id = f.indicator
LEFT JOIN joint_returns j ON f.joint AND j.authority_code = f.area_code
WHERE f.indicator = $indicator AND f.age_group = $age_group AND f.layer = 'published' AND f.level = 'authority'
  AND f.change_verdict <> ''
GROUP BY coalesce(j.joint_code, f.area_code), i.unit, i.decimals, i.polarity, f.period_end, f.basis, f.layer, f.source,
         f.release, f.value, f.change, f.change_verdict, f.not_known_share, f.not_known_change
ORDER BY abs(f.change) DESC, authority_name
