-- For which periods can an outcome be compared with an enabler, and which of the enabler's dates goes with each?
-- Parameters
--   enabler, enabler_age, outcome, outcome_age
-- Columns: one row per period of the outcome, newest first; none where no year has both
--   period_end       the outcome's;  enabler_period   the enabler's that goes with it (rules/5_association.sql)
SELECT period_end, enabler_period
FROM pairings
WHERE enabler = $enabler AND enabler_age = $enabler_age AND outcome = $outcome AND outcome_age = $outcome_age
ORDER BY period_end DESC
