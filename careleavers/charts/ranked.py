"""Authorities side by side: a dot with its interval each, best at the top (the page Compare)."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import private, template
from careleavers.charts.axes import axis_from_zero, axis_title, grid, level_axis, tick_texts
from careleavers.charts.labels import add_texts, bold_if
from careleavers.charts.ranked_rows import MOST_WHOLE, SPACINGS, Gap, RankedRow, lay_out, shown_rows, sorted_rows
from careleavers.charts.row_parts import upright_lines
from careleavers.charts.styles import RANKED_DOTS, WHITE, marked_name
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    capitalised,
    is_percent,
    number,
    safe,
    text_width,
    with_unit,
    words,
    wrap,
)

# Roughly the height of title, key, axis and source.
_WORDS = 290
_LABEL_ROOM = 236  # widest label column of the wide layout; a longer name takes two lines


@dataclass(frozen=True)
class Comparator:
    """A figure that authorities are compared with.

    Attributes
    ----------
    name
        What it is called in the picture: ``Mean of its neighbours``.
    value
        The figure, in the unit of the chart.
    text
        The figure as shown.
    colour, dash
        Of its line.
    """

    name: str
    value: float
    text: str
    colour: str = template.INK
    dash: str = "dash"


def _dots(rows: Sequence[RankedRow]) -> list[go.Scatter]:
    """The intervals, a trace for each role so that each has its colour; and the dots upon them."""
    traces = []
    for role, style in RANKED_DOTS.items():
        own = [row for row in rows if row.role == role and row.lower is not None and row.upper is not None]
        if own:
            traces.append(
                go.Scatter(
                    name=f"interval {role}",
                    x=[x for row in own for x in (row.lower, row.upper, None)],
                    y=[y for row in own for y in (row.centre, row.centre, None)],
                    mode="lines",
                    line={"color": style.colour, "width": 3 if role == "chosen" else 2},
                    hoverinfo="skip",
                )
            )
    traces.append(
        go.Scatter(
            name="dots",
            x=[row.value for row in rows],
            y=[row.centre for row in rows],
            mode="markers",
            customdata=[[row.code, row.name] for row in rows],
            hovertext=[row.hover for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                # Unranked authorities are hollow, because for them a place at the top does not mean doing well.
                "color": [WHITE if row.why else RANKED_DOTS[row.role].colour for row in rows],
                "size": [RANKED_DOTS[row.role].size for row in rows],
                "symbol": [RANKED_DOTS[row.role].symbol for row in rows],
                "line": {
                    "width": [2 if row.why else 0 for row in rows],
                    "color": [RANKED_DOTS[r.role].colour for r in rows],
                },
                "opacity": 1,
            },
            # A click selects an authority; it must not fade the others while the page redraws.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    )
    return traces


def _texts(
    fig: go.Figure,
    rows: Sequence[RankedRow],
    gaps: Sequence[Gap],
    ends: tuple[float, float],
    each: float,
    width: template.Width,
) -> None:
    """Names, figures and counts as text traces: hundreds of tick labels or annotations are slow to draw.

    ``ends`` are those of the plot, ``each`` is a pixel in the unit of the figures.
    """
    start, end = ends
    wide = width == "wide"
    line = [row.centre if wide else row.top + LINE_HEIGHT * len(row.label) / 2 for row in rows]
    # The no-break space keeps right-aligned names off the axis; plotly would drop an ordinary one.
    after = "\u00a0" if wide else ""
    names = [
        (start, y, bold_if("<br>".join(safe(part) + after for part in row.label), row.role == "chosen"))
        for row, y in zip(rows, line, strict=True)
    ]
    add_texts(fig, "names", names, "middle left" if wide else "middle right")
    if wide:
        counted = max((text_width(row.count, TEXT_SIZE) for row in rows), default=0.0)
        figures = [
            (end - (counted + 14 if counted else 0) * each, y, f"<b>{safe(row.figure)}</b>")
            for row, y in zip(rows, line, strict=True)
        ]
        counts = [(end, y, safe(row.count)) for row, y in zip(rows, line, strict=True) if row.count]
        add_texts(fig, "figures", figures, "middle left")
        add_texts(fig, "counts", counts, "middle left", colour=template.SOFT_INK)
    else:
        figures = [
            (end, y, " ".join(part for part in (f"<b>{safe(row.figure)}</b>", safe(row.count)) if part))
            for row, y in zip(rows, line, strict=True)
        ]
        add_texts(fig, "figures", figures, "middle left")
    said = [(start, gap.centre, f"{gap.count} more{after}") for gap in gaps]
    add_texts(fig, "gaps", said, "middle left" if wide else "middle right", colour=template.SOFT_INK)


def _gap_lines(gaps: Sequence[Gap], start: float, end: float) -> list[dict[str, Any]]:
    return [
        {
            "name": "gap",
            "type": "line",
            "xref": "x",
            "yref": "y",
            "x0": start,
            "x1": end,
            "y0": gap.centre,
            "y1": gap.centre,
            "layer": "below",
            "line": {"color": "#C8C8C8", "width": 1, "dash": "dot"},
        }
        for gap in gaps
    ]


def _band(row: RankedRow, left: float, right: float, across: float) -> dict[str, Any]:
    """A pale band behind the chosen authority's row, over the whole picture."""
    return {
        "name": "chosen",
        "type": "rect",
        "xref": "paper",
        "yref": "y",
        "x0": -left / across,
        "x1": 1 + right / across,
        "y0": row.top,
        "y1": row.top + row.height,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": template.BEST_SHADE,
    }


def _side_by_side(comparators: Sequence[Comparator], ends: tuple[float, float], across: float) -> bool:
    """Whether there are two lines whose names have room on one line of text, each on its own side."""
    if len(comparators) != 2:
        return False
    start, end = ends
    left, right = sorted(comparators, key=lambda found: found.value)
    sizes = (text_width(f"{found.name} {found.text}", TEXT_SIZE, bold=True) + 6 for found in (left, right))
    rooms = ((left.value - start) / (end - start) * across, (end - right.value) / (end - start) * across)
    return all(size <= room for size, room in zip(sizes, rooms, strict=True))


def _comparator_names(
    comparators: Sequence[Comparator], ends: tuple[float, float], *, side_by_side: bool
) -> list[dict[str, Any]]:
    """The names of the upright lines above the plot: one above the other, or two on one line of text."""
    notes = []
    start, end = ends
    lowest = min((found.value for found in comparators), default=0.0)
    for level, found in enumerate(reversed(comparators)):
        share = (found.value - start) / (end - start)
        anchor = "left" if share < 0.3 else "right" if share > 0.7 else "center"
        if side_by_side:
            # Of two with the same figure, the last is the one at the left.
            first = found.value == lowest and (level == 0 or comparators[0].value != comparators[1].value)
            anchor = "right" if first else "left"
        notes.append(
            template.note(
                "England" if found.name == "England" else "comparator",
                f"<b>{safe(f'{found.name} {found.text}'.strip())}</b>",
                colour=template.INK if found.colour != template.TURQUOISE else "#0B5F59",
                x=found.value,
                xref="x",
                xanchor=anchor,
                xshift=0 if not side_by_side else -2 if anchor == "right" else 2,
                y=1,
                yref="paper",
                yanchor="bottom",
                yshift=1 if side_by_side else 1 + level * LINE_HEIGHT,
            )
        )
    return notes


def _alt(
    rows: Sequence[RankedRow],
    gaps: Sequence[Gap],
    missing: int,
    *,
    headline: str,
    indicator_title: str,
    comparators: Sequence[Comparator],
    neutral: bool,
) -> str:
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    order = "highest first" if neutral else "best first"
    count = len(rows) + sum(gap.count for gap in gaps)
    said = f"{len(rows)} of {count} authorities" if gaps else f"{count} {'authority' if count == 1 else 'authorities'}"
    kind = "Dots with 95% intervals" if any(row.lower is not None for row in rows) else "Dots"
    parts.append(f"{kind}: {indicator_title} for {said}, {order}")
    if rows:
        parts[-1] += f", from {rows[0].name} ({rows[0].right}) to {rows[-1].name} ({rows[-1].right})"
    parts[-1] += "."
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        aside = f", not ranked: {chosen.why}" if chosen.why else ""
        parts.append(f"{chosen.name}: {chosen.right}{aside}.")
    if hollow := sum(bool(row.why) for row in rows):
        parts.append(f"{hollow} hollow and not ranked: many are not known, or the base is not published.")
    parts += [f"{found.name} {found.text}.".replace(" .", ".") for found in comparators]
    if missing:
        parts.append(f"{missing} without a figure.")
    return " ".join(parts)


@template.pictured
def ranked(
    frame: pd.DataFrame,
    *,
    indicator_title: str,
    unit: str,
    polarity: str,
    polarity_words: str,
    authority_code: str,
    neighbour_codes: Collection[str],
    comparators: Sequence[Comparator],
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    everyone: bool = False,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a dot with its interval for each authority, best at the top; of many, only some unless ``everyone``.

    Which are shown is decided by :func:`careleavers.charts.ranked_rows.shown_rows`. The picture to download is always of
    these, because all of them do not fit on a page. Clicking a dot gives the authority's code as the first entry of
    ``customdata``.

    Parameters
    ----------
    frame
        One row per authority. Where each has a ``rank`` the rows follow it, else the order of the frame. Columns:

        ``authority_code``, ``authority_name``, ``region`` (str)
            Which authority.
        ``value``, ``lower``, ``upper`` (float or missing)
            Figure and 95% interval, in ``unit``. A missing value is never drawn.
        ``rank`` (int or missing), ``rank_text``, ``band_text`` (str)
            Its place, the place in words (``7th= of 152``), and its quarter.
        ``value_text``, ``count_text`` (str)
            The figure and its counts as shown.
        ``status``, ``status_text`` (str)
            Kind of figure.
        ``unknown_text`` (str)
            Why a figure is not ranked, which makes its dot hollow; empty or absent where it is.
    indicator_title, unit
        Title of the axis, and its unit: ``per cent`` (or ``%``) or other words.
    polarity
        ``high``, ``low`` or ``neutral``; a neutral indicator has no words about rank.
    polarity_words
        ``higher is better``, shown in the picture.
    authority_code
        The chosen authority; empty for none.
    neighbour_codes
        Its statistical neighbours.
    comparators
        What they are compared with, each drawn as a labelled line.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    everyone
        Whether all are shown.

    Returns
    -------
    ChartResult
        Where no row has a figure, a sentence that says so.
    """
    rows_given = sorted_rows(frame)
    if not rows_given:
        sentence = "There is no authority with a figure to show for this choice."
        alt = f"{headline.rstrip('. ')}. {sentence}".strip(". ") + "."
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    shown = shown_rows(rows_given, authority_code, set(neighbour_codes), everyone=everyone)
    draw = partial(
        _draw,
        shown,
        missing=len(frame) - len(rows_given),
        indicator_title=indicator_title,
        unit=unit,
        neutral=polarity not in {"high", "low"},
        polarity_words=polarity_words,
        authority_code=authority_code,
        neighbours=set(neighbour_codes),
        comparators=[found for found in comparators if number(found.value) is not None],
        headline=headline,
        subtitle=subtitle,
        footer=footer,
        filename=filename,
        width=width,
    )
    # The roomiest spacing that a picture's height allows. The height of the words is only known once they are drawn.
    gaps = sum(isinstance(row, int) for row in shown)
    heights = [(len(shown) - gaps) * row + gaps * gap for row, gap in SPACINGS]
    fits = (place for place, height in enumerate(heights) if height + _WORDS <= template.MOST_HEIGHT)
    place = next(fits, len(SPACINGS) - 1)
    drawn = draw(spacing=SPACINGS[place])
    while width == "wide" and drawn.height > template.MOST_HEIGHT and place < len(SPACINGS) - 1:
        place += 1
        drawn = draw(spacing=SPACINGS[place])
    if everyone and len(rows_given) > MOST_WHOLE and width == "wide":
        again = partial(
            ranked, frame, indicator_title=indicator_title, unit=unit, polarity=polarity, polarity_words=polarity_words,
            authority_code=authority_code, neighbour_codes=neighbour_codes, comparators=comparators, headline=headline,
            subtitle=subtitle, footer=footer, filename=filename,
        )  # fmt: skip
        return replace(drawn, wide=again)
    return drawn


def _draw(
    shown: Sequence[dict[str, Any] | int],
    *,
    missing: int,
    indicator_title: str,
    unit: str,
    neutral: bool,
    polarity_words: str,
    authority_code: str,
    neighbours: Collection[str],
    comparators: Sequence[Comparator],
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width,
    spacing: tuple[float, float],
) -> template.ChartResult:
    given = [row for row in shown if not isinstance(row, int)]
    left = right = template.PAD
    if width == "wide":
        names = [
            text_width(
                marked_name(words(row.get("authority_name")), "neighbour"),
                TEXT_SIZE,
                bold=words(row.get("authority_code")) == authority_code,
            )
            for row in given
        ]
        label_room = float(min(max([*names, 60.0]) + 8, _LABEL_ROOM))
        left = round(label_room) + template.PAD + 8
        figures = max(text_width(words(row.get("value_text")), TEXT_SIZE, bold=True) for row in given)
        counts = max(text_width(words(row.get("count_text")), TEXT_SIZE) for row in given)
        right = round(min(max(figures, 30.0) + (counts + 14 if counts else 0) + 28, 280))
    else:
        values = [number(row.get(column)) for row in given for column in ("value", "lower", "upper")]
        values += [found.value for found in comparators]
        last = axis_from_zero([x for x in values if x is not None], percent=is_percent(unit)).ticks[-1:]
        right = round(max([20.0, *(text_width(text, TEXT_SIZE) / 2 + 4 for text in tick_texts(last, unit))]))
        label_room = float(template.FITS[width] - left - right - 4)
    rows, gaps, height = lay_out(
        shown,
        width=width,
        authority_code=authority_code,
        neighbours=neighbours,
        ranked_words=not neutral,
        label_room=label_room,
        spacing=spacing,
    )
    extent = [x for row in rows for x in (row.value, row.lower, row.upper) if x is not None]
    extent += [found.value for found in comparators]
    start, end, ticks = axis_from_zero(extent, percent=is_percent(unit))
    across = float(template.FITS[width] - left - right)
    plot_height = math.ceil(height) + 4
    # Figures stand within the plot, right of the axis's last tick: Plotly draws no text beyond an axis.
    beyond = right - template.PAD if width == "wide" else 0
    edge = end + beyond * (end - start) / across
    right -= beyond

    fig = go.Figure()
    for found in comparators:
        # In the narrow layout names and figures stand between the dots, so the line is broken there.
        spans = [(0.0, float(plot_height))] if width == "wide" else [(row.centre - 9, row.centre + 9) for row in rows]
        line = {"color": found.colour, "width": 2, "dash": found.dash if width == "wide" else "solid"}
        fig.add_trace(
            upright_lines(
                "England" if found.name == "England" else "comparator", [(found.value, *span) for span in spans], line
            )
        )
    for each in _dots(rows):
        fig.add_trace(each)
    private.set_unchecked(
        fig,
        xaxis=level_axis((start, edge), ticks, tick_texts(ticks, unit), ticklabeloverflow="allow"),
        yaxis={
            "range": [plot_height, 0],
            "showgrid": False,
            "showticklabels": False,
            "ticks": "",
            "showline": False,
            "fixedrange": True,
        },
    )
    _texts(fig, rows, gaps, (start, edge), (end - start) / across, width)
    shapes = grid(ticks, plot_height)
    if width == "wide":
        shapes += _gap_lines(gaps, start, end)
    shapes += [_band(row, float(left), float(right), across + beyond) for row in rows if row.role == "chosen"]
    paired = _side_by_side(comparators, (start, edge), across + beyond)
    # The subtitle names the measure, and gives its unit where the ticks do not.
    axis_lines = wrap(with_unit(indicator_title, unit), across, TEXT_SIZE) if not is_percent(unit) else []
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(rows, authority_code, polarity_words, neutral, intervals=any(row.lower is not None for row in rows)),
        left=left,
        right=right,
        above=6 + LINE_HEIGHT * (1 if paired else len(comparators)),
        below=26 + template.lines_height(len(axis_lines), TEXT_SIZE),
        annotations=[
            *_comparator_names(comparators, (start, edge), side_by_side=paired),
            *([axis_title(axis_lines)] if axis_lines else []),
        ],
        shapes=shapes,
    )
    alt = _alt(
        rows,
        gaps,
        missing,
        headline=headline,
        indicator_title=indicator_title,
        comparators=comparators,
        neutral=neutral,
    )
    return template.result(fig, headline, alt, filename)


def _key(
    rows: Sequence[RankedRow], authority_code: str, polarity_words: str, neutral: bool, *, intervals: bool
) -> list[template.KeyItem]:
    roles = {row.role for row in rows}
    key = []
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        key.append(RANKED_DOTS["chosen"].key(chosen.name))
    if "neighbour" in roles:
        key.append(RANKED_DOTS["neighbour"].key("statistical neighbours"))
    if "other" in roles:
        key.append(RANKED_DOTS["other"].key("others" if authority_code else "authorities"))
    if any(row.why for row in rows):
        key.append(template.KeyItem("○", template.MID_GREY, "not ranked: many not known, or base hidden"))
    if intervals:
        key.append(template.KeyItem("—", template.MID_GREY, "95% interval"))
    if polarity_words.strip():
        end = "" if neutral else ", best at the top"
        key.append(template.KeyItem("", template.INK, f"{capitalised(polarity_words.strip().rstrip('.'))}{end}"))
    return key
