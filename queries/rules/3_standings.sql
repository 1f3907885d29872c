-- How every headline figure compares with each comparator, and which stand out: strong, weak or clearly changing. What to ask
-- is decided for one authority at a time, by the rules in data/question_rules.csv (queries/questions.sql).
-- Reads: headlines, indicators, settings. Makes: standings (a view), findings.

CREATE VIEW standings AS
WITH headline AS (
    SELECT * REPLACE (small_in_return(small_cohort, value, denominator, interval,
                                      max(denominator) FILTER (unit = 'percent') OVER (PARTITION BY area_code, source, period_end),
                                      (SELECT small_cohort FROM settings)) AS small_cohort)
    FROM headlines
),
chosen AS (
    SELECT h.*, c.against, n.phrase AS not_known_phrase,
           compared_with(c.against, neighbours_close) AS compared_with,
           one_of(compared_with, england, region_value, neighbours_mean) AS comparator,
           coalesce(one_of(compared_with, verdict_england, verdict_region, verdict_neighbours), '') AS verdict,
           too_few(verdict, small_cohort) AS too_few,
           coalesce(one_of(compared_with, not_known_first_england, not_known_first_region, not_known_first_neighbours),
                    false) AS not_known_first
    FROM headline h
    CROSS JOIN (VALUES ('neighbours'), ('region'), ('england')) c(against)
    LEFT JOIN indicators n ON n.id = h.not_known
),
asked AS (
    SELECT *,
           CASE WHEN theme = 'context' OR value IS NULL OR base_hidden THEN ''
                WHEN NOT not_known_first THEN 'figure'
                WHEN position = min(position) FILTER (value IS NOT NULL) OVER (PARTITION BY area_code, against, not_known, age_group)
                THEN 'not_known' ELSE '' END AS asks,
           concern(verdict, moved(change_verdict, change_2_verdict, change_5_verdict), trend, band, interval = 'wilson') AS weight,
           named_span(change, change_verdict, change_2, change_2_verdict, change_5, change_5_verdict) AS span
    FROM chosen
)
SELECT *,
       CASE WHEN theme = 'context' OR value IS NULL THEN NULL WHEN asks = '' THEN 0
            ELSE weight + CASE WHEN asks = 'not_known' THEN 8 ELSE 0 END END AS concern,
       -- What is reported once together: the answers to one question, such as in work or study and not, and all figures for
       -- those not known, whatever is not known about them.
       CASE WHEN NOT is_headline THEN 'not_known' WHEN adds_up = 'yes' THEN family ELSE indicator END AS subject,
       NOT is_headline AND not_known_first(value, verdict) AS unknown,
       coalesce(rank / of, 0.5) AS behind,
       worsening_beyond_unknown(change_verdict, change, not_known_share, not_known_change)
           OR worsening_beyond_unknown(change_2_verdict, change_2, not_known_share, not_known_change_2)
           OR worsening_beyond_unknown(change_5_verdict, change_5, not_known_share, not_known_change_5) AS worsened
FROM asked;

-- One row per figure and card. In a group under the size of CARELEAVERS_SMALL_COHORT nothing is called strong or weak. A subject is reported once. `place` orders the subjects of a card, `turn` the figures of a subject (in work before out of work). A card has at most three subjects.
CREATE TABLE findings AS
WITH figure AS (
    SELECT area_code, against, indicator, age_group, position, theme, is_headline, polarity, low_is_no_merit, span, verdict, weight,
           subject, behind,
           -- A measure without a test can stand out only by its quarter, and comes after those that are tested.
           interval <> 'wilson' AS untested, small_cohort, band,
           CASE theme WHEN 'outcome' THEN 300 WHEN 'enabler' THEN 200 ELSE 100 END AS theme_weight,
           CASE span WHEN 1 THEN change WHEN 2 THEN change_2 WHEN 5 THEN change_5 END AS moved_by,
           trend_direction(trend) <> '' AS trending
    FROM standings
    WHERE value IS NOT NULL AND NOT base_hidden
),
candidate AS (
    SELECT *, 'strong' AS card,
           CASE WHEN untested THEN 50 WHEN is_headline THEN theme_weight ELSE 250 END - weight - behind AS urgency
    FROM figure WHERE theme <> 'context' AND NOT small_cohort AND NOT low_is_no_merit AND (verdict = 'better' OR untested AND band = 'A')
    UNION ALL
    SELECT *, 'weak' AS card,
           CASE WHEN untested THEN 50 WHEN is_headline THEN theme_weight ELSE 400 END + weight + behind AS urgency
    FROM figure WHERE theme <> 'context' AND NOT small_cohort AND (verdict = 'worse' OR untested AND band = 'D')
    UNION ALL
    SELECT *, 'changing' AS card, theme_weight + CASE WHEN span = 0 THEN 0 ELSE 1 + least(abs(moved_by), 90) END AS urgency
    FROM figure WHERE span <> 0 OR trending
),
told AS (
    SELECT *, row_number() OVER (PARTITION BY area_code, against, card, subject ORDER BY polarity = 'low', urgency DESC, position, age_group DESC) AS turn,
           max(urgency) OVER (PARTITION BY area_code, against, card, subject) AS foremost
    FROM candidate
)
SELECT area_code, against, card, dense_rank() OVER (PARTITION BY area_code, against, card ORDER BY foremost DESC, subject) AS place, turn,
       subject, indicator, age_group
FROM told
QUALIFY place <= 3;
