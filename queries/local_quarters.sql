-- How have an authority's own local figures for one measure changed, and those of other councils?
-- Parameters
--   indicator, age_group
--   basis       'quarter', 'year_to_date', 'rolling_12m', 'snapshot' or 'full_year': only like is compared with like
--   authority   authority code
--   others      codes of other authorities, separated by commas, or '' for none
-- Columns: one row per series and period, the authority first, each by period. A series has a row for every quarter (for
-- 'full_year': every year) from its first to its last; one without a figure has no value.
--   series      'authority' or 'chosen' (one of $others);  place  order within $others
--   area_code, area_name, period_end, frequency, basis
--   layer       'provisional' or 'final'; NULL where nothing was uploaded
--   numerator, denominator, value
--   status      'missing' where nothing was uploaded
--   lower, upper, small_cohort, restated
--   rounded     the multiple that its counts are rounded to; NULL where it has no counts of young people
--   previous_status (NULL when there is no row), previous_value, previous_rounded   a year earlier;  change, change_verdict  since then
--   target, target_met   whether the figure reaches it
--   not_known_share   share of the same young people who are not known;  not_known_first   whether that is so high that
--               it is reported first;  low_is_no_merit   whether it is too high for a low figure to be good news
--   source, release
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH wanted AS (
    SELECT 'authority' AS series, 1 AS place, $authority AS area_code
    UNION ALL
    SELECT 'chosen', generate_subscripts(string_split($others, ','), 1), unnest(string_split($others, ','))
),
measured AS MATERIALIZED (
    SELECT w.series, w.place, f.*
    FROM figures f JOIN wanted w USING (area_code)
    WHERE f.layer IN ('provisional', 'final') AND f.indicator = $indicator AND f.age_group = $age_group AND f.basis = $basis
      AND (w.series = 'authority' OR w.area_code <> $authority)
),
-- Adding three months to the last day of a month may not give the last day of a month: 30 September, 30 December.
grid AS (
    SELECT series, place, area_code, area_name, frequency, last_day(unnest(generate_series(
               min(period_end)::TIMESTAMP, max(period_end)::TIMESTAMP,
               CASE $basis WHEN 'full_year' THEN INTERVAL 1 YEAR ELSE INTERVAL 3 MONTH END))) AS period_end
    FROM measured
    GROUP BY ALL
)
SELECT g.series, g.place, g.area_code, g.area_name, g.period_end, g.frequency, $basis AS basis, m.layer,
       m.numerator, m.denominator, m.value, coalesce(m.status, 'missing') AS status, m.lower, m.upper,
       coalesce(m.small_cohort, false) AS small_cohort, coalesce(m.restated, false) AS restated, m.rounded,
       p.status AS previous_status, p.value AS previous_value, p.rounded AS previous_rounded,
       m.change, coalesce(m.change_verdict, '') AS change_verdict,
       m.target, coalesce(target_met(m.value, m.target, m.polarity, m.low_is_no_merit), '') AS target_met,
       m.not_known_share, not_known_first(m.not_known_share, '') AS not_known_first, coalesce(m.low_is_no_merit, false) AS low_is_no_merit, m.source, m.release
FROM grid g
LEFT JOIN measured m USING (series, area_code, period_end)
LEFT JOIN measured p ON (p.series, p.area_code) = (g.series, g.area_code)
                    AND p.period_end = last_day((g.period_end - INTERVAL 1 YEAR)::DATE)
ORDER BY g.series, g.place, g.area_name, g.period_end
