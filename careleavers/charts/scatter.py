"""Two measures against each other: one dot per authority, some picked out and named (the page Together)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_to_fit, level_axis, thinned, tick_texts
from careleavers.charts.labels import Name, name_notes, place_names
from careleavers.charts.styles import SCATTER_DOTS
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import is_percent, number, safe, safe_lines, text_width, words, wrap, wrap_even

_PLOT: dict[template.Width, int] = {"wide": 430, "phone": 300, "narrow": 300}
_TICK_ROOM = 40
_SIDE_ROOM = 60  # right of the plot in the wide layout: England's label
_NAME_ROOM = 150  # widest label of a dot; a longer name takes two lines
_SHORT_NAME = 110  # a name up to this wide fits next to its dot in the narrow layout too


@dataclass(frozen=True)
class Axis:
    """One measure of a scatter.

    Attributes
    ----------
    title
        The measure, with age group and unit.
    unit
        ``per cent`` keeps the axis within 0 to 100; anything else is a plain number.
    england
        England's figure.
    england_text
        The same as shown: ``54%``.
    """

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
                role if role in SCATTER_DOTS else "other",
                words(row.get("code")),
                words(row.get("value_text")),
                "<br>".join(facts),
            )
        )
    # Highlighted dots come last, so that they are drawn over the others.
    return sorted(dots, key=lambda dot: list(SCATTER_DOTS).index(dot.role))


@template.pictured
def scatter(
    frame: pd.DataFrame,
    *,
    across: Axis,
    up: Axis,
    role_names: dict[str, str],
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw two measures against each other, a dot for each return, with England's figures as lines.

    Both axes fit the figures and need not start at zero, which the picture says. The narrow layout numbers the picked
    out dots and lists their names below. Clicking a dot gives the code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per return. Rows without both figures are not drawn. Columns:

        ``code``, ``name`` (str)
            Which authority, or which two that send one return.
        ``x``, ``y`` (float or missing)
            Its figures, each in the unit of its measure.
        ``value_text`` (str)
            Both figures as written beside the chosen authority.
        ``x_text``, ``y_text`` (str)
            Each figure with its measure, for pointing at.
        ``role`` (str)
            ``chosen``, ``neighbour``, ``region`` or ``other``.
    across, up
        The measures along the bottom and up the side.
    role_names
        What the picked out roles are called in the key. Their authorities are named in the picture as far as there
        is room; the others are named when pointed at and in the table.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any return that has both figures, a sentence that says so.
    """
    dots = _dots(frame)
    if not dots:
        sentence = "No authority has both figures, so there is nothing to plot."
        alt = f"{headline} {sentence}".strip()
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    wide = width == "wide"
    left, right = template.PAD + _TICK_ROOM, (_SIDE_ROOM + template.PAD) if wide else 16
    room = float(template.FITS[width] - left - right)
    plot_height = _PLOT[width]
    spans = []
    for axis, values in ((across, [dot.x for dot in dots]), (up, [dot.y for dot in dots])):
        extent = values + ([axis.england] if axis.england is not None else [])
        spans.append(axis_to_fit(extent, percent=is_percent(axis.unit), about=9 if wide else 6))
    (x_start, x_end, x_ticks), (y_start, y_end, y_ticks) = spans
    if not wide:
        x_ticks = thinned(x_ticks, room / (x_end - x_start), across.unit)
    places = [
        ((dot.x - x_start) / (x_end - x_start) * room, (y_end - dot.y) / (y_end - y_start) * plot_height)
        for dot in dots
    ]

    fig = go.Figure()
    _draw_dots(fig, dots)
    picked = [index for index, dot in reversed(list(enumerate(dots))) if dot.role in role_names]
    picked.sort(key=lambda index: (-list(SCATTER_DOTS).index(dots[index].role), dots[index].name))
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
    x_title = wrap(f"Across: {across.title}", template.FITS[width] - left - 16, TEXT_SIZE)
    notes.append(_title("axis title", x_title, y=0, yanchor="top", yshift=-below, xshift=0))
    below += template.lines_height(len(x_title), TEXT_SIZE) + 4
    y_title = wrap(f"Up: {up.title}", template.text_room(width), TEXT_SIZE)
    notes.append(
        _title("axis title", y_title, y=1, yanchor="bottom", yshift=24 if wide else 8, xshift=template.PAD - left)
    )
    listed = [] if wide else _names_below(dots, picked, labels, template.text_room(width))
    if listed:
        notes.append(_title("names", listed, y=0, yanchor="top", yshift=-below - 4, xshift=template.PAD - left))
        below += template.lines_height(len(listed), TEXT_SIZE) + 8

    x_texts, y_texts = tick_texts(x_ticks, across.unit), tick_texts(y_ticks, up.unit)
    fig.update_xaxes(level_axis((x_start, x_end), x_ticks, x_texts, showgrid=True, showline=True))
    fig.update_yaxes(level_axis((y_start, y_end), y_ticks, y_texts, showgrid=True, showline=True))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(dots, role_names, across, up, wide, unnamed if wide else 0),
        left=left,
        right=right,
        above=template.lines_height(len(y_title), TEXT_SIZE) + (30 if wide else 14),
        below=below,
        annotations=notes,
        shapes=shapes,
    )
    return template.result(fig, headline, _alt(dots, role_names, across, up, headline), filename)


def _labels(dots: Sequence[_Dot], picked: Sequence[int], wide: bool) -> list[tuple[str, ...]]:
    """The label of each picked-out dot, wrapped: its name, and for the chosen authority its figures.

    Where names do not fit beside the dots they are numbered, all but a short name of the chosen one.
    """
    labels: list[tuple[str, ...]] = []
    count = 0
    for index in picked:
        dot = dots[index]
        chosen = dot.role == "chosen"
        if wide:
            lines = wrap_even(dot.name, _NAME_ROOM, TEXT_SIZE, bold=chosen)
            labels.append((*lines, *(wrap(dot.text, _NAME_ROOM, TEXT_SIZE, bold=True) if chosen else ())))
        elif chosen and text_width(dot.name, TEXT_SIZE, bold=True) < _SHORT_NAME:
            labels.append((dot.name,))
        else:
            count += 1
            labels.append((str(count),))
    return labels


def _names_below(
    dots: Sequence[_Dot], picked: Sequence[int], labels: Sequence[tuple[str, ...]], room: float
) -> list[str]:
    """What the numbers in the narrow layout stand for, wrapped."""
    lines: list[str] = []
    for index, label in zip(picked, labels, strict=True):
        if label == (dots[index].name,):
            continue
        # A number stays with its name unless the name alone is too long for a line.
        entry = f"{label[0]} {dots[index].name}"
        if lines and text_width(f"{lines[-1]}; {entry}", TEXT_SIZE) <= room:
            lines[-1] = f"{lines[-1]}; {entry}"
        else:
            lines += wrap(entry, room, TEXT_SIZE)
    return lines


def _draw_dots(fig: go.Figure, dots: Sequence[_Dot]) -> None:
    for name, role in SCATTER_DOTS.items():
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
    line: dict[str, Any] = {"color": template.INK, "width": 1.2, "dash": "dash"}
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
            template.note("England", f"<b>{safe(f'England {across.england_text}')}</b>", x=across.england, xref="x", y=1,
                   yref="paper", xanchor=anchor, yanchor="bottom", yshift=3)
        )  # fmt: skip
    if wide and up.england is not None:
        notes.append(
            template.note("England", f"<b>England<br>{safe(up.england_text)}</b>", x=1, xref="paper", y=up.england, yref="y",
                   xanchor="left", yanchor="middle", xshift=6, align="left")
        )  # fmt: skip
    return shapes, notes


def _title(name: str, lines: Sequence[str], **place: Any) -> dict[str, Any]:
    return template.note(
        name, safe_lines(lines), x=0, xref="paper", xanchor="left", yref="paper", align="left", **place
    )


def _key(
    dots: Sequence[_Dot], role_names: dict[str, str], across: Axis, up: Axis, wide: bool, unnamed: int
) -> list[template.KeyItem]:
    there = {dot.role for dot in dots}
    key = [
        SCATTER_DOTS[role].key(role_names[role])
        for role in ("chosen", "neighbour", "region")
        if role in there and role in role_names
    ]
    key.append(SCATTER_DOTS["other"].key("other authorities" if key else "one dot for each authority"))
    if across.england is not None or up.england is not None:
        figures = f": {across.england_text} across, {up.england_text} up" if not wide else ""
        key.append(template.KeyItem("- -", template.INK, f"England{figures}"))
    if unnamed:
        key.append(
            template.KeyItem(
                "",
                template.INK,
                f"{unnamed} {'name' if unnamed == 1 else 'names'} left out for lack of room: see the table",
            )
        )
    key.append(template.KeyItem("", template.INK, "Scales fit the figures; they need not start at zero"))
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
            parts.append(f"{role_names['neighbour'][:1].upper()}{role_names['neighbour'][1:]}: {'; '.join(near)}.")
    if across.england is not None and up.england is not None:
        parts.append(f"England: {across.england_text} and {up.england_text}.")
    return " ".join(parts)
