"""The ten neighbours over the years: the panels of the chart, and its finding.

From the rows of ``queries/trends_neighbours.sql``.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from careleavers.model import Indicator
from careleavers.views.trends.words_finding import NO_TREND
from careleavers.wording.findings import (
    OWN_SIDE_WORDS,
    TREND_BRIEF,
)
from careleavers.wording.formats import (
    Row,
    count_text,
    in_period,
    join_words,
    missing,
    period_name,
    sentence_case,
    value_text,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records


def neighbours_frame(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The neighbours' years as the small multiples take them: a panel per neighbour.

    Parameters
    ----------
    frame
        Rows of ``queries/trends_neighbours.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: panel, name, note, day, value (in the unit of the measure), value_text, reason, hover.
    """
    rows = records(frame)
    notes: dict[str, str] = {}
    for code in dict.fromkeys(row["area_code"] for row in rows):
        notes[code] = _panel_note([row for row in rows if row["area_code"] == code], indicator)
    made = []
    for row in rows:
        value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
        counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
        when = sentence_case(period_name(row["period_end"], row["basis"]))
        made.append(
            {
                "panel": row["area_code"],
                "name": row["area_name"],
                "note": notes[row["area_code"]],
                "day": row["period_end"],
                "value": row["value"],
                "value_text": value,
                "reason": status(row["status"]).short if missing(row["value"]) else "",
                "hover": f"{row['area_name']}\n{when}: {value}{f' ({counted})' if counted else ''}",
            }
        )
    return pd.DataFrame(
        made, columns=["panel", "name", "note", "day", "value", "value_text", "reason", "hover"]
    )  # fmt: skip


def _panel_note(rows: Sequence[Row], indicator: Indicator) -> str:
    """What is written under a neighbour's name: newest figure, how close it is, a clear trend, years without a figure."""
    last = rows[-1]
    value = value_text(last["value"], indicator.unit, indicator.decimals, last["status"])
    if missing(last["value"]):
        value = sentence_case(status(last["status"]).brief)
    parts = [f"{value}, {str(last['closeness']).lower()}"]
    if last["trend"] not in NO_TREND:
        parts.append(sentence_case(TREND_BRIEF[last["trend"]]))
    if last["joint"]:
        parts.append("Joint return")
    return ". ".join(parts)


def own_line(frame: pd.DataFrame) -> pd.DataFrame:
    """The authority's published years, as the line behind each panel.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: day, value.
    """
    rows = frame[(frame["series"] == "authority") & (frame["layer"] == "published")]
    return pd.DataFrame({"day": rows["period_end"], "value": rows["value"]})


def neighbours_headline(frame: pd.DataFrame, name: str, indicator: Indicator) -> str:
    """The finding of the small multiples: which neighbours have a clear trend; else who is higher and lower now.

    Parameters
    ----------
    frame
        Rows of ``queries/trends_neighbours.sql``.
    name
        The authority.
    indicator
        The measure.

    Returns
    -------
    str
    """
    rows = records(frame[frame["newest"]])
    tested = [row for row in rows if row["trend"]]
    if tested:
        groups: dict[str, list[str]] = {}
        for row in tested:
            if row["trend"] not in NO_TREND:
                groups.setdefault(TREND_BRIEF[row["trend"]], []).append(row["area_name"])
        none = sum(row["trend"] in NO_TREND for row in tested)
        parts = [
            f"{len(found)} {kind} over five years ({join_words(found)})" if len(found) <= 3 else f"{len(found)} {kind} over five years"
            for kind, found in sorted(groups.items())
        ]  # fmt: skip
        if none:
            parts.append(f"{none} without a clear trend")
        if rest := len(rows) - len(tested):
            parts.append(f"{rest} with too few years to test")
        return f"Neighbours of {name}: {join_words(parts)}"
    sides = [str(row["own_side"]) for row in rows]
    counts = (
        *((OWN_SIDE_WORDS[side], sides.count(side)) for side in ("higher", "lower", "same")),
        ("without a figure", sum(missing(row["value"]) for row in rows)),
    )
    when = in_period(rows[0]["period_end"], rows[0]["basis"])
    if not any(sides):
        return f"Neighbours of {name} {when}: {len(rows) - counts[-1][1]} of {len(rows)} have a figure"
    return f"Neighbours of {name} {when}: {join_words(f'{number} {words}' for words, number in counts if number)}"
