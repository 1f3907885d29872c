"""What the page that plots an enabler against an outcome says: the link in words, the dates, what is left out, the tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.charts.scatter import Axis
from careleavers.charts.text import lower_first
from careleavers.model import Indicator
from careleavers.wording.changes import not_known
from careleavers.wording.comparators import own_words
from careleavers.wording.findings import DIRECTION_WORDS, STRENGTH_MEANS, STRENGTH_WORDS
from careleavers.wording.formats import (
    POLARITY_WORDS,
    Row,
    axis_unit,
    column_unit,
    count_text,
    day_text,
    join_words,
    missing,
    period_label,
    period_text,
    rounded,
    rounded_column,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import provenance, records, table_places

NOT_CAUSE = (
    "**Association is not cause.** Authorities differ in need, housing, jobs and record keeping, and either measure may "
    "be a sign of something else. Of twenty pairs of measures with no link at all, one will look clear by chance."
)
JOINT = (
    "Two pairs of authorities each send one workforce return (Kingston upon Thames with Richmond upon Thames, North with "
    "West Northamptonshire). Each pair is one dot, and its outcome counts the young people of both."
)
METHOD = (
    "The rank correlation (Spearman’s) runs from −1 (one always lower where the other is higher) through 0 (no link) to 1. "
    "Its 95% interval says how far it can move by chance; Definitions gives the method."
)
_NAMED_AT_MOST = 30  # of those without a dot; more would be a page of names


def titles(enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str) -> str:
    """The two measures as one phrase: ``“Cases per social worker” and “In education, work or training, aged 19 to 21”``.

    Parameters
    ----------
    enabler, enabler_age, outcome, outcome_age
        The two measures, each with its ages.

    Returns
    -------
    str
    """
    return f"“{with_age(enabler.short_title, enabler_age)}” and “{with_age(outcome.short_title, outcome_age)}”"


def link_words(row: Row) -> str:
    """The link in words, agreeing with its interval: ``weak link, and there may be none``.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.

    Returns
    -------
    str
    """
    if not row["strength"]:
        return "too few pairs to say" if int(row["pairs"]) < 10 else "no link can be worked out"
    mark = "," if row["direction"] == "unclear" else ";"
    return f"{STRENGTH_WORDS[row['strength']]} link{mark} {DIRECTION_WORDS[row['direction']]}"


def headline(row: Row, both: str) -> str:
    """The finding: ``<the two measures>: weak link, and there may be none``. ``row`` is any row of ``queries/together.sql``.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    both
        The two measures as :func:`titles` names them.

    Returns
    -------
    str
    """
    return f"{both}: {link_words(row)}"


def count_words(row: Row, joint: bool) -> str:
    """How many dots there are, in words: ``149 authorities, joint returns counted once``.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    joint
        Whether any return is of two authorities.

    Returns
    -------
    str
    """
    return f"{int(row['pairs'])} authorities{', joint returns counted once,' if joint else ''}"


def link_sentence(row: Row, joint: bool) -> str:
    """What the link means, then the correlation with its interval and how many pairs it is of.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    joint
        Whether any return is of two authorities.

    Returns
    -------
    str
        Spearman's rank correlation and its 95% interval, both worked out by ``queries/rules/5_association.sql``
        (Bonett and Wright, 2000).
    """
    pairs = f"{count_words(row, joint)} with both figures"
    if missing(row["correlation"]):
        return f"There are {pairs}: too few, or too much alike, to show a link."
    text = f"rank correlation {rounded(row['correlation'], 2)}"
    if missing(row["lower"]):
        return f"There are {pairs}: too few to say whether there is a link ({text}, without an interval)."
    return (
        f"{STRENGTH_MEANS[row['strength']]} There are {pairs} ({text}, 95% interval {rounded(row['lower'], 2)} to "
        f"{rounded(row['upper'], 2)})."
    )


def dates(row: Row) -> str:
    """The dates of the two figures, and by which rule they were put together.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.

    Returns
    -------
    str
    """
    first = period_text(row["enabler_period"], row["enabler_basis"])
    second = period_text(row["period_end"], row["basis"])
    if row["enabler_period"] == row["period_end"]:
        return f"Both measures end on the same day, {day_text(row['period_end'])}."
    return (
        f"The two dates differ: the outcome is for the {second}; the other figure is {_period_phrase(first)}, the newest "
        "within that year. A later figure is never used."
    )


def _period_phrase(period: str) -> str:
    return f"for the {period}" if period.startswith("year") else period.replace("on ", "for ", 1)


def own_sentence(own: Row | None, enabler: Indicator, outcome: Indicator, authority_name: str) -> str:
    """The chosen authority's two figures, or why it has no dot.

    Parameters
    ----------
    own
        The row of the chosen authority; None where it did not exist then.
    enabler, outcome
        The two measures.
    authority_name
        The chosen authority.

    Returns
    -------
    str
    """
    if own is None:
        return f"{authority_name} is not in these figures: it did not exist then."
    who = _who(own, authority_name)
    if not own["paired"]:
        return f"{who} has no dot, because {_lacks(own, enabler, outcome)}."
    x, y = _pair(own, enabler, outcome)
    first, second = _when(own["enabler_period"], own["enabler_basis"]), _when(own["period_end"], own["basis"])
    dated = f" The first is for {first}, the second for the {second}." if first != second else ""
    unknown = f", with {not_known(own)}" if not_known(own) else ""
    return f"{who}: {x}, and {y}{unknown}.{dated}"


def _when(period_end: Any, basis: str) -> str:
    """The date of a figure, short: ``30 September 2024``; ``year to March 2025``."""
    return day_text(period_end) if basis == "snapshot" else f"year to {period_label(period_end)}"


def _who(own: Row, authority_name: str) -> str:
    names = [str(name) for name in own["member_names"]]
    return (
        f"{authority_name}, together with {join_words(names[1:])}"
        if own["joint"] and len(names) > 1
        else authority_name
    )


def _pair(row: Row, enabler: Indicator, outcome: Indicator) -> tuple[str, str]:
    x = value_text(row["x"], enabler.unit, enabler.decimals)
    y = value_text(row["y"], outcome.unit, outcome.decimals)
    return enabler.phrase.replace("{value}", x), outcome.phrase.replace("{value}", y)


def _lacks(row: Row, enabler: Indicator, outcome: Indicator) -> str:
    reasons = []
    for column, code, indicator in (("x", "x_status", enabler), ("y", "y_status", outcome)):
        if missing(row[column]):
            short = status(row[code] if row[code] != "ok" else "missing").short
            reasons.append(f"“{indicator.short_title}” is {short}")
    return " and ".join(reasons)


def left_out(rows: pd.DataFrame, enabler: Indicator, outcome: Indicator) -> str:
    """How many returns have no dot and which, by what they lack; empty when none.

    Parameters
    ----------
    rows
        Rows of ``queries/together.sql``.
    enabler, outcome
        The two measures.

    Returns
    -------
    str
    """
    absent = records(rows[~rows["paired"]])
    if not absent:
        return "Every authority that existed then has both figures."
    by_reason: dict[str, list[str]] = {}
    for row in absent:
        by_reason.setdefault(_lacks(row, enabler, outcome), []).append(str(row["return_name"]))
    many = len(absent) > _NAMED_AT_MOST
    named = "; ".join(
        f"{len(names)} ({reason})" if many else f"{join_words(names)} ({reason})" for reason, names in by_reason.items()
    )
    verb = "has" if len(absent) == 1 else "have"
    text = f"{len(absent)} of {len(rows)} {verb} no dot because a figure is missing: {named}."
    if many:
        text += " The end of the table names them."
    if 4 * len(absent) > len(rows):
        text += " They are not a random selection: small numbers are hidden most often, so the link holds for the others only."
    return text


def subtitle(row: Row, enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str) -> str:
    """Both measures with their periods, and the area, of the chart.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    enabler, enabler_age, outcome, outcome_age
        The two measures, each with its ages.

    Returns
    -------
    str
    """
    first = f"{with_age(enabler.title, enabler_age)}, {period_text(row['enabler_period'], row['enabler_basis'])}"
    second = f"{with_age(outcome.title, outcome_age)}, {period_text(row['period_end'], row['basis'])}"
    return f"{sentence_case(first)}, and {lower_first(second)}. Authorities in England"


def footer_n(row: Row, joint: bool) -> str:
    """What n is in the chart's footer, and the correlation with it.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    joint
        Whether any return is of two authorities.

    Returns
    -------
    str
    """
    text = count_words(row, joint).rstrip(",")
    if missing(row["lower"]):
        return text
    return (
        f"{text}; rank correlation {rounded(row['correlation'], 2)} "
        f"(95% interval {rounded(row['lower'], 2)} to {rounded(row['upper'], 2)}); association is not cause"
    )


def axis(indicator: Indicator, age_group: str, england: Any, period_end: Any, basis: str) -> Axis:
    """One side of the scatter: its title says the unit, the date and which way is better.

    Parameters
    ----------
    indicator, age_group
        The measure.
    england
        England's figure, in the unit of the measure; missing for a total.
    period_end, basis
        The date and kind of its figures.

    Returns
    -------
    Axis
    """
    unit = f", {axis_unit(indicator.unit)}".removesuffix(", ")
    when = _when(period_end, basis)
    title = f"{with_age(indicator.short_title, age_group)}{unit}, {when} ({POLARITY_WORDS[indicator.polarity]})"
    figure = None if missing(england) else float(england)
    shown = "" if figure is None else value_text(figure, indicator.unit, indicator.decimals)
    return Axis(title, axis_unit(indicator.unit), figure, shown)


def dots(rows: pd.DataFrame, enabler: Indicator, outcome: Indicator, show: str) -> pd.DataFrame:
    """The returns with both figures, as the scatter draws them.

    Parameters
    ----------
    rows
        Rows of ``queries/together.sql``.
    enabler, outcome
        The two measures.
    show
        Who is picked out besides the authority: ``neighbours``, ``region`` or ``both``.

    Returns
    -------
    pandas.DataFrame
        Columns: code, name, x and y (in the units of enabler and outcome), value_text, x_text, y_text, role.
    """
    shown = rows[rows["paired"]]
    pairs = records(shown)
    return pd.DataFrame(
        {
            "code": shown["return_code"],
            "name": shown["return_name"],
            "x": shown["x"],
            "y": shown["y"],
            "value_text": [_values(r, enabler, outcome) for r in pairs],
            "x_text": [_figure(r["x"], enabler) for r in pairs],
            "y_text": [_figure(r["y"], outcome) for r in pairs],
            "role": [_role(r, show) for r in pairs],
        }
    )


def _figure(value: Any, indicator: Indicator) -> str:
    """A figure in as few words as possible, with what it counts: ``14.5 cases per social worker``; ``46%``."""
    text = value_text(value, indicator.unit, indicator.decimals)
    title = lower_first(indicator.short_title)
    return f"{text} {title}"


def _values(row: Mapping[Any, Any], enabler: Indicator, outcome: Indicator) -> str:
    x = value_text(row["x"], enabler.unit, enabler.decimals)
    return f"{x} and {value_text(row['y'], outcome.unit, outcome.decimals)}"


def _role(row: Mapping[Any, Any], show: str) -> str:
    if row["is_chosen"]:
        return "chosen"
    if row["is_neighbour"] and show in {"neighbours", "both"}:
        return "neighbour"
    return "region" if row["in_region"] and show in {"region", "both"} else "other"


def role_names(authority_name: str, region: str, show: str) -> dict[str, str]:
    """What the picked out dots are called in the key.

    Parameters
    ----------
    authority_name
        The chosen authority.
    region
        The name of its region.
    show
        Who is picked out besides the authority: ``neighbours``, ``region`` or ``both``.

    Returns
    -------
    dict[str, str]
        What the key says by role.
    """
    names = {"chosen": authority_name}
    if show in {"neighbours", "both"}:
        names["neighbour"] = own_words("neighbours")
    if show in {"region", "both"}:
        names["region"] = region
    return names


def _figure_columns(enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str) -> tuple[str, str]:
    """What the columns of the two figures are called. Their dates are said beside the chart (:func:`dates`)."""
    return (
        f"{with_age(enabler.short_title, enabler_age)}{column_unit(enabler.unit)}",
        f"{with_age(outcome.short_title, outcome_age)}{column_unit(outcome.unit)}",
    )


def widths(enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str) -> dict[str, int]:
    """Pixels of the columns of :func:`table` that the page shows at first, which fill a screen.

    Parameters
    ----------
    enabler, enabler_age, outcome, outcome_age
        As for :func:`table`.

    Returns
    -------
    dict[str, int]
        By column.
    """
    across, up = _figure_columns(enabler, enabler_age, outcome, outcome_age)
    return {"Authority": 186, across: 160, up: 224, "Outcome counted": 120, "Shown as": 82, "Note": 172}


def table(
    rows: pd.DataFrame, enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str
) -> pd.DataFrame:
    """The pairs as a table: one row per return, those without a figure last.

    Parameters
    ----------
    rows
        Rows of ``queries/together.sql``.
    enabler, enabler_age, outcome, outcome_age
        The two measures, each with its ages.

    Returns
    -------
    pandas.DataFrame
        Columns: Authority, Region, the two figures as numbers so that they sort, Outcome counted, Shown as, Note.
    """
    pairs = records(rows)
    across, up = _figure_columns(enabler, enabler_age, outcome, outcome_age)
    return pd.DataFrame(
        {
            "Authority": rows["return_name"],
            "Region": rows["region"],
            across: rounded_column(rows["x"], table_places(enabler)),
            up: rounded_column(rows["y"], table_places(outcome)),
            "Outcome counted": [count_text(r["y_numerator"], r["y_denominator"], outcome.unit) for r in pairs],
            "Shown as": ["chosen" if r["is_chosen"] else "neighbour" if r["is_neighbour"] else "" for r in pairs],
            "Note": [_note(r) for r in pairs],
        }
    )


def _note(row: Row) -> str:
    parts = []
    if not row["paired"]:
        parts.append(f"No dot: {_lacking(row)}")
    elif not_known(row):
        parts.append(f"Outcome: {not_known(row)}")
    if row["joint"]:
        parts.append("joint return" if parts else "Joint return")
    return ", ".join(parts)


def _lacking(row: Row) -> str:
    """Why a figure is missing, as briefly as a cell has room for: ``suppressed``."""
    codes = [row[code] for column, code in (("x", "x_status"), ("y", "y_status")) if missing(row[column])]
    return join_words(dict.fromkeys(status(code if code != "ok" else "missing").brief for code in codes))


def download_table(
    rows: pd.DataFrame, enabler: Indicator, enabler_age: str, outcome: Indicator, outcome_age: str
) -> pd.DataFrame:
    """The pairs as they are exported, with ids and exact values.

    Parameters
    ----------
    rows
        Rows of ``queries/together.sql``.
    enabler, enabler_age, outcome, outcome_age
        The two measures, each with its ages.

    Returns
    -------
    pandas.DataFrame
        ``return_code, return_name, region``, the ids and ages of both measures, then for each its period, value,
        counts and status, and source and release.
    """
    kept = rows[
        [
            "return_code", "return_name", "region", "joint", "enabler_period", "x", "x_numerator", "x_denominator",
            "x_status", "period_end", "y", "y_numerator", "y_denominator", "y_status", "not_known_share", "low_is_no_merit", "paired", "enabler_source",
            "enabler_release", "source", "release",
        ]
    ].rename(columns=lambda name: _export_name(str(name)))  # fmt: skip
    kept.insert(3, "enabler", enabler.id)
    kept.insert(4, "enabler_age", enabler_age)
    kept.insert(5, "outcome", outcome.id)
    kept.insert(6, "outcome_age", outcome_age)
    return kept


def _export_name(column: str) -> str:
    if column == "x" or column.startswith("x_"):
        return column.replace("x", "enabler_value", 1) if column == "x" else f"enabler_{column[2:]}"
    if column == "y" or column.startswith("y_"):
        return "outcome_value" if column == "y" else f"outcome_{column[2:]}"
    return {"period_end": "outcome_period", "source": "outcome_source", "release": "outcome_release"}.get(
        column, column
    )


def about(row: Row, both: str, joint: bool, sources: Sequence[Row], taken: dt.date, version: str) -> dict[str, str]:
    """The lines that describe a downloaded table.

    Parameters
    ----------
    row
        Any row of ``queries/together.sql``: what is said here is the same in all.
    both
        The two measures as :func:`titles` names them.
    joint
        Whether any return is of two authorities.
    sources
        Rows of ``queries/release.sql``.
    taken
        The day on which it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label.
    """
    return {
        "Measures": both,
        "Dates": dates(row),
        "Link": f"{sentence_case(link_words(row))}. {link_sentence(row, joint)}",
        "Method": METHOD,
        "Caution": NOT_CAUSE.replace("**", ""),
        "Joint returns": JOINT,
        **provenance(sources, taken, version),
    }
