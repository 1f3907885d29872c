-- Whether authorities differ by more than chance: funnel limits around England, and overdispersion.
-- Reads: returns (so a joint return counts once), indicators. Makes: funnels, one row per cell that has counts.
--
-- Limits are those of Spiegelhalter, "Funnel plots for comparing institutional performance" (2005, Statistics in
-- Medicine 24:1185-1202): England's share plus and minus z binomial standard errors at each base, where z is 1.96 for
-- 95% and 3.09 for 99.8%. Overdispersion is that of Spiegelhalter, "Handling over-dispersion of performance
-- indicators" (2005, Quality and Safety in Health Care 14:347-351), in its multiplicative form: the mean square of the
-- z-scores after the highest and the lowest tenth are drawn in to the 90th and the 10th percentile (winsorised), so
-- that a few unusual authorities do not widen the limits that are to find them.

CREATE MACRO funnel_95() AS 1.959963984540054;
CREATE MACRO funnel_998() AS 3.090232306167813;

-- How many binomial standard errors n of d lies from a share. NULL without counts, or for a share of 0 or 1.
CREATE MACRO funnel_z(n, d, share) AS CASE
    WHEN d > 0 AND n BETWEEN 0 AND d AND share > 0 AND share < 1
    THEN (n / d - share) / sqrt(share * (1 - share) / d) END;

-- The limit `z` widened standard errors from the share at base d, in the unit of the indicator, kept within 0 to 100%.
CREATE MACRO funnel_limit(share, d, z, widening, factor) AS CASE
    WHEN d > 0 AND share > 0 AND share < 1
    THEN factor * greatest(least(share + z * widening * sqrt(share * (1 - share) / d), 1), 0) END;

-- φ well over 1: more than two of its standard errors, √(2/I), over the 1 that chance alone would give.
CREATE MACRO funnel_widened(phi, returns) AS coalesce(phi > 1 + 2 * sqrt(2 / returns), false);

-- Where a z-score lies: beyond the 99.8% limits (above_998, below_998), between them and the 95% limits (above_95, below_95),
-- inside both, or '' without a z-score.
CREATE MACRO funnel_side(z, widening) AS CASE
    WHEN z IS NULL THEN ''
    WHEN z > widening * funnel_998() THEN 'above_998'
    WHEN z > widening * funnel_95() THEN 'above_95'
    WHEN z < -widening * funnel_998() THEN 'below_998'
    WHEN z < -widening * funnel_95() THEN 'below_95'
    ELSE 'inside' END;

CREATE TABLE funnels AS
WITH centres AS (
    -- England's counts are rounded to ten but its percentage to a whole number: the counts are more precise.
    SELECT cell, CASE WHEN denominator > 0 AND numerator IS NOT NULL THEN numerator / denominator
                      ELSE value / factor END AS centre
    FROM returns JOIN places USING (place) JOIN cells USING (cell) WHERE level = 'england' AND tested
),
scores AS (
    SELECT cell, centre, funnel_z(numerator, denominator, centre) AS z
    FROM returns JOIN centres USING (cell)
    WHERE of_authority AND value IS NOT NULL
),
tenths AS (
    SELECT cell, any_value(centre) AS centre, count(z) AS returns,
           quantile_cont(z, 0.1) AS low, quantile_cont(z, 0.9) AS high
    FROM scores GROUP BY cell HAVING count(z) > 0
),
dispersion AS (
    -- With fewer than ten returns there is no tenth to draw in, and φ says nothing.
    SELECT s.cell, CASE WHEN any_value(returns) >= 10 THEN avg(power(greatest(least(z, high), low), 2)) END AS phi
    FROM scores s JOIN tenths USING (cell) WHERE z IS NOT NULL GROUP BY s.cell
),
limits AS (
    SELECT cell, t.centre, t.returns, d.phi, funnel_widened(d.phi, t.returns) AS widened,
           CASE WHEN funnel_widened(d.phi, t.returns) THEN sqrt(d.phi) ELSE 1 END AS widening
    FROM tenths t JOIN dispersion d USING (cell)
),
sides AS (
    SELECT s.cell, funnel_side(z, widening) AS side, funnel_side(z, 1) AS plain_side
    FROM scores s JOIN limits USING (cell)
)
SELECT c.indicator, c.age_group, c.period_end, c.layer, c.factor,
       l.centre, l.returns, l.phi, l.widened, l.widening,
       count(*) FILTER (side = 'above_998') AS above_998, count(*) FILTER (side = 'below_998') AS below_998,
       count(*) FILTER (side = 'above_95') AS above_95, count(*) FILTER (side = 'below_95') AS below_95,
       count(*) FILTER (plain_side IN ('above_998', 'below_998')) AS plain_998
FROM limits l JOIN cells c USING (cell) JOIN sides s USING (cell)
GROUP BY ALL;
