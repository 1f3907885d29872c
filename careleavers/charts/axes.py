"""Axes: where they start and end, their round ticks, and how they are written.

Which axis a chart has follows from what its marks show:

============================  ====================================================================
:func:`axis_from_zero`        bars and areas, whose length is the figure
:func:`axis_from_zero_if_near`  dots and lines that are read as amounts, unless all are far from zero
:func:`axis_to_fit`           dots that are compared with each other
:func:`axis_for_lines`        lines over time: from zero or fitted, as the reader chooses
============================  ====================================================================

All four return an :class:`AxisRange`. An axis that does not start at zero says so in the picture: see
:func:`scale_words`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from careleavers.charts import template
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import safe_lines, text_width, tick_words

# How many periods there may be between one axis label and the next.
_SKIPS = (1, 2, 4, 8, 12, 16, 20, 40, 80)


class AxisRange(NamedTuple):
    """Start and end of an axis and its round ticks, all in the unit of the figures.

    Attributes
    ----------
    start, end
        The lowest and the highest value shown.
    ticks
        Round values from the lowest to the highest.
    """

    start: float
    end: float
    ticks: list[float]


def nice_step(span: float, about: int = 5) -> float:
    """Return a round distance between ticks: 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    span
        What the ticks must cover, above 0.
    about
        The largest number of steps wanted.

    Returns
    -------
    float
        In the unit of ``span``.

    Examples
    --------
    >>> nice_step(40)
    10.0
    """
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    # Without the tolerance a span such as 0.3, stored as slightly more, would get the next larger step.
    return next((power * factor for factor in (1, 2, 5) if raw <= power * factor * (1 + 1e-9)), power * 10)


def _outward(low: float, high: float, step: float) -> tuple[float, float]:
    """``low`` and ``high`` moved outwards to whole steps; rounding errors alone do not add a step."""
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def _ticks(start: float, step: float, count: int) -> list[float]:
    return [round(start + step * index, 10) for index in range(count + 1)]


def axis_from_zero(values: Sequence[float], *, percent: bool) -> AxisRange:
    """Return an axis that holds zero and every value.

    Parameters
    ----------
    values
        Everything that must fit: figures, ends of intervals, England.
    percent
        Percentages end at 100 unless one is above it.

    Returns
    -------
    AxisRange
        Its ends and ticks, in the unit of the values.

    Examples
    --------
    >>> axis_from_zero([12, 78], percent=True)
    AxisRange(start=0.0, end=80.0, ticks=[0.0, 20.0, 40.0, 60.0, 80.0])
    """
    # The bound keeps a nonsensical figure from overflowing the arithmetic below.
    low, high = max(min([0.0, *values]), -1e300), min(max([0.0, *values]), 1e300)
    # A span so small that a fifth of it underflows to zero counts as none.
    if high - low <= 1e-300:
        high = low + (100.0 if percent else 1.0)
    step = nice_step(high - low)
    start, end = _outward(low, high, step)
    if percent and low >= 0:
        end = min(end, 100.0) if high <= 100 else end
    ticks = _ticks(start, step, round((end - start) / step))
    return AxisRange(start, end, [tick for tick in ticks if tick <= end])


def axis_from_zero_if_near(values: Sequence[float], *, percent: bool) -> AxisRange:
    """Return an axis from zero, or one that leaves zero out where every value is far from it.

    Zero is left out when the lowest value is at least 45% of the highest. Only for dots and lines: they show a place
    on the axis and not a length.

    Parameters
    ----------
    values
        Everything that must fit; at least one.
    percent
        Percentages end at 100 unless one is above it.

    Returns
    -------
    AxisRange
        Its ends and ticks, in the unit of the values.

    Raises
    ------
    ValueError
        Without any value.

    Examples
    --------
    >>> axis_from_zero_if_near([80, 98], percent=True)
    AxisRange(start=80.0, end=100.0, ticks=[80.0, 85.0, 90.0, 95.0, 100.0])
    """
    low, high = min(values), max(values)
    from_zero = axis_from_zero([low, high], percent=percent)
    if low <= 0 or low < 0.45 * high or high < 1e-6:
        return from_zero
    span = max(high - low, 0.02 * high)
    offsets = axis_from_zero([span], percent=False).ticks
    step = offsets[1] - offsets[0] if len(offsets) > 1 else span
    start, end = _outward(low, high, step)
    if end <= start:
        end = start + step
    if percent and high <= 100 < end:
        # A share cannot exceed 100: when every value is close to it, extend the axis downwards.
        start, end = min(start, 100.0 - step), 100.0
    return AxisRange(start, end, _ticks(start, step, math.floor((end - start) / step + 1e-9)))


def axis_to_fit(values: Sequence[float], *, percent: bool, about: int = 5) -> AxisRange:
    """Return an axis that fits the values and need not hold zero.

    Parameters
    ----------
    values
        Everything that must fit; values that are not finite are ignored. Without any, the axis ends at 1, or at 100
        for percentages.
    percent
        Percentages that are all within 0 to 100 keep the axis within it.
    about
        How many steps are wanted.

    Returns
    -------
    AxisRange
        Its ends and ticks, in the unit of the values.

    Examples
    --------
    >>> axis_to_fit([41, 78], percent=True)[:2]
    (40.0, 80.0)
    """
    finite = [min(max(value, -1e300), 1e300) for value in values if math.isfinite(value)]
    if not finite:
        end = 100.0 if percent else 1.0
        return AxisRange(0.0, end, [end * index / 5 for index in range(6)])
    low, high = min(finite), max(finite)
    if high - low <= max(abs(high), 1.0) * 1e-9:
        pad = max(abs(high) * 0.1, 1.0)
        low, high = low - pad, high + pad
        if min(finite) >= 0:
            low = max(low, 0.0)
    step = nice_step(high - low, about)
    start, end = _outward(low, high, step)
    if percent and min(finite) >= 0 and max(finite) <= 100:
        start, end = max(start, 0.0), min(end, 100.0)
    return AxisRange(start, end, _ticks(start, step, round((end - start) / step)))


def axis_for_lines(values: Sequence[float], *, percent: bool, from_zero: bool, decimals: int = 0) -> AxisRange:
    """Return the axis of lines over time.

    A fitted axis spans at least ten units of the last decimal shown, so that a movement nobody can read in the table
    does not look like a change. It never goes below zero where nothing does, nor past 100 for percentages.

    Parameters
    ----------
    values
        Everything that must fit.
    percent
        Whether the values are percentages.
    from_zero
        Whether the axis starts at zero. Without any value it always does.
    decimals
        Decimals of the figures as shown.

    Returns
    -------
    AxisRange
        Its ends and ticks, in the unit of the values.

    Examples
    --------
    >>> axis_for_lines([50.1, 50.4], percent=True, from_zero=False)[:2]
    (44.0, 56.0)
    """
    if from_zero or not values:
        return axis_from_zero(values, percent=percent)
    low, high = min(values), max(values)
    least = 10 * 10.0**-decimals
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
        if min(values) >= 0 and low < 0:
            low, high = 0.0, least
        if percent and max(values) <= 100 and high > 100:
            low, high = 100 - least, 100.0
    offsets = axis_from_zero([high - low], percent=False).ticks
    step = offsets[1] - offsets[0]
    start, end = _outward(low, high, step)
    if percent and max(values) <= 100:
        end = min(end, 100.0)
    ticks = _ticks(start, step, round((end - start) / step))
    return AxisRange(start, end, [tick for tick in ticks if tick <= end])


def axis_past(most: float, *, about: int) -> AxisRange:
    """Return an axis of counts from zero to just past the largest, so that its dot is whole.

    Parameters
    ----------
    most
        The largest count; the axis is at least 1 long.
    about
        How many steps are wanted.

    Returns
    -------
    AxisRange
        Its ends and ticks, in what is counted.

    Examples
    --------
    >>> axis_past(1000, about=6)
    AxisRange(start=0.0, end=1030.0, ticks=[0.0, 200.0, 400.0, 600.0, 800.0, 1000.0])
    """
    step = nice_step(max(most, 1.0), about)
    end = max(most, 1.0) * 1.03
    return AxisRange(0.0, end, _ticks(0.0, step, int(end / step + 1e-9)))


# How what a subtitle says of the axis begins; it stands last there.
SCALE_FROM = "Scale from"


def scale_words(start: float, end: float, unit: str) -> str:
    """Return what the subtitle says of the axis.

    Parameters
    ----------
    start, end
        The ends of the axis.
    unit
        Of the figures: ``per cent`` or other words.

    Returns
    -------
    str

    Examples
    --------
    >>> scale_words(0, 60, "per cent"), scale_words(40, 60, "per cent")
    ('Scale from 0%', 'Scale from 40% to 60%, not from zero')
    """
    first, last = tick_words(start, unit), tick_words(end, unit)
    return f"{SCALE_FROM} {first}" if start == 0 else f"{SCALE_FROM} {first} to {last}, not from zero"


def year_ticks(days: Sequence[dt.date], width: float, span: float) -> list[dt.date]:
    """Return the days whose years are written below a time axis.

    The newest is always there; the others are as far apart as their labels need.

    Parameters
    ----------
    days
        The days that have figures.
    width
        Pixels that the axis is long.
    span
        Days that it covers.

    Returns
    -------
    list[dt.date]
        Oldest first.
    """
    ordered = sorted(set(days), reverse=True)
    if len(ordered) < 2:
        return list(ordered)
    nearest = min((later - earlier).days for later, earlier in itertools.pairwise(ordered))
    each = nearest / span * width
    skip = max(1, math.ceil((text_width("2025", TEXT_SIZE) + 6) / each))
    return sorted(ordered[::skip])


def years_with_room(years: Sequence[int], width: float) -> list[int]:
    """Return the years written below an axis: as many as fit, evenly, counted back from the newest.

    Parameters
    ----------
    years
        In rising order.
    width
        Pixels that the axis is long.

    Returns
    -------
    list[int]
        Oldest first.
    """
    every = max(1, math.ceil(len(years) * (text_width("2025", TEXT_SIZE) + 10) / max(width, 1)))
    return list(years[::-1][::every][::-1])


def every_few_years(first: int, last: int, width: float) -> list[int]:
    """Return every year, or every second, fourth or eighth if more do not fit, counted back from the newest.

    Parameters
    ----------
    first, last
        The years at the ends of the axis.
    width
        Pixels that it is long.

    Returns
    -------
    list[int]
        Oldest first.

    Examples
    --------
    >>> every_few_years(2017, 2025, 100)
    [2017, 2021, 2025]
    """
    room = width / max(last - first, 1)
    step = next((skip for skip in (1, 2, 4) if skip * room >= text_width("2025", TEXT_SIZE) + 8), 8)
    return list(range(last, first - 1, -step))[::-1]


def every_few_periods(days: Sequence[dt.date], period: dt.timedelta, each: float, room: float) -> list[dt.date]:
    """Return the days written below an axis of quarters or years: the newest, and evenly before it as many as fit.

    Where there is no room for all, every second, fourth … is written, so that the same quarters recur.

    Parameters
    ----------
    days
        Last days of the periods, in rising order.
    period
        About how long a period is.
    each
        Pixels of the axis for one period.
    room
        Pixels that a label needs.

    Returns
    -------
    list[dt.date]
        Oldest first.
    """
    newest = days[-1]
    skip = next((skip for skip in _SKIPS if skip * each >= room), _SKIPS[-1])
    return [day for day in days if round((newest - day) / period) % skip == 0]


def thinned(ticks: list[float], scale: float, unit: str) -> list[float]:
    """Return as many ticks as fit side by side, evenly, counted from the first.

    Parameters
    ----------
    ticks
        All ticks.
    scale
        Pixels for each 1 of the figures.
    unit
        Of the figures: ``per cent`` or other words.

    Returns
    -------
    list[float]
        Those of ``ticks`` that are written, in their order.
    """
    if len(ticks) < 2:
        return ticks
    need = max(text_width(text, TEXT_SIZE) for text in tick_texts(ticks, unit)) + 12
    step = max(1, math.ceil(need / ((ticks[1] - ticks[0]) * scale)))
    return ticks[::step]


def tick_texts(ticks: Sequence[float], unit: str) -> list[str]:
    """Return the ticks as they are written.

    Parameters
    ----------
    ticks
        The ticks, in the unit of the figures.
    unit
        Unit of the axis, as :func:`careleavers.charts.text.tick_words` takes it.

    Returns
    -------
    list[str]
    """
    return [tick_words(tick, unit) for tick in ticks]


def level_axis(ends: Sequence[Any], ticks: Sequence[Any], texts: Sequence[str], /, **more: Any) -> dict[str, Any]:
    """Return the layout of an axis along the bottom, with marks at its ticks and neither grid nor zoom.

    Parameters
    ----------
    ends
        Where it starts and ends.
    ticks, texts
        Places of the ticks and what is written there.
    **more
        Further properties of a plotly axis; they win over those set here.

    Returns
    -------
    dict[str, Any]
        A value of ``layout.xaxis``.
    """
    return {
        "range": list(ends),
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(texts),
        "tickfont": {"size": TEXT_SIZE},
        "ticks": "outside",
        "ticklen": 4,
        "showgrid": False,
        "fixedrange": True,
        **more,
    }


def upright_axis(ends: Sequence[float], ticks: Sequence[float], texts: Sequence[str], /, **more: Any) -> dict[str, Any]:
    """Return the layout of an axis of values at the left, with lines across the plot at its ticks.

    Parameters
    ----------
    ends
        Where it starts and ends, in the unit of the figures.
    ticks, texts
        Places of the ticks and what is written there.
    **more
        Further properties of a plotly axis; they win over those set here.

    Returns
    -------
    dict[str, Any]
        A value of ``layout.yaxis``.
    """
    return {
        "range": list(ends),
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": list(texts),
        "tickfont": {"size": TEXT_SIZE},
        "showgrid": True,
        "fixedrange": True,
        **more,
    }


def time_axis(
    ends: tuple[dt.date, dt.date], days: Sequence[dt.date], texts: Sequence[str], position: float, *, ticks: bool
) -> dict[str, Any]:
    """Return the layout of an axis of time.

    Parameters
    ----------
    ends
        The first and the last day shown.
    days, texts
        Where something is written, and what.
    position
        Where it stands, as a share of the plotting area from the bottom: it may lie below the reasons for gaps.
    ticks
        Whether there are marks at the days.

    Returns
    -------
    dict[str, Any]
        A value of ``layout.xaxis``.
    """
    more = {"type": "date", "tickangle": 0, "showline": False, "anchor": "free", "position": max(position, 0.0)}
    return level_axis(ends, days, texts, **more, ticks="outside" if ticks else "")


def hidden_axis(start: float, end: float, **more: Any) -> dict[str, Any]:
    """Return the layout of an axis that only gives marks their place, in pixels or in levels of dots.

    Parameters
    ----------
    start
        First value of the axis.
    end
        Last value of the axis.
    **more
        Further properties of the layout.

    Returns
    -------
    dict[str, Any]
    """
    return {"range": [start, end], "visible": False, "fixedrange": True, **more}


def axis_title(lines: Sequence[str], **more: Any) -> dict[str, Any]:
    """Return the title of the axis along the bottom: a note under its ticks, in line with the plot's left edge.

    Parameters
    ----------
    lines
        The title, wrapped.
    **more
        Further properties of the note; they win over those set here.

    Returns
    -------
    dict[str, Any]
        One of ``layout.annotations``.
    """
    place: dict[str, Any] = {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": -24,
        "align": "left",
    }
    return template.note("axis title", safe_lines(lines), **(place | more))


def grid(ticks: Sequence[float], bottom: float) -> list[dict[str, Any]]:
    """Return faint upright lines at the ticks.

    No line crosses out the reasons written below.

    Parameters
    ----------
    ticks
        The ticks, in the unit of the figures.
    bottom
        Where the lines end, in pixels from the top of the plot.

    Returns
    -------
    list[dict[str, Any]]
    """
    return [
        {
            "name": "grid",
            "type": "line",
            "xref": "x",
            "yref": "y",
            "x0": tick,
            "x1": tick,
            "y0": 0,
            "y1": bottom,
            "layer": "below",
            "line": {"color": template.HAIRLINE, "width": 1},
        }
        for tick in ticks
    ]
