"""Where things go: names beside dots without overlap, dots beside each other, and axes that fit their figures.

Everything is reckoned in pixels at the narrowest width a figure fits. A figure may be drawn wider, which moves
dots apart but leaves names their size, so names are tried at several widths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from careleavers.charts import template as t
from careleavers.charts.text import safe, text_width

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_GAP = 3.0
_MARGIN = np.array([-_GAP, 0.0, _GAP, 0.0])
_STRETCHES = (1.0, 1.1, 1.2, 1.33, 1.47, 1.62, 1.8, 2.0, 2.3, 2.7)
_DISTANCES = (1, 6, 13, 22, 33, 46, 62, 80, 102, 128, 160, 200)
# To the right first, as one reads; then left, above and below, and the slants between.
_ANGLES = tuple(math.radians(a) for a in (0, 180, 35, -35, 145, -145, 90, -90, 62, -62, 118, -118))
_NEAR = 46.0  # how far a name that may be left out goes
_HOME = 16.0  # a name farther than this from its dot gets a line to it


@dataclass(frozen=True)
class Name:
    """A name to place: which dot it belongs to, its lines, and whether it may be left out for want of room."""

    dot: int
    lines: tuple[str, ...]
    bold: bool = False
    optional: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        widest = max((text_width(line, _SIZE, bold=self.bold) for line in self.lines), default=0.0)
        return widest + 4, len(self.lines) * _LINE + 1


@dataclass(frozen=True)
class Place:
    """Where a name went: the middle of its box in pixels from its dot (down is positive), and if it needs a line."""

    dx: float
    dy: float
    line: bool


Boxes = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]


def _meet(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
    """Which of the boxes meet any of the others; a box is left, top, right, bottom."""
    if not len(others):
        return np.zeros(len(boxes), dtype=bool)
    one, two = boxes[:, None, :], others[None, :, :]
    meeting = (
        (one[..., 0] < two[..., 2])
        & (one[..., 2] > two[..., 0])
        & (one[..., 1] < two[..., 3])
        & (one[..., 3] > two[..., 1])
    )
    return np.asarray(meeting.any(axis=1), dtype=np.bool_)


def _crosses(x0: float, y0: float, x1: float, y1: float, boxes: Boxes) -> bool:
    """Whether a straight line runs through any of the boxes."""
    if not len(boxes):
        return False
    along = np.linspace(0, 1, 24)[:, None]
    xs, ys = x0 + along * (x1 - x0), y0 + along * (y1 - y0)
    inside = (xs > boxes[:, 0]) & (xs < boxes[:, 2]) & (ys > boxes[:, 1]) & (ys < boxes[:, 3])
    return bool(inside.any())


def place_names(
    dots: Sequence[tuple[float, float]],
    names: Sequence[Name],
    *,
    width: float,
    height: float,
    radius: float = 7.0,
) -> list[Place | None]:
    """A place for each name, in the order given, such that no two overlap and none covers a named dot.

    ``dots`` are all dots in pixels from the top left of an area of ``width`` by ``height``. Other dots are covered as
    seldom as can be. A name that fits nowhere gets None if it is optional, else the nearest place inside the area.
    """
    cloud = np.array(dots, dtype=float).reshape(-1, 2)
    named = cloud[[name.dot for name in names]] if names else cloud[:0]
    placed: list[list[tuple[float, float, float, float]]] = [[] for _ in _STRETCHES]
    lines: list[tuple[float, float, float, float]] = []
    result: list[Place | None] = []
    for name in names:
        best = _best(name, cloud, named, placed, lines, width, height, radius)
        if best is None and not name.optional:
            best = _anywhere(name, cloud, placed, width, height)
        result.append(best)
        if best is None:
            continue
        w, h = name.size
        x, y = cloud[name.dot]
        for stretch, boxes in zip(_STRETCHES, placed, strict=True):
            cx, cy = x * stretch + best.dx, y + best.dy
            boxes.append((cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2))
        if best.line:
            lines.append((x, y, x + best.dx, y + best.dy))
    return result


def _boxes(x: float, y: float, dx: Floats, dy: Floats, w: float, h: float) -> Boxes:
    return np.stack([x + dx - w / 2, y + dy - h / 2, x + dx + w / 2, y + dy + h / 2], axis=1)


def _around(dots: Boxes, radius: float, stretch: float) -> Boxes:
    xs, ys = dots[:, 0] * stretch, dots[:, 1]
    return np.stack([xs - radius, ys - radius, xs + radius, ys + radius], axis=1)


def _best(
    name: Name,
    cloud: Boxes,
    named: Boxes,
    placed: list[list[tuple[float, float, float, float]]],
    lines: list[tuple[float, float, float, float]],
    width: float,
    height: float,
    radius: float,
) -> Place | None:
    w, h = name.size
    x, y = cloud[name.dot]
    distance = np.repeat(np.array(_DISTANCES, dtype=float), len(_ANGLES))
    angle = np.tile(np.array(_ANGLES), len(_DISTANCES))
    turn = np.tile(np.arange(len(_ANGLES), dtype=float), len(_DISTANCES))
    across, up = np.cos(angle), np.sin(angle)
    dx = across * (radius + distance + np.where(np.abs(across) > 0.1, w / 2, 0))
    dy = -up * (radius + distance + h / 2)
    free = np.ones(len(dx), dtype=bool) if not name.optional else distance <= _NEAR
    boxes = [np.array(found, dtype=float).reshape(-1, 4) for found in placed]
    for stretch, others in zip(_STRETCHES, boxes, strict=True):
        own = _boxes(x * stretch, y, dx, dy, w, h)
        free &= (own[:, 0] >= 0) & (own[:, 1] >= 0) & (own[:, 2] <= width * stretch) & (own[:, 3] <= height)
        free &= ~_meet(own, _around(named, radius, stretch)) & ~_meet(own + _MARGIN, others)
    own = _boxes(x, y, dx, dy, w, h)
    covered = (
        (cloud[None, :, 0] > own[:, None, 0] - 3)
        & (cloud[None, :, 0] < own[:, None, 2] + 3)
        & (cloud[None, :, 1] > own[:, None, 1] - 3)
        & (cloud[None, :, 1] < own[:, None, 3] + 3)
    ).sum(axis=1)
    far = distance > _HOME
    cost = np.where(free, distance + 9.0 * covered + 0.4 * turn + np.where(far, 10.0, 0.0), np.inf)
    for k in np.argsort(cost, kind="stable"):
        if not free[k]:
            break
        if far[k] and _crosses(x, y, x + dx[k], y + dy[k], boxes[0]):
            continue
        if any(_crosses(*other, own[k : k + 1]) for other in lines):
            continue
        return Place(float(dx[k]), float(dy[k]), bool(far[k]))
    return None


def _anywhere(
    name: Name, cloud: Boxes, placed: list[list[tuple[float, float, float, float]]], width: float, height: float
) -> Place:
    """The nearest spot of a fine grid that meets no other name, whatever else it covers; if there is none, the one
    that meets others at the fewest widths."""
    w, h = name.size
    x, y = cloud[name.dot]
    columns = np.arange(w / 2, max(width - w / 2, w / 2) + 1, 6)
    rows = np.arange(h / 2, max(height - h / 2, h / 2) + 1, 4)
    dx, dy = (grid.ravel() for grid in np.meshgrid(columns - x, rows - y))
    meeting = np.zeros(len(dx))
    for stretch, found in zip(_STRETCHES, placed, strict=True):
        meeting += _meet(_boxes(x * stretch, y, dx, dy, w, h) + _MARGIN, np.array(found, dtype=float).reshape(-1, 4))
    k = int(np.argmin(meeting * 1e6 + np.hypot(dx, dy)))
    return Place(float(dx[k]), float(dy[k]), True)


def name_notes(
    xs: Sequence[float], ys: Sequence[float], names: Sequence[Name], places: Sequence[Place | None]
) -> list[dict[str, Any]]:
    """The placed names as plotly annotations at the data coordinates ``xs, ys`` of all dots."""
    notes: list[dict[str, Any]] = []
    for name, place in zip(names, places, strict=True):
        if place is None:
            continue
        body = "<br>".join(safe(line) for line in name.lines)
        common: dict[str, Any] = {
            "x": xs[name.dot],
            "y": ys[name.dot],
            "xref": "x",
            "yref": "y",
            "xanchor": "center",
            "yanchor": "middle",
            "bgcolor": "rgba(255,255,255,0.8)",
        }
        text = f"<b>{body}</b>" if name.bold else body
        if place.line:
            notes.append(
                {
                    **t.note("name", text, **common),
                    "showarrow": True,
                    "arrowhead": 0,
                    "arrowwidth": 1,
                    "arrowcolor": t.MID_GREY,
                    "ax": place.dx,
                    "ay": place.dy,
                    "standoff": 5,
                }
            )
        else:
            notes.append(t.note("name", text, **common, xshift=place.dx, yshift=-place.dy))
    return notes


def swarm(positions: Sequence[float], *, size: float, most: float) -> list[float]:
    """How far each dot moves across its row so that dots of ``size`` pixels at ``positions`` do not overlap.

    The same positions always give the same answer. Offsets stay within ``most`` pixels of the row's middle; where
    that is too little room, dots overlap as evenly as can be.
    """
    step = size / 2
    reach = int(most // step)
    tries = [0.0, *(sign * step * k for k in range(1, reach + 1) for sign in (-1, 1))]
    order = sorted(range(len(positions)), key=lambda i: (positions[i], i))
    offsets = [0.0] * len(positions)
    done: list[tuple[float, float]] = []
    for index in order:
        x = positions[index]
        near = [(px, py) for px, py in done if x - px < size]
        gaps = [min((math.hypot(x - px, y - py) for px, py in near), default=math.inf) for y in tries]
        fit = next((y for y, gap in zip(tries, gaps, strict=True) if gap >= size), None)
        offsets[index] = fit if fit is not None else tries[max(range(len(tries)), key=lambda k: (gaps[k], -k))]
        done.append((x, offsets[index]))
    return offsets


def nice_step(span: float, about: int = 5) -> float:
    """A round tick step (1, 2, 5 times a power of ten) that gives about so many ticks over ``span`` (above 0)."""
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    return next((power * factor for factor in (1, 2, 5) if raw <= power * factor * (1 + 1e-9)), power * 10)


def fit_axis(values: Sequence[float], *, percent: bool, about: int = 5) -> tuple[float, float, list[float]]:
    """Start, end and ticks of an axis that fits dots (not bars): round, not from zero, percentages within 0 to 100.

    ``values`` is everything that must fit. Returns (start, end, ticks); 0 to 1 (to 100 for percentages) without any.
    """
    finite = [min(max(value, -1e300), 1e300) for value in values if math.isfinite(value)]
    if not finite:
        end = 100.0 if percent else 1.0
        return 0.0, end, [end * k / 5 for k in range(6)]
    low, high = min(finite), max(finite)
    if high - low <= max(abs(high), 1.0) * 1e-9:
        pad = max(abs(high) * 0.1, 1.0)
        low, high = low - pad, high + pad
        if min(finite) >= 0:
            low = max(low, 0.0)
    step = nice_step(high - low, about)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if percent and min(finite) >= 0 and max(finite) <= 100:
        start, end = max(start, 0.0), min(end, 100.0)
    count = round((end - start) / step)
    return start, end, [round(start + step * k, 10) for k in range(count + 1)]


def apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near to those wanted as a distance of ``gap`` between any two allows, within ``low`` to ``high``.

    The order is kept. If there is not room for all, the gap shrinks.
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    found = [min(max(wanted[i], low), high) for i in order]
    for k in range(1, len(found)):
        found[k] = max(found[k], found[k - 1] + gap)
    found[-1] = min(found[-1], high)
    for k in range(len(found) - 2, -1, -1):
        found[k] = min(found[k], found[k + 1] - gap)
    result = [0.0] * len(wanted)
    for position, i in zip(found, order, strict=True):
        result[i] = position
    return result
