-- Which figures skip a quarter after the last one held?
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group
--   last            the quarter that is held
--   first_missing, last_missing   the first and last quarter in between; the same when there is only one
SELECT f.row, s.indicator, s.age_group, f.before AS last,
       last_day((f.before + INTERVAL 3 MONTH)::DATE) AS first_missing,
       previous_quarter(f.period_end) AS last_missing
FROM (SELECT *, lag(row) OVER w AS before_row, lag(period_end) OVER w AS before
      FROM series_periods WINDOW w AS (PARTITION BY series ORDER BY period_end)) f
JOIN series s ON s.series = f.series AND s.frequency = 'quarter'
-- Where the quarter before the gap is in the file too, the officer can see the gap there.
WHERE f.row IS NOT NULL AND f.before_row IS NULL AND f.before < previous_quarter(f.period_end)
ORDER BY f.row, s.indicator, s.age_group
