-- Which indicators have only some of their age groups? An age group that is already held is not missing.
-- Parameters: none
-- Columns: one row per indicator, authority and period, at the first row of the file that has it
--   row, indicator, age_group, title
--   missing   list of the age groups that are not there
WITH ages AS (SELECT indicator, count(*) AS number FROM measures GROUP BY ALL),
wholes AS (SELECT s.series, s.whole, a.number FROM series s JOIN ages a USING (indicator)),
-- Up to half a million figures: they are counted before anything is looked up by name.
lacking AS (
    SELECT w.whole, p.period_end, min(p.row) AS row
    FROM series_periods p JOIN wholes w USING (series)
    GROUP BY ALL
    HAVING count(p.row) > 0 AND count(*) < any_value(w.number)
),
there AS (
    SELECT l.whole, l.period_end, l.row, any_value(s.indicator) AS indicator, list(s.age_group) AS ages,
           arg_min(s.age_group, p.row) AS age_group
    FROM lacking l JOIN series s USING (whole) JOIN series_periods p ON p.series = s.series AND p.period_end = l.period_end
    GROUP BY ALL
)
SELECT t.row, t.indicator, t.age_group, any_value(m.title) AS title, list(m.age_group ORDER BY m.age_group) AS missing
FROM there t JOIN measures m ON m.indicator = t.indicator AND NOT list_contains(t.ages, m.age_group)
GROUP BY t.whole, t.period_end, t.row, t.indicator, t.age_group
ORDER BY t.row, t.indicator, t.period_end
