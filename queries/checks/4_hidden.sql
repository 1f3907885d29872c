-- Which figures of the upload viewers will not see. Known only once the checks have let it through, so this runs last.
-- Reads: series (2_file.sql), protected (figures of the file with the boolean `hidden`), asked. Fills: hidden.
DELETE FROM hidden;
INSERT INTO hidden
SELECT DISTINCT s.series, period_end::DATE
FROM protected JOIN series s USING (indicator, age_group, area_code, frequency, basis)
WHERE hidden AND layer IN ('', (SELECT layer FROM asked));
