-- Which full inspection of an authority counts, and how judgements are ordered: by a word and a place, never a colour.
-- Reads: inspections. Makes: judgement_scale, inspection_release, the table macro judged_by, the macro judgement_held.

CREATE TABLE judgement_scale AS
SELECT * FROM (VALUES ('Outstanding', 1), ('Good', 2), ('Requires improvement to be good', 3), ('Inadequate', 4),
                      ('Not judged separately then', 5), ('No longer given', 6), ('Not given', 7), ('Not yet inspected', 8))
         AS scale(judgement, place);

-- The release describes authorities as they stood at the end of its year, whenever it was published. Later reports are
-- compiled one by one (source 'ofsted_reports'): what is held covers reports published up to the newest of them.
CREATE TABLE inspection_release AS
SELECT *, coalesce(greatest(as_at, newest_report), as_at, newest_report) AS covered
FROM (SELECT max(release) FILTER (source = 'ofsted') AS release,
             make_date(max(release) FILTER (source = 'ofsted')::INTEGER, 3, 31) AS as_at,
             max(release) FILTER (source = 'ofsted_reports') AS compiled_release,
             max(publication_date) FILTER (source = 'ofsted_reports') AS newest_report
      FROM inspections);

-- The latest full inspection under the framework of 2018 that had begun by a day: one row per authority that had one.
-- Events that councils report are left out: not every council reports its own, so they would compare unlike with unlike.
CREATE MACRO judged_by(day) AS TABLE
SELECT authority_code, inspection_type, inspection_date, end_date, publication_date, overall_effectiveness, leaders,
       help_and_protection, children_in_care, care_leavers, source, report_url
FROM inspections
WHERE kind = 'full' AND source IN ('ofsted', 'ofsted_reports') AND inspection_date <= day
QUALIFY row_number() OVER (PARTITION BY authority_code ORDER BY inspection_date DESC) = 1;

-- Why a judgement is absent. From 2018 to 2022 care leavers were judged together with children in care; from April
-- 2026 there is no judgement of overall effectiveness.
CREATE MACRO judgement_held(judgement, aspect, day) AS CASE
    WHEN day IS NULL THEN 'Not yet inspected'
    WHEN judgement IS NOT NULL THEN judgement
    WHEN aspect = 'care_leavers' AND day BETWEEN DATE '2018-01-01' AND DATE '2022-12-31' THEN 'Not judged separately then'
    WHEN aspect = 'overall' AND day >= DATE '2026-04-01' THEN 'No longer given'
    ELSE 'Not given' END;
