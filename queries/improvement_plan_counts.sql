-- How many actions of an improvement plan have each status, and how many are late?
-- Parameters
--   versions    JSON: the versions of the plan that may be read (rules/7_plans.sql)
--   today       the day on which an action is late that was due before
--   inspection, owner   only actions with exactly these words; '' or NULL for all
-- Columns: one row per status, the most pressing first, also where no action has it
--   rag         one of: red, amber, green, awaiting_sign_off, complete
--   actions     how many have it;  overdue  how many of these are late
--   submitted   how many of these are part of what was sent to Ofsted
--   before      how many had it in the version before; NULL where there is none
--   of          all actions
WITH every AS MATERIALIZED (
    SELECT *, dense_rank() OVER (ORDER BY version DESC) AS age FROM plan_rows($versions)
),
counted AS (
    SELECT rag, count(*) FILTER (age = 1) AS actions, count(*) FILTER (age = 1 AND overdue(rag, due, $today::DATE)) AS overdue,
           count(*) FILTER (age = 1 AND submitted) AS submitted, count(*) FILTER (age = 2) AS before
    FROM every
    WHERE coalesce($inspection, '') IN ('', inspection) AND coalesce($owner, '') IN ('', owner)
    GROUP BY rag
)
SELECT r.rag, coalesce(actions, 0)::INTEGER AS actions, coalesce(overdue, 0)::INTEGER AS overdue,
       coalesce(submitted, 0)::INTEGER AS submitted,
       CASE WHEN (SELECT max(age) FROM every) > 1 THEN coalesce(before, 0) END::INTEGER AS before,
       sum(coalesce(actions, 0)) OVER ()::INTEGER AS of
FROM (VALUES ('red'), ('amber'), ('green'), ('awaiting_sign_off'), ('complete')) r(rag)
LEFT JOIN counted USING (rag)
ORDER BY rag_concern(r.rag) DESC
