"""One measure over the years: the authority's line with its interval, and the lines it is compared with (Trends).

Everything is laid out for the narrowest container. Text in the plotting area is tied to points of the data, so when a
picture is drawn larger the lines move away from the text and never into it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import private, template
from careleavers.charts.axes import axis_for_lines, scale_words, tick_texts, time_axis, upright_axis, year_ticks
from careleavers.charts.axes import axis_title as axis_title_note
from careleavers.charts.lanes import HALF_YEAR, Break, Event, break_notes, event_lane_of, gap_lane_of
from careleavers.charts.line_names import names_in_plot
from careleavers.charts.line_parts import (
    BAND_KEY,
    MARK_ROOM,
    End,
    base_line,
    end_labels,
    gap_shades,
    interval_band,
    line_trace,
    nothing_drawn,
    tie,
)
from careleavers.charts.lines import ENDED, Line, Scale, gaps_of, read_lines
from careleavers.charts.styles import LOCAL_LINES
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import is_percent, safe, text_width, tick_words, wrap

_PLOT: dict[template.Width, int] = {"wide": 340, "phone": 240, "narrow": 240}
_LABEL_ROOM = 150  # widest column of labels at the right of the wide layout

LAYER_NAMES = {"provisional": "provisional local figures", "final": "final local figures"}


def _end_words(line: Line, newest: dt.date) -> str:
    """Name and last figure, with its date where it is not the newest: ``Leeds 46%``; ``Rutland 40% in 2022``."""
    last = line.known()[-1]
    name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
    when = f" in {last.day.year}" if last.day < newest and not line.local else ""
    return f"{name} {last.text}{when}"


def _alt(
    lines: Sequence[Line], *, headline: str, measure_title: str, scale: str, events: Sequence[Event], breaks: Sequence[Break]
) -> str:  # fmt: skip
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    parts.append(f"Line chart of {measure_title}. {scale}.")
    quarterly = any(point.basis == "quarter" for line in lines if not line.local for point in line.points)
    for line in lines:
        when = [
            point.day.strftime("%B %Y") if line.local or quarterly else str(point.day.year) for point in line.points
        ]
        said = [
            f"{day} {point.text if point.value is not None else point.reason or 'no figure'}"
            for day, point in zip(when, line.points, strict=True)
        ]
        if line.role in {"focus", "predecessor", "successor"} or line.local:
            name = f"{line.name}, {LAYER_NAMES.get(line.layer, line.layer)}" if line.local else line.name
            parts.append(f"{name}: {', '.join(said)}.")
        elif known := line.known():
            first, last = known[0], known[-1]
            first_at, last_at = (
                point.day.strftime("%B %Y") if quarterly else str(point.day.year) for point in (first, last)
            )
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
) -> list[template.KeyItem]:
    key = [line.style.key(_end_words(line, newest) if line.known() else line.name) for line in listed]
    focus = next((line for line in lines if line.role == "focus"), None)
    if banded and focus is not None:
        key.append(template.KeyItem("■", BAND_KEY, f"95% interval of {focus.name}"))
    if restated:
        key.append(template.KeyItem("○", template.DARK_BLUE, "restated since first published"))
    for role, text in (("predecessor", "before the boundary change"), ("successor", "after the boundary change")):
        if any(line.role == role and line not in listed and line.known() for line in lines):
            key.append(template.KeyItem("- -", template.GREY_BLUE, text))
    for layer in dict.fromkeys(line.layer for line in lines if line.local and line not in listed and line.known()):
        key.append(
            template.KeyItem(
                LOCAL_LINES[layer].mark, template.DARK_BLUE, f"{LAYER_NAMES[layer]}, apart from the official ones"
            )
        )
    return key


@template.pictured
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
    footer: template.Footer,
    filename: str,
    events: Sequence[Event] = (),
    breaks: Sequence[Break] = (),
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw one measure over the years for an authority (or England) and the series it is compared with.

    Parameters
    ----------
    frame
        One row per figure. Lines are drawn in its order. A year with a row but without a value is a gap: the line stops,
        and for the authority the reason is written there. Rows of another layer than ``published`` are a series of
        their own, hollow and dotted, joined to nothing else. Columns:

        ``line`` (str)
            Tells the lines apart.
        ``role`` (str)
            ``authority``, ``predecessor``, ``successor``, ``chosen``, ``neighbours``, ``region`` or ``england``.
        ``name`` (str)
            What the line is called.
        ``layer``, ``basis`` (str)
            ``published``, ``provisional`` or ``final``; what a period is.
        ``day`` (date)
            Last day of the period.
        ``value``, ``lower``, ``upper`` (float or missing)
            Figure and 95% interval, in ``unit``.
        ``value_text``, ``reason`` (str)
            The figure as shown; why there is none.
        ``restated`` (bool)
            Whether a later release changed the figure.
        ``hover`` (str)
            Plain text, one fact per line.
    measure_title
        The measure and age group, for the text alternative.
    unit
        ``per cent`` for percentages, anything else for plain numbers.
    decimals
        Decimals of the figures as shown.
    from_zero
        Whether the axis starts at zero or fits what is drawn; the subtitle says which.
    axis_title
        What a point of the axis of time is: ``Year to 31 March``.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    events
        Inspections and visits below the plot.
    breaks
        Boundary changes. Events and breaks outside the years drawn are left out.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so with the reasons.
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
    start, end, ticks = axis_for_lines(extent, percent=percent, from_zero=from_zero, decimals=decimals)
    scale_said = scale_words(start, end, unit)
    left = template.PAD + math.ceil(max(text_width(tick_words(tick, unit), TEXT_SIZE) for tick in ticks)) + 8

    at_end = [line for line in lines if line.known() and not (line.role in ENDED and line.known()[-1].day < newest)]
    wide = width == "wide"
    height = float(_PLOT[width])
    texts: dict[str, list[str]] = {}
    if wide:
        texts = {
            f"{line.key} {line.layer}": wrap(
                _end_words(line, newest), _LABEL_ROOM, TEXT_SIZE, bold=line.role == "focus"
            )
            for line in at_end
        }
        room = max(text_width(part, TEXT_SIZE, bold=True) for part in sum(texts.values(), ["Leeds"]))
        right = math.ceil(min(room, _LABEL_ROOM)) + MARK_ROOM + template.PAD + 12
        height = max(height, sum(len(text) * LINE_HEIGHT + 4 for text in texts.values()) + 8.0)
    else:
        right = template.PAD + 6
    scale = Scale(first, last, start, end, float(template.FITS[width] - left - right), height)
    shown_breaks = [found for found in breaks if scale.inside(found.day)]
    shown_events = sorted((event for event in events if scale.inside(event.day)), key=lambda event: event.day)

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
                    "color": template.DARK_BLUE,
                    "line": {"color": template.DARK_BLUE, "width": 1.5},
                },
                hoverinfo="skip",
                cliponaxis=False,
            )
        )

    notes, above = break_notes(shown_breaks, scale)
    listed: list[Line] = []
    ties: list[dict[str, Any]] = []
    if wide:
        notes += end_labels([_end(line, texts[f"{line.key} {line.layer}"]) for line in at_end], scale)
        inside = [line for line in lines if line.role in ENDED and line.known() and line not in at_end]
        names, leaders, listed = names_in_plot(lines, inside, shown_breaks, scale)
        notes += names
        ties = [tie((day, a), (day, b), template.MID_GREY) for day, a, b in leaders]
    else:
        listed = [line for line in lines if line.known()]

    gaps = gaps_of(focus) if focus.role == "focus" else []
    gap_lane = gap_lane_of(gaps, scale)
    event_lane = event_lane_of(shown_events, scale, float(left), float(right))
    axis_height = 2 * LINE_HEIGHT + 14 if shown_events else 0
    total = math.ceil(height + gap_lane.height + axis_height + event_lane.height)

    def paper(pixels: float) -> float:
        """A distance from the top of the plotting area, as plotly's share of its height from the bottom."""
        return 1 - pixels / total

    for note in gap_lane.notes:
        notes.append({**note, "y": paper(height + note["y"])})
    lane_top = height + gap_lane.height + axis_height
    for note in event_lane.notes:
        notes.append({**note, "y": paper(lane_top + note["y"])})
    axis_at = paper(height + gap_lane.height)
    notes.append(axis_title_note([axis_title], y=axis_at))
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
            "line": {"color": template.INK, "width": 1.2, "dash": "dash"},
        }
        for found in shown_breaks
    ]
    labelled = year_ticks(_and_after(annual, days[-1]) if annual else days, scale.width, (last - first).days)
    private.set_unchecked(
        fig,
        xaxis=time_axis(
            (scale.first, scale.last), labelled, [str(day.year) for day in labelled], axis_at, ticks=not gaps
        ),
        yaxis=upright_axis((start, end), ticks, tick_texts(ticks, unit), domain=[max(paper(height), 0.0), 1], ticks=""),
    )
    fig.update_layout(
        yaxis2={
            "domain": [0, max(paper(lane_top), 1e-6)],
            "range": [total, lane_top],
            "visible": False,
            "fixedrange": True,
            "anchor": "x",
        }
    )
    template.finish(
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
        below=4 if shown_events else 26 + LINE_HEIGHT,
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
    return template.result(fig, headline, alt, filename)


def _end(line: Line, lines: Sequence[str]) -> End:
    point = line.known()[-1]
    return End(
        tuple(lines), point.day, point.value or 0.0, line.style.mark, line.style.colour, bold=line.role == "focus"
    )


def _and_after(annual: Sequence[dt.date], until: dt.date) -> list[dt.date]:
    """The last days of the years, and the same day in later years for which only quarters are known."""
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
            "color": template.INK,
            "line": {"color": template.INK, "width": 1.5},
        },
        hovertext=["<br>".join(safe(part) for part in (event.hover or event.text).split("\n")) for event, _ in marks],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )
