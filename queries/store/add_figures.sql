-- Adds the figures of an upload, from new_figures. A local figure's source is 'local' and its release is its upload;
-- the character that Postgres cannot store is removed from text.
-- Parameters
--   upload   its number
INSERT INTO store.figures BY NAME
SELECT $upload AS upload, "row", indicator, age_group, area_code, period_end, frequency, basis, layer, numerator,
       denominator, value, published_value, status,
       CASE WHEN layer = 'published' THEN source ELSE 'local' END AS source,
       CASE WHEN layer = 'published' THEN release ELSE $upload::VARCHAR END AS release,
       target, replace(note::VARCHAR, chr(0), '') AS note
FROM new_figures
