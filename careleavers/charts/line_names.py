"""Names beside lines that end within the plot."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from careleavers.charts import template
from careleavers.charts.lanes import Break
from careleavers.charts.lines import Line, Point, Scale
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import safe_lines, text_width, wrap_even

_NEAR = 5.0  # pixels between text and any line
_FAR = 40  # pixels from its line beyond which it is unclear which line a name belongs to
_ROOMS = (150, 90, 74)  # widths in pixels for a name, tried in turn


def _obstacles(lines: Sequence[Line], breaks: Sequence[Break], scale: Scale) -> np.ndarray[Any, Any]:
    """Return points every few pixels along everything drawn, which text must keep clear of."""
    dots: list[tuple[float, float]] = []
    for line in lines:
        for run in line.runs():
            corners = [(scale.x(point.day), scale.y(point.value or 0.0)) for point in run]
            dots += corners
            for (x0, y0), (x1, y1) in itertools.pairwise(corners):
                count = max(2, math.ceil(math.hypot(x1 - x0, y1 - y0) / 3))
                dots += [(x0 + (x1 - x0) * i / count, y0 + (y1 - y0) * i / count) for i in range(1, count)]
    for found in breaks:
        x = scale.x(found.day)
        dots += [(x, y) for y in range(0, math.ceil(scale.height), 4)]
    return np.array(dots or [(-99.0, -99.0)])


def _free_place(
    line: Line, size: tuple[float, float], scale: Scale, dots: np.ndarray[Any, Any]
) -> tuple[Point, dt.date, float, str, tuple[float, float, float, float]] | None:
    """Find the free place nearest to any point of a line: the point, day and y of the text, xanchor, box in pixels."""
    across, high = size
    for away in range(0, _FAR, 12):
        for sign in (-1, 1):
            for point in line.known():
                x, y = scale.x(point.day), scale.y(point.value or 0.0)
                middle = y + sign * (high / 2 + _NEAR + 2 + away)
                for day, anchor, left in (
                    (point.day, "left", x),
                    (point.day, "center", x - across / 2),
                    (point.day, "right", x - across),
                    (scale.first, "left", 0.0),
                ):
                    box = (left, middle - high / 2, left + across, middle + high / 2)
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


def names_in_plot(
    lines: Sequence[Line], named: Sequence[Line], breaks: Sequence[Break], scale: Scale
) -> tuple[list[dict[str, Any]], list[tuple[dt.date, float, float]], list[Line]]:
    """Write names beside lines that end within the plot, clear of everything drawn.

    Where one finds no room, none is written there: half of them in the plot and half in the key would be hard to read.

    Parameters
    ----------
    lines
        All lines drawn.
    named
        Those to name.
    breaks
        Boundary changes within the years drawn.
    scale
        Where days and values lie.

    Returns
    -------
    notes : list of dict
        The names as annotations.
    leaders : list of (date, float, float)
        Upright lines between a name and its line: day, and the values where they begin and end.
    listed : list of Line
        Lines that found no room: all of ``named`` or none.
    """
    notes: list[dict[str, Any]] = []
    leaders: list[tuple[dt.date, float, float]] = []
    dots = _obstacles(lines, breaks, scale) if named else np.empty((0, 2))
    for line in named:
        place = None
        for room in _ROOMS:
            text = wrap_even(line.name, room, TEXT_SIZE)
            size = (max(text_width(part, TEXT_SIZE) for part in text) + 2, len(text) * LINE_HEIGHT)
            place = _free_place(line, size, scale, dots)
            if place is not None:
                break
        if place is None:
            return [], [], list(named)
        point, day, middle, anchor, box = place
        notes.append(
            template.note(
                "line name",
                safe_lines(text),
                colour=template.SOFT_INK,
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
