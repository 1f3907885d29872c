-- What several questions to the store share. v is a version: what entries 1 to v made of it. current_code(code), the code
-- that an authority has today where it was recoded after an upload, is made separately, from the data folder.

-- What had become of each upload: state (in force, proposed, withdrawn, declined, erased), position (the entry at which it first
-- came into force; NULL when it never did) and entry (the last one about it). A restored upload keeps its position, so
-- that everything is again what it was. One that was erased is so at every version: nothing of it is left.
CREATE OR REPLACE MACRO states(v) AS TABLE
SELECT upload,
       CASE
           WHEN upload IN (SELECT upload FROM store.uploads WHERE rows = 0) THEN 'erased'
           WHEN arg_max(action, entry) IN ('proposed', 'declined', 'withdrawn') THEN arg_max(action, entry)
           ELSE 'in force'
       END AS state,
       min(entry) FILTER (WHERE action IN ('accepted', 'approved')) AS position,
       max(entry) AS entry
FROM store.ledger
WHERE entry <= v
GROUP BY upload;

CREATE OR REPLACE MACRO in_force(v) AS TABLE
SELECT upload, position FROM states(v) WHERE state = 'in force';

-- Every figure of uploads in force, of these areas and layers (NULL for all), with its place among those for the same key
-- (1 is in force) and the upload that holds place 1. The upload that came into force last comes first; among the
-- department's releases the newest release does, whenever it was uploaded. That order only lists releases: which of their
-- figures is shown is decided by queries/releases/precedence.sql, which is given all of them, of every place.
CREATE OR REPLACE MACRO placed_figures(v, areas, layers) AS TABLE
SELECT f.*,
       row_number() OVER best AS place,
       first_value(f.upload) OVER best AS superseded_by
FROM (SELECT * REPLACE (current_code(area_code) AS area_code) FROM store.figures) f JOIN in_force(v) u USING (upload)
WHERE (areas IS NULL OR list_contains(areas, f.area_code)) AND (layers IS NULL OR list_contains(layers, f.layer))
WINDOW best AS (
    PARTITION BY indicator, age_group, area_code, period_end, frequency, basis, layer
    ORDER BY CASE WHEN layer = 'published' THEN release ELSE '' END DESC, u.position DESC, "row" DESC
);
