"""Parts of a chart of lines over time: the line, its interval, the name at its end, the shading where it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.labels import spread_out
from careleavers.charts.lines import Line, Point, Scale
from careleavers.charts.template import LINE_HEIGHT
from careleavers.charts.text import safe, safe_lines

_BAND = "rgba(18,67,109,0.15)"
# The colour of the band on white, for the key.
BAND_KEY = "#A9BDCF"
GAP_SHADE = "#F1F1F1"


def nothing_drawn(
    lines: Sequence[Line],
    when: str,
    *,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width,
) -> template.ChartResult:
    """Return the chart for when no line has a figure: a sentence that says so and gives each reason once.

    Parameters
    ----------
    lines
        Lines without a figure.
    when
        What a period is called: ``year``.
    headline, subtitle, footer, filename, width
        As in :func:`careleavers.charts.trend.trend`.

    Returns
    -------
    ChartResult
    """
    reasons = list(dict.fromkeys(point.reason for line in lines for point in line.points if point.reason))
    sentence = f"There is no figure to draw in any {when}{': ' + ', '.join(reasons) if reasons else ''}."
    alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
    return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)


def interval_band(line: Line) -> go.Scatter | None:
    """Return the interval as a filled shape behind each run of points; a point on its own gets a slim bar.

    None where no point has an interval.

    Parameters
    ----------
    line
        The line, as :func:`careleavers.charts.lines.read_lines` gives it.

    Returns
    -------
    go.Scatter or None
    """
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
                there = [(inside.day, inside.upper) for inside in stretch]
                back = [(inside.day, inside.lower) for inside in reversed(stretch)]
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
    """Return the line itself: joined within a run, with a mark at each figure, and nothing between runs.

    Parameters
    ----------
    line
        The line, as :func:`careleavers.charts.lines.read_lines` gives it.

    Returns
    -------
    go.Scatter
    """
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
    style = line.style
    return go.Scatter(
        name=line.name,
        x=xs[:-1],
        y=ys[:-1],
        mode="lines+markers",
        connectgaps=False,
        # Keeps a mark at the very edge of the scale from being cut in half.
        cliponaxis=False,
        line={"color": style.colour, "width": style.width, "dash": style.dash},
        marker={
            "symbol": style.symbol,
            "size": style.size,
            "color": style.colour,
            "line": {"color": style.colour, "width": 1.5 if style.symbol.endswith("-open") else 0},
        },
        hovertext=hover[:-1],
        hovertemplate="%{hovertext}<extra></extra>",
    )


@dataclass(frozen=True)
class End:
    """Text at the right of the plot that names what ends there, behind the mark of its line.

    Attributes
    ----------
    lines
        The text, wrapped.
    day, value
        Where the thing named ends.
    mark, colour
        The mark that stands before the text, in the colour of the line.
    bold
        For the chosen authority.
    """

    lines: tuple[str, ...]
    day: dt.date
    value: float
    mark: str
    colour: str
    bold: bool = False

    @property
    def height(self) -> float:
        """Pixels that the text takes, including the gap to the next."""
        return len(self.lines) * LINE_HEIGHT + 4


# Pixels taken by the mark before a text.
MARK_ROOM = 18


def end_labels(ends: Sequence[End], scale: Scale) -> list[dict[str, Any]]:
    """Return the texts at the right of the plot as annotations, each as close to its line's height as the others let it.

    Parameters
    ----------
    ends
        What ends at the right of the plot.
    scale
        Where days and values lie.

    Returns
    -------
    list of dict
        Annotations.
    """
    ordered = sorted(ends, key=lambda end: scale.y(end.value))
    notes = []
    middles = spread_out([scale.y(end.value) for end in ordered], [end.height for end in ordered], 0.0, scale.height)
    for end, y in zip(ordered, middles, strict=True):
        mark = f'<span style="color:{end.colour}">{safe(end.mark)}</span> ' if end.mark else ""
        notes.append(
            template.note(
                "line end",
                mark + safe_lines(end.lines, bold=end.bold),
                colour=template.DARK_BLUE if end.bold else template.INK,
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
    return notes


def tie(start: tuple[dt.date, float], end: tuple[dt.date, float], colour: str) -> dict[str, Any]:
    """Return a thin line between a point of the data and its text, so pale that nobody takes it for a forecast.

    Parameters
    ----------
    start, end
        Where it begins and ends on the two axes.
    colour
        Of the line.

    Returns
    -------
    dict[str, Any]
        One of ``layout.shapes``.
    """
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
    """Return a shade behind each stretch without a figure.

    Parameters
    ----------
    gaps
        What :func:`careleavers.charts.lines.gaps_of` returns.
    scale
        Where days lie.
    half
        Half a period, by which the shade is wider on both sides.
    bottom
        Where it ends, as a share of the plotting area from the bottom.

    Returns
    -------
    list[dict[str, Any]]
        Entries of ``layout.shapes``, one per gap.
    """
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
            "fillcolor": GAP_SHADE,
        }
        for first, last, _ in gaps
    ]


def base_line(y: float) -> dict[str, Any]:
    """Return the line below the plot; ``y`` is a share of the plotting area from the bottom.

    Parameters
    ----------
    y
        A share of the plotting area, from the bottom.

    Returns
    -------
    dict[str, Any]
    """
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
        "line": {"color": template.MID_GREY, "width": 1},
    }
