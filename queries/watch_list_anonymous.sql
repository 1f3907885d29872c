-- How does one authority stand on a measure among others that are not named?
-- Parameters
--   authority   authority code
--   indicator, age_group
-- Columns: one row per authority with a figure in the newest period, best first (highest first where neither is better)
--   label       'A', 'B' and so on by the order of the figures alone, so that it tells nothing about who is who: authorities with
--               the same figure are in an order that has nothing to do with their names; '' for the authority itself
--   is_own      whether it is the authority itself
--   value       rounded as it is shown, so that it cannot be looked up by its decimals
--   period_end, basis, source, release, layer, england, unit, decimals, polarity
--   among       who the others are: one of: neighbours, region; the region where the neighbours are not close
--   missing     how many of the others have no figure
WITH near AS (SELECT coalesce(any_value(neighbours_close), false) AS close FROM nearness WHERE area_code = $authority),
others AS (
    SELECT neighbour_code AS area_code FROM neighbours, near WHERE authority_code = $authority AND close
    UNION ALL
    SELECT b.authority_code FROM authorities a JOIN authorities b USING (region_code), near
    WHERE a.authority_code = $authority AND b.authority_code <> $authority AND NOT close
),
newest AS (
    SELECT max(period_end) AS period_end FROM figures
    WHERE area_code = $authority AND indicator = $indicator AND age_group = $age_group AND layer = 'published' AND value IS NOT NULL
),
here AS (
    SELECT f.*, f.area_code = $authority AS is_own, i.unit, i.decimals
    FROM figures f
    JOIN newest n USING (period_end)
    JOIN indicators i ON i.id = f.indicator
    WHERE f.level = 'authority' AND f.layer = 'published' AND f.indicator = $indicator AND f.age_group = $age_group
      AND (f.area_code = $authority OR f.area_code IN (SELECT area_code FROM others))
),
shown AS (
    SELECT *, round(value, decimals) AS as_shown FROM here WHERE value IS NOT NULL AND NOT base_hidden
),
placed AS (
    SELECT *, row_number() OVER (ORDER BY CASE polarity WHEN 'low' THEN as_shown ELSE -as_shown END, is_own DESC, md5(area_code || as_shown::VARCHAR)) AS place
    FROM shown
)
SELECT CASE WHEN is_own THEN '' ELSE letters(row_number() OVER (PARTITION BY is_own ORDER BY place)) END AS label, is_own,
       as_shown AS value, period_end, basis, source, release, layer, england, unit, decimals, polarity,
       CASE WHEN (SELECT close FROM near) THEN 'neighbours' ELSE 'region' END AS among,
       ((SELECT count(*) FROM others) - (SELECT count(*) FROM shown WHERE NOT is_own))::INTEGER AS missing
FROM placed
ORDER BY place
