-- How do the answers for one authority, its comparator and England divide into yes, no and not known?
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what it is compared with
-- Columns: one row per family that counts those not known, age group and part: the older group first, parts in bar order
--   family, age_group, indicator, short_title, phrase, decimals
--   part        'good', 'bad' or 'not_known': which answer it counts
--   period_end, basis, layer, source, release   the newest period that is published (for an abolished authority: its own last)
--   numerator, denominator, value, status ('missing' when there is no row)   of the authority
--   compared_with   $against, or 'england' where the neighbours are not close;  comparator   its value
--   neighbours_count   how many neighbours have a value;  england
WITH kept AS (
    SELECT i.rowid AS position, i.*,
           CASE WHEN i.id IN (SELECT not_known FROM indicators) THEN 'not_known' WHEN i.polarity = 'high' THEN 'good' ELSE 'bad' END AS part,
           unnest(string_split(i.age_groups, ';')) AS age_group
    FROM indicators i
    WHERE i.adds_up = 'yes'
      AND i.family IN (SELECT h.family FROM indicators h JOIN indicators n ON n.id = h.not_known WHERE h.headline = 'yes')
),
shown AS (
    SELECT family, age_group, max(period_end) AS period_end, any_value(compared_with($against, neighbours_close)) AS compared_with
    FROM headlines WHERE area_code = $authority GROUP BY ALL
)
SELECT k.family, k.age_group, k.id AS indicator, k.short_title, k.phrase, k.decimals, k.part,
       s.period_end, e.basis, e.layer, e.source, e.release,
       f.numerator, f.denominator, f.value, coalesce(f.status, 'missing') AS status,
       s.compared_with, one_of(s.compared_with, e.value, f.region_value, f.neighbours_mean) AS comparator,
       coalesce(f.neighbours_count, 0) AS neighbours_count, e.value AS england
FROM kept k
JOIN shown s USING (family, age_group)
JOIN home_figures e ON e.indicator = k.id AND e.age_group = k.age_group AND e.period_end = s.period_end AND e.layer = 'published'
              AND e.level = 'england'
LEFT JOIN home_figures f ON f.indicator = k.id AND f.age_group = k.age_group AND f.period_end = s.period_end AND f.layer = 'published'
                   AND f.area_code = $authority
ORDER BY min(k.position) OVER (PARTITION BY k.family), k.age_group DESC, CASE k.part WHEN 'good' THEN 1 WHEN 'bad' THEN 2 ELSE 3 END
