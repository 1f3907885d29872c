"""What every chart shares: fonts, palette, margins, and the headline, subtitle and footer inside the picture.

Plotly neither wraps text nor knows the width of its container, so each figure is laid out for the narrowest
container it promises to fit (``FITS``): ``wide`` for desktop screens and documents, ``phone`` for phones, ``narrow``
for the smallest of them and 400 % zoom. A figure may be drawn at any greater width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial, wraps
from typing import Any, Literal, ParamSpec

import plotly.graph_objects as go
from plotly.io import to_json

from careleavers.charts import private
from careleavers.charts.text import safe, safe_lines, text_width, wrap

Width = Literal["wide", "phone", "narrow"]
P = ParamSpec("P")
# Pixels: the width of a picture, and of the narrowest containers that get the other layouts (windows of 360 and 320
# pixels less padding).
FITS: dict[Width, int] = {"wide": 720, "phone": 328, "narrow": 288}
PHONES: tuple[Width, ...] = ("phone", "narrow")

# A picture fills the text width of an A4 report. scripts/check_charts.py checks what follows from that.
REPORT_CM = 16.0
DOTS_PER_INCH = 300
MOST_HEIGHT = 900  # pixels: 20 cm
LEAST_POINTS, LEAST_LABEL_POINTS = 8.0, 9.0
PIXELS_PER_POINT = FITS["wide"] / (REPORT_CM / 2.54 * 72)
# Enlarges the picture to that resolution.
PICTURE_SCALE = 1890 / FITS["wide"]

FONT = "Arial, Liberation Sans, sans-serif"
INK = "#1D1D1D"
SOFT_INK = "#4A4A4A"
DARK_BLUE = "#12436D"
TURQUOISE = "#28A197"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
LIGHT_PURPLE = "#A285D1"
MID_BLUE = "#2073BC"
LIGHT_BLUE = "#6BACE6"
FOCUS_GREY = "#BFBFBF"
# What is neither the chosen authority nor its neighbour: 3.2 to 1 on white.
OTHER_GREY = "#8F8F8F"
MID_GREY = "#595959"
GREY_BLUE = "#4F6F8F"
RANGE_GREY = "#E4E4E4"
MIDDLE_GREY = "#BDBDBD"
HAIRLINE = "#E3E3E3"
BEST_SHADE = "#E3EDF6"
CATEGORICAL = (DARK_BLUE, TURQUOISE, DARK_PINK, ORANGE, DARK_GREY, LIGHT_PURPLE)

# 9 points in a report; what only says where a picture comes from is 8.
TEXT_SIZE = 14.5
SMALL_SIZE = 13.0
SUBTITLE_SIZE = 14.5
HEADLINE_SIZE: dict[Width, int] = {"wide": 19, "phone": 15, "narrow": 15}
_LINE = 1.3  # plotly's own line height for <br>
PAD = 12

TEMPLATE: dict[str, Any] = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": TEXT_SIZE, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "colorway": list(CATEGORICAL),
        "hoverlabel": {
            "bgcolor": "#FFFFFF",
            "bordercolor": DARK_GREY,
            "align": "left",
            "font": {"family": FONT, "size": 13, "color": INK},
        },
        "modebar": {"orientation": "h", "bgcolor": "rgba(255,255,255,0.9)", "color": DARK_GREY},
        "xaxis": {"automargin": False, "zeroline": False, "gridcolor": HAIRLINE, "linecolor": MID_GREY},
        "yaxis": {"automargin": False, "zeroline": False, "gridcolor": HAIRLINE, "linecolor": MID_GREY},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
    }
).to_plotly_json()


# Parts of a figure that a picture does not need, because nobody can hover over it.
_POINTED = {"customdata", "hovertext", "hovertemplate", "selected", "unselected"}


@dataclass(frozen=True)
class ChartResult:
    """A drawn chart.

    Attributes
    ----------
    figure
        The figure.
    headline, alt, filename
        The finding, the text alternative, and a file name without its ending.
    height
        Of the figure, in pixels.
    wide
        Draws the same in the wide layout, for a picture; None where the figure is that already.
    """

    figure: go.Figure
    headline: str
    alt: str
    filename: str
    height: int
    wide: Callable[[], ChartResult] | None = None

    @cached_property
    def finished(self) -> go.Figure:
        """The figure for whoever sends it again and again: copied and put into plain values once."""
        return private.Finished(self.figure)

    @cached_property
    def picture(self) -> tuple[int, str]:
        """Height of the picture in pixels, and where the page shows another layout, the picture's figure as JSON."""
        if self.wide is None:
            return self.height, ""
        drawn = self.wide()
        return drawn.height, picture_json(drawn.figure)


def picture_json(figure: go.Figure) -> str:
    """A figure as JSON, with all that its picture shows and without what only a pointer finds.

    Parameters
    ----------
    figure
        A figure in the wide layout.

    Returns
    -------
    str
    """
    whole = figure.to_plotly_json()
    whole["data"] = [{key: value for key, value in trace.items() if key not in _POINTED} for trace in whole["data"]]
    return str(to_json({"data": whole["data"], "layout": whole["layout"]}, validate=False))


def pictured(draw: Callable[P, ChartResult]) -> Callable[P, ChartResult]:
    """Let a chart drawn for a phone know how to draw itself for a picture, which is the same whatever the window.

    Parameters
    ----------
    draw
        A chart: it takes ``width`` by name.

    Returns
    -------
    Callable[P, ChartResult]
        The same chart, whose result has a picture in the wide layout.
    """

    @wraps(draw)
    def drawn(*arguments: P.args, **named: P.kwargs) -> ChartResult:
        result = draw(*arguments, **named)
        if named.get("width", "wide") == "wide":
            return result
        again: dict[str, Any] = {**named, "width": "wide"}
        return replace(result, wide=partial(draw, *arguments, **again))

    return drawn


@dataclass(frozen=True)
class Footer:
    """What a picture must carry so that it can be traced; an empty part is shown as not stated.

    Attributes
    ----------
    source
        Publisher and publication.
    release
        Which release of it, and when that was published.
    layer
        The kind of figures, such as ``official``.
    taken
        The day on which the picture was drawn, in words.
    n
        What was counted, with or without the leading ``n =``.
    """

    source: str
    release: str
    layer: str
    taken: str
    n: str

    def text(self) -> str:
        """The footer as one run of sentences; an empty part says that it is not stated."""
        n = self.n.strip() or "not stated"
        return (
            f"Source: {_stated(self.source)}. Release: {_stated(self.release)}. "
            f"{_figures(self.layer)}. Picture taken: {_stated(self.taken)}. "
            f"{n if n.lower().startswith('n ') or n.lower().startswith('n=') else f'n = {n}'}."
        )


def _figures(layer: str) -> str:
    """``Official figures``: which kind they are, as a sentence of its own."""
    said = layer.strip()
    return f"{said[:1].upper()}{said[1:]} figures" if said else "Kind of figures: not stated"


def _stated(part: str) -> str:
    return part.strip().rstrip(".") or "not stated"


@dataclass(frozen=True)
class KeyItem:
    """One entry of the line that explains the marks.

    Attributes
    ----------
    mark
        The character that stands for it; "" for words alone.
    colour
        The colour of the mark; the words are in ink.
    meaning
        What it means, in words.
    """

    mark: str
    colour: str
    meaning: str

    def html(self) -> str:
        """The entry as plotly text: the mark coloured, the words in ink."""
        mark = f'<span style="color:{self.colour}">{safe(self.mark)}</span> ' if self.mark else ""
        return mark + safe(self.meaning)

    def width(self) -> float:
        """Width in pixels at the text size."""
        return text_width(f"{self.mark} {self.meaning}".strip(), TEXT_SIZE)


def _key_lines(key: Sequence[KeyItem], width: float) -> list[str]:
    lines: list[str] = []
    used = 0.0
    gap = text_width("    ", TEXT_SIZE)
    for item in key:
        if item.width() > width:
            # Too long for one line: wrap its words, the mark leading the first of them.
            plain = wrap(f"{item.mark} {item.meaning}".strip(), width, TEXT_SIZE)
            first = KeyItem(item.mark, item.colour, plain[0].removeprefix(item.mark).strip()).html()
            lines += [first, *(safe(line) for line in plain[1:])]
            used = width
        elif lines and used + gap + item.width() <= width:
            # Plotly's SVG text folds ordinary spaces together.
            lines[-1] += "\u00a0\u00a0\u00a0 " + item.html()
            used += gap + item.width()
        else:
            lines.append(item.html())
            used = item.width()
    return lines


def layout_of(name: str | None) -> Width:
    """The layout of a name that a browser gives; ``wide`` for any other.

    Parameters
    ----------
    name
        What the browser says; None where it says nothing.

    Returns
    -------
    Width
    """
    return next((layout for layout in PHONES if layout == name), "wide")


def text_room(width: Width) -> int:
    """Pixels that text may take from the left edge of a figure laid out for ``width``.

    Parameters
    ----------
    width
        ``wide``, ``phone`` or ``narrow``.

    Returns
    -------
    int
    """
    return FITS[width] - 2 * PAD


def lines_height(count: int, size: float) -> int:
    """Pixels that ``count`` lines of text take.

    Parameters
    ----------
    count
        How many lines.
    size
        Size of the text in pixels.

    Returns
    -------
    int
    """
    return round(count * size * _LINE)


# Height of one line of labels in pixels.
LINE_HEIGHT = lines_height(1, TEXT_SIZE)


def finish(
    fig: go.Figure,
    headline: str,
    subtitle: str,
    footer: Footer,
    plot_height: int,
    *,
    width: Width = "wide",
    key: Sequence[KeyItem] = (),
    left: int = PAD,
    right: int = PAD,
    above: int = 8,
    below: int = 34,
    annotations: Sequence[dict[str, Any]] = (),
    shapes: Sequence[dict[str, Any]] = (),
) -> go.Figure:
    """Put headline, subtitle, key and footer inside the picture, and set its template, margins and height.

    All four are annotations at fixed pixel distances from the plotting area, so they neither move nor overlap
    whatever size the figure is drawn at. There is no way to leave the footer out, and whatever is copied or made
    from the figure afterwards has it too.

    Parameters
    ----------
    fig
        The figure with its traces and axes; it is changed.
    headline, subtitle, footer
        What stands above and below the plot, as plain text.
    plot_height
        Height in pixels of the plotting area.
    width
        The container that the figure is laid out for.
    key
        What the marks mean, above the plot.
    left, right, above, below
        Room in pixels for what stands around the plotting area: labels, ticks, an axis title.
    annotations, shapes
        Those of the chart itself, as Plotly's JSON has them. Annotations and shapes that the figure had are replaced.

    Returns
    -------
    go.Figure
        The same figure, whole; its height in pixels is ``fig.layout.height``.
    """
    room = text_room(width)
    size = HEADLINE_SIZE[width]
    blocks: list[tuple[str, str, float, int, str]] = []  # name, html, size, height, colour
    head = wrap(headline, room, size, bold=True)
    sub = wrap(subtitle, room, SUBTITLE_SIZE)
    key_lines = _key_lines(key, room)
    if head:
        blocks.append(("headline", safe_lines(head, bold=True), size, lines_height(len(head), size), INK))
    if sub:
        blocks.append(("subtitle", safe_lines(sub), SUBTITLE_SIZE, lines_height(len(sub), SUBTITLE_SIZE), SOFT_INK))
    if key_lines:
        blocks.append(("key", "<br>".join(key_lines), TEXT_SIZE, lines_height(len(key_lines), TEXT_SIZE), INK))
    foot = wrap(footer.text(), room, SMALL_SIZE)
    foot_height = lines_height(len(foot), SMALL_SIZE)

    top = PAD + sum(height + 6 for *_, height, _ in blocks) + above
    bottom = below + 8 + foot_height + PAD
    offset = top - PAD
    pinned: list[dict[str, Any]] = []
    for name, text, font_size, height, colour in blocks:
        pinned.append(_left_note(name, text, font_size, colour, y=1, yshift=offset, left=left))
        offset -= height + 6
    pinned.append(_left_note("footer", safe_lines(foot), SMALL_SIZE, SOFT_INK, y=0, yshift=-(below + 8), left=left))
    # Without uirevision a new choice redraws from scratch: nothing the reader did to the old figure carries over.
    private.set_unchecked(
        fig,
        template=TEMPLATE,
        annotations=[*pinned, *annotations],
        shapes=list(shapes),
        height=plot_height + top + bottom,
        margin={"l": left, "r": right, "t": top, "b": bottom, "pad": 0, "autoexpand": False},
    )
    return fig


def note(name: str, text: str, *, size: float = TEXT_SIZE, colour: str = INK, **place: Any) -> dict[str, Any]:
    """A plotly annotation in the house font, without arrow or box.

    Parameters
    ----------
    name
        What tests and later steps find it by; it is not shown.
    text
        Plotly text: escape what was typed by somebody (:func:`careleavers.charts.text.safe`).
    size
        Of the font, in pixels.
    colour
        Of the text.
    **place
        Where it stands, as properties of a plotly annotation: ``x``, ``y``, ``xref``, ``yshift`` and the like.

    Returns
    -------
    dict[str, Any]
        One of ``layout.annotations``.
    """
    return {
        "name": name,
        "text": text,
        "showarrow": False,
        "borderpad": 0,
        "font": {"family": FONT, "size": size, "color": colour},
        **place,
    }


def _left_note(name: str, text: str, size: float, colour: str, *, y: int, yshift: float, left: int) -> dict[str, Any]:
    return note(
        name,
        text,
        size=size,
        colour=colour,
        x=0,
        xref="paper",
        xanchor="left",
        xshift=PAD - left,
        y=y,
        yref="paper",
        yanchor="top",
        yshift=yshift,
        align="left",
    )


def sentence_figure(sentence: str, headline: str, subtitle: str, footer: Footer, *, width: Width = "wide") -> go.Figure:
    """A figure that says in one plain sentence why there is nothing to draw.

    Parameters
    ----------
    sentence
        The sentence.
    headline
        The finding.
    subtitle
        Measure, area and period.
    footer
        Source, release, layer, day and n.
    width
        ``wide``, ``phone`` or ``narrow``.

    Returns
    -------
    go.Figure
    """
    fig = go.Figure()
    lines = wrap(sentence, text_room(width), TEXT_SIZE)
    text = note(
        "sentence",
        safe_lines(lines),
        x=0,
        xref="paper",
        xanchor="left",
        y=0.5,
        yref="paper",
        yanchor="middle",
        align="left",
    )
    fig.update_xaxes(visible=False, fixedrange=True)
    fig.update_yaxes(visible=False, fixedrange=True)
    return finish(
        fig,
        headline,
        subtitle,
        footer,
        lines_height(len(lines), TEXT_SIZE) + 40,
        width=width,
        above=0,
        below=0,
        annotations=[text],
    )


def sentence_chart(
    sentence: str, alt: str, headline: str, subtitle: str, footer: Footer, filename: str, *, width: Width = "wide"
) -> ChartResult:
    """Return the chart for when there is nothing to draw.

    Parameters
    ----------
    sentence
        Why there is nothing, in one plain sentence.
    alt
        The text alternative.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
    """
    return result(sentence_figure(sentence, headline, subtitle, footer, width=width), headline, alt, filename)


def result(fig: go.Figure, headline: str, alt: str, filename: str) -> ChartResult:
    """Return a finished figure with what goes beside it.

    Parameters
    ----------
    fig
        What :func:`finish` returned.
    headline, alt
        The finding, and the text alternative.
    filename
        Words for the name of a downloaded picture.

    Returns
    -------
    ChartResult
    """
    return ChartResult(fig, headline, alt, safe_filename(filename), int(fig.layout.height))


def safe_filename(name: str) -> str:
    """A file name without an extension that every system accepts: letters, digits and single hyphens.

    Parameters
    ----------
    name
        The name.

    Returns
    -------
    str
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:120] or "chart"


def chart_config(
    filename: str,
    height: int,
    image_format: Literal["png", "svg"] = "png",
) -> dict[str, Any]:
    """Plotly configuration with one always visible button, which downloads the picture at a fixed size.

    ``height`` is the figure's own, in pixels. ``image_format`` chooses what the button saves.

    Parameters
    ----------
    filename
        Name of the downloaded picture in words; it is made safe here.
    height
        The figure's own height, in pixels.
    image_format
        What the button saves.

    Returns
    -------
    dict[str, Any]
        The argument ``config`` of Plotly.
    """
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
        "responsive": True,
        "toImageButtonOptions": {
            "format": image_format,
            "filename": safe_filename(filename),
            "width": FITS["wide"],
            "height": height,
            "scale": PICTURE_SCALE,
        },
    }
