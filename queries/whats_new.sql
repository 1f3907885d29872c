-- What has come out or changed since a day: releases, uploads that viewers see, inspections, figures that a release restated?
-- Parameters
--   authority   authority code, or '' for all; releases are listed whichever is chosen
--   since       the first day to include
--   today       anything dated after this day (an expected report, say) is left out
-- Columns: one row per event, newest first; events without any date are left out
--   kind    'release', 'upload', 'inspection', 'restatement', or 'difference' (the Local Authority Interactive Tool
--           disagrees with the release that has the counts, which remains in force)
--   day     the day it came out; if only the month is known its last day (or today), if only the year its first
--   published   the same date in the source's words ("November 2025")
--   source, release, title, publisher, covers   of what came out; for an inspection, its source
--   authority_code, authority_name      of an inspection; else ''
--   inspection_type, event ('full' or 'visit'), inspection_date, end_date, publication_date, care_leavers, overall_effectiveness,
--   report_url                          of an inspection
--   figures, authorities                how many figures were restated, and for how many authorities; else 0
WITH dated AS (
    SELECT *, release_day(published, $today::DATE) AS day FROM sources
),
restated AS (
    SELECT s.source, s.superseded_by AS release, count(*) AS figures, count(DISTINCT s.area_code) AS authorities
    FROM superseded s SEMI JOIN authorities a ON a.authority_code = s.area_code
    WHERE s.superseded_by > s.release AND ($authority = '' OR s.area_code = $authority)
    GROUP BY ALL
),
differing AS (
    SELECT s.source, s.release, count(*) AS figures, count(DISTINCT s.area_code) AS authorities
    FROM superseded s SEMI JOIN authorities a ON a.authority_code = s.area_code
    WHERE s.superseded_by < s.release AND ($authority = '' OR s.area_code = $authority)
    GROUP BY ALL
),
every AS (
    SELECT 'release' AS kind, day, published, source, release, title, publisher, covers FROM dated WHERE source <> 'local'
    UNION ALL BY NAME
    SELECT 'upload' AS kind, day, published, source, release, title, publisher
    FROM dated d
    WHERE source = 'local' AND EXISTS (
        SELECT 1 FROM figures f
        WHERE f.source = 'local' AND f.release = d.release AND ($authority = '' OR f.area_code = $authority))
    UNION ALL BY NAME
    SELECT 'restatement' AS kind, day, published, source, release, title, publisher, figures, authorities
    FROM restated JOIN dated USING (source, release)
    UNION ALL BY NAME
    SELECT 'difference' AS kind, day, published, source, release, title, publisher, figures, authorities
    FROM differing JOIN dated USING (source, release)
    UNION ALL BY NAME
    SELECT 'inspection' AS kind, coalesce(publication_date, end_date, inspection_date) AS day, source, release,
           authority_code, authority_name, inspection_type, i.kind AS event, inspection_date, end_date, publication_date,
           judgement_held(care_leavers, 'care_leavers', coalesce(inspection_date, publication_date)) AS care_leavers,
           judgement_held(overall_effectiveness, 'overall', coalesce(inspection_date, publication_date))
               AS overall_effectiveness,
           report_url
    FROM inspections i JOIN authorities USING (authority_code)
    WHERE $authority = '' OR authority_code = $authority
)
SELECT kind, day, coalesce(published, '') AS published, source, coalesce(release, '') AS release, coalesce(title, '') AS title,
       coalesce(publisher, '') AS publisher, coalesce(covers, '') AS covers, coalesce(authority_code, '') AS authority_code,
       coalesce(authority_name, '') AS authority_name, coalesce(inspection_type, '') AS inspection_type,
       coalesce(event, '') AS event, inspection_date, end_date, publication_date,
       coalesce(care_leavers, '') AS care_leavers, coalesce(overall_effectiveness, '') AS overall_effectiveness,
       coalesce(report_url, '') AS report_url,
       coalesce(figures, 0)::INTEGER AS figures, coalesce(authorities, 0)::INTEGER AS authorities
FROM every
WHERE day BETWEEN $since::DATE AND $today::DATE
ORDER BY day DESC, list_position(['upload', 'release', 'restatement', 'difference', 'inspection'], kind), authority_name,
         source, release DESC, inspection_type
