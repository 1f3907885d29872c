"""One measure over the years for several authorities: a small panel each, all on one scale, with the same line behind.

All panels share one pair of hidden axes whose unit is a pixel of the narrowest layout, so that ten of them cost
little more than one; drawn wider or taller, every panel grows alike.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.axes import line_axis, scale_words
from careleavers.charts.text import is_percent, number, safe, safe_lines, text_width, tick_words, words, wrap

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_COLUMNS: dict[t.Width, int] = {"wide": 5, "narrow": 2}
_PANEL = 84.0  # height of the lines of one panel
_GAP = 14.0
_YEAR = 366
_BEHIND = "#7A96AF"
_FRONT = t.DARK_PINK
_GAP_SHADE = "#F1F1F1"


@dataclass(frozen=True)
class _Point:
    day: dt.date
    value: float | None
    hover: str


@dataclass(frozen=True)
class _Panel:
    name: tuple[str, ...]
    note: tuple[str, ...]
    points: tuple[_Point, ...]
    left: float
    top: float  # of its title
    plot_top: float
    alt: str


def _day(value: Any) -> dt.date:
    return pd.Timestamp(value).date()


def _points(rows: Sequence[dict[str, Any]]) -> tuple[_Point, ...]:
    points = [_Point(_day(row["day"]), number(row["value"]), words(row.get("hover"))) for row in rows]
    return tuple(sorted(points, key=lambda point: point.day))


def _runs(points: Sequence[_Point]) -> list[list[_Point]]:
    runs: list[list[_Point]] = []
    for point in points:
        if point.value is None:
            continue
        if runs and (point.day - runs[-1][-1].day).days <= _YEAR:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


class _Scale:
    """Where a day and a value lie within a panel."""

    def __init__(self, days: Sequence[dt.date], start: float, end: float, width: float) -> None:
        self.first, self.last, self.start, self.end, self.width = days[0], days[-1], start, end, width

    def x(self, day: dt.date) -> float:
        span = (self.last - self.first).days
        return 4 + (self.width - 8) * ((day - self.first).days / span if span else 0.5)

    def y(self, value: float) -> float:
        return _PANEL * (self.end - value) / (self.end - self.start)


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
    footer: t.Footer,
    filename: str,
    width: t.Width = "wide",
) -> t.ChartResult:
    """A panel for each ``panel`` of the frame, in its order, with the line of ``own`` faint behind each.

    Arguments
        frame: one row a figure with ``panel`` (unique), ``name``, ``note`` (what stands under the name), ``day``,
            ``value``, ``value_text``, ``reason`` and ``hover``. A year with a row but without a value is a gap.
        own: the line behind: ``day`` and ``value``; may be empty.
        unit: ``per cent`` for percentages, ``£`` for pounds. from_zero: as in :func:`careleavers.charts.trend.trend`.
        width: ``wide`` fits containers of 640 pixels and more in five columns, ``narrow`` 288 and more in two.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(words(row["panel"]), []).append({str(k): v for k, v in row.items()})
    behind = _points([{str(k): v for k, v in row.items()} for row in own.to_dict("records")])
    values = [value for rows in groups.values() for row in rows if (value := number(row["value"])) is not None]
    if not values:
        sentence = "There are no figures of these authorities to draw."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
        return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))

    percent = is_percent(unit)
    values += [point.value for point in behind if point.value is not None]
    start, end, ticks = line_axis(values, percent=percent, from_zero=from_zero, decimals=decimals)
    # The ends, and the middle where it is a round number, are enough for so small a panel.
    ticks = [start, end] if len(ticks) % 2 == 0 else [start, ticks[len(ticks) // 2], end]
    left = t.PAD + math.ceil(max(text_width(tick_words(tick, unit), _SIZE) for tick in ticks)) + 6
    across = float(t.FITS[width] - left - t.PAD)
    columns = min(_COLUMNS[width], len(groups))
    panel_width = (across - _GAP * (_COLUMNS[width] - 1)) / _COLUMNS[width]
    days = sorted({_day(row["day"]) for rows in groups.values() for row in rows} | {point.day for point in behind})
    scale = _Scale(days, start, end, panel_width)

    panels: list[_Panel] = []
    top = 0.0
    for chunk in _batches(list(groups.values()), columns):
        titles = [
            (
                wrap(words(rows[0]["name"]), panel_width, _SIZE, bold=True),
                wrap(words(rows[0].get("note")), panel_width, _SIZE),
            )
            for rows in chunk
        ]
        title = max(len(name) + len(note) for name, note in titles) * _LINE + 4
        for index, (rows, (name, note)) in enumerate(zip(chunk, titles, strict=True)):
            said = ", ".join(
                f"{_day(row['day']).year} "
                + (words(row.get("value_text")) if number(row["value"]) is not None else words(row.get("reason")))
                for row in rows
            )
            panels.append(
                _Panel(
                    tuple(name),
                    tuple(note),
                    _points(rows),
                    index * (panel_width + _GAP),
                    top,
                    top + title,
                    f"{words(rows[0]['name'])}: {said}",
                )
            )
        top += title + _PANEL + _LINE + 4 + _GAP
    height = math.ceil(top - _GAP)

    fig = go.Figure()
    grid = [
        [
            (p.left, p.plot_top + scale.y(tick), ""),
            (p.left + panel_width, p.plot_top + scale.y(tick), ""),
        ]
        for p in panels
        for tick in ticks
    ]
    fig.add_trace(_trace("grid", grid, "lines", line={"color": t.HAIRLINE, "width": 1}))
    faint = [
        [(p.left + scale.x(q.day), p.plot_top + scale.y(q.value or 0.0), "") for q in run]
        for p in panels
        for run in _runs(behind)
    ]
    if faint:
        fig.add_trace(
            _trace(
                own_name,
                faint,
                "lines+markers",
                line={"color": _BEHIND, "width": 1.5},
                marker={"size": 3, "color": _BEHIND},
            )
        )
    fronts = [
        [
            (
                p.left + scale.x(q.day),
                p.plot_top + scale.y(q.value or 0.0),
                "<br>".join(safe(fact) for fact in q.hover.split("\n")),
            )
            for q in run
        ]
        for p in panels
        for run in _runs(p.points)
    ]
    fig.add_trace(
        _trace(
            "authorities",
            fronts,
            "lines+markers",
            line={"color": _FRONT, "width": 2.5},
            marker={"size": 5, "color": _FRONT},
        )
    )

    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for p in panels:
        title_html = f"<b>{safe_lines(p.name)}</b>" + ("<br>" + safe_lines(p.note) if p.note else "")
        notes.append(_at("panel title", title_html, p.left, p.top, "left", "top"))
        bottom = p.plot_top + _PANEL
        if scale.first == scale.last:
            notes.append(_at("year", str(scale.first.year), p.left + panel_width / 2, bottom + 2, "center", "top"))
        else:
            notes.append(_at("year", str(scale.first.year), p.left, bottom + 2, "left", "top"))
            notes.append(_at("year", str(scale.last.year), p.left + panel_width, bottom + 2, "right", "top"))
        if p.left == 0:
            notes += [
                {
                    **_at("tick", tick_words(tick, unit), 0, p.plot_top + scale.y(tick), "right", "middle"),
                    "xshift": -5,
                }
                for tick in ticks
            ]
        half = panel_width / max(2 * (len(days) - 1), 1)
        shapes += [
            {
                "name": "gap",
                "type": "rect",
                "xref": "x",
                "yref": "y",
                "x0": max(p.left + scale.x(q.day) - half, p.left),
                "x1": min(p.left + scale.x(q.day) + half, p.left + panel_width),
                "y0": p.plot_top,
                "y1": bottom,
                "layer": "below",
                "line": {"width": 0},
                "fillcolor": _GAP_SHADE,
            }
            for q in p.points
            if q.value is None
        ]
    fig.update_xaxes(range=[0, across], visible=False, fixedrange=True)
    fig.update_yaxes(range=[height, 0], visible=False, fixedrange=True)
    scale_said = scale_words(start, end, unit)
    key = [t.KeyItem("●", _FRONT, "the authority named above the panel")]
    if faint:
        key.append(t.KeyItem("●", _BEHIND, f"{own_name}, the same in every panel"))
    if shapes:
        key.append(t.KeyItem("■", "#D9D9D9", "no figure that year"))
    t.finish(
        fig,
        headline,
        f"{subtitle.rstrip('. ')}. {scale_said}, the same in every panel.",
        footer,
        height,
        width=width,
        key=key,
        left=left,
        right=t.PAD,
        above=6,
        below=4,
        annotations=notes,
        shapes=shapes,
    )
    alt = (
        f"{headline.rstrip('. ')}. {len(panels)} small line charts of {measure_title}, one an authority, closest first. "
        f"{scale_said}. {'; '.join(p.alt for p in panels)}."
    )
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _batches(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [rows[index : index + size] for index in range(0, len(rows), size)]


def _at(name: str, html: str, x: float, y: float, xanchor: str, yanchor: str) -> dict[str, Any]:
    return t.note(name, html, x=x, xref="x", xanchor=xanchor, y=y, yref="y", yanchor=yanchor, align=xanchor)
