"""The sentences and tables of the improvement plan. ``rows`` are rows of ``queries/improvement_plan_*.sql``, and ``row`` is one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from careleavers.store import Document
from careleavers.views import keeping
from careleavers.wording.formats import Row, day_text, join_words, missing, sentence_case
from careleavers.wording.tables import records

# The status of an action, and what it means. Only here are red, amber and green colours, and always with the word.
RAG_WORDS = {
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
    "awaiting_sign_off": "Awaiting sign-off",
    "complete": "Complete",
}
RAG_MEANINGS = {
    "red": "stuck",
    "amber": "more work is needed, or a problem that can be resolved",
    "green": "in progress, nothing in the way",
    "awaiting_sign_off": "done, not yet agreed to be",
    "complete": "done",
}
_CHANGES = {
    "new": "new in the plan",
    "removed": "taken out of the plan",
    "completed": "complete",
    "reopened": "open again",
    "better": "status better",
    "worse": "status worse",
    "done": "done, awaiting sign-off",
    "date_moved": "date moved",
    "updated": "text updated",
    "": "",
}
INTRODUCTION = (
    "What the council is doing about what Ofsted and its own members found: each action with its status, its date and its results so far. "
    "The words and the statuses are the council’s own."
)
ABOUT_STATUS = "; ".join(f"**{RAG_WORDS[code]}**: {meaning}" for code, meaning in RAG_MEANINGS.items()) + "."
NOTHING = "No improvement plan of this council can be seen here."
NOTHING_YET = "No plan has been uploaded for this council yet. Start from the template below."
NO_CHANGES = "There is nothing to compare with yet, or nothing in the plan has changed since."
NO_EXCEPTIONS = "No action is red or amber."
ACCEPTED = "The plan is accepted. What changed is below."
WITHDRAWN = "The plan is withdrawn: nobody but officers of this council sees it. Its history stays."


def headline(counts: pd.DataFrame) -> str:
    """How the actions stand: ``11 actions: 2 amber, 3 green and 6 complete``.

    Parameters
    ----------
    counts
        Rows of ``queries/improvement_plan_counts.sql``.

    Returns
    -------
    str
    """
    shown = [f"{row['actions']} {RAG_WORDS[row['rag']].lower()}" for row in records(counts) if row["actions"]]
    of = int(counts["of"].iloc[0])
    if not of:
        return "No action in the plan matches this choice"
    return f"{_number(of, 'action')}: {join_words(shown)}"


def detail(rows: pd.DataFrame, today: dt.date) -> str:
    """What is late, and whose dates moved.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_actions.sql``.
    today
        The day on which something is late.

    Returns
    -------
    str
    """
    late, moved = rows[rows["overdue"]], rows[rows["moved"] > 0]
    said = []
    if len(late):
        longest = records(late.sort_values("days_overdue", ascending=False).head(1))[0]
        said.append(
            f"{_number(len(late), 'action')} overdue on {day_text(today)}, the longest (action {longest['action_id']}) by "
            f"{span_text(longest['days_overdue'])}."
        )
    elif rows["is_open"].any():
        said.append(f"No action was overdue on {day_text(today)}.")
    if len(moved):
        said.append(f"The date of {_number(len(moved), 'action')} has been moved: {join_words(_moved(row) for row in records(moved.head(5)))}"
                    + (f" and {len(moved) - 5} more." if len(moved) > 5 else "."))  # fmt: skip
    elif len(rows):
        said.append("No date has been moved.")
    return " ".join(said)


def _moved(row: Row) -> str:
    return f"action {row['action_id']} {times(row['moved'])}"


def times(count: int) -> str:
    """How often: ``once``, ``twice``, ``3 times``.

    Parameters
    ----------
    count
        At least 1.

    Returns
    -------
    str
    """
    return {1: "once", 2: "twice"}.get(int(count), f"{int(count)} times")


def span_text(days: int) -> str:
    """A time in days as people say it: ``12 days``, ``7 months``, ``2 years``.

    Parameters
    ----------
    days
        At least 1.

    Returns
    -------
    str
    """
    if days < 60:
        return _number(int(days), "day")
    months = int(days / 30.44)
    return _number(months, "month") if months < 24 else _number(months // 12, "year")


def position(rows: pd.DataFrame, name: str, at: dt.datetime, today: dt.date) -> str:
    """The day up to which the plan tells how things stand, who uploaded it and when; and that it is old where it is.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_actions.sql``, at least one.
    name, at
        Who uploaded the version, and when (UTC).
    today
        The day on which it is read.

    Returns
    -------
    str
    """
    day = rows["day"].iloc[0]
    said = f"The plan as at {day_text(day)}, uploaded by {name or 'an officer'} on {day_text(at)}."
    old = (pd.Timestamp(today) - pd.Timestamp(day)).days
    return f"{said} That is {span_text(old)} ago: ask for the position now." if old > 183 else said


def counts_table(counts: pd.DataFrame) -> pd.DataFrame:
    """Each status with what it means and how many actions have it.

    Parameters
    ----------
    counts
        Rows of ``queries/improvement_plan_counts.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: Status, Meaning, Actions, Overdue, In the plan sent to Ofsted, The version before (only where there is one).
    """
    table = pd.DataFrame(
        [
            {
                "Status": RAG_WORDS[row["rag"]],
                "Meaning": sentence_case(RAG_MEANINGS[row["rag"]]),
                "Actions": row["actions"],
                "Overdue": row["overdue"],
                "In the plan sent to Ofsted": row["submitted"],
                "In the version before": "" if missing(row["before"]) else int(row["before"]),
            }
            for row in records(counts)
        ]
    )
    return table if counts["before"].notna().any() else table.drop(columns="In the version before")


def due_text(row: Row) -> str:
    """When an action is due, whether it is late and how often that moved: ``30 September 2026 (moved twice), 12 days overdue``.

    Parameters
    ----------
    row
        A row of ``queries/improvement_plan_actions.sql``.

    Returns
    -------
    str
    """
    if missing(row["due"]):
        return "no date"
    said = day_text(row["due"])
    if row["moved"]:
        first = f", first {day_text(row['first_due'])}" if row["moved_days"] else ""
        said += f" (moved {times(row['moved'])}{first})"
    return f"{said}, {span_text(row['days_overdue'])} overdue" if row["overdue"] else said


def actions_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Every action, one per row.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_actions.sql``.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Action, Status, Due, Owner, Where it comes from, Progress.
    """
    return pd.DataFrame(
        [
            {
                "Action": f"{row['action_id']}. {row['action']}",
                "Status": RAG_WORDS[row["rag"]],
                "Due": due_text(row),
                "Owner": row["owner"],
                "Where it comes from": ": ".join(part for part in (row["inspection"], row["recommendation"]) if part),
                "Progress": row["progress"],
            }
            for row in records(rows)
        ],
        columns=["Action", "Status", "Due", "Owner", "Where it comes from", "Progress"],
    )  # fmt: skip


def change_text(row: Row) -> str:
    """What became of an action: ``status worse: red (was amber); due 30 September 2026 (was 30 June 2026)``.

    Parameters
    ----------
    row
        A row of ``queries/improvement_plan_changes.sql`` or ``queries/improvement_plan_history.sql``.

    Returns
    -------
    str
    """
    said = [_CHANGES[row["change"]]]
    before, now = row["rag_before"], row["rag"]
    if missing(now) or missing(before):
        if not missing(now):
            due = "" if missing(row["due"]) else f", due {day_text(row['due'])}"
            said.append(f"{RAG_WORDS[now].lower()}{due}")
        return sentence_case("; ".join(said))
    if before != now:
        said.append(f"{RAG_WORDS[now].lower()} (was {RAG_WORDS[before].lower()})")
    if _day(row["due"]) != _day(row["due_before"]):
        said.append(f"due {_day(row['due'])} (was {_day(row['due_before'])})")
    return sentence_case("; ".join(said))


def _day(day: object) -> str:
    return "no date" if missing(day) else day_text(day)


def changes_heading(changes: pd.DataFrame, since: dt.date | None) -> str:
    """What the changes are counted from.

    Parameters
    ----------
    changes
        Rows of ``queries/improvement_plan_changes.sql``, at least one.
    since
        The day that was asked for; None for the version before.

    Returns
    -------
    str
    """
    day = day_text(changes["before_day"].iloc[0])
    if since is None:
        return f"{_number(len(changes), 'action')} changed since the version before (as at {day})"
    return f"{_number(len(changes), 'action')} changed since {day_text(since)} (compared with the plan as at {day})"


def changes_table(changes: pd.DataFrame) -> pd.DataFrame:
    """The actions that changed.

    Parameters
    ----------
    changes
        Rows of ``queries/improvement_plan_changes.sql``.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Action, What changed, Progress.
    """
    return pd.DataFrame(
        [
            {
                "Action": f"{row['action_id']}. {row['action']}",
                "What changed": change_text(row),
                "Progress": row["progress"],
            }
            for row in records(changes)
        ],
        columns=["Action", "What changed", "Progress"],
    ).pipe(_without_empty)


def history_table(rows: pd.DataFrame) -> pd.DataFrame:
    """What became of one action, the newest first.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_history.sql``.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: As at, What changed, Position, Progress.
    """
    return pd.DataFrame(
        [
            {
                "As at": day_text(row["day"]),
                "What changed": change_text(row),
                "Position": row["current"],
                "Progress": row["progress"],
            }
            for row in records(rows)
        ],
        columns=["As at", "What changed", "Position", "Progress"],
    ).pipe(_without_empty)


def _without_empty(table: pd.DataFrame) -> pd.DataFrame:
    """The columns in which there is anything."""
    return table[[column for column in table if any(table[column])]]


def facts(row: Row) -> list[tuple[str, str]]:
    """What is known of one action, apart from its status and date: label and text, without what is empty.

    Parameters
    ----------
    row
        A row of ``queries/improvement_plan_actions.sql``.

    Returns
    -------
    list[tuple[str, str]]
    """
    named = {
        "Where it comes from": row["inspection"],
        "Recommendation": row["recommendation"],
        "Owner": row["owner"],
        "Measure of impact": row["impact_measure"],
        "At the start": row["baseline"],
        "Target": row["target"],
        "Now": row["current"],
        "Evidence": row["evidence"],
        "Assured by": row["assured_by"],
        "Progress": row["progress"],
        "As at": "" if missing(row["as_at"]) else day_text(row["as_at"]),
        "In the plan sent to Ofsted": "yes" if row["submitted"] else "",
    }
    return [(label, text) for label, text in named.items() if text]


def download_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The actions as they are downloaded: every column of the plan, with what was worked out.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_actions.sql``.

    Returns
    -------
    pandas.DataFrame
    """
    return rows.drop(columns=["place", "action_key", "is_open", "exception", "version", "day"]).assign(
        rag=[RAG_WORDS[code] for code in rows["rag"]]
    )


def about(name: str, rows: pd.DataFrame, today: dt.date, author: str) -> dict[str, str]:
    """What the download says of itself.

    Parameters
    ----------
    name
        The authority.
    rows
        Rows of ``queries/improvement_plan_actions.sql``, at least one.
    today
        The day of the download.
    author
        Who uploaded the version.

    Returns
    -------
    dict[str, str]
    """
    return {
        "what": f"Improvement plan of {name}, in the council’s own words",
        "source": f"Uploaded by {author or 'an officer'}, as at {day_text(rows['day'].iloc[0])}",
        "status": "; ".join(f"{RAG_WORDS[code]}: {meaning}" for code, meaning in RAG_MEANINGS.items()),
        "overdue": f"An action that is red, amber or green and was due before {day_text(today)}",
        "downloaded": day_text(today),
    }


def versions_table(history: Sequence[Document]) -> pd.DataFrame:
    """The versions of a plan, the newest first.

    Parameters
    ----------
    history
        Versions as the store has them.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Version, What, Actions, As at, By, On, For, Note.
    """
    return keeping.versions_table(
        history, "Actions", "actions", lambda each: {"As at": _iso(each.content.get("as_at"))}
    )


def _iso(day: object) -> str:
    try:
        return day_text(dt.date.fromisoformat(str(day)))
    except ValueError:
        return ""


def line_words(row: Row, name: str) -> str:
    """What the line of a figure under an action is: it does not say that the action moved it.

    Parameters
    ----------
    row
        A row of ``queries/improvement_plan_actions.sql``.
    name
        The authority.

    Returns
    -------
    str
    """
    return (
        f"The figure that action {row['action_id']} is meant to move, for {name}, from the year before the action was added to the plan "
        f"({day_text(row['began'])}). Other things move it too: the line alone does not show that the action worked."
    )


def no_line(measure: str, began: object) -> str:
    """That no official figure can show anything of an action yet.

    Parameters
    ----------
    measure
        The figure.
    began
        The day from which the action is in the plan.

    Returns
    -------
    str
    """
    return (
        f"{measure}: there is no official figure for a time after {day_text(began)}, when the action was added to the plan. The Trends page has the "
        "years before."
    )


def action_names(rows: pd.DataFrame) -> Mapping[str, str]:
    """The label of each action by its key, in the order of the rows.

    Parameters
    ----------
    rows
        Rows of ``queries/improvement_plan_actions.sql``.

    Returns
    -------
    Mapping[str, str]
    """
    return {
        row["action_key"]: f"{row['action_id']}. {shortened(row['action'])} ({RAG_WORDS[row['rag']].lower()})"
        for row in records(rows)
    }


def shortened(text: str, most: int = 70) -> str:
    """A text that fits a list.

    Parameters
    ----------
    text
        Any text.
    most
        How many characters fit.

    Returns
    -------
    str
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
