-- The local figures of all versions in use. An authority's rows that several versions share are held once: an upload that
-- does not change them does not copy them. Made empty; queries/local adds to it.
-- Makes: local_rows, the columns of figures that a local figure has, and made, which build of its authority it is from.
CREATE TABLE local_rows AS
SELECT 0 AS made, indicator, age_group, area_code, area_name, level, region_code, region, period_end, frequency, basis, layer,
       numerator, denominator, value, published_value, status, source, release, polarity, joint, band, neighbours_count,
       lower, upper, change, change_verdict, trend, not_known_share, low_is_no_merit, small_cohort, restated, target, rounded,
       verdict_england, verdict_region, verdict_neighbours
FROM figures
LIMIT 0;
