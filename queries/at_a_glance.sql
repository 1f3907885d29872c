-- How is one authority doing on every headline indicator, worst and worsening first?
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what the verdict compares with
-- Columns: one row per headline indicator and age group, and one for those not known on it: outcomes, then enablers, then
-- context; within each, those that most call for a question come first
--   position    of the indicator in the catalogue
--   is_headline   false for those not known, which stand next to the headline figures that leave them out
--   indicator, title, short_title, phrase, theme, family, unit, polarity, decimals, interval, age_group, numerator_counts,
--   denominator_counts
--   period_end   the newest period that is published (for an abolished authority: its own last)
--   previous_period   the period before it, NULL when there is none
--   numerator, denominator, value, published_value, status ('missing' when there is no row), basis, layer, source,
--   release, rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   england, region_value, neighbours_mean, neighbours_median, neighbours_pooled, neighbours_count
--   england_total   for a total (rules/1_macros.sql): England's, of which this is part; england, region_value, the
--                neighbours' figure and the comparator are then NULL
--   compared_with   $against, or 'england' where the neighbours are not close (rules/1_macros.sql)
--   comparator   its value;  verdict  against it
--   too_few      whether that verdict is `similar` because the group is small (rules/1_macros.sql)
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_count   share and number of the same young people whose answer is not known
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how that share moved, where that may
--                explain the figure's change
--   base_hidden  the figure's base is hidden, so it is compared with nothing
--   low_is_no_merit        too many are not known for a low figure to be good news: no rank, no band
--   not_known    the indicator that counts those not known, not_known_phrase   how it is worded; NULL where there is none
--   joint_with   the other authority of a joint return; '' for others
--   not_known_first   whether to report those not known before the figure itself
--   asks         one of: figure, not_known; what a question would be about, not_known once for all figures of the same young people
--   concern      how strongly it calls for a question (rules/1_macros.sql); 0 where it does not; NULL for context and
--                without a value
--   span        the number of years over which a change is reported (1, 2, 5; rules/1_macros.sql); 0 where none is clear
--   minimum, q25, median, q75, maximum   of all authorities
--   years, values   lists: every annual period published, and the authority's value in it (NULL where it has none)
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
SELECT * EXCLUDE (adds_up, area_code, against, weight, neighbours_close, verdict_england, verdict_region,
                  verdict_neighbours, not_known_first_england, not_known_first_region, not_known_first_neighbours,
                  subject, unknown, behind, worsened),
       CASE WHEN joint THEN (
           SELECT string_agg(a.authority_name, ' and ' ORDER BY a.authority_name)
           FROM joint_returns mine
           JOIN joint_returns j ON j.joint_code = mine.joint_code AND j.authority_code <> $authority
           JOIN authorities a ON a.authority_code = j.authority_code
           WHERE mine.authority_code = $authority) ELSE '' END AS joint_with
FROM standings
WHERE area_code = $authority AND against = $against
ORDER BY CASE theme WHEN 'outcome' THEN 1 WHEN 'enabler' THEN 2 ELSE 3 END,
         value IS NULL, concern DESC, rank / of DESC NULLS LAST, position, age_group
