-- How has one indicator changed over the years in each of an authority's ten statistical neighbours?
-- Parameters
--   indicator, age_group, authority (code)
-- Columns: one row per neighbour and annual period that England has, closest neighbour first, each by period
--   place        1 for the closest;  closeness  the department's word for it ("Very close")
--   area_code, area_name, period_end, basis, numerator, denominator, value, status ('missing' where there is no row)
--   joint        whether the figure is from a joint return
--   trend        over the five years to that period; '' where there are too few
--   own_value    the authority's value in that period
--   own_side     one of: higher, lower, same; this value compared with the authority's own, '' where one has none, and of totals
--                (rules/1_macros.sql)
--   newest       true in the last period
--   source, release
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH measured AS MATERIALIZED (
    SELECT * FROM figures
    WHERE indicator = $indicator AND age_group = $age_group AND layer = 'published'
),
ends AS (SELECT period_end, basis, source, release FROM measured WHERE level = 'england'),
own AS (SELECT period_end, value FROM measured WHERE area_code = $authority)
SELECT n.place, n.closeness, n.neighbour_code AS area_code, a.authority_name AS area_name,
       e.period_end, e.basis, f.numerator, f.denominator, f.value, coalesce(f.status, 'missing') AS status,
       coalesce(f.joint, false) AS joint, coalesce(f.trend, '') AS trend, o.value AS own_value,
       CASE WHEN is_total(i.unit, i.denominator_counts) THEN ''
            WHEN f.value > o.value THEN 'higher' WHEN f.value < o.value THEN 'lower' WHEN f.value = o.value THEN 'same'
            ELSE '' END AS own_side,
       e.period_end = max(e.period_end) OVER () AS newest,
       coalesce(f.source, e.source) AS source, coalesce(f.release, e.release) AS release
FROM neighbours n
JOIN indicators i ON i.id = $indicator
JOIN authorities a ON a.authority_code = n.neighbour_code
JOIN ends e ON e.period_end >= a.opened AND (a.closed IS NULL OR e.period_end <= a.closed)
LEFT JOIN measured f ON f.area_code = n.neighbour_code AND f.period_end = e.period_end
LEFT JOIN own o ON o.period_end = e.period_end
WHERE n.authority_code = $authority
ORDER BY n.place, e.period_end
