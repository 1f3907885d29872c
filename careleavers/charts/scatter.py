"""Two measures against each other: one dot an authority, some of them picked out and named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.text import number, safe, safe_lines, text_width, words, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_PLOT: dict[t.Width, int] = {"wide": 430, "narrow": 300}
_TICK_ROOM = 40
_SIDE_ROOM = 60  # right of the plot in the wide layout: England's label
_NAME_ROOM = 150  # widest label of a dot; a longer name takes two lines
# A figure is drawn from its smallest size up to this many times as wide and high (a wide screen, a saved picture).
_STRETCH = 2.6
_RISE = 1.4


@dataclass(frozen=True)
class _Role:
    """How the dots of one role are drawn: colour, outline, size, plotly symbol and the character for it in text."""

    colour: str
    outline: str
    size: int
    symbol: str
    mark: str


_ROLES = {
    "other": _Role(t.FOCUS_GREY, "#FFFFFF", 7, "circle", "●"),
    "region": _Role("#FFFFFF", t.MID_BLUE, 9, "square", "□"),
    "neighbour": _Role(t.TURQUOISE, t.INK, 10, "diamond", "◆"),
    "chosen": _Role(t.DARK_BLUE, "#FFFFFF", 15, "circle", "●"),
}


@dataclass(frozen=True)
class Box:
    """A rectangle held at a point: ``x, y`` in pixels from the plot's top left corner, and its edges from there."""

    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box, stretch: float = 1.0, rise: float = 1.0) -> bool:
        """Whether the two overlap at any size of the plot from its own to ``stretch`` x ``rise`` times it.

        The points they are held at move apart as the plot grows; the rectangles keep their size.
        """
        return _meet(other.x - self.x, other.left - self.right, other.right - self.left, stretch) and _meet(
            other.y - self.y, other.top - self.bottom, other.bottom - self.top, rise
        )


def _meet(apart: float, low: float, high: float, grow: float) -> bool:
    """Whether ``apart`` times some factor from 1 to ``grow`` lies strictly within ``-high`` and ``-low``."""
    near, far = sorted((apart, apart * grow))
    return near < -low and far > -high


@dataclass(frozen=True)
class Placed:
    """Where the text of one dot goes: which dot, its lines, and the text's left edge and middle from the dot, in pixels."""

    index: int
    lines: tuple[str, ...]
    left: float
    middle: float
    box: Box

    def anchor(self) -> tuple[str, float]:
        """The edge of the text that faces the dot, and how far right of the dot it is."""
        if self.box.left > 0:
            return "left", self.box.left + 2
        if self.box.right < 0:
            return "right", self.box.right - 2
        return "center", (self.box.left + self.box.right) / 2

    def is_near(self, size: float) -> bool:
        """Whether the text stands right beside its dot, so that no line need lead to it."""
        box = self.box
        aside = 0.0 if box.left <= 0 <= box.right else min(abs(box.left), abs(box.right))
        above = 0.0 if box.top <= 0 <= box.bottom else min(abs(box.top), abs(box.bottom))
        return aside + above <= size / 2 + 10

    def leader(self, size: float) -> list[Box]:
        """The line to the text as a few small rectangles along it; none where there is no line."""
        if self.is_near(size):
            return []
        across = self.anchor()[1]
        steps = [step / 6 for step in range(1, 6)]
        return [
            Box(self.box.x, self.box.y, across * at - 1, across * at + 1, self.middle * at - 1, self.middle * at + 1)
            for at in steps
        ]


def place_labels(
    dots: Sequence[tuple[float, float]],
    sizes: Sequence[float],
    labels: Sequence[tuple[int, tuple[str, ...], bool]],
    room: tuple[float, float],
) -> list[Placed]:
    """Find a free place near its dot for each label, the first ones first; one without a free place is left out.

    Arguments: ``dots`` in pixels from the top left of the plot and their diameters ``sizes``; ``labels`` as (index
    of its dot, lines of text, bold), in order of importance; ``room`` the plot's width and height in pixels. No label
    covers another or a labelled dot, nor leaves the plot, at any size the figure is drawn at; of the free places the one
    that covers fewest other dots and is nearest wins.
    """
    width, height = room
    named = {index for index, _, _ in labels}
    marks = [
        Box(x, y, -size / 2 - 1, size / 2 + 1, -size / 2 - 1, size / 2 + 1)
        for (x, y), size in zip(dots, sizes, strict=True)
    ]
    placed: list[Placed] = []
    for index, lines, bold in labels:
        x, y = dots[index]
        wide = max((text_width(line, _SIZE, bold=bold) for line in lines), default=0.0) + 4
        high = len(lines) * _LINE + 2
        best: tuple[float, Placed] | None = None
        for left, middle, cost in _candidates(wide, high, sizes[index] / 2):
            box = Box(x, y, left, left + wide, middle - high / 2, middle + high / 2)
            inside = x + box.left >= 0 and x + box.right <= width and y + box.top >= 0 and y + box.bottom <= height
            if not inside or (best is not None and cost >= best[0]):
                continue
            candidate = Placed(index, lines, left, middle, box)
            mine = [box, *candidate.leader(sizes[index])]
            theirs = [mark for other, mark in enumerate(marks) if other in named and other != index]
            theirs += [other.box for other in placed]
            if any(part.meets(other, _STRETCH, _RISE) for part in mine for other in theirs):
                continue
            lines_there = [part for other in placed for part in other.leader(sizes[other.index])]
            if any(box.meets(part, _STRETCH, _RISE) for part in lines_there):
                continue
            cost += 5 * sum(box.meets(mark) for other, mark in enumerate(marks) if other not in named)
            if best is None or cost < best[0]:
                best = cost, candidate
        if best is not None:
            placed.append(best[1])
    return placed


def _candidates(wide: float, high: float, radius: float) -> list[tuple[float, float, float]]:
    """Places for a label as (left edge, middle) from its dot, and how little each is liked: near and level first."""
    found = []
    for ring, gap in enumerate((3.0, 12.0, 24.0, 38.0, 54.0, 74.0)):
        reach = radius + gap
        for turn in range(0, 360, 30):
            across, down = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            middle = down * (reach + high / 2)
            if abs(across) < 0.1:
                left = -wide / 2
            elif across > 0:
                left = across * reach
            else:
                left = across * reach - wide
            level = 0.0 if abs(down) < 0.1 else 2.0
            found.append((left, middle, ring * 6 + level + (0.5 if across < 0 else 0.0)))
    return sorted(found, key=lambda place: place[2])


def fitted_axis(values: Sequence[float], *, percent: bool) -> tuple[float, float, list[float]]:
    """Start, end and ticks of an axis fitted to the values with a little air; percentages stay within 0 and 100."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    low, high = max(low, -1e300), min(high, 1e300)
    span = high - low or max(abs(high), 1.0) / 10
    start, end = low - span * 0.05, high + span * 0.05
    if low >= 0:
        start = max(start, -span * 0.025) if low < span * 0.05 else start
    if percent and high <= 100:
        end = min(end, 100 + span * 0.025)
    raw = (end - start) / 6
    power = 10 ** math.floor(math.log10(raw))
    step = next(nice * power for nice in (1, 2, 5, 10) if nice * power >= raw - 1e-12 * power)
    first = math.ceil(start / step - 1e-9)
    ticks = [round(number * step, 10) for number in range(first, math.floor(end / step + 1e-9) + 1)]
    if percent and low >= 0 and high <= 100:
        ticks = [tick for tick in ticks if 0 <= tick <= 100]
    return start, end, ticks


@dataclass(frozen=True)
class Axis:
    """One measure of a scatter: title, unit, England's figure (None for none) and that figure as text."""

    title: str
    percent: bool
    england: float | None
    england_text: str


@dataclass(frozen=True)
class _Dot:
    name: str
    x: float
    y: float
    role: str
    code: str
    text: str
    hover: str


def _dots(frame: pd.DataFrame) -> list[_Dot]:
    dots = []
    for row in frame.to_dict("records"):
        x, y = number(row.get("x")), number(row.get("y"))
        if x is None or y is None:
            continue
        role = words(row.get("role"))
        name = words(row.get("name"))
        x_text, y_text = words(row.get("x_text")), words(row.get("y_text"))
        facts = [f"<b>{safe(name)}</b>", safe(x_text), safe(y_text)]
        dots.append(
            _Dot(
                name,
                x,
                y,
                role if role in _ROLES else "other",
                words(row.get("code")),
                words(row.get("value_text")),
                "<br>".join(facts),
            )
        )
    # The picked out ones last, so that they are drawn over the others.
    return sorted(dots, key=lambda dot: list(_ROLES).index(dot.role))


def scatter(
    frame: pd.DataFrame,
    *,
    across: Axis,
    up: Axis,
    role_names: dict[str, str],
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    width: t.Width = "wide",
) -> t.ChartResult:
    """One dot a return: ``across`` from left to right, ``up`` from bottom to top, England's figures as lines.

    Arguments
        frame: one row a return with ``code, name, x, y, value_text`` (both figures, beside the chosen one),
            ``x_text, y_text`` (each with its measure), ``role`` (chosen | neighbour | region | other).
            Rows without both figures are not drawn. Without any the figure says so.
        role_names: what the picked out roles are called in the key; the rows of these roles are named in the picture
            as far as there is room, the rest is named when pointed at and in the table.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more. The narrow one numbers the
            picked out dots and lists their names below.

    Both axes fit the figures and need not start at nought, which the picture says. Clicking a dot gives the code as
    the first entry of ``customdata``.
    """
    dots = _dots(frame)
    if not dots:
        sentence = "No authority has both figures, so there is nothing to set beside each other."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return t.ChartResult(
            fig, headline, f"{headline} {sentence}".strip(), t.safe_filename(filename), int(fig.layout.height)
        )
    wide = width == "wide"
    left, right = t.PAD + _TICK_ROOM, (_SIDE_ROOM + t.PAD) if wide else 16
    room = float(t.FITS[width] - left - right)
    plot_height = _PLOT[width]
    spans = []
    for axis, values in ((across, [dot.x for dot in dots]), (up, [dot.y for dot in dots])):
        extent = values + ([axis.england] if axis.england is not None else [])
        spans.append(fitted_axis(extent, percent=axis.percent))
    (x_start, x_end, x_ticks), (y_start, y_end, y_ticks) = spans
    if not wide:
        x_ticks = _thinned(x_ticks, room / (x_end - x_start), across.percent)
    places = [
        ((dot.x - x_start) / (x_end - x_start) * room, (y_end - dot.y) / (y_end - y_start) * plot_height)
        for dot in dots
    ]

    fig = go.Figure()
    _draw_dots(fig, dots)
    picked = [index for index, dot in reversed(list(enumerate(dots))) if dot.role in role_names]
    picked.sort(key=lambda index: (-list(_ROLES).index(dots[index].role), dots[index].name))
    labels = [
        (index, _label(dots[index], order, wide), dots[index].role == "chosen") for order, index in enumerate(picked)
    ]
    placed = place_labels(places, [_ROLES[dot.role].size for dot in dots], labels, (room, float(plot_height)))
    notes = [_draw_label(dots[label.index], label) for label in placed]
    shapes, england = _england(across, up, (x_start, x_end), wide)
    notes += england

    below = 26
    x_title = wrap(f"Across: {across.title}", t.FITS[width] - left - 16, _SIZE)
    notes.append(_title("axis title", x_title, y=0, yanchor="top", yshift=-below, xshift=0))
    below += t.lines_height(len(x_title), _SIZE) + 4
    y_title = wrap(f"Up: {up.title}", t.text_room(width), _SIZE)
    notes.append(_title("axis title", y_title, y=1, yanchor="bottom", yshift=24 if wide else 8, xshift=t.PAD - left))
    listed = [] if wide else _names_below(dots, picked, t.text_room(width))
    if listed:
        notes.append(_title("names", listed, y=0, yanchor="top", yshift=-below - 4, xshift=t.PAD - left))
        below += t.lines_height(len(listed), _SIZE) + 8

    for axis, (start, end), ticks, percent in (
        (fig.update_xaxes, (x_start, x_end), x_ticks, across.percent),
        (fig.update_yaxes, (y_start, y_end), y_ticks, up.percent),
    ):
        axis(
            range=[start, end],
            tickmode="array",
            tickvals=ticks,
            ticktext=[f"{tick:g}%" if percent else f"{tick:,.10g}" for tick in ticks],
            tickfont={"size": _SIZE},
            ticks="outside",
            ticklen=4,
            showgrid=True,
            showline=True,
            fixedrange=True,
        )
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(dots, role_names, across, up, wide, len(picked) - len(placed) if wide else 0),
        left=left,
        right=right,
        above=t.lines_height(len(y_title), _SIZE) + (30 if wide else 14),
        below=below,
        annotations=notes,
        shapes=shapes,
    )
    return t.ChartResult(
        fig, headline, _alt(dots, role_names, across, up, headline), t.safe_filename(filename), int(fig.layout.height)
    )


def _thinned(ticks: list[float], scale: float, percent: bool) -> list[float]:
    """As many ticks as have room side by side, from one end."""
    if len(ticks) < 2:
        return ticks
    need = max(text_width(f"{tick:,.10g}{'%' if percent else ''}", _SIZE) for tick in ticks) + 12
    step = max(1, math.ceil(need / ((ticks[1] - ticks[0]) * scale)))
    return ticks[::step]


def _label(dot: _Dot, order: int, wide: bool) -> tuple[str, ...]:
    """What is written beside a dot: its name, the chosen one with its figures; a number where names do not fit."""
    if not wide:
        return (
            (dot.name,) if dot.role == "chosen" and text_width(dot.name, _SIZE, bold=True) < 110 else (str(order + 1),)
        )
    lines = wrap_even(dot.name, _NAME_ROOM, _SIZE, bold=dot.role == "chosen")
    return (*lines, *wrap(dot.text, _NAME_ROOM, _SIZE, bold=True)) if dot.role == "chosen" else tuple(lines)


def _names_below(dots: Sequence[_Dot], picked: Sequence[int], room: float) -> list[str]:
    """The names behind the numbers of the narrow layout, in lines."""
    lines: list[str] = []
    for order, index in enumerate(picked):
        if _label(dots[index], order, wide=False) != (str(order + 1),):
            continue
        # A number is not parted from its name unless the name alone is too long for a line.
        entry = f"{order + 1} {dots[index].name}"
        if lines and text_width(f"{lines[-1]}; {entry}", _SIZE) <= room:
            lines[-1] = f"{lines[-1]}; {entry}"
        else:
            lines += wrap(entry, room, _SIZE)
    return lines


def _draw_dots(fig: go.Figure, dots: Sequence[_Dot]) -> None:
    for name, role in _ROLES.items():
        mine = [dot for dot in dots if dot.role == name]
        if mine:
            fig.add_trace(
                go.Scatter(
                    name=name,
                    x=[dot.x for dot in mine],
                    y=[dot.y for dot in mine],
                    mode="markers",
                    customdata=[[dot.code] for dot in mine],
                    hovertext=[dot.hover for dot in mine],
                    hovertemplate="%{hovertext}<extra></extra>",
                    cliponaxis=False,
                    marker={
                        "symbol": role.symbol,
                        "color": role.colour,
                        "size": role.size,
                        "line": {"color": role.outline, "width": 1.5 if name == "region" else 1},
                    },
                    selected={"marker": {"opacity": 1}},
                    unselected={"marker": {"opacity": 1}},
                )
            )


def _draw_label(dot: _Dot, label: Placed) -> dict[str, Any]:
    """The text, and a thin line to its dot where it does not stand right beside it."""
    body = safe_lines(label.lines, bold=dot.role == "chosen")
    size = _ROLES[dot.role].size
    place: dict[str, Any] = {"x": dot.x, "xref": "x", "y": dot.y, "yref": "y", "yanchor": "middle", "align": "left"}
    place["bgcolor"] = "rgba(255,255,255,0.75)"
    if label.is_near(size):
        return t.note("dot label", body, xanchor="left", xshift=label.left + 2, yshift=-label.middle, **place)
    anchor, tail = label.anchor()
    return {
        **t.note("dot label", body, xanchor=anchor, **place),
        "showarrow": True,
        "arrowhead": 0,
        "arrowwidth": 0.8,
        "arrowcolor": t.MID_GREY,
        "standoff": size / 2,
        "ax": tail,
        "ay": label.middle,
    }


def _england(
    across: Axis, up: Axis, span: tuple[float, float], wide: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """England's two lines; in the wide layout each with its label outside the plot, where no dot can be."""
    line: dict[str, Any] = {"color": t.INK, "width": 1.2, "dash": "dash"}
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    if across.england is not None:
        shapes.append(
            {"type": "line", "xref": "x", "yref": "paper", "x0": across.england, "x1": across.england, "y0": 0, "y1": 1,
             "line": line, "layer": "below"}
        )  # fmt: skip
    if up.england is not None:
        shapes.append(
            {"type": "line", "xref": "paper", "yref": "y", "y0": up.england, "y1": up.england, "x0": 0, "x1": 1,
             "line": line, "layer": "below"}
        )  # fmt: skip
    if wide and across.england is not None:
        share = (across.england - span[0]) / (span[1] - span[0])
        anchor = "left" if share < 0.15 else "right" if share > 0.85 else "center"
        notes.append(
            t.note("England", f"<b>{safe(f'England {across.england_text}')}</b>", x=across.england, xref="x", y=1,
                   yref="paper", xanchor=anchor, yanchor="bottom", yshift=3)
        )  # fmt: skip
    if wide and up.england is not None:
        notes.append(
            t.note("England", f"<b>England<br>{safe(up.england_text)}</b>", x=1, xref="paper", y=up.england, yref="y",
                   xanchor="left", yanchor="middle", xshift=6, align="left")
        )  # fmt: skip
    return shapes, notes


def _title(name: str, lines: Sequence[str], **place: Any) -> dict[str, Any]:
    return t.note(name, safe_lines(lines), x=0, xref="paper", xanchor="left", yref="paper", align="left", **place)


def _key(
    dots: Sequence[_Dot], role_names: dict[str, str], across: Axis, up: Axis, wide: bool, unnamed: int
) -> list[t.KeyItem]:
    there = {dot.role for dot in dots}
    key = [
        t.KeyItem(
            _ROLES[role].mark, _ROLES[role].colour if role != "region" else _ROLES[role].outline, role_names[role]
        )
        for role in ("chosen", "neighbour", "region")
        if role in there and role in role_names
    ]
    key.append(t.KeyItem("●", t.FOCUS_GREY, "other authorities" if key else "one dot an authority"))
    if across.england is not None or up.england is not None:
        figures = f": {across.england_text} across, {up.england_text} up" if not wide else ""
        key.append(t.KeyItem("- -", t.INK, f"England{figures}"))
    if unnamed:
        key.append(
            t.KeyItem("", t.INK, f"{unnamed} without room for a name: the table has {'it' if unnamed == 1 else 'them'}")
        )
    key.append(t.KeyItem("", t.INK, "Scales fit the figures; they need not start at nought"))
    return key


def _alt(dots: Sequence[_Dot], role_names: dict[str, str], across: Axis, up: Axis, headline: str) -> str:
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    count = f"{len(dots)} {'authority' if len(dots) == 1 else 'authorities'}"
    parts.append(f"Scatter chart of {count}: {across.title} from left to right, {up.title} from bottom to top.")
    for dot in dots:
        if dot.role == "chosen":
            parts.append(f"{dot.name}: {dot.text}.")
    if "neighbour" in role_names:
        near = [f"{dot.name} {dot.text}" for dot in dots if dot.role == "neighbour"]
        if near:
            parts.append(f"{role_names['neighbour']}: {'; '.join(near)}.")
    if across.england is not None and up.england is not None:
        parts.append(f"England: {across.england_text} and {up.england_text}.")
    return " ".join(parts)
