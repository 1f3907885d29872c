-- What has Ofsted found in one authority, and in those it replaced? Includes events that a council reported itself.
-- Parameters
--   authority   authority code
-- Columns: one row per event, the authority's own before those of its predecessors, newest first; an authority
-- without any event has one row whose kind is ''
--   authority_code, authority_name
--   relation   'own' or 'predecessor'
--   kind       'full', 'visit' or '';  place   1 for the newest of its kind in that authority, 2 for the one before, …
--   inspection_type, inspection_date, end_date, publication_date
--   day        the date it is known by: when it began, else when its report was published
--   overall_effectiveness, leaders, help_and_protection, children_in_care, care_leavers   judgements, or why there
--   is none ('Not judged separately then', 'No longer given', 'Not given'); '' for visits
--   theme, note, release
--   source     'ofsted' (its release), 'ofsted_reports' (compiled from its reports) or 'local'
--   report_url   address of the report of a compiled one; else ''
--   months     whole months from day to covered; NULL for events after it
--   as_at      the end of the year of Ofsted's release;  covered  the last day that the sources cover
WITH asked AS (
    SELECT $authority::VARCHAR AS authority_code, 'own' AS relation
    UNION
    SELECT old_code, 'predecessor' FROM authority_changes WHERE new_code = $authority AND kind <> 'recoded'
),
events AS (
    SELECT *, coalesce(inspection_date, publication_date) AS day FROM inspections
)
SELECT q.authority_code, a.authority_name, q.relation, coalesce(e.kind, '') AS kind,
       row_number() OVER (PARTITION BY q.authority_code, e.kind ORDER BY e.day DESC) AS place,
       coalesce(e.inspection_type, '') AS inspection_type, e.inspection_date, e.end_date, e.publication_date, e.day,
       CASE e.kind WHEN 'full' THEN judgement_held(e.overall_effectiveness, 'overall', e.day) ELSE '' END
           AS overall_effectiveness,
       CASE e.kind WHEN 'full' THEN judgement_held(e.leaders, 'leaders', e.day) ELSE '' END AS leaders,
       CASE e.kind WHEN 'full' THEN judgement_held(e.help_and_protection, 'help', e.day) ELSE '' END
           AS help_and_protection,
       CASE e.kind WHEN 'full' THEN judgement_held(e.children_in_care, 'care', e.day) ELSE '' END AS children_in_care,
       CASE e.kind WHEN 'full' THEN judgement_held(e.care_leavers, 'care_leavers', e.day) ELSE '' END AS care_leavers,
       coalesce(e.theme, '') AS theme, coalesce(e.note, '') AS note, coalesce(e.source, '') AS source,
       coalesce(e.release, '') AS release,
       coalesce(e.report_url, '') AS report_url,
       CASE WHEN e.day <= r.covered THEN datesub('month', e.day, r.covered) END AS months,
       r.as_at, r.covered
FROM asked q
JOIN authorities a USING (authority_code)
CROSS JOIN inspection_release r
LEFT JOIN events e USING (authority_code)
ORDER BY q.relation, a.authority_name, e.day DESC
