-- Which indicators are there, for which ages and periods?
-- Parameters: none
-- Columns: one row per indicator and age group, in the order of the catalogue
--   indicator, title, short_title, phrase, theme, sub_theme, family, adds_up ('yes' where the family adds up to
--   its denominator), unit, polarity, decimals, headline, interval, target
--   age_group, first_period, latest_period   (for the country as a whole; NULL when nothing is held)
--   is_total   whether it is a total (rules/1_macros.sql): no area's total is compared with a wider area's
--   numerator_counts, denominator_counts, caveats, source
--   everyday   its everyday names, separated by ';'; NULL where there are none
--   not_known_phrase   the words for people whose answer is not known; NULL where the figure leaves nobody unknown
WITH ages AS (
    SELECT i.rowid AS position, i.*, unnest(string_split(i.age_groups, ';')) AS age_group FROM indicators i
)
SELECT a.id AS indicator, a.title, a.short_title, a.phrase, a.theme, a.sub_theme, a.family, a.adds_up, a.unit, a.polarity, a.decimals,
       is_total(a.unit, a.denominator_counts) AS is_total, a.headline, a.interval, a.target, a.age_group,
       s.first_period, s.latest_period, a.numerator_counts, a.denominator_counts, a.caveats, a.source, a.everyday,
       n.phrase AS not_known_phrase
FROM ages a
LEFT JOIN (SELECT indicator, age_group, min(period_end) AS first_period, max(period_end) AS latest_period
           FROM spread SEMI JOIN whole_periods USING (indicator, age_group, layer, period_end)
           GROUP BY ALL) s ON s.indicator = a.id AND s.age_group = a.age_group
LEFT JOIN indicators n ON n.id = a.not_known
ORDER BY a.position, a.age_group
