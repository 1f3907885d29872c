"""Authorities side by side: one horizontal bar each, best at the top (the page Compare)."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_from_zero, axis_title, grid, level_axis, tick_texts
from careleavers.charts.labels import add_texts, bold_if, line_name
from careleavers.charts.ranked_rows import RankedRow, lay_out, sorted_rows
from careleavers.charts.row_parts import error_bars, intervals_inside, upright_lines
from careleavers.charts.styles import BAR_COLOURS, CHOSEN_MARK, NEIGHBOUR_MARK, WHITE, marked_name
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    capitalised,
    is_percent,
    number,
    safe,
    safe_lines,
    text_width,
    with_unit,
    words,
    wrap,
)

_LABEL_ROOM = 224  # widest label column of the wide layout; a longer name takes two lines


def _draw_bars(fig: go.Figure, drawn: Sequence[RankedRow]) -> None:
    fig.add_trace(
        go.Bar(
            name="bars",
            orientation="h",
            x=[row.value for row in drawn],
            y=[row.bar_centre for row in drawn],
            width=[row.bar_height for row in drawn],
            customdata=[[row.code, row.name] for row in drawn],
            hovertext=[row.hover for row in drawn],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": [WHITE if row.why else BAR_COLOURS[row.role] for row in drawn],
                # Bars that are not ranked are outlined and hatched: there a short bar is no sign of merit.
                "line": {
                    "width": [1 if row.why else 0 for row in drawn],
                    "color": [BAR_COLOURS[row.role] for row in drawn],
                },
                "pattern": {
                    "shape": ["/" if row.why else "" for row in drawn],
                    "fgcolor": [BAR_COLOURS[row.role] for row in drawn],
                    "fillmode": "overlay",
                    "size": 6,
                    "solidity": 0.3,
                },
            },
            # A click selects an authority; it must not fade the others while the page redraws.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            error_x=error_bars([row.value or 0 for row in drawn], [(row.lower, row.upper) for row in drawn]),
        )
    )


def _intervals_inside(drawn: Sequence[RankedRow]) -> go.Scatter:
    """The part of the chosen authority's interval that lies in its dark bar."""
    return intervals_inside(
        [
            (row.lower, row.upper, row.value or 0, row.bar_centre)
            for row in drawn
            if row.role == "chosen" and not row.why and row.lower is not None and row.upper is not None
        ]
    )


def _leaders(fig: go.Figure, drawn: Sequence[RankedRow], end: float) -> None:
    """Hairlines from a bar's end to its figures, to keep the eye in the row."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in drawn:
        from_x = max(row.value or 0, row.upper or 0)
        if from_x < end:
            xs += [from_x, end, None]
            ys += [row.bar_centre, row.bar_centre, None]
    fig.add_trace(
        go.Scatter(
            name="leaders",
            x=xs,
            y=ys,
            mode="lines",
            line={"color": "#D0D0D0", "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    )


def _labels(fig: go.Figure, rows: Sequence[RankedRow], start: float, end: float, width: template.Width) -> None:
    """Names, figures and reasons, as text traces: hundreds of tick labels or annotations are slow to draw."""
    wide = width == "wide"
    after = "\u00a0" if wide else ""
    names = [
        (
            start,
            row.bar_centre if wide else row.top + LINE_HEIGHT * len(row.label) / 2,
            # The no-break space keeps right-aligned names off the axis; plotly would drop an ordinary one.
            bold_if("<br>".join(safe(line) + after for line in row.label), row.role == "chosen"),
        )
        for row in rows
    ]
    add_texts(fig, "names", names, "middle left" if wide else "middle right")
    figures = [
        (
            end,
            row.bar_centre if wide else row.top + LINE_HEIGHT * len(row.label) / 2,
            bold_if(("\u00a0" if wide else "") + safe(row.right), row.role == "chosen"),
        )
        for row in rows
        if row.value is not None
    ]
    add_texts(fig, "figures", figures, "middle right" if wide else "middle left")
    reasons = [
        (
            start,
            row.bar_centre if wide else row.top + LINE_HEIGHT * (len(row.label) + len(row.note) / 2),
            "<br>".join("\u00a0" + safe(line) for line in row.note) if wide else safe_lines(row.note),
        )
        for row in rows
        if row.value is None
    ]
    add_texts(fig, "reasons", reasons, "middle right", colour=template.SOFT_INK)


def _shade(
    cuts: Sequence[float], start: float, end: float, polarity: str, bottom: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Colour the top and the bottom quarter of the axis, and say which is which above: (shapes, notes)."""
    low_cut, high_cut = min(max(cuts[0], start), end), min(max(cuts[2], start), end)
    low_best = polarity == "low"
    low_words = "Top quarter" if low_best else "Bottom quarter"
    high_words = "Bottom quarter" if low_best else "Top quarter"
    shapes = [
        {
            "name": "top quarter" if best else "bottom quarter",
            "type": "rect",
            "xref": "x",
            "yref": "y",
            "x0": x0,
            "x1": x1,
            "y0": 0,
            "y1": bottom,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": template.BEST_SHADE if best else template.WORST_SHADE,
        }
        for x0, x1, best in ((start, low_cut, low_best), (high_cut, end, not low_best))
    ]
    notes = [
        template.note(
            "quarter",
            text,
            colour=template.SOFT_INK,
            x=x,
            xref="paper",
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=LINE_HEIGHT + 2,
        )
        for text, x, anchor in ((f"← {low_words}", 0, "left"), (f"{high_words} →", 1, "right"))
    ]
    return shapes, notes


def _alt(rows: Sequence[RankedRow], *, headline: str, indicator_title: str, england_text: str, neutral: bool) -> str:
    drawn = [row for row in rows if row.value is not None]
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    order = "highest first" if neutral else "best first"
    plural = "authority" if len(drawn) == 1 else "authorities"
    parts.append(f"Bar chart of {indicator_title} for {len(drawn)} {plural}, {order}")
    if drawn:
        parts[-1] += f", from {drawn[0].name} ({drawn[0].right}) to {drawn[-1].name} ({drawn[-1].right})"
    parts[-1] += "."
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        aside = f", not ranked: {chosen.why}" if chosen.why else ""
        parts.append(f"{chosen.name}: {chosen.right or ' '.join(chosen.note)}{aside}.")
    if hatched := sum(bool(row.why) for row in rows):
        parts.append(f"{hatched} hatched and not ranked: many are not known, or the base is hidden.")
    if england_text:
        parts.append(f"{england_text}.")
    if missing := len(rows) - len(drawn):
        parts.append(f"{missing} without a figure, listed at the bottom with the reason.")
    return " ".join(parts)


@template.pictured
def ranked(
    frame: pd.DataFrame,
    *,
    indicator_title: str,
    unit: str,
    decimals: int,
    polarity: str,
    polarity_words: str,
    authority_code: str,
    neighbour_codes: Collection[str],
    england: float | None,
    cuts: Sequence[float] | None,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    england_text: str = "",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a bar from zero for each authority, best at the top; rows without a figure last, with their reason.

    Clicking a bar gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame : DataFrame
        One row per authority. Where each has a ``rank`` the bars follow it, else the order of the rows. Columns:

        ``authority_code``, ``authority_name``, ``region`` (str)
            Which authority.
        ``value``, ``lower``, ``upper`` (float or missing)
            Figure and 95% interval, in ``unit``. A missing value is never drawn.
        ``rank`` (int or missing), ``rank_text``, ``band_text`` (str)
            Its place, its quarter A to D, and the place in words: ``7th= of 152``.
        ``value_text``, ``count_text`` (str)
            The figure and its counts as shown.
        ``status``, ``status_text`` (str)
            Kind of figure, and why there is none.
        ``unknown_text`` (str)
            Why a figure is not ranked, which hatches its bar; empty or absent where it is.
    indicator_title, unit : str
        Title of the axis, and its unit: ``per cent`` (or ``%``) or other words.
    decimals : int
        Decimals of England's figure where ``england_text`` is empty.
    polarity : str
        ``high``, ``low`` or ``neutral``; a neutral indicator has neither shading nor words about rank.
    polarity_words : str
        ``higher is better``, shown in the picture.
    authority_code : str
        The chosen authority; empty for none.
    neighbour_codes : collection of str
        Its statistical neighbours.
    england : float or None
        England's figure, drawn as a labelled line.
    cuts : sequence of float or None
        The three quartile cuts in ``unit``, for shading the top and the bottom quarter.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    england_text : str
        England's figure as shown elsewhere.

    Returns
    -------
    ChartResult
        From an empty frame, a sentence that says so.
    """
    if frame.empty:
        sentence = "There are no authorities to show for this choice."
        alt = f"{headline} {sentence}".strip()
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    percent = is_percent(unit)
    neutral = polarity not in {"high", "low"}
    neighbours = set(neighbour_codes)
    rows_given = sorted_rows(frame)
    england_value = number(england)
    england_words = ""
    if england_value is not None:
        shown = england_text or f"{england_value:,.{max(decimals, 0)}f}{'%' if percent else ''}"
        england_words = f"England {shown}"

    left = right = template.PAD
    if width == "wide":
        names = [
            text_width(
                marked_name(words(row.get("authority_name")), "neighbour"),
                TEXT_SIZE,
                bold=words(row.get("authority_code")) == authority_code,
            )
            for row in rows_given
        ]
        label_room = float(min(max([*names, 60.0]) + 8, _LABEL_ROOM))
        left = round(label_room) + template.PAD + 8
        figures = [f"{words(row.get('value_text'))}  {words(row.get('count_text'))}" for row in rows_given]
        right = round(min(max([text_width(text, TEXT_SIZE, bold=True) for text in figures] + [40.0]) + 16, 260))
        row_room = float(template.FITS[width] - left - 16)
    else:
        right = 20  # half of the last tick's label
        label_room = row_room = float(template.FITS[width] - left - right - 4)
    rows = lay_out(
        rows_given,
        width=width,
        authority_code=authority_code,
        neighbours=neighbours,
        ranked_words=not neutral,
        label_room=label_room,
        row_room=row_room,
    )
    drawn = [row for row in rows if row.value is not None]
    extent = [
        x
        for row in drawn
        for x in (row.value, row.upper if row.lower is not None else None, row.lower)
        if x is not None
    ]
    if england_value is not None:
        extent.append(england_value)
    start, end, ticks = axis_from_zero(extent, percent=percent)

    bottom = drawn[-1].top + drawn[-1].height if drawn else rows[-1].top + rows[-1].height
    fig = go.Figure()
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    _leaders(fig, drawn, end)
    _draw_bars(fig, drawn)
    fig.add_trace(_intervals_inside(drawn))
    good_cuts = [cut for cut in (number(cut) for cut in cuts or ()) if cut is not None]
    shaded = len(good_cuts) == 3 and not neutral and bool(drawn)
    if shaded:
        shapes, notes = _shade(sorted(good_cuts), start, end, polarity, bottom)
    if drawn:
        shapes += grid(ticks, bottom)
    if england_value is not None:
        # In the narrow layout names and figures stand between the bars, so the line is broken there.
        spans = (
            [(0.0, bottom)]
            if width == "wide"
            else [(row.bar_centre - row.bar_height / 2 - 2, row.bar_centre + row.bar_height / 2 + 2) for row in drawn]
        )
        dash = "dash" if len(spans) == 1 else "solid"
        fig.add_trace(
            upright_lines(
                "England",
                [(england_value, top, foot) for top, foot in spans],
                {"color": template.INK, "width": 1.5, "dash": dash},
            )
        )
        notes.append(line_name("England", england_words, england_value, (england_value - start) / (end - start)))
    plot_height = math.ceil(rows[-1].top + rows[-1].height)
    fig.update_xaxes(level_axis((start, end), ticks, tick_texts(ticks, unit), ticklabeloverflow="allow"))
    fig.update_yaxes(
        range=[plot_height, 0],
        showgrid=False,
        showticklabels=False,
        ticks="",
        showline=start == 0,
        fixedrange=True,
    )
    fig.update_layout(bargap=0)
    _labels(fig, rows, start, end, width)
    axis_lines = wrap(with_unit(indicator_title, unit), template.FITS[width] - left - 16, TEXT_SIZE)
    notes.append(axis_title(axis_lines))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(rows, polarity_words, neutral, intervals=any(row.lower is not None for row in drawn)),
        left=left,
        right=right,
        above=4 + (LINE_HEIGHT if england_value is not None or shaded else 0) + (LINE_HEIGHT if shaded else 0),
        below=28 + template.lines_height(len(axis_lines), TEXT_SIZE),
        annotations=notes,
        shapes=shapes,
    )
    alt = _alt(rows, headline=headline, indicator_title=indicator_title, england_text=england_words, neutral=neutral)
    return template.result(fig, headline, alt, filename)


def _key(rows: Sequence[RankedRow], polarity_words: str, neutral: bool, *, intervals: bool) -> list[template.KeyItem]:
    key = []
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        key.append(template.KeyItem(f"{CHOSEN_MARK}■", BAR_COLOURS["chosen"], chosen.name))
    if any(row.role == "neighbour" for row in rows):
        key.append(template.KeyItem(f"{NEIGHBOUR_MARK}■", BAR_COLOURS["neighbour"], "statistical neighbours"))
    if any(row.role == "other" for row in rows):
        key.append(template.KeyItem("■", BAR_COLOURS["other"], "other authorities"))
    if any(row.why for row in rows):
        key.append(template.KeyItem("▨", template.MID_GREY, "not ranked: many not known, or base hidden"))
    if intervals:
        key.append(template.KeyItem("├┤", template.INK, "95% interval"))
    if polarity_words.strip():
        end = "" if neutral else ", best at the top"
        key.append(template.KeyItem("", template.INK, f"{capitalised(polarity_words.strip().rstrip('.'))}{end}"))
    return key
