"""One measure over the years: the authority's line with its interval, and the lines it is seen beside.

Everything is laid out for the narrowest container. Text in the plotting area is tied to points of the data, so when a
picture is drawn larger the lines move away from the text and never into it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.ranked import value_axis
from careleavers.charts.text import number, safe, safe_lines, text_width, words, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_YEAR = 366  # days between two annual points that follow each other
_QUARTER = 93
_PLOT: dict[t.Width, int] = {"wide": 340, "narrow": 240}
_LABEL_ROOM = 150  # widest column of labels at the right of the wide layout
_BAND = "rgba(18,67,109,0.15)"
_GAP_SHADE = "#F1F1F1"
_NEAR = 5.0  # pixels that text in the plot keeps from any line
_FAR = 40  # pixels from its line beyond which a name in the plot says too little about whose it is

LAYER_NAMES = {"provisional": "provisional local figures", "final": "final local figures"}


@dataclass(frozen=True)
class Event:
    """Something dated below the plot: ``full`` for a full inspection, else a visit. ``text`` stands beside its mark."""

    day: dt.date
    full: bool
    text: str
    hover: str = ""


@dataclass(frozen=True)
class Break:
    """A day on which the area changed; ``text`` stands above the plot."""

    day: dt.date
    text: str


@dataclass(frozen=True)
class _Point:
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
class _Look:
    colour: str
    symbol: str
    glyph: str
    width: float = 2.0
    dash: str = "solid"
    size: float = 6.0


@dataclass(frozen=True)
class _Line:
    key: str
    role: str
    name: str
    layer: str
    points: tuple[_Point, ...]
    look: _Look

    @property
    def local(self) -> bool:
        return self.layer != "published"

    def known(self) -> list[_Point]:
        return [point for point in self.points if point.value is not None]

    def runs(self) -> list[list[_Point]]:
        """The points that may be joined: each follows the one before it without a gap."""
        runs: list[list[_Point]] = []
        for point in self.known():
            if runs and self._joined(runs[-1][-1], point):
                runs[-1].append(point)
            else:
                runs.append([point])
        return runs

    def _joined(self, before: _Point, after: _Point) -> bool:
        days = (after.day - before.day).days
        if not self.local:
            return days <= _YEAR
        # What has been counted since April starts again each April.
        restarted = after.basis == "year_to_date" and after.day.month == 6
        return days <= _QUARTER and before.basis == after.basis and not restarted


_ENDED = {"predecessor", "successor"}
_FOCUS = _Look(t.DARK_BLUE, "circle", "●", 3.0, size=8.0)
_LOOKS = {
    "england": _Look(t.DARK_GREY, "square", "■"),
    "region": _Look(t.MID_GREY, "triangle-up", "▲", 1.6, "dot"),
    "neighbours": _Look(t.TURQUOISE, "diamond-open", "◊", size=8.0),
}
# Other areas before or after a split or merger: faint and dashed, told apart by their marks.
_RELATED = tuple(
    _Look("#7A96AF", symbol, f"{glyph}- -", 1.5, "dash", 6.0)
    for symbol, glyph in (("circle", "●"), ("square", "■"), ("triangle-up", "▲"), ("diamond-open", "◊"))
)
_CHOSEN = (
    _Look(t.DARK_PINK, "triangle-down", "▼", size=7.0),
    _Look(t.ORANGE, "triangle-right", "►", size=7.0),
    _Look(t.LIGHT_PURPLE, "triangle-left", "◄", size=7.0),
    _Look(t.MID_BLUE, "triangle-up-open", "△", size=7.0),
)
_LOCAL = {
    "provisional": _Look(t.DARK_BLUE, "square-open", "□", 1.2, "dot", 9.0),
    "final": _Look(t.DARK_BLUE, "diamond-open", "◊", 1.2, "dot", 10.0),
}


def line_axis(
    values: Sequence[float], *, percent: bool, from_zero: bool, decimals: int = 0
) -> tuple[float, float, list[float]]:
    """Start, end and round ticks of the axis of a line: from zero, or fitted to what must be shown.

    A fitted axis spans at least ten of the last decimal shown, so that a wobble nobody can read does not look like a
    change; it never goes below zero when nothing is, nor past 100 for percentages. Returns (start, end, ticks).
    """  # fmt: skip
    if from_zero or not values:
        return value_axis(values, percent=percent)
    low, high = min(values), max(values)
    least = 10 * 10.0**-decimals
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
        if min(values) >= 0 and low < 0:
            low, high = 0.0, least
        if percent and max(values) <= 100 and high > 100:
            low, high = 100 - least, 100.0
    _, _, ticks = value_axis([high - low], percent=False)
    step = ticks[1] - ticks[0]
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if percent and max(values) <= 100:
        end = min(end, 100.0)
    count = round((end - start) / step)
    return start, end, [tick for tick in (round(start + step * index, 10) for index in range(count + 1)) if tick <= end]


def tick_text(tick: float, *, percent: bool) -> str:
    """A tick of the axis: ``40%``, ``1,500``."""
    return f"{tick:g}%" if percent else f"{tick:,.10g}"


def scale_words(start: float, end: float, *, percent: bool) -> str:
    """What the subtitle says of the axis: ``Scale from 0%``; ``Scale from 40% to 60%, not from zero``."""
    first, last = tick_text(start, percent=percent), tick_text(end, percent=percent)
    return f"Scale from {first}" if start == 0 else f"Scale from {first} to {last}, not from zero"


def year_ticks(days: Sequence[dt.date], width: float, span: float) -> list[dt.date]:
    """The days whose years are written below an axis ``width`` pixels wide that spans ``span`` days.

    The newest always is; others as far as their labels leave room.
    """
    ordered = sorted(set(days), reverse=True)
    if len(ordered) < 2:
        return list(ordered)
    nearest = min((a - b).days for a, b in itertools.pairwise(ordered))
    each = nearest / span * width
    skip = max(1, math.ceil((text_width("2025", _SIZE) + 6) / each))
    return sorted(ordered[::skip])


def pack(spans: Sequence[tuple[float, float]], gap: float = 8.0) -> list[int]:
    """For each span (from, to), in order, the first row in which it overlaps none of those before it."""
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for start, end in spans:
        for index, row in enumerate(rows):
            if all(end + gap <= left or right + gap <= start for left, right in row):
                row.append((start, end))
                placed.append(index)
                break
        else:
            rows.append([(start, end)])
            placed.append(len(rows) - 1)
    return placed


def _date(value: Any) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])  # fmt: skip


def _points(rows: Iterable[dict[str, Any]]) -> tuple[_Point, ...]:
    return tuple(
        _Point(
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


def _lines(frame: pd.DataFrame) -> list[_Line]:
    """The lines of the frame in its order; the first authority, else England, is the focus."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault((words(row["line"]), words(row["layer"])), []).append({str(k): v for k, v in row.items()})
    roles = {words(rows[0]["role"]) for rows in groups.values()}
    focus = "authority" if "authority" in roles else "england"
    lines: list[_Line] = []
    chosen = related = 0
    for (key, layer), rows in groups.items():
        role = words(rows[0]["role"])
        if layer != "published":
            look = _LOCAL.get(layer, _LOCAL["provisional"])
        elif role == focus:
            look = _FOCUS
        elif role == "chosen":
            look = _CHOSEN[chosen % len(_CHOSEN)]
            chosen += 1
        elif role in _ENDED:
            look = _RELATED[related % len(_RELATED)]
            related += 1
        else:
            look = _LOOKS.get(role, _LOOKS["region"])
        role = "focus" if role == focus and layer == "published" else role
        lines.append(_Line(key, role, words(rows[0]["name"]), layer, _points(rows), look))
    return lines


class _Scale:
    """Where days and values lie, in pixels of the narrowest layout."""

    def __init__(self, first: dt.date, last: dt.date, start: float, end: float, width: float, height: float) -> None:
        self.first, self.last, self.start, self.end, self.width, self.height = first, last, start, end, width, height

    def x(self, day: dt.date) -> float:
        return (day - self.first).days / max((self.last - self.first).days, 1) * self.width

    def y(self, value: float) -> float:
        return (self.end - value) / (self.end - self.start) * self.height

    def value(self, y: float) -> float:
        return self.end - y / self.height * (self.end - self.start)

    def inside(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def clamp(self, day: dt.date) -> dt.date:
        return min(max(day, self.first), self.last)


def _half_steps(days: Sequence[dt.date]) -> dt.timedelta:
    return dt.timedelta(days=183) if len(days) else dt.timedelta(days=1)


def _band(line: _Line) -> go.Scatter | None:
    """The interval as a filled shape for each run of years; a year on its own gets a slim bar."""
    xs: list[dt.date | None] = []
    ys: list[float | None] = []
    for run in line.runs():
        stretch: list[_Point] = []
        for point in [*run, None]:
            if point is not None and point.lower is not None and point.upper is not None:
                stretch.append(point)
                continue
            if stretch:
                slim = dt.timedelta(days=20 if len(stretch) == 1 else 0)
                there = [(p.day, p.upper) for p in stretch]
                back = [(p.day, p.lower) for p in reversed(stretch)]
                if slim:
                    day, upper, lower = stretch[0].day, stretch[0].upper, stretch[0].lower
                    there = [(day - slim, upper), (day + slim, upper)]
                    back = [(day + slim, lower), (day - slim, lower)]
                for day, value in [*there, *back, there[0]]:
                    xs.append(day)
                    ys.append(value)
                xs.append(None)
                ys.append(None)
            stretch = []
    if not xs:
        return None
    return go.Scatter(
        name="interval",
        x=xs[:-1],
        y=ys[:-1],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=_BAND,
        hoverinfo="skip",
    )


def _draw(fig: go.Figure, line: _Line) -> None:
    """The line itself: joined within a run, with a mark at each figure, and nothing between runs."""
    xs: list[dt.date | None] = []
    ys: list[float | None] = []
    hover: list[str] = []
    for run in line.runs():
        for point in run:
            xs.append(point.day)
            ys.append(point.value)
            hover.append("<br>".join(safe(fact) for fact in point.hover.split("\n")))
        xs.append(None)
        ys.append(None)
        hover.append("")
    look = line.look
    fig.add_trace(
        go.Scatter(
            name=line.name,
            x=xs[:-1],
            y=ys[:-1],
            mode="lines+markers",
            connectgaps=False,
            # A mark at the very edge of the scale is drawn whole.
            cliponaxis=False,
            line={"color": look.colour, "width": look.width, "dash": look.dash},
            marker={
                "symbol": look.symbol,
                "size": look.size,
                "color": look.colour,
                "line": {"color": look.colour, "width": 1.5 if look.symbol.endswith("-open") else 0},
            },
            hovertext=hover[:-1],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _gaps(line: _Line) -> list[tuple[dt.date, dt.date, str]]:
    """Stretches of years without a figure and with one reason: (first, last, reason)."""
    gaps: list[tuple[dt.date, dt.date, str]] = []
    before: _Point | None = None
    for point in line.points:
        if point.value is None:
            reason = point.reason or "no figure"
            if gaps and before is not None and before.value is None and gaps[-1][2] == reason:
                gaps[-1] = (gaps[-1][0], point.day, reason)
            else:
                gaps.append((point.day, point.day, reason))
        before = point
    return gaps


@dataclass(frozen=True)
class _Label:
    """Text at the right of the plot for one line; ``y`` in pixels from its top."""

    line: _Line
    lines: tuple[str, ...]
    y: float

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 4


def _end_words(line: _Line, newest: dt.date) -> str:
    """Name and last figure, with its date where it is not the newest: ``Leeds 46%``; ``Rutland 40% in 2022``."""
    last = line.known()[-1]
    name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
    when = f" in {last.day.year}" if last.day < newest and not line.local else ""
    return f"{name} {last.text}{when}"


def _spread(labels: Sequence[_Label], height: float) -> list[float]:
    """Middles of the labels, in their order, as near their lines' ends as they can be without touching."""
    tops: list[float] = []
    for label in labels:
        wish = label.y - label.height / 2
        tops.append(max(wish, tops[-1] + labels[len(tops) - 1].height if tops else 0.0))
    floor = height
    for index in range(len(labels) - 1, -1, -1):
        tops[index] = min(tops[index], floor - labels[index].height)
        floor = tops[index]
    return [top + label.height / 2 for top, label in zip(tops, labels, strict=True)]


def _obstacles(lines: Sequence[_Line], breaks: Sequence[Break], scale: _Scale) -> np.ndarray[Any, Any]:
    """Points every few pixels along everything drawn, which text in the plot must keep clear of."""
    dots: list[tuple[float, float]] = []
    for line in lines:
        for run in line.runs():
            corners = [(scale.x(p.day), scale.y(p.value or 0.0)) for p in run]
            dots += corners
            for (x0, y0), (x1, y1) in itertools.pairwise(corners):
                count = max(2, math.ceil(math.hypot(x1 - x0, y1 - y0) / 3))
                dots += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(1, count)]
    for found in breaks:
        x = scale.x(found.day)
        dots += [(x, y) for y in range(0, math.ceil(scale.height), 4)]
    return np.array(dots or [(-99.0, -99.0)])


def _free_place(
    line: _Line, size: tuple[float, float], scale: _Scale, dots: np.ndarray[Any, Any]
) -> tuple[_Point, dt.date, float, str, tuple[float, float, float, float]] | None:
    """The free place nearest to one of the line's points: (point, day and y of the text, xanchor, box in pixels)."""
    wide, high = size
    for away in range(0, _FAR, 12):
        for sign in (-1, 1):
            for point in line.known():
                x, y = scale.x(point.day), scale.y(point.value or 0.0)
                middle = y + sign * (high / 2 + _NEAR + 2 + away)
                for day, anchor, left in (
                    (point.day, "left", x),
                    (point.day, "center", x - wide / 2),
                    (point.day, "right", x - wide),
                    (scale.first, "left", 0.0),
                ):
                    box = (left, middle - high / 2, left + wide, middle + high / 2)
                    if box[0] < 0 or box[2] > scale.width or box[1] < 0 or box[3] > scale.height or box[0] > x + _NEAR:
                        continue
                    if box[2] < x - _NEAR:
                        continue
                    hit = (
                        (dots[:, 0] > box[0] - _NEAR)
                        & (dots[:, 0] < box[2] + _NEAR)
                        & (dots[:, 1] > box[1] - _NEAR)
                        & (dots[:, 1] < box[3] + _NEAR)
                    )
                    if not hit.any():
                        return point, day, middle, anchor, box
    return None


def _name_in_plot(
    lines: Sequence[_Line], named: Sequence[_Line], breaks: Sequence[Break], scale: _Scale
) -> tuple[list[dict[str, Any]], list[tuple[dt.date, float, float]], list[_Line]]:
    """Names beside lines that end within the plot: (notes, leaders as (day, value, value), lines without room).

    Where one finds no room, none is written there: half of them in the plot and half in the key would be hard to read.
    """
    notes: list[dict[str, Any]] = []
    leaders: list[tuple[dt.date, float, float]] = []
    dots = _obstacles(lines, breaks, scale) if named else np.empty((0, 2))
    for line in named:
        place = None
        for room in (_LABEL_ROOM, 90, 74):
            text = wrap_even(line.name, room, _SIZE)
            size = (max(text_width(part, _SIZE) for part in text) + 2, len(text) * _LINE)
            place = _free_place(line, size, scale, dots)
            if place is not None:
                break
        if place is None:
            return [], [], list(named)
        point, day, middle, anchor, box = place
        notes.append(
            t.note(
                "line name",
                safe_lines(text),
                colour=t.SOFT_INK,
                x=day,
                xref="x",
                xanchor=anchor,
                y=scale.value(middle),
                yref="y",
                yanchor="middle",
                align=anchor,
            )
        )
        edge = box[3] if middle < scale.y(point.value or 0.0) else box[1]
        if abs(edge - scale.y(point.value or 0.0)) > 2 * _NEAR + 4:
            leaders.append((point.day, scale.value(edge), point.value or 0.0))
        taken = [(x, y) for x in np.arange(box[0], box[2], 6) for y in np.arange(box[1], box[3], 6)]
        dots = np.vstack([dots, np.array(taken)])
    return notes, leaders, []


@dataclass(frozen=True)
class _Lane:
    """Rows of text below the plot: their notes, with ``y`` in pixels from the lane's top, and its height."""

    notes: list[dict[str, Any]]
    marks: list[tuple[Event, float]]
    height: float


def _gap_lane(gaps: Sequence[tuple[dt.date, dt.date, str]], scale: _Scale) -> _Lane:
    """The reason under each stretch of years without a figure."""
    half = _half_steps([first for first, _, _ in gaps])
    texts: list[tuple[list[str], float, float, str, dt.date]] = []
    for first, last, reason in gaps:
        left, right = scale.x(scale.clamp(first - half)), scale.x(scale.clamp(last + half))
        lines = wrap_even(reason[:1].upper() + reason[1:], min(max(right - left - 6, 96.0), scale.width), _SIZE)
        wide = max(text_width(part, _SIZE) for part in lines)
        middle = (left + right) / 2
        if middle - wide / 2 < 0:
            texts.append((lines, left, left + wide, "left", scale.clamp(first - half)))
        elif middle + wide / 2 > scale.width:
            texts.append((lines, right - wide, right, "right", scale.clamp(last + half)))
        else:
            day = first + (last - first) / 2
            texts.append((lines, middle - wide / 2, middle + wide / 2, "center", scale.clamp(day)))
    rows = pack([(start, end) for _, start, end, _, _ in texts])
    heights = [
        max((len(text[0]) for text, row in zip(texts, rows, strict=True) if row == index), default=0) * _LINE + 4
        for index in range(max(rows, default=-1) + 1)
    ]
    notes = [
        t.note(
            "gap",
            safe_lines(lines),
            colour=t.SOFT_INK,
            x=day,
            xref="x",
            xanchor=anchor,
            y=2 + sum(heights[:row]),
            yref="paper",
            yanchor="top",
            align=anchor,
        )
        for (lines, _, _, anchor, day), row in zip(texts, rows, strict=True)
    ]
    return _Lane(notes, [], sum(heights) + 2 if heights else 0)


def _event_lane(events: Sequence[Event], scale: _Scale, left: float, right: float) -> _Lane:
    """Dated marks with their text beside them, each on the first row with room; a heading that explains the marks."""
    if not events:
        return _Lane([], [], 0)
    kinds = [
        f"{mark} {kind}"
        for mark, kind, full in (("◆", "full inspection", True), ("◇", "visit", False))
        if any(event.full == full for event in events)
    ]
    heading = [f"Ofsted: {', '.join(kinds)}"]
    placed: list[tuple[list[str], float, float, bool]] = []
    for event in events:
        x = scale.x(event.day)
        rooms = (scale.width - x + right - t.PAD - 10, x + left - t.PAD - 10)
        options = [wrap(event.text, max(room, 60.0), _SIZE) for room in rooms]
        to_left = len(options[1]) < len(options[0]) or rooms[0] < 60
        lines = options[1] if to_left else options[0]
        wide = max((text_width(part, _SIZE) for part in lines), default=0) + 10
        placed.append((lines, x - wide if to_left else x - 7, x + 7 if to_left else x + wide, to_left))
    rows = pack([(start, end) for _, start, end, _ in placed])
    heights = [
        max(len(lines) for (lines, _, _, _), row in zip(placed, rows, strict=True) if row == index) * _LINE + 5
        for index in range(max(rows) + 1)
    ]
    top = _LINE + 6.0
    notes = [
        t.note("events", f"<b>{safe(heading[0])}</b>", x=0, xref="paper", xanchor="left", xshift=t.PAD - left,
               y=0.0, yref="paper", yanchor="top", align="left")
    ]  # fmt: skip
    marks = []
    for event, (lines, _, _, to_left), row in zip(events, placed, rows, strict=True):
        y = top + sum(heights[:row])
        marks.append((event, y + _LINE / 2))
        notes.append(
            t.note(
                "event",
                safe_lines(lines),
                x=event.day,
                xref="x",
                xanchor="right" if to_left else "left",
                xshift=-9 if to_left else 9,
                y=y,
                yref="paper",
                yanchor="top",
                align="right" if to_left else "left",
            )
        )
    return _Lane(notes, marks, top + sum(heights))


def _break_notes(breaks: Sequence[Break], scale: _Scale) -> tuple[list[dict[str, Any]], float]:
    """The text of each break above the plot, and the height they need."""
    notes = []
    spans = []
    for found in breaks:
        wide = text_width(found.text, _SIZE, bold=True)
        x = scale.x(found.day)
        left = min(max(x - wide / 2, 0.0), max(scale.width - wide, 0.0))
        spans.append((left, left + wide, x))
    rows = pack([(left, right) for left, right, _ in spans])
    for found, (left, right, x), row in zip(breaks, spans, rows, strict=True):
        centred = abs((left + right) / 2 - x) < 1
        anchor = "center" if centred else "left" if left == 0 else "right"
        notes.append(
            t.note(
                "break",
                f"<b>{safe(found.text)}</b>",
                x=found.day if centred else scale.first if anchor == "left" else scale.last,
                xref="x",
                xanchor=anchor,
                y=1,
                yref="paper",
                yanchor="bottom",
                yshift=3 + row * _LINE,
            )
        )
    return notes, (max(rows) + 1) * _LINE + 4 if rows else 0


def _alt(
    lines: Sequence[_Line], *, headline: str, measure_title: str, scale: str, events: Sequence[Event], breaks: Sequence[Break]
) -> str:  # fmt: skip
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    parts.append(f"Line chart of {measure_title}. {scale}.")
    for line in lines:
        when = [p.day.strftime("%B %Y") if line.local else str(p.day.year) for p in line.points]
        said = [
            f"{day} {p.text if p.value is not None else p.reason or 'no figure'}"
            for day, p in zip(when, line.points, strict=True)
        ]
        if line.role in {"focus", "predecessor", "successor"} or line.local:
            name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
            parts.append(f"{name}: {', '.join(said)}.")
        elif known := line.known():
            first, last = known[0], known[-1]
            span = f"from {first.text} in {first.day.year} to {last.text} in {last.day.year}"
            parts.append(f"{line.name}: {span if len(known) > 1 else f'{last.text} in {last.day.year}'}.")
        else:
            parts.append(f"{line.name}: no figure.")
    parts += [f"Break: {found.text}." for found in breaks]
    if events:
        parts.append(f"Ofsted: {'; '.join(event.text for event in events)}.")
    return " ".join(parts)


def _key(
    lines: Sequence[_Line], *, listed: Sequence[_Line], newest: dt.date, banded: bool, restated: bool
) -> list[t.KeyItem]:
    key = [
        t.KeyItem(line.look.glyph, line.look.colour, _end_words(line, newest) if line.known() else line.name)
        for line in listed
    ]
    focus = next((line for line in lines if line.role == "focus"), None)
    if banded and focus is not None:
        key.append(t.KeyItem("■", "#A9BDCF", f"95% interval of {focus.name}"))
    if restated:
        key.append(t.KeyItem("○", t.DARK_BLUE, "restated since first published"))
    for role, text in (("predecessor", "before the boundary change"), ("successor", "after the boundary change")):
        if any(line.role == role and line not in listed and line.known() for line in lines):
            key.append(t.KeyItem("- -", t.GREY_BLUE, text))
    for layer in dict.fromkeys(line.layer for line in lines if line.local and line not in listed and line.known()):
        key.append(t.KeyItem(_LOCAL[layer].glyph, t.DARK_BLUE, f"{LAYER_NAMES[layer]}, apart from the official ones"))
    return key


def trend(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    decimals: int,
    from_zero: bool,
    axis_title: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    events: Sequence[Event] = (),
    breaks: Sequence[Break] = (),
    width: t.Width = "wide",
) -> t.ChartResult:
    """A line over the years for an authority (or England) and each series it is seen beside.

    Arguments
        frame: one row a figure, with ``line`` (unique), ``role`` (authority | predecessor | successor | chosen |
            neighbours | region | england), ``name``, ``layer`` (published | provisional | final), ``basis``, ``day``,
            ``value``, ``value_text``, ``lower``, ``upper``, ``reason`` (why there is no value), ``restated`` and
            ``hover`` (plain text, a fact a line). Lines come in the order of the frame. A year with a row but without
            a value is a gap: the line stops, and for the authority the reason is written there. Rows of another
            layer than published are a series of their own, hollow and dotted, joined to nothing else.
        unit: ``per cent`` for percentages, anything else for plain numbers.
        from_zero: whether the axis starts at zero or fits what is drawn; the subtitle says which.
        axis_title: what a point of the time axis is ("Year to 31 March").
        events, breaks: those outside the years drawn are left out.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    percent = unit == "per cent"
    lines = _lines(frame) if len(frame) else []
    known = [point for line in lines for point in line.known()]
    if not known:
        reasons = list(dict.fromkeys(point.reason for line in lines for point in line.points if point.reason))
        sentence = f"There is no figure to draw in any year{': ' + ', '.join(reasons) if reasons else ''}."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
        return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))

    focus = next((line for line in lines if line.role == "focus"), lines[0])
    annual = sorted({point.day for line in lines if not line.local for point in line.points})
    days = sorted({point.day for line in lines for point in line.points})
    pad = dt.timedelta(days=183)
    first, last = days[0] - pad, max(days[-1] + dt.timedelta(days=60), annual[-1] + pad if annual else days[-1])
    newest = annual[-1] if annual else days[-1]

    extent = [point.value for point in known if point.value is not None]
    extent += [x for point in focus.known() for x in (point.lower, point.upper) if x is not None]
    start, end, ticks = line_axis(extent, percent=percent, from_zero=from_zero, decimals=decimals)
    scale_said = scale_words(start, end, percent=percent)
    left = t.PAD + math.ceil(max(text_width(tick_text(tick, percent=percent), _SIZE) for tick in ticks)) + 8

    at_end = [line for line in lines if line.known() and not (line.role in _ENDED and line.known()[-1].day < newest)]
    wide = width == "wide"
    height = float(_PLOT[width])
    texts: dict[str, list[str]] = {}
    if wide:
        texts = {
            f"{line.key} {line.layer}": wrap(_end_words(line, newest), _LABEL_ROOM, _SIZE, bold=line.role == "focus")
            for line in at_end
        }
        room = max(text_width(part, _SIZE, bold=True) for part in sum(texts.values(), ["Leeds"]))
        right = math.ceil(min(room, _LABEL_ROOM)) + t.PAD + 12
        height = max(height, sum(len(text) * _LINE + 4 for text in texts.values()) + 8.0)
    else:
        right = t.PAD + 6
    scale = _Scale(first, last, start, end, float(t.FITS[width] - left - right), height)
    shown_breaks = [found for found in breaks if scale.inside(found.day)]
    shown_events = sorted((e for e in events if scale.inside(e.day)), key=lambda event: event.day)

    fig = go.Figure()
    banded = (band := _band(focus)) is not None
    if band is not None:
        fig.add_trace(band)
    for line in reversed(lines):
        if line.known():
            _draw(fig, line)
    restated = [point for point in focus.known() if point.restated]
    if restated:
        fig.add_trace(
            go.Scatter(
                name="restated",
                x=[point.day for point in restated],
                y=[point.value for point in restated],
                mode="markers",
                marker={
                    "symbol": "circle-open",
                    "size": 15,
                    "color": t.DARK_BLUE,
                    "line": {"color": t.DARK_BLUE, "width": 1.5},
                },
                hoverinfo="skip",
                cliponaxis=False,
            )
        )

    notes, above = _break_notes(shown_breaks, scale)
    listed: list[_Line] = []
    ties: list[dict[str, Any]] = []
    if wide:
        names, ties = _end_labels(at_end, texts, scale, newest)
        notes += names
        inside = [line for line in lines if line.role in _ENDED and line.known() and line not in at_end]
        names, leaders, listed = _name_in_plot(lines, inside, shown_breaks, scale)
        notes += names
        ties += [_tie((day, a), (day, b), t.FOCUS_GREY, "solid") for day, a, b in leaders]
    else:
        listed = [line for line in lines if line.known()]

    gaps = _gaps(focus) if focus.role == "focus" else []
    gap_lane = _gap_lane(gaps, scale)
    event_lane = _event_lane(shown_events, scale, float(left), float(right))
    axis_height = 2 * _LINE + 14 if shown_events else 0
    total = math.ceil(height + gap_lane.height + axis_height + event_lane.height)

    def paper(pixels: float) -> float:
        """A distance from the top of the plotting area as plotly's share of it from the bottom."""
        return 1 - pixels / total

    for note in gap_lane.notes:
        notes.append({**note, "y": paper(height + note["y"])})
    lane_top = height + gap_lane.height + axis_height
    for note in event_lane.notes:
        notes.append({**note, "y": paper(lane_top + note["y"])})
    axis_at = paper(height + gap_lane.height)
    notes.append(
        t.note("axis title", safe(axis_title), x=0, xref="paper", xanchor="left", y=axis_at, yref="paper",
               yanchor="top", yshift=-24, align="left")
    )  # fmt: skip
    if event_lane.marks:
        fig.add_trace(_event_marks(event_lane.marks, lane_top, total))
    half = _half_steps(annual)
    shapes = ties + [
        {
            "name": "gap",
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": scale.clamp(a - half),
            "x1": scale.clamp(b + half),
            "y0": axis_at,
            "y1": 1,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": _GAP_SHADE,
        }
        for a, b, _ in gaps
    ]
    shapes.append(
        {
            "name": "base",
            "type": "line",
            "xref": "paper",
            "yref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": paper(height),
            "y1": paper(height),
            "layer": "below",
            "line": {"color": t.MID_GREY, "width": 1},
        }
    )
    shapes += [
        {
            "name": "break",
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": found.day,
            "x1": found.day,
            "y0": paper(height),
            "y1": 1,
            "layer": "below",
            "line": {"color": t.INK, "width": 1.2, "dash": "dash"},
        }
        for found in shown_breaks
    ]
    labelled = year_ticks(annual or days, scale.width, (last - first).days)
    fig.update_xaxes(
        type="date",
        range=[first, last],
        tickmode="array",
        tickvals=labelled,
        ticktext=[str(day.year) for day in labelled],
        tickfont={"size": _SIZE},
        tickangle=0,
        ticks="" if gaps else "outside",
        ticklen=4,
        showgrid=False,
        showline=False,
        anchor="free",
        position=max(axis_at, 0.0),
        fixedrange=True,
    )
    fig.update_layout(
        yaxis={
            "domain": [max(paper(height), 0.0), 1],
            "range": [start, end],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [tick_text(tick, percent=percent) for tick in ticks],
            "tickfont": {"size": _SIZE},
            "ticks": "",
            "showgrid": True,
            "fixedrange": True,
        },
        yaxis2={
            "domain": [0, max(paper(lane_top), 1e-6)],
            "range": [total, lane_top],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
        },
    )
    t.finish(
        fig,
        headline,
        f"{subtitle.rstrip('. ')}. {scale_said}.",
        footer,
        total,
        width=width,
        key=_key(lines, listed=listed, newest=newest, banded=banded, restated=bool(restated)),
        left=left,
        right=right,
        above=8 + math.ceil(above),
        below=4 if shown_events else 26 + _LINE,
        annotations=notes,
        shapes=shapes,
    )
    alt = _alt(
        lines,
        headline=headline,
        measure_title=measure_title,
        scale=scale_said,
        events=shown_events,
        breaks=shown_breaks,
    )
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _event_marks(marks: Sequence[tuple[Event, float]], lane_top: float, total: float) -> go.Scatter:
    return go.Scatter(
        name="events",
        x=[event.day for event, _ in marks],
        y=[lane_top + y for _, y in marks],
        yaxis="y2",
        mode="markers",
        marker={
            "symbol": ["diamond" if event.full else "diamond-open" for event, _ in marks],
            "size": 11,
            "color": t.INK,
            "line": {"color": t.INK, "width": 1.5},
        },
        hovertext=["<br>".join(safe(part) for part in (event.hover or event.text).split("\n")) for event, _ in marks],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def _end_labels(
    lines: Sequence[_Line], texts: dict[str, list[str]], scale: _Scale, newest: dt.date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Name and last figure of each line at the right of the plot, and the thin lines that tie them: (notes, shapes)."""
    labels = sorted(
        (
            _Label(line, tuple(texts[f"{line.key} {line.layer}"]), scale.y(line.known()[-1].value or 0.0))
            for line in lines
        ),
        key=lambda label: label.y,
    )
    notes, ties = [], []
    for label, y in zip(labels, _spread(labels, scale.height), strict=True):
        end = label.line.known()[-1]
        # From a line that ended earlier it is grey, or it would look as if the line went on.
        colour = label.line.look.colour if end.day == newest else t.FOCUS_GREY
        ties.append(_tie((end.day, end.value or 0.0), (scale.last, scale.value(y)), colour, "dot"))
        notes.append(
            t.note(
                "line end",
                safe_lines(label.lines, bold=label.line.role == "focus"),
                colour=t.DARK_BLUE if label.line.role == "focus" else t.INK,
                x=1,
                xref="paper",
                xanchor="left",
                xshift=5,
                y=scale.value(y),
                yref="y",
                yanchor="middle",
                align="left",
            )
        )
    return notes, ties


def _tie(start: tuple[dt.date, float], end: tuple[dt.date, float], colour: str, dash: str) -> dict[str, Any]:
    """A thin line between a point of the data and its text."""
    return {
        "name": "tie",
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": start[0],
        "x1": end[0],
        "y0": start[1],
        "y1": end[1],
        "layer": "below",
        "line": {"color": colour, "width": 1, "dash": dash},
    }
