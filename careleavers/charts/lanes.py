"""Text that stands above and below a plot at its own time: breaks, reasons for gaps, and dated events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.charts import template as t
from careleavers.charts.axes import pack
from careleavers.charts.lines import Scale
from careleavers.charts.text import safe, safe_lines, text_width, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
HALF_YEAR = dt.timedelta(days=183)


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
class Lane:
    """Rows of text below the plot: their notes, with ``y`` in pixels from the lane's top, and its height."""

    notes: list[dict[str, Any]]
    marks: list[tuple[Event, float]]
    height: float


def gap_lane_of(gaps: Sequence[tuple[dt.date, dt.date, str]], scale: Scale, half: dt.timedelta = HALF_YEAR) -> Lane:
    """The reason under each stretch of periods without a figure; ``half`` is half a period."""
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
    return Lane(notes, [], sum(heights) + 2 if heights else 0)


def event_lane_of(events: Sequence[Event], scale: Scale, left: float, right: float) -> Lane:
    """Dated marks with their text beside them, each on the first row with room; a heading that explains the marks."""
    if not events:
        return Lane([], [], 0)
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
    return Lane(notes, marks, top + sum(heights))


def break_notes(breaks: Sequence[Break], scale: Scale) -> tuple[list[dict[str, Any]], float]:
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
