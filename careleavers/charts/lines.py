"""The lines of a chart over years: read from a frame, told apart by role, and broken where there is no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.charts import template as t
from careleavers.charts.text import number, words

_YEAR = 366  # days between two annual points that follow each other
_QUARTER = 93


@dataclass(frozen=True)
class Point:
    """One figure of a line; ``value`` is None in a gap, and ``reason`` then says why."""

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
class Look:
    """How a line is drawn; ``glyph`` stands for it in the key."""

    colour: str
    symbol: str
    glyph: str
    width: float = 2.0
    dash: str = "solid"
    size: float = 6.0


@dataclass(frozen=True)
class Line:
    """One line: its role (the authority looked at, or England with none, is the ``focus``), name and points by date."""

    key: str
    role: str
    name: str
    layer: str
    points: tuple[Point, ...]
    look: Look

    @property
    def local(self) -> bool:
        """Whether it is of the council's own figures, not official ones."""
        return self.layer != "published"

    def known(self) -> list[Point]:
        """The points that have a figure."""
        return [point for point in self.points if point.value is not None]

    def runs(self) -> list[list[Point]]:
        """The points that may be joined: each follows the one before it without a gap."""
        runs: list[list[Point]] = []
        for point in self.known():
            if runs and self._joined(runs[-1][-1], point):
                runs[-1].append(point)
            else:
                runs.append([point])
        return runs

    def _joined(self, before: Point, after: Point) -> bool:
        days = (after.day - before.day).days
        if not self.local:
            return days <= (_QUARTER if after.basis == "quarter" else _YEAR)
        # What has been counted since April starts again each April.
        restarted = after.basis == "year_to_date" and after.day.month == 6
        apart = _YEAR if after.basis == "full_year" else _QUARTER
        return days <= apart and before.basis == after.basis and not restarted


ENDED = {"predecessor", "successor"}
_FOCUS = Look(t.DARK_BLUE, "circle", "●", 3.0, size=8.0)
_LOOKS = {
    "england": Look(t.DARK_GREY, "square", "■"),
    "region": Look(t.MID_GREY, "triangle-up", "▲", 1.6, "dot"),
    "neighbours": Look(t.TURQUOISE, "diamond-open", "◊", size=8.0),
}
# Other areas before or after a split or merger: faint and dashed, told apart by their marks.
_RELATED = tuple(
    Look("#7A96AF", symbol, f"{glyph}- -", 1.5, "dash", 6.0)
    for symbol, glyph in (("circle", "●"), ("square", "■"), ("triangle-up", "▲"), ("diamond-open", "◊"))
)
_CHOSEN = (
    Look(t.DARK_PINK, "triangle-down", "▼", size=7.0),
    Look(t.ORANGE, "triangle-right", "►", size=7.0),
    Look(t.LIGHT_PURPLE, "triangle-left", "◄", size=7.0),
    Look(t.MID_BLUE, "triangle-up-open", "△", size=7.0),
)
LOCAL = {
    "provisional": Look(t.DARK_BLUE, "square-open", "□", 1.2, "dot", 9.0),
    "final": Look(t.DARK_BLUE, "diamond-open", "◊", 1.2, "dot", 10.0),
}


def _date(value: Any) -> dt.date:
    return pd.Timestamp(value).date()


def read_points(rows: Iterable[dict[str, Any]]) -> tuple[Point, ...]:
    """Rows of a frame (``day, value, value_text, lower, upper, reason, restated, hover, basis``) as points, by day."""
    return tuple(
        Point(
            day=_date(row["day"]),
            value=number(row["value"]),
            text=words(row.get("value_text")),
            lower=number(row.get("lower")),
            upper=number(row.get("upper")),
            reason=words(row.get("reason")),
            restated=bool(row.get("restated")),
            hover=words(row.get("hover")),
            basis=words(row.get("basis")),
        )
        for row in sorted(rows, key=lambda row: _date(row["day"]))
    )


def read_lines(frame: pd.DataFrame) -> list[Line]:
    """The lines of the frame in its order; the first authority, else England, is the focus."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault((words(row["line"]), words(row["layer"])), []).append({str(k): v for k, v in row.items()})
    roles = {words(rows[0]["role"]) for rows in groups.values()}
    focus = "authority" if "authority" in roles else "england"
    lines: list[Line] = []
    chosen = related = 0
    for (key, layer), rows in groups.items():
        role = words(rows[0]["role"])
        if layer != "published":
            look = LOCAL.get(layer, LOCAL["provisional"])
        elif role == focus:
            look = _FOCUS
        elif role == "chosen":
            look = _CHOSEN[chosen % len(_CHOSEN)]
            chosen += 1
        elif role in ENDED:
            look = _RELATED[related % len(_RELATED)]
            related += 1
        else:
            look = _LOOKS.get(role, _LOOKS["region"])
        role = "focus" if role == focus and layer == "published" else role
        lines.append(Line(key, role, words(rows[0]["name"]), layer, read_points(rows), look))
    return lines


class Scale:
    """Where days and values lie, in pixels of the narrowest layout."""

    def __init__(self, first: dt.date, last: dt.date, start: float, end: float, width: float, height: float) -> None:
        self.first, self.last, self.start, self.end, self.width, self.height = first, last, start, end, width, height

    def x(self, day: dt.date) -> float:
        """Pixels from the left edge of the plot."""
        return (day - self.first).days / max((self.last - self.first).days, 1) * self.width

    def y(self, value: float) -> float:
        """Pixels from the top of the plot."""
        return (self.end - value) / (self.end - self.start) * self.height

    def value(self, y: float) -> float:
        """The value that lies so many pixels from the top."""
        return self.end - y / self.height * (self.end - self.start)

    def inside(self, day: dt.date) -> bool:
        """Whether the time axis shows this day."""
        return self.first <= day <= self.last

    def clamp(self, day: dt.date) -> dt.date:
        """The nearest day that it shows."""
        return min(max(day, self.first), self.last)


def gaps_of(line: Line) -> list[tuple[dt.date, dt.date, str]]:
    """Stretches of years without a figure and with one reason: (first, last, reason)."""
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
