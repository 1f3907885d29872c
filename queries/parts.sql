-- What makes up one measure: itself and the measures counted within it, such as the reasons for NEET?
-- Parameters
--   indicator    a measure with parts, or one of its parts; no rows for any other
--   age_group, area   the area is an authority or England
--   period       the day its period ends
-- Columns: the whole first, then its parts in the order of the catalogue
--   indicator, short_title, unit, decimals, polarity, is_whole, is_asked
--   numerator, denominator, value, status ('missing' where there is no row), england (NULL of totals), basis
--   adds_up      whether all counts are published and the parts add up to the whole, which is not zero
WITH wanted AS (
    SELECT coalesce(i.part_of, i.id) AS whole FROM indicators i WHERE i.id = $indicator
),
members AS (
    SELECT i.rowid AS position, i.*, i.id = w.whole AS is_whole, family_of.family AS asked_family
    FROM wanted w
    JOIN indicators i ON i.id = w.whole OR i.part_of = w.whole
    LEFT JOIN indicators family_of ON family_of.id = $indicator AND family_of.part_of IS NOT NULL
),
-- A measure may be divided in several ways; only the parts of the division asked for are kept.
shown AS (
    SELECT * FROM members WHERE is_whole OR asked_family IS NULL OR family = asked_family
),
held AS (
    SELECT * FROM figures_of((SELECT list(id) FROM shown))
    WHERE age_group = $age_group AND period_end = $period::DATE AND layer = 'published'
      AND (area_code = $area OR level = 'england')
),
found AS (
    SELECT m.*, f.numerator, f.denominator, f.value, coalesce(f.status, 'missing') AS found_status, e.england, e.basis
    FROM shown m
    LEFT JOIN held f ON f.indicator = m.id AND f.area_code = $area
    LEFT JOIN held e ON e.indicator = m.id AND e.level = 'england'
)
SELECT id AS indicator, short_title, unit, decimals, polarity, is_whole, id = $indicator AS is_asked, numerator, denominator,
       value, found_status AS status, england, max(basis) OVER () AS basis,
       coalesce(count(*) FILTER (numerator IS NULL) OVER () = 0
           AND max(numerator) FILTER (is_whole) OVER () > 0
           AND sum(numerator) FILTER (NOT is_whole) OVER () = max(numerator) FILTER (is_whole) OVER (), false) AS adds_up
FROM found
QUALIFY count(*) FILTER (NOT is_whole) OVER () > 0
    AND count(*) FILTER (NOT is_whole AND found_status <> 'missing') OVER () > 0
ORDER BY NOT is_whole, position
