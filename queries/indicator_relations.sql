-- How are indicators related, and what do they count? Used to stop small counts being worked out.
-- Parameters: none
-- Columns: one row per indicator, in the order of the catalogue
--   indicator
--   unit      from the catalogue; average for a ratio whose base is not staff
--   members   list of the indicators in its family where they share a base and add up to it; else empty
--   parts     list of the indicators counted within it that do not overlap; else empty
--   staff     whether it counts staff rather than young people
--   everybody whether it counts the people who are other indicators' denominator
SELECT i.id AS indicator,
       CASE WHEN i.unit = 'ratio' AND NOT counts_staff(i.denominator_counts)
            THEN 'average' ELSE i.unit END AS unit,
       coalesce(f.members, []) AS members, coalesce(p.parts, []) AS parts,
       counts_staff(i.numerator_counts) AS staff,
       i.numerator_counts IN (SELECT denominator_counts FROM indicators) AS everybody
FROM indicators i
LEFT JOIN (SELECT family, list(id ORDER BY rowid) AS members FROM indicators WHERE adds_up = 'yes' GROUP BY family) f
       ON f.family = i.family AND i.adds_up = 'yes'
LEFT JOIN (SELECT part_of, list(id ORDER BY rowid) AS parts FROM indicators WHERE part_of IS NOT NULL GROUP BY part_of) p
       ON p.part_of = i.id
ORDER BY i.rowid
