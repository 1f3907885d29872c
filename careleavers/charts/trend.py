"""One measure over the years: the authority's line with its interval, and the lines it is seen beside.

Everything is laid out for the narrowest container. Text in the plotting area is tied to points of the data, so when a
picture is drawn larger the lines move away from the text and never into it.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.axes import line_axis, scale_words, year_ticks
from careleavers.charts.lanes import HALF_YEAR, Break, Event, break_notes, event_lane_of, gap_lane_of
from careleavers.charts.line_parts import (
    BAND_KEY,
    End,
    base_line,
    end_labels,
    gap_shades,
    interval_band,
    line_trace,
    nothing_drawn,
    tie,
    time_axis,
    upright_axis,
)
from careleavers.charts.lines import ENDED, LOCAL, Line, Point, Scale, gaps_of, read_lines
from careleavers.charts.text import is_percent, safe, safe_lines, text_width, tick_words, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_PLOT: dict[t.Width, int] = {"wide": 340, "narrow": 240}
_LABEL_ROOM = 150  # widest column of labels at the right of the wide layout
_NEAR = 5.0  # pixels that text in the plot keeps from any line
_FAR = 40  # pixels from its line beyond which a name in the plot says too little about whose it is

LAYER_NAMES = {"provisional": "provisional local figures", "final": "final local figures"}


def _end_words(line: Line, newest: dt.date) -> str:
    """Name and last figure, with its date where it is not the newest: ``Leeds 46%``; ``Rutland 40% in 2022``."""
    last = line.known()[-1]
    name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
    when = f" in {last.day.year}" if last.day < newest and not line.local else ""
    return f"{name} {last.text}{when}"


def _obstacles(lines: Sequence[Line], breaks: Sequence[Break], scale: Scale) -> np.ndarray[Any, Any]:
    """Points every few pixels along everything drawn, which text in the plot must keep clear of."""
    dots: list[tuple[float, float]] = []
    for line in lines:
        for run in line.runs():
            corners = [(scale.x(p.day), scale.y(p.value or 0.0)) for p in run]
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
    """The free place nearest to one of the line's points: (point, day and y of the text, xanchor, box in pixels)."""
    wide, high = size
    for away in range(0, _FAR, 12):
        for sign in (-1, 1):
            for point in line.known():
                x, y = scale.x(point.day), scale.y(point.value or 0.0)
                middle = y + sign * (high / 2 + _NEAR + 2 + away)
                for day, anchor, left in (
                    (point.day, "left", x),
                    (point.day, "center", x - wide / 2),
                    (point.day, "right", x - wide),
                    (scale.first, "left", 0.0),
                ):
                    box = (left, middle - high / 2, left + wide, middle + high / 2)
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


def _name_in_plot(
    lines: Sequence[Line], named: Sequence[Line], breaks: Sequence[Break], scale: Scale
) -> tuple[list[dict[str, Any]], list[tuple[dt.date, float, float]], list[Line]]:
    """Names beside lines that end within the plot: (notes, leaders as (day, value, value), lines without room).

    Where one finds no room, none is written there: half of them in the plot and half in the key would be hard to read.
    """
    notes: list[dict[str, Any]] = []
    leaders: list[tuple[dt.date, float, float]] = []
    dots = _obstacles(lines, breaks, scale) if named else np.empty((0, 2))
    for line in named:
        place = None
        for room in (_LABEL_ROOM, 90, 74):
            text = wrap_even(line.name, room, _SIZE)
            size = (max(text_width(part, _SIZE) for part in text) + 2, len(text) * _LINE)
            place = _free_place(line, size, scale, dots)
            if place is not None:
                break
        if place is None:
            return [], [], list(named)
        point, day, middle, anchor, box = place
        notes.append(
            t.note(
                "line name",
                safe_lines(text),
                colour=t.SOFT_INK,
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


def _alt(
    lines: Sequence[Line], *, headline: str, measure_title: str, scale: str, events: Sequence[Event], breaks: Sequence[Break]
) -> str:  # fmt: skip
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    parts.append(f"Line chart of {measure_title}. {scale}.")
    quarterly = any(p.basis == "quarter" for line in lines if not line.local for p in line.points)
    for line in lines:
        when = [p.day.strftime("%B %Y") if line.local or quarterly else str(p.day.year) for p in line.points]
        said = [
            f"{day} {p.text if p.value is not None else p.reason or 'no figure'}"
            for day, p in zip(when, line.points, strict=True)
        ]
        if line.role in {"focus", "predecessor", "successor"} or line.local:
            name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
            parts.append(f"{name}: {', '.join(said)}.")
        elif known := line.known():
            first, last = known[0], known[-1]
            first_at, last_at = (p.day.strftime("%B %Y") if quarterly else str(p.day.year) for p in (first, last))
            span = f"from {first.text} in {first_at} to {last.text} in {last_at}"
            parts.append(f"{line.name}: {span if len(known) > 1 else f'{last.text} in {last_at}'}.")
        else:
            parts.append(f"{line.name}: no figure.")
    parts += [f"Break: {found.text}." for found in breaks]
    if events:
        parts.append(f"Ofsted: {'; '.join(event.text for event in events)}.")
    return " ".join(parts)


def _key(
    lines: Sequence[Line], *, listed: Sequence[Line], newest: dt.date, banded: bool, restated: bool
) -> list[t.KeyItem]:
    key = [
        t.KeyItem(line.look.glyph, line.look.colour, _end_words(line, newest) if line.known() else line.name)
        for line in listed
    ]
    focus = next((line for line in lines if line.role == "focus"), None)
    if banded and focus is not None:
        key.append(t.KeyItem("■", BAND_KEY, f"95% interval of {focus.name}"))
    if restated:
        key.append(t.KeyItem("○", t.DARK_BLUE, "restated since first published"))
    for role, text in (("predecessor", "before the boundary change"), ("successor", "after the boundary change")):
        if any(line.role == role and line not in listed and line.known() for line in lines):
            key.append(t.KeyItem("- -", t.GREY_BLUE, text))
    for layer in dict.fromkeys(line.layer for line in lines if line.local and line not in listed and line.known()):
        key.append(t.KeyItem(LOCAL[layer].glyph, t.DARK_BLUE, f"{LAYER_NAMES[layer]}, apart from the official ones"))
    return key


def trend(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    decimals: int,
    from_zero: bool,
    axis_title: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    events: Sequence[Event] = (),
    breaks: Sequence[Break] = (),
    width: t.Width = "wide",
) -> t.ChartResult:
    """A line over the years for an authority (or England) and each series it is seen beside.

    Arguments
        frame: one row a figure, with ``line`` (unique), ``role`` (authority | predecessor | successor | chosen |
            neighbours | region | england), ``name``, ``layer`` (published | provisional | final), ``basis``, ``day``,
            ``value``, ``value_text``, ``lower``, ``upper``, ``reason`` (why there is no value), ``restated`` and
            ``hover`` (plain text, a fact a line). Lines come in the order of the frame. A year with a row but without
            a value is a gap: the line stops, and for the authority the reason is written there. Rows of another
            layer than published are a series of their own, hollow and dotted, joined to nothing else.
        unit: ``per cent`` for percentages, ``£`` for pounds, anything else for plain numbers.
        from_zero: whether the axis starts at zero or fits what is drawn; the subtitle says which.
        axis_title: what a point of the time axis is ("Year to 31 March").
        events, breaks: those outside the years drawn are left out.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    percent = is_percent(unit)
    lines = read_lines(frame) if len(frame) else []
    known = [point for line in lines for point in line.known()]
    if not known:
        return nothing_drawn(
            lines, "year", headline=headline, subtitle=subtitle, footer=footer, filename=filename, width=width
        )

    focus = next((line for line in lines if line.role == "focus"), lines[0])
    annual = sorted({point.day for line in lines if not line.local for point in line.points})
    days = sorted({point.day for line in lines for point in line.points})
    first, last = (
        days[0] - HALF_YEAR,
        max(days[-1] + dt.timedelta(days=60), annual[-1] + HALF_YEAR if annual else days[-1]),
    )
    newest = annual[-1] if annual else days[-1]

    extent = [point.value for point in known if point.value is not None]
    extent += [x for point in focus.known() for x in (point.lower, point.upper) if x is not None]
    start, end, ticks = line_axis(extent, percent=percent, from_zero=from_zero, decimals=decimals)
    scale_said = scale_words(start, end, unit)
    left = t.PAD + math.ceil(max(text_width(tick_words(tick, unit), _SIZE) for tick in ticks)) + 8

    at_end = [line for line in lines if line.known() and not (line.role in ENDED and line.known()[-1].day < newest)]
    wide = width == "wide"
    height = float(_PLOT[width])
    texts: dict[str, list[str]] = {}
    if wide:
        texts = {
            f"{line.key} {line.layer}": wrap(_end_words(line, newest), _LABEL_ROOM, _SIZE, bold=line.role == "focus")
            for line in at_end
        }
        room = max(text_width(part, _SIZE, bold=True) for part in sum(texts.values(), ["Leeds"]))
        right = math.ceil(min(room, _LABEL_ROOM)) + t.PAD + 12
        height = max(height, sum(len(text) * _LINE + 4 for text in texts.values()) + 8.0)
    else:
        right = t.PAD + 6
    scale = Scale(first, last, start, end, float(t.FITS[width] - left - right), height)
    shown_breaks = [found for found in breaks if scale.inside(found.day)]
    shown_events = sorted((e for e in events if scale.inside(e.day)), key=lambda event: event.day)

    fig = go.Figure()
    banded = (band := interval_band(focus)) is not None
    if band is not None:
        fig.add_trace(band)
    for line in reversed(lines):
        if line.known():
            fig.add_trace(line_trace(line))
    restated = [point for point in focus.known() if point.restated]
    if restated:
        fig.add_trace(
            go.Scatter(
                name="restated",
                x=[point.day for point in restated],
                y=[point.value for point in restated],
                mode="markers",
                marker={
                    "symbol": "circle-open",
                    "size": 15,
                    "color": t.DARK_BLUE,
                    "line": {"color": t.DARK_BLUE, "width": 1.5},
                },
                hoverinfo="skip",
                cliponaxis=False,
            )
        )

    notes, above = break_notes(shown_breaks, scale)
    listed: list[Line] = []
    ties: list[dict[str, Any]] = []
    if wide:
        names, ties = end_labels([_end(line, texts[f"{line.key} {line.layer}"], days[-1]) for line in at_end], scale)
        notes += names
        inside = [line for line in lines if line.role in ENDED and line.known() and line not in at_end]
        names, leaders, listed = _name_in_plot(lines, inside, shown_breaks, scale)
        notes += names
        ties += [tie((day, a), (day, b), t.MID_GREY) for day, a, b in leaders]
    else:
        listed = [line for line in lines if line.known()]

    gaps = gaps_of(focus) if focus.role == "focus" else []
    gap_lane = gap_lane_of(gaps, scale)
    event_lane = event_lane_of(shown_events, scale, float(left), float(right))
    axis_height = 2 * _LINE + 14 if shown_events else 0
    total = math.ceil(height + gap_lane.height + axis_height + event_lane.height)

    def paper(pixels: float) -> float:
        """A distance from the top of the plotting area as plotly's share of it from the bottom."""
        return 1 - pixels / total

    for note in gap_lane.notes:
        notes.append({**note, "y": paper(height + note["y"])})
    lane_top = height + gap_lane.height + axis_height
    for note in event_lane.notes:
        notes.append({**note, "y": paper(lane_top + note["y"])})
    axis_at = paper(height + gap_lane.height)
    notes.append(
        t.note("axis title", safe(axis_title), x=0, xref="paper", xanchor="left", y=axis_at, yref="paper",
               yanchor="top", yshift=-24, align="left")
    )  # fmt: skip
    if event_lane.marks:
        fig.add_trace(_event_marks(event_lane.marks, lane_top, total))
    shapes = [*ties, *gap_shades(gaps, scale, HALF_YEAR, axis_at), base_line(paper(height))]
    shapes += [
        {
            "name": "break",
            "type": "line",
            "xref": "x",
            "yref": "paper",
            "x0": found.day,
            "x1": found.day,
            "y0": paper(height),
            "y1": 1,
            "layer": "below",
            "line": {"color": t.INK, "width": 1.2, "dash": "dash"},
        }
        for found in shown_breaks
    ]
    labelled = year_ticks(_and_after(annual, days[-1]) if annual else days, scale.width, (last - first).days)
    fig.update_xaxes(**time_axis(scale, labelled, [str(day.year) for day in labelled], axis_at, ticks=not gaps))
    fig.update_layout(
        yaxis=upright_axis((start, end), ticks, paper(height), unit),
        yaxis2={
            "domain": [0, max(paper(lane_top), 1e-6)],
            "range": [total, lane_top],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
        },
    )
    t.finish(
        fig,
        headline,
        f"{subtitle.rstrip('. ')}. {scale_said}.",
        footer,
        total,
        width=width,
        key=_key(lines, listed=listed, newest=newest, banded=banded, restated=bool(restated)),
        left=left,
        right=right,
        above=8 + math.ceil(above),
        below=4 if shown_events else 26 + _LINE,
        annotations=notes,
        shapes=shapes,
    )
    alt = _alt(
        lines,
        headline=headline,
        measure_title=measure_title,
        scale=scale_said,
        events=shown_events,
        breaks=shown_breaks,
    )
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _end(line: Line, lines: Sequence[str], last: dt.date) -> End:
    point = line.known()[-1]
    # From a line that ended earlier the tie is grey, or it would look as if the line went on.
    tied = line.look.colour if point.day == last else t.FOCUS_GREY
    return End(tuple(lines), point.day, point.value or 0.0, tied, bold=line.role == "focus")


def _and_after(annual: Sequence[dt.date], until: dt.date) -> list[dt.date]:
    """The days that years end on, and the same day of the years in which only quarters are known."""
    newest = annual[-1]
    later = (newest.replace(year=year) for year in range(newest.year + 1, until.year + 1))
    return [*annual, *(day for day in later if day <= until)]


def _event_marks(marks: Sequence[tuple[Event, float]], lane_top: float, total: float) -> go.Scatter:
    return go.Scatter(
        name="events",
        x=[event.day for event, _ in marks],
        y=[lane_top + y for _, y in marks],
        yaxis="y2",
        mode="markers",
        marker={
            "symbol": ["diamond" if event.full else "diamond-open" for event, _ in marks],
            "size": 11,
            "color": t.INK,
            "line": {"color": t.INK, "width": 1.5},
        },
        hovertext=["<br>".join(safe(part) for part in (event.hover or event.text).split("\n")) for event, _ in marks],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )
