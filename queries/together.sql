-- How is an enabler associated with an outcome across authorities?
-- Parameters
--   enabler, enabler_age, outcome, outcome_age
--   period      the day the outcome's period ends (date); the enabler's follows from it (rules/5_association.sql)
--   authority   code of the chosen authority, or '' for none
-- Columns: one row per return (an authority, or two that send one workforce return): pairs with both figures first,
-- ordered by the enabler; then those that lack one, by name
--   return_code, return_name, region
--   members      the codes of its authorities, the chosen one first;  member_names   their names in that order
--   joint        whether two authorities share it; the outcome is then for their young people together
--   x, x_numerator, x_denominator, x_status   the enabler's figure, and why there is none
--   y, y_numerator, y_denominator, y_status   the outcome's
--   not_known_share   share of the outcome's young people who are not known;  not_known_first   whether to report those
--                not known before the figure itself (compared with England; for a joint return, if so for either member)
--   low_is_no_merit   too many are not known for a low outcome to be good news
--   paired       whether both figures are there
--   is_chosen, is_neighbour, in_region   whether it is the chosen authority, its neighbour, or in its region
--   period_end, basis, enabler_period, enabler_basis
--   england_x, england_y (NULL for totals)
--   source, release, enabler_source, enabler_release
--   pairs        how many returns have both;  correlation   Spearman's, across those; NULL for fewer than three
--   lower, upper   its 95% interval
--   strength     one of: very_weak, weak, moderate, strong; '' without an interval (rules/5_association.sql)
--   direction    one of: together, opposite, unclear; unclear where the interval includes zero, '' without an interval
WITH asked AS (
    SELECT [$enabler, $outcome, any_value(not_known)] AS ids FROM indicators WHERE id = $outcome
),
held AS MATERIALIZED (
    -- A figure with a hidden base is left out of every pair.
    SELECT o.* REPLACE (CASE WHEN h.area_code IS NULL THEN o.value END AS value,
                        CASE WHEN h.area_code IS NULL THEN o.numerator END AS numerator,
                        CASE WHEN h.area_code IS NULL THEN o.status ELSE 'c' END AS status)
    FROM observations_of((SELECT ids FROM asked)) o
    LEFT JOIN hidden_bases_of((SELECT ids FROM asked)) h USING (indicator, age_group, area_code, period_end, layer)
    WHERE layer = 'published'
),
dates AS (
    SELECT period_end, enabler_period FROM pairings
    WHERE enabler = $enabler AND enabler_age = $enabler_age AND outcome = $outcome AND outcome_age = $outcome_age
      AND period_end = $period::DATE
),
enablers AS MATERIALIZED (
    SELECT * FROM held
    WHERE indicator = $enabler AND age_group = $enabler_age
      AND period_end = (SELECT enabler_period FROM dates)
),
-- Each area's outcome, under the return that holds its enabler's figure.
outcomes AS (
    SELECT coalesce(m.joint_code, o.area_code) AS return_code, o.*
    FROM held o
    LEFT JOIN members m ON m.authority_code = o.area_code AND m.joint_code IN (SELECT area_code FROM enablers)
    WHERE o.indicator = $outcome AND o.age_group = $outcome_age
      AND o.period_end = (SELECT period_end FROM dates)
),
not_known AS (
    SELECT * FROM held WHERE indicator IN (SELECT not_known FROM indicators WHERE id = $outcome)
),
sides AS (
    SELECT coalesce(o.return_code, e.area_code) AS return_code, a.area_code, a.area_name, a.region, a.region_code, a.level,
           e.value AS x, e.numerator AS xn, e.denominator AS xd, coalesce(e.status, 'missing') AS x_status,
           o.value AS y, o.numerator AS yn, o.denominator AS yd, coalesce(o.status, 'missing') AS y_status,
           u.value AS unknown, u.numerator AS un, u.denominator AS ud,
           f.not_known_first_england, f.low_is_no_merit,
           e.basis AS enabler_basis, e.source AS enabler_source, e.release AS enabler_release,
           o.basis, o.source, o.release
    FROM enablers e
    FULL JOIN outcomes o ON o.return_code = e.area_code
    JOIN areas a ON a.area_code = coalesce(o.area_code, e.area_code)
    LEFT JOIN not_known u ON (u.age_group, u.area_code, u.period_end) = (o.age_group, o.area_code, o.period_end)
    LEFT JOIN figures f ON (f.indicator, f.age_group, f.area_code, f.period_end, f.layer)
                         = (o.indicator, o.age_group, o.area_code, o.period_end, 'published')
                        AND f.indicator = $outcome AND f.age_group = $outcome_age
),
mine AS (
    SELECT (SELECT region_code FROM authorities WHERE authority_code = $authority) AS region_code,
           coalesce(list(neighbour_code), []) AS neighbours
    FROM neighbours WHERE authority_code = $authority
),
-- Two authorities that share a workforce get one outcome, for their young people together, if both are known.
returns AS (
    SELECT return_code, any_value(region) AS region, any_value(region_code) AS region_code, count(*) > 1 AS joint,
           list(area_code ORDER BY area_code <> $authority, area_name) AS members,
           list(area_name ORDER BY area_code <> $authority, area_name) AS member_names,
           any_value(x) AS x, any_value(xn) AS x_numerator, any_value(xd) AS x_denominator, max(x_status) AS x_status,
           CASE WHEN count(*) = 1 THEN any_value(y)
                WHEN count(y) = count(*) AND count(yn) = count(*) AND sum(yd) > 0 THEN 100 * sum(yn) / sum(yd) END AS y,
           CASE WHEN count(y) = count(*) THEN sum(yn) END AS y_numerator,
           CASE WHEN count(y) = count(*) THEN sum(yd) END AS y_denominator,
           coalesce(max(y_status) FILTER (y IS NULL), any_value(y_status)) AS y_status,
           CASE WHEN count(*) = 1 THEN any_value(unknown)
                WHEN count(unknown) = count(*) AND count(un) = count(*) AND sum(ud) > 0
                THEN 100 * sum(un) / sum(ud) END AS not_known_share,
           coalesce(bool_or(sides.low_is_no_merit), false) AS low_is_no_merit,
           coalesce(bool_or(not_known_first_england OR sides.low_is_no_merit), false) AS unknown_first
    FROM sides WHERE level = 'authority' GROUP BY return_code
),
placed AS (
    SELECT *,
           CASE WHEN paired THEN average_rank(rank() OVER (PARTITION BY paired ORDER BY x),
                                              count(*) OVER (PARTITION BY paired, x)) END AS x_place,
           CASE WHEN paired THEN average_rank(rank() OVER (PARTITION BY paired ORDER BY y),
                                              count(*) OVER (PARTITION BY paired, y)) END AS y_place
    FROM (SELECT *, x IS NOT NULL AND y IS NOT NULL AS paired FROM returns)
),
linked AS (
    SELECT *, count(x_place) OVER () AS pairs, rank_correlation(corr(x_place, y_place) OVER (), pairs) AS correlation,
           association_lower(correlation, pairs) AS lower, association_upper(correlation, pairs) AS upper
    FROM placed
)
SELECT p.return_code, n.area_name AS return_name, p.region, p.members, p.member_names, p.joint,
       p.x, p.x_numerator, p.x_denominator, p.x_status, p.y, p.y_numerator, p.y_denominator, p.y_status,
       p.not_known_share, p.unknown_first OR not_known_first(p.not_known_share, '') AS not_known_first, p.low_is_no_merit, p.paired,
       list_contains(p.members, $authority) AS is_chosen,
       list_has_any(p.members, mine.neighbours) AND NOT list_contains(p.members, $authority) AS is_neighbour,
       coalesce(p.region_code = mine.region_code, false) AS in_region,
       dates.period_end, e.basis, dates.enabler_period, e.enabler_basis, 
       CASE WHEN NOT is_total(ix.unit, ix.denominator_counts) THEN e.x END AS england_x,
       CASE WHEN NOT is_total(iy.unit, iy.denominator_counts) THEN e.y END AS england_y,
       e.source, e.release, e.enabler_source, e.enabler_release,
       p.pairs, p.correlation, p.lower, p.upper,
       association_strength(p.correlation, p.lower) AS strength, association_direction(p.lower, p.upper) AS direction
FROM linked p
JOIN areas n ON n.area_code = p.return_code
JOIN sides e ON e.level = 'england'
JOIN indicators ix ON ix.id = $enabler
JOIN indicators iy ON iy.id = $outcome
CROSS JOIN dates
CROSS JOIN mine
ORDER BY NOT p.paired, CASE WHEN p.paired THEN p.x END, n.area_name
