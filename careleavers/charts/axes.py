"""What charts over years share: an axis of values that says where it starts, an axis of years, and rows for text."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Sequence

from careleavers.charts import template as t
from careleavers.charts.ranked import value_axis
from careleavers.charts.text import text_width, tick_words


def line_axis(
    values: Sequence[float], *, percent: bool, from_zero: bool, decimals: int = 0
) -> tuple[float, float, list[float]]:
    """Start, end and round ticks of the axis of a line: from zero, or fitted to what must be shown.

    A fitted axis spans at least ten of the last decimal shown, so that a wobble nobody can read does not look like a
    change; it never goes below zero when nothing is, nor past 100 for percentages. Returns (start, end, ticks).
    """  # fmt: skip
    if from_zero or not values:
        return value_axis(values, percent=percent)
    low, high = min(values), max(values)
    least = 10 * 10.0**-decimals
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
        if min(values) >= 0 and low < 0:
            low, high = 0.0, least
        if percent and max(values) <= 100 and high > 100:
            low, high = 100 - least, 100.0
    _, _, ticks = value_axis([high - low], percent=False)
    step = ticks[1] - ticks[0]
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if percent and max(values) <= 100:
        end = min(end, 100.0)
    count = round((end - start) / step)
    return start, end, [tick for tick in (round(start + step * index, 10) for index in range(count + 1)) if tick <= end]


def scale_words(start: float, end: float, unit: str) -> str:
    """What the subtitle says of the axis: ``Scale from 0%``; ``Scale from 40% to 60%, not from zero``."""
    first, last = tick_words(start, unit), tick_words(end, unit)
    return f"Scale from {first}" if start == 0 else f"Scale from {first} to {last}, not from zero"


def year_ticks(days: Sequence[dt.date], width: float, span: float) -> list[dt.date]:
    """The days whose years are written below an axis ``width`` pixels wide that spans ``span`` days.

    The newest always is; others as far as their labels leave room.
    """
    ordered = sorted(set(days), reverse=True)
    if len(ordered) < 2:
        return list(ordered)
    nearest = min((a - b).days for a, b in itertools.pairwise(ordered))
    each = nearest / span * width
    skip = max(1, math.ceil((text_width("2025", t.TEXT_SIZE) + 6) / each))
    return sorted(ordered[::skip])


def pack(spans: Sequence[tuple[float, float]], gap: float = 8.0) -> list[int]:
    """For each span (from, to), in order, the first row in which it overlaps none of those before it."""
    rows: list[list[tuple[float, float]]] = []
    placed = []
    for start, end in spans:
        for index, row in enumerate(rows):
            if all(end + gap <= left or right + gap <= start for left, right in row):
                row.append((start, end))
                placed.append(index)
                break
        else:
            rows.append([(start, end)])
            placed.append(len(rows) - 1)
    return placed
