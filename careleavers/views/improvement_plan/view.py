"""What the page on the improvement plan shows: counts, what is late, what changed, the exceptions, and one action over time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.template import Width
from careleavers.charts.trend import trend
from careleavers.store import Document
from careleavers.views.context import Context
from careleavers.views.improvement_plan import words
from careleavers.views.inspections import view as inspections_view
from careleavers.views.keeping import written_by
from careleavers.views.trends import words_finding, words_sources, words_years
from careleavers.wording.formats import axis_unit, file_name, with_age
from careleavers.wording.tables import records
from careleavers.wording.uploaded_text import inert, inert_frame


@dataclass(frozen=True)
class Status:
    """How many actions have a status: its code, its word, the number, and how many of them are overdue in words."""

    code: str
    word: str
    actions: int
    note: str


@dataclass(frozen=True)
class ExceptionItem:
    """An action that is red or amber.

    Attributes
    ----------
    code, word
        Its status.
    title, due
        The action, and when it is due, how late it is and how often that moved.
    facts
        What the council says of it: label and text.
    """

    code: str
    word: str
    title: str
    due: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ImprovementPlanView:
    """The plan as members read it. Every text of the council's is inert.

    Attributes
    ----------
    headline, detail, position
        How many actions have each status; what is late and what moved; as at which day, and who uploaded it.
    statuses, counts
        The statuses as the page draws them, and as a table.
    changes_heading, changes
        What changed since the version before; "" and None where nothing did or there is none.
    since_heading, since
        What changed since the day asked for; "" and None where nothing did or no version is that old.
    exceptions
        The report of exceptions: red, then amber.
    table
        Every action.
    names
        The label of each action by its key.
    rows
        Rows of ``queries/improvement_plan_actions.sql``.
    judged
        How Ofsted judged the area, and what stands behind it.
    download, about
        The table to download, and what it says of itself.
    """

    headline: str
    detail: str
    position: str
    statuses: tuple[Status, ...]
    counts: pd.DataFrame
    changes_heading: str
    changes: pd.DataFrame | None
    since_heading: str
    since: pd.DataFrame | None
    exceptions: tuple[ExceptionItem, ...]
    table: pd.DataFrame
    names: dict[str, str]
    rows: pd.DataFrame
    judged: str
    download: pd.DataFrame
    about: dict[str, str]


@dataclass(frozen=True)
class ActionView:
    """One action.

    Attributes
    ----------
    word, title, due
        Its status, what it is, and when it is due.
    facts
        What the council says of it: label and text.
    history
        What became of it, the newest first.
    line, line_words
        The figure that it is meant to move, since it began; and what that is, or why there is none. "" where it names no figure.
    indicator, age_group
        That figure; "" where it names none.
    """

    word: str
    title: str
    due: str
    facts: tuple[tuple[str, str], ...]
    history: pd.DataFrame
    line: ChartResult | None
    line_words: str
    indicator: str
    age_group: str


def choices(context: Context, versions: str) -> tuple[dict[str, str], dict[str, str]]:
    """The inspections and the owners that the plan can be narrowed to, in its order.

    Parameters
    ----------
    context
        What the view is made from.
    versions
        The newest version, from :func:`.keeping.versions_text`.

    Returns
    -------
    tuple[dict[str, str], dict[str, str]]
        What is shown, by what is asked for.
    """
    rows = context.query("improvement_plan_actions", versions=versions, today=context.today, inspection="", owner="")
    shown = inert_frame(rows.sort_values("place"))
    asked = rows.sort_values("place")

    def named(column: str) -> dict[str, str]:
        pairs = dict(zip(asked[column], shown[column], strict=True))
        return {value: label for value, label in pairs.items() if value and label}

    return named("inspection"), named("owner")


def build_view(
    context: Context,
    versions: str,
    document: Document,
    code: str,
    name: str,
    inspection: str = "",
    owner: str = "",
    since: dt.date | None = None,
) -> ImprovementPlanView:
    """The plan of an authority.

    Parameters
    ----------
    context
        What the view is made from; whoever may read the plan differs, so its answers are not to be kept for all.
    versions, document
        From :func:`.keeping.kept_plan`.
    code, name
        The authority.
    inspection, owner
        Only actions with exactly these words; "" for all.
    since
        The day of the last meeting, for what changed since then; None for none.

    Returns
    -------
    ImprovementPlanView
    """
    asked = {"versions": versions, "inspection": inspection, "owner": owner}
    counts = context.query("improvement_plan_counts", today=context.today, **asked)
    raw = context.query("improvement_plan_actions", today=context.today, **asked)
    rows = inert_frame(raw)
    before = inert_frame(context.query("improvement_plan_changes", since=None, **asked))
    meeting = inert_frame(context.query("improvement_plan_changes", since=since, **asked)) if since else before.head(0)
    judged = inspections_view.build_events(context, code, name)
    return ImprovementPlanView(
        headline=words.headline(counts),
        detail=words.detail(rows, context.today),
        position=words.position(rows, inert(written_by(document)), document.at, context.today) if len(rows) else "",
        statuses=tuple(
            Status(row["rag"], words.RAG_WORDS[row["rag"]], int(row["actions"]), f"{row['overdue']} overdue" if row["overdue"] else "")
            for row in records(counts)
        ),
        counts=words.counts_table(counts),
        changes_heading=words.changes_heading(before, None) if len(before) else "",
        changes=words.changes_table(before) if len(before) else None,
        since_heading=words.changes_heading(meeting, since) if len(meeting) else "",
        since=words.changes_table(meeting) if len(meeting) else None,
        exceptions=tuple(
            ExceptionItem(
                row["rag"], words.RAG_WORDS[row["rag"]], f"{row['action_id']}. {row['action']}", f"Due: {words.due_text(row)}",
                tuple(words.facts(row)),
            )
            for row in records(rows[rows["exception"]])
        ),
        table=words.actions_table(rows),
        names=dict(words.action_names(rows)),
        rows=rows,
        judged=f"{judged.headline}. {judged.detail}" if judged.headline else "",
        download=words.download_table(rows),
        about=words.about(name, rows, context.today, written_by(document)) if len(rows) else {},
    )  # fmt: skip


def build_preview(context: Context, versions: str) -> tuple[str, pd.DataFrame | None]:
    """What one more version would change.

    Parameters
    ----------
    context
        What it is made from.
    versions
        From :func:`.keeping.with_next`.

    Returns
    -------
    tuple[str, pandas.DataFrame or None]
        A sentence, and the actions that change; None where there is nothing to compare with or nothing changes.
    """
    counts = context.query("improvement_plan_counts", versions=versions, today=context.today, inspection="", owner="")
    changes = inert_frame(
        context.query("improvement_plan_changes", versions=versions, since=None, inspection="", owner="")
    )
    said = f"{words.headline(counts)}."
    if len(changes):
        return f"{said} {words.changes_heading(changes, None)}.", words.changes_table(changes)
    if counts["before"].notna().any():
        return f"{said} Nothing changes.", None
    return f"{said} It is the first version of the plan here.", None


def build_action(
    context: Context, versions: str, rows: pd.DataFrame, action_key: str, code: str, name: str, width: Width
) -> ActionView:
    """One action, what became of it, and the figure that it is meant to move.

    Parameters
    ----------
    context
        What the view is made from.
    versions
        From :attr:`.keeping.KeptPlan.versions`.
    rows
        :attr:`ImprovementPlanView.rows`.
    action_key
        One of its keys.
    code, name
        The authority.
    width
        The window that the chart is laid out for.

    Returns
    -------
    ActionView
    """
    row = records(rows[rows["action_key"] == action_key])[0]
    history = context.query("improvement_plan_history", versions=versions, action_key=action_key)
    indicator, age_group = str(row["indicator"]), str(row["age_group"])
    known = indicator in context.indicators
    line, said = build_line(context, row, code, name, width) if known else (None, "")
    return ActionView(
        word=words.RAG_WORDS[row["rag"]],
        title=f"{row['action_id']}. {row['action']}",
        due=f"Due: {words.due_text(row)}",
        facts=tuple(words.facts(row)),
        history=words.history_table(inert_frame(history)),
        line=line,
        line_words=said,
        indicator=indicator if known else "",
        age_group=age_group if known else "",
    )


def build_line(
    context: Context, row: dict[str, object], code: str, name: str, width: Width
) -> tuple[ChartResult | None, str]:
    """The line of the figure that an action is meant to move, from the year before the action began.

    Parameters
    ----------
    context
        What it is made from.
    row
        A row of ``queries/improvement_plan_actions.sql`` that names a measure.
    code, name
        The authority.
    width
        The window that the chart is laid out for.

    Returns
    -------
    tuple[ChartResult or None, str]
        The chart, None where no official figure is of a time since then; and the words with it.
    """
    indicator = context.indicators[str(row["indicator"])]
    age_group = str(row["age_group"])
    title = with_age(indicator.title, age_group)
    every = context.query("trends", indicator=indicator.id, age_group=age_group, authority=code, others="")
    began = pd.Timestamp(str(row["began"]))
    rows = every[every["period_end"] >= began - pd.DateOffset(years=1)].reset_index(drop=True)
    own = rows[(rows["series"] == "authority") & (rows["layer"] == "published") & rows["value"].notna()]
    if not (own["period_end"] > began).any():
        return None, words.no_line(title, began)
    newest = words_finding.newest(rows, "authority")
    releases = [context.release(*pair) for pair in words_sources.releases(rows)]
    chart = trend(
        words_years.chart_frame(rows, indicator),
        measure_title=title,
        unit=axis_unit(indicator.unit),
        decimals=indicator.decimals,
        from_zero=True,
        axis_title=words_years.axis_title(rows["period_end"].iloc[-1], rows["basis"].iloc[-1]),
        headline=words_finding.headline(newest, name, indicator, age_group),
        subtitle=f"{title}. {name}, {words_years.span_text(rows)}",
        footer=words_sources.footer(releases, [], rows, newest, context.today),
        filename=file_name(name, indicator.id, age_group, "since the action began"),
        breaks=words_years.breaks(rows),
        width=width,
    )
    return chart, words.line_words(row, name)
