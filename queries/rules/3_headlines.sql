-- What the home page asks of every authority, made once: each series as a line of years, and the newest headline
-- figures with a row even where the authority has none.
-- Reads: figures, spread, indicators, authorities, regions. Makes: series, held, headlines.

-- Every annual period that England has, so that a year without a figure is a gap and not a shorter line.
CREATE TABLE series AS
WITH national AS (
    SELECT indicator, age_group, list(period_end ORDER BY period_end) AS ends
    FROM figures WHERE level = 'england' AND layer = 'published' AND frequency = 'year' GROUP BY ALL
),
own AS (
    SELECT indicator, age_group, area_code, map_from_entries(list((period_end, value))) AS found
    FROM figures WHERE layer = 'published' AND frequency = 'year' GROUP BY ALL
)
SELECT indicator, age_group, area_code, ends,
       list_transform(ends, lambda d: year(d)) AS years,
       list_transform(ends, lambda d: found[d]) AS values
FROM own JOIN national USING (indicator, age_group);

-- The span of what is held of each indicator, hidden figures included; 'z' fills the years before it was collected.
CREATE TABLE held AS
SELECT indicator, min(period_end) AS first_period, max(period_end) AS latest_period,
       arg_max(release, (period_end, release)) AS release
FROM figures WHERE status NOT IN ('missing', 'z') GROUP BY indicator;

CREATE TABLE headlines AS
WITH wanted AS (
    SELECT i.rowid AS position, i.*, unnest(string_split(i.age_groups, ';')) AS age_group
    FROM indicators i WHERE i.headline = 'yes'
),
newest AS (
    SELECT indicator, age_group, max(period_end) AS period_end FROM spread WHERE layer = 'published' GROUP BY ALL
),
-- An authority that exists is shown in the newest period even when it has no figure; an abolished one in its last.
last AS (
    SELECT indicator, age_group, area_code, max(period_end) AS period_end
    FROM figures JOIN authorities ON authority_code = area_code AND closed IS NOT NULL
    WHERE layer = 'published' GROUP BY ALL
),
asked AS (
    SELECT n.indicator, n.age_group, a.authority_code AS area_code,
           CASE WHEN a.closed IS NULL THEN n.period_end ELSE l.period_end END AS period_end
    FROM newest n CROSS JOIN authorities a
    LEFT JOIN last l ON (l.indicator, l.age_group, l.area_code) = (n.indicator, n.age_group, a.authority_code)
),
national AS MATERIALIZED (
    SELECT indicator, age_group, period_end, basis, layer, source, release, value
    FROM figures WHERE level = 'england' AND layer = 'published'
),
held AS MATERIALIZED (
    SELECT f.* FROM figures f
    SEMI JOIN asked a ON (a.indicator, a.age_group, a.period_end) = (f.indicator, f.age_group, f.period_end)
    WHERE f.level = 'authority' AND f.layer = 'published'
)
SELECT w.position, w.id AS indicator, w.title, w.short_title, w.phrase, w.theme, w.unit, w.polarity, w.decimals, w.interval,
       w.age_group, w.numerator_counts, w.denominator_counts,
       a.area_code, a.period_end,
       list_max(list_filter(s.ends, lambda d: d < a.period_end)) AS previous_period,
       f.numerator, f.denominator, f.value, f.published_value,
       coalesce(f.status, 'missing') AS status, coalesce(f.basis, e.basis) AS basis,
       coalesce(f.layer, e.layer) AS layer, coalesce(f.source, e.source) AS source,
       coalesce(f.release, e.release) AS release,
       f.rank, f.rank_tied, p.of, coalesce(f.band, '') AS band, f.lower, f.upper,
       coalesce(f.small_cohort, false) AS small_cohort, coalesce(f.restated, false) AS restated,
       coalesce(f.joint, false) AS joint,
       e.value AS england, f.region_value, f.neighbours_mean, f.neighbours_median, f.neighbours_pooled,
       f.neighbours_count, f.verdict_england, f.verdict_region, f.verdict_neighbours,
       f.change, coalesce(f.change_verdict, '') AS change_verdict, coalesce(f.trend, '') AS trend,
       p.minimum, p.q25, p.median, p.q75, p.maximum,
       coalesce(t.years, s.years) AS years,
       coalesce(t.values, list_transform(s.years, lambda y: NULL::DOUBLE)) AS values
FROM wanted w
JOIN asked a ON a.indicator = w.id AND a.age_group = w.age_group AND a.period_end IS NOT NULL
JOIN regions n ON n.level = 'england'
JOIN national e ON (e.indicator, e.age_group, e.period_end) = (w.id, w.age_group, a.period_end)
JOIN spread p ON (p.indicator, p.age_group, p.period_end, p.layer) = (w.id, w.age_group, a.period_end, 'published')
JOIN series s ON (s.indicator, s.age_group, s.area_code) = (w.id, w.age_group, n.region_code)
LEFT JOIN held f ON (f.indicator, f.age_group, f.period_end, f.area_code)
                  = (w.id, w.age_group, a.period_end, a.area_code)
LEFT JOIN series t ON (t.indicator, t.age_group, t.area_code) = (w.id, w.age_group, a.area_code);
