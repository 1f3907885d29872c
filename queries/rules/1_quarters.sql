-- Official quarters added up to twelve months: an indicator whose name ends in '_year' is the sum of four quarters of the
-- indicator without that ending, up to the newest quarter and the same quarter of each earlier year, so that no quarter
-- is in two sums. There is a sum only where all four have a figure; a hidden quarter is never added.
-- Reads: indicators. Adds to: observations.
INSERT INTO observations BY NAME
WITH quarters AS (
    SELECT o.* FROM observations o JOIN indicators i ON i.id = o.indicator || '_year'
    WHERE o.frequency = 'quarter' AND o.layer = 'published'
),
four AS (
    SELECT *, count(*) OVER w AS quarters, min(period_end) OVER w AS first_end, sum(value) OVER w AS total,
           count(value) OVER w AS with_value, count(*) FILTER (status = 'c') OVER w AS hidden,
           count(*) FILTER (status = 'x') OVER w AS absent
    FROM quarters
    WINDOW w AS (PARTITION BY indicator, age_group, area_code ORDER BY period_end ROWS 3 PRECEDING)
)
SELECT indicator || '_year' AS indicator, age_group, area_code, period_end, frequency, 'rolling_12m' AS basis, layer,
       CASE WHEN with_value = 4 THEN total END AS numerator, NULL AS denominator,
       CASE WHEN with_value = 4 THEN total END AS value, NULL AS published_value,
       CASE WHEN with_value = 4 THEN 'ok' WHEN hidden > 0 THEN 'c' WHEN absent = 4 THEN 'x' ELSE 'incomplete' END AS status,
       source, release
FROM four
-- The ends of the first and last of four consecutive quarters are nine months apart.
WHERE quarters = 4 AND datediff('month', first_end, period_end) = 9
QUALIFY month(period_end) = month(max(period_end) OVER (PARTITION BY indicator));
