-- How are indicators related to one another, and what do they count? For keeping small counts from being worked out.
-- Parameters: none
-- Columns: one row an indicator, in the order of the catalogue
--   indicator
--   unit      of the catalogue; average for a ratio whose base is not staff
--   members   list of the indicators of its family where these share a base and add up to it; else empty
--   parts     list of the indicators that are counted within it and do not overlap; else empty
--   staff     whether it counts staff and not young people
--   everybody whether it counts the people who are other indicators' denominator
SELECT i.id AS indicator,
       CASE WHEN i.unit = 'ratio' AND NOT contains(coalesce(i.denominator_counts, ''), 'full-time equivalent')
            THEN 'average' ELSE i.unit END AS unit,
       coalesce(f.members, []) AS members, coalesce(p.parts, []) AS parts,
       contains(i.numerator_counts, 'full-time equivalent') AS staff,
       i.numerator_counts IN (SELECT denominator_counts FROM indicators) AS everybody
FROM indicators i
LEFT JOIN (SELECT family, list(id ORDER BY rowid) AS members FROM indicators WHERE adds_up = 'yes' GROUP BY family) f
       ON f.family = i.family AND i.adds_up = 'yes'
LEFT JOIN (SELECT part_of, list(id ORDER BY rowid) AS parts FROM indicators WHERE part_of IS NOT NULL GROUP BY part_of) p
       ON p.part_of = i.id
ORDER BY i.rowid
