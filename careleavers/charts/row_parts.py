"""Parts of charts with one row per authority, area or group: intervals, lines across rows, middle halves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.styles import WHITE

Interval = tuple[float | None, float | None]


def error_bars(values: Sequence[float], intervals: Sequence[Interval]) -> dict[str, Any]:
    """Return the intervals of bars as plotly's ``error_x``.

    Parameters
    ----------
    values
        The figures.
    intervals
        Lower and upper end of each in the same unit; an interval with an end missing is not drawn.

    Returns
    -------
    dict[str, Any]
        In the unit of the values; invisible where no interval is known.
    """
    known = [lower is not None and upper is not None for lower, upper in intervals]
    return {
        "type": "data",
        "symmetric": False,
        "array": [
            max((upper or 0) - value, 0) if drawn else None
            for value, (_, upper), drawn in zip(values, intervals, known, strict=True)
        ],
        "arrayminus": [
            max(value - (lower or 0), 0) if drawn else None
            for value, (lower, _), drawn in zip(values, intervals, known, strict=True)
        ],
        "visible": any(known),
        "color": template.INK,
        "thickness": 1,
        "width": 2,
    }


def intervals_inside(bars: Sequence[tuple[float, float, float, float]]) -> go.Scatter:
    """Return the parts of intervals that lie in dark bars, in white so that they show.

    Parameters
    ----------
    bars
        The dark bars that have an interval: lower end, upper end, figure, and the middle of the bar on the y axis.

    Returns
    -------
    go.Scatter
        One trace of lines.
    """
    return go.Scatter(
        name="interval inside",
        x=[x for lower, upper, value, _ in bars for x in (lower, min(value, upper), None)],
        y=[y for *_, middle in bars for y in (middle, middle, None)],
        mode="lines",
        line={"color": WHITE, "width": 1.5},
        hoverinfo="skip",
    )


def upright_lines(name: str, places: Sequence[tuple[float, float, float]], line: dict[str, Any]) -> go.Scatter:
    """Return short upright lines as one trace.

    Parameters
    ----------
    name
        Name of the trace.
    places
        For each its figure, and where it begins and ends on the y axis.
    line
        Colour, width and dash as plotly takes them.

    Returns
    -------
    go.Scatter
        One trace of lines.
    """
    return go.Scatter(
        name=name,
        x=[x for figure, _, _ in places for x in (figure, figure, None)],
        y=[y for _, first, last in places for y in (first, last, None)],
        mode="lines",
        line=line,
        hoverinfo="skip",
    )


def upright_line(name: str, x: float, ends: tuple[float, float], line: dict[str, Any]) -> go.Scatter:
    """Return one upright line.

    Parameters
    ----------
    name
        Name of the trace.
    x
        The figure it stands at.
    ends
        Where it begins and ends on the y axis.
    line
        Colour, width and dash as plotly takes them.

    Returns
    -------
    go.Scatter
        One trace of a line.
    """
    return go.Scatter(name=name, x=[x, x], y=list(ends), mode="lines", line=line, hoverinfo="skip")


def middle_half(lower: float, upper: float, centre: float, half: float) -> dict[str, Any]:
    """Return the shade behind the middle half of a group.

    Parameters
    ----------
    lower, upper
        Quartiles of the group.
    centre, half
        The middle of its row on the y axis, and half the height of the shade.

    Returns
    -------
    dict[str, Any]
        One of ``layout.shapes``.
    """
    return {
        "name": "middle half",
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": lower,
        "x1": upper,
        "y0": centre - half,
        "y1": centre + half,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": template.RANGE_GREY,
    }
