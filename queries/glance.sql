-- How is one authority doing on every headline indicator, worst and worsening first?
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what the verdict compares with
-- Columns: one row a headline indicator and age group, and one for those not known of it: outcomes, then enablers, then
-- context; in each the ones that most ask for a question first
--   position    of the indicator in the catalogue
--   is_headline   false for those not known, which stand next to the headline figures that leave them out
--   indicator, title, short_title, phrase, theme, family, unit, polarity, decimals, interval, age_group, numerator_counts,
--   denominator_counts
--   period_end   the newest period that is published (for an abolished authority: its own last)
--   previous_period   the period before it, NULL when there is none
--   numerator, denominator, value, published_value, status ('missing' when there is no row), basis, layer, source,
--   release, rank, rank_tied, of, band, lower, upper, small_cohort, restated, joint
--   england, region_value, neighbours_mean, neighbours_median, neighbours_pooled, neighbours_count
--   england_total   of a total (rules/1_macros.sql), England's, which this is a part of; england, region_value, the neighbours'
--                figure and the comparator are then NULL
--   compared_with   $against, or 'england' where the neighbours are not close (rules/1_macros.sql)
--   comparator   the value of that;  verdict  against it
--   change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict   over one, two and five years; trend
--   not_known_share, not_known_count   of the same young people: those whose answer is not known
--   not_known_change, not_known_change_2, not_known_change_5, not_known_trend   how that share moved, where it may be
--                why the figure did
--   base_hidden  the figure's base is hidden, so it is compared with nothing
--   low_is_no_merit        so many are not known that a low figure is no merit: no rank, no band
--   not_known    the indicator that counts those not known, not_known_phrase   how it is worded; NULL where there is none
--   joint_with   the other authority of a joint return; '' for others
--   not_known_first   whether that comes before what the figure says
--   asks         one of: figure, not_known; what a question would be about, not_known once for all figures of the same young people
--   concern      how much it asks for a question (rules/1_macros.sql); 0 where it asks none; NULL for context and
--                without a value
--   span        over how many years it is said to have changed (1, 2, 5; rules/1_macros.sql); 0 where no change is clear
--   minimum, q25, median, q75, maximum   of all authorities
--   years, values   lists: every annual period published, and the authority's value in it (NULL where it has none)
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
SELECT * EXCLUDE (adds_up, area_code, against, weight, neighbours_close, verdict_england, verdict_region,
                  verdict_neighbours, not_known_first_england, not_known_first_region, not_known_first_neighbours),
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
