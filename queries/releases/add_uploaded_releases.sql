-- Adds uploaded releases to the shipped figures: works out which published figures are in force (placed_releases), and
-- where an earlier release gave another value.
-- Reads: uploaded (columns of observations and `upload`), observations, superseded, indicators. Changes: observations,
-- superseded.

CREATE TEMP TABLE catalogue_order AS SELECT id, source, rowid AS position FROM indicators;

CREATE TEMP TABLE all_releases AS
SELECT *, 0 AS file FROM observations
UNION ALL BY NAME
SELECT * EXCLUDE superseded_by, 0 AS file FROM superseded
UNION ALL BY NAME
SELECT * EXCLUDE upload, upload AS file FROM uploaded;

CREATE TEMP TABLE placed AS SELECT * FROM placed_releases('all_releases');

DELETE FROM superseded;
INSERT INTO superseded BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, winner AS superseded_by
FROM placed
WHERE place > 1 AND of_release = 1 AND differs AND (source, release) <> (winner_source, winner);

DELETE FROM observations;
INSERT INTO observations BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release
FROM placed WHERE place = 1;
DROP TABLE placed;
DROP TABLE all_releases;
DROP TABLE catalogue_order;
