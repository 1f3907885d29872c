-- How is England doing on some measures, now and before, and how widely do its authorities differ?
-- Parameters
--   measures   list of 'indicator.age_group', in order
--   period     (date) the last day of the period; NULL for the newest of each
-- Columns: one row per measure for which England has a figure in that period, in the order of the parameter
--   indicator, age_group, title, short_title, phrase, unit, polarity, decimals, denominator_counts
--   period_end, basis, layer, source, release
--   numerator, denominator, value, status     England's; for a total (rules/1_macros.sql) the national total
--   total        whether it is a total
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_change, not_known_change_2, not_known_change_5, not_known_trend   those whose answer
--                is not known, and how that share moved, where that may explain the figure's change
--   base_hidden  whether the figure's base is hidden
--   of, minimum, q25, median, q75, maximum    of the authorities that have a figure; NULL where none has,
--   and the quarters where too few have
--   first_period, first_value, first_basis    England's earliest figure counted in the same way
--   years, values   lists: every such period up to this one, and England's figure in it
-- Changes and trends are codes: rules/1_macros.sql lists them all.
WITH asked AS (
    SELECT measure, place FROM unnest($measures::VARCHAR[]) WITH ORDINALITY AS m(measure, place)
),
wanted AS (SELECT place, split_part(measure, '.', 1) AS indicator, split_part(measure, '.', 2) AS age_group FROM asked),
held AS (
    SELECT w.place, f.* FROM figures f JOIN wanted w USING (indicator, age_group)
    WHERE f.level = 'england' AND f.layer = 'published' AND f.value IS NOT NULL
      -- Known before the figures are read, as the join is not.
      AND list_contains(list_transform($measures::VARCHAR[], lambda m: split_part(m, '.', 1)), indicator)
),
shown AS (
    SELECT DISTINCT ON (place) * FROM held
    SEMI JOIN (SELECT * FROM whole_periods SEMI JOIN wanted USING (indicator, age_group)) USING (indicator, age_group, layer, period_end)
    WHERE coalesce(period_end = $period::DATE, $period IS NULL)
    ORDER BY place, period_end DESC
),
line AS (
    SELECT h.place, min(h.period_end) AS first_period, arg_min(h.value, h.period_end) AS first_value,
           arg_min(h.basis, h.period_end) AS first_basis,
           list(year(h.period_end) ORDER BY h.period_end) AS years, list(h.value ORDER BY h.period_end) AS values
    FROM held h JOIN shown s USING (place)
    WHERE h.frequency = s.frequency AND month(h.period_end) = month(s.period_end) AND h.period_end <= s.period_end
    GROUP BY h.place
)
SELECT s.indicator, s.age_group, i.title, i.short_title, i.phrase, i.unit, i.polarity, i.decimals, i.denominator_counts,
       s.period_end, s.basis, s.layer, s.source, s.release, s.numerator, s.denominator, s.value, s.status,
       is_total(i.unit, i.denominator_counts) AS total,
       s.change, s.change_verdict, s.change_2, s.change_2_verdict, s.change_5, s.change_5_verdict, s.trend,
       s.not_known_share, s.not_known_change, s.not_known_change_2, s.not_known_change_5, s.not_known_trend, s.base_hidden,
       p.of, p.minimum, CASE WHEN p.of >= fewest_quartered() THEN p.q25 END AS q25, p.median,
       CASE WHEN p.of >= fewest_quartered() THEN p.q75 END AS q75, p.maximum,
       l.first_period, l.first_value, l.first_basis, l.years, l.values
FROM shown s
JOIN indicators i ON i.id = s.indicator
JOIN line l USING (place)
LEFT JOIN (SELECT * FROM spread SEMI JOIN wanted USING (indicator, age_group)) p ON (p.indicator, p.age_group, p.period_end, p.layer)
                    = (s.indicator, s.age_group, s.period_end, s.layer)
ORDER BY s.place
