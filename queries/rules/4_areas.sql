-- Of which areas is any figure held?
-- Reads: figures. Makes: areas_held.
CREATE TABLE areas_held AS SELECT DISTINCT area_code FROM figures WHERE value IS NOT NULL;
