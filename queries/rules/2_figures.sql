-- Every figure once, with its rank, band, comparators, interval, verdicts, change and trend beside it.
-- Reads: observations, indicators, areas, members, neighbours, superseded, settings. Makes: spread, nearness, hidden_bases,
-- figures.

-- A cell is what is compared: one indicator and age group in one period and layer.
CREATE TEMP TABLE cells AS
SELECT (row_number() OVER ())::INTEGER AS cell,
       (dense_rank() OVER (ORDER BY c.indicator, c.age_group, c.layer))::INTEGER AS series,
       c.*, i.polarity, i.interval = 'wilson' AS tested,
       CASE i.unit WHEN 'per_10000' THEN 10000 WHEN 'percent' THEN 100 ELSE 1 END AS factor,
       is_total(i.unit, i.denominator_counts) AS total
FROM (SELECT DISTINCT indicator, age_group, period_end, layer FROM observations) c
JOIN indicators i ON i.id = c.indicator;

-- Of how many neighbours an authority has something to learn: those that the model does not call "Not close".
CREATE TABLE nearness AS
SELECT authority_code AS area_code, count(*) AS listed, count(*) FILTER (closeness <> 'Not close') AS near,
       near >= 5 AS neighbours_close
FROM neighbours GROUP BY authority_code;

CREATE TEMP TABLE places AS
WITH numbered AS (SELECT (row_number() OVER ())::INTEGER AS place, area_code, level, region_code FROM areas)
SELECT p.*, r.place AS region_place, coalesce(k.neighbours_close, true) AS neighbours_close
FROM numbered p
LEFT JOIN numbered r ON r.area_code = p.region_code AND r.level = 'region'
LEFT JOIN nearness k ON k.area_code = p.area_code;

-- The cell of those of whom the answer to the same question is not known, and the cells of one, two and five years before.
CREATE TEMP TABLE beside AS
SELECT c.cell, n.cell AS not_known, c1.cell AS cell_1, c2.cell AS cell_2, c5.cell AS cell_5
FROM cells c
JOIN indicators i ON i.id = c.indicator
LEFT JOIN cells n ON (n.indicator, n.age_group, n.period_end, n.layer) = (i.not_known, c.age_group, c.period_end, c.layer)
LEFT JOIN cells c1 ON c1.series = c.series AND c1.period_end = c.period_end - INTERVAL 1 YEAR
LEFT JOIN cells c2 ON c2.series = c.series AND c2.period_end = c.period_end - INTERVAL 2 YEAR
LEFT JOIN cells c5 ON c5.series = c.series AND c5.period_end = c.period_end - INTERVAL 5 YEAR;

-- A return is what is ranked: an authority's own, or a joint one, once. Numbers only: `found` leads back to the words.
-- Where a source gives bases in a cell, a figure without one rests on a base that is hidden: it is shown, and compared
-- with nothing.
CREATE TEMP TABLE returns AS
SELECT * EXCLUDE (source, tested, factor),
       value IS NOT NULL AND denominator IS NULL
           AND count(denominator) FILTER (of_authority) OVER (PARTITION BY cell, source) > 0 AS base_hidden,
       CASE WHEN NOT base_hidden THEN value END AS compared,
       CASE WHEN tested AND value IS NOT NULL THEN wilson_lower(numerator, denominator, factor) END AS lower,
       CASE WHEN tested AND value IS NOT NULL THEN wilson_upper(numerator, denominator, factor) END AS upper
FROM (SELECT o.rowid AS found, c.cell, c.series, p.place, p.level = 'authority' AS of_authority, c.tested, c.factor,
             o.period_end, o.numerator, o.denominator, o.value, o.source
      FROM observations o
      JOIN cells c USING (indicator, age_group, period_end, layer)
      JOIN places p USING (area_code));

-- Those figures by name, for what reads the observations themselves.
CREATE TABLE hidden_bases AS
SELECT c.indicator, c.age_group, p.area_code, c.period_end, c.layer
FROM returns JOIN cells c USING (cell) JOIN places p USING (place) WHERE base_hidden;

CREATE TEMP TABLE ranked AS
SELECT cell, place, compared, polarity,
       rank() OVER (PARTITION BY cell ORDER BY CASE polarity WHEN 'low' THEN compared ELSE -compared END) AS rank,
       count(*) OVER (PARTITION BY cell, compared) > 1 AS rank_tied
FROM returns JOIN cells USING (cell)
WHERE of_authority AND compared IS NOT NULL;

-- No bands when more than a quarter tie for best, or when there are too few values to quarter.
CREATE TEMP TABLE spreads AS
SELECT cell, count(*) AS of, min(compared) AS minimum,
       quantile_cont(compared, 0.25) AS q25, quantile_cont(compared, 0.5) AS median,
       quantile_cont(compared, 0.75) AS q75, max(compared) AS maximum,
       any_value(polarity) <> 'neutral' AND count(*) >= 4 AND 4 * count(*) FILTER (rank = 1) <= count(*) AS banded
FROM ranked
GROUP BY cell;

CREATE TABLE spread AS
SELECT c.indicator, c.age_group, c.period_end, c.layer, s.* EXCLUDE (cell)
FROM spreads s JOIN cells c USING (cell);

-- Change: each return against itself one, two and five years before.
CREATE TEMP TABLE changes AS
SELECT cell, place, change, change_2, change_5,
       CASE WHEN change IS NULL THEN '' ELSE change_verdict(z, polarity, least_z) END AS change_verdict,
       CASE WHEN change_2 IS NULL THEN '' ELSE change_verdict(z_2, polarity, least_z) END AS change_2_verdict,
       CASE WHEN change_5 IS NULL THEN '' ELSE change_verdict(z_5, polarity, least_z) END AS change_5_verdict
FROM (SELECT *, holm_least(z, z_2, z_5) AS least_z FROM (
      SELECT r.cell, r.place, c.polarity,
             r.compared - r1.compared AS change, r.compared - r2.compared AS change_2, r.compared - r5.compared AS change_5,
             CASE WHEN tested THEN two_proportion_z(r.numerator, r.denominator, r1.numerator, r1.denominator) END AS z,
             CASE WHEN tested THEN two_proportion_z(r.numerator, r.denominator, r2.numerator, r2.denominator) END AS z_2,
             CASE WHEN tested THEN two_proportion_z(r.numerator, r.denominator, r5.numerator, r5.denominator) END AS z_5
      FROM returns r
      JOIN cells c ON c.cell = r.cell
      JOIN beside b ON b.cell = r.cell
      LEFT JOIN returns r1 ON r1.cell = b.cell_1 AND r1.place = r.place
      LEFT JOIN returns r2 ON r2.cell = b.cell_2 AND r2.place = r.place
      LEFT JOIN returns r5 ON r5.cell = b.cell_5 AND r5.place = r.place
      WHERE r.compared IS NOT NULL));

-- Trend follows each return's own series of annual points; a quarter follows the same quarter of last year.
CREATE TEMP TABLE moving AS
SELECT cell, place, polarity,
       tested AND p4 = m.period_end - INTERVAL 4 YEAR AND value + v1 + v2 + v3 + v4 IS NOT NULL
            AND least(denominator, d1, d2, d3, d4) > 0
            AND numerator + n1 + n2 + n3 + n4 + denominator + d1 + d2 + d3 + d4 IS NOT NULL AS five,
       n4, n3, n2, n1, numerator AS n0, d4, d3, d2, d1, denominator AS d0,
       n4 + n3 + n2 + n1 + numerator AS sum_y,
       d4 + d3 + d2 + d1 + denominator AS sum_n,
       2 * (numerator - n4) + (n1 - n3) AS sum_ty,
       2 * (denominator - d4) + (d1 - d3) AS sum_tn,
       4 * (denominator + d4) + (d1 + d3) AS sum_ttn
FROM (SELECT *,
             lag(period_end, 4) OVER s AS p4,
             lag(value, 1) OVER s AS v1, lag(value, 2) OVER s AS v2,
             lag(value, 3) OVER s AS v3, lag(value, 4) OVER s AS v4,
             lag(numerator, 1) OVER s AS n1, lag(numerator, 2) OVER s AS n2,
             lag(numerator, 3) OVER s AS n3, lag(numerator, 4) OVER s AS n4,
             lag(denominator, 1) OVER s AS d1, lag(denominator, 2) OVER s AS d2,
             lag(denominator, 3) OVER s AS d3, lag(denominator, 4) OVER s AS d4
      FROM returns
      WINDOW s AS (PARTITION BY series, place, month(period_end) ORDER BY period_end))
AS m JOIN cells USING (cell);

CREATE TEMP TABLE trends AS
SELECT cell, place,
       CASE WHEN five THEN trend(
           CASE WHEN trend_chi_squared(sum_ty, sum_tn, sum_ttn, sum_y, sum_n) > 9.55
                 AND sign(slope_score(sum_ty + 2 * n4, sum_tn + 2 * d4, sum_y - n4, sum_n - d4)) = score_sign
                 AND sign(slope_score(sum_ty + n3, sum_tn + d3, sum_y - n3, sum_n - d3)) = score_sign
                 AND sign(slope_score(sum_ty, sum_tn, sum_y - n2, sum_n - d2)) = score_sign
                 AND sign(slope_score(sum_ty - n1, sum_tn - d1, sum_y - n1, sum_n - d1)) = score_sign
                 AND sign(slope_score(sum_ty - 2 * n0, sum_tn - 2 * d0, sum_y - n0, sum_n - d0)) = score_sign
                THEN CASE WHEN score_sign > 0 THEN 'increasing' ELSE 'decreasing' END
                ELSE '' END, polarity)
       ELSE '' END AS trend
FROM (SELECT *, CASE WHEN five THEN sign(slope_score(sum_ty, sum_tn, sum_y, sum_n)) END AS score_sign FROM moving);

-- A joint return is shown for each of its members.
CREATE TEMP TABLE shares AS
SELECT j.place AS return_place, m.place, m.area_code
FROM members JOIN places j ON j.area_code = members.joint_code JOIN places m ON m.area_code = members.authority_code;

-- The neighbours' figure, of all but totals, as the department's own tool gives it, so whether a base is hidden or not: each neighbouring return once, never the authority's own joint one.
CREATE TEMP TABLE neighbouring AS
WITH theirs AS (
    SELECT DISTINCT own.place, coalesce(s.return_place, theirs.place) AS return_place
    FROM neighbours n
    JOIN places own ON own.area_code = n.authority_code
    JOIN places theirs ON theirs.area_code = n.neighbour_code
    LEFT JOIN (SELECT place, return_place FROM shares UNION ALL SELECT place, place FROM places) s
           ON s.place = theirs.place
    WHERE NOT EXISTS (SELECT 1 FROM shares mine WHERE mine.place = own.place AND mine.return_place = s.return_place)
)
SELECT t.place, r.cell, count(*) AS neighbours_count,
       CASE WHEN count(*) >= 5 THEN avg(value) END AS neighbours_mean,
       CASE WHEN count(*) >= 5 THEN median(value) END AS neighbours_median,
       CASE WHEN count(*) >= 5 AND sum(denominator) > 0
            THEN any_value(factor) * sum(numerator) FILTER (denominator IS NOT NULL)
                 / sum(denominator) FILTER (numerator IS NOT NULL) END AS neighbours_pooled
FROM theirs t JOIN returns r ON r.place = t.return_place AND r.value IS NOT NULL JOIN cells c ON c.cell = r.cell
WHERE NOT c.total
GROUP BY t.place, r.cell;

CREATE TEMP TABLE restatements AS
SELECT DISTINCT c.cell, p.place
FROM superseded JOIN cells c USING (indicator, age_group, period_end, layer) JOIN places p USING (area_code)
-- A later publication without counts stands below the figure: it is recorded, and the figure itself is not a restated one.
WHERE superseded.release < superseded.superseded_by;

CREATE TEMP TABLE shown AS
SELECT found, cell, place, place AS return_place, false AS joint FROM returns
WHERE place NOT IN (SELECT return_place FROM shares)
UNION ALL
SELECT r.found, r.cell, s.place, s.return_place, true FROM returns r JOIN shares s ON s.return_place = r.place;

CREATE TEMP TABLE compared AS
SELECT s.found, s.cell, s.place, s.joint, c.polarity,
       r.rank, r.rank_tied, p.of, b.base_hidden,
       CASE WHEN r.rank IS NOT NULL AND p.banded
            THEN band(b.value, p.q25, p.median, p.q75, c.polarity) ELSE '' END AS band,
       b.lower, b.upper,
       b.numerator, b.value, c.total,
       CASE WHEN NOT c.total THEN e.value END AS england, CASE WHEN NOT c.total THEN g.value END AS region_value,
       CASE WHEN c.total THEN e.value END AS england_total, CASE WHEN c.total THEN g.value END AS region_total,
       n.neighbours_mean, n.neighbours_median, n.neighbours_pooled, coalesce(n.neighbours_count, 0) AS neighbours_count,
       a.neighbours_close,
       m.change, coalesce(m.change_verdict, '') AS change_verdict,
       m.change_2, coalesce(m.change_2_verdict, '') AS change_2_verdict,
       m.change_5, coalesce(m.change_5_verdict, '') AS change_5_verdict, coalesce(t.trend, '') AS trend,
       z.cell IS NOT NULL AS restated,
       verdict(b.lower, b.upper, england, c.polarity) AS verdict_england,
       verdict(b.lower, b.upper, region_value, c.polarity) AS verdict_region,
       CASE WHEN a.neighbours_close THEN verdict(b.lower, b.upper, n.neighbours_mean, c.polarity) ELSE '' END AS verdict_neighbours
FROM shown s
JOIN returns b ON b.found = s.found
JOIN cells c ON c.cell = s.cell
JOIN places a ON a.place = s.place
LEFT JOIN spreads p ON p.cell = s.cell
LEFT JOIN ranked r ON r.cell = s.cell AND r.place = s.return_place
LEFT JOIN changes m ON m.cell = s.cell AND m.place = s.return_place
LEFT JOIN trends t ON t.cell = s.cell AND t.place = s.return_place
LEFT JOIN (SELECT cell, value FROM returns JOIN places USING (place) WHERE level = 'england') e ON e.cell = s.cell
LEFT JOIN returns g ON g.cell = s.cell AND g.place = a.region_place
LEFT JOIN neighbouring n ON n.cell = s.cell AND n.place = s.place
LEFT JOIN restatements z ON z.cell = s.cell AND z.place = s.return_place;

-- How many are not known in the same cohort, and whether that comes before what the figure itself says.
CREATE TEMP TABLE unknown AS
SELECT b.cell, u.place, u.value AS share, u.numerator AS count, u.trend,
       not_known_first(u.value, u.verdict_england) AS first_england,
       not_known_first(u.value, u.verdict_region) AS first_region,
       not_known_first(u.value, u.verdict_neighbours) AS first_neighbours,
       CASE WHEN u.change_verdict <> 'no_clear_change' THEN u.change END AS change,
       CASE WHEN u.change_2_verdict <> 'no_clear_change' THEN u.change_2 END AS change_2,
       CASE WHEN u.change_5_verdict <> 'no_clear_change' THEN u.change_5 END AS change_5
FROM compared u JOIN beside b ON b.not_known = u.cell
WHERE NOT u.base_hidden;

CREATE TABLE figures AS
SELECT o.indicator, o.age_group, a.area_code, a.area_name, a.level, a.region_code, a.region,
       o.period_end, o.frequency, o.basis, o.layer,
       o.numerator, o.denominator, o.value, o.published_value, o.status, o.source, o.release,
       c.polarity, c.joint, c.base_hidden,
       -- Such a figure keeps its place in the order, so that nobody gains one by it, and is not shown in it.
       c.polarity = 'low' AND coalesce(u.first_england OR u.first_region OR u.first_neighbours, false) AS low_is_no_merit,
       CASE WHEN c.polarity <> 'neutral' AND NOT low_is_no_merit THEN c.rank END AS rank,
       CASE WHEN c.polarity <> 'neutral' AND NOT low_is_no_merit THEN c.rank_tied END AS rank_tied,
       c.rank AS position, CASE WHEN NOT c.base_hidden THEN c.of END AS of,
       CASE WHEN NOT low_is_no_merit THEN c.band ELSE '' END AS band,
       c.lower, c.upper, c.england, c.region_value, c.england_total, c.region_total,
       c.neighbours_mean, c.neighbours_median, c.neighbours_pooled, c.neighbours_count, c.neighbours_close,
       c.change, change_beside_unknown(c.change_verdict, c.polarity, low_is_no_merit OR coalesce(u.change > 0, false)) AS change_verdict,
       c.change_2, change_beside_unknown(c.change_2_verdict, c.polarity, low_is_no_merit OR coalesce(u.change_2 > 0, false)) AS change_2_verdict,
       c.change_5, change_beside_unknown(c.change_5_verdict, c.polarity, low_is_no_merit OR coalesce(u.change_5 > 0, false)) AS change_5_verdict,
       trend_beside_unknown(c.trend, c.polarity, low_is_no_merit OR trend_direction(u.trend) = 'increasing') AS trend,
       o.denominator < settings.small_cohort AS small_cohort, c.restated,
       u.share AS not_known_share, u.count AS not_known_count,
       coalesce(u.first_england, false) AS not_known_first_england,
       coalesce(u.first_region, false) AS not_known_first_region,
       coalesce(u.first_neighbours, false) AS not_known_first_neighbours,
       -- How that share moved over the same spans, where it may be why the figure did: both moves are more than chance,
       -- and in opposite directions.
       CASE WHEN moved_apart(c.change, c.change_verdict, u.change) THEN u.change END AS not_known_change,
       CASE WHEN moved_apart(c.change_2, c.change_2_verdict, u.change_2) THEN u.change_2 END AS not_known_change_2,
       CASE WHEN moved_apart(c.change_5, c.change_5_verdict, u.change_5) THEN u.change_5 END AS not_known_change_5,
       CASE trend_direction(u.trend)
            WHEN 'decreasing' THEN CASE trend_direction(c.trend) WHEN 'increasing' THEN 'decreasing' ELSE '' END
            WHEN 'increasing' THEN CASE trend_direction(c.trend) WHEN 'decreasing' THEN 'increasing' ELSE '' END
            ELSE '' END AS not_known_trend,
       -- Only a council's own figures have a target, and are rounded.
       NULL::DOUBLE AS target, NULL::DOUBLE AS rounded,
       verdict_beside_unknown(c.verdict_england, c.polarity, u.first_england) AS verdict_england,
       verdict_beside_unknown(c.verdict_region, c.polarity, u.first_region) AS verdict_region,
       verdict_beside_unknown(c.verdict_neighbours, c.polarity, u.first_neighbours) AS verdict_neighbours
FROM compared c
CROSS JOIN settings
JOIN observations o ON o.rowid = c.found
JOIN (SELECT place, areas.* FROM places JOIN areas USING (area_code)) a ON a.place = c.place
LEFT JOIN unknown u ON u.cell = c.cell AND u.place = c.place
-- As the figures stand in data/: an indicator's lie together, and its years in order.
ORDER BY c.found, c.place;
