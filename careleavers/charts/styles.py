"""How authorities, comparators and verdicts look, in every chart.

One form means one thing: a large dark blue dot is the chosen authority, turquoise diamonds are its statistical neighbours
(a line with diamonds: their mean), grey dots the others. Nothing is told by colour alone. The styles of all charts
stand here together, so that a change to one is seen beside the others.

========================  =======================================================================================
table                     chart
========================  =======================================================================================
``RANKED_DOTS``           dots of ``ranked``
``AREA_COLOURS`` …        bars of ``area_bars``, lines of ``area_lines`` (``AREA_LINES``, ``NEIGHBOUR_LINES``)
``FUNNEL_DOTS``           dots of ``funnel``
``STRIP_DOTS``            dots of ``strip``
``SCATTER_DOTS``          dots of ``scatter``
``SINCE_DOTS``            dots of ``since_inspection``
``JUDGEMENT_DOTS``        dots of ``by_judgement``
``FOCUS_LINE`` …          lines of ``trend`` and ``quarters`` (``PANEL_LINES``: of ``workforce``)
``SHARE_COLOURS``         parts of the bars of ``shares``
``VERDICTS``              marks of ``spine`` and of the map's key
========================  =======================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from careleavers.charts.template import (
    DARK_BLUE,
    DARK_GREY,
    DARK_PINK,
    GREY_BLUE,
    INK,
    LIGHT_PURPLE,
    MID_BLUE,
    MID_GREY,
    ORANGE,
    OTHER_GREY,
    TURQUOISE,
    KeyItem,
)
from careleavers.charts.text import words

WHITE = "#FFFFFF"
# These stand before the names of the chosen authority and of its neighbours in lists of names.
CHOSEN_MARK = "►"
NEIGHBOUR_MARK = "◆"

# Roles of an authority in a chart, from the back of the picture to the front.
ROLES = ("other", "neighbour", "chosen")
ROLE_COLOURS = {"other": OTHER_GREY, "neighbour": TURQUOISE, "chosen": DARK_BLUE}
AREA_COLOURS = ROLE_COLOURS | {"wider": DARK_GREY}


def role_of(value: Any) -> str:
    """Return the role in a cell, ``other`` for anything that is not one of :data:`ROLES`.

    >>> role_of("neighbour"), role_of(None)
    ('neighbour', 'other')

    Parameters
    ----------
    value
        The cell.

    Returns
    -------
    str
    """
    role = words(value)
    return role if role in ROLES else "other"


def marked_name(name: str, role: str) -> str:
    """Return ``name`` behind the mark of its role: ``► Leeds``, ``◆ Sheffield``, ``Kent``.

    Parameters
    ----------
    name
        Name of an authority.
    role
        One of :data:`ROLES`.

    Returns
    -------
    str
    """
    mark = {"chosen": f"{CHOSEN_MARK} ", "neighbour": f"{NEIGHBOUR_MARK} "}.get(role, "")
    return mark + name


@dataclass(frozen=True)
class DotStyle:
    """How the dots of one role are drawn.

    Attributes
    ----------
    colour, outline
        Fill and outline.
    size
        Diameter in pixels.
    symbol
        Plotly's name of the shape.
    mark
        The character that stands for the dot in the key.
    """

    colour: str
    outline: str
    size: float
    symbol: str = "circle"
    mark: str = "●"

    def key(self, meaning: str) -> KeyItem:
        """The entry in the key that says what such a dot means, in the colour of its outline if it is white.

        Parameters
        ----------
        meaning
            What such a dot means.

        Returns
        -------
        KeyItem
        """
        return KeyItem(self.mark, self.outline if self.colour == WHITE else self.colour, meaning)


def _dots(other: float, neighbour: float, chosen: float) -> dict[str, DotStyle]:
    """The dots of a chart, from back to front. Only sizes differ between charts: how close its dots stand decides them."""
    return {
        "other": DotStyle(ROLE_COLOURS["other"], WHITE, other),
        "neighbour": DotStyle(ROLE_COLOURS["neighbour"], WHITE, neighbour, "diamond", NEIGHBOUR_MARK),
        "chosen": DotStyle(ROLE_COLOURS["chosen"], WHITE, chosen),
    }


RANKED_DOTS = _dots(10, 11, 14)
FUNNEL_DOTS = _dots(8, 10, 14)
# Outside the wider limits every dot has a ring in this colour, this much larger; its form and colour are its role's.
FUNNEL_OUTSIDE = DotStyle(INK, INK, 7, "circle-open", "○")
STRIP_DOTS = _dots(8, 9, 15)
SINCE_DOTS = _dots(9, 9, 12)
# A judgement has a name and a place in the order, never a colour: authorities of one role look alike in each.
JUDGEMENT_DOTS = _dots(7, 8, 12)
# Authorities of the region can be picked out here; they too are behind the neighbours.
REGION_DOT = DotStyle(WHITE, MID_BLUE, 9, "square", "□")
SCATTER_DOTS = {"other": _dots(7, 10, 15)["other"], "region": REGION_DOT} | _dots(7, 10, 15)


@dataclass(frozen=True)
class LineStyle:
    """How a line over time and the marks on it are drawn.

    Attributes
    ----------
    colour
        Of line and marks.
    symbol
        Plotly's name of the mark at each figure.
    mark
        The character that stands for the line in the key.
    width
        Of the line, in pixels.
    dash
        Plotly's name of the dashes.
    size
        Of the marks, in pixels.
    """

    colour: str
    symbol: str
    mark: str
    width: float = 2.0
    dash: str = "solid"
    size: float = 6.0

    def key(self, meaning: str) -> KeyItem:
        """The entry in the key that says what such a line means.

        Parameters
        ----------
        meaning
            What such a line means.

        Returns
        -------
        KeyItem
        """
        return KeyItem(self.mark, self.colour, meaning)


# The chosen authority, or England where there is none.
FOCUS_LINE = LineStyle(DARK_BLUE, "circle", "●", 3.0, size=8.0)
COMPARATOR_LINES = {
    "england": LineStyle(DARK_GREY, "square", "■"),
    "region": LineStyle(MID_GREY, "triangle-up", "▲", 1.6, "dot"),
    "neighbours": LineStyle(TURQUOISE, "diamond", NEIGHBOUR_MARK, size=8.0),
}
# Other authorities of the reader's choosing, in the order chosen.
CHOSEN_LINES = (
    LineStyle(DARK_PINK, "triangle-down", "▼", size=7.0),
    LineStyle(ORANGE, "triangle-right", "►", size=7.0),
    LineStyle(LIGHT_PURPLE, "triangle-left", "◄", size=7.0),
    LineStyle(MID_BLUE, "triangle-up-open", "△", size=7.0),
)
# The same for charts with local figures, using marks that also exist hollow: hollow stands for provisional.
CHOSEN_LOCAL_LINES = (
    LineStyle(DARK_PINK, "triangle-down", "▼", size=8.0),
    LineStyle(ORANGE, "triangle-up", "▲", size=8.0),
    LineStyle(LIGHT_PURPLE, "diamond", "◆", size=8.0),
    LineStyle(MID_BLUE, "triangle-left", "◄", size=8.0),
)
# Authorities before or after a split or merger: faint and dashed, told apart by their marks.
FAINT_BLUE = "#7A96AF"
RELATED_LINES = tuple(
    LineStyle(FAINT_BLUE, symbol, f"{mark}- -", 1.5, "dash", 6.0)
    for symbol, mark in (("circle", "●"), ("square", "■"), ("triangle-up", "▲"), ("diamond-open", "◊"))
)
# An authority's own figures by layer, drawn with its published ones.
LOCAL_LINES = {
    "provisional": LineStyle(DARK_BLUE, "square-open", "□", 1.2, "dot", 9.0),
    "final": LineStyle(DARK_BLUE, "diamond-open", "◊", 1.2, "dot", 10.0),
}
# The lines of each panel of workforce measures, which is small, from back to front.
PANEL_LINES = {
    "england": replace(COMPARATOR_LINES["england"], width=1.5, size=4),
    "region": replace(COMPARATOR_LINES["region"], size=5),
    "neighbours": replace(COMPARATOR_LINES["neighbours"], width=1.8, size=6),
    "value": replace(FOCUS_LINE, size=7),
}


def comparator_role(name: str) -> str:
    """Return what the name of a comparator means: ``neighbours`` or ``region``.

    >>> comparator_role("Mean of neighbours"), comparator_role("London")
    ('neighbours', 'region')

    Parameters
    ----------
    name
        As the chart has it.

    Returns
    -------
    str
    """
    return "neighbours" if "neighbour" in name.casefold() else "region"


# What an authority is compared with, where it is a dot and not a line.
COMPARATOR_DOTS = {
    "neighbours": _dots(8, 10, 14)["neighbour"],
    "region": REGION_DOT,
}
# Areas of the reader's own table, besides the chosen authority and England; any further areas are grey. Neighbours share
# their colour and differ by their marks; a region has a colour as other areas have, for several may be compared.
NEIGHBOUR_LINES = tuple(
    LineStyle(TURQUOISE, symbol, mark, size=8.0)
    for symbol, mark in (
        ("diamond", "◆"), ("diamond-open", "◊"), ("square-open", "□"), ("circle-open", "○"), ("triangle-up-open", "△"), ("x", "×"),
    )
)  # fmt: skip
AREA_LINES = (
    *CHOSEN_LINES,
    LineStyle(GREY_BLUE, "square", "■", size=7.0),
    LineStyle(MID_GREY, "x", "×", size=7.0),
)
# The authority of a panel, drawn over the chosen authority.
SMALL_FRONT, SMALL_BEHIND = DARK_PINK, FAINT_BLUE


@dataclass(frozen=True)
class ShareStyle:
    """How a part of a stacked bar is drawn: its fill and outline, the ink of a label on it, and whether it is hatched."""

    fill: str
    ink: str
    outline: str = WHITE
    hatched: bool = False


# By area and answer: those not known are hatched for every area.
SHARE_COLOURS: dict[tuple[str, str], ShareStyle] = {
    ("chosen", "good"): ShareStyle(DARK_BLUE, WHITE),
    ("chosen", "bad"): ShareStyle("#9FC3E6", INK),
    ("neighbour", "good"): ShareStyle(TURQUOISE, INK),
    ("neighbour", "bad"): ShareStyle("#C4E5E2", INK),
    ("other", "good"): ShareStyle(MID_GREY, WHITE),
    ("other", "bad"): ShareStyle("#D0D0D0", INK),
} | {(role, "not_known"): ShareStyle(WHITE, INK, MID_GREY, hatched=True) for role in ROLES}


def provisional(style: LineStyle) -> LineStyle:
    """Return the hollow, dotted form of a line's style, which stands for provisional figures.

    Parameters
    ----------
    style
        The style of official figures.

    Returns
    -------
    LineStyle
    """
    return replace(style, symbol=f"{style.symbol}-open", dash="dot", width=2.0)


@dataclass(frozen=True)
class VerdictStyle:
    """How a verdict is drawn, by symbol as well as by colour.

    Attributes
    ----------
    mark
        The character that stands for it in text: ``▲``.
    symbol
        The plotly symbol of the same shape.
    fill, outline
        Colours of that symbol.
    word
        What it is called.
    """

    mark: str
    symbol: str
    fill: str
    outline: str
    word: str


VERDICTS: dict[str, VerdictStyle] = {
    "better": VerdictStyle("▲", "triangle-up", DARK_BLUE, WHITE, "better"),
    "similar": VerdictStyle("●", "circle", MID_GREY, WHITE, "similar"),
    "worse": VerdictStyle("▼", "triangle-down", ORANGE, INK, "worse"),
    "higher": VerdictStyle("△", "triangle-up", WHITE, GREY_BLUE, "higher"),
    "lower": VerdictStyle("▽", "triangle-down", WHITE, GREY_BLUE, "lower"),
    "": VerdictStyle("○", "circle", WHITE, INK, "not compared"),
}


def verdict_style(verdict: Any) -> VerdictStyle:
    """Return the style of a verdict; anything unknown is drawn as not compared.

    >>> verdict_style("better").mark, verdict_style(None).word
    ('▲', 'not compared')

    Parameters
    ----------
    verdict
        The code of a verdict.

    Returns
    -------
    VerdictStyle
    """
    return VERDICTS.get(words(verdict), VERDICTS[""])
