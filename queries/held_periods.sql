-- Which measures are there, and for which layers and periods are authorities' figures held?
-- Parameters
--   indicator, age_group   '' for all
-- Columns: one row per indicator, age group, layer and period, in the order of the catalogue, newest period first
--   indicator, age_group, title
--   layer        'published', 'provisional' or 'final'; '' where nothing is held
--   period_end   NULL where nothing is held
--   authorities  how many have a figure, hidden ones included
--   whole        whether it covers the country; false for local figures
WITH ages AS (
    SELECT rowid AS position, id AS indicator, title, unnest(string_split(age_groups, ';')) AS age_group FROM indicators
),
held AS (
    SELECT f.indicator, f.age_group, f.layer, f.period_end, count(DISTINCT f.area_code) AS authorities
    FROM figures f
    WHERE f.level = 'authority' AND f.status NOT IN ('z', 'missing') AND ($indicator = '' OR f.indicator = $indicator)
    GROUP BY ALL
)
SELECT a.indicator, a.age_group, a.title, coalesce(h.layer, '') AS layer, h.period_end,
       coalesce(h.authorities, 0) AS authorities, h.layer = 'published' AND w.period_end IS NOT NULL AS whole
FROM ages a
LEFT JOIN held h ON h.indicator = a.indicator AND h.age_group = a.age_group
LEFT JOIN whole_periods w ON w.indicator = h.indicator AND w.age_group = h.age_group AND w.layer = h.layer
                         AND w.period_end = h.period_end
WHERE $indicator IN ('', a.indicator) AND $age_group IN ('', a.age_group)
ORDER BY a.position, a.age_group, h.layer DESC, h.period_end DESC
