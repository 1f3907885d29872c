-- What stands out for one authority: strengths, weaknesses and clear changes?
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what it is compared with
-- Columns: one row per card, subject and figure; the figures themselves are in queries/at_a_glance.sql
--   card        one of: strong, weak, changing
--   place       of the subject in the card, 1 to 3;  turn   of the figure in the subject, 1 for the one that is reported
--   subject     figures that are reported once together: a family that adds up, 'not_known', or the indicator alone
--   indicator, age_group
SELECT card, place, turn, subject, indicator, age_group
FROM findings
WHERE area_code = $authority AND against = $against
ORDER BY card, place, turn
