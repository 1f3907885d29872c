-- Which figures already held would get another value?
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, frequency, basis, period_end, unit, decimals
--   old_numerator, old_denominator, old_value, old_status   as held
--   numerator, denominator, value, status                   as in the file
--   held_by   'upload 12' or 'release 2025'
SELECT e.row, s.indicator, s.age_group, s.frequency, s.basis, e.period_end, m.unit, m.decimals,
       e.old_numerator, e.old_denominator, e.old_value, e.old_status,
       e.numerator, e.denominator, e.value, e.status, e.held_by
FROM effects e
JOIN series s ON s.series = e.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group)
WHERE e.effect = 'restated'
ORDER BY e.row, s.indicator, s.age_group
