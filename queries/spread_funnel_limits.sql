-- Where do the funnel limits run, from the smallest base to the largest?
-- Parameters
--   indicator, age_group, period (date)
-- Columns: 81 rows by base; none where there is no funnel
--   base   number of young people (or what the base counts)
--   lower_998, lower_95, upper_95, upper_998   the limits there, in the unit of the indicator
WITH bases AS (
    SELECT min(denominator) AS low, max(denominator) * 1.02 AS high
    FROM figures
    WHERE indicator = $indicator AND age_group = $age_group AND period_end = $period::DATE AND layer = 'published'
      AND level = 'authority' AND value IS NOT NULL AND numerator IS NOT NULL AND denominator > 0
),
-- The points lie closer together where the base is small and the limits bend.
grid AS (
    SELECT low * power(high / low, step / 80) AS base FROM bases, range(81) AS steps(step) WHERE low IS NOT NULL
)
SELECT base,
       funnel_limit(centre, base, -funnel_998(), widening, factor) AS lower_998,
       funnel_limit(centre, base, -funnel_95(), widening, factor) AS lower_95,
       funnel_limit(centre, base, funnel_95(), widening, factor) AS upper_95,
       funnel_limit(centre, base, funnel_998(), widening, factor) AS upper_998
FROM grid
JOIN funnels ON indicator = $indicator AND age_group = $age_group AND period_end = $period::DATE
            AND layer = 'published'
ORDER BY base
