"""One measure over the years, one small panel per authority, on one scale and over the same line (the page Trends).

All panels share one pair of hidden axes whose unit is a pixel of the narrowest layout, so that ten of them cost
little more than one; drawn wider or taller, every panel grows alike.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_for_lines, hidden_axis, scale_words
from careleavers.charts.line_parts import GAP_SHADE
from careleavers.charts.lines import Point, Scale, day_of, read_points, runs_of, within_a_year
from careleavers.charts.styles import SMALL_BEHIND, SMALL_FRONT
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    frame_records,
    is_percent,
    number,
    safe,
    safe_lines,
    text_width,
    tick_words,
    words,
    wrap,
)

_COLUMNS: dict[template.Width, int] = {"wide": 5, "phone": 2, "narrow": 2}
_PANEL = 84.0  # height of the lines of one panel
_GAP = 14.0
_TITLE_GAP = 6.0  # titles may reach into the gap as far as this, so that Northamptonshire stands on one line
_INSET = 4.0  # of the first and last year from the edges of a panel


@dataclass(frozen=True)
class _Panel:
    name: tuple[str, ...]
    note: tuple[str, ...]
    points: tuple[Point, ...]
    left: float
    top: float  # of its title
    plot_top: float
    alt: str


def _trace(name: str, segments: Sequence[Sequence[tuple[float, float, str]]], mode: str, **look: Any) -> go.Scatter:
    """Several separate lines as one trace."""
    parts = [[*segment, (None, None, "")] for segment in segments]
    flat = list(itertools.chain.from_iterable(parts))[:-1]
    hover = any(text for _, _, text in flat)
    return go.Scatter(
        name=name,
        x=[x for x, _, _ in flat],
        y=[y for _, y, _ in flat],
        mode=mode,
        connectgaps=False,
        **({"hovertext": [text for _, _, text in flat], "hovertemplate": "%{hovertext}<extra></extra>"}
           if hover else {"hoverinfo": "skip"}),
        **look,
    )  # fmt: skip


@template.pictured
def small_multiples(
    frame: pd.DataFrame,
    own: pd.DataFrame,
    *,
    own_name: str,
    measure_title: str,
    unit: str,
    decimals: int,
    from_zero: bool,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a small panel for each authority of the frame, with the same line faint behind each.

    The wide layout has five columns of panels, the narrow one two.

    Parameters
    ----------
    frame
        One row per figure; panels come in the order of their first rows. A year with a row but without a value is a
        gap. Columns:

        ``panel``, ``name``, ``note`` (str)
            Tells the panels apart; the title, and what stands under it.
        ``day`` (date)
            Last day of the year.
        ``value`` (float or missing), ``value_text``, ``reason`` (str)
            Figure in ``unit``, as shown, or why there is none.
        ``hover`` (str)
            Plain text, one fact per line.
    own
        The line behind: ``day`` and ``value``; may be empty.
    own_name
        What it is called.
    measure_title
        The measure and age group, for the text alternative.
    unit
        ``per cent`` for percentages, anything else for plain numbers.
    decimals
        Decimals of the figures as shown.
    from_zero
        Whether the axis of all panels starts at zero or fits what is drawn; the subtitle says which.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any figure of the panels, a sentence that says so.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame_records(frame):
        groups.setdefault(words(row["panel"]), []).append(row)
    behind = read_points(frame_records(own))
    values = [value for rows in groups.values() for row in rows if (value := number(row["value"])) is not None]
    if not values:
        sentence = "There are no figures of these authorities to draw."
        alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    percent = is_percent(unit)
    values += [point.value for point in behind if point.value is not None]
    start, end, ticks = axis_for_lines(values, percent=percent, from_zero=from_zero, decimals=decimals)
    # Only the ends, and the middle if it is a tick: more would not fit so small a panel.
    ticks = [start, end] if len(ticks) % 2 == 0 else [start, ticks[len(ticks) // 2], end]
    left = template.PAD + math.ceil(max(text_width(tick_words(tick, unit), TEXT_SIZE) for tick in ticks)) + 6
    across = float(template.FITS[width] - left - template.PAD)
    columns = min(_COLUMNS[width], len(groups))
    panel_width = (across - _GAP * (_COLUMNS[width] - 1)) / _COLUMNS[width]
    days = sorted({day_of(row["day"]) for rows in groups.values() for row in rows} | {point.day for point in behind})
    scale = Scale(days[0], days[-1], start, end, panel_width, _PANEL, _INSET)

    panels = _lay_out(list(groups.values()), columns, panel_width)
    height = math.ceil(panels[-1].plot_top + _PANEL + LINE_HEIGHT + 4)

    fig = go.Figure()
    fig.add_trace(_trace("grid", _grid(panels, ticks, scale), "lines", line={"color": template.HAIRLINE, "width": 1}))
    faint = [_placed(run, panel, scale, hover=False) for panel in panels for run in runs_of(behind, within_a_year)]
    if faint:
        marks = {"size": 3, "color": SMALL_BEHIND}
        fig.add_trace(
            _trace(own_name, faint, "lines+markers", line={"color": SMALL_BEHIND, "width": 1.5}, marker=marks)
        )
    fronts = [
        _placed(run, panel, scale, hover=True) for panel in panels for run in runs_of(panel.points, within_a_year)
    ]
    marks = {"size": 5, "color": SMALL_FRONT}
    fig.add_trace(
        _trace("authorities", fronts, "lines+markers", line={"color": SMALL_FRONT, "width": 2.5}, marker=marks)
    )
    notes = [note for panel in panels for note in _texts(panel, scale, ticks, unit)]
    half = panel_width / max(2 * (len(days) - 1), 1)
    shapes = [shade for panel in panels for shade in _gap_shades(panel, scale, half)]
    fig.update_xaxes(hidden_axis(0, across))
    fig.update_yaxes(hidden_axis(height, 0))
    scale_said = scale_words(start, end, unit)
    key = [template.KeyItem("●", SMALL_FRONT, "the authority named above the panel")]
    if faint:
        key.append(template.KeyItem("●", SMALL_BEHIND, f"{own_name}, the same in every panel"))
    if shapes:
        key.append(template.KeyItem("■", "#D9D9D9", "no figure that year"))
    template.finish(
        fig,
        headline,
        f"{subtitle.rstrip('. ')}. {scale_said}, the same in every panel.",
        footer,
        height,
        width=width,
        key=key,
        left=left,
        right=template.PAD,
        above=6,
        below=4,
        annotations=notes,
        shapes=shapes,
    )
    alt = (
        f"{headline.rstrip('. ')}. {len(panels)} small line charts of {measure_title}, one for each authority, closest first. "
        f"{scale_said}. {'; '.join(panel.alt for panel in panels)}."
    )
    return template.result(fig, headline, alt, filename)


def _batches(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [rows[index : index + size] for index in range(0, len(rows), size)]


def _lay_out(groups: Sequence[list[dict[str, Any]]], columns: int, panel_width: float) -> list[_Panel]:
    """Place the panels, row by row; titles of one row get the room of the longest."""
    panels: list[_Panel] = []
    top = 0.0
    room = panel_width + _GAP - _TITLE_GAP
    for row_of_panels in _batches(groups, columns):
        titles = [
            (
                wrap(words(rows[0]["name"]), room, TEXT_SIZE, bold=True),
                wrap(words(rows[0].get("note")), room, TEXT_SIZE),
            )
            for rows in row_of_panels
        ]
        title = max(len(name) + len(note) for name, note in titles) * LINE_HEIGHT + 4
        for index, (rows, (name, note)) in enumerate(zip(row_of_panels, titles, strict=True)):
            said = ", ".join(
                f"{day_of(row['day']).year} "
                + (words(row.get("value_text")) if number(row["value"]) is not None else words(row.get("reason")))
                for row in rows
            )
            panels.append(
                _Panel(
                    name=tuple(name),
                    note=tuple(note),
                    points=read_points(rows),
                    left=index * (panel_width + _GAP),
                    top=top,
                    plot_top=top + title,
                    alt=f"{words(rows[0]['name'])}: {said}",
                )
            )
        top += title + _PANEL + LINE_HEIGHT + 4 + _GAP
    return panels


def _grid(panels: Sequence[_Panel], ticks: Sequence[float], scale: Scale) -> list[list[tuple[float, float, str]]]:
    """A level line across each panel at each tick."""
    return [
        [(x, panel.plot_top + scale.y(tick), "") for x in (panel.left, panel.left + scale.width)]
        for panel in panels
        for tick in ticks
    ]


def _placed(run: Sequence[Point], panel: _Panel, scale: Scale, *, hover: bool) -> list[tuple[float, float, str]]:
    """Points that are joined, where they stand in a panel, with what is shown when they are pointed at."""
    return [
        (
            panel.left + scale.x(point.day),
            panel.plot_top + scale.y(point.value or 0.0),
            "<br>".join(safe(fact) for fact in point.hover.split("\n")) if hover else "",
        )
        for point in run
    ]


def _texts(panel: _Panel, scale: Scale, ticks: Sequence[float], unit: str) -> list[dict[str, Any]]:
    """The title of a panel and the years below it; in the first column also the ticks beside it."""
    title = f"<b>{safe_lines(panel.name)}</b>" + ("<br>" + safe_lines(panel.note) if panel.note else "")
    notes = [_at("panel title", title, panel.left, panel.top, "left", "top")]
    below = panel.plot_top + _PANEL + 2
    first, last = str(scale.first.year), str(scale.last.year)
    if scale.first == scale.last:
        notes.append(_at("year", first, panel.left + scale.width / 2, below, "center", "top"))
    else:
        notes.append(_at("year", first, panel.left, below, "left", "top"))
        notes.append(_at("year", last, panel.left + scale.width, below, "right", "top"))
    if panel.left == 0:
        for tick in ticks:
            text = tick_words(tick, unit)
            notes.append({**_at("tick", text, 0, panel.plot_top + scale.y(tick), "right", "middle"), "xshift": -5})
    return notes


def _gap_shades(panel: _Panel, scale: Scale, half: float) -> list[dict[str, Any]]:
    """A shade behind each year without a figure, ``half`` pixels to both sides of it."""
    return [
        {
            "name": "gap",
            "type": "rect",
            "xref": "x",
            "yref": "y",
            "x0": max(panel.left + scale.x(point.day) - half, panel.left),
            "x1": min(panel.left + scale.x(point.day) + half, panel.left + scale.width),
            "y0": panel.plot_top,
            "y1": panel.plot_top + _PANEL,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": GAP_SHADE,
        }
        for point in panel.points
        if point.value is None
    ]


def _at(name: str, html: str, x: float, y: float, xanchor: str, yanchor: str) -> dict[str, Any]:
    return template.note(name, html, x=x, xref="x", xanchor=xanchor, y=y, yref="y", yanchor=yanchor, align=xanchor)
