-- The rules for one figure, as macros. Every page, export and test calls these; nothing else computes them.
--
-- A finding is a code, or '' where there is nothing to say; its words are in careleavers/wording/findings.py. All codes are
-- listed here, except those that only one query returns, which that query's head lists:
--   verdict          one of: better, worse, similar, higher, lower
--                    higher and lower where neither is better. Also verdict_england, verdict_region, verdict_neighbours,
--                    verdict_against, side_verdict
--   change_verdict   one of: better, worse, higher, lower, no_clear_change, not_tested
--                    not_tested where there are no counts to test. Also change_2_verdict, change_5_verdict
--   trend            one of: increasing_better, increasing_worse, increasing, decreasing_better, decreasing_worse, decreasing, no_clear_trend
--                    increasing and decreasing alone where neither is better, or where too many are not known for a fall
--                    to be good news
--   not_known_trend  one of: increasing, decreasing
--   band             one of: A, B, C, D
--                    quarters of the authorities, A the best and D the worst
--   target_met       one of: met, not_met

-- How many figures are the fewest for a mean of neighbours or a median of a group, and for quarters.
CREATE MACRO fewest_averaged() AS 5;
CREATE MACRO fewest_quartered() AS 4;

-- Whether the catalogue counts staff, in full-time equivalents, and not young people.
CREATE MACRO counts_staff(counts) AS contains(coalesce(counts, ''), 'full-time equivalent');

-- Wilson score interval, 95 % (Wilson, 1927, Journal of the American Statistical Association 22:209-212).
-- For n out of d, as a share times `factor`. NULL when there is no denominator.
CREATE MACRO wilson_centre(n, d) AS (n + 1.920729410347062) / (d + 3.841458820694124);
CREATE MACRO wilson_half(n, d) AS
    1.959963984540054 * sqrt(greatest(n * (d - n) / d, 0) + 0.960364705173531) / (d + 3.841458820694124);
CREATE MACRO wilson_lower(n, d, factor) AS
    CASE WHEN d > 0 AND n >= 0 AND n <= d THEN factor * greatest(wilson_centre(n, d) - wilson_half(n, d), 0) END;
CREATE MACRO wilson_upper(n, d, factor) AS
    CASE WHEN d > 0 AND n >= 0 AND n <= d THEN factor * least(wilson_centre(n, d) + wilson_half(n, d), 1) END;

-- The verdict for a side of a comparison, given which is better. `side` is 'higher', 'lower' or 'similar'.
CREATE MACRO side_verdict(side, polarity) AS CASE
    WHEN side IN ('higher', 'lower') AND polarity <> 'neutral'
    THEN CASE WHEN (side = 'higher') = (polarity = 'high') THEN 'better' ELSE 'worse' END
    ELSE side END;

-- Verdict: does the interval exclude the comparator? '' where there is nothing to compare with.
CREATE MACRO verdict(lower, upper, comparator, polarity) AS CASE
    WHEN lower IS NULL OR comparator IS NULL THEN ''
    ELSE side_verdict(CASE WHEN lower > comparator THEN 'higher' WHEN upper < comparator THEN 'lower' ELSE 'similar' END,
                polarity) END;

-- A measure that is published without a base (sickness absence) counts the people of the others in its return: where the largest
-- base among these is small, its group is small too. `least` is the setting small_cohort.
CREATE MACRO small_in_return(small, value, denominator, test, largest_base, least) AS
    small OR value IS NOT NULL AND denominator IS NULL AND test <> 'wilson' AND coalesce(largest_base < least, false);

-- In a small group one or two people decide the figure, so it is neither better nor worse than another: whatever its interval
-- includes, the verdict is `similar`, reported as too few to tell.
CREATE MACRO verdict_of_group(verdict, small_cohort) AS CASE WHEN small_cohort AND verdict <> '' THEN 'similar' ELSE verdict END;
CREATE MACRO too_few(verdict, small_cohort) AS coalesce(verdict = 'similar' AND small_cohort, false);

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
CREATE MACRO change_verdict(z, polarity, least) AS CASE
    WHEN z IS NULL THEN 'not_tested'
    WHEN abs(z) < least THEN 'no_clear_change'
    ELSE side_verdict(CASE WHEN z > 0 THEN 'higher' ELSE 'lower' END, polarity) END;

-- A figure is tested for change over one, two and five years, so each test needs a larger z: Holm's
-- step-down correction at 5% (Holm, 1979, Scandinavian Journal of Statistics 6:65-70). The largest of three |z| must
-- exceed the two-sided 5%/3 point of the normal distribution, then the next 5%/2, then the last 5%; the first to fail
-- ends the procedure. A test without a z does not count. The result is the smallest |z| that is more than chance;
-- infinity where none is.
CREATE MACRO holm_critical_z(tests) AS
    (CASE tests WHEN 3 THEN 2.3939797998185104 WHEN 2 THEN 2.241402727604947 ELSE 1.959963984540054 END)::DOUBLE;
CREATE MACRO holm_steps(top, middle, last, tests) AS CASE
    WHEN tests < 1 OR top <= holm_critical_z(tests) THEN 'infinity'::DOUBLE
    WHEN tests < 2 OR middle <= holm_critical_z(tests - 1) THEN top
    WHEN tests < 3 OR last <= holm_critical_z(tests - 2) THEN middle
    ELSE last END;
CREATE MACRO absolute_z(z) AS coalesce(abs(z), -1);
CREATE MACRO holm_least(z1, z2, z3) AS holm_steps(
    greatest(absolute_z(z1), absolute_z(z2), absolute_z(z3)),
    greatest(least(absolute_z(z1), absolute_z(z2)), least(absolute_z(z1), absolute_z(z3)), least(absolute_z(z2), absolute_z(z3))),
    least(absolute_z(z1), absolute_z(z2), absolute_z(z3)),
    (z1 IS NOT NULL)::INTEGER + (z2 IS NOT NULL)::INTEGER + (z3 IS NOT NULL)::INTEGER);

-- The two parts of a trend: its direction, and whether that is better or worse. '' for a part that it lacks.
CREATE MACRO trend_direction(trend) AS CASE
    WHEN trend IN ('increasing', 'increasing_better', 'increasing_worse') THEN 'increasing'
    WHEN trend IN ('decreasing', 'decreasing_better', 'decreasing_worse') THEN 'decreasing'
    ELSE '' END;
CREATE MACRO trend_verdict(trend) AS CASE
    WHEN trend IN ('increasing_better', 'decreasing_better') THEN 'better'
    WHEN trend IN ('increasing_worse', 'decreasing_worse') THEN 'worse'
    ELSE '' END;

-- Not known comes first. A share says little about a cohort in which many are not known: over a tenth, or more than the
-- comparator's by more than chance. `share` and `verdict` are those of the not-known figure itself.
CREATE MACRO not_known_first(share, verdict) AS coalesce(share > 10, false) OR coalesce(verdict = 'worse', false);

-- Where low is better, a low figure is then only a minimum and not good news: the only verdict possible is "worse", when
-- even the minimum is. A fall is reported as a fall, not as an improvement. Where high is better the figure is a minimum
-- too, and its verdict stands.
CREATE MACRO verdict_beside_unknown(verdict, polarity, unknown) AS
    CASE WHEN unknown THEN CASE WHEN polarity = 'low' AND verdict <> 'worse' THEN '' ELSE verdict END ELSE verdict END;
CREATE MACRO change_beside_unknown(verdict, polarity, unknown) AS
    CASE WHEN unknown THEN CASE WHEN polarity = 'low' AND verdict = 'better' THEN 'lower' ELSE verdict END ELSE verdict END;
CREATE MACRO trend_beside_unknown(trend, polarity, unknown) AS
    CASE WHEN unknown THEN CASE WHEN polarity = 'low' AND trend_verdict(trend) = 'better' THEN trend_direction(trend)
                                ELSE trend END ELSE trend END;

-- Did the figure and the share of those not known both move by more than chance, and in opposite directions? Most figures
-- have no such share, so these rules check that first.
CREATE MACRO opposite_changes(change, verdict, unknown_change) AS
    CASE WHEN sign(change) = -sign(unknown_change) THEN verdict NOT IN ('', 'not_tested', 'no_clear_change') ELSE false END;

-- A total: the number of people or households, or the amount spent. It grows with the size of the place, so an
-- authority's is never compared with England's, a region's or the mean of its neighbours.
CREATE MACRO is_total(unit, denominator_counts) AS
    unit = 'count' OR (unit = 'pounds' AND coalesce(denominator_counts, '') = '');

-- Neighbours that the department's model calls "Not close" are shown but do not count: where fewer than five are nearer
-- than that, every verdict and sentence uses England in place of the neighbours.
CREATE MACRO compared_with(against, neighbours_close) AS
    CASE WHEN against = 'neighbours' AND NOT neighbours_close THEN 'england' ELSE against END;
CREATE MACRO one_of(against, england, region, neighbours) AS
    CASE against WHEN 'england' THEN england WHEN 'region' THEN region WHEN 'neighbours' THEN neighbours END;

-- Recent trend over five annual points at t = -2 … 2: the score of a logistic slope, from the sums of n·t, y·t, n, y.
-- Its sign is the sign of the fitted slope. The score test of that slope is the Cochran-Armitage test for trend
-- (Armitage, 1955, Biometrics 11:375-386).
CREATE MACRO slope_score(sum_ty, sum_tn, sum_y, sum_n) AS sum_ty - sum_tn * sum_y / sum_n;
CREATE MACRO trend_chi_squared(sum_ty, sum_tn, sum_ttn, sum_y, sum_n) AS CASE
    WHEN sum_y > 0 AND sum_y < sum_n
    THEN power(slope_score(sum_ty, sum_tn, sum_y, sum_n), 2)
         / (sum_y / sum_n * (1 - sum_y / sum_n) * (sum_ttn - sum_tn * sum_tn / sum_n))
    ELSE 0 END;
CREATE MACRO trend(direction, polarity) AS CASE
    WHEN direction = '' THEN 'no_clear_trend'
    WHEN polarity = 'neutral' THEN direction
    WHEN (direction = 'increasing') = (polarity = 'high') THEN direction || '_better'
    ELSE direction || '_worse' END;

-- Which way a figure has moved over one, two or five years: 'better', 'worse', or '' where no change is clear or some
-- are better and some worse.
CREATE MACRO moved(one, two, five) AS CASE
    WHEN list_contains([one, two, five], 'worse') THEN CASE WHEN list_contains([one, two, five], 'better') THEN '' ELSE 'worse' END
    WHEN list_contains([one, two, five], 'better') THEN 'better' ELSE '' END;

-- The number of years over which a change is reported, where it is more than chance over several: the shortest, unless
-- the change over a longer one is in the same direction and a quarter larger. 0 where there is none.
CREATE MACRO is_clear(verdict) AS verdict IN ('better', 'worse', 'higher', 'lower');
CREATE MACRO longest_reportable(one, two, five) AS CASE
    WHEN coalesce(one, two, five) IS NULL THEN 0
    WHEN one IS NULL AND two IS NULL THEN 5
    WHEN one IS NULL THEN CASE WHEN sign(five) = sign(two) AND abs(five) >= 1.25 * abs(two) THEN 5 ELSE 2 END
    WHEN sign(five) = sign(one) AND abs(five) >= 1.25 * greatest(abs(one), CASE WHEN sign(two) = sign(one) THEN abs(two) ELSE 0 END) THEN 5
    WHEN sign(two) = sign(one) AND abs(two) >= 1.25 * abs(one) THEN 2
    ELSE 1 END;
CREATE MACRO named_span(change, verdict, change_2, verdict_2, change_5, verdict_5) AS longest_reportable(
    CASE WHEN is_clear(verdict) THEN change END, CASE WHEN is_clear(verdict_2) THEN change_2 END,
    CASE WHEN is_clear(verdict_5) THEN change_5 END);

-- A clear worsening that those not known cannot explain: it is larger than all of them could make up for, and their
-- number has not changed clearly.
CREATE MACRO worsening_beyond_unknown(verdict, change, unknown_share, unknown_change) AS
    verdict = 'worse' AND unknown_change IS NULL AND abs(change) > coalesce(unknown_share, 0);

-- How strongly a figure calls for a question: worse than the comparator first, then getting worse, then worst quarter.
-- Where an indicator is never tested (it has no counts), its quarter stands in for the verdict at less weight. One
-- that is tested but has no verdict here has a hidden base or no comparator: its quarter says nothing.
CREATE MACRO concern(verdict, moved, trend, band, tested) AS
    CASE verdict WHEN 'worse' THEN 8 WHEN 'better' THEN -8 ELSE 0 END
    + CASE trend_verdict(trend) WHEN 'worse' THEN 3 WHEN 'better' THEN -3 ELSE 0 END
    + CASE moved WHEN 'worse' THEN 2 WHEN 'better' THEN -2 ELSE 0 END
    + CASE band WHEN 'D' THEN 1 WHEN 'A' THEN -1 ELSE 0 END * CASE WHEN NOT tested THEN 5 WHEN verdict = '' THEN 0 ELSE 1 END;

-- Does a figure reach the target that a council set itself? '' where there is none, where the figure is hidden, and
-- where neither high nor low is better; it is never met where too many are not known for a low figure to be good news. A
-- difference due only to how numbers are stored counts as reached.
CREATE MACRO target_met(value, target, polarity, low_is_no_merit) AS CASE
    WHEN value IS NULL OR target IS NULL OR polarity = 'neutral' THEN ''
    WHEN CASE polarity WHEN 'high' THEN value >= target - 1e-9 ELSE value <= target + 1e-9 END
    THEN CASE WHEN low_is_no_merit THEN '' ELSE 'met' END
    ELSE 'not_met' END;

-- The day a release came out, from the source's own words ("21 November 2025", "November 2025", "2025"): of a month its last day
-- (or today), of a year its first.
CREATE MACRO release_day(published, today) AS coalesce(
    try_strptime(regexp_extract(published, '((\d{1,2} )?[A-Z][a-z]+ )?\d{4}$'), '%d %B %Y')::DATE,
    CASE WHEN try_strptime('1 ' || regexp_extract(published, '((\d{1,2} )?[A-Z][a-z]+ )?\d{4}$'), '%d %B %Y')::DATE < today
         THEN least(last_day(try_strptime('1 ' || regexp_extract(published, '((\d{1,2} )?[A-Z][a-z]+ )?\d{4}$'), '%d %B %Y')::DATE), today) END,
    try_strptime('1 January ' || regexp_extract(published, '((\d{1,2} )?[A-Z][a-z]+ )?\d{4}$'), '%d %B %Y')::DATE);
