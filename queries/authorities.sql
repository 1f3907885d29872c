-- Which authorities are there, and which have been abolished?
-- Parameters: none
-- Columns: one row per authority, current ones first, then by name
--   authority_code, authority_name (unique), region_code, region
--   is_current   false once abolished
--   opened, closed   dates between which it exists; closed is NULL while it does
--   has_data     whether any figure is held for it that is not "not applicable"
--   note         for an abolished authority: what became of it; for a new one: what it came from; else ''
--   coming       a reorganisation that is decided but whose new authorities have no codes yet; else ''
--   successors, predecessors   lists of authority names
--   neighbours_far   true when neighbours are not used for comparison, because fewer than five are nearer than "Not close"
--   neighbours_comparator   'neighbours', or 'england' where neighbours are not used (rules/1_macros.sql)
--   neighbours_near, neighbours_listed   how many are nearer, and how many there are
WITH links AS (
    SELECT o.authority_code AS old_code, o.authority_name AS old_name,
           n.authority_code AS new_code, n.authority_name AS new_name, c.date, c.note
    FROM authority_changes c
    JOIN authorities o ON o.authority_code = c.old_code
    JOIN authorities n ON n.authority_code = c.new_code
    WHERE c.kind <> 'recoded'
),
after AS (
    SELECT old_code AS authority_code, list(new_name ORDER BY new_name) AS successors, any_value(note) AS note
    FROM links GROUP BY ALL
),
before AS (
    SELECT new_code AS authority_code, list(old_name ORDER BY old_name) AS predecessors,
           string_agg(DISTINCT note, ' ') AS note
    FROM links GROUP BY ALL
),
coming AS (
    SELECT old_code AS authority_code, any_value(note) AS note FROM authority_changes
    WHERE kind <> 'recoded' AND new_code IS NULL GROUP BY ALL
),
held AS (
    SELECT area_code FROM areas_held
    UNION
    SELECT area_code FROM figures WHERE layer IN ('provisional', 'final') AND value IS NOT NULL
)
SELECT a.authority_code, a.authority_name, a.region_code, a.region,
       a.closed IS NULL AS is_current, a.opened, a.closed,
       h.area_code IS NOT NULL AS has_data,
       coalesce(after.note, before.note, '') AS note,
       coalesce(coming.note, '') AS coming,
       coalesce(after.successors, []) AS successors,
       coalesce(before.predecessors, []) AS predecessors,
       NOT coalesce(k.neighbours_close, true) AS neighbours_far,
       compared_with('neighbours', NOT neighbours_far) AS neighbours_comparator,
       coalesce(k.near, 0) AS neighbours_near, coalesce(k.listed, 0) AS neighbours_listed
FROM authorities a
LEFT JOIN after USING (authority_code)
LEFT JOIN before USING (authority_code)
LEFT JOIN nearness k ON k.area_code = a.authority_code
LEFT JOIN coming USING (authority_code)
LEFT JOIN held h ON h.area_code = a.authority_code
ORDER BY is_current DESC, a.authority_name
