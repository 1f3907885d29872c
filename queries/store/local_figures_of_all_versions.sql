-- Every local figure that has been in force at any version, even if it no longer is. Unsuppressed.
-- Parameters
--   version   the last entry to count
-- Columns: one row per figure of an upload, in the order of uploads
--   upload, row, indicator, age_group, area_code, period_end, frequency, basis, layer, numerator, denominator, value,
--   published_value, status, source, release, target, note
SELECT f.* REPLACE (current_code(f.area_code) AS area_code)
FROM store.figures f JOIN states($version) s USING (upload)
WHERE s.position IS NOT NULL AND f.layer <> 'published'
ORDER BY upload, "row"
