-- Which authorities have local figures, for one measure or for any?
-- Parameters
--   indicator, age_group, basis   what they must have figures of; '' for any
-- Columns: one row per authority, by name
--   authority_code, authority_name
--   latest_period   the newest period of those figures
SELECT area_code AS authority_code, area_name AS authority_name, max(period_end) AS latest_period
FROM figures
WHERE layer IN ('provisional', 'final')
  AND ($indicator = '' OR indicator = $indicator)
  AND ($age_group = '' OR age_group = $age_group)
  AND ($basis = '' OR basis = $basis)
GROUP BY area_code, area_name
ORDER BY area_name
