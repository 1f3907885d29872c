"""The lines of a chart over time: read from a frame, told apart by role, and broken where there is no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.charts.styles import (
    CHOSEN_LINES,
    COMPARATOR_LINES,
    FOCUS_LINE,
    LOCAL_LINES,
    RELATED_LINES,
    LineStyle,
)
from careleavers.charts.text import frame_records, number, words

_YEAR = 366  # days between two consecutive annual points
_QUARTER = 93


@dataclass(frozen=True)
class Point:
    """One figure of a line.

    Attributes
    ----------
    day
        Last day of its period.
    value
        None in a gap; ``reason`` then says why.
    text
        The figure as shown.
    lower, upper
        Its interval, in the unit of the value.
    restated
        Whether a later release changed it.
    hover
        Plain text, one fact per line.
    basis
        What a period is: ``full_year``, ``quarter``, ``year_to_date``, ``rolling_12m`` or ``snapshot``.
    """

    day: dt.date
    value: float | None
    text: str
    lower: float | None
    upper: float | None
    reason: str
    restated: bool
    hover: str
    basis: str


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes
    ----------
    key
        Tells it from the others.
    role
        ``focus`` for the chosen authority, or for England where there is none; else the role in the frame.
    name
        What it is called in the picture.
    layer
        ``published``, ``provisional`` or ``final``.
    points
        Its figures and gaps, by day.
    style
        How it is drawn.
    """

    key: str
    role: str
    name: str
    layer: str
    points: tuple[Point, ...]
    style: LineStyle

    @property
    def local(self) -> bool:
        """Whether its figures are the council's own, not official ones."""
        return self.layer != "published"

    def known(self) -> list[Point]:
        """The points that have a figure."""
        return [point for point in self.points if point.value is not None]

    def runs(self) -> list[list[Point]]:
        """The points that may be joined: each follows the one before it without a gap."""
        return runs_of(self.points, self._joined)

    def _joined(self, before: Point, after: Point) -> bool:
        days = (after.day - before.day).days
        if not self.local:
            return days <= (_QUARTER if after.basis == "quarter" else _YEAR)
        # A count since April starts again each April.
        restarted = after.basis == "year_to_date" and after.day.month == 6
        apart = _YEAR if after.basis == "full_year" else _QUARTER
        return days <= apart and before.basis == after.basis and not restarted


def within_a_year(before: Point, after: Point) -> bool:
    """Whether an annual point follows another without a gap.

    Parameters
    ----------
    before, after
        The points.

    Returns
    -------
    bool
    """
    return (after.day - before.day).days <= _YEAR


def runs_of(points: Iterable[Point], joined: Callable[[Point, Point], bool]) -> list[list[Point]]:
    """Points with a figure, in runs that may be drawn as one line each.

    Parameters
    ----------
    points
        By day; those without a figure are left out.
    joined
        Whether a point may be joined to the one before it.

    Returns
    -------
    list[list[Point]]
    """
    runs: list[list[Point]] = []
    for point in points:
        if point.value is None:
            continue
        if runs and joined(runs[-1][-1], point):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


# Roles of areas that a split or merger ended or created.
ENDED = {"predecessor", "successor"}


def day_of(value: Any) -> dt.date:
    """The day of a cell.

    Parameters
    ----------
    value
        A date, a timestamp or an ISO text.

    Returns
    -------
    dt.date
    """
    return pd.Timestamp(value).date()


def read_points(rows: Iterable[dict[str, Any]]) -> tuple[Point, ...]:
    """Return rows of a frame as points, by day.

    Parameters
    ----------
    rows
        Each with ``day`` and ``value`` and, where known, ``value_text``, ``lower``, ``upper``, ``reason``,
        ``restated``, ``hover`` and ``basis``.

    Returns
    -------
    tuple[Point, ...]
        One per row, in the order of the days.
    """
    return tuple(
        Point(
            day=day_of(row["day"]),
            value=number(row["value"]),
            text=words(row.get("value_text")),
            lower=number(row.get("lower")),
            upper=number(row.get("upper")),
            reason=words(row.get("reason")),
            restated=bool(row.get("restated")),
            hover=words(row.get("hover")),
            basis=words(row.get("basis")),
        )
        for row in sorted(rows, key=lambda row: day_of(row["day"]))
    )


def read_lines(frame: pd.DataFrame) -> list[Line]:
    """Return the lines of a frame, in its order.

    Parameters
    ----------
    frame
        The rows of :func:`careleavers.charts.trend.trend`. One line for each ``line`` and ``layer``.

    Returns
    -------
    list of Line
        Lines with the role ``authority`` are the focus; without any, England's is.
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame_records(frame):
        groups.setdefault((words(row["line"]), words(row["layer"])), []).append(row)
    roles = {words(rows[0]["role"]) for rows in groups.values()}
    focus = "authority" if "authority" in roles else "england"
    lines: list[Line] = []
    chosen = related = 0
    for (key, layer), rows in groups.items():
        role = words(rows[0]["role"])
        if layer != "published":
            style = LOCAL_LINES.get(layer, LOCAL_LINES["provisional"])
        elif role == focus:
            style = FOCUS_LINE
        elif role == "chosen":
            style = CHOSEN_LINES[chosen % len(CHOSEN_LINES)]
            chosen += 1
        elif role in ENDED:
            style = RELATED_LINES[related % len(RELATED_LINES)]
            related += 1
        else:
            style = COMPARATOR_LINES.get(role, COMPARATOR_LINES["region"])
        role = "focus" if role == focus and layer == "published" else role
        lines.append(Line(key, role, words(rows[0]["name"]), layer, read_points(rows), style))
    return lines


class Scale:
    """Where days and values lie, in pixels of the narrowest layout.

    Parameters
    ----------
    first, last
        The days at the ends of the axis of time.
    start, end
        The values at the ends of the other axis.
    width, height
        Of the plot in pixels.
    inset
        Pixels that the first and the last day keep from the edges.
    """

    def __init__(
        self, first: dt.date, last: dt.date, start: float, end: float, width: float, height: float, inset: float = 0
    ) -> None:
        self.first, self.last, self.start, self.end, self.width, self.height = first, last, start, end, width, height
        self.inset = inset

    def x(self, day: dt.date) -> float:
        """Pixels from the left edge of the plot; the middle of it where there is one day only.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        float
        """
        span = (self.last - self.first).days
        share = (day - self.first).days / span if span else 0.5
        return self.inset + share * (self.width - 2 * self.inset)

    def y(self, value: float) -> float:
        """Pixels from the top of the plot.

        Parameters
        ----------
        value
            The value, in the unit of the figures.

        Returns
        -------
        float
        """
        return (self.end - value) / (self.end - self.start) * self.height

    def value(self, y: float) -> float:
        """The value at ``y`` pixels from the top.

        Parameters
        ----------
        y
            Pixels from the top of the plot.

        Returns
        -------
        float
        """
        return self.end - y / self.height * (self.end - self.start)

    def inside(self, day: dt.date) -> bool:
        """Whether the time axis shows this day.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
        """
        return self.first <= day <= self.last

    def clamp(self, day: dt.date) -> dt.date:
        """The nearest day that it shows.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        dt.date
        """
        return min(max(day, self.first), self.last)


def gaps_of(line: Line) -> list[tuple[dt.date, dt.date, str]]:
    """Return the stretches of a line without a figure and with one reason, as (first day, last day, reason).

    Parameters
    ----------
    line
        The line.

    Returns
    -------
    list[tuple[dt.date, dt.date, str]]
    """
    gaps: list[tuple[dt.date, dt.date, str]] = []
    before: Point | None = None
    for point in line.points:
        if point.value is None:
            reason = point.reason or "no figure"
            if gaps and before is not None and before.value is None and gaps[-1][2] == reason:
                gaps[-1] = (gaps[-1][0], point.day, reason)
            else:
                gaps.append((point.day, point.day, reason))
        before = point
    return gaps
