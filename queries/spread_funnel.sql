-- Does each authority differ from England by more than chance would explain?
-- Parameters
--   indicator, age_group, period (date)
--   authority   code of the chosen authority, or '' for none
-- Columns: one row per authority that existed then; the highest z-score first, then those without one by name
--   authority_code, authority_name, region, period_end, numerator, denominator, value, published_value, status
--   base_hidden, not_known_share, low_is_no_merit   as in queries/compare.sql;  not_known_first   compared with England
--   rank, rank_tied, of, small_cohort, restated, joint, england, basis, layer, source, release
--   is_chosen, is_neighbour   whether it is the chosen authority, or a neighbour of it
--   return_name   the authority, or for a joint return both of them;  is_first   one row of each return
--   return_is_chosen, return_is_neighbour   whether any member of the return is
--   z             standard errors from England, unwidened; NULL without counts
--   z_adjusted    z divided by the widening: beyond 1.96 and 3.09 it is outside the limits
--   side          one of: above_998, above_95, inside, below_95, below_998; '' without counts (rules/4_funnel.sql)
--   side_verdict  a verdict, similar inside the 95% limits; '' where too many are not known for a low figure to be good news
--   lower_998, lower_95, upper_95, upper_998   the limits at its base
--   centre        England's share in the unit of the indicator;  returns  how many have a z-score (a joint one once)
--   phi, widened, widening   overdispersion, whether it is well over 1, and what the limits are multiplied by
--   above_998, below_998, above_95, below_95   how many returns lie there (95: not those beyond 99.8)
--   plain_998     how many would lie outside 99.8% limits that are not widened
-- Verdicts, changes, trends and bands are codes: rules/1_macros.sql lists them all.
WITH scored AS (
    SELECT f.*, coalesce(j.joint_code, f.area_code) AS return_code, coalesce(j.joint_name, f.area_name) AS return_name,
           f.area_code = $authority AS is_chosen, n.neighbour_code IS NOT NULL AS is_neighbour,
           l.centre AS share, l.factor, l.returns, l.phi, l.widened, l.widening, l.above_998, l.below_998, l.above_95,
           l.below_95, l.plain_998,
           CASE WHEN f.value IS NOT NULL THEN funnel_z(f.numerator, f.denominator, l.centre) END AS z
    FROM figures f
    LEFT JOIN joint_returns j ON f.joint AND j.authority_code = f.area_code
    LEFT JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = f.area_code
    LEFT JOIN funnels l ON (l.indicator, l.age_group, l.period_end, l.layer)
                         = (f.indicator, f.age_group, f.period_end, f.layer) AND l.indicator = $indicator
    WHERE f.level = 'authority' AND f.indicator = $indicator AND f.age_group = $age_group
      AND f.period_end = $period::DATE AND f.layer = 'published'
)
SELECT area_code AS authority_code, area_name AS authority_name, region, period_end, numerator, denominator, value,
       published_value, status, base_hidden, not_known_share, low_is_no_merit, not_known_first_england AS not_known_first,
       rank, rank_tied, of, small_cohort, restated, joint, england, basis, layer, source,
       release, is_chosen, is_neighbour, return_name,
       row_number() OVER (PARTITION BY return_code ORDER BY area_code) = 1 AS is_first,
       bool_or(is_chosen) OVER (PARTITION BY return_code) AS return_is_chosen,
       bool_or(is_neighbour) OVER (PARTITION BY return_code) AS return_is_neighbour,
       z, z / widening AS z_adjusted, funnel_side(z, widening) AS side,
       verdict_beside_unknown(CASE WHEN z IS NULL THEN '' ELSE side_verdict(
           CASE WHEN abs(z) <= widening * funnel_95() THEN 'similar' WHEN z > 0 THEN 'higher' ELSE 'lower' END,
           polarity) END, polarity, not_known_first_england) AS side_verdict,
       funnel_limit(share, denominator, -funnel_998(), widening, factor) AS lower_998,
       funnel_limit(share, denominator, -funnel_95(), widening, factor) AS lower_95,
       funnel_limit(share, denominator, funnel_95(), widening, factor) AS upper_95,
       funnel_limit(share, denominator, funnel_998(), widening, factor) AS upper_998,
       factor * share AS centre, returns, phi, coalesce(widened, false) AS widened, widening,
       above_998, below_998, above_95, below_95, plain_998
FROM scored
ORDER BY z IS NULL, z DESC, area_name
