"""Small inline SVG pictures for table cells (At a glance). The table beside them holds the figures in text."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from careleavers.charts import template
from careleavers.charts.text import number


def _n(value: float) -> str:
    """A coordinate with one decimal and no trailing zero, so that the same input gives the same bytes."""
    return f"{value:.1f}".removesuffix(".0")


def _svg(body: str, width: float, height: float, class_name: str) -> str:
    return (
        f'<svg class="{html.escape(class_name)}" xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" '
        f'height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}" aria-hidden="true" focusable="false">'
        f"{body}</svg>"
    )


def sparkline_svg(
    years: Sequence[int],
    values: Sequence[float | None],
    *,
    width: int = 96,
    height: int = 24,
    decimals: int = 0,
    scale: tuple[float, float] | None = None,
    line: str = template.MID_GREY,
    dot: str = template.DARK_BLUE,
    thickness: float = 1.5,
) -> str:
    """Return a small line of a measure over years, as an inline SVG string.

    Parameters
    ----------
    years, values
        They go together. A missing value, or a year that is not there, is a gap in the line. The last known value
        gets a dot; without any value the picture is empty.
    width, height
        Of the picture in pixels.
    decimals
        Decimals of the figures as shown: the line spans at least ten units of the last one, so that a movement
        nobody can read in the table does not look like a trend.
    scale
        The lowest and the highest value of all the lines that a reader may set beside this one (see
        :func:`shared_scales`); without it the line has a scale of its own.
    line, dot
        Colours. ``template.MID_BLUE`` stands out at 3:1 on a white page and on a dark one.
    thickness
        Of the line in pixels.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When ``years`` and ``values`` are not of one length.

    Examples
    --------
    >>> sparkline_svg([2023, 2024, 2025], [51.0, None, 46.0])[:22]
    '<svg class="sparkline"'
    """
    points = {int(year): number(value) for year, value in zip(years, values, strict=True)}
    known = [(year, value) for year, value in sorted(points.items()) if value is not None]
    if not known:
        return _svg("", width, height, "sparkline")
    low, high = min(value for _, value in known), max(value for _, value in known)
    if scale is not None:
        low, high = min(low, scale[0]), max(high, scale[1])
    first, last = min(points), max(points)
    pad = 4.0
    # The height spans at least ten display units, so that the line does not exaggerate small movements.
    span = max(high - low, 10 * 10.0**-decimals)
    middle = (low + high) / 2

    def x(year: int) -> float:
        return width - pad if last == first else pad + (year - first) / (last - first) * (width - 2 * pad)

    def y(value: float) -> float:
        return height / 2 - (value - middle) / span * (height - 2 * pad)

    runs: list[list[tuple[int, float]]] = []
    for year, value in known:
        if runs and runs[-1][-1][0] == year - 1:
            runs[-1].append((year, value))
        else:
            runs.append([(year, value)])
    body = ""
    for run in runs:
        if len(run) > 1:
            path = " ".join(f"{_n(x(year))},{_n(y(value))}" for year, value in run)
            body += f'<polyline points="{path}" fill="none" stroke="{line}" stroke-width="{_n(thickness)}"/>'
        else:
            # A year on its own between two gaps is drawn as a dot.
            year, value = run[0]
            body += f'<circle cx="{_n(x(year))}" cy="{_n(y(value))}" r="{_n(thickness)}" fill="{line}"/>'
    end_year, end_value = known[-1]
    body += f'<circle cx="{_n(x(end_year))}" cy="{_n(y(end_value))}" r="3" fill="{dot}"/>'
    return _svg(body, width, height, "sparkline")


def shared_scales(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the lowest and the highest value of each family and unit over all rows.

    Parameters
    ----------
    rows
        Each with ``family``, ``unit`` and ``values`` (a list of numbers, some of them missing).

    Returns
    -------
    dict[tuple[str, str], tuple[float, float]]
        ``(lowest, highest)`` in the unit, by family and unit.

    Examples
    --------
    >>> shared_scales([{"family": "activity", "unit": "percent", "values": [20.0, None, 60.0]}])
    {('activity', 'percent'): (20.0, 60.0)}
    """
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        known = [value for value in map(number, row["values"]) if value is not None]
        found.setdefault((row["family"], row["unit"]), []).extend(known)
    return {key: (min(values), max(values)) for key, values in found.items() if values}
