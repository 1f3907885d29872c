-- Which indicators of a catalogue are needed by figures in force and defined by no other catalogue in force?
-- Parameters
--   upload   the catalogue about to be withdrawn
-- Columns: one row per indicator and an upload of figures that needs it: id, upload
SELECT DISTINCT c.id, f.upload
FROM store.catalogue c
JOIN store.figures f ON f.indicator = c.id
JOIN in_force(9223372036854775807) u ON u.upload = f.upload
WHERE c.upload = $upload AND NOT EXISTS (
    SELECT 1 FROM store.catalogue o JOIN in_force(9223372036854775807) i ON i.upload = o.upload
    WHERE o.id = c.id AND o.upload <> $upload
)
ORDER BY f.upload, c.id
