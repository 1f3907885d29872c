-- What is to be asked of one authority, the most pressing first? The rules are rows of data/question_rules.csv; a rule applies
-- to the figures that meet its condition, which is worked out here.
-- Parameters
--   authority   authority code
--   against     'neighbours', 'region' or 'england': what it is compared with
--   missed      list of 'indicator.age_group.direction': the targets of its watch list that are asked about (queries/watch_list.sql)
-- Columns: one row per question and figure; the figures themselves are in queries/at_a_glance.sql
--   place       of the question, from 1;  turn   of the figure in the question, 1 for the one that it is about
--   rule        id of the rule;  topic   what it is about: figure, not_known, small, hidden, joint
--   subject     figures that are asked about together: a family that adds up, 'not_known', the indicator, or the ages
--   glance      whether it may be among the few of At a glance
--   indicator, age_group
--   wording     the rule's words for a measure of this polarity;  wording_other   for one that question_words.csv lacks
--   who, verb, what, instead   the measure's words of question_words.csv; NULL where it has none
--   beside      another measure that the question names
--   day, end_date   of the latest full inspection (queries/at_a_glance_authority.sql);  before_period, before_value   the newest
--               figure from before it; NULL for other rules
--   best_neighbour, best_value   the close neighbour that does best, where it does better by more than chance (where there is
--               no test: where it does better); NULL where there is none, and where neighbours are not close
WITH mine AS MATERIALIZED (
    SELECT *,
           CASE span WHEN 1 THEN change_verdict WHEN 2 THEN change_2_verdict WHEN 5 THEN change_5_verdict ELSE '' END = 'worse' AS fell,
           trend_verdict(trend) = 'worse' AS falling,
           moved(change_verdict, change_2_verdict, change_5_verdict) AS moved
    FROM standings WHERE area_code = $authority AND against = $against
),
figure AS (
    SELECT * FROM mine WHERE value IS NOT NULL AND NOT base_hidden AND theme <> 'context'
),
-- Of a small group nothing is asked but what is known of each of them (`few`): one or two young people decide its percentages.
judged AS (
    SELECT * FROM figure WHERE NOT small_cohort
),
-- What calls for a question about a figure: not known first, then worse than the comparator and falling, and so on.
pressing AS (
    SELECT CASE WHEN unknown AND fell THEN 'not_known_longer'
                WHEN unknown THEN 'not_known'
                WHEN verdict = 'worse' AND fell THEN 'worse_since'
                WHEN verdict = 'worse' AND falling THEN 'worse_trend'
                WHEN verdict = 'worse' THEN 'worse'
                WHEN fell THEN 'since'
                WHEN falling THEN 'trend'
                ELSE 'bottom_quarter' END AS condition,
           subject, indicator, age_group, polarity, position, weight + behind AS urgency,
           NULL AS beside, NULL::DATE AS inspection_date, NULL::DATE AS before_period, NULL::DOUBLE AS before_value
    FROM judged
    -- A clear fall is asked about even where the figure is still better than the comparator's.
    WHERE unknown OR is_headline AND (weight > 0 OR fell) AND (asks = 'figure' OR worsened)
                     -- A rank alone calls for no question where the figure, to one more decimal, is the comparator's.
                     AND (verdict = 'worse' OR fell OR falling OR comparator IS NULL
                          OR round(value, decimals + 1) <> round(comparator, decimals + 1))
),
-- One measure falls while another of the same young people is as good as elsewhere and does not fall.
apart AS (
    SELECT r.condition, f.subject, f.indicator, f.age_group, f.polarity, f.position, f.weight + f.behind AS urgency,
           r.beside, NULL::DATE, NULL::DATE, NULL::DOUBLE
    FROM question_rules r
    JOIN judged f ON f.indicator = r.indicator
    JOIN judged b ON b.indicator = r.beside AND b.age_group = f.age_group
    WHERE r.condition = 'falls_while_beside_is_fine' AND (f.fell OR f.falling) AND f.asks = 'figure'
      AND b.verdict IN ('better', 'similar') AND NOT b.not_known_first AND NOT b.fell AND NOT b.falling
),
-- A measure that has no test is up by what can be seen in it since the authority was last inspected in full.
inspected AS (
    SELECT inspection_date, end_date FROM judged_by((SELECT covered FROM inspection_release)) WHERE authority_code = $authority
),
before AS (
    SELECT f.*, i.inspection_date,
           -- The years of a measure end on one day; the newest that ended before the inspection and has a figure.
           list_max(list_filter(f.years, lambda y, place: f.values[place] IS NOT NULL
                                AND make_date(y, month(f.period_end), day(f.period_end)) <= i.inspection_date)) AS before_year
    FROM judged f CROSS JOIN inspected i
    WHERE f.indicator IN (SELECT indicator FROM question_rules WHERE condition = 'up_since_inspection')
),
risen AS (
    SELECT 'up_since_inspection', subject, indicator, age_group, polarity, position, value - before_value AS urgency,
           NULL, inspection_date, make_date(before_year, month(period_end), day(period_end)), before_value
    FROM (SELECT *, values[list_position(years, before_year)] AS before_value FROM before)
    WHERE period_end > inspection_date AND round(value, decimals) > round(before_value, decimals)
),
-- Figures from which nothing should be concluded, because so few are counted or because they are hidden for that; once for
-- each age group, with the measures that this is true of.
few AS (
    SELECT CASE WHEN status = 'c' THEN 'hidden' ELSE 'small_cohort' END AS condition, age_group AS subject,
           indicator, age_group, 'high' AS polarity, position, -position AS urgency,
           NULL, NULL::DATE, NULL::DATE, NULL::DOUBLE
    FROM mine
    WHERE theme = 'outcome' AND is_headline AND interval = 'wilson' AND (status = 'c' OR small_cohort AND value IS NOT NULL)
),
joint_figures AS (
    SELECT 'joint_return', 'joint', indicator, age_group, 'high', position, -position,
           NULL, NULL::DATE, NULL::DATE, NULL::DOUBLE
    FROM figure WHERE joint
),
good AS (
    SELECT 'good', subject, indicator, age_group, polarity, position, -weight - behind,
           NULL, NULL::DATE, NULL::DATE, NULL::DOUBLE
    FROM judged
    WHERE is_headline AND verdict = 'better' AND weight < 0 AND NOT low_is_no_merit AND NOT fell
),
-- A target is missed. The measure need not be a headline one.
aims AS (
    SELECT split_part(aim, '.', 1) AS indicator, split_part(aim, '.', 2) AS age_group,
           CASE split_part(aim, '.', 3) WHEN 'at_most' THEN 'low' ELSE 'high' END AS wanted
    FROM unnest($missed::VARCHAR[]) AS m(aim)
),
missed AS (
    SELECT 'missed_target', f.subject, f.indicator, f.age_group, a.wanted, f.position, f.weight + f.behind,
           NULL, NULL::DATE, NULL::DATE, NULL::DOUBLE
    FROM aims a JOIN judged f USING (indicator, age_group)
    UNION ALL
    SELECT 'missed_target', i.id, i.id, a.age_group, a.wanted, 1000, 0, NULL, NULL, NULL, NULL
    FROM aims a JOIN indicators i ON i.id = a.indicator
    WHERE (a.indicator, a.age_group) NOT IN (SELECT (indicator, age_group) FROM mine)
),
candidate AS (
    SELECT * FROM pressing
    UNION ALL SELECT * FROM apart
    UNION ALL SELECT * FROM risen
    UNION ALL SELECT * FROM few
    UNION ALL SELECT * FROM joint_figures
    UNION ALL SELECT * FROM missed
    UNION ALL SELECT * FROM good
),
ruled AS (
    SELECT c.*, r.id AS rule, r.place AS priority, r.topic, r.most, r.glance = 'yes' AS glance,
           CASE c.polarity WHEN 'low' THEN r.wording_low ELSE r.wording_high END AS wording, r.wording_other
    FROM candidate c JOIN question_rules r ON r.condition = c.condition
    WHERE (r.indicator IS NULL OR r.indicator = c.indicator) AND (r.beside IS NULL OR r.beside = c.beside)
),
-- A subject is asked about once, by its most pressing rule. In it the measure comes first of which more is better.
first AS (
    SELECT * FROM ruled
    QUALIFY row_number() OVER (PARTITION BY topic, subject, indicator, age_group ORDER BY priority, rule) = 1
),
led AS (
    SELECT *, row_number() OVER (PARTITION BY topic, subject ORDER BY polarity = 'low' AND topic <> 'not_known' AND condition <> 'good',
                                 priority, urgency DESC, position, age_group DESC) AS turn
    FROM first
),
heads AS (
    SELECT topic, subject, rule AS head_rule, condition AS head_condition, priority AS head_priority, most,
           max(urgency) OVER (PARTITION BY topic, subject) AS foremost, turn
    FROM led
    QUALIFY turn = 1
),
kept AS (
    SELECT *, row_number() OVER (ORDER BY head_priority, foremost DESC, subject) AS place
    FROM heads
    QUALIFY row_number() OVER (PARTITION BY head_rule ORDER BY foremost DESC, subject) <= most
),
-- The close neighbour that does best on each measure asked about, and better than the authority; of several the closest.
best AS (
    SELECT m.indicator, m.age_group, a.authority_name AS best_neighbour, h.value AS best_value
    FROM figure m
    SEMI JOIN led USING (indicator, age_group)
    JOIN headlines h ON h.indicator = m.indicator AND h.age_group = m.age_group AND h.period_end = m.period_end
    JOIN neighbours n ON n.authority_code = $authority AND n.neighbour_code = h.area_code AND n.closeness <> 'Not close'
    JOIN authorities a ON a.authority_code = h.area_code
    WHERE m.neighbours_close AND h.value IS NOT NULL AND NOT h.base_hidden AND NOT h.low_is_no_merit AND NOT h.small_cohort
      AND CASE m.polarity WHEN 'high' THEN CASE WHEN m.interval = 'wilson' THEN h.lower ELSE h.value END > m.value
                          WHEN 'low' THEN CASE WHEN m.interval = 'wilson' THEN h.upper ELSE h.value END < m.value END
    QUALIFY row_number() OVER (PARTITION BY m.indicator, m.age_group
                               ORDER BY CASE m.polarity WHEN 'high' THEN -h.value ELSE h.value END, n.place) = 1
)
SELECT k.place, l.turn, l.rule, l.topic, l.subject, l.glance, l.indicator, l.age_group, l.wording, l.wording_other,
       w.who, w.verb, w.what, w.instead, l.beside, l.inspection_date AS day,
       CASE WHEN day IS NOT NULL THEN (SELECT end_date FROM inspected) END AS end_date, l.before_period, l.before_value,
       b.best_neighbour, b.best_value
FROM led l
JOIN kept k ON k.topic = l.topic AND k.subject = l.subject
LEFT JOIN question_words w ON w.indicator = l.indicator
LEFT JOIN best b ON b.indicator = l.indicator AND b.age_group = l.age_group
-- What is good at another age is not named in a question about what is not.
WHERE l.condition <> 'good' OR k.head_condition = 'good'
ORDER BY k.place, l.turn
