"""Text above and below a plot, each at its own date: breaks, reasons for gaps, and events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.charts import template
from careleavers.charts.labels import pack
from careleavers.charts.lines import Scale
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import safe, safe_lines, text_width, wrap, wrap_even

HALF_YEAR = dt.timedelta(days=183)


@dataclass(frozen=True)
class Event:
    """An inspection or visit below the plot.

    Attributes
    ----------
    day
        When it was.
    full
        Whether it was a full inspection; else a visit.
    text, hover
        What stands beside its mark, and what is shown when it is pointed at (``text`` where empty).
    """

    day: dt.date
    full: bool
    text: str
    hover: str = ""


@dataclass(frozen=True)
class Break:
    """A day on which the area changed, with the ``text`` that stands above the plot."""

    day: dt.date
    text: str


@dataclass(frozen=True)
class Lane:
    """Rows of text below the plot.

    Attributes
    ----------
    notes
        Annotations whose ``y`` is in pixels from the lane's top.
    marks
        Dated marks and where they stand, in pixels from the lane's top.
    height
        In pixels.
    """

    notes: list[dict[str, Any]]
    marks: list[tuple[Event, float]]
    height: float


def gap_lane_of(gaps: Sequence[tuple[dt.date, dt.date, str]], scale: Scale, half: dt.timedelta = HALF_YEAR) -> Lane:
    """Return the reasons for missing figures, each below the periods it applies to.

    Parameters
    ----------
    gaps
        What :func:`careleavers.charts.lines.gaps_of` returns.
    scale
        Where days lie.
    half
        Half a period.

    Returns
    -------
    Lane
    """
    texts: list[tuple[list[str], float, float, str, dt.date]] = []
    for first, last, reason in gaps:
        left, right = scale.x(scale.clamp(first - half)), scale.x(scale.clamp(last + half))
        lines = wrap_even(reason[:1].upper() + reason[1:], min(max(right - left - 6, 96.0), scale.width), TEXT_SIZE)
        longest = max(text_width(part, TEXT_SIZE) for part in lines)
        middle = (left + right) / 2
        if middle - longest / 2 < 0:
            texts.append((lines, left, left + longest, "left", scale.clamp(first - half)))
        elif middle + longest / 2 > scale.width:
            texts.append((lines, right - longest, right, "right", scale.clamp(last + half)))
        else:
            day = first + (last - first) / 2
            texts.append((lines, middle - longest / 2, middle + longest / 2, "center", scale.clamp(day)))
    rows = pack([(start, end) for _, start, end, _, _ in texts])
    heights = [
        max((len(text[0]) for text, row in zip(texts, rows, strict=True) if row == index), default=0) * LINE_HEIGHT + 4
        for index in range(max(rows, default=-1) + 1)
    ]
    notes = [
        template.note(
            "gap",
            safe_lines(lines),
            colour=template.SOFT_INK,
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
    """Return marks of inspections with their text beside them, under a heading that explains the marks.

    Parameters
    ----------
    events
        Those within the days shown, by day. Each stands on the first row with room.
    scale
        Where days lie.
    left, right
        Pixels beside the plot that text may take too.

    Returns
    -------
    Lane
    """
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
        rooms = (scale.width - x + right - template.PAD - 10, x + left - template.PAD - 10)
        options = [wrap(event.text, max(room, 60.0), TEXT_SIZE) for room in rooms]
        to_left = len(options[1]) < len(options[0]) or rooms[0] < 60
        lines = options[1] if to_left else options[0]
        longest = max((text_width(part, TEXT_SIZE) for part in lines), default=0) + 10
        placed.append((lines, x - longest if to_left else x - 7, x + 7 if to_left else x + longest, to_left))
    rows = pack([(start, end) for _, start, end, _ in placed])
    heights = [
        max(len(lines) for (lines, _, _, _), row in zip(placed, rows, strict=True) if row == index) * LINE_HEIGHT + 5
        for index in range(max(rows) + 1)
    ]
    top = LINE_HEIGHT + 6.0
    notes = [
        template.note("events", f"<b>{safe(heading[0])}</b>", x=0, xref="paper", xanchor="left", xshift=template.PAD - left,
               y=0.0, yref="paper", yanchor="top", align="left")
    ]  # fmt: skip
    marks = []
    for event, (lines, _, _, to_left), row in zip(events, placed, rows, strict=True):
        y = top + sum(heights[:row])
        marks.append((event, y + LINE_HEIGHT / 2))
        notes.append(
            template.note(
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
    """Return the text of each break above the plot, and the height in pixels that they need.

    Parameters
    ----------
    breaks
        The days on which the area changed.
    scale
        Where days lie.

    Returns
    -------
    tuple[list[dict[str, Any]], float]
        Annotations, and their height.
    """
    notes = []
    spans = []
    for found in breaks:
        length = text_width(found.text, TEXT_SIZE, bold=True)
        x = scale.x(found.day)
        left = min(max(x - length / 2, 0.0), max(scale.width - length, 0.0))
        spans.append((left, left + length, x))
    rows = pack([(left, right) for left, right, _ in spans])
    for found, (left, right, x), row in zip(breaks, spans, rows, strict=True):
        centred = abs((left + right) / 2 - x) < 1
        anchor = "center" if centred else "left" if left == 0 else "right"
        notes.append(
            template.note(
                "break",
                f"<b>{safe(found.text)}</b>",
                x=found.day if centred else scale.first if anchor == "left" else scale.last,
                xref="x",
                xanchor=anchor,
                y=1,
                yref="paper",
                yanchor="bottom",
                yshift=3 + row * LINE_HEIGHT,
            )
        )
    return notes, (max(rows) + 1) * LINE_HEIGHT + 4 if rows else 0
