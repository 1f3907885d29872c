"""What the two charts of areas that the reader chose have in common."""

from __future__ import annotations

from typing import Any

from careleavers.charts.text import figure_words, safe, words


def area_kind(row: dict[str, Any]) -> str:
    """Return what an area is: ``chosen`` (the chosen authority), ``neighbour``, ``other``, or ``wider`` (a region, England).

    Parameters
    ----------
    row
        A row of the chart's frame.

    Returns
    -------
    str
    """
    if bool(row.get("is_chosen")):
        return "chosen"
    if words(row.get("level")) not in {"", "authority"}:
        return "wider"
    return "neighbour" if bool(row.get("is_neighbour")) else "other"


def area_hover(row: dict[str, Any]) -> str:
    """Return what is shown when an area is pointed at, as plotly text: name, period, figure and counts.

    Parameters
    ----------
    row
        A row of the chart's frame.

    Returns
    -------
    str
    """
    facts = [f"<b>{safe(words(row.get('area_name')))}</b>"]
    if when := words(row.get("period_text")):
        facts.append(safe(when))
    facts.append(safe(figure_words(row)))
    return "<br>".join(facts)
