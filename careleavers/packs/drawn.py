"""Simple pictures of a chart's data as SVG, for a server that has no browser to draw the page's own picture.

They have the same width, words, colours and foot; what they leave out (intervals, marks of inspections) is in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from careleavers.charts.axes import axis_from_zero
from careleavers.charts.template import (
    FITS,
    FONT,
    HAIRLINE,
    HEADLINE_SIZE,
    INK,
    MID_GREY,
    PAD,
    SMALL_SIZE,
    SOFT_INK,
    SUBTITLE_SIZE,
    TEXT_SIZE,
    lines_height,
)
from careleavers.charts.text import text_width, tick_words, wrap
from careleavers.packs.native import NativeChart, Series
from careleavers.wording.formats import value_text

_WIDTH = FITS["wide"]
_BAR, _GAP = 22, 8
_PLOT = 300
# A bar's part on which white can be read.
_DARK = 140


def svg(chart: NativeChart, headline: str, caption: str, source: str) -> tuple[str, int]:
    """Draw bars, stacked bars or lines.

    Parameters
    ----------
    chart
        The data.
    headline, caption
        The finding; measure, area and period.
    source
        The foot of the picture.

    Returns
    -------
    tuple[str, int]
        The picture, 720 pixels wide, and its height in pixels.
    """
    drawing = _Drawing()
    room = _WIDTH - 2 * PAD
    drawing.text_block(wrap(headline, room, HEADLINE_SIZE["wide"], bold=True), HEADLINE_SIZE["wide"], INK, bold=True)
    drawing.text_block(wrap(caption, room, SUBTITLE_SIZE), SUBTITLE_SIZE, SOFT_INK)
    if chart.kind != "bars":
        _key(drawing, chart.series)
    drawing.y += 6
    if chart.kind == "lines":
        _lines(drawing, chart)
    else:
        _bars(drawing, chart)
    drawing.y += 10
    drawing.text_block(wrap(source, room, SMALL_SIZE), SMALL_SIZE, SOFT_INK)
    height = round(drawing.y + PAD)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="{FONT}"><rect width="{_WIDTH}" height="{height}" fill="#FFFFFF"/>{"".join(drawing.parts)}</svg>'
    ), height


class _Drawing:
    """The elements drawn so far, and how far down they reach."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = float(PAD)

    def text(
        self, x: float, y: float, words: str, *, size: float = TEXT_SIZE, colour: str = INK, bold: bool = False, at: str = "start"
    ) -> None:  # fmt: skip
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" text-anchor="{at}"{weight}>{escape(words)}</text>'
        )

    def text_block(self, lines: Sequence[str], size: float, colour: str, *, bold: bool = False) -> None:
        step = lines_height(1, size)
        for line in lines:
            self.text(PAD, self.y + size, line, size=size, colour=colour, bold=bold)
            self.y += step
        self.y += 6

    def rect(self, x: float, y: float, wide: float, high: float, fill: str, stroke: str = "none") -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{high:.1f}" fill="{fill}" stroke="{stroke}"/>'
        )

    def line(self, x0: float, y0: float, x1: float, y1: float, colour: str, wide: float = 1) -> None:
        self.parts.append(
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}" stroke-width="{wide}"/>'
        )


def _figure(value: float, chart: NativeChart) -> str:
    return value_text(value, "percent" if chart.percent else "ratio", chart.decimals)


def _key(drawing: _Drawing, series: Sequence[Series]) -> None:
    """What each colour means, in one line or more."""
    x, step = float(PAD), lines_height(1, TEXT_SIZE)
    for each in series:
        wide = 20 + text_width(each.name, TEXT_SIZE) + 16
        if x > PAD and x + wide > _WIDTH - PAD:
            x, drawing.y = float(PAD), drawing.y + step
        drawing.rect(x, drawing.y + 3, 12, 12, each.colour, MID_GREY)
        drawing.text(x + 18, drawing.y + TEXT_SIZE, each.name)
        x += wide
    drawing.y += step + 4


def _bars(drawing: _Drawing, chart: NativeChart) -> None:
    left = PAD + min(max(text_width(name, TEXT_SIZE, bold=True) for name in chart.categories) + 10, 270)
    figures = 64 if chart.kind == "bars" else 0
    across = _WIDTH - PAD - left - figures
    values = [value for each in chart.series for value in each.values if value is not None]
    end = 100.0 if chart.kind == "stacked" else axis_from_zero(values, percent=chart.percent)[1]
    for place, name in enumerate(chart.categories):
        lines = wrap(name, left - PAD - 8, TEXT_SIZE)
        high = max(_BAR, lines_height(len(lines), TEXT_SIZE))
        for number, line in enumerate(lines):
            first = drawing.y + (high - lines_height(len(lines), TEXT_SIZE)) / 2
            drawing.text(PAD, first + lines_height(number, TEXT_SIZE) + TEXT_SIZE, line)
        x = float(left)
        for each in chart.series:
            value = each.values[place]
            if value is None:
                drawing.text(x + 4, drawing.y + TEXT_SIZE + 2, "no figure", colour=SOFT_INK)
                break
            wide = value / end * across if end else 0.0
            own = each.colours or chart.colours
            fill = own[place] if own else each.colour
            drawing.rect(x, drawing.y, wide, _BAR, fill, MID_GREY if chart.kind == "stacked" else "none")
            text = _figure(value, chart)
            if chart.kind == "bars":
                drawing.text(x + wide + 6, drawing.y + TEXT_SIZE + 2, text, bold=True)
            elif text_width(text, TEXT_SIZE, bold=True) + 8 <= wide:
                ink = "#FFFFFF" if _darkness(fill) < _DARK else INK
                drawing.text(x + wide / 2, drawing.y + TEXT_SIZE + 2, text, bold=True, colour=ink, at="middle")
            x += wide
        drawing.y += high + _GAP


def _darkness(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _lines(drawing: _Drawing, chart: NativeChart) -> None:
    values = [value for each in chart.series for value in each.values if value is not None]
    _, end, ticks = axis_from_zero(values, percent=chart.percent)
    left, right, top = PAD + 48.0, _WIDTH - PAD - 20.0, drawing.y + 8

    def down(value: float) -> float:
        return top + (1 - value / end) * _PLOT

    for tick in ticks:
        drawing.line(left, down(tick), right, down(tick), HAIRLINE if tick else MID_GREY)
        drawing.text(left - 6, down(tick) + 5, tick_words(tick, "per cent" if chart.percent else ""), at="end")
    count = len(chart.categories)
    places = [left + 20 + (right - left - 40) * (place / max(count - 1, 1)) for place in range(count)]
    every = max(1, -(-count // 9))
    for place, name in enumerate(chart.categories):
        if (count - 1 - place) % every == 0:
            drawing.text(places[place], top + _PLOT + 20, name, at="middle")
    for each in reversed(chart.series):
        before: tuple[float, float] | None = None
        for x, value in zip(places, each.values, strict=True):
            if value is None:
                before = None
                continue
            point = (x, down(value))
            if before:
                drawing.line(*before, *point, each.colour, 2.5)
            drawing.parts.append(f'<circle cx="{x:.1f}" cy="{point[1]:.1f}" r="4" fill="{each.colour}"/>')
            before = point
        if before and each is chart.series[0]:
            last = next(value for value in reversed(each.values) if value is not None)
            drawing.text(before[0], before[1] - 9, _figure(last, chart), bold=True, at="middle")
    drawing.y = top + _PLOT + 30
