-- Which shares are exactly 0% or 100% where that is unusual?
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, denominator
--   least   the smallest denominator for which it is unusual
SELECT f.row, s.indicator, s.age_group, f.denominator, certain_base() AS least
FROM file f
JOIN series s ON s.series = f.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group) AND m.unit = 'percent'
WHERE f.denominator >= certain_base() AND f.numerator IN (0, f.denominator)
ORDER BY f.row, s.indicator, s.age_group
