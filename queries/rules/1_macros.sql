-- The rules for one figure, as macros. Every page, export and test calls these; nothing else computes them.

-- Wilson score interval, 95 % (Wilson, 1927, Journal of the American Statistical Association 22:209-212).
-- n of d, as a share times `factor`. NULL when there is no denominator.
CREATE MACRO wilson_centre(n, d) AS (n + 1.920729410347062) / (d + 3.841458820694124);
CREATE MACRO wilson_half(n, d) AS
    1.959963984540054 * sqrt(greatest(n * (d - n) / d, 0) + 0.960364705173531) / (d + 3.841458820694124);
CREATE MACRO wilson_lower(n, d, factor) AS
    CASE WHEN d > 0 AND n >= 0 AND n <= d THEN factor * greatest(wilson_centre(n, d) - wilson_half(n, d), 0) END;
CREATE MACRO wilson_upper(n, d, factor) AS
    CASE WHEN d > 0 AND n >= 0 AND n <= d THEN factor * least(wilson_centre(n, d) + wilson_half(n, d), 1) END;

-- How a side of a comparison is worded, by what is better. `side` is 'higher', 'lower' or 'similar'.
CREATE MACRO worded(side, polarity) AS CASE
    WHEN side IN ('higher', 'lower') AND polarity <> 'neutral'
    THEN CASE WHEN (side = 'higher') = (polarity = 'high') THEN 'better' ELSE 'worse' END
    ELSE side END;

-- Verdict: does the interval leave the comparator out? '' where there is nothing to compare with.
CREATE MACRO verdict(lower, upper, comparator, polarity) AS CASE
    WHEN lower IS NULL OR comparator IS NULL THEN ''
    ELSE worded(CASE WHEN lower > comparator THEN 'higher' WHEN upper < comparator THEN 'lower' ELSE 'similar' END,
                polarity) END;

-- Quartile band from the cuts of the exact values; a value equal to a cut falls in the better band.
CREATE MACRO band(value, q25, q50, q75, polarity) AS CASE polarity
    WHEN 'high' THEN CASE WHEN value >= q75 THEN 'A' WHEN value >= q50 THEN 'B' WHEN value >= q25 THEN 'C' ELSE 'D' END
    WHEN 'low' THEN CASE WHEN value <= q25 THEN 'A' WHEN value <= q50 THEN 'B' WHEN value <= q75 THEN 'C' ELSE 'D' END
    ELSE '' END;

-- Two-proportion z statistic with the pooled share (Fleiss, Levin & Paik, Statistical Methods for Rates and
-- Proportions, 3rd ed., section 3.1). 0 when both shares are 0 or both are 1. NULL without counts.
CREATE MACRO two_proportion_z(n1, d1, n0, d0) AS CASE
    WHEN d1 > 0 AND d0 > 0 AND n1 BETWEEN 0 AND d1 AND n0 BETWEEN 0 AND d0 THEN CASE
        WHEN n1 + n0 = 0 OR n1 + n0 = d1 + d0 THEN 0
        ELSE (n1 / d1 - n0 / d0)
             / sqrt((n1 + n0) / (d1 + d0) * (1 - (n1 + n0) / (d1 + d0)) * (1 / d1 + 1 / d0)) END
    END;
CREATE MACRO change_worded(z, polarity) AS CASE
    WHEN z IS NULL THEN 'not tested'
    WHEN abs(z) <= 1.959963984540054 THEN 'no clear change'
    ELSE worded(CASE WHEN z > 0 THEN 'higher' ELSE 'lower' END, polarity) END;

-- Recent trend over five annual points at t = -2 … 2: the score of a logistic slope, from the sums of n·t, y·t, n, y.
-- Its sign is the sign of the fitted slope. The score test of that slope is the Cochran-Armitage test for trend
-- (Armitage, 1955, Biometrics 11:375-386).
CREATE MACRO slope_score(sum_ty, sum_tn, sum_y, sum_n) AS sum_ty - sum_tn * sum_y / sum_n;
CREATE MACRO trend_chi_squared(sum_ty, sum_tn, sum_ttn, sum_y, sum_n) AS CASE
    WHEN sum_y > 0 AND sum_y < sum_n
    THEN power(slope_score(sum_ty, sum_tn, sum_y, sum_n), 2)
         / (sum_y / sum_n * (1 - sum_y / sum_n) * (sum_ttn - sum_tn * sum_tn / sum_n))
    ELSE 0 END;
CREATE MACRO trend_worded(direction, polarity) AS CASE
    WHEN direction = '' THEN 'no statistically clear trend'
    WHEN polarity = 'neutral' THEN direction
    WHEN (direction = 'increasing') = (polarity = 'high') THEN direction || ' and getting better'
    ELSE direction || ' and getting worse' END;

-- How much a figure asks for a question: worse than the comparator first, then getting worse, then the worst quarter.
-- Where an indicator is never tested (it has no counts), its quarter stands in for the verdict at less weight. One
-- that is tested but has no verdict here rests on a hidden base or has no comparator: its quarter says nothing.
CREATE MACRO concern(verdict, change_verdict, trend, band, tested) AS
    CASE verdict WHEN 'worse' THEN 8 WHEN 'better' THEN -8 ELSE 0 END
    + CASE WHEN trend LIKE '%getting worse' THEN 3 WHEN trend LIKE '%getting better' THEN -3 ELSE 0 END
    + CASE change_verdict WHEN 'worse' THEN 2 WHEN 'better' THEN -2 ELSE 0 END
    + CASE band WHEN 'D' THEN 1 WHEN 'A' THEN -1 ELSE 0 END * CASE WHEN NOT tested THEN 5 WHEN verdict = '' THEN 0 ELSE 1 END;

-- Does a figure reach the target that a council set itself? '' where there is none, where the figure is hidden, and
-- where neither high nor low is better. What differs only by how numbers are stored counts as reached.
CREATE MACRO target_met(value, target, polarity) AS CASE
    WHEN value IS NULL OR target IS NULL OR polarity = 'neutral' THEN ''
    WHEN CASE polarity WHEN 'high' THEN value >= target - 1e-9 ELSE value <= target + 1e-9 END THEN 'met'
    ELSE 'not met' END;
