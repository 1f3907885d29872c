-- Which provisional figures come after a final one?
-- Parameters: none
-- Columns: one row per figure, in the order of the file; none unless the upload is provisional
--   row, indicator, age_group, unit, decimals
--   numerator, denominator, value, status   the final figure
--   held_by   'upload 12'
SELECT f.row, s.indicator, s.age_group, m.unit, m.decimals, h.numerator, h.denominator, h.value, h.status, h.held_by
FROM file f
JOIN held h ON h.series = f.series AND h.period_end = f.period_end AND h.layer = 'final'
JOIN series s ON s.series = f.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group)
WHERE (SELECT layer FROM asked) = 'provisional'
ORDER BY f.row, s.indicator, s.age_group
