"""The years of one measure in words: texts for the chart of lines, its marks and gaps, notes and cautions.

From the rows of ``queries/trends.sql`` and ``queries/inspection_events.sql``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.charts.lanes import Break, Event
from careleavers.model import Indicator
from careleavers.views.inspections.words import GRADES, event_date, event_name, judged_month, judgement, reported_by
from careleavers.views.local_figures.words_newest import rounding_words
from careleavers.wording.changes import (
    change_text,
    longer_changes,
    share_not_known,
)
from careleavers.wording.formats import (
    MONTHS,
    Row,
    count_text,
    day_text,
    interval_text,
    join_words,
    missing,
    period_label,
    period_name,
    sentence_case,
    value_text,
)
from careleavers.wording.status import reason, status
from careleavers.wording.tables import records

# Columns of sentences in the table of years, which wrap.
LONG = ("Since the year before", "Over two years", "Over five years", "Earlier value", "Note")
AXES = {"fit": "Fit the data", "zero": "From zero"}
MEAN = "Mean of neighbours"
# Four further authorities are as many as a reader can tell apart.
MOST = 4


def axis_title(period_end: Any, basis: str) -> str:
    """What a point in time stands for below the chart: ``Year to 31 March``; ``On 30 September``; ``Quarters, by their last day``.

    Parameters
    ----------
    period_end, basis
        The last day of any of the periods, and what a figure covers: a day, a quarter, a year.

    Returns
    -------
    str
    """
    if basis == "quarter":
        return "Quarters, at the last day of each"
    day = day_text(period_end).rsplit(" ", 1)[0]
    if basis == "rolling_12m":
        return f"Twelve months to {day}"
    return f"On {day} of each year" if basis == "snapshot" else f"Year to {day}"


def span_text(frame: pd.DataFrame) -> str:
    """The years that a chart covers: ``years to 31 March 2018 to 2025``; ``30 September 2017 to 2025``.

    Of quarters: ``quarters to June 2018 to December 2025``.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.

    Returns
    -------
    str
    """
    rows = frame[frame["layer"] == "published"]
    ends = sorted(rows["period_end"].unique())
    basis = str(rows["basis"].iloc[0])
    first, last = pd.Timestamp(ends[0]), pd.Timestamp(ends[-1])
    if basis == "quarter":
        return f"quarters to {period_label(first)} until {period_label(last)}"
    day = f"{first.day} {MONTHS[first.month - 1]}"
    many = first.year != last.year
    years = f"{day} {first.year} to {last.year}" if many else f"{day} {first.year}"
    if basis == "snapshot":
        return f"on {years}"
    if basis == "rolling_12m":
        return f"twelve months to {years}"
    return f"years to {years}" if many else f"year to {years}"


def earlier_text(row: Row, indicator: Indicator) -> str:
    """What earlier releases said: ``55% (34 of 61) in the 2022 and 2024 releases``; empty where nothing differs.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``.
    indicator
        The measure.

    Returns
    -------
    str
    """
    said: dict[str, list[str]] = {}
    later: list[str] = []
    for before in row["earlier"] if isinstance(row["earlier"], list) else []:
        value = value_text(before["value"], indicator.unit, indicator.decimals, before["status"])
        counted = count_text(before["numerator"], before["denominator"], indicator.unit)
        text = f"{value} ({counted})" if counted and not missing(before["value"]) else value
        if missing(before["value"]):
            text = status(before["status"]).short
        if str(before["release"]) > str(row["release"]) and before["source"] != row["source"]:
            later.append(f"since published as {text}, without counts, in the Local Authority Interactive Tool")
            continue
        said.setdefault(text, []).append(str(before["release"]))
    earlier = [
        f"{text} in the {join_words(releases)} release{'s' if len(releases) > 1 else ''}"
        for text, releases in said.items()
    ]
    return "; ".join([*earlier, *later])


def is_marked_restated(row: Row) -> bool:
    """Whether a figure is marked as restated: an earlier release said something else, and it is still shown.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``.

    Returns
    -------
    bool
    """
    return bool(row["restated"]) and isinstance(row["earlier"], list)


def unknown_hidden(row: Row) -> str:
    """Why the share not known is not given, where it is counted for the measure.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``.

    Returns
    -------
    str
        The code of a status; "" where the share is given or none is counted.
    """
    if not missing(row["not_known_share"]) or missing(row["not_known_status"]) or row["not_known_status"] == "ok":
        return ""
    return str(row["not_known_status"])


def note(row: Row) -> str:
    """What a reader must know about one year's figure, in few words; the earlier value and the share not known have columns of their own.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``.

    Returns
    -------
    str
    """
    parts = []
    if why := reason(row):
        parts.append(why)
    elif hidden := unknown_hidden(row):
        parts.append(f"Not known: {status(hidden).short}.")
    if row["base_hidden"]:
        parts.append("Base not published: not ranked or compared.")
    if row["small_cohort"] and not missing(row["value"]):
        parts.append("Small group.")
    if row["joint"]:
        parts.append("Joint return of two authorities.")
    if is_marked_restated(row):
        parts.append("Restated.")
    elif row["restated"] and missing(row["value"]):
        parts.append("An earlier release differed.")
    return " ".join(parts)


def _hover(row: Row, name: str, indicator: Indicator) -> str:
    when = sentence_case(period_name(row["period_end"], row["basis"]))
    value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
    counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
    facts = [name, f"{when}: {value}{f' ({counted})' if counted else ''}"]
    if row["layer"] != "published":
        facts.append(f"{sentence_case(row['layer'])} local figure, not official statistics")
    between = interval_text(row["lower"], row["upper"], indicator.unit, indicator.decimals)
    if between and row["series"] not in {"region", "england"}:
        facts.append(f"95% interval: {between}")
    if row["series"] == "authority" and not missing(row["neighbours_mean"]):
        mean = value_text(row["neighbours_mean"], indicator.unit, indicator.decimals)
        facts.append(f"Mean of {int(row['neighbours_count'])} of 10 neighbours: {mean}")
    change = change_text(row["change"], row["change_verdict"], indicator.unit, indicator.decimals)
    if change and row["series"] != "region":
        facts.append(f"Since the year before: {change}")
    longer = longer_changes({**row, "unit": indicator.unit, "decimals": indicator.decimals}).explained
    if longer and row["series"] != "region":
        facts.append(sentence_case(longer))
    if not missing(row["not_known_share"]):
        facts.append(sentence_case(share_not_known(row)))
    if is_marked_restated(row):
        facts.append(f"Restated: {earlier_text(row, indicator)}")
    if row["small_cohort"]:
        facts.append("Small group")
    return "\n".join(facts)


def chart_frame(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The years as the trend chart takes them, the neighbours' mean a line of its own.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        The columns that :func:`careleavers.charts.trend.trend` names.
    """
    rows: list[dict[str, Any]] = []
    mean: list[dict[str, Any]] = []
    held = records(frame)
    # A total of a wider area is not drawn with an authority's.
    alone = indicator.total and any(r["series"] == "authority" for r in held)
    apart = {"england", "region"} if alone else ()
    for row in held:
        if row["series"] in apart:
            continue
        line = {
            "line": row["area_code"],
            "role": row["series"],
            "name": row["area_name"],
            "layer": row["layer"],
            "basis": row["basis"],
            "day": pd.Timestamp(row["period_end"]).date(),
            "value": row["value"],
            "value_text": value_text(
                row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded")
            ),
            "lower": row["lower"],
            "upper": row["upper"],
            "reason": status(row["status"]).short if missing(row["value"]) else "",
            "restated": is_marked_restated(row),
            "hover": _hover(row, row["area_name"], indicator),
        }
        rows.append(line)
        if row["series"] == "authority" and row["layer"] == "published" and not indicator.total:
            value = value_text(row["neighbours_mean"], indicator.unit, indicator.decimals)
            count = int(row["neighbours_count"])
            when = sentence_case(period_name(row["period_end"], row["basis"]))
            mean.append(
                {
                    **line,
                    "line": "neighbours",
                    "role": "neighbours",
                    "name": MEAN,
                    "value": row["neighbours_mean"],
                    "value_text": value,
                    "lower": None,
                    "upper": None,
                    "reason": f"only {count} of 10 have a figure" if missing(row["neighbours_mean"]) else "",
                    "restated": False,
                    "hover": f"{MEAN}\n{when}: {value}, of {count} of 10",
                }
            )
    # After the authority and those chosen, before region and England, as the query orders them.
    split = next((i for i, row in enumerate(rows) if row["role"] in {"region", "england"}), len(rows))
    return pd.DataFrame([*rows[:split], *mean, *rows[split:]])


def breaks(frame: pd.DataFrame) -> list[Break]:
    """The days on which the authority was made from others, or split, as far as the years show both sides.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.

    Returns
    -------
    list[Break]
        Oldest first.
    """
    found: dict[tuple[str, dt.date], None] = {}
    for row in records(frame[frame["series"].isin(["predecessor", "successor"]) & frame["value"].notna()]):
        found[(row["series"], pd.Timestamp(row["changed_on"]).date())] = None
    words = {"predecessor": "New authority from", "successor": "Abolished in"}
    return [Break(day, f"{words[series]} {MONTHS[day.month - 1]} {day.year}") for series, day in found]


def _event_head(row: Row) -> str:
    named = f"{row['authority_name']}, " if row["relation"] == "predecessor" else ""
    kind = "inspection" if row["kind"] == "full" else event_name(row["inspection_type"])
    return f"{named}{judged_month(row)} {kind}"


def _event_judgements(row: Row) -> str:
    if row["kind"] != "full":
        return judgement(row["theme"]) if row["theme"] else "no theme given"
    said = []
    if row["care_leavers"] in GRADES:
        said.append(f"care leavers {judgement(row['care_leavers'])}")
    if row["overall_effectiveness"] in GRADES:
        said.append(f"overall {judgement(row['overall_effectiveness'])}")
    return ", ".join(said) or "no judgement recorded"


def events(frame: pd.DataFrame) -> list[Event]:
    """Inspections as dated marks, oldest first.

    Parameters
    ----------
    frame
        Rows of ``queries/inspection_events.sql``.

    Returns
    -------
    list[Event]
    """
    rows = [row for row in records(frame) if row["kind"] and not missing(row["day"])]
    found = []
    for row in sorted(rows, key=lambda row: row["day"]):
        facts = [
            row["authority_name"],
            f"{sentence_case(event_name(row['inspection_type']))}, {event_date(row)}",
            _event_judgements(row),
        ]
        if row["kind"] == "full" and row["care_leavers"] not in GRADES:
            facts.append(f"Care leavers: {judgement(row['care_leavers'])}")
        if not missing(row["publication_date"]) and not missing(row["inspection_date"]):
            facts.append(f"Report published {day_text(row['publication_date'])}")
        facts.append(sentence_case(reported_by(row)))
        text = f"{_event_head(row)}: {_event_judgements(row)}"
        found.append(Event(row["day"].date(), row["kind"] == "full", text, "\n".join(facts)))
    return found


def cautions(frame: pd.DataFrame, indicator: Indicator, outside: Sequence[Event]) -> list[str]:
    """What to bear in mind about the years, a sentence each.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.
    indicator
        The measure.
    outside
        Inspections beyond the years drawn (:func:`inspections_outside`).

    Returns
    -------
    list[str]
    """
    rows = records(frame)
    own = [row for row in rows if row["series"] == "authority" and row["layer"] == "published"]
    notes = []
    small = [row for row in own if row["small_cohort"] and not missing(row["value"])]
    if small:
        notes.append(
            f"A small group in {_some_years(small, own)}: one person more or less changes the figure a lot, so read the shaded "
            "interval and several years together."
        )
    hidden = [row for row in own if missing(row["value"])]
    if hidden:
        notes.append(
            f"No figure in {'any year' if len(hidden) == len(own) else _some_years(hidden, own)}: the gap in the line says why."
        )
    if own and own[-1]["joint"]:
        notes.append("This authority sends one return together with another: the line covers both.")
    again = [row for row in own if is_marked_restated(row)]
    if again:
        notes.append(
            f"The department has since restated the figure of {_some_years(again, own)}: the newest is shown, ringed, and the "
            "table has the earlier one."
        )
    few = [row for row in own if missing(row["neighbours_mean"])]
    if own and indicator.total:
        notes.append(
            "It is a total, so it is larger in larger places: England, the region and the neighbours are not drawn."
        )
    elif few:
        notes.append(
            f"The mean of its neighbours is not shown for {_some_years(few, own)}: too few of the 10 have a figure."
            if any(int(row["neighbours_count"]) for row in own)
            else "It has no statistical neighbours in the department’s model, so no mean of neighbours is shown."
        )
    related = [row for row in rows if row["series"] in {"predecessor", "successor"}]
    if related:
        notes.append(
            "The dashed lines are of other areas than today’s authority: the step from one line to the other is not a change "
            "in how it is doing."
        )
    for name in dict.fromkeys(row["area_name"] for row in rows if row["series"] == "chosen"):
        if all(missing(row["value"]) for row in rows if row["area_name"] == name):
            notes.append(f"{name} has no figure in any of the years, so it has no line.")
    if any(row["layer"] != "published" for row in rows):
        notes.append(
            "Local figures for quarters are the council’s own, may change, and are counted differently from the annual "
            "ones: compare a quarter with the same quarter of the year before."
        )
    if frame["rounded"].notna().any():
        notes.append(rounding_words(frame))
    if outside:
        notes.append(f"Outside the years drawn: {'; '.join(event.text for event in outside)}.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def _some_years(rows: Sequence[Row], of: Sequence[Row]) -> str:
    """Years in a sentence: ``2019 and 2020``; ``every year``; ``6 of the 8 years``."""
    if len(rows) == len(of) and len(of) > 1:
        return "every year"
    if len(rows) > 3:
        return f"{len(rows)} of the {len(of)} years"
    return join_words(str(row["period_end"].year) for row in rows)


def inspections_drawn(frame: pd.DataFrame, found: Sequence[Event]) -> list[Event]:
    """The inspections within half a year of the years drawn.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.
    found
        The inspections, as :func:`events` gives them.

    Returns
    -------
    list[Event]
        In the order given.
    """
    days = sorted(frame["period_end"])
    if not days:
        return []
    pad = pd.Timedelta(days=183)
    first, last = (days[0] - pad).date(), (days[-1] + pad).date()
    return [event for event in found if first <= event.day <= last]


def inspections_outside(frame: pd.DataFrame, found: Sequence[Event]) -> list[Event]:
    """The inspections that lie further from the years drawn.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.
    found
        The inspections, as :func:`events` gives them.

    Returns
    -------
    list[Event]
        In the order given.
    """
    within = inspections_drawn(frame, found)
    return [event for event in found if event not in within]
