-- Every figure once, with its rank, band, comparators, interval, verdicts, change and trend.
-- Reads: observations, indicators, areas, members, neighbours, superseded, settings. Makes: spread, nearness, hidden_bases,
-- figures.

-- A cell is what is compared: one indicator and age group in one period and layer. A place in a cell has one number, its
-- slot: `slots` of the cell + `place`. Looking up one integer is several times as fast as two, or as text.
CREATE TEMP TABLE cells AS
SELECT (row_number() OVER ())::INTEGER AS cell, (cell * (SELECT count(*) + 1 FROM areas))::INTEGER AS slots,
       (dense_rank() OVER (ORDER BY c.indicator, c.age_group, c.layer))::INTEGER AS series,
       c.*, i.polarity, i.interval = 'wilson' AS tested,
       CASE i.unit WHEN 'per_10000' THEN 10000 WHEN 'percent' THEN 100 ELSE 1 END AS factor,
       is_total(i.unit, i.denominator_counts) AS total
FROM (SELECT DISTINCT indicator, age_group, period_end, layer FROM observations) c
JOIN indicators i ON i.id = c.indicator;

-- How many of an authority's neighbours count: those that the model does not call "Not close".
CREATE TABLE nearness AS
SELECT authority_code AS area_code, count(*) AS listed, count(*) FILTER (closeness <> 'Not close') AS near,
       near >= fewest_averaged() AS neighbours_close
FROM neighbours GROUP BY authority_code;

CREATE TEMP TABLE places AS
WITH numbered AS (SELECT (row_number() OVER ())::INTEGER AS place, area_code, level, region_code FROM areas)
SELECT p.*, r.place AS region_place, coalesce(k.neighbours_close, true) AS neighbours_close
FROM numbered p
LEFT JOIN numbered r ON r.area_code = p.region_code AND r.level = 'region'
LEFT JOIN nearness k ON k.area_code = p.area_code;

-- The cell of those whose answer to the same question is not known (0 where there is none), and those of one, two,
-- four and five years before.
CREATE TEMP TABLE related_cells AS
SELECT c.cell, coalesce(n.slots, 0) AS not_known,
       c1.slots AS slots_1, c2.slots AS slots_2, c4.slots AS slots_4, c5.slots AS slots_5
FROM cells c
JOIN indicators i ON i.id = c.indicator
LEFT JOIN cells n ON n.indicator = i.not_known AND n.age_group = c.age_group AND n.period_end = c.period_end AND n.layer = c.layer
LEFT JOIN cells c1 ON c1.series = c.series AND c1.period_end = c.period_end - INTERVAL 1 YEAR
LEFT JOIN cells c2 ON c2.series = c.series AND c2.period_end = c.period_end - INTERVAL 2 YEAR
LEFT JOIN cells c4 ON c4.series = c.series AND c4.period_end = c.period_end - INTERVAL 4 YEAR
LEFT JOIN cells c5 ON c5.series = c.series AND c5.period_end = c.period_end - INTERVAL 5 YEAR;

-- Returns are what is ranked: an authority's own, or a joint one once. Numbers only: `found` leads back to the text
-- columns. Where a source gives bases in a cell, a figure without one has a hidden base: it is shown, but not compared.
CREATE TEMP TABLE returns AS
SELECT * EXCLUDE (source, tested, factor),
       value IS NOT NULL AND denominator IS NULL
           AND count(denominator) FILTER (of_authority) OVER (PARTITION BY cell, source) > 0 AS base_hidden,
       CASE WHEN NOT base_hidden THEN value END AS compared,
       CASE WHEN tested AND value IS NOT NULL THEN wilson_lower(numerator, denominator, factor) END AS lower,
       CASE WHEN tested AND value IS NOT NULL THEN wilson_upper(numerator, denominator, factor) END AS upper
FROM (SELECT o.rowid::INTEGER AS found, c.cell, p.place, p.level = 'authority' AS of_authority, c.tested, c.factor,
             o.period_end, o.numerator, o.denominator, o.value, o.source
      FROM observations o
      JOIN cells c USING (indicator, age_group, period_end, layer)
      JOIN places p USING (area_code));

-- Figures with a hidden base, by their text keys, for queries that read the observations directly.
CREATE TABLE hidden_bases AS
SELECT c.indicator, c.age_group, p.area_code, c.period_end, c.layer
FROM returns JOIN cells c USING (cell) JOIN places p USING (place) WHERE base_hidden;

CREATE TEMP TABLE ranked AS
SELECT cell, found, compared, polarity, rank() OVER best_first AS rank,
       -- Returns with the same position tie: they have the same value.
       count(*) OVER (best_first RANGE BETWEEN CURRENT ROW AND CURRENT ROW) > 1 AS rank_tied
FROM (SELECT cell, found, compared, polarity, CASE polarity WHEN 'low' THEN compared ELSE -compared END AS merit
      FROM returns JOIN cells USING (cell)
      WHERE of_authority AND compared IS NOT NULL)
WINDOW best_first AS (PARTITION BY cell ORDER BY merit);

-- No bands when more than a quarter tie for best, or when there are too few values to quarter.
CREATE TEMP TABLE spreads AS
SELECT cell, count(*) AS of, min(compared) AS minimum,
       quantile_cont(compared, 0.25) AS q25, quantile_cont(compared, 0.5) AS median,
       quantile_cont(compared, 0.75) AS q75, max(compared) AS maximum,
       any_value(polarity) <> 'neutral' AND count(*) >= fewest_quartered() AND 4 * count(*) FILTER (rank = 1) <= count(*) AS banded
FROM ranked
GROUP BY cell;

CREATE TABLE spread AS
SELECT c.indicator, c.age_group, c.period_end, c.layer, s.* EXCLUDE (cell)
FROM spreads s JOIN cells c USING (cell);

-- Each return follows the earlier ones in its own line of annual points; a quarter follows the same quarter of last year.
-- slot_1 … slot_5 are its slots one to five years earlier.
CREATE TEMP TABLE lines AS
SELECT r.found, r.cell, r.place, r.base_hidden, r.value, r.compared, r.lower, r.upper, r.numerator, r.denominator, k.rank, k.rank_tied,
       c.slots + r.place AS slot,
       b.slots_1 + r.place AS slot_1, b.slots_2 + r.place AS slot_2,
       b.slots_4 + r.place AS slot_4, b.slots_5 + r.place AS slot_5
FROM returns r
JOIN cells c ON c.cell = r.cell
JOIN related_cells b ON b.cell = r.cell
LEFT JOIN ranked k ON k.found = r.found
ORDER BY c.series, r.place, month(r.period_end), r.period_end;

-- A joint return is shown for each of its members.
CREATE TEMP TABLE joint_members AS
SELECT j.place AS return_place, m.place, m.area_code
FROM members JOIN places j ON j.area_code = members.joint_code JOIN places m ON m.area_code = members.authority_code;

-- The places that a return is shown for, as a list in order, indexed by the return's own place.
CREATE TEMP TABLE return_places AS
SELECT list(shown ORDER BY place) AS places
FROM (SELECT return_place AS place, list(place ORDER BY place) AS shown FROM joint_members GROUP BY return_place
      UNION ALL
      SELECT place, [place] FROM places WHERE place NOT IN (SELECT return_place FROM joint_members));

-- Change: each return compared with itself one, two and five years earlier. Trend: over five annual points without a gap,
-- all with counts. One row for each place that shows the return, in the order of data/.
CREATE TEMP TABLE moves AS
WITH preceded AS (
    SELECT *,
           -- Rows are taken in stored order, to avoid another sort. The row k back may belong to another line or, where
           -- years are missing, to an earlier year: its slot shows which.
           lag(slot, 1) OVER () AS s1, lag(slot, 2) OVER () AS s2, lag(slot, 3) OVER () AS s3,
           lag(slot, 4) OVER () AS s4, lag(slot, 5) OVER () AS s5,
           lag(compared, 1) OVER () AS v1, lag(compared, 2) OVER () AS v2, lag(compared, 3) OVER () AS v3,
           lag(compared, 4) OVER () AS v4, lag(compared, 5) OVER () AS v5,
           lag(numerator, 1) OVER () AS n1, lag(numerator, 2) OVER () AS n2, lag(numerator, 3) OVER () AS n3,
           lag(numerator, 4) OVER () AS n4, lag(numerator, 5) OVER () AS n5,
           lag(denominator, 1) OVER () AS d1, lag(denominator, 2) OVER () AS d2, lag(denominator, 3) OVER () AS d3,
           lag(denominator, 4) OVER () AS d4, lag(denominator, 5) OVER () AS d5
    FROM lines
),
measured AS (
    SELECT preceded.*, polarity,
           compared - CASE slot_1 WHEN s1 THEN v1 END AS change,
           compared - CASE slot_2 WHEN s2 THEN v2 WHEN s1 THEN v1 END AS change_2,
           compared - CASE slot_5 WHEN s5 THEN v5 WHEN s4 THEN v4 WHEN s3 THEN v3 WHEN s2 THEN v2 WHEN s1 THEN v1 END AS change_5,
           CASE WHEN tested THEN CASE slot_1
               WHEN s1 THEN two_proportion_z(numerator, denominator, n1, d1) END END AS z,
           CASE WHEN tested THEN CASE slot_2
               WHEN s2 THEN two_proportion_z(numerator, denominator, n2, d2)
               WHEN s1 THEN two_proportion_z(numerator, denominator, n1, d1) END END AS z_2,
           CASE WHEN tested THEN CASE slot_5
               WHEN s5 THEN two_proportion_z(numerator, denominator, n5, d5)
               WHEN s4 THEN two_proportion_z(numerator, denominator, n4, d4)
               WHEN s3 THEN two_proportion_z(numerator, denominator, n3, d3)
               WHEN s2 THEN two_proportion_z(numerator, denominator, n2, d2)
               WHEN s1 THEN two_proportion_z(numerator, denominator, n1, d1) END END AS z_5,
           tested AND s4 = slot_4 AND compared + v1 + v2 + v3 + v4 IS NOT NULL
                AND least(denominator, d1, d2, d3, d4) > 0
                AND numerator + n1 + n2 + n3 + n4 + denominator + d1 + d2 + d3 + d4 IS NOT NULL AS five,
           n4 + n3 + n2 + n1 + numerator AS sum_y,
           d4 + d3 + d2 + d1 + denominator AS sum_n,
           2 * (numerator - n4) + (n1 - n3) AS sum_ty,
           2 * (denominator - d4) + (d1 - d3) AS sum_tn,
           4 * (denominator + d4) + (d1 + d3) AS sum_ttn
    FROM preceded JOIN cells USING (cell)
)
SELECT found, cell, place AS return_place, unnest(return_places.places[place]) AS place, base_hidden, numerator, denominator, value,
       lower, upper, rank, rank_tied, change, change_2, change_5,
       CASE WHEN change IS NULL THEN '' ELSE change_verdict(z, polarity, least_z) END AS change_verdict,
       CASE WHEN change_2 IS NULL THEN '' ELSE change_verdict(z_2, polarity, least_z) END AS change_2_verdict,
       CASE WHEN change_5 IS NULL THEN '' ELSE change_verdict(z_5, polarity, least_z) END AS change_5_verdict,
       CASE WHEN five THEN trend(
           CASE WHEN trend_chi_squared(sum_ty, sum_tn, sum_ttn, sum_y, sum_n) > 9.55
                 AND sign(slope_score(sum_ty + 2 * n4, sum_tn + 2 * d4, sum_y - n4, sum_n - d4)) = score_sign
                 AND sign(slope_score(sum_ty + n3, sum_tn + d3, sum_y - n3, sum_n - d3)) = score_sign
                 AND sign(slope_score(sum_ty, sum_tn, sum_y - n2, sum_n - d2)) = score_sign
                 AND sign(slope_score(sum_ty - n1, sum_tn - d1, sum_y - n1, sum_n - d1)) = score_sign
                 AND sign(slope_score(sum_ty - 2 * numerator, sum_tn - 2 * denominator, sum_y - numerator, sum_n - denominator)) = score_sign
                THEN CASE WHEN score_sign > 0 THEN 'increasing' ELSE 'decreasing' END
                ELSE '' END, polarity)
       ELSE '' END AS trend
FROM (SELECT *, holm_least(z, z_2, z_5) AS least_z,
             CASE WHEN five THEN sign(slope_score(sum_ty, sum_tn, sum_y, sum_n)) END AS score_sign
      FROM measured)
CROSS JOIN return_places
ORDER BY found, place;

-- The neighbours' figure (not for totals), calculated as in the department's own tool, which includes figures with hidden
-- bases. Each neighbouring return counts once, and never the authority's own joint one.
CREATE TEMP TABLE neighbouring AS
WITH theirs AS (
    SELECT DISTINCT own.place, coalesce(s.return_place, theirs.place) AS return_place
    FROM neighbours n
    JOIN places own ON own.area_code = n.authority_code
    JOIN places theirs ON theirs.area_code = n.neighbour_code
    LEFT JOIN (SELECT place, return_place FROM joint_members UNION ALL SELECT place, place FROM places) s
           ON s.place = theirs.place
    WHERE NOT EXISTS (SELECT 1 FROM joint_members mine WHERE mine.place = own.place AND mine.return_place = s.return_place)
)
SELECT slots + place AS slot, neighbours_count,
       CASE WHEN neighbours_count >= fewest_averaged() THEN mean END AS neighbours_mean,
       CASE WHEN neighbours_count >= fewest_averaged() THEN middle END AS neighbours_median,
       CASE WHEN neighbours_count >= fewest_averaged() AND sum_d > 0 THEN factor * sum_n / sum_d_counted END AS neighbours_pooled
FROM (SELECT r.cell, t.place, count(*) AS neighbours_count, avg(value) AS mean, median(value) AS middle,
             sum(denominator) AS sum_d,
             sum(numerator) FILTER (denominator IS NOT NULL) AS sum_n,
             sum(denominator) FILTER (numerator IS NOT NULL) AS sum_d_counted
      FROM theirs t JOIN returns r ON r.place = t.return_place AND r.value IS NOT NULL
      WHERE r.cell NOT IN (SELECT cell FROM cells WHERE total)
      GROUP BY t.place, r.cell)
JOIN cells USING (cell);

-- Add a row for every place none of whose neighbours has a comparable figure.
INSERT INTO neighbouring BY NAME
SELECT slots + place AS slot, 0 AS neighbours_count FROM cells CROSS JOIN places
WHERE slots + place NOT IN (SELECT slot FROM neighbouring);

CREATE TEMP TABLE restatements AS
SELECT DISTINCT c.slots + p.place AS slot
FROM superseded JOIN cells c USING (indicator, age_group, period_end, layer) JOIN places p USING (area_code)
-- A later publication without counts ranks below the figure: it is recorded, but does not make the figure restated.
WHERE superseded.release < superseded.superseded_by;

-- From here on the figures keep the order of data/ (an indicator's together, its years in order), because sorting rows this
-- wide is slow. Joins run as written, so that the order of the first table is kept. That works only if every figure has one
-- row in each table joined, found by one integer: a LEFT JOIN would put figures without a row after the others.
SET disabled_optimizers = 'join_order,build_side_probe_side';

-- What all figures in a cell have in common.
CREATE TEMP TABLE cell_context AS
SELECT c.cell, c.slots, c.polarity, s.* EXCLUDE (cell),
       CASE WHEN NOT c.total THEN e.value END AS england, CASE WHEN c.total THEN e.value END AS england_total
FROM cells c
LEFT JOIN spreads s ON s.cell = c.cell
LEFT JOIN (SELECT r.cell, r.value FROM returns r JOIN places p ON p.place = r.place WHERE p.level = 'england') e ON e.cell = c.cell;

-- The region's figure; place 0 stands for areas that are in no region.
CREATE TEMP TABLE regional AS
SELECT c.slots + p.place AS slot,
       CASE WHEN NOT c.total THEN r.value END AS region_value, CASE WHEN c.total THEN r.value END AS region_total
FROM cells c
CROSS JOIN (SELECT place FROM places WHERE level = 'region' UNION ALL SELECT 0) p
LEFT JOIN (SELECT r.cell, r.place, r.value FROM returns r JOIN places p ON p.place = r.place WHERE p.level = 'region') r
       ON r.cell = c.cell AND r.place = p.place;

CREATE TEMP TABLE compared AS
SELECT o.found, o.cell, o.place, c.slots + o.place AS slot, o.return_place <> o.place AS joint, c.polarity, o.rank, o.rank_tied, c.of, o.base_hidden,
       o.numerator, o.value, o.denominator < settings.small_cohort AS small_group,
       CASE WHEN o.rank IS NOT NULL AND c.banded
            THEN band(o.value, c.q25, c.median, c.q75, c.polarity) ELSE '' END AS band,
       o.lower, o.upper, c.england, c.england_total, g.region_value, g.region_total,
       n.neighbours_mean, n.neighbours_median, n.neighbours_pooled, n.neighbours_count, a.neighbours_close,
       o.change, o.change_verdict, o.change_2, o.change_2_verdict, o.change_5, o.change_5_verdict, o.trend,
       c.slots + o.return_place IN (SELECT slot FROM restatements) AS restated,
       verdict_of_group(verdict(o.lower, o.upper, c.england, c.polarity), small_group) AS verdict_england,
       verdict_of_group(verdict(o.lower, o.upper, g.region_value, c.polarity), small_group) AS verdict_region,
       CASE WHEN a.neighbours_close
            THEN verdict_of_group(verdict(o.lower, o.upper, n.neighbours_mean, c.polarity), small_group) ELSE '' END AS verdict_neighbours
FROM moves o
CROSS JOIN settings
JOIN cell_context c ON c.cell = o.cell
JOIN places a ON a.place = o.place
JOIN regional g ON g.slot = c.slots + coalesce(a.region_place, 0)
JOIN neighbouring n ON n.slot = c.slots + o.place;

-- How many are not known in the same cohort, and whether to report that before the figure itself.
CREATE TEMP TABLE unknown AS
SELECT k.slot, u.value AS share, u.numerator AS count, u.trend,
       not_known_first(u.value, u.verdict_england) AS first_england,
       not_known_first(u.value, u.verdict_region) AS first_region,
       not_known_first(u.value, u.verdict_neighbours) AS first_neighbours,
       CASE WHEN u.change_verdict <> 'no_clear_change' THEN u.change END AS change,
       CASE WHEN u.change_2_verdict <> 'no_clear_change' THEN u.change_2 END AS change_2,
       CASE WHEN u.change_5_verdict <> 'no_clear_change' THEN u.change_5 END AS change_5
FROM (SELECT b.not_known + p.place AS slot FROM (SELECT DISTINCT not_known FROM related_cells) b CROSS JOIN places p) k
LEFT JOIN (SELECT * FROM compared WHERE NOT base_hidden AND slot - place IN (SELECT not_known FROM related_cells)) u ON u.slot = k.slot;

-- The text columns of every figure shown, row for row with `compared`.
CREATE TEMP TABLE worded AS
SELECT o.rowid::INTEGER AS found, o.* EXCLUDE (area_code, numerator, value), unnest(coalesce(joint.shown[o.area_code], [1])) AS turn
FROM observations o
CROSS JOIN (SELECT map_from_entries(list((p.area_code, return_places.places[p.place]))) AS shown
            FROM places p CROSS JOIN return_places WHERE len(return_places.places[p.place]) > 1) joint
WHERE o.rowid IN (SELECT found FROM returns);

CREATE TABLE figures AS
SELECT o.indicator, o.age_group, a.area_code, a.area_name, a.level, a.region_code, a.region,
       o.period_end, o.frequency, o.basis, o.layer,
       c.numerator, o.denominator, c.value, o.published_value, o.status, o.source, o.release,
       c.polarity, c.joint, c.base_hidden,
       -- Such a figure keeps its position, so that no other authority moves up, but its rank is not shown.
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
       c.small_group AS small_cohort, c.restated,
       u.share AS not_known_share, u.count AS not_known_count,
       coalesce(u.first_england, false) AS not_known_first_england,
       coalesce(u.first_region, false) AS not_known_first_region,
       coalesce(u.first_neighbours, false) AS not_known_first_neighbours,
       -- How that share moved over the same spans, where that may explain the figure's change: both moves are more than
       -- chance, and in opposite directions.
       CASE WHEN opposite_changes(c.change, c.change_verdict, u.change) THEN u.change END AS not_known_change,
       CASE WHEN opposite_changes(c.change_2, c.change_2_verdict, u.change_2) THEN u.change_2 END AS not_known_change_2,
       CASE WHEN opposite_changes(c.change_5, c.change_5_verdict, u.change_5) THEN u.change_5 END AS not_known_change_5,
       CASE trend_direction(u.trend)
            WHEN 'decreasing' THEN CASE trend_direction(c.trend) WHEN 'increasing' THEN 'decreasing' ELSE '' END
            WHEN 'increasing' THEN CASE trend_direction(c.trend) WHEN 'decreasing' THEN 'increasing' ELSE '' END
            ELSE '' END AS not_known_trend,
       -- Only a council's own figures have targets and are rounded.
       NULL::DOUBLE AS target, NULL::DOUBLE AS rounded,
       verdict_beside_unknown(c.verdict_england, c.polarity, u.first_england) AS verdict_england,
       verdict_beside_unknown(c.verdict_region, c.polarity, u.first_region) AS verdict_region,
       verdict_beside_unknown(c.verdict_neighbours, c.polarity, u.first_neighbours) AS verdict_neighbours
FROM worded o
POSITIONAL JOIN compared c
JOIN (SELECT place, areas.* FROM places JOIN areas USING (area_code)) a ON a.place = c.place
JOIN related_cells b ON b.cell = c.cell
JOIN unknown u ON u.slot = b.not_known + c.place
-- Stop with an error rather than join rows that belong to different figures.
WHERE CASE WHEN o.found = c.found THEN true ELSE error('worded and compared are not in the same order')::BOOLEAN END;

RESET disabled_optimizers;
