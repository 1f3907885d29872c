-- What changed in an improvement plan: since the version before, or since a day?
-- Parameters
--   versions    JSON: the versions of the plan that may be read (rules/7_plans.sql)
--   since       the newest version that tells how things stood on or before this day is compared with; NULL for the one before
--   inspection, owner   only actions with exactly these words, then or now; '' or NULL for all
-- Columns: one row per action that changed, what calls for attention first; none where there is nothing to compare with
--   action_id, action, inspection, owner   as they stand now, or stood where the action was taken out
--   change      one of: new, removed, completed, reopened, better, worse, done, date_moved, updated (rules/7_plans.sql)
--   rag_before, rag, due_before, due   then and now; NULL where the plan did not or does not have it
--   moved_days  by how many days it is due later than then; less than 0 where earlier; NULL where a date is missing
--   progress    what the council says now
--   before_version, before_day   what is compared with
WITH every AS MATERIALIZED (SELECT r.*, plan_says(r) AS says FROM plan_rows($versions) r),
newest AS (SELECT * FROM every WHERE version = (SELECT max(version) FROM every)),
earlier AS (
    SELECT * FROM every
    WHERE version = (SELECT max(version) FROM every
                     WHERE version < (SELECT max(version) FROM every) AND ($since::DATE IS NULL OR day <= $since::DATE))
),
compared AS (
    SELECT coalesce(n.action_id, b.action_id) AS action_id, coalesce(n.action, b.action) AS action,
           coalesce(n.inspection, b.inspection) AS inspection, coalesce(n.owner, b.owner) AS owner,
           plan_change(b.rag, n.rag, b.due, n.due, n.says IS DISTINCT FROM b.says) AS change,
           b.rag AS rag_before, n.rag AS rag, b.due AS due_before, n.due AS due, datediff('day', b.due, n.due) AS moved_days,
           coalesce(n.progress, '') AS progress, coalesce(n.place, b.place) AS place
    FROM newest n
    FULL JOIN earlier b USING (action_key)
)
SELECT c.* EXCLUDE (place), e.version AS before_version, e.day AS before_day
FROM compared c
CROSS JOIN (SELECT DISTINCT version, day FROM earlier) e
WHERE change <> ''
  AND coalesce($inspection, '') IN ('', c.inspection) AND coalesce($owner, '') IN ('', c.owner)
ORDER BY list_position(['worse', 'reopened', 'date_moved', 'new', 'removed', 'completed', 'done', 'better', 'updated'], change), place
