-- Does an authority reach the targets of its watch list, by how much not, and what is new since a day?
-- Parameters
--   authority   authority code
--   items       JSON: the targets (rules/7_plans.sql);  before  JSON: the targets as they were on the day of `since`; NULL if not known
--   since       the day of the last meeting; NULL for none
--   today       the day it is asked
-- Columns: one row per target: missed, then within tolerance, then those that cannot be compared, then met; in the order of the list
--   place, indicator, age_group, kind, target, tolerance, direction, note   as the list has them
--   title, short_title, unit, decimals, polarity, caveats, numerator_counts, denominator_counts   of the indicator
--   period_end, basis, numerator, denominator, value, status, source, release   the authority's newest published figure
--   outcome     one of: met, within, missed; '' where it cannot be compared
--   short       by how much the target is missed, in the unit of the figure; NULL where it is not
--   people      how many people more or fewer would reach it; NULL where it is met and where counts are not exact
--   counted     who they are: one of: young_people, children; '' where it counts nobody
--   asks        whether members should ask about it: it is missed, of no small group, and those not known, where they are many, do not
--               make up the difference. Of several targets on one figure the council's own; a stretch target may well be missed.
--   not_known_share, low_is_no_merit, base_hidden   why it may not be compared (rules/1_macros.sql)
--   previous_end, previous_value, previous_outcome   the year before, against the same target
--   change, change_verdict   since then
--   england     England's figure
--   is_new      whether the figure came out after `since`;  published  when, in the source's words
--   target_change   one of: new, changed; '' where the target is what it was, or that is not known
--   local_end, local_basis, local_layer, local_value, local_status, local_source, local_release   the newest of the council's own figures, as viewers see it
--   local_outcome, local_short   the same for that figure; people are never worked out from it: its counts are rounded or hidden
-- Changes and those not known are codes: rules/1_macros.sql lists them all.
WITH asked AS MATERIALIZED (SELECT * FROM watch_rows($items)),
earlier AS MATERIALIZED (SELECT * FROM watch_rows($before)),
own AS MATERIALIZED (
    SELECT * FROM figures f SEMI JOIN asked USING (indicator, age_group) WHERE f.area_code = $authority AND f.level = 'authority'
      -- Known before the figures are read, as the join is not.
      AND list_contains(json_extract_string(coalesce($items::VARCHAR, '[]'), '$[*].indicator'), f.indicator)
),
official AS (
    SELECT * FROM own WHERE layer = 'published'
    QUALIFY row_number() OVER (PARTITION BY indicator, age_group ORDER BY period_end DESC) = 1
),
local AS (
    SELECT * FROM own WHERE layer <> 'published'
    QUALIFY row_number() OVER (
        PARTITION BY indicator, age_group
        ORDER BY period_end DESC, list_position(['quarter', 'snapshot', 'rolling_12m', 'year_to_date', 'full_year'], basis)) = 1
)
SELECT a.place, a.indicator, a.age_group, a.kind, a.target, a.tolerance, a.direction, a.note,
       i.title, i.short_title, i.unit, i.decimals, i.polarity, coalesce(i.caveats, '') AS caveats,
       i.numerator_counts, i.denominator_counts,
       o.period_end, o.basis, o.numerator, o.denominator, o.value, coalesce(o.status, 'missing') AS status, o.source, o.release,
       CASE WHEN coalesce(o.base_hidden, false) THEN ''
            ELSE target_outcome(o.value, a.target, a.tolerance, a.direction, coalesce(o.low_is_no_merit, false)) END AS outcome,
       CASE WHEN outcome IN ('within', 'missed') THEN short_of(o.value, a.target, a.direction) END AS short,
       CASE WHEN contains(i.numerator_counts, 'full-time equivalent') OR i.unit <> 'percent' THEN ''
            WHEN contains(i.numerator_counts, 'care leavers') OR contains(i.numerator_counts, 'young people') THEN 'young_people'
            WHEN contains(i.numerator_counts, 'children') THEN 'children' ELSE '' END AS counted,
       -- A value that its counts do not give rests on rounded ones.
       CASE WHEN outcome IN ('within', 'missed') AND counted <> '' AND o.status = 'ok' AND o.denominator > 0
                 AND abs(100 * o.numerator / o.denominator - o.value) < 1e-6
            THEN people_short(o.numerator, o.denominator, a.target, a.direction) END AS people,
       outcome = 'missed' AND a.kind <> 'stretch' AND NOT coalesce(o.small_cohort, false) 
           AND NOT (coalesce(o.not_known_first_england, false) AND a.direction = 'at_least' AND short <= o.not_known_share)
           AND row_number() OVER (PARTITION BY a.indicator, a.age_group, outcome = 'missed'
                                  ORDER BY list_position(['local', 'statutory', 'national', 'stretch'], a.kind)) = 1 AS asks,
       o.not_known_share, coalesce(o.low_is_no_merit, false) AS low_is_no_merit, coalesce(o.base_hidden, false) AS base_hidden,
       p.period_end AS previous_end, p.value AS previous_value,
       CASE WHEN p.base_hidden THEN ''
            ELSE target_outcome(p.value, a.target, a.tolerance, a.direction, coalesce(p.low_is_no_merit, false)) END AS previous_outcome,
       o.change, coalesce(o.change_verdict, '') AS change_verdict, o.england,
       coalesce(release_day(s.published, $today::DATE) > $since::DATE, false) AS is_new, coalesce(s.published, '') AS published,
       CASE WHEN $before::VARCHAR IS NULL THEN '' WHEN e.target IS NULL THEN 'new'
            WHEN (e.target, e.tolerance, e.direction) <> (a.target, a.tolerance, a.direction) THEN 'changed' ELSE '' END AS target_change,
       l.period_end AS local_end, l.basis AS local_basis, l.layer AS local_layer, l.value AS local_value, l.status AS local_status,
       l.source AS local_source, l.release AS local_release,
       target_outcome(l.value, a.target, a.tolerance, a.direction, coalesce(l.low_is_no_merit, false)) AS local_outcome,
       CASE WHEN local_outcome IN ('within', 'missed') THEN short_of(l.value, a.target, a.direction) END AS local_short
FROM asked a
JOIN indicators i ON i.id = a.indicator
LEFT JOIN official o USING (indicator, age_group)
LEFT JOIN local l USING (indicator, age_group)
LEFT JOIN own p ON (p.indicator, p.age_group) = (a.indicator, a.age_group) AND p.layer = 'published'
               AND p.period_end = o.period_end - INTERVAL 1 YEAR
LEFT JOIN sources s ON (s.source, s.release) = (o.source, o.release)
LEFT JOIN earlier e ON (e.indicator, e.age_group, e.kind) = (a.indicator, a.age_group, a.kind)
ORDER BY list_position(['missed', 'within', '', 'met'], outcome), a.place
