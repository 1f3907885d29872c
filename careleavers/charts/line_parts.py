"""The parts of a chart of lines over time: the line, its interval, names at its end, its axes, shade where it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.lines import Line, Point, Scale
from careleavers.charts.text import safe, safe_lines, tick_words

_LINE = t.lines_height(1, t.TEXT_SIZE)
_BAND = "rgba(18,67,109,0.15)"
# The colour of the band on white, for the key.
BAND_KEY = "#A9BDCF"
_GAP_SHADE = "#F1F1F1"


def nothing_drawn(
    lines: Sequence[Line], when: str, *, headline: str, subtitle: str, footer: t.Footer, filename: str, width: t.Width
) -> t.ChartResult:
    """The chart where no line has a figure in any ``when`` ("year"): a sentence that says so, with every reason once."""
    reasons = list(dict.fromkeys(point.reason for line in lines for point in line.points if point.reason))
    sentence = f"There is no figure to draw in any {when}{': ' + ', '.join(reasons) if reasons else ''}."
    fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
    alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def interval_band(line: Line) -> go.Scatter | None:
    """The interval as a filled shape for each run of points; a point on its own gets a slim bar."""
    xs: list[dt.date | None] = []
    ys: list[float | None] = []
    for run in line.runs():
        stretch: list[Point] = []
        for point in [*run, None]:
            if point is not None and point.lower is not None and point.upper is not None:
                stretch.append(point)
                continue
            if stretch:
                slim = dt.timedelta(days=20 if len(stretch) == 1 else 0)
                there = [(p.day, p.upper) for p in stretch]
                back = [(p.day, p.lower) for p in reversed(stretch)]
                if slim:
                    day, upper, lower = stretch[0].day, stretch[0].upper, stretch[0].lower
                    there = [(day - slim, upper), (day + slim, upper)]
                    back = [(day + slim, lower), (day - slim, lower)]
                for day, value in [*there, *back, there[0]]:
                    xs.append(day)
                    ys.append(value)
                xs.append(None)
                ys.append(None)
            stretch = []
    if not xs:
        return None
    return go.Scatter(
        name="interval",
        x=xs[:-1],
        y=ys[:-1],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=_BAND,
        hoverinfo="skip",
    )


def line_trace(line: Line) -> go.Scatter:
    """The line itself: joined within a run, with a mark at each figure, and nothing between runs."""
    xs: list[dt.date | None] = []
    ys: list[float | None] = []
    hover: list[str] = []
    for run in line.runs():
        for point in run:
            xs.append(point.day)
            ys.append(point.value)
            hover.append("<br>".join(safe(fact) for fact in point.hover.split("\n")))
        xs.append(None)
        ys.append(None)
        hover.append("")
    look = line.look
    return go.Scatter(
        name=line.name,
        x=xs[:-1],
        y=ys[:-1],
        mode="lines+markers",
        connectgaps=False,
        # A mark at the very edge of the scale is drawn whole.
        cliponaxis=False,
        line={"color": look.colour, "width": look.width, "dash": look.dash},
        marker={
            "symbol": look.symbol,
            "size": look.size,
            "color": look.colour,
            "line": {"color": look.colour, "width": 1.5 if look.symbol.endswith("-open") else 0},
        },
        hovertext=hover[:-1],
        hovertemplate="%{hovertext}<extra></extra>",
    )


@dataclass(frozen=True)
class End:
    """Text at the right of the plot for what ends at ``day`` and ``value``, tied to it by a thin pale line of ``colour``."""

    lines: tuple[str, ...]
    day: dt.date
    value: float
    colour: str
    bold: bool = False

    @property
    def height(self) -> float:
        """Pixels that the text takes, with the gap to the next."""
        return len(self.lines) * _LINE + 4


def end_labels(ends: Sequence[End], scale: Scale) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The texts at the right of the plot, none over another, and the thin lines that tie them: (notes, shapes)."""
    ordered = sorted(ends, key=lambda end: scale.y(end.value))
    notes, ties = [], []
    for end, y in zip(ordered, _spread(ordered, scale), strict=True):
        ties.append(tie((end.day, end.value), (scale.last, scale.value(y)), end.colour))
        notes.append(
            t.note(
                "line end",
                safe_lines(end.lines, bold=end.bold),
                colour=t.DARK_BLUE if end.bold else t.INK,
                x=1,
                xref="paper",
                xanchor="left",
                xshift=5,
                y=scale.value(y),
                yref="y",
                yanchor="middle",
                align="left",
            )
        )
    return notes, ties


def _spread(ends: Sequence[End], scale: Scale) -> list[float]:
    """Middles of the texts, in their order, as near to what they name as they can be without touching."""
    tops: list[float] = []
    for end in ends:
        wish = scale.y(end.value) - end.height / 2
        tops.append(max(wish, tops[-1] + ends[len(tops) - 1].height if tops else 0.0))
    floor = scale.height
    for index in range(len(ends) - 1, -1, -1):
        tops[index] = min(tops[index], floor - ends[index].height)
        floor = tops[index]
    return [top + end.height / 2 for top, end in zip(tops, ends, strict=True)]


def tie(start: tuple[dt.date, float], end: tuple[dt.date, float], colour: str) -> dict[str, Any]:
    """A thin line between a point of the data and its text: pale and plain, so that nobody takes it for a forecast."""
    return {
        "name": "tie",
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": start[0],
        "x1": end[0],
        "y0": start[1],
        "y1": end[1],
        "layer": "below",
        "opacity": 0.3,
        "line": {"color": colour, "width": 1},
    }


def gap_shades(
    gaps: Sequence[tuple[dt.date, dt.date, str]], scale: Scale, half: dt.timedelta, bottom: float
) -> list[dict[str, Any]]:
    """A shade behind each stretch without a figure, ``half`` a period wider on both sides, from ``bottom`` (paper) up."""
    return [
        {
            "name": "gap",
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": scale.clamp(first - half),
            "x1": scale.clamp(last + half),
            "y0": bottom,
            "y1": 1,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": _GAP_SHADE,
        }
        for first, last, _ in gaps
    ]


def base_line(y: float) -> dict[str, Any]:
    """The line below the plot at ``y`` (paper)."""
    return {
        "name": "base",
        "type": "line",
        "xref": "paper",
        "yref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": y,
        "y1": y,
        "layer": "below",
        "line": {"color": t.MID_GREY, "width": 1},
    }


def time_axis(
    scale: Scale, days: Sequence[dt.date], texts: Sequence[str], position: float, *, ticks: bool
) -> dict[str, Any]:
    """The axis of time at ``position`` (paper), which may lie below reasons for gaps, with ``texts`` at ``days``."""
    return {
        "type": "date",
        "range": [scale.first, scale.last],
        "tickmode": "array",
        "tickvals": list(days),
        "ticktext": list(texts),
        "tickfont": {"size": t.TEXT_SIZE},
        "tickangle": 0,
        "ticks": "outside" if ticks else "",
        "ticklen": 4,
        "showgrid": False,
        "showline": False,
        "anchor": "free",
        "position": max(position, 0.0),
        "fixedrange": True,
    }


def upright_axis(ends: tuple[float, float], ticks: Sequence[float], bottom: float, unit: str) -> dict[str, Any]:
    """The axis of values from ``bottom`` (paper) to the top."""
    return {
        "domain": [max(bottom, 0.0), 1],
        "range": list(ends),
        "tickmode": "array",
        "tickvals": list(ticks),
        "ticktext": [tick_words(tick, unit) for tick in ticks],
        "tickfont": {"size": t.TEXT_SIZE},
        "ticks": "",
        "showgrid": True,
        "fixedrange": True,
    }
