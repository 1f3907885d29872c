-- What became of one action of an improvement plan, version by version?
-- Parameters
--   versions    JSON: the versions of the plan that may be read (rules/7_plans.sql)
--   action_key  the action: improvement_plan_actions.sql gives it
-- Columns: one row per version in which something about the action changed, the newest first; the first version that has it too
--   version, day   the version, and the day up to which it tells how things stood
--   change      one of: new, removed, completed, reopened, better, worse, done, date_moved, updated (rules/7_plans.sql)
--   rag, due, owner, current, progress   as they stood then; rag is NULL where the action was taken out
--   rag_before, due_before   in the version before that
WITH every AS MATERIALIZED (SELECT r.*, plan_says(r) AS says FROM plan_rows($versions) r),
turns AS (SELECT DISTINCT version, day FROM every),
steps AS (
    SELECT t.version, t.day, e.rag, e.due, e.owner, e.current, e.progress, e.says,
           lag(e.rag) OVER one AS rag_before, lag(e.due) OVER one AS due_before, lag(e.says) OVER one AS says_before
    FROM turns t
    LEFT JOIN every e ON e.version = t.version AND e.action_key = $action_key
    WINDOW one AS (ORDER BY t.version)
)
SELECT version, day, plan_change(rag_before, rag, due_before, due, says IS DISTINCT FROM says_before) AS change,
       rag, due, coalesce(owner, '') AS owner, coalesce(current, '') AS current, coalesce(progress, '') AS progress,
       rag_before, due_before
FROM steps
WHERE change <> ''
ORDER BY version DESC
