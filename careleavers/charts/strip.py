"""Strip plot: one dot per authority, one row per group, with the group's middle half and median (the page Spread)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_title, axis_to_fit, level_axis, tick_texts
from careleavers.charts.labels import line_name
from careleavers.charts.row_parts import middle_half, upright_lines
from careleavers.charts.styles import ROLES, STRIP_DOTS, role_of
from careleavers.charts.swarms import swarm
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

_DOT = 9.0
_REACH = 27.0  # how far a dot may move from the middle of its row
_LABEL_ROOM = 190


@dataclass(frozen=True)
class _Group:
    """One row: its dots, its quartiles, and its place in pixels from the top of the plotting area."""

    label: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    offsets: tuple[float, ...]
    q25: float | None
    median: float | None
    q75: float | None
    note: str
    label_top: float
    centre: float
    half: float
    bottom: float


def _groups(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame_records(frame):
        groups.setdefault(words(row.get("group_name")) or "Group not given", []).append(row)
    return groups


def _role(row: dict[str, Any]) -> str:
    return role_of(row.get("role"))


def _figure(row: dict[str, Any]) -> float | None:
    value = number(row.get("value"))
    return value if value is not None and abs(value) < 1e12 else None


def _hover(row: dict[str, Any], group: str) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>", safe(group)]
    facts.append(safe(figure_words(row)))
    facts.append(safe(words(row.get("extra_text"))))
    return "<br>".join(fact for fact in facts if fact)


@template.pictured
def strip(
    frame: pd.DataFrame,
    *,
    value_title: str,
    unit: str,
    centre: float | None,
    centre_text: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    polarity_words: str = "",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw one row of dots per group, with the chosen authority named and its neighbours coloured.

    Clicking a dot gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per authority; groups are drawn in the order of their first rows. Columns:

        ``group_name``, ``group_text`` (str)
            The group; how many it has and its median, in words.
        ``group_q25``, ``group_median``, ``group_q75`` (float or missing)
            Its quartiles, in ``unit``; missing where it is too small.
        ``authority_code``, ``authority_name`` (str)
            Which authority.
        ``value`` (float or missing)
            Figure, in ``unit``. Rows without one are not drawn.
        ``value_text``, ``count_text`` (str)
            The figure and its counts as shown.
        ``role`` (str)
            ``chosen``, ``neighbour`` or ``other``.
        ``extra_text`` (str), optional
            What else is shown when a dot is pointed at.
    value_title, unit
        What the axis shows, and its unit: ``per cent`` keeps the axis within 0 to 100.
    centre
        England's figure, drawn as a line.
    centre_text
        The same as written: ``England 54%``.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    polarity_words
        ``higher is better``, shown in the picture.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so.
    """
    groups = _groups(frame)
    figures = [value for rows in groups.values() for row in rows if (value := _figure(row)) is not None]
    if not figures:
        sentence = "No authority has a figure to draw here."
        alt = f"{headline}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    percent = is_percent(unit)
    wide = width == "wide"
    middle = number(centre)
    start, end, ticks = axis_to_fit(
        [*figures, *([middle] if middle is not None else [])], percent=percent, about=6 if wide else 4
    )
    left = right = template.PAD + 8
    if wide:
        names = [
            text_width(line, TEXT_SIZE, bold=True)
            for name in groups
            for line in wrap(name, _LABEL_ROOM, TEXT_SIZE, bold=True)
        ]
        notes_wide = [text_width(words(rows[0].get("group_text")), TEXT_SIZE) for rows in groups.values()]
        left = round(min(max(names + notes_wide), _LABEL_ROOM) + template.PAD + 18)
    across = float(template.FITS[width] - left - right)
    laid = _lay_out(groups, start, end, across, width)
    height = math.ceil(laid[-1].bottom)

    fig = go.Figure()
    dots = [(row, group, offset) for group in laid for row, offset in zip(group.rows, group.offsets, strict=True)]
    # The chosen authority is drawn last, so that it lies on top.
    dots.sort(key=lambda dot: ROLES.index(_role(dot[0])))
    styles = [STRIP_DOTS[_role(row)] for row, *_ in dots]
    fig.add_trace(
        go.Scatter(
            name="dots",
            x=[row["value"] for row, *_ in dots],
            y=[group.centre + offset for _, group, offset in dots],
            mode="markers",
            customdata=[[words(row.get("authority_code")), words(row.get("authority_name"))] for row, *_ in dots],
            hovertext=[_hover(row, words(row.get("group_name"))) for row, *_ in dots],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": [style.colour for style in styles],
                "size": [style.size for style in styles],
                "symbol": [style.symbol for style in styles],
                "line": {"width": 1, "color": styles[0].outline},
                "opacity": 1,
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    )
    medians = [
        (group.median, group.centre - group.half, group.centre + group.half)
        for group in laid
        if group.median is not None
    ]
    fig.add_trace(upright_lines("medians", medians, {"color": template.INK, "width": 3}))
    shapes = [
        {
            "name": "grid", "type": "line", "xref": "x", "yref": "paper", "x0": tick, "x1": tick, "y0": 0, "y1": 1,
            "layer": "below", "line": {"color": template.HAIRLINE, "width": 1},
        }
        for tick in ticks
    ]  # fmt: skip
    shapes += [
        middle_half(group.q25, group.q75, group.centre, group.half)
        for group in laid
        if group.q25 is not None and group.q75 is not None
    ]
    notes = _labels(laid, left, wide)
    notes += _chosen_name(laid, start, end, across)
    if middle is not None:
        across_rows = [(middle, group.centre - group.half - 2, group.centre + group.half + 2) for group in laid]
        fig.add_trace(upright_lines("England", across_rows, {"color": template.INK, "width": 1.5, "dash": "dash"}))
        notes.append(line_name("England", centre_text, middle, (middle - start) / (end - start)))
    title = wrap(with_unit(value_title, unit), template.FITS[width] - left - template.PAD, TEXT_SIZE)
    notes.append(axis_title(title))
    texts = tick_texts(ticks, unit)
    fig.update_xaxes(level_axis((start, end), ticks, texts, ticklabeloverflow="allow", showline=True))
    fig.update_yaxes(range=[height, 0], showgrid=False, showticklabels=False, ticks="", fixedrange=True)
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        key=_key(laid, polarity_words),
        left=left,
        right=right,
        above=4 + (LINE_HEIGHT + 2 if middle is not None else 0),
        below=28 + template.lines_height(len(title), TEXT_SIZE),
        annotations=notes,
        shapes=shapes,
    )
    return template.result(fig, headline, _alt(laid, headline, centre_text), filename)


def _lay_out(
    groups: dict[str, list[dict[str, Any]]], start: float, end: float, across: float, width: template.Width
) -> list[_Group]:
    laid = []
    top = 0.0
    for name, rows in groups.items():
        drawn = [{**row, "value": value} for row in rows if (value := _figure(row)) is not None]
        offsets = swarm([(row["value"] - start) / (end - start) * across for row in drawn], size=_DOT, most=_REACH)
        half = max([abs(offset) for offset in offsets] + [8.0]) + _DOT / 2 + 1
        note = words(rows[0].get("group_text"))
        named = max(
            [len(_chosen_lines(row, across)) * LINE_HEIGHT + 2 for row in drawn if _role(row) == "chosen"] + [0]
        )
        if width == "wide":
            label = wrap(name, _LABEL_ROOM, TEXT_SIZE, bold=True)
            text_height = (len(label) + (1 if note else 0)) * LINE_HEIGHT
            height = max(2 * half + named, text_height) + 12
            centre = top + 6 + named + max(half, (text_height - named) / 2)
            label_top = centre - text_height / 2
        else:
            label = wrap(f"{name}: {note}" if note else name, across, TEXT_SIZE, bold=True)
            height = len(label) * LINE_HEIGHT + named + 2 * half + 16
            centre = top + 6 + len(label) * LINE_HEIGHT + named + half
            label_top = top + 6
        laid.append(
            _Group(
                label=tuple(label),
                rows=tuple(drawn),
                offsets=tuple(offsets),
                q25=number(rows[0].get("group_q25")),
                median=number(rows[0].get("group_median")),
                q75=number(rows[0].get("group_q75")),
                note=note,
                label_top=label_top,
                centre=centre,
                half=half,
                bottom=top + height,
            )
        )
        top += height
    return laid


def _labels(laid: Sequence[_Group], left: int, wide: bool) -> list[dict[str, Any]]:
    notes = []
    for group in laid:
        text = safe_lines(group.label, bold=True)
        if wide and group.note:
            text += f"<br>{safe(group.note)}"
        notes.append(
            template.note(
                "group", text, x=0, xref="paper", xanchor="left", xshift=template.PAD - left, y=group.label_top, yref="y",
                yanchor="top", align="left",
            )
        )  # fmt: skip
    return notes


def _chosen_lines(row: dict[str, Any], across: float) -> list[str]:
    """Name and figure of the chosen authority, on as many lines as the plot needs."""
    text = ", ".join(part for part in (words(row.get("authority_name")), words(row.get("value_text"))) if part)
    return wrap_even(text or "Name not given", across, TEXT_SIZE, bold=True)


def _chosen_name(laid: Sequence[_Group], start: float, end: float, across: float) -> list[dict[str, Any]]:
    """The chosen authority's name above its row, over its dot, with a short line down to it."""
    notes = []
    for group in laid:
        for row, offset in zip(group.rows, group.offsets, strict=True):
            if _role(row) != "chosen":
                continue
            text = _chosen_lines(row, across)
            half = max(text_width(line, TEXT_SIZE, bold=True) for line in text) / 2
            x = (row["value"] - start) / (end - start) * across
            # Fits inside the plotting area at its narrowest; a wider one only leaves more space.
            shift = max(half - x, 0) + min(across - half - x, 0)
            notes.append(
                {
                    **template.note(
                        "chosen", safe_lines(text, bold=True), x=row["value"], xref="x", y=group.centre + offset, yref="y",
                        xanchor="center", yanchor="bottom",
                    ),
                    "showarrow": True,
                    "arrowhead": 0,
                    "arrowwidth": 1,
                    "arrowcolor": template.INK,
                    "standoff": 7,
                    "ax": shift,
                    "ay": -(group.half + offset + 1),
                }
            )  # fmt: skip
    return notes


def _key(laid: Sequence[_Group], polarity_words: str) -> list[template.KeyItem]:
    roles = {_role(row) for group in laid for row in group.rows}
    key = []
    if "chosen" in roles:
        chosen = next(row for group in laid for row in group.rows if _role(row) == "chosen")
        key.append(STRIP_DOTS["chosen"].key(words(chosen.get("authority_name"))))
    if "neighbour" in roles:
        key.append(STRIP_DOTS["neighbour"].key("statistical neighbours"))
    if "other" in roles:
        key.append(STRIP_DOTS["other"].key("one dot for each authority"))
    key.append(template.KeyItem("|", template.INK, "median of the group"))
    if any(group.q25 is not None for group in laid):
        key.append(template.KeyItem("■", template.RANGE_GREY, "middle half of the group"))
    if polarity_words.strip():
        key.append(template.KeyItem("", template.INK, capitalised(polarity_words.strip().rstrip("."))))
    return key


def _alt(laid: Sequence[_Group], headline: str, centre_text: str) -> str:
    parts = [f"{headline.rstrip('. ')}." if headline.strip() else ""]
    count = sum(len(group.rows) for group in laid)
    parts.append(f"Strip plot of {count} authorities in {len(laid)} groups.")
    for group in laid:
        name = " ".join(group.label)
        parts.append(f"{name}: {group.note}." if group.note and group.note not in name else f"{name}.")
    if centre_text:
        parts.append(f"{centre_text}.")
    return " ".join(part for part in parts if part)
