-- Where do the parts of a whole not add up? Checked only where every part has a count, in the file or already held.
-- Parameters: none
-- Columns: one row per figure of the file that is such a part, in the order of the file
--   row, indicator, age_group
--   titles, numerators   lists of every part's short title and count, in the order of the catalogue
--   denominators         list of the different denominators given
--   total                what the counts add up to
WITH members AS (
    SELECT *, rowid AS position, count(*) OVER (PARTITION BY family, age_group) AS parts FROM measures WHERE adds_up
),
-- The series whose counts must add up in each period, by series number.
cells AS (
    SELECT s.series, m.indicator, m.age_group, m.short_title, m.position, m.parts,
           dense_rank() OVER (ORDER BY m.family, s.age_group, s.area_code, s.frequency, s.basis) AS cell
    FROM series s JOIN members m ON (m.indicator, m.age_group) = (s.indicator, s.age_group)
    WHERE m.parts > 1
),
-- Up to half a million figures: they are added up before anything is looked up by name.
wrong AS (
    SELECT c.cell, p.period_end, sum(p.numerator) AS total
    FROM series_periods p JOIN cells c USING (series)
    GROUP BY ALL
    HAVING count(p.row) > 0 AND count(p.numerator) = any_value(c.parts) AND count(p.denominator) = any_value(c.parts)
       AND NOT (alike(min(p.denominator), max(p.denominator)) AND alike(sum(p.numerator), max(p.denominator)))
),
told AS (
    SELECT w.cell, w.period_end, w.total, list(c.short_title ORDER BY c.position) AS titles,
           list(p.numerator ORDER BY c.position) AS numerators, list_sort(list(DISTINCT p.denominator)) AS denominators
    FROM wrong w JOIN cells c USING (cell) JOIN series_periods p ON p.series = c.series AND p.period_end = w.period_end
    GROUP BY ALL
)
SELECT f.row, c.indicator, c.age_group, t.titles, t.numerators, t.denominators, t.total
FROM told t JOIN cells c USING (cell) JOIN file f ON f.series = c.series AND f.period_end = t.period_end
ORDER BY f.row, c.position
