"""Rows of the chart of ranked bars: their order, and room for names, bars and reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.charts import template
from careleavers.charts.styles import marked_name
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import figure_words, number, records, safe, text_width, words, wrap, wrap_even

_MANY = 40  # above this many rows they are drawn closer together


@dataclass(frozen=True)
class RankedRow:
    """One authority as it is drawn.

    Attributes
    ----------
    code, name : str
        Which authority.
    label, note : tuple of str
        Its name, and the reason for a missing figure, wrapped.
    value, lower, upper : float or None
        Figure and interval.
    right : str
        Figure and counts as written beside the bar.
    hover : str
        What is shown when the bar is pointed at, as plotly text.
    role : str
        ``chosen``, ``neighbour`` or ``other``.
    why : str
        Why its figure is not ranked; empty where it is.
    top, height, bar_centre, bar_height : float
        Pixels, from the top of the plot.
    """

    code: str
    name: str
    label: tuple[str, ...]
    note: tuple[str, ...]
    value: float | None
    lower: float | None
    upper: float | None
    right: str
    hover: str
    role: str
    why: str
    top: float
    height: float
    bar_centre: float
    bar_height: float


def _role(code: str, authority_code: str, neighbours: Collection[str]) -> str:
    if code == authority_code:
        return "chosen"
    return "neighbour" if code in neighbours else "other"


def _hover(row: dict[str, Any], ranked_words: bool) -> str:
    """Everything known about a row, one fact per line."""
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>"]
    if region := words(row.get("region")):
        facts.append(safe(region))
    if number(row.get("value")) is None:
        facts.append(safe(words(row.get("status_text")) or "No figure"))
        return "<br>".join(facts)
    facts.append(safe(figure_words(row)))
    if interval := _interval_words(row):
        facts.append(interval)
    if why := words(row.get("unknown_text")):
        facts.append(f"Not ranked: {safe(why)}")
    if ranked_words and (rank := words(row.get("rank_text"))):
        facts.append(f"Rank: {safe(rank)}")
    if ranked_words and (band := words(row.get("band_text"))):
        facts.append(safe(band))
    if (status := words(row.get("status_text"))) and words(row.get("status")) not in {"", "ok"}:
        facts.append(safe(status))
    return "<br>".join(facts)


def _interval_words(row: dict[str, Any]) -> str:
    lower, upper = number(row.get("lower")), number(row.get("upper"))
    if lower is None or upper is None:
        return ""
    return f"95% interval: {lower:,.1f} to {upper:,.1f}"


def sorted_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows with a figure, by rank if all have one and else in the order given; then rows without a figure."""
    rows = records(frame)
    with_value = [row for row in rows if number(row.get("value")) is not None]
    ranks = [number(row.get("rank")) for row in with_value]
    if all(rank is not None for rank in ranks):
        with_value.sort(key=lambda row: number(row.get("rank")) or 0.0)
    return with_value + [row for row in rows if number(row.get("value")) is None]


def lay_out(
    rows_given: Sequence[dict[str, Any]],
    *,
    width: template.Width,
    authority_code: str,
    neighbours: Collection[str],
    ranked_words: bool,
    label_room: float,
    row_room: float,
) -> list[RankedRow]:
    """Place every row.

    Parameters
    ----------
    rows_given : sequence of dict
        What :func:`sorted_rows` returns.
    width : Width
        The layout: names beside the bars, or above them.
    authority_code, neighbours : str and collection of str
        The chosen authority, and its statistical neighbours.
    ranked_words : bool
        Whether rank and quarter are said when a bar is pointed at.
    label_room, row_room : float
        Pixels for a name, and for a reason.
    """
    many = len(rows_given) > _MANY
    bar = 13.0 if many else 17.0
    gap = 5.0 if many else 9.0
    rows: list[RankedRow] = []
    top = 0.0
    for record in rows_given:
        code = words(record.get("authority_code"))
        name = words(record.get("authority_name")) or code or "Name not given"
        role = _role(code, authority_code, neighbours)
        bold = role == "chosen"
        value = number(record.get("value"))
        right = ""
        note: list[str] = []
        if value is None:
            note = wrap(words(record.get("status_text")) or "No figure", row_room, TEXT_SIZE)
        else:
            parts = [words(record.get("value_text")) or f"{value:g}", words(record.get("count_text"))]
            right = "  ".join(part for part in parts if part)
        if width == "wide":
            label = wrap_even(marked_name(name, role), label_room, TEXT_SIZE, bold=bold)
            height = max(bar + gap, max(len(label), len(note)) * LINE_HEIGHT + 2)
            centre = top + height / 2
        else:
            room = label_room - (text_width(right, TEXT_SIZE, bold=True) + 12 if right else 0)
            label = wrap(marked_name(name, role), max(room, 90), TEXT_SIZE, bold=bold)
            height = (len(label) + len(note)) * LINE_HEIGHT + (bar if value is not None else 0) + gap
            centre = top + len(label) * LINE_HEIGHT + 2 + bar / 2
        rows.append(
            RankedRow(
                code=code,
                name=name,
                label=tuple(label),
                note=tuple(note),
                value=value,
                lower=number(record.get("lower")),
                upper=number(record.get("upper")),
                right=right,
                hover=_hover(record, ranked_words),
                role=role,
                why=words(record.get("unknown_text")) if value is not None else "",
                top=top,
                height=height,
                bar_centre=centre,
                bar_height=bar,
            )
        )
        top += height
    return rows
