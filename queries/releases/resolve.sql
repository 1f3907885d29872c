-- Releases that were uploaded beside the shipped figures: which figures are in force (placed_releases), and what earlier
-- releases said otherwise.
-- Reads: uploaded (columns of observations and `upload`), observations, superseded, indicators. Changes: observations,
-- superseded.

CREATE TEMP TABLE catalogue_order AS SELECT id, source, rowid AS position FROM indicators;

CREATE TEMP TABLE every AS
SELECT *, 0 AS file FROM observations
UNION ALL BY NAME
SELECT * EXCLUDE superseded_by, 0 AS file FROM superseded
UNION ALL BY NAME
SELECT * EXCLUDE upload, upload AS file FROM uploaded;

CREATE TEMP TABLE resolved AS SELECT * FROM placed_releases('every');

DELETE FROM superseded;
INSERT INTO superseded BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, winner AS superseded_by
FROM resolved
WHERE place > 1 AND of_release = 1 AND differs AND (source, release) <> (winner_source, winner);

DELETE FROM observations;
INSERT INTO observations BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release
FROM resolved WHERE place = 1;
DROP TABLE resolved;
DROP TABLE every;
DROP TABLE catalogue_order;
