"""What the page shows, as data: every text is plain, and ``markup.py`` makes HTML of it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.template import Footer


@dataclass(frozen=True)
class Run:
    """A piece of the line under the title; ``strong`` is what is looked for in it."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class CardLine:
    """A line of a card.

    Attributes
    ----------
    size
        The figure, or how it has moved: ``46%``, ``54→46%``.
    counts
        What it counts and at which ages; the words of the link.
    note
        What it is compared with, its rank, cautions.
    link
        The address of its Compare page.
    other_age
        The same measure at the other ages: ``17 to 18: 12%``; "" where that does not stand out.
    """

    size: str
    counts: str
    note: str
    link: str
    other_age: str = ""


@dataclass(frozen=True)
class Card:
    """What is strong, weak or clearly changing.

    Attributes
    ----------
    kind
        ``strong``, ``weak`` or ``changing``.
    title
        What heads the card.
    lines
        What stands out, the most telling first.
    empty
        The sentence that stands there when there is no line.
    """

    kind: str
    title: str
    lines: tuple[CardLine, ...]
    empty: str


@dataclass(frozen=True)
class Cell:
    """A measure at one age. Every text is as shown; "" where there is nothing to say.

    Attributes
    ----------
    age, period
        The ages, and the period, where they are not those of the column.
    figure
        The figure, or the mark that stands in its place.
    counted
        ``273 of 600``.
    note
        What a reader must know about the figure, in few words.
    verdict, verdict_text
        The code of how it compares, and that in words.
    comparator
        The figure it is compared with.
    why
        Why it is not compared, or how many are not known.
    rank
        ``135th of 152``.
    change
        How it has moved, where a test finds that clear.
    years, values
        The line of years; None in a year without a figure.
    years_text
        The same in words.
    decimals
        Of the figure, for the line's last point.
    scale
        The lowest and highest value of the line's axis; None to fit its own.
    reason
        Why there is no figure; "" where there is one.
    """

    age: str
    figure: str
    counted: str
    note: str
    verdict: str
    verdict_text: str
    comparator: str
    why: str
    rank: str
    change: str
    years: tuple[int, ...]
    values: tuple[float | None, ...]
    years_text: str
    decimals: int
    scale: tuple[float, float] | None
    reason: str = ""
    period: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """A measure and its figures.

    Attributes
    ----------
    title
        What it is called.
    link
        The address of its Compare page.
    period
        Its period where that is not the newest; "" otherwise.
    cells
        One for each column of ages; None where it is not counted at that age.
    """

    title: str
    link: str
    period: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class MeasureTable:
    """The measures of one theme.

    Attributes
    ----------
    caption
        What heads the table.
    ages
        What heads its columns; empty where there is one column, which nothing heads.
    comparator
        What heads the comparison: ``Neighbours``.
    span
        The years that every line covers: ``2018 to 2025``.
    rows
        In the order of the catalogue.
    """

    caption: str
    ages: tuple[str, ...]
    comparator: str
    span: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class Shares:
    """How young people divide into yes, no and not known.

    Attributes
    ----------
    heading, anchor
        What heads the picture, and what the address calls that heading.
    chart
        The picture.
    columns, table
        The same as text: headings, and rows of which each begins with the ages and the area.
    bars
        What the picture was drawn from (the frame of :func:`careleavers.charts.shares.shares`).
    footer
        Where that comes from.
    """

    heading: str
    anchor: str
    chart: ChartResult
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    bars: pd.DataFrame
    footer: Footer
