-- Which shares moved further since the last quarter than counts of that size usually do?
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, unit, decimals
--   before_period, before   the quarter before and its value;  now  this value;  points  how far apart
--   threshold, least        the points allowed, and the smallest denominator to which the check applies
SELECT f.row, s.indicator, s.age_group, m.unit, m.decimals, p.period_end AS before_period, p.value AS before,
       f.value AS now, abs(f.value - p.value) AS points, jump_points() AS threshold, jump_base() AS least
FROM file f
JOIN series s ON s.series = f.series AND s.frequency = 'quarter'
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group) AND m.unit = 'percent'
JOIN series_periods p ON p.series = f.series AND p.period_end = previous_quarter(f.period_end)
WHERE f.denominator >= jump_base() AND p.denominator >= jump_base()
  -- The tolerance is for floating point, in which 60 less 45 can come out a hair over 15.
  AND abs(f.value - p.value) > jump_points() + 1e-9
  AND f.value IS NOT NULL AND p.value IS NOT NULL
ORDER BY f.row, s.indicator, s.age_group
