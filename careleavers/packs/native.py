"""The data of a chart, read from the figure that its page draws, for a chart that can be edited in Office.

Bars, lines and stacked bars only: what has intervals, limits or many dots stays a picture.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts.styles import LOCAL_LINES, SHARE_COLOURS
from careleavers.charts.template import DARK_BLUE, FOCUS_GREY, TURQUOISE
from careleavers.charts.text import frame_records, lower_first, number
from careleavers.wording.formats import join_words, value_text

Kind = Literal["bars", "lines", "stacked"]


@dataclass(frozen=True)
class Series:
    """One series: its name, a value or None for each category, and its colour as ``#12436D``.

    ``colours``: one for each category, where the areas of a stacked bar have colours of their own.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class NativeChart:
    """The data of a chart.

    Attributes
    ----------
    kind
        Horizontal ``bars`` and ``stacked`` bars, the first category at the top; or ``lines``.
    categories
        What stands on the axis.
    series
        The values.
    percent
        Whether they are percentages.
    colours
        A colour for each category of ``bars``, so that one stands out; empty where each series has its own.
    decimals
        How many are shown.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    percent: bool
    colours: tuple[str, ...] = ()
    decimals: int = 0


def lines(figure: go.Figure, *, percent: bool, decimals: int, official: bool = False) -> NativeChart | None:
    """The lines of a chart over time.

    Parameters
    ----------
    figure
        What :func:`careleavers.charts.trend.trend` or :func:`careleavers.charts.quarters.quarters` drew.
    percent, decimals
        Whether the figures are percentages, and how many decimals are shown.
    official
        Whether a council's own quarters, which the figure draws beside official years, are left out: an axis of Office gives each
        period the same room, and the lines of the years would be torn apart.

    Returns
    -------
    NativeChart or None
        None where the figure has no lines. A gap is None, never zero.
    """
    found: list[tuple[str, str, dict[dt.date, float]]] = []
    own = {style.dash for style in LOCAL_LINES.values()}
    kept = [trace for trace in figure.data if trace.type == "scatter" and trace.line.dash not in own]
    for trace in kept if official and any(trace.mode == "lines+markers" for trace in kept) else figure.data:
        if trace.type != "scatter" or trace.mode != "lines+markers" or not trace.name:
            continue
        held = {
            pd.Timestamp(day).date(): float(value)
            for day, value in zip(trace.x, trace.y, strict=True)
            if day is not None and number(value) is not None
        }
        if held:
            found.append((_line_name(trace, figure), str(trace.line.color), held))
    days = sorted({day for _, _, held in found for day in held})
    if not days:
        return None
    annual = len({(day.month, day.day) for day in days}) == 1
    # The chart draws the chosen authority last, so that its line lies on top; in a list it comes first.
    series = tuple(Series(name, tuple(held.get(day) for day in days), colour) for name, colour, held in reversed(found))
    return NativeChart(
        "lines", tuple(str(day.year) if annual else f"{day:%b %Y}" for day in days), series, percent, decimals=decimals
    )


# So many bars are told one by one.
_FEW_BARS = 15


def alt(chart: NativeChart, headline: str) -> str:
    """The text alternative of a chart that shows these data and nothing else.

    Parameters
    ----------
    chart
        The data.
    headline
        The finding.

    Returns
    -------
    str
        The finding, what kind of chart it is, and its figures in words.
    """

    def figure(value: float) -> str:
        return value_text(value, "percent" if chart.percent else "ratio", chart.decimals)

    said = [f"{headline.rstrip('. ')}."]
    if chart.kind == "lines":
        said.append(f"Line chart, {chart.categories[0]} to {chart.categories[-1]}.")
        for place, series in enumerate(chart.series):
            values = dict(zip(chart.categories, series.values, strict=True))
            held = {name: figure(value) for name, value in values.items() if value is not None}
            first, last = next(iter(held)), next(reversed(held))
            if place == 0:
                # The authority itself, each year; the others from where to where.
                told = ", ".join(f"{name} {text}" for name, text in held.items())
            else:
                told = f"from {held[first]} in {first} to {held[last]} in {last}"
            between = chart.categories[chart.categories.index(first) : chart.categories.index(last)]
            gaps = [name for name in between if name not in held]
            said.append(f"{series.name}: {told}" + (f"; no figure in {join_words(gaps)}." if gaps else "."))
    elif chart.kind == "bars":
        bars = zip(chart.categories, chart.series[0].values, chart.colours, strict=True)
        every = [(f"{name} {figure(value)}", colour) for name, value, colour in bars if value is not None]
        texts = [text for text, _ in every]
        if len(texts) > _FEW_BARS:
            own = [text for text, colour in every if colour == DARK_BLUE]
            texts = [*dict.fromkeys([*texts[:3], *own, *texts[-3:]])]
        some = ", among them" if len(texts) < len(every) else ""
        said.append(f"Bar chart of {len(every)} authorities{some}: {'; '.join(texts)}.")
    else:
        said.append("Stacked bars.")
        for place, name in enumerate(chart.categories):
            parts = [
                f"{lower_first(series.name)} {figure(value)}"
                for series in chart.series
                if (value := series.values[place]) is not None
            ]
            said.append(f"{name}: {join_words(parts) or 'no figure'}.")
    return " ".join(said)


def _line_name(trace: go.Scatter, figure: go.Figure) -> str:
    """What a line is called; a provisional one says so where a final one has the same name."""
    twice = sum(other.name == trace.name and other.mode == trace.mode for other in figure.data) > 1
    hollow = str(trace.marker.symbol).endswith("-open")
    return f"{trace.name}, provisional" if twice and hollow else str(trace.name)


def bars(
    figure: go.Figure, own: str, title: str, *, percent: bool, decimals: int, neighbours: bool = False
) -> NativeChart | None:
    """The figures of a ranked chart as bars.

    Parameters
    ----------
    figure
        What :func:`careleavers.charts.ranked.ranked` drew.
    own
        The code of the authority that stands out.
    title
        What the figures are.
    percent, decimals
        Whether they are percentages, and how many decimals are shown.
    neighbours
        Whether all the others are its neighbours.

    Returns
    -------
    NativeChart or None
        None where it has no dots.
    """
    dots = next((trace for trace in figure.data if trace.name == "dots"), None)
    if dots is None or not len(dots.x):
        return None
    codes = [str(row[0]) for row in dots.customdata]
    return NativeChart(
        "bars",
        tuple(str(row[1]) for row in dots.customdata),
        (Series(title, tuple(number(value) for value in dots.x), DARK_BLUE),),
        percent,
        tuple(DARK_BLUE if code == own else TURQUOISE if neighbours else FOCUS_GREY for code in codes),
        decimals,
    )


def stacked(frame: pd.DataFrame, answers: Sequence[str]) -> NativeChart | None:
    """Shares of yes, no and not known as stacked bars.

    Parameters
    ----------
    frame
        What :func:`careleavers.charts.shares.shares` draws: see there.
    answers
        What the parts are called, in order.

    Returns
    -------
    NativeChart or None
        None where no part has a figure. A bar ends before its first part without one, as in the picture.
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame_records(frame):
        groups.setdefault((str(row["group"]), str(row["bar"])), []).append(row)
    several = len({group for group, _ in groups}) > 1
    values: dict[tuple[str, str], list[float | None]] = {}
    for key, parts in groups.items():
        known = True
        values[key] = []
        for part in parts:
            known = known and number(part["value"]) is not None
            values[key].append(number(part["value"]) if known else None)
    if not any(value is not None for each in values.values() for value in each):
        return None

    def named(group: str, area: str) -> str:
        """A bar's name, and why it or a part of it is not there: an empty place must not read as none."""
        name = f"{area}, {lower_first(group)}" if several else area
        reason = str(groups[group, area][0].get("reason") or "")
        return f"{name} ({lower_first(reason)})" if reason else name

    return NativeChart(
        "stacked",
        tuple(named(group, area) for group, area in values),
        tuple(
            Series(
                answer,
                tuple(each[place] for each in values.values()),
                SHARE_COLOURS["chosen", part].fill,
                ()
                if part == "not_known"
                else tuple(SHARE_COLOURS[str(parts[0]["role"]), part].fill for parts in groups.values()),
            )
            for place, (answer, part) in enumerate(zip(answers, ("good", "bad", "not_known"), strict=True))
        ),
        percent=True,
    )
