-- Every figure once, with its rank, band, comparators, interval, verdicts, change and trend beside it.
-- Reads: observations, indicators, areas, members, neighbours, superseded, settings. Makes: spread, figures.

-- A cell is what is compared: one indicator and age group in one period and layer.
CREATE TEMP TABLE cells AS
SELECT (row_number() OVER ())::INTEGER AS cell,
       (dense_rank() OVER (ORDER BY c.indicator, c.age_group, c.layer))::INTEGER AS series,
       c.*, i.polarity, i.interval = 'wilson' AS tested,
       CASE i.unit WHEN 'per_10000' THEN 10000 WHEN 'percent' THEN 100 ELSE 1 END AS factor, i.unit <> 'count' AS pooled
FROM (SELECT DISTINCT indicator, age_group, period_end, layer FROM observations) c
JOIN indicators i ON i.id = c.indicator;

CREATE TEMP TABLE places AS
SELECT (row_number() OVER ())::INTEGER AS place, area_code, level, region_code FROM areas;

-- A return is what is ranked: an authority's own, or a joint one, once. Numbers only: `found` leads back to the words.
CREATE TEMP TABLE returns AS
SELECT o.rowid AS found, c.cell, c.series, p.place, p.level = 'authority' AS of_authority,
       o.period_end, o.numerator, o.denominator, o.value
FROM observations o
JOIN cells c USING (indicator, age_group, period_end, layer)
JOIN places p USING (area_code);

-- No bands when more than a quarter tie for best, or when there are too few values to quarter.
CREATE TEMP TABLE spreads AS
SELECT cell, count(*) AS of, min(value) AS minimum,
       quantile_cont(value, 0.25) AS q25, quantile_cont(value, 0.5) AS median, quantile_cont(value, 0.75) AS q75,
       max(value) AS maximum,
       any_value(polarity) <> 'neutral' AND count(*) >= 4 AND 4 * count(*) FILTER (rank = 1) <= count(*) AS banded
FROM (SELECT cell, value, polarity,
             rank() OVER (PARTITION BY cell ORDER BY CASE polarity WHEN 'low' THEN value ELSE -value END) AS rank
      FROM returns JOIN cells USING (cell) WHERE of_authority AND value IS NOT NULL)
GROUP BY cell;

CREATE TABLE spread AS
SELECT c.indicator, c.age_group, c.period_end, c.layer, s.* EXCLUDE (cell)
FROM spreads s JOIN cells c USING (cell);

CREATE TEMP TABLE ranked AS
SELECT cell, place,
       rank() OVER (PARTITION BY cell ORDER BY CASE polarity WHEN 'low' THEN value ELSE -value END) AS rank,
       count(*) OVER (PARTITION BY cell, value) > 1 AS rank_tied
FROM returns JOIN cells USING (cell)
WHERE of_authority AND value IS NOT NULL;

-- Change and trend follow each return's own series of annual points; a quarter follows the same quarter of last year.
CREATE TEMP TABLE moving AS
SELECT cell, place, polarity,
       value - CASE WHEN p1 = m.period_end - INTERVAL 1 YEAR THEN v1 END AS change,
       CASE WHEN p1 = m.period_end - INTERVAL 1 YEAR AND v1 IS NOT NULL AND value IS NOT NULL THEN
            change_worded(CASE WHEN tested THEN two_proportion_z(numerator, denominator, n1, d1) END, polarity)
            ELSE '' END AS change_verdict,
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
             lag(period_end, 1) OVER s AS p1, lag(period_end, 4) OVER s AS p4,
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
SELECT cell, place, change, change_verdict,
       CASE WHEN five THEN trend_worded(
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

-- The neighbours' figure: each neighbouring return once, never the authority's own joint one.
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
       CASE WHEN count(*) >= 5 AND any_value(pooled) AND sum(denominator) > 0
            THEN any_value(factor) * sum(numerator) FILTER (denominator IS NOT NULL)
                 / sum(denominator) FILTER (numerator IS NOT NULL) END AS neighbours_pooled
FROM theirs t JOIN returns r ON r.place = t.return_place AND r.value IS NOT NULL JOIN cells c ON c.cell = r.cell
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

CREATE TABLE figures AS
WITH compared AS (
    SELECT o.indicator, o.age_group, a.area_code, a.area_name, a.level, a.region_code, a.region,
           o.period_end, o.frequency, o.basis, o.layer,
           o.numerator, o.denominator, o.value, o.published_value, o.status, o.source, o.release,
           c.polarity, s.joint,
           CASE WHEN c.polarity <> 'neutral' THEN r.rank END AS rank,
           CASE WHEN c.polarity <> 'neutral' THEN r.rank_tied END AS rank_tied,
           r.rank AS position, p.of,
           CASE WHEN r.rank IS NOT NULL AND p.banded
                THEN band(o.value, p.q25, p.median, p.q75, c.polarity) ELSE '' END AS band,
           CASE WHEN c.tested AND o.value IS NOT NULL
                THEN wilson_lower(o.numerator, o.denominator, c.factor) END AS lower,
           CASE WHEN c.tested AND o.value IS NOT NULL
                THEN wilson_upper(o.numerator, o.denominator, c.factor) END AS upper,
           e.value AS england, g.value AS region_value,
           n.neighbours_mean, n.neighbours_median, n.neighbours_pooled, coalesce(n.neighbours_count, 0) AS neighbours_count,
           t.change, coalesce(t.change_verdict, '') AS change_verdict, coalesce(t.trend, '') AS trend,
           o.denominator < settings.small_cohort AS small_cohort,
           z.cell IS NOT NULL AS restated,
           -- Only a council's own figures have a target.
           NULL::DOUBLE AS target
    FROM shown s
    CROSS JOIN settings
    JOIN observations o ON o.rowid = s.found
    JOIN cells c ON c.cell = s.cell
    JOIN (SELECT place, areas.* FROM places JOIN areas USING (area_code)) a ON a.place = s.place
    LEFT JOIN spreads p ON p.cell = s.cell
    LEFT JOIN ranked r ON r.cell = s.cell AND r.place = s.return_place
    LEFT JOIN trends t ON t.cell = s.cell AND t.place = s.return_place
    LEFT JOIN (SELECT cell, value FROM returns JOIN places USING (place) WHERE level = 'england') e ON e.cell = s.cell
    LEFT JOIN (SELECT cell, area_code, value FROM returns JOIN places USING (place) WHERE level = 'region') g
           ON g.cell = s.cell AND g.area_code = a.region_code
    LEFT JOIN neighbouring n ON n.cell = s.cell AND n.place = s.place
    LEFT JOIN restatements z ON z.cell = s.cell AND z.place = s.return_place
)
SELECT *,
       verdict(lower, upper, england, polarity) AS verdict_england,
       verdict(lower, upper, region_value, polarity) AS verdict_region,
       verdict(lower, upper, neighbours_mean, polarity) AS verdict_neighbours
FROM compared;
