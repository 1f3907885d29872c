-- The figures of an upload, by series, ready for the checks in this folder.
-- Reads: given (figures of the file), local (figures of councils in force), indicators (rows of queries/indicators.sql).
-- Makes: series, measures, file.

-- A series is one measure for one area. It has a number, so that everything after this compares one number and not five
-- texts. `whole` is shared by the series that differ only in age group.
CREATE TABLE series AS
SELECT (row_number() OVER ())::INTEGER AS series,
       dense_rank() OVER (ORDER BY indicator, area_code, frequency, basis)::INTEGER AS whole, *
FROM (SELECT indicator::VARCHAR AS indicator, age_group::VARCHAR AS age_group, area_code::VARCHAR AS area_code,
             frequency::VARCHAR AS frequency, basis::VARCHAR AS basis
      FROM given
      UNION
      SELECT indicator::VARCHAR, age_group::VARCHAR, area_code::VARCHAR, frequency::VARCHAR, basis::VARCHAR FROM local);

-- A figure may be held for an indicator that has since been withdrawn.
CREATE TABLE measures AS
SELECT indicator, age_group, title, short_title, unit, decimals::INTEGER AS decimals, family, adds_up = 'yes' AS adds_up
FROM indicators
UNION ALL
SELECT DISTINCT indicator, age_group, indicator, indicator, 'ratio', 1, '', false
FROM series ANTI JOIN indicators USING (indicator, age_group);

-- `row` is not unique: a wide file has many figures in one row.
CREATE TABLE file AS
SELECT g.row::INTEGER AS row, s.series, g.period_end::DATE AS period_end, g.numerator::DOUBLE AS numerator,
       g.denominator::DOUBLE AS denominator, g.value::DOUBLE AS value, g.status::VARCHAR AS status
FROM given g
JOIN series s ON (s.indicator, s.age_group, s.area_code, s.frequency, s.basis)
               = (g.indicator, g.age_group, g.area_code, g.frequency, g.basis)
WHERE g.period_end IS NOT NULL;
