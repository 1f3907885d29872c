"""Whether a picture can be read in a report: how large its text is, and how high it is, at 16 cm across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from careleavers.charts.template import (
    FITS,
    LEAST_LABEL_POINTS,
    LEAST_POINTS,
    MOST_HEIGHT,
    PIXELS_PER_POINT,
    REPORT_CM,
    TEXT_SIZE,
)

# The source line of a picture may be smaller than the labels of its marks.
_SMALL = {"footer"}


def report_misses(figure: Mapping[str, Any]) -> list[str]:
    """Return which parts of a picture are too small or too high for a report, a sentence each.

    Parameters
    ----------
    figure
        A figure of the wide layout as Plotly's JSON has it: ``data`` and ``layout``.

    Returns
    -------
    list[str]
        Empty where it can be read.

    Examples
    --------
    >>> small = {"text": "Leeds", "name": "note", "font": {"size": 12}}
    >>> report_misses({"data": [], "layout": {"height": 400, "annotations": [small]}})
    ['7.6 pt at 16 cm: Leeds (note)']
    """
    misses = []
    for name, text, size in _texts(figure):
        points = size / PIXELS_PER_POINT
        if points < (LEAST_POINTS if name in _SMALL else LEAST_LABEL_POINTS):
            misses.append(f"{points:.1f} pt at {REPORT_CM:g} cm: {text[:40]} ({name})")
    height = float(figure["layout"].get("height") or 0)
    if height > MOST_HEIGHT:
        misses.append(f"{height * REPORT_CM / FITS['wide']:.1f} cm high")
    return misses


def _texts(figure: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """Every text that a picture shows, with what it is and its size in pixels."""
    layout = figure["layout"]
    usual = float(layout.get("template", {}).get("layout", {}).get("font", {}).get("size", TEXT_SIZE))
    for note in layout.get("annotations", ()):
        if note.get("text"):
            yield str(note.get("name")), str(note["text"]), _size(note.get("font"), usual)
    for trace in figure["data"]:
        if "text" in str(trace.get("mode", "")):
            sizes = (trace.get("textfont") or {}).get("size", usual)
            least = min(sizes) if isinstance(sizes, list) else sizes
            yield str(trace.get("name")), next((str(text) for text in trace.get("text", ()) if text), ""), float(least)
    for name, axis in layout.items():
        if name.startswith(("xaxis", "yaxis")) and axis.get("visible", True) and axis.get("showticklabels", True):
            yield name, ", ".join(map(str, axis.get("ticktext") or ["ticks"])), _size(axis.get("tickfont"), usual)


def _size(font: Mapping[str, Any] | None, usual: float) -> float:
    return float((font or {}).get("size") or usual)
