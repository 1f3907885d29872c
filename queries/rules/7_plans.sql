-- What a council keeps in the store as a document, as rows: the versions of an improvement plan, and a watch list. They are
-- handed to a question as JSON, so that the rules on them stand here with the others.

-- Every action of every version of a plan. `versions` is a list of {version, day, actions}: `day` is the day up to which the
-- version tells how things stand. `place` is the action's place in its version.
CREATE MACRO plan_rows(versions) AS TABLE
WITH kept AS (
    SELECT unnest(from_json(coalesce(versions::VARCHAR, '[]'), '[{
        "version": "INTEGER", "day": "DATE", "actions": [{
            "action_id": "VARCHAR", "inspection": "VARCHAR", "recommendation": "VARCHAR", "action": "VARCHAR",
            "owner": "VARCHAR", "original_due": "VARCHAR", "due": "VARCHAR", "rag": "VARCHAR",
            "submitted_to_ofsted": "VARCHAR", "impact_measure": "VARCHAR", "baseline": "VARCHAR", "target": "VARCHAR",
            "current": "VARCHAR", "evidence": "VARCHAR", "assured_by": "VARCHAR", "progress": "VARCHAR",
            "as_at": "VARCHAR", "indicator": "VARCHAR", "age_group": "VARCHAR"}]}]')) AS one
),
each AS (SELECT one.version AS version, one.day AS day, one.actions AS actions, generate_subscripts(one.actions, 1) AS place FROM kept)
SELECT version, day, place::INTEGER AS place, lower(trim(actions[place].action_id)) AS action_key,
       actions[place].action_id AS action_id,
       coalesce(actions[place].inspection, '') AS inspection,
       coalesce(actions[place].recommendation, '') AS recommendation,
       coalesce(actions[place].action, '') AS action,
       coalesce(actions[place].owner, '') AS owner,
       try_cast(actions[place].original_due AS DATE) AS original_due,
       try_cast(actions[place].due AS DATE) AS due,
       coalesce(actions[place].rag, '') AS rag,
       coalesce(actions[place].submitted_to_ofsted = 'yes', false) AS submitted,
       coalesce(actions[place].impact_measure, '') AS impact_measure,
       coalesce(actions[place].baseline, '') AS baseline,
       coalesce(actions[place].target, '') AS target,
       coalesce(actions[place].current, '') AS current,
       coalesce(actions[place].evidence, '') AS evidence,
       coalesce(actions[place].assured_by, '') AS assured_by,
       coalesce(actions[place].progress, '') AS progress,
       try_cast(actions[place].as_at AS DATE) AS as_at,
       coalesce(actions[place].indicator, '') AS indicator,
       coalesce(actions[place].age_group, '') AS age_group
FROM each;

-- How much the status of an action concerns: stuck; more work needed; in progress; done and to be agreed; done.
CREATE MACRO rag_concern(rag) AS CASE rag
    WHEN 'red' THEN 3 WHEN 'amber' THEN 2 WHEN 'green' THEN 1 WHEN 'awaiting_sign_off' THEN 0 WHEN 'complete' THEN -1 END;
-- Whether something is still to be done.
CREATE MACRO rag_open(rag) AS rag_concern(rag) > 0;

-- Is an action late on a day? What is done is not, whether or not that is agreed.
CREATE MACRO overdue(rag, due, day) AS coalesce(rag_open(rag) AND due < day, false);

-- What became of an action between two versions; '' where nothing did.
--   plan_change      one of: new, removed, completed, reopened, better, worse, done, date_moved, updated
--                    done: finished and waiting for it to be agreed
CREATE MACRO plan_change(before_rag, rag, before_due, due, texts_changed) AS CASE
    WHEN before_rag IS NULL AND rag IS NULL THEN ''
    WHEN before_rag IS NULL THEN 'new'
    WHEN rag IS NULL THEN 'removed'
    WHEN rag = 'complete' AND before_rag <> 'complete' THEN 'completed'
    WHEN rag_concern(before_rag) <= 0 AND rag_open(rag) THEN 'reopened'
    WHEN rag_concern(rag) = 0 AND rag_open(before_rag) THEN 'done'
    WHEN rag_concern(rag) > rag_concern(before_rag) THEN 'worse'
    WHEN rag_concern(rag) < rag_concern(before_rag) THEN 'better'
    WHEN due IS DISTINCT FROM before_due THEN 'date_moved'
    WHEN texts_changed THEN 'updated'
    ELSE '' END;

-- One text of what an action says, to see whether any of it changed. `as_at` is left out: it changes with every version.
CREATE MACRO plan_says(r) AS concat_ws('|', r.inspection, r.recommendation, r.action, r.owner, r.original_due, r.submitted,
    r.impact_measure, r.baseline, r.target, r.current, r.evidence, r.assured_by, r.progress, r.indicator, r.age_group);
