-- What the home page needs for every authority, made once: each series as a line of years, and the newest headline figures,
-- with a row even where the authority has none. Where a headline figure leaves out those not known, they have rows too.
-- Reads: figures, spread, whole_periods, nearness, indicators, authorities, regions. Makes: held, headlines.

CREATE TEMP TABLE glanced AS
SELECT rowid AS position, *, headline = 'yes' AS is_headline FROM indicators
WHERE headline = 'yes' OR id IN (SELECT not_known FROM indicators WHERE headline = 'yes');

-- Every annual period that England has, so that a year without a figure is a gap and not a shorter line; and any later
-- ones that only the area has.
CREATE TEMP TABLE series AS
WITH wanted AS (SELECT id AS indicator FROM glanced),
national AS (
    SELECT indicator, age_group, list(period_end ORDER BY period_end) AS ends
    FROM figures SEMI JOIN wanted USING (indicator)
    WHERE level = 'england' AND layer = 'published' AND frequency = 'year' GROUP BY ALL
),
own AS (
    SELECT indicator, age_group, area_code, map_from_entries(list((period_end, value))) AS found
    FROM figures SEMI JOIN wanted USING (indicator)
    WHERE layer = 'published' AND frequency = 'year' GROUP BY ALL
)
SELECT indicator, age_group, area_code, ends,
       list_transform(ends, lambda d: year(d)) AS years,
       list_transform(ends, lambda d: found[d]) AS values
FROM (SELECT own.*, list_concat(n.ends, list_sort(list_filter(map_keys(found), lambda d: d > n.ends[-1]))) AS ends
      FROM own JOIN national n USING (indicator, age_group));

-- The first and last period held for the country on each indicator, hidden figures included; years before it was collected
-- are filled with status 'z'.
CREATE TABLE held AS
SELECT indicator, min(period_end) AS first_period, max(period_end) AS latest_period,
       arg_max(release, (period_end, release)) AS release
FROM figures SEMI JOIN whole_periods USING (indicator, age_group, layer, period_end)
WHERE status NOT IN ('missing', 'z') GROUP BY indicator;

-- The columns that every row has, whether or not the authority has a figure. A table, so that DuckDB knows it is short
-- compared with the figures looked up for it.
CREATE TEMP TABLE frame AS
WITH wanted AS (
    SELECT i.*, unnest(string_split(i.age_groups, ';')) AS age_group FROM glanced i
),
newest AS (
    SELECT indicator, age_group, max(period_end) AS period_end
    FROM spread SEMI JOIN whole_periods USING (indicator, age_group, layer, period_end)
    WHERE layer = 'published' GROUP BY ALL
),
-- An authority that exists is shown in the newest period even when it has no figure; an abolished one in its last.
last AS (
    SELECT indicator, age_group, area_code, max(period_end) AS period_end
    FROM figures JOIN authorities ON authority_code = area_code AND closed IS NOT NULL
    WHERE layer = 'published' GROUP BY ALL
),
-- Figures that hardly any other authority has yet are shown for the authorities that have them.
early AS (
    SELECT indicator, age_group, area_code, max(period_end) AS period_end
    FROM figures ANTI JOIN whole_periods USING (indicator, age_group, layer, period_end)
    WHERE layer = 'published' AND status NOT IN ('z', 'missing') GROUP BY ALL
),
asked AS (
    SELECT n.indicator, n.age_group, a.authority_code AS area_code,
           CASE WHEN a.closed IS NULL THEN greatest(n.period_end, x.period_end) ELSE l.period_end END AS period_end
    FROM newest n CROSS JOIN authorities a
    LEFT JOIN last l ON l.indicator = n.indicator AND l.age_group = n.age_group AND l.area_code = a.authority_code
    LEFT JOIN early x ON x.indicator = n.indicator AND x.age_group = n.age_group AND x.area_code = a.authority_code
),
national AS MATERIALIZED (
    SELECT indicator, age_group, period_end, basis, layer, source, release, england, england_total
    FROM figures WHERE level = 'england' AND layer = 'published'
)
SELECT w.*, a.area_code, a.period_end, e.england, e.england_total,
       e.basis AS e_basis, e.layer AS e_layer, e.source AS e_source, e.release AS e_release,
       p.of, p.minimum, p.q25, p.median, p.q75, p.maximum, s.ends, s.years AS e_years
FROM asked a
JOIN wanted w ON w.id = a.indicator AND w.age_group = a.age_group
LEFT JOIN national e ON e.indicator = a.indicator AND e.age_group = a.age_group AND e.period_end = a.period_end
JOIN (SELECT * FROM spread WHERE layer = 'published') p
     ON p.indicator = a.indicator AND p.age_group = a.age_group AND p.period_end = a.period_end
JOIN (SELECT series.* FROM series SEMI JOIN (SELECT region_code FROM regions WHERE level = 'england') n
      ON series.area_code = n.region_code) s
     ON s.indicator = a.indicator AND s.age_group = a.age_group;

CREATE TABLE headlines AS
WITH held AS MATERIALIZED (
    SELECT f.* FROM figures f SEMI JOIN frame k
        ON k.id = f.indicator AND k.age_group = f.age_group AND k.period_end = f.period_end AND k.area_code = f.area_code
    WHERE f.level = 'authority' AND f.layer = 'published'
)
SELECT w.position, w.is_headline, w.id AS indicator, w.title, w.short_title, w.phrase, w.theme, w.family, w.adds_up, w.unit, w.polarity, w.decimals, w.interval,
       w.age_group, w.numerator_counts, w.denominator_counts,
       w.area_code, w.period_end,
       list_max(list_filter(w.ends, lambda d: d < w.period_end)) AS previous_period,
       f.numerator, f.denominator, f.value, f.published_value,
       coalesce(f.status, 'missing') AS status, coalesce(f.basis, w.e_basis) AS basis,
       coalesce(f.layer, w.e_layer) AS layer, coalesce(f.source, w.e_source) AS source,
       coalesce(f.release, w.e_release) AS release,
       f.rank, f.rank_tied, w.of, coalesce(f.band, '') AS band, f.lower, f.upper,
       coalesce(f.small_cohort, false) AS small_cohort, coalesce(f.restated, false) AS restated,
       coalesce(f.joint, false) AS joint,
       w.england, w.england_total, f.region_value, f.neighbours_mean, f.neighbours_median, f.neighbours_pooled,
       f.neighbours_count, coalesce(f.neighbours_close, k.neighbours_close, true) AS neighbours_close,
       f.verdict_england, f.verdict_region, f.verdict_neighbours,
       f.change, coalesce(f.change_verdict, '') AS change_verdict, coalesce(f.trend, '') AS trend,
       f.change_2, coalesce(f.change_2_verdict, '') AS change_2_verdict,
       f.change_5, coalesce(f.change_5_verdict, '') AS change_5_verdict,
       f.not_known_share, f.not_known_count, f.not_known_change, f.not_known_change_2, f.not_known_change_5, coalesce(f.not_known_trend, '') AS not_known_trend,
       coalesce(f.base_hidden, false) AS base_hidden, coalesce(f.low_is_no_merit, false) AS low_is_no_merit,
       f.not_known_first_england, f.not_known_first_region, f.not_known_first_neighbours,
       w.not_known,
       w.minimum, w.q25, w.median, w.q75, w.maximum,
       coalesce(t.years, w.e_years) AS years,
       coalesce(t.values, list_transform(w.e_years, lambda y: NULL::DOUBLE)) AS values
FROM frame w
LEFT JOIN held f
       ON f.indicator = w.id AND f.age_group = w.age_group AND f.period_end = w.period_end AND f.area_code = w.area_code
LEFT JOIN nearness k ON k.area_code = w.area_code
LEFT JOIN series t ON t.indicator = w.id AND t.age_group = w.age_group AND t.area_code = w.area_code;
