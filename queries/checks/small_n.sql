-- Which shares rest on very few young people?
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, denominator
--   least   the smallest denominator that is not very few
SELECT f.row, s.indicator, s.age_group, f.denominator, small_base() AS least
FROM file f
JOIN series s ON s.series = f.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group) AND m.unit = 'percent'
WHERE f.denominator > 0 AND f.denominator < small_base()
ORDER BY f.row, s.indicator, s.age_group
