-- How do the actions of an improvement plan stand, which are late, and how often did their dates move?
-- Parameters
--   versions    JSON: the versions of the plan that may be read (rules/7_plans.sql)
--   today       the day on which an action is late that was due before
--   inspection, owner   only actions with exactly these words; '' or NULL for all
-- Columns: one row per action of the newest version: red first, then amber, then those that are late, in the order of the plan
--   version, day   the version, and the day up to which it tells how things stand
--   place       in the plan;  action_key  what its history is found by
--   action_id, inspection, recommendation, action, owner, original_due, due, impact_measure, baseline, target, current,
--   evidence, assured_by, progress, as_at, indicator, age_group   as the council wrote them
--   rag         one of: red, amber, green, awaiting_sign_off, complete
--   submitted   whether it is part of what was sent to Ofsted
--   is_open     whether something is still to be done
--   overdue, days_overdue   whether it is late, and by how many days (0 where it is not)
--   moved       how often its date moved: from the original one, and from one version to the next
--   first_due   the first date that is known;  moved_days   how much later it is due now; 0 where it is not later
--   began       the day of the first version that has it
--   exception   whether it belongs in a report of exceptions: red or amber
WITH every AS MATERIALIZED (SELECT * FROM plan_rows($versions)),
steps AS (
    SELECT *, lag(due) OVER one AS before_due, lag(version) OVER one AS before_version, first_value(version) OVER one AS first_version
    FROM every
    WINDOW one AS (PARTITION BY action_key ORDER BY version)
),
histories AS (
    SELECT action_key, min(day) AS began,
           count(*) FILTER (before_version IS NOT NULL AND due IS NOT NULL AND before_due IS NOT NULL AND due <> before_due)
               + count(*) FILTER (version = first_version AND due <> original_due) AS moved,
           coalesce(arg_min(original_due, version) FILTER (original_due IS NOT NULL), arg_min(due, version) FILTER (due IS NOT NULL)) AS first_due
    FROM steps
    GROUP BY action_key
)
SELECT e.version, e.day, e.place, e.action_key, e.action_id, e.inspection, e.recommendation, e.action, e.owner, e.original_due, e.due, e.rag,
       e.submitted, e.impact_measure, e.baseline, e.target, e.current, e.evidence, e.assured_by, e.progress, e.as_at,
       e.indicator, e.age_group,
       rag_open(e.rag) AS is_open, overdue(e.rag, e.due, $today::DATE) AS overdue,
       CASE WHEN overdue(e.rag, e.due, $today::DATE) THEN datediff('day', e.due, $today::DATE) ELSE 0 END AS days_overdue,
       h.moved::INTEGER AS moved, h.first_due,
       coalesce(greatest(datediff('day', h.first_due, e.due), 0), 0) AS moved_days, h.began,
       e.rag IN ('red', 'amber') AS exception
FROM every e
JOIN histories h USING (action_key)
WHERE e.version = (SELECT max(version) FROM every)
  AND coalesce($inspection, '') IN ('', e.inspection) AND coalesce($owner, '') IN ('', e.owner)
ORDER BY rag_concern(e.rag) DESC, overdue DESC, e.place
