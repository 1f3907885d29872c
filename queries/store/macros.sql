-- Macros shared by several store queries. v is a version: the state after entries 1 to v. current_code(code), an
-- authority's code today if it was recoded after an upload, is made separately, from the data folder.

-- The status of each upload: state (in force, proposed, withdrawn, declined, erased), position (the entry at which it
-- first came into force; NULL if it never did) and entry (the last one about it). A restored upload keeps its position,
-- so that restoring it undoes the withdrawal exactly. An erased one is erased at every version: nothing of it is left.
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
-- department's releases the newest release does, whenever it was uploaded. For releases the order is only a listing: which
-- of their figures is shown is decided by queries/releases/precedence.sql, which is given all of them, whatever their place.
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
