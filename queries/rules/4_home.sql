-- What pages ask for by themselves, before anybody chooses a measure: for which areas is any figure held, and the figures of
-- the headlines, of the answers they are one of, and of the workforce.
-- Reads: figures, indicators. Makes: areas_held, home_measures, home_figures (a view).
CREATE TABLE areas_held AS SELECT DISTINCT area_code FROM figures WHERE value IS NOT NULL;

CREATE TABLE home_measures AS
WITH shown AS (SELECT * FROM indicators WHERE headline IN ('yes', 'detail'))
SELECT id AS indicator FROM indicators
WHERE headline IN ('yes', 'detail') OR family = 'workforce'
   OR (adds_up = 'yes' AND family IN (SELECT family FROM shown)) OR id IN (SELECT not_known FROM shown);

-- Of figures that are read from a file, these have a table of their own (careleavers/figures/figures_file.py).
CREATE VIEW home_figures AS SELECT * FROM figures;
