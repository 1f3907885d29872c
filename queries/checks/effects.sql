-- What would accepting the upload do to each of its figures?
-- Parameters
--   effect   'new', 'restated', 'unchanged'; 'finalised' (final where a provisional one is held); for a release also 'same
--            as published' and 'superseded' (another release or file ranks above it, so the figure does not change)
--   most     the largest number of rows to return
-- Columns: one row per figure, in the order of the file
--   row, indicator, age_group, area_code, period_end, frequency, basis
--   short_title, unit, decimals   of the indicator
--   old_numerator, old_denominator, old_value, old_status   as held; NULL where it is new
--   held_by   'upload 12', 'upload 12, provisional' or 'release 2025'; NULL where it is new
--   numerator, denominator, value, status
--   effect    as in the parameter;  moved  whether it differs from the figure held
--   hidden    whether viewers will not see it
SELECT e.row, s.indicator, s.age_group, s.area_code, e.period_end, s.frequency, s.basis,
       m.short_title, m.unit, m.decimals,
       e.old_numerator, e.old_denominator, e.old_value, e.old_status, e.held_by,
       e.numerator, e.denominator, e.value, e.status, e.effect, e.moved, e.hidden
FROM effects e
JOIN series s ON s.series = e.series
JOIN measures m ON (m.indicator, m.age_group) = (s.indicator, s.age_group)
WHERE e.effect = $effect
ORDER BY e.row, s.indicator, s.age_group, e.period_end
LIMIT $most
