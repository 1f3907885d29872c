"""Text beside marks: many texts as one trace, labels that keep clear of each other, and names beside dots.

Everything is reckoned in pixels at the narrowest width a figure fits. A figure may be drawn wider, which moves
dots apart but leaves names their size, so :func:`place_names` tries several widths.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import safe, text_width

_GAP = 3.0
_MARGIN = np.array([-_GAP, 0.0, _GAP, 0.0])
_STRETCHES = (1.0, 1.1, 1.2, 1.33, 1.47, 1.62, 1.8, 2.0, 2.3, 2.7)
_DISTANCES = (1, 6, 13, 22, 33, 46, 62, 80, 102, 128, 160, 200)
# To the right first, as one reads; then left, the slants, above and below, and steeper slants.
_ANGLES = tuple(math.radians(angle) for angle in (0, 180, 35, -35, 145, -145, 90, -90, 62, -62, 118, -118))
_NEAR = 46.0  # pixels: an optional name may be this far from its dot, no farther
_HOME = 16.0  # pixels: a name farther than this from its dot gets a line to it


def add_texts(
    fig: go.Figure,
    name: str,
    items: Sequence[tuple[float, float, str]],
    position: str,
    *,
    colour: str | Sequence[str] = template.INK,
) -> None:
    """Add texts to a figure as one trace: hundreds of tick labels or annotations are slow to draw.

    Parameters
    ----------
    fig
        The figure; left as it is without any item.
    name
        Name of the trace.
    items
        Place on both axes, and plotly text.
    position
        On which side of its place a text stands, as plotly's ``textposition``: ``middle left``.
    colour
        One for all, or one for each.
    """
    if not items:
        return
    fig.add_trace(
        go.Scatter(
            name=name,
            x=[x for x, _, _ in items],
            y=[y for _, y, _ in items],
            text=[text for _, _, text in items],
            mode="text",
            textposition=position,
            textfont={"family": template.FONT, "size": TEXT_SIZE, "color": colour},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )


def bold_if(text: str, bold: bool) -> str:
    """Return plotly text, in bold where ``bold`` says so.

    Parameters
    ----------
    text
        Plotly text.
    bold
        Whether it is bold.

    Returns
    -------
    str
    """
    return f"<b>{text}</b>" if bold and text else text


def line_name(name: str, text: str, x: float, share: float) -> dict[str, Any]:
    """Return the name of an upright line, above the plot.

    Parameters
    ----------
    name
        What the note is called in the figure.
    text
        Plain text.
    x
        Where the line stands.
    share
        The same as a share of the axis, 0 to 1: near the ends the text leans into the picture.

    Returns
    -------
    dict[str, Any]
        One of ``layout.annotations``.
    """
    return template.note(
        name,
        f"<b>{safe(text)}</b>",
        x=x,
        xref="x",
        xanchor="left" if share < 0.3 else "right" if share > 0.7 else "center",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=1,
    )


def pack(spans: Sequence[tuple[float, float]], gap: float = 8.0) -> list[int]:
    """Return the row on which each text stands, so that texts on one row keep ``gap`` pixels apart.

    Each goes to the first row with room, in the order given.

    Parameters
    ----------
    spans
        Left and right edge of each text, in pixels.
    gap
        The least room between two texts on one row, in pixels.

    Returns
    -------
    list[int]
        A row per text, in the order given; rows count from 0.

    Examples
    --------
    >>> pack([(0, 50), (40, 90), (60, 99)])
    [0, 1, 0]
    """
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


def spread_out(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return the middles of labels, each as close as can be to where it is wanted, without overlaps.

    Parameters
    ----------
    wanted
        Where the middles would like to be. Their order is kept (ties as given).
    heights
        Of the labels, in the same unit.
    low, high
        Where the labels must stay, if they fit at all; otherwise the first ones lie below ``low``.

    Returns
    -------
    list[float]
        A middle per label, in the order and the unit given.

    Examples
    --------
    >>> spread_out([50, 52], [16, 16], 0, 200)
    [50, 66.0]
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    edge = low
    for index in order:
        placed[index] = max(wanted[index], edge + heights[index] / 2)
        edge = placed[index] + heights[index] / 2
    edge = high
    for index in reversed(order):
        placed[index] = min(placed[index], edge - heights[index] / 2)
        edge = placed[index] - heights[index] / 2
    return placed


def spaced_positions(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions at least ``gap`` apart, each as close as can be to where it is wanted.

    Unlike :func:`spread_out` it never leaves ``low`` to ``high``: where there is not room for all, the gap shrinks.
    The order is kept.

    Parameters
    ----------
    wanted
        Where the positions would like to be.
    gap, low, high
        The distance, and between which they stand, in the same unit.

    Returns
    -------
    list[float]
        A position per label, in the order and the unit given.

    Examples
    --------
    >>> spaced_positions([10, 12], 15, 0, 100)
    [10, 25]
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    found = [min(max(wanted[index], low), high) for index in order]
    for place in range(1, len(found)):
        found[place] = max(found[place], found[place - 1] + gap)
    found[-1] = min(found[-1], high)
    for place in range(len(found) - 2, -1, -1):
        found[place] = min(found[place], found[place + 1] - gap)
    result = [0.0] * len(wanted)
    for position, index in zip(found, order, strict=True):
        result[index] = position
    return result


@dataclass(frozen=True)
class Name:
    """A name to place beside a dot.

    Attributes
    ----------
    dot
        The index of its dot.
    lines
        The name in plain text, wrapped.
    bold
        Whether it is drawn in bold.
    optional
        Whether it may be left out for want of room.
    """

    dot: int
    lines: tuple[str, ...]
    bold: bool = False
    optional: bool = False

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        widest = max((text_width(line, TEXT_SIZE, bold=self.bold) for line in self.lines), default=0.0)
        return widest + 4, len(self.lines) * LINE_HEIGHT + 1


@dataclass(frozen=True)
class LabelPlace:
    """Where a name went.

    Attributes
    ----------
    dx, dy
        The middle of its box in pixels from its dot; down is positive.
    line
        Whether it is so far away that a line to its dot is needed.
    """

    dx: float
    dy: float
    line: bool


Boxes = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float64]


def _overlap(boxes: Boxes, others: Boxes) -> npt.NDArray[np.bool_]:
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
) -> list[LabelPlace | None]:
    """Find a place for each name such that no two overlap and none covers a named dot.

    Names are placed in the order given; dots without a name are covered as seldom as can be.

    Parameters
    ----------
    dots
        All dots, in pixels from the top left of the plot.
    names
        The names, the most important first.
    width, height
        Of the plot in pixels, at the narrowest width that the figure fits.
    radius
        Of a dot, in pixels.

    Returns
    -------
    list of LabelPlace or None
        For each name its place. A name that fits nowhere gets None if it is optional, else the nearest place inside
        the plot, whatever it covers.
    """
    cloud = np.array(dots, dtype=float).reshape(-1, 2)
    named = cloud[[name.dot for name in names]] if names else cloud[:0]
    placed: list[list[tuple[float, float, float, float]]] = [[] for _ in _STRETCHES]
    lines: list[tuple[float, float, float, float]] = []
    result: list[LabelPlace | None] = []
    for name in names:
        best = _best(name, cloud, named, placed, lines, width, height, radius)
        if best is None and not name.optional:
            best = _nearest_free_place(name, cloud, placed, width, height)
        result.append(best)
        if best is None:
            continue
        across, down = name.size
        x, y = cloud[name.dot]
        for stretch, boxes in zip(_STRETCHES, placed, strict=True):
            cx, cy = x * stretch + best.dx, y + best.dy
            boxes.append((cx - across / 2, cy - down / 2, cx + across / 2, cy + down / 2))
        if best.line:
            lines.append((x, y, x + best.dx, y + best.dy))
    return result


def _boxes(x: float, y: float, dx: Floats, dy: Floats, across: float, down: float) -> Boxes:
    """Boxes of one size whose middles lie ``dx`` and ``dy`` from a dot."""
    return np.stack([x + dx - across / 2, y + dy - down / 2, x + dx + across / 2, y + dy + down / 2], axis=1)


def _dot_boxes(dots: Boxes, radius: float, stretch: float) -> Boxes:
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
) -> LabelPlace | None:
    across, down = name.size
    x, y = cloud[name.dot]
    distance = np.repeat(np.array(_DISTANCES, dtype=float), len(_ANGLES))
    angle = np.tile(np.array(_ANGLES), len(_DISTANCES))
    turn = np.tile(np.arange(len(_ANGLES), dtype=float), len(_DISTANCES))
    right, up = np.cos(angle), np.sin(angle)
    dx = right * (radius + distance + np.where(np.abs(right) > 0.1, across / 2, 0))
    dy = -up * (radius + distance + down / 2)
    free = np.ones(len(dx), dtype=bool) if not name.optional else distance <= _NEAR
    boxes = [np.array(found, dtype=float).reshape(-1, 4) for found in placed]
    for stretch, others in zip(_STRETCHES, boxes, strict=True):
        own = _boxes(x * stretch, y, dx, dy, across, down)
        free &= (own[:, 0] >= 0) & (own[:, 1] >= 0) & (own[:, 2] <= width * stretch) & (own[:, 3] <= height)
        free &= ~_overlap(own, _dot_boxes(named, radius, stretch)) & ~_overlap(own + _MARGIN, others)
    own = _boxes(x, y, dx, dy, across, down)
    covered = (
        (cloud[None, :, 0] > own[:, None, 0] - 3)
        & (cloud[None, :, 0] < own[:, None, 2] + 3)
        & (cloud[None, :, 1] > own[:, None, 1] - 3)
        & (cloud[None, :, 1] < own[:, None, 3] + 3)
    ).sum(axis=1)
    far = distance > _HOME
    cost = np.where(free, distance + 9.0 * covered + 0.4 * turn + np.where(far, 10.0, 0.0), np.inf)
    for spot in np.argsort(cost, kind="stable"):
        if not free[spot]:
            break
        if far[spot] and _crosses(x, y, x + dx[spot], y + dy[spot], boxes[0]):
            continue
        if any(_crosses(*other, own[spot : spot + 1]) for other in lines):
            continue
        return LabelPlace(float(dx[spot]), float(dy[spot]), bool(far[spot]))
    return None


def _nearest_free_place(
    name: Name, cloud: Boxes, placed: list[list[tuple[float, float, float, float]]], width: float, height: float
) -> LabelPlace:
    """The nearest spot on a fine grid where it meets no other name, whatever else it covers; failing that, the spot
    where it meets other names at the fewest widths."""
    across, down = name.size
    x, y = cloud[name.dot]
    columns = np.arange(across / 2, max(width - across / 2, across / 2) + 1, 6)
    rows = np.arange(down / 2, max(height - down / 2, down / 2) + 1, 4)
    dx, dy = (grid.ravel() for grid in np.meshgrid(columns - x, rows - y))
    meeting = np.zeros(len(dx))
    for stretch, found in zip(_STRETCHES, placed, strict=True):
        meeting += _overlap(
            _boxes(x * stretch, y, dx, dy, across, down) + _MARGIN, np.array(found, dtype=float).reshape(-1, 4)
        )
    spot = int(np.argmin(meeting * 1e6 + np.hypot(dx, dy)))
    return LabelPlace(float(dx[spot]), float(dy[spot]), True)


def name_notes(
    xs: Sequence[float], ys: Sequence[float], names: Sequence[Name], places: Sequence[LabelPlace | None]
) -> list[dict[str, Any]]:
    """Return the placed names as plotly annotations.

    Parameters
    ----------
    xs, ys
        Figures of all dots on the two axes.
    names, places
        What :func:`place_names` was given and returned.

    Returns
    -------
    list[dict[str, Any]]
        Entries of ``layout.annotations``, one per name that has a place.
    """
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
                    **template.note("name", text, **common),
                    "showarrow": True,
                    "arrowhead": 0,
                    "arrowwidth": 1,
                    "arrowcolor": template.MID_GREY,
                    "ax": place.dx,
                    "ay": place.dy,
                    "standoff": 5,
                }
            )
        else:
            notes.append(template.note("name", text, **common, xshift=place.dx, yshift=-place.dy))
    return notes
