-- Which figures are in the file more than once?
-- Parameters: none
-- Columns: one row per figure that repeats an earlier one, in the order of the file
--   row, indicator, age_group
--   first_row   the row of the first one
--   alike       whether both have the same value
--   numerator, denominator, value, status, unit, decimals   of the first
SELECT f.row, s.indicator, s.age_group, p.row AS first_row,
       alike(f.numerator, p.numerator) AND alike(f.denominator, p.denominator) AND alike(f.value, p.value)
       AND f.status IS NOT DISTINCT FROM p.status AS alike,
       p.numerator, p.denominator, p.value, p.status, m.unit, m.decimals
FROM doubled d
JOIN file f ON f.rowid = d.place
JOIN file p ON p.rowid = d.first
JOIN series s ON s.series = f.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group)
ORDER BY f.row, d.place
