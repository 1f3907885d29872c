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

-- The targets of a watch list: a list of {indicator, age_group, kind, target, tolerance, direction, note}, as rows.
CREATE MACRO watch_rows(items) AS TABLE
WITH each AS (
    SELECT unnest(from_json(coalesce(items::VARCHAR, '[]'), '[{
        "indicator": "VARCHAR", "age_group": "VARCHAR", "kind": "VARCHAR", "target": "DOUBLE", "tolerance": "DOUBLE",
        "direction": "VARCHAR", "note": "VARCHAR"}]')) AS one
)
SELECT row_number() OVER ()::INTEGER AS place, one.indicator AS indicator, one.age_group AS age_group, one.kind AS kind,
       one.target AS target, coalesce(one.tolerance, 0) AS tolerance, one.direction AS direction, coalesce(one.note, '') AS note
FROM each;

-- By how much a figure falls short of a target, in the unit of the figure; 0 or less where it reaches it.
CREATE MACRO short_of(value, target, direction) AS CASE direction
    WHEN 'at_least' THEN target - value WHEN 'at_most' THEN value - target END;

-- Does a figure reach a target, or nearly? '' where there is nothing to compare, and where too many are not known for a low
-- figure to be good news: it may only be a minimum. A difference due only to how numbers are stored counts as reached.
--   outcome          one of: met, within, missed
--                    also local_outcome, previous_outcome
CREATE MACRO target_outcome(value, target, tolerance, direction, low_is_no_merit) AS CASE
    WHEN short_of(value, target, direction) IS NULL THEN ''
    WHEN short_of(value, target, direction) > tolerance + 1e-9 THEN 'missed'
    WHEN low_is_no_merit AND direction = 'at_most' THEN ''
    WHEN short_of(value, target, direction) > 1e-9 THEN 'within'
    ELSE 'met' END;

-- How many people more, or fewer, a share needs to reach its target: the fewest whole people; 0 where it reaches it. Only from
-- exact counts: of hidden or rounded ones it would tell something about who was counted.
CREATE MACRO people_short(numerator, denominator, target, direction) AS greatest(CASE direction
    WHEN 'at_least' THEN ceil(target / 100 * denominator - numerator - 1e-9)
    WHEN 'at_most' THEN ceil(numerator - target / 100 * denominator - 1e-9) END, 0)::INTEGER;

-- A place in an order as a letter: A to Z, then AA, AB and so on.
CREATE MACRO letters(place) AS
    CASE WHEN place > 26 THEN chr((64 + (place - 1) // 26)::INTEGER) ELSE '' END || chr((65 + (place - 1) % 26)::INTEGER);
