"""Rows of the chart of ranked dots: which authorities are shown, their order, and where each row stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.charts import template
from careleavers.charts.styles import marked_name
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import figure_words, frame_records, number, safe, text_width, words, wrap, wrap_even

# Up to this many rows are all shown; a longer list is shortened.
MOST_WHOLE = 24
_FIRST, _LAST, _BESIDE = 3, 1, 2
# Without a chosen authority: how many rows from each end of the ranking and from its middle.
_END, _MIDDLE = 6, 7
_COLUMNS = (
    "authority_code", "authority_name", "region", "value", "lower", "upper", "rank", "rank_text", "band_text", "value_text",
    "count_text", "status", "status_text", "unknown_text",
)  # fmt: skip
# Heights of a row and of the line that says how many rows are left out, the roomiest first.
SPACINGS = ((26.0, 21.0), (23.0, 19.0), (20.0, 17.0))


@dataclass(frozen=True)
class RankedRow:
    """One authority as it is drawn.

    Attributes
    ----------
    code, name
        Which authority.
    label
        Its name, wrapped.
    value
        Its figure.
    lower, upper
        Its interval.
    figure, count
        Figure and counts as written at the right.
    hover
        What is shown when the dot is pointed at, as plotly text.
    role
        ``chosen``, ``neighbour`` or ``other``.
    why
        Why its figure is not ranked; empty where it is.
    top, height, centre
        Pixels from the top of the plot: where the row begins, how high it is, where its dot stands.
    """

    code: str
    name: str
    label: tuple[str, ...]
    value: float
    lower: float | None
    upper: float | None
    figure: str
    count: str
    hover: str
    role: str
    why: str
    top: float
    height: float
    centre: float

    @property
    def right(self) -> str:
        """Figure and counts in one, as they are spoken: ``46%, 273 of 600``."""
        return ", ".join(part for part in (self.figure, self.count) if part)


@dataclass(frozen=True)
class Gap:
    """How many authorities are left out between two rows, and where that is said, in pixels from the top."""

    count: int
    centre: float


def _role(code: str, authority_code: str, neighbours: Collection[str]) -> str:
    if code == authority_code:
        return "chosen"
    return "neighbour" if code in neighbours else "other"


def _hover(row: dict[str, Any], ranked_words: bool) -> str:
    """Everything known about a row, one fact per line."""
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>"]
    if region := words(row.get("region")):
        facts.append(safe(region))
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
    """Return the rows with a figure, by rank if all have one and else in the order given.

    Parameters
    ----------
    frame
        One row per authority, as :func:`careleavers.charts.ranked.ranked` takes it; ``value`` and ``rank`` are read
        here.

    Returns
    -------
    list[dict[str, Any]]
        One mapping of column to cell per authority that has a figure. An authority without one is left out.
    """
    used = frame[[column for column in _COLUMNS if column in frame]]
    with_value = [row for row in frame_records(used) if number(row.get("value")) is not None]
    ranks = [number(row.get("rank")) for row in with_value]
    if all(rank is not None for rank in ranks):
        with_value.sort(key=lambda row: number(row.get("rank")) or 0.0)
    return with_value


def shown_rows(
    rows: Sequence[dict[str, Any]], authority_code: str, neighbours: Collection[str], *, everyone: bool
) -> list[dict[str, Any] | int]:
    """Return the rows to draw, and in place of those left out how many they are.

    Up to :data:`MOST_WHOLE` rows are shown whole. Of more: the three best and the last, the authority with two on each side, and its
    neighbours; of an authority without a figure the best, the last and its neighbours; without an authority the ends and the
    middle. One row alone is never left out.

    Parameters
    ----------
    rows
        Rows with a figure, in order.
    authority_code, neighbours
        The chosen authority (empty for none), and its statistical neighbours.
    everyone
        Whether all are shown.

    Returns
    -------
    list[dict[str, Any] | int]
        A dictionary is a row to draw; a number stands for that many rows left out.
    """
    codes = [words(row.get("authority_code")) for row in rows]
    count = len(rows)
    if everyone or count <= MOST_WHOLE:
        return list(rows)
    near = {place for place, code in enumerate(codes) if code in neighbours}
    if authority_code in codes:
        own = codes.index(authority_code)
        wanted = {*range(_FIRST), *range(count - _LAST, count), *range(own - _BESIDE, own + _BESIDE + 1), *near}
    elif near:
        wanted = {*range(_FIRST), *range(count - _LAST, count), *near}
    else:
        middle = (count - _MIDDLE) // 2
        wanted = {*range(_END), *range(middle, middle + _MIDDLE), *range(count - _END, count)}
    wanted |= {place for place in range(count) if place - 1 in wanted and place + 1 in wanted}
    shown: list[dict[str, Any] | int] = []
    left_out = 0
    for place, row in enumerate(rows):
        if place not in wanted:
            left_out += 1
            continue
        if left_out:
            shown.append(left_out)
            left_out = 0
        shown.append(row)
    return shown


def lay_out(
    shown: Sequence[dict[str, Any] | int],
    *,
    width: template.Width,
    authority_code: str,
    neighbours: Collection[str],
    ranked_words: bool,
    label_room: float,
    spacing: tuple[float, float],
) -> tuple[list[RankedRow], list[Gap], float]:
    """Place every row.

    Parameters
    ----------
    shown
        What :func:`shown_rows` returns.
    width
        The layout: names beside the dots, or above them.
    authority_code, neighbours
        The chosen authority, and its statistical neighbours.
    ranked_words
        Whether rank and quarter are said when a dot is pointed at.
    label_room
        Pixels for a name.
    spacing
        Least height of a row and of a gap, in pixels.

    Returns
    -------
    (list of RankedRow, list of Gap, float)
        Rows, what is left out between them, and the height of the plot.
    """
    rows: list[RankedRow] = []
    gaps: list[Gap] = []
    top = 0.0
    for record in shown:
        if isinstance(record, int):
            gaps.append(Gap(record, top + spacing[1] / 2))
            top += spacing[1]
            continue
        code = words(record.get("authority_code"))
        name = words(record.get("authority_name")) or code or "Name not given"
        role = _role(code, authority_code, neighbours)
        bold = role == "chosen"
        value = number(record.get("value")) or 0.0
        figure = words(record.get("value_text")) or f"{value:g}"
        count = words(record.get("count_text"))
        if width == "wide":
            label = wrap_even(marked_name(name, role), label_room, TEXT_SIZE, bold=bold)
            height = max(spacing[0], len(label) * LINE_HEIGHT + 1)
            centre = top + height / 2
        else:
            beside = text_width("  ".join(part for part in (figure, count) if part), TEXT_SIZE, bold=True)
            marked = marked_name(name, role)
            longest = max(text_width(part, TEXT_SIZE, bold=bold) for part in marked.split(" "))
            if label_room - beside - 12 < longest:
                # Counts that leave no room for the name are left to what is said when the dot is pointed at, and the table.
                count, beside = "", text_width(figure, TEXT_SIZE, bold=True)
            label = wrap(marked, max(label_room - beside - 12, 90), TEXT_SIZE, bold=bold)
            height = len(label) * LINE_HEIGHT + 22
            centre = top + len(label) * LINE_HEIGHT + 9
        rows.append(
            RankedRow(
                code=code,
                name=name,
                label=tuple(label),
                value=value,
                lower=number(record.get("lower")),
                upper=number(record.get("upper")),
                figure=figure,
                count=count,
                hover=_hover(record, ranked_words),
                role=role,
                why=words(record.get("unknown_text")),
                top=top,
                height=height,
                centre=centre,
            )
        )
        top += height
    return rows, gaps, top
