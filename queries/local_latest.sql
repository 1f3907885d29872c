-- What are an authority's newest local figures, which call for a question first, and what are they compared with?
-- Parameters
--   authority   authority code
-- Columns: one row per measure, age group and basis, the newest period of each. The newest period of all comes first;
-- within it clear worsening, then missed targets; hidden figures come last.
--   position    of the measure in the catalogue
--   indicator, title, short_title, phrase, theme, unit, polarity, decimals, interval, age_group, caveats
--   basis, frequency, period_end, layer ('provisional' or 'final')
--   newest_period   the newest period of any of the authority's local figures;  is_newest  whether this row is for it
--   is_main         true for one row per measure and age group: its newest period, a single quarter before other bases
--   numerator, denominator, value, status, lower, upper, small_cohort, restated, source, release
--   rounded         the multiple that its counts are rounded to; NULL where it has no counts of young people
--   previous_status (NULL when there is no row), previous_numerator, previous_denominator, previous_value, previous_rounded   a
--                   year earlier, of the same basis
--   change, change_verdict   since then
--   target, target_met   whether the figure reaches it
--   not_known_share   share of the same young people who are not known;  not_known_first   whether that is so high that
--                   it is reported first;  low_is_no_merit   whether it is too high for a low figure to be good news
--   concern         how strongly it calls for a question; NULL without a value
--   official_period, official_basis   the newest published period; NULL where nothing is published
--   official_status, official_value   the authority's published figure in it;  official_england  England's; NULL for totals
--   official_source, official_release
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH own AS MATERIALIZED (
    SELECT * FROM figures WHERE area_code = $authority AND layer IN ('provisional', 'final')
),
latest AS (
    SELECT *, max(period_end) OVER () AS newest_period,
           row_number() OVER (
               PARTITION BY indicator, age_group
               ORDER BY period_end DESC,
                        list_position(['quarter', 'snapshot', 'rolling_12m', 'year_to_date', 'full_year'], basis)
           ) = 1 AS is_main
    FROM own
    QUALIFY row_number() OVER (PARTITION BY indicator, age_group, basis ORDER BY period_end DESC) = 1
),
official AS MATERIALIZED (
    SELECT indicator, age_group, area_code, level, period_end, basis, value, status, source, release, england
    FROM figures
    SEMI JOIN latest USING (indicator, age_group)
    WHERE layer = 'published' AND (level = 'england' OR area_code = $authority)
),
national AS (
    SELECT * FROM official WHERE level = 'england'
    QUALIFY row_number() OVER (PARTITION BY indicator, age_group ORDER BY period_end DESC) = 1
)
SELECT i.position, l.indicator, i.title, i.short_title, i.phrase, i.theme, i.unit, l.polarity, i.decimals, i.interval, l.age_group, i.caveats,
       l.basis, l.frequency, l.period_end, l.layer,
       l.newest_period, l.period_end = l.newest_period AS is_newest, l.is_main,
       l.numerator, l.denominator, l.value, l.status, l.lower, l.upper, l.small_cohort, l.restated, l.rounded, l.source, l.release,
       l.not_known_share, not_known_first(l.not_known_share, '') AS not_known_first, l.low_is_no_merit,
       p.status AS previous_status, p.numerator AS previous_numerator, p.denominator AS previous_denominator,
       p.value AS previous_value, p.rounded AS previous_rounded,
       l.change, l.change_verdict, l.target, target_met(l.value, l.target, l.polarity, l.low_is_no_merit) AS target_met,
       CASE WHEN l.value IS NOT NULL
            THEN concern('', l.change_verdict, '', '', true)
                 + CASE target_met(l.value, l.target, l.polarity, l.low_is_no_merit) WHEN 'not_met' THEN 1 ELSE 0 END END AS concern,
       n.period_end AS official_period, n.basis AS official_basis,
       CASE WHEN n.period_end IS NOT NULL THEN coalesce(o.status, 'missing') END AS official_status,
       o.value AS official_value, n.england AS official_england,
       coalesce(o.source, n.source) AS official_source, coalesce(o.release, n.release) AS official_release
FROM latest l
JOIN (SELECT rowid AS position, * FROM indicators) i ON i.id = l.indicator
LEFT JOIN own p ON (p.indicator, p.age_group, p.frequency, p.basis) = (l.indicator, l.age_group, l.frequency, l.basis)
               AND p.period_end = last_day((l.period_end - INTERVAL 1 YEAR)::DATE)
LEFT JOIN national n ON (n.indicator, n.age_group) = (l.indicator, l.age_group)
LEFT JOIN official o ON (o.indicator, o.age_group, o.period_end) = (n.indicator, n.age_group, n.period_end)
                    AND o.level = 'authority'
ORDER BY is_newest DESC, l.value IS NULL, concern DESC, i.position, l.age_group, NOT l.is_main, l.basis
