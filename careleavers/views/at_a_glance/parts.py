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
class Line:
    """A line of a card: the figure, what it counts, what it is set against, and the address of its Compare page."""

    size: str
    counts: str
    note: str
    link: str


@dataclass(frozen=True)
class Card:
    """What is strong, weak or clearly changing; ``empty`` stands where there is no line."""

    kind: str
    title: str
    lines: tuple[Line, ...]
    empty: str


@dataclass(frozen=True)
class Question:
    """A question in a member’s words, and what it rests on."""

    text: str
    evidence: str


@dataclass(frozen=True)
class Cell:
    """A measure at one age: its figure and counts, how it compares, its years. ``reason`` is why there is no figure.

    ``age`` is said where it is not that of the column.
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


@dataclass(frozen=True)
class MeasureRow:
    """A measure: its name, the address of its Compare page, its period where it is another, and a cell for each column of ages."""

    title: str
    link: str
    period: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class MeasureTable:
    """The measures of one theme; ``ages`` head the columns, or there is one column and nothing heads it."""

    caption: str
    ages: tuple[str, ...]
    comparator: str
    span: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class Shares:
    """How young people divide into yes, no and not known: a picture, and its figures as rows of text under their headings.

    ``bars`` is what the picture was drawn from (the frame of :func:`careleavers.charts.shares.shares`), and ``footer`` where that
    comes from.
    """

    heading: str
    anchor: str
    chart: ChartResult
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    bars: pd.DataFrame
    footer: Footer
