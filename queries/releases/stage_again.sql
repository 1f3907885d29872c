-- What uploaded releases are added to where only the measures that they touch are worked out again.
-- Reads: observations_before (the figures in force, sums of quarters included), superseded, indicators, touched (measures of
-- the releases) and needed (measures that the rules about these read, they included). Makes: observations. Changes: superseded.
CREATE TABLE observations AS SELECT * FROM observations_before SEMI JOIN needed USING (indicator);

-- The rules will add the sums again (rules/1_quarters.sql).
DELETE FROM observations
WHERE indicator IN (SELECT indicator || '_year' FROM observations WHERE frequency = 'quarter' AND layer = 'published');

-- Which number of care leavers is in force depends on the first measure of its file (precedence.sql).
CREATE TEMP TABLE everything AS
SELECT * FROM observations_before WHERE 'care_leavers' IN (SELECT indicator FROM touched)
UNION ALL
SELECT * EXCLUDE (superseded_by) FROM superseded WHERE 'care_leavers' IN (SELECT indicator FROM touched);
INSERT INTO observations
SELECT DISTINCT ON (e.source, e.release, e.age_group, e.area_code, e.period_end) e.*
FROM everything e JOIN indicators i ON i.id = e.indicator
WHERE (e.source, e.release, e.age_group, e.area_code, e.period_end)
      IN (SELECT (source, release, age_group, area_code, period_end) FROM everything WHERE indicator = 'care_leavers')
  AND e.indicator NOT IN (SELECT indicator FROM needed)
ORDER BY i.rowid;
DROP TABLE everything;

CREATE TEMP TABLE superseded_before AS SELECT * FROM superseded ANTI JOIN touched USING (indicator);
DELETE FROM superseded WHERE indicator NOT IN (SELECT indicator FROM touched);
DROP VIEW observations_before;
DROP TABLE needed;
