-- Which denominators have changed a lot? A year to date grows from quarter to quarter, and a whole year has no previous
-- quarter: both are compared with the year before.
-- Parameters: none
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, frequency, basis
--   before_period, before   the period before and its denominator;  now  this one
--   change      in per cent of the one before; NULL when that was 0
--   threshold   the percentage that is allowed
WITH asked AS (
    SELECT f.row, f.series, f.denominator, s.indicator, s.age_group, s.frequency, s.basis,
           CASE WHEN s.basis = 'year_to_date' OR s.frequency <> 'quarter'
                THEN year_before(f.period_end) ELSE previous_quarter(f.period_end) END AS against
    FROM file f JOIN series s ON s.series = f.series
)
SELECT f.row, f.indicator, f.age_group, f.frequency, f.basis, p.period_end AS before_period, p.denominator AS before,
       f.denominator AS now, 100 * (f.denominator - p.denominator) / nullif(p.denominator, 0) AS change,
       denominator_share() AS threshold
FROM asked f
JOIN series_periods p ON p.series = f.series AND p.period_end = f.against
WHERE abs(f.denominator - p.denominator) > denominator_share() * p.denominator / 100 + 1e-9
  AND greatest(f.denominator, p.denominator) >= small_base()
ORDER BY f.row, f.indicator, f.age_group
