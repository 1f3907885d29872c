-- How many figures would be new, restated or unchanged, by authority, by indicator, by period and in all?
-- Parameters: none
-- Columns: one row per authority, one per indicator, one per period, and one for all
--   counted      'authority', 'indicator', 'period' or 'all'
--   area_code, indicator, period_end, frequency, basis   what the row counts; NULL where it is not about that
--   figures      how many in all: the sum of the next six
--   new, restated, unchanged, same_as_published, finalised, superseded
--   hidden       how many of the figures viewers will not see
SELECT CASE WHEN grouping(s.area_code) = 0 THEN 'authority' WHEN grouping(s.indicator) = 0 THEN 'indicator'
            WHEN grouping(e.period_end) = 0 THEN 'period' ELSE 'all' END AS counted,
       s.area_code, s.indicator, e.period_end, s.frequency, s.basis,
       count(*) AS figures, count(*) FILTER (e.effect = 'new') AS new,
       count(*) FILTER (e.effect = 'restated') AS restated, count(*) FILTER (e.effect = 'unchanged') AS unchanged,
       count(*) FILTER (e.effect = 'same as published') AS same_as_published,
       count(*) FILTER (e.effect = 'finalised') AS finalised, count(*) FILTER (e.effect = 'superseded') AS superseded,
       count(*) FILTER (e.hidden) AS hidden
FROM effects e
JOIN series s ON s.series = e.series
GROUP BY GROUPING SETS ((s.area_code), (s.indicator), (e.period_end, s.frequency, s.basis), ())
ORDER BY s.area_code, s.indicator, e.period_end, s.frequency, s.basis
