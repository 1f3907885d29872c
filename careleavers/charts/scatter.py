"""Two measures against each other: one dot an authority, some of them picked out and named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.placing import Name, fit_axis, name_notes, place_names
from careleavers.charts.text import is_percent, number, safe, safe_lines, text_width, tick_words, words, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_PLOT: dict[t.Width, int] = {"wide": 430, "narrow": 300}
_TICK_ROOM = 40
_SIDE_ROOM = 60  # right of the plot in the wide layout: England's label
_NAME_ROOM = 150  # widest label of a dot; a longer name takes two lines
_SHORT_NAME = 110  # a name up to this wide stands beside its dot in the narrow layout too


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
class Axis:
    """One measure of a scatter: title, unit ("per cent", "£" or neither), England's figure (None for none) and that figure as text."""

    title: str
    unit: str
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
        spans.append(fit_axis(extent, percent=is_percent(axis.unit), about=9 if wide else 6))
    (x_start, x_end, x_ticks), (y_start, y_end, y_ticks) = spans
    if not wide:
        x_ticks = _thinned(x_ticks, room / (x_end - x_start), across.unit)
    places = [
        ((dot.x - x_start) / (x_end - x_start) * room, (y_end - dot.y) / (y_end - y_start) * plot_height)
        for dot in dots
    ]

    fig = go.Figure()
    _draw_dots(fig, dots)
    picked = [index for index, dot in reversed(list(enumerate(dots))) if dot.role in role_names]
    picked.sort(key=lambda index: (-list(_ROLES).index(dots[index].role), dots[index].name))
    labels = _labels(dots, picked, wide)
    names = [
        Name(index, lines, bold=dots[index].role == "chosen", optional=wide and dots[index].role != "chosen")
        for index, lines in zip(picked, labels, strict=True)
    ]
    placed = place_names(places, names, width=room, height=float(plot_height))
    unnamed = sum(place is None for place in placed)
    notes = name_notes([dot.x for dot in dots], [dot.y for dot in dots], names, placed)
    shapes, england = _england(across, up, (x_start, x_end), wide)
    notes += england

    below = 26
    x_title = wrap(f"Across: {across.title}", t.FITS[width] - left - 16, _SIZE)
    notes.append(_title("axis title", x_title, y=0, yanchor="top", yshift=-below, xshift=0))
    below += t.lines_height(len(x_title), _SIZE) + 4
    y_title = wrap(f"Up: {up.title}", t.text_room(width), _SIZE)
    notes.append(_title("axis title", y_title, y=1, yanchor="bottom", yshift=24 if wide else 8, xshift=t.PAD - left))
    listed = [] if wide else _names_below(dots, picked, labels, t.text_room(width))
    if listed:
        notes.append(_title("names", listed, y=0, yanchor="top", yshift=-below - 4, xshift=t.PAD - left))
        below += t.lines_height(len(listed), _SIZE) + 8

    for axis, (start, end), ticks, unit in (
        (fig.update_xaxes, (x_start, x_end), x_ticks, across.unit),
        (fig.update_yaxes, (y_start, y_end), y_ticks, up.unit),
    ):
        axis(
            range=[start, end],
            tickmode="array",
            tickvals=ticks,
            ticktext=[tick_words(tick, unit) for tick in ticks],
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
        key=_key(dots, role_names, across, up, wide, unnamed if wide else 0),
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


def _thinned(ticks: list[float], scale: float, unit: str) -> list[float]:
    """As many ticks as have room side by side, from one end."""
    if len(ticks) < 2:
        return ticks
    need = max(text_width(tick_words(tick, unit), _SIZE) for tick in ticks) + 12
    step = max(1, math.ceil(need / ((ticks[1] - ticks[0]) * scale)))
    return ticks[::step]


def _labels(dots: Sequence[_Dot], picked: Sequence[int], wide: bool) -> list[tuple[str, ...]]:
    """What is written beside each picked out dot, in lines: its name, the chosen one with its figures.

    Where names do not fit beside the dots they are numbered, all but a short name of the chosen one.
    """
    labels: list[tuple[str, ...]] = []
    count = 0
    for index in picked:
        dot = dots[index]
        chosen = dot.role == "chosen"
        if wide:
            lines = wrap_even(dot.name, _NAME_ROOM, _SIZE, bold=chosen)
            labels.append((*lines, *(wrap(dot.text, _NAME_ROOM, _SIZE, bold=True) if chosen else ())))
        elif chosen and text_width(dot.name, _SIZE, bold=True) < _SHORT_NAME:
            labels.append((dot.name,))
        else:
            count += 1
            labels.append((str(count),))
    return labels


def _names_below(
    dots: Sequence[_Dot], picked: Sequence[int], labels: Sequence[tuple[str, ...]], room: float
) -> list[str]:
    """The names behind the numbers of the narrow layout, in lines."""
    lines: list[str] = []
    for index, label in zip(picked, labels, strict=True):
        if label == (dots[index].name,):
            continue
        # A number is not parted from its name unless the name alone is too long for a line.
        entry = f"{label[0]} {dots[index].name}"
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
