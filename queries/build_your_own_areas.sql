-- Which areas can a table show: England, regions, authorities, and groups of them?
-- Parameters
--   authority   code of the chosen authority, or '' for none: its neighbours and its region become groups
-- Columns: one row per choice, in display order: groups, England, regions, authorities (abolished ones last)
--   token    its code in links: an authority's three-digit code does not change when its GSS code does
--   label    unique name to show;  kind  'group', 'england', 'region' or 'authority'
--   name     the name alone, of a group without "Group:" and the number of its members
--   members  list of area codes, in order
--   source   for a saved group: who defined it; else ''
--   alias    another word that links may use; '' for none
WITH saved AS (
    SELECT 2 AS part, group_id AS token, group_name AS name, list(authority_code ORDER BY rowid) AS members,
           any_value(source) AS source
    FROM authority_groups GROUP BY group_id, group_name
),
placed AS (
    SELECT authority_code, authority_name, region AS place FROM authorities WHERE closed IS NULL
    UNION ALL
    SELECT authority_code, authority_name, sub_region FROM authorities WHERE closed IS NULL AND sub_region IS NOT NULL
),
regional AS (
    SELECT 3 AS part, 'in-' || lower(replace(place, ' ', '-')) AS token, 'Authorities in ' || place AS name,
           list(authority_code ORDER BY authority_name) AS members, '' AS source
    FROM placed GROUP BY place
),
own AS (
    SELECT 1 AS part, 'neighbours' AS token, a.authority_name || ' and its neighbours' AS name,
           list_prepend(a.authority_code, list(n.neighbour_code ORDER BY n.place)) AS members,
           'Department for Education, statistical neighbours, 2025 model' AS source
    FROM authorities a JOIN neighbours n USING (authority_code)
    WHERE a.authority_code = $authority
    GROUP BY a.authority_code, a.authority_name
    UNION ALL
    SELECT 1, 'region', a.authority_name || ' and its region', list_prepend(a.authority_code,
           list(b.authority_code ORDER BY b.authority_name) FILTER (b.authority_code <> a.authority_code)), ''
    FROM authorities a JOIN authorities b ON b.region_code = a.region_code AND b.closed IS NULL
    WHERE a.authority_code = $authority
    GROUP BY a.authority_code, a.authority_name
),
groups AS (
    SELECT * FROM saved UNION ALL SELECT * FROM regional UNION ALL SELECT * FROM own
    UNION ALL
    SELECT 3, 'regions', 'The nine regions', list(region_code ORDER BY region), '' FROM regions WHERE level = 'region'
),
offered AS (
    SELECT part, token, 'Group: ' || name || ' (' || len(members) || ')' AS label, 'group' AS kind, members, source, name,
           '' AS alias
    FROM groups
    UNION ALL
    SELECT CASE level WHEN 'england' THEN 4 ELSE 5 END,
           CASE level WHEN 'england' THEN 'england' ELSE region_code END,
           CASE level WHEN 'england' THEN 'England' ELSE region || ' (region)' END,
           CASE level WHEN 'england' THEN 'england' ELSE 'region' END, [region_code], '', region, region_code
    FROM regions
    UNION ALL
    SELECT CASE WHEN closed IS NULL THEN 6 ELSE 7 END, department_code, authority_name, 'authority', [authority_code], '',
           authority_name, authority_code
    FROM authorities
)
SELECT token, label, name, kind, members, source, alias FROM offered ORDER BY part, name
