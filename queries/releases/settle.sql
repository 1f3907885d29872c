-- Releases that were uploaded beside the shipped figures: for each figure the newest release wins, and of one release the
-- newest upload. What an earlier release said otherwise stays in `superseded`.
-- Reads: uploaded (columns of observations and `upload`), observations, superseded, indicators. Changes: observations,
-- superseded.

CREATE TEMP TABLE every AS
SELECT *, 0 AS upload FROM observations
UNION ALL BY NAME
SELECT * FROM uploaded;

CREATE TEMP TABLE settled AS
SELECT *, row_number() OVER w = 1 AS wins,
       first_value(release) OVER w AS winner,
       first_value((numerator, denominator, published_value, status)) OVER w
           IS DISTINCT FROM (numerator, denominator, published_value, status) AS differs,
       row_number() OVER (PARTITION BY indicator, age_group, area_code, period_end, frequency, layer, release
                          ORDER BY upload DESC) = 1 AS last_of_release
FROM every
WINDOW w AS (PARTITION BY indicator, age_group, area_code, period_end, frequency, layer ORDER BY release DESC, upload DESC);

INSERT INTO superseded BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release, winner AS superseded_by
FROM settled WHERE NOT wins AND differs AND last_of_release AND release <> winner
  AND (indicator, age_group, area_code, period_end, layer, release) NOT IN (
      SELECT (indicator, age_group, area_code, period_end, layer, release) FROM superseded);

DELETE FROM observations;
INSERT INTO observations BY NAME
SELECT indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
       published_value, status, source, release
FROM settled WHERE wins;
DROP TABLE settled;
DROP TABLE every;
