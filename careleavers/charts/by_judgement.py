"""Authorities' figures by Ofsted's judgement of each, one row per judgement (the page Inspections).

A judgement has a name and a place in the order, never a colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import (
    AxisRange,
    axis_from_zero_if_near,
    axis_title,
    grid,
    hidden_axis,
    level_axis,
    tick_texts,
)
from careleavers.charts.labels import add_texts, line_name
from careleavers.charts.row_parts import middle_half, upright_line, upright_lines
from careleavers.charts.styles import CHOSEN_MARK, JUDGEMENT_DOTS
from careleavers.charts.swarms import dense_swarm
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
    tick_words,
    with_unit,
    words,
    wrap,
    wrap_even,
)

_REACH = 25.0  # pixels that a dot may move from the middle of its row
_BETWEEN = 12  # pixels between two rows
_TRACES = {"other": "authorities", "neighbour": "neighbours", "chosen": "chosen"}


@dataclass(frozen=True)
class _Dot:
    """One authority: its row of the frame, its figure, and how far down its dot is and its name would be, in pixels."""

    row: dict[str, Any]
    value: float
    y: float
    name_y: float
    role: str

    @property
    def chosen(self) -> bool:
        return self.role == "chosen"


@dataclass(frozen=True)
class _Group:
    """One judgement: label (plotly text), text alternative, dots, quartiles, and its place in pixels from the top."""

    label: str
    alt: str
    dots: tuple[_Dot, ...]
    q25: float | None
    median: float | None
    q75: float | None
    label_y: float
    centre: float
    bottom: float


@template.pictured
def by_judgement(
    frame: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    indicator_title: str,
    unit: str,
    england: float | None,
    england_text: str,
    polarity_words: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a row for each judgement: every authority a dot, the middle half shaded, the median a line.

    Clicking a dot gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per authority. Columns:

        ``authority_code``, ``authority_name``, ``judgement`` (str)
            Which authority, and the group it is in.
        ``value`` (float or missing)
            Figure, in ``unit``. A missing value is never drawn.
        ``value_text``, ``count_text`` (str)
            The figure and its counts as shown.
        ``is_chosen``, ``is_neighbour`` (bool)
            Whether it is the chosen authority, or one of its neighbours.
    groups
        One row per judgement, in the order to draw. Columns:

        ``judgement``, ``label`` (str)
            The group, and what it is called in the picture.
        ``group_q25``, ``group_median``, ``group_q75`` (float or missing)
            Its quartiles, in ``unit``; missing where it is too small.
        ``count_text``, ``median_text`` (str)
            How many it has, and its median, in words.
    indicator_title, unit
        Title of the axis, and its unit: ``per cent`` or other words.
    england
        England's figure, drawn as a line.
    england_text
        The same as written: ``England 54%``.
    polarity_words
        ``higher is better``, shown in the picture.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so.
    """
    drawn = [row for row in frame_records(frame) if number(row.get("value")) is not None]
    if not drawn:
        sentence = "No authority has a figure to show for this choice."
        alt = f"{headline}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    percent, wide = is_percent(unit), width == "wide"
    england_value = number(england)
    values = [number(row["value"]) or 0.0 for row in drawn] + ([england_value] if england_value is not None else [])
    axis = axis_from_zero_if_near(values, percent=percent)
    start, end, ticks = axis
    label_room = 200.0 if wide else float(template.FITS[width] - 2 * template.PAD - 16)
    left = round(label_room) + template.PAD + 10 if wide else template.PAD + 6
    right = 20
    plot_width = template.FITS[width] - left - right
    laid = _lay_out(drawn, frame_records(groups), axis, plot_width, label_room, width)
    bottom = laid[-1].bottom if laid else -_BETWEEN
    named = [found for group in laid for found in group.dots if found.chosen]
    chosen = named[-1] if named else None

    fig = go.Figure()
    shapes = [
        middle_half(group.q25, group.q75, group.centre, _REACH + 4)
        for group in laid
        if group.q25 is not None and group.q75 is not None
    ]
    shapes += grid(ticks if wide else (), bottom)
    notes: list[dict[str, Any]] = []
    if england_value is not None:
        dashed = {"color": template.MID_GREY, "width": 1.5, "dash": "dash"}
        fig.add_trace(upright_line("England", england_value, (0, bottom), dashed))
        notes.append(line_name("England", england_text, england_value, (england_value - start) / (end - start)))
    medians = [
        (group.median, group.centre - _REACH - 4, group.centre + _REACH + 4)
        for group in laid
        if group.median is not None
    ]
    fig.add_trace(upright_lines("medians", medians, {"color": template.INK, "width": 3}))
    _draw_dots(fig, [found for group in laid for found in group.dots], wide)
    # No-break spaces keep right-aligned labels off the axis; plotly would drop ordinary ones.
    after = "\u00a0\u00a0"
    labels = [
        (start, group.label_y, group.label.replace("<br>", after + "<br>") + after if wide else group.label)
        for group in laid
    ]
    add_texts(fig, "labels", labels, "middle left" if wide else "middle right")
    if chosen is not None:
        notes.append(_chosen_name(chosen, axis, plot_width))
    plot_height = math.ceil(bottom)
    fig.update_xaxes(level_axis((start, end), ticks, tick_texts(ticks, unit), showline=True))
    fig.update_yaxes(hidden_axis(plot_height, 0))
    from_words = "" if start == 0 else f" (the axis starts at {tick_words(start, unit)})"
    title = wrap(with_unit(indicator_title, unit) + from_words, template.FITS[width] - left - 16, TEXT_SIZE)
    notes.append(axis_title(title))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(chosen, drawn, polarity_words, medians=bool(medians)),
        left=left,
        right=right,
        above=4 + (LINE_HEIGHT if england_value is not None else 0),
        below=28 + template.lines_height(len(title), TEXT_SIZE),
        annotations=notes,
        shapes=shapes,
    )
    parts = [f"{headline.rstrip('. ')}. Dots of {len(drawn)} authorities by judgement."]
    parts += [f"{group.alt}." for group in laid]
    if chosen is not None:
        row = chosen.row
        parts.append(
            f"{words(row.get('authority_name'))}, {words(row.get('judgement'))}: {words(row.get('value_text'))}."
        )
    if england_value is not None:
        parts.append(f"{england_text}.")
    return template.result(fig, headline, " ".join(parts), filename)


def _lay_out(
    drawn: Sequence[dict[str, Any]],
    groups: Sequence[dict[str, Any]],
    axis: AxisRange,
    plot_width: float,
    label_room: float,
    width: template.Width,
) -> list[_Group]:
    """Place every row and every dot."""
    size = _dot_size("other", width == "wide")
    scale = (plot_width - 8) / (axis.end - axis.start)
    laid = []
    top = 0.0
    for group in groups:
        members = [row for row in drawn if words(row.get("judgement")) == words(group.get("judgement"))]
        # The chosen authority is placed first, so it is in the middle of its row.
        members.sort(key=lambda row: (not bool(row.get("is_chosen")), number(row["value"]) or 0.0))
        lines = wrap_even(words(group.get("label")), label_room, TEXT_SIZE, bold=True)
        facts = f"{words(group.get('count_text'))}, {words(group.get('median_text'))}"
        fact_lines = wrap(facts, label_room, TEXT_SIZE)
        text_height = (len(lines) + len(fact_lines)) * LINE_HEIGHT
        own = next((row for row in members if bool(row.get("is_chosen"))), None)
        named = wrap_even(_chosen_label(own), plot_width, TEXT_SIZE, bold=True) if own is not None else []
        above = len(named) * LINE_HEIGHT + 4 if named else 0
        body = 2 * _REACH + size + 8
        if width == "wide":
            height = max(text_height + 8, body + above)
            centre = top + above + (height - above) / 2
            label_y = top + height / 2
        else:
            height = text_height + above + body
            centre = top + text_height + above + body / 2
            label_y = top + text_height / 2
        offsets = dense_swarm([(number(row["value"]) or 0.0) * scale for row in members], size=size, most=_REACH)
        laid.append(
            _Group(
                label=safe_lines(lines, bold=True) + "<br>" + safe_lines(fact_lines),
                alt=f"{words(group.get('label'))}: {facts}",
                dots=tuple(
                    _Dot(
                        row,
                        number(row["value"]) or 0.0,
                        centre - offset,
                        centre - _REACH - size / 2 - 2,
                        _role(row),
                    )
                    for row, offset in zip(members, offsets, strict=True)
                ),
                q25=number(group.get("group_q25")),
                median=number(group.get("group_median")),
                q75=number(group.get("group_q75")),
                label_y=label_y,
                centre=centre,
                bottom=top + height,
            )
        )
        top += height + _BETWEEN
    return laid


def _role(row: dict[str, Any]) -> str:
    if bool(row.get("is_chosen")):
        return "chosen"
    return "neighbour" if bool(row.get("is_neighbour")) else "other"


def _dot_size(role: str, wide: bool) -> float:
    return JUDGEMENT_DOTS[role].size - (0.0 if wide else 1.0)


def _draw_dots(fig: go.Figure, dots: Sequence[_Dot], wide: bool) -> None:
    for role, style in JUDGEMENT_DOTS.items():
        some = [found for found in dots if found.role == role]
        if some:
            fig.add_trace(
                go.Scatter(
                    name=_TRACES[role],
                    x=[found.value for found in some],
                    y=[found.y for found in some],
                    mode="markers",
                    customdata=[[words(found.row.get("authority_code"))] for found in some],
                    hovertext=[_hover(found.row) for found in some],
                    hovertemplate="%{hovertext}<extra></extra>",
                    marker={
                        "symbol": style.symbol,
                        "size": _dot_size(role, wide),
                        "color": style.colour,
                        "opacity": 1,
                        "line": {"width": 0.5, "color": style.outline},
                    },
                    cliponaxis=False,
                )
            )


def _chosen_name(chosen: _Dot, axis: AxisRange, plot_width: float) -> dict[str, Any]:
    """The name of the chosen authority: over its dot, or moved aside as far as needed to stay inside."""
    label = wrap_even(_chosen_label(chosen.row), plot_width, TEXT_SIZE, bold=True)
    length = max(text_width(line, TEXT_SIZE, bold=True) for line in label)
    at = (chosen.value - axis.start) / (axis.end - axis.start) * plot_width
    return template.note(
        "chosen",
        safe_lines(label, bold=True),
        x=chosen.value,
        xref="x",
        xanchor="left",
        xshift=max(min(at - length / 2, plot_width - length), 0) - at,
        y=chosen.name_y,
        yref="y",
        yanchor="bottom",
        align="left",
        bgcolor="rgba(255,255,255,0.85)",
    )


def _key(
    chosen: _Dot | None, drawn: Sequence[dict[str, Any]], polarity_words: str, *, medians: bool
) -> list[template.KeyItem]:
    key = []
    if chosen is not None:
        key.append(JUDGEMENT_DOTS["chosen"].key(words(chosen.row.get("authority_name"))))
    if any(_role(row) == "neighbour" for row in drawn):
        key.append(JUDGEMENT_DOTS["neighbour"].key("its statistical neighbours"))
    key.append(JUDGEMENT_DOTS["other"].key("other authorities" if key else "one dot for each authority"))
    if medians:
        key += [
            template.KeyItem("┃", template.INK, "median"),
            template.KeyItem("■", template.MIDDLE_GREY, "middle half of the group"),
        ]
    if polarity_words.strip():
        key.append(template.KeyItem("", template.INK, capitalised(polarity_words)))
    return key


def _chosen_label(row: dict[str, Any]) -> str:
    return f"{CHOSEN_MARK} {words(row.get('authority_name'))} {words(row.get('value_text'))}"


def _hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>", safe(words(row.get("judgement")))]
    return "<br>".join([*facts, safe(figure_words(row))])
