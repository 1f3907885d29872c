"""One measure over several periods for areas that the reader chose, as lines (the page Build your own)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.areas import area_hover, area_kind
from careleavers.charts.axes import (
    axis_from_zero_if_near,
    axis_title,
    level_axis,
    tick_texts,
    upright_axis,
    years_with_room,
)
from careleavers.charts.labels import bold_if, spread_out
from careleavers.charts.styles import AREA_LINES, COMPARATOR_LINES, FOCUS_LINE, NEIGHBOUR_LINES, LineStyle
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    capitalised,
    frame_records,
    is_percent,
    number,
    safe,
    text_width,
    tick_words,
    with_unit,
    words,
    wrap,
)

# Colours and marks tell this many lines apart; further ones are drawn grey.
MOST_NAMED = len(AREA_LINES)
_LABEL_ROOM: dict[template.Width, float] = {"wide": 190.0, "phone": 120.0, "narrow": 104.0}


@template.pictured
def area_lines(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    polarity_words: str,
    hidden_text: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "narrow",
) -> template.ChartResult:
    """Draw a line for each area over the periods, named at its end; a period without a figure is a gap.

    Up to :data:`MOST_NAMED` areas have a colour, a mark and a name. Of more, the chosen authority and those wider
    than an authority are picked out, and the rest is grey.

    Parameters
    ----------
    frame
        One row per area and period; areas are drawn in the order of their first rows. Columns:

        ``area_code``, ``area_name``, ``level`` (str)
            Tells the areas apart; what it is called; ``authority``, ``region`` or ``england``.
        ``is_chosen``, ``is_neighbour`` (bool)
            Whether it is the chosen authority, or one of its neighbours.
        ``year`` (int), ``period_text`` (str)
            The year in which the period ends; the period in words.
        ``value`` (float or missing), ``value_text``, ``count_text`` (str)
            Figure in ``unit``; the figure and its counts as shown.
    measure_title, unit
        Title of the axis, and its unit: ``per cent`` or other words.
    polarity_words
        ``higher is better``, shown in the picture.
    hidden_text
        What is said of the figures that cannot be drawn; empty for nothing.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so.
    """
    given = frame_records(frame)
    areas = _areas(given)
    drawn = [area for area in areas if area.known]
    if not drawn:
        sentence = hidden_text or "There is no figure to show for this choice."
        alt = f"{headline}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    percent = is_percent(unit)
    years = sorted({int(row["year"]) for row in given})
    values = [value for area in drawn for row in area.rows if (value := number(row.get("value"))) is not None]
    start, end, ticks = axis_from_zero_if_near(values, percent=percent)
    named = _labelled_areas(drawn)
    grey = [area for area in drawn if area not in named]
    styles = _styles(named)

    value_texts = tick_texts(ticks, unit)
    left = round(max(text_width(text, TEXT_SIZE) for text in value_texts)) + template.PAD + 10
    labels = {area.code: _label(area, styles[area.code], years[-1], width) for area in named}
    right = template.PAD + 8
    if labels:
        right += 12 + round(max(text_width(line, TEXT_SIZE, bold=True) for lines in labels.values() for line in lines))
    heights = {code: len(lines) * LINE_HEIGHT + 3.0 for code, lines in labels.items()}
    plot_height = max(300 if width == "wide" else 230, math.ceil(sum(heights.values())))

    fig = go.Figure()
    for area in [*grey, *reversed(named)]:
        fig.add_trace(_line(area, years, styles.get(area.code)))
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    by_end = sorted(named, key=lambda area: (end - area.last_value) / (end - start) * plot_height)
    wanted = [(end - area.last_value) / (end - start) * plot_height for area in by_end]
    middles = spread_out(wanted, [heights[area.code] for area in by_end], 0.0, float(plot_height))
    for area, at, middle in zip(by_end, wanted, middles, strict=True):
        style = styles[area.code]
        notes.append(_line_label(labels[area.code], style, 1 - middle / plot_height, bold=area.kind == "chosen"))
        shapes.append(_leader(style.colour, years[-1], 1 - at / plot_height, 1 - middle / plot_height))
    shown_years = years_with_room(years, template.FITS[width] - left - right)
    pad = 0.25 if len(years) > 1 else 0.5
    year_texts = [str(year) for year in shown_years]
    along = level_axis(
        (years[0] - pad, years[-1]), shown_years, year_texts, tickangle=0, ticklabeloverflow="allow", showline=True
    )
    fig.update_xaxes(along)
    fig.update_yaxes(upright_axis((start, end), ticks, value_texts))
    title = f"{with_unit(measure_title, unit)}, by the year in which the period ends"
    if start != 0:
        title += f". The axis starts at {tick_words(start, unit)}, not at 0"
    title_lines = wrap(title, template.text_room(width), TEXT_SIZE)
    key = []
    if grey:
        key.append(template.KeyItem("─", template.OTHER_GREY, f"{len(grey)} other areas, named in the table"))
    if polarity_words.strip():
        key.append(template.KeyItem("", template.INK, capitalised(polarity_words)))
    if hidden_text:
        key.append(template.KeyItem("", template.INK, hidden_text))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=key,
        left=left,
        right=right,
        above=14,
        below=28 + template.lines_height(len(title_lines), TEXT_SIZE),
        annotations=[*notes, axis_title(title_lines, xshift=template.PAD - left)],
        shapes=shapes,
    )
    facts = [
        f"{words(area.known[0].get('area_name'))} "
        + ", ".join(f"{int(row['year'])} {words(row.get('value_text'))}" for row in area.known)
        for area in drawn
    ]
    alt = f"{headline.rstrip('. ')}. Line chart of {measure_title}, {years[0]} to {years[-1]}: {'; '.join(facts)}."
    if hidden_text:
        alt += f" {hidden_text}."
    return template.result(fig, headline, alt, filename)


@dataclass(frozen=True)
class _Area:
    """One area and its rows, in the order of the frame."""

    code: str
    rows: tuple[dict[str, Any], ...]

    @property
    def kind(self) -> str:
        return area_kind(self.rows[0])

    @property
    def known(self) -> list[dict[str, Any]]:
        """Its rows that have a figure."""
        return [row for row in self.rows if number(row.get("value")) is not None]

    @property
    def last_value(self) -> float:
        return number(self.known[-1]["value"]) or 0.0


def _areas(given: Sequence[dict[str, Any]]) -> list[_Area]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in given:
        groups.setdefault(words(row.get("area_code")), []).append(row)
    return [_Area(code, tuple(rows)) for code, rows in groups.items()]


def _labelled_areas(drawn: list[_Area]) -> list[_Area]:
    """The areas named in the picture: all, or of too many the chosen authority and the wider areas."""
    if len(drawn) <= MOST_NAMED:
        return drawn
    picked = [area for area in drawn if area.kind == "chosen"] + [area for area in drawn if area.kind == "wider"]
    return picked[:MOST_NAMED]


def _styles(named: Sequence[_Area]) -> dict[str, LineStyle]:
    """The style of each area: fixed for the chosen authority and England, the next free one for its kind for the others."""
    free = {"neighbour": iter(NEIGHBOUR_LINES), "": iter(AREA_LINES)}
    styles = {}
    for area in named:
        if area.kind == "chosen":
            styles[area.code] = FOCUS_LINE
        elif words(area.rows[0].get("level")) == "england":
            styles[area.code] = COMPARATOR_LINES["england"]
        else:
            styles[area.code] = next(free[area.kind if area.kind in free else ""])
    return styles


def _label(area: _Area, style: LineStyle, newest: int, width: template.Width) -> list[str]:
    """Mark, name and latest figure, with its year if that is not the newest."""
    last = area.known[-1]
    text = f"{style.mark} {words(last.get('area_name'))} {words(last.get('value_text'))}"
    if int(last["year"]) != newest:
        text += f" ({int(last['year'])})"
    return wrap(text, _LABEL_ROOM[width], TEXT_SIZE, bold=area_kind(last) == "chosen")


def _line(area: _Area, years: Sequence[int], style: LineStyle | None) -> go.Scatter:
    """The line of an area, grey where it has no style of its own."""
    rows = sorted(area.rows, key=lambda row: int(row["year"]))
    by_year = {int(row["year"]): row for row in rows}
    found = [by_year.get(year) for year in years]
    colour = style.colour if style else template.OTHER_GREY
    return go.Scatter(
        name=words(rows[0].get("area_name")),
        x=years,
        y=[number(row.get("value")) if row is not None else None for row in found],
        mode="lines+markers",
        connectgaps=False,
        hovertext=[area_hover(row) if row is not None else "" for row in found],
        hovertemplate="%{hovertext}<extra></extra>",
        line={
            "color": colour,
            "width": 3 if area.kind == "chosen" else 2 if style else 1.25,
            "dash": "dash" if area.kind == "wider" else "solid",
        },
        marker={"symbol": style.symbol if style else "circle", "size": 8 if style else 4, "color": colour},
        cliponaxis=False,
    )


def _line_label(lines: Sequence[str], style: LineStyle, y: float, *, bold: bool) -> dict[str, Any]:
    body = [safe(line) for line in lines]
    if body[0].startswith(style.mark):
        body[0] = f'<span style="color:{style.colour}">{style.mark}</span>' + body[0][len(style.mark) :]
    return template.note(
        "line label",
        bold_if("<br>".join(body), bold),
        x=1,
        xref="paper",
        xanchor="left",
        xshift=18,
        y=y,
        yref="paper",
        yanchor="middle",
        align="left",
    )


def _leader(colour: str, year: int, start: float, end: float) -> dict[str, Any]:
    """A short line from an area's line to its label; ``start`` and ``end`` are shares of the plot's height."""
    return {
        "name": "leader",
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "xsizemode": "pixel",
        "xanchor": year,
        "x0": 6,
        "x1": 16,
        "y0": start,
        "y1": end,
        "line": {"color": colour, "width": 1},
    }
