-- An upload beside what is held, ready for the questions of this folder.
-- Reads: series and file (2_file.sql), local (figures of councils in force), published (figures of the department in
-- force), protected (figures of the file as viewers may see them), asked (kind and layer of the upload).
-- Makes: held, doubled, besides, sofar, hidden, effects.

-- What the upload may replace: a release the department's figures, a council's file the council's own.
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

-- Figures that stand in the file already, further up: place is where in `file`, first where it stands first.
CREATE TABLE doubled AS
SELECT f.rowid AS place, p.first
FROM file f
JOIN (SELECT series, period_end, arg_min(rowid, (row, rowid)) AS first FROM file
      WHERE (series, period_end) IN (SELECT (series, period_end) FROM file GROUP BY ALL HAVING count(*) > 1)
      GROUP BY ALL) p USING (series, period_end)
WHERE f.rowid <> p.first;

-- What is held of other periods and parts, the layer of the upload before final and that before provisional.
CREATE TABLE besides AS
SELECT series, period_end, numerator, denominator, value, status
FROM held ANTI JOIN file USING (series, period_end)
QUALIFY row_number() OVER (PARTITION BY series, period_end
                           ORDER BY CASE layer WHEN (SELECT layer FROM asked) THEN 1 WHEN 'final' THEN 2 ELSE 3 END) = 1;

-- Each period of a series once, as it would stand after this upload.
CREATE VIEW sofar AS
SELECT row, series, period_end, numerator, denominator, value, status
FROM file WHERE rowid NOT IN (SELECT place FROM doubled)
UNION ALL
SELECT NULL, series, period_end, numerator, denominator, value, status FROM besides;

CREATE TABLE hidden AS
SELECT DISTINCT s.series, period_end::DATE AS period_end
FROM protected JOIN series s USING (indicator, age_group, area_code, frequency, basis)
WHERE hidden AND layer IN ('', (SELECT layer FROM asked));

-- What accepting the upload would do to each of its figures.
CREATE VIEW effects AS
SELECT f.*, h.numerator AS old_numerator, h.denominator AS old_denominator, h.value AS old_value,
       h.status AS old_status, h.held_by,
       CASE WHEN h.series IS NULL THEN 'new'
            WHEN NOT (alike(f.numerator, h.numerator) AND alike(f.denominator, h.denominator)
                      AND alike(f.value, h.value) AND f.status = h.status) THEN 'restated'
            WHEN h.layer = 'published' THEN 'same as published'
            ELSE 'unchanged' END AS effect,
       v.series IS NOT NULL AS hidden
FROM file f
LEFT JOIN held h ON h.series = f.series AND h.period_end = f.period_end AND h.layer = (SELECT layer FROM asked)
LEFT JOIN hidden v ON v.series = f.series AND v.period_end = f.period_end;
