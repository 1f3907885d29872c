-- Every value that was ever uploaded for a figure, unsuppressed, newest upload first.
-- Parameters
--   indicator, age_group, area_code, period_end   which figure; period_end may be NULL for all periods
--   basis, layer                                  of this basis and layer only, or NULL for all
-- Columns: one row per value
--   upload, period_end, basis, layer, numerator, denominator, value, published_value, status, target, note
--   state (in force, replaced, proposed, withdrawn, declined), file_name, added_at (UTC), added_issuer, added_subject, added_name
--   entry, action, at, name, reason: the last entry about its upload
WITH placed AS (
    SELECT upload, "row", place FROM placed_figures(9223372036854775807, [$area_code], NULL)
    WHERE indicator = $indicator AND age_group = $age_group
)
SELECT f.upload, f.period_end, f.basis, f.layer, f.numerator, f.denominator, f.value, f.published_value, f.status, f.target, f.note,
       CASE WHEN p.place > 1 THEN 'replaced' ELSE s.state END AS state,
       u.file_name, a."at" AS added_at, a.issuer AS added_issuer, a.subject AS added_subject, a.name AS added_name, l.entry, l.action, l."at", l.name, l.reason
FROM store.figures f
JOIN store.uploads u USING (upload)
JOIN states(9223372036854775807) s USING (upload)
JOIN store.ledger a ON a.entry = f.upload
JOIN store.ledger l ON l.entry = s.entry
LEFT JOIN placed p ON p.upload = f.upload AND p."row" = f."row"
WHERE f.indicator = $indicator AND f.age_group = $age_group AND current_code(f.area_code) = $area_code
  AND f.basis IS NOT NULL AND f.period_end IS NOT NULL
  AND ($period_end::DATE IS NULL OR f.period_end = $period_end::DATE)
  AND ($basis IS NULL OR f.basis = $basis) AND ($layer IS NULL OR f.layer = $layer)
ORDER BY f.upload DESC, f.period_end DESC, f."row" DESC
