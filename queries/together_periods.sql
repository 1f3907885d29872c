-- For which periods can an outcome be compared with an enabler, and which date of the enabler goes with each?
-- Parameters
--   enabler, enabler_age, outcome, outcome_age
-- Columns: one row a period of the outcome, newest first; none where the two never meet in one year
--   period_end       the outcome's;  enabler_period   the enabler's that goes with it (rules/5_association.sql)
SELECT period_end, enabler_period
FROM pairings
WHERE enabler = $enabler AND enabler_age = $enabler_age AND outcome = $outcome AND outcome_age = $outcome_age
ORDER BY period_end DESC
