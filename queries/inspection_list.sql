-- Every inspection and visit that is held, for analysts.
-- Parameters
--   authority   authority code, or '' for all
-- Columns: one row per event, by authority and then newest first
--   authority_code, authority_name, region, kind, inspection_type, inspection_date, end_date, publication_date
--   care_leavers, overall_effectiveness, leaders, help_and_protection, children_in_care   judgements as published,
--   blank where none was given
--   theme, note, source ('ofsted', 'ofsted_reports' or 'local'), release, report_url
SELECT i.authority_code, a.authority_name, a.region, i.kind, i.inspection_type, i.inspection_date, i.end_date,
       i.publication_date, i.care_leavers, i.overall_effectiveness, i.leaders, i.help_and_protection,
       i.children_in_care, i.theme, i.note, i.source, i.release,
       i.report_url
FROM inspections i
JOIN authorities a USING (authority_code)
WHERE $authority = '' OR i.authority_code = $authority
ORDER BY a.authority_name, coalesce(i.inspection_date, i.publication_date) DESC
