-- An upload compared with the figures in force, ready for the checks in this folder.
-- Reads: series and file (2_file.sql), local (figures of councils in force), published (figures of the department in
-- force), asked (kind and layer of the upload).
-- Makes: held, doubled, other_figures, series_periods, hidden (still empty: 4_hidden.sql fills it), outranked, effects.

-- The figures that the upload may replace: for a release the department's, for a council's file the council's own.
CREATE TABLE held AS
SELECT s.series, period_end::DATE AS period_end, layer::VARCHAR AS layer, numerator::DOUBLE AS numerator,
       denominator::DOUBLE AS denominator, value::DOUBLE AS value, status::VARCHAR AS status,
       'upload ' || upload AS held_by
FROM local JOIN series s USING (indicator, age_group, area_code, frequency, basis)
WHERE (SELECT kind FROM asked) <> 'release'
UNION ALL
SELECT s.series, period_end::DATE, 'published', numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE,
       status::VARCHAR, 'release ' || release
FROM published JOIN series s USING (indicator, age_group, area_code, frequency, basis)
WHERE (SELECT kind FROM asked) = 'release';

-- Figures that are already further up in the file: `place` is the position in `file`, `first` that of the first copy.
CREATE TABLE doubled AS
SELECT f.rowid AS place, p.first
FROM file f
JOIN (SELECT series, period_end, arg_min(rowid, (row, rowid)) AS first FROM file
      WHERE (series, period_end) IN (SELECT (series, period_end) FROM file GROUP BY ALL HAVING count(*) > 1)
      GROUP BY ALL) p USING (series, period_end)
WHERE f.rowid <> p.first;

-- Figures held for series and periods that are not in the file: from the upload's own layer if possible, else final, else
-- provisional.
CREATE TABLE other_figures AS
SELECT series, period_end, numerator, denominator, value, status
FROM held ANTI JOIN file USING (series, period_end)
QUALIFY row_number() OVER (PARTITION BY series, period_end
                           ORDER BY CASE layer WHEN (SELECT layer FROM asked) THEN 1 WHEN 'final' THEN 2 ELSE 3 END) = 1;

-- Every series and period once, as it would be after this upload.
CREATE VIEW series_periods AS
SELECT row, series, period_end, numerator, denominator, value, status
FROM file WHERE rowid NOT IN (SELECT place FROM doubled)
UNION ALL
SELECT NULL, series, period_end, numerator, denominator, value, status FROM other_figures;

CREATE TABLE hidden (series INTEGER, period_end DATE);

-- The figures of a release that would not come into force, because another release or file ranks above it
-- (placed_releases).
CREATE TABLE catalogue_order AS
SELECT indicator AS id, any_value(source)::VARCHAR AS source, min(position) AS position
FROM (SELECT *, row_number() OVER () AS position FROM indicators) GROUP BY indicator;
CREATE TABLE candidates AS
SELECT 0 AS file, indicator::VARCHAR AS indicator, age_group::VARCHAR AS age_group, area_code::VARCHAR AS area_code,
       period_end::DATE AS period_end, frequency::VARCHAR AS frequency, basis::VARCHAR AS basis, 'published' AS layer,
       numerator::DOUBLE AS numerator, denominator::DOUBLE AS denominator, value::DOUBLE AS value,
       published_value::DOUBLE AS published_value, status::VARCHAR AS status, source::VARCHAR AS source,
       release::VARCHAR AS release
FROM published WHERE (SELECT kind FROM asked) = 'release'
UNION ALL
SELECT 1, indicator::VARCHAR, age_group::VARCHAR, area_code::VARCHAR, period_end::DATE, frequency::VARCHAR, basis::VARCHAR,
       'published', numerator::DOUBLE, denominator::DOUBLE, value::DOUBLE, published_value::DOUBLE, status::VARCHAR,
       source::VARCHAR, release::VARCHAR
FROM given WHERE (SELECT kind FROM asked) = 'release';
CREATE TABLE outranked AS
SELECT s.series, p.period_end
FROM placed_releases('candidates') p JOIN series s USING (indicator, age_group, area_code, frequency, basis)
WHERE p.file = 1
GROUP BY ALL HAVING min(p.place) > 1;
DROP TABLE candidates;

-- What accepting the upload would do to each of its figures. Where no final figure is held, a final one is compared with
-- the provisional one.
CREATE VIEW effects AS
SELECT * EXCLUDE (was, outranked), was.numerator AS old_numerator, was.denominator AS old_denominator, was.value AS old_value,
       was.status AS old_status,
       was.held_by || CASE WHEN was.layer NOT IN ('published', (SELECT layer FROM asked)) THEN ', ' || was.layer ELSE '' END
           AS held_by,
       NOT (alike(numerator, was.numerator) AND alike(denominator, was.denominator) AND alike(value, was.value)
            AND status = was.status) AS moved,
       CASE WHEN was.series IS NULL THEN 'new'
            WHEN was.layer NOT IN ('published', (SELECT layer FROM asked)) THEN 'finalised'
            WHEN moved THEN CASE WHEN outranked THEN 'superseded' ELSE 'restated' END
            WHEN was.layer = 'published' THEN 'same as published'
            ELSE 'unchanged' END AS effect
FROM (SELECT f.*, CASE WHEN h.series IS NULL THEN p ELSE h END AS was, k.series IS NOT NULL AS outranked,
             v.series IS NOT NULL AS hidden
      FROM file f
      LEFT JOIN held h ON h.series = f.series AND h.period_end = f.period_end AND h.layer = (SELECT layer FROM asked)
      LEFT JOIN (SELECT * FROM held WHERE layer = 'provisional' AND (SELECT layer FROM asked) = 'final') p
             ON p.series = f.series AND p.period_end = f.period_end
      LEFT JOIN outranked k ON k.series = f.series AND k.period_end = f.period_end
      LEFT JOIN hidden v ON v.series = f.series AND v.period_end = f.period_end);
