-- The local figures of one data version, as viewers may see them, added to the published ones.
-- Reads: given (rows fit for viewers), parts (one row per authority: which of local_rows belong to it in this version, and
-- which uploads they come from), catalogue, areas, settings. Adds to: local_rows. Makes: local_figures, and indicators
-- and figures in place of the tables of the same names that every version shares.

CREATE TABLE indicators AS
SELECT * FROM main.indicators
UNION ALL BY NAME
-- Catalogues uploaded before measures had groups do not name one.
SELECT * REPLACE (coalesce(sub_theme, 'Councils’ own measures') AS sub_theme,
                  coalesce(published_every, 'quarter') AS published_every)
FROM catalogue WHERE id NOT IN (SELECT id FROM main.indicators);

-- A local figure has no rank, band or comparator, because England, the region and the neighbours have no local figures.
-- Where a final value is held, the provisional one is not shown. Each figure is compared with the same quarter of last
-- year, whether that one is provisional or final.
INSERT INTO main.local_rows BY NAME
WITH current AS (
    SELECT g.*, i.polarity, i.interval = 'wilson' AS tested,
           CASE i.unit WHEN 'per_10000' THEN 10000 WHEN 'percent' THEN 100 ELSE 1 END AS factor
    FROM given g JOIN indicators i ON i.id = g.indicator
    QUALIFY row_number() OVER (
        PARTITION BY g.indicator, g.age_group, g.area_code, g.period_end, g.frequency, g.basis
        ORDER BY g.layer = 'final' DESC) = 1
),
moved AS (
    SELECT c.*, c.value - p.value AS change,
           CASE WHEN c.value IS NOT NULL AND p.value IS NOT NULL
                THEN change_verdict(CASE WHEN c.tested
                     THEN two_proportion_z(c.numerator, c.denominator, p.numerator, p.denominator) END, c.polarity,
                     holm_critical_z(1))
                ELSE '' END AS change_verdict
    FROM current c
    LEFT JOIN current p
           ON (p.indicator, p.age_group, p.area_code, p.frequency, p.basis)
            = (c.indicator, c.age_group, c.area_code, c.frequency, c.basis)
          AND p.period_end = last_day((c.period_end - INTERVAL 1 YEAR)::DATE)
),
-- Not known comes first here too, though there is nobody to compare with: for the same young people, quarter and basis.
with_not_known AS (
    SELECT m.*, u.value AS not_known_share,
           m.polarity = 'low' AND not_known_first(u.value, '') AS low_is_no_merit,
           coalesce(u.change > 0 AND u.change_verdict NOT IN ('not_tested', 'no_clear_change'), false) AS more_not_known
    FROM moved m
    JOIN indicators i ON i.id = m.indicator
    LEFT JOIN moved u ON (u.indicator, u.age_group, u.area_code, u.period_end, u.frequency, u.basis)
                       = (i.not_known, m.age_group, m.area_code, m.period_end, m.frequency, m.basis)
)
SELECT p.made, m.indicator, m.age_group, a.area_code, a.area_name, a.level, a.region_code, a.region,
       m.period_end, m.frequency, m.basis, m.layer,
       m.numerator, m.denominator, m.value, m.published_value, m.status, m.source, m.release, m.polarity,
       false AS joint, '' AS band, 0 AS neighbours_count,
       CASE WHEN m.tested AND m.value IS NOT NULL THEN wilson_lower(m.numerator, m.denominator, m.factor) END AS lower,
       CASE WHEN m.tested AND m.value IS NOT NULL THEN wilson_upper(m.numerator, m.denominator, m.factor) END AS upper,
       m.change,
       change_beside_unknown(m.change_verdict, m.polarity, m.low_is_no_merit OR m.more_not_known) AS change_verdict,
       '' AS trend, m.not_known_share, m.low_is_no_merit,
       coalesce(m.denominator < s.small_cohort, false) AS small_cohort, m.restated,
       m.target, m.rounded, '' AS verdict_england, '' AS verdict_region, '' AS verdict_neighbours
FROM with_not_known m
CROSS JOIN settings s
JOIN areas a USING (area_code)
JOIN parts p USING (area_code);
DROP TABLE given;

CREATE VIEW local_figures AS
SELECT r.* EXCLUDE (made) FROM main.local_rows r SEMI JOIN parts USING (area_code, made);

CREATE VIEW figures AS
SELECT * FROM main.figures UNION ALL BY NAME SELECT * FROM local_figures;
