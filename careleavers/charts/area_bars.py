"""One measure in one period for areas that the reader chose, as bars (the page Build your own)."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.areas import area_hover, area_kind
from careleavers.charts.axes import axis_from_zero, axis_title, hidden_axis, level_axis, tick_texts
from careleavers.charts.labels import add_texts, bold_if
from careleavers.charts.row_parts import error_bars, intervals_inside
from careleavers.charts.styles import AREA_COLOURS, marked_name
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    capitalised,
    figure_words,
    frame_records,
    is_percent,
    number,
    safe,
    safe_lines,
    text_width,
    with_unit,
    words,
    wrap,
    wrap_even,
)

_LABEL_ROOM = 224.0  # widest column of names in the wide layout; a longer name takes two lines


@template.pictured
def area_bars(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    polarity_words: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "narrow",
) -> template.ChartResult:
    """Draw a horizontal bar from zero for each area, in the order given; areas without a figure last, with the reason.

    Parameters
    ----------
    frame
        One row per area. Columns:

        ``area_name``, ``level`` (str)
            What it is called; ``authority``, ``region`` or ``england``.
        ``is_chosen``, ``is_neighbour`` (bool)
            Whether it is the chosen authority, or one of its neighbours.
        ``value``, ``lower``, ``upper`` (float or missing)
            Figure and 95% interval, in ``unit``. A missing value is never drawn.
        ``value_text``, ``count_text``, ``status_text`` (str)
            The figure and its counts as shown; why there is none.
        ``period_text`` (str)
            The period in words.
    measure_title, unit
        Title of the axis, and its unit: ``per cent`` or other words.
    polarity_words
        ``higher is better``, shown in the picture.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        From an empty frame, a sentence that says so.
    """
    given = frame_records(frame)
    rows = [row for row in given if number(row.get("value")) is not None]
    rows += [row for row in given if number(row.get("value")) is None]
    drawn = [row for row in rows if number(row.get("value")) is not None]
    if not rows:
        sentence = "There are no areas to show for this choice."
        alt = f"{headline}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    percent, wide = is_percent(unit), width == "wide"
    extent = [x for row in drawn for x in (number(row["value"]), number(row.get("upper"))) if x is not None]
    start, end, ticks = axis_from_zero(extent or [0.0], percent=percent)
    rights = [figure_words(row, "  ") for row in drawn]
    names = [words(row.get("area_name")) or "Name not given" for row in rows]
    if wide:
        label_room = min(
            max([text_width(marked_name(name, "chosen"), TEXT_SIZE, bold=True) for name in names]) + 8, _LABEL_ROOM
        )
        left = round(label_room) + template.PAD + 8
        right = round(min(max([text_width(text, TEXT_SIZE, bold=True) for text in rights] + [40.0]) + 16, 260))
    else:
        left, right = template.PAD + 2, 20
        label_room = float(template.FITS[width] - left - right)
    bar, gap = (15.0, 7.0) if len(rows) > 15 else (17.0, 9.0)

    top = 0.0
    texts: dict[str, list[tuple[float, float, str]]] = {"names": [], "figures": [], "reasons": []}
    centres: list[float] = []
    for row, name in zip(rows, names, strict=True):
        bold = area_kind(row) == "chosen"
        label = marked_name(name, "chosen") if bold else name
        value = number(row.get("value"))
        figure = rights[len(centres)] if value is not None else ""
        note = wrap(words(row.get("status_text")) or "No figure", label_room if not wide else 320, TEXT_SIZE)
        if wide:
            lines = wrap_even(label, label_room, TEXT_SIZE, bold=bold)
            height = max(bar + gap, len(lines) * LINE_HEIGHT + 2, (len(note) * LINE_HEIGHT + 2) if value is None else 0)
            middle = top + height / 2
            texts["names"].append((start, middle, bold_if("<br>".join(safe(line) + "\u00a0" for line in lines), bold)))
        else:
            room = label_room - (text_width(figure, TEXT_SIZE, bold=True) + 12 if figure else 0)
            lines = wrap(label, max(room, 90), TEXT_SIZE, bold=bold)
            texts["names"].append((start, top + len(lines) * LINE_HEIGHT / 2, bold_if(safe_lines(lines), bold)))
            head = len(lines) * LINE_HEIGHT
            height = head + (bar if value is not None else len(note) * LINE_HEIGHT) + gap
            middle = top + head + 2 + bar / 2
        if value is None:
            at = middle if wide else top + len(lines) * LINE_HEIGHT + len(note) * LINE_HEIGHT / 2
            texts["reasons"].append((start, at, "<br>".join(("\u00a0" if wide else "") + safe(line) for line in note)))
        else:
            at = middle if wide else top + len(lines) * LINE_HEIGHT / 2
            texts["figures"].append((end, at, bold_if(("\u00a0" if wide else "") + safe(figure), bold)))
            centres.append(middle)
        top += height
    plot_height = math.ceil(top)

    fig = go.Figure()
    bounds = [(number(row.get("lower")), number(row.get("upper"))) for row in drawn]
    values = [number(row["value"]) or 0.0 for row in drawn]
    known = [low is not None and high is not None for low, high in bounds]
    if drawn:
        fig.add_trace(
            go.Bar(
                name="bars",
                orientation="h",
                x=values,
                y=centres,
                width=[bar] * len(drawn),
                hovertext=[area_hover(row) for row in drawn],
                hovertemplate="%{hovertext}<extra></extra>",
                marker={"color": [AREA_COLOURS[area_kind(row)] for row in drawn], "line": {"width": 0}},
                error_x=error_bars(values, bounds),
            )
        )
        dark = [
            (lower, upper, value, centre)
            for row, (lower, upper), value, centre in zip(drawn, bounds, values, centres, strict=True)
            if lower is not None and upper is not None and area_kind(row) in {"chosen", "wider"}
        ]
        fig.add_trace(intervals_inside(dark))
    add_texts(fig, "names", texts["names"], "middle left" if wide else "middle right")
    add_texts(fig, "figures", texts["figures"], "middle right" if wide else "middle left")
    add_texts(fig, "reasons", texts["reasons"], "middle right", colour=template.SOFT_INK)
    tick_labels = tick_texts(ticks, unit)
    fig.update_xaxes(level_axis((start, end), ticks, tick_labels, ticklabeloverflow="allow", showline=True))
    fig.update_yaxes(hidden_axis(plot_height, 0))
    fig.update_layout(bargap=0)
    axis = wrap(with_unit(measure_title, unit), template.FITS[width] - left - 16, TEXT_SIZE)
    key = []
    if any(area_kind(row) == "chosen" for row in drawn):
        key.append(
            template.KeyItem(
                "■",
                AREA_COLOURS["chosen"],
                next(words(row["area_name"]) for row in drawn if area_kind(row) == "chosen"),
            )
        )
    if any(area_kind(row) == "neighbour" for row in drawn):
        key.append(template.KeyItem("■", AREA_COLOURS["neighbour"], "statistical neighbours"))
    if any(area_kind(row) == "other" for row in drawn):
        key.append(template.KeyItem("■", AREA_COLOURS["other"], "authorities" if not key else "other authorities"))
    if any(area_kind(row) == "wider" for row in drawn):
        key.append(template.KeyItem("■", AREA_COLOURS["wider"], "England or region"))
    if any(known):
        key.append(template.KeyItem("├┤", template.INK, "95% interval"))
    if polarity_words.strip():
        key.append(template.KeyItem("", template.INK, capitalised(polarity_words)))
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
        below=28 + template.lines_height(len(axis), TEXT_SIZE),
        annotations=[axis_title(axis)],
    )
    facts = [f"{words(row.get('area_name'))} {words(row.get('value_text'))}" for row in drawn]
    facts += [
        f"{words(row.get('area_name'))} {words(row.get('status_text')) or 'no figure'}" for row in rows[len(drawn) :]
    ]
    alt = f"{headline.rstrip('. ')}. Bar chart of {measure_title}: {'; '.join(facts)}."
    return template.result(fig, headline, alt, filename)
