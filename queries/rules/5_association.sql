-- Whether two measures are associated across authorities: which dates are paired, and how strong the link is.
-- Reads: spread, indicators. Makes: pairings (a view), and the macros of the rank correlation.

-- An outcome year is paired with the enabler's newest figure that ends within that year, its last day included: the year
-- to 31 March 2025 is paired with the workforce of 30 September 2024, not a later one. No such figure, no pair.
CREATE VIEW pairings AS
SELECT e.indicator AS enabler, e.age_group AS enabler_age, o.indicator AS outcome, o.age_group AS outcome_age,
       o.period_end, max(e.period_end) AS enabler_period
FROM (SELECT s.* FROM spread s JOIN indicators i ON i.id = s.indicator AND i.theme = 'outcome') o
JOIN (SELECT s.* FROM spread s JOIN indicators i ON i.id = s.indicator AND i.theme = 'enabler') e
  ON e.period_end <= o.period_end AND e.period_end > o.period_end - INTERVAL 1 YEAR
WHERE o.layer = 'published' AND e.layer = 'published'
GROUP BY ALL;

-- Spearman's rank correlation is the correlation of the average ranks: tied values share the mean of the ranks that they
-- take up (Spearman, 1904, American Journal of Psychology 15:72-101). `place` is rank() and `ties` how many share it;
-- `r` is corr() of the two. NULL for fewer than three pairs, and where one side is the same for all.
CREATE MACRO average_rank(place, ties) AS place + (ties - 1) / 2;
CREATE MACRO rank_correlation(r, n) AS CASE WHEN n >= 3 AND isfinite(r) THEN least(greatest(r, -1), 1) END;

-- Its 95 % interval: Fisher's z with the variance (1 + r²/2) / (n - 3) (Bonett & Wright, 2000, Sample size requirements
-- for estimating Pearson, Kendall and Spearman correlations, Psychometrika 65:23-28). None is given for fewer than ten
-- pairs, nor where ranks agree completely and the interval would have no width.
CREATE MACRO association_half(r, n) AS 1.959963984540054 * sqrt((1 + r * r / 2) / (n - 3));
CREATE MACRO association_lower(r, n) AS CASE WHEN n >= 10 AND abs(r) < 1 THEN tanh(atanh(r) - association_half(r, n)) END;
CREATE MACRO association_upper(r, n) AS CASE WHEN n >= 10 AND abs(r) < 1 THEN tanh(atanh(r) + association_half(r, n)) END;

-- How strong (cuts of Cohen, 1988, Statistical Power Analysis, 2nd ed., p. 79-80, with a first one added), and
-- whether the interval excludes zero. '' where there is no interval.
CREATE MACRO association_strength(r, lower) AS CASE
    WHEN lower IS NULL THEN '' WHEN abs(r) >= 0.5 THEN 'strong' WHEN abs(r) >= 0.3 THEN 'moderate'
    WHEN abs(r) >= 0.1 THEN 'weak' ELSE 'very_weak' END;
CREATE MACRO association_direction(lower, upper) AS CASE
    WHEN lower > 0 THEN 'together' WHEN upper < 0 THEN 'opposite' WHEN lower IS NULL THEN '' ELSE 'unclear' END;
