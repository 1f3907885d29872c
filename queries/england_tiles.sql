-- Where in England is a measure high or low in its newest year? Every current authority as a tile, with its quarter.
-- Parameters
--   indicator, age_group
-- Columns: one row per current authority, by region, then by name; none where England has no figure
--   authority_code, authority_name, region, tile_column, tile_row (column from the west, row from the north)
--   period_end, basis, layer, source, release
--   numerator, denominator, value, status ('missing' without a row)
--   england      England's figure; NULL for a total (rules/1_macros.sql)
--   band, least, most   its quarter of the authorities, and the lowest and highest figure in that quarter
--   banded       whether there are quarters
--   base_hidden, low_is_no_merit, not_known_share   why a figure has no quarter
-- Bands are codes: rules/1_macros.sql lists them all.
WITH newest AS (
    SELECT DISTINCT ON (indicator) period_end, basis, layer, source, release, england
    FROM figures
    SEMI JOIN (SELECT * FROM whole_periods WHERE indicator = $indicator) USING (indicator, age_group, layer, period_end)
    WHERE indicator = $indicator AND age_group = $age_group AND layer = 'published' AND level = 'england'
    ORDER BY indicator, period_end DESC
),
tiles AS (
    SELECT a.authority_code, a.authority_name, a.region, a.tile_column, a.tile_row, n.period_end,
           coalesce(f.basis, n.basis) AS basis, n.layer, coalesce(f.source, n.source) AS source,
           coalesce(f.release, n.release) AS release, f.numerator, f.denominator, f.value,
           coalesce(f.status, 'missing') AS status, n.england, coalesce(f.band, '') AS band,
           coalesce(f.base_hidden, false) AS base_hidden, coalesce(f.low_is_no_merit, false) AS low_is_no_merit,
           f.not_known_share
    FROM authorities a
    CROSS JOIN newest n
    LEFT JOIN figures f ON f.indicator = $indicator AND f.age_group = $age_group AND f.layer = n.layer
                       AND f.level = 'authority' AND f.period_end = n.period_end AND f.area_code = a.authority_code
    WHERE a.closed IS NULL
)
SELECT t.*, min(t.value) OVER (PARTITION BY t.band) AS least, max(t.value) OVER (PARTITION BY t.band) AS most,
       coalesce(s.banded, false) AS banded
FROM tiles t
LEFT JOIN spread s ON (s.indicator, s.age_group, s.period_end, s.layer)
                    = ($indicator, $age_group, t.period_end, t.layer) AND s.indicator = $indicator
ORDER BY t.region, t.authority_name
