-- Which authorities' lines gain a period, or change in one?
-- Parameters
--   most   if there are more authorities than this, they are counted together
-- Columns: one row per authority (or all of them), period and effect
--   area_code   NULL where they are counted together
--   period_end, frequency, basis   basis is '' for quarters, which share one line
--   effect      'new', 'restated', 'finalised' or 'superseded'
--   areas, indicators, figures   how many;  moved  how many of the figures differ from those held
--   held_by     where most of the figures held come from; NULL where none is held
-- Up to half a million changes are read twice, because keeping them in between would take 40 MB.
WITH changed AS NOT MATERIALIZED (
    SELECT s.area_code, s.indicator, e.period_end, s.frequency, e.effect, e.moved, e.held_by,
           CASE s.frequency WHEN 'quarter' THEN '' ELSE s.basis END AS basis
    FROM effects e JOIN series s ON s.series = e.series
    WHERE e.effect IN ('new', 'restated', 'finalised', 'superseded')
),
several AS (SELECT count(DISTINCT area_code) > $most AS together FROM changed)
SELECT CASE WHEN NOT together THEN area_code END AS area_code, period_end, frequency, basis, effect,
       count(DISTINCT changed.area_code) AS areas, count(DISTINCT indicator) AS indicators, count(*) AS figures,
       count(*) FILTER (moved) AS moved, mode(held_by) AS held_by
FROM changed CROSS JOIN several
GROUP BY ALL
ORDER BY area_code, effect, period_end DESC, frequency, basis
