"""What a pack is made of, before it is a file: every text is plain, every chart is a page's own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.axes import SCALE_FROM
from careleavers.packs.model import PackSettings, to_json
from careleavers.packs.native import NativeChart, alt
from careleavers.views.at_a_glance.parts import Run

Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` 1 is a part of the report, 2 a section, 3 what stands inside one."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``small`` for what is to be borne in mind."""

    runs: Runs
    small: bool = False

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Bullets:
    """A list; ``numbered`` for recommendations and questions, ``small`` for what is to be borne in mind."""

    items: tuple[Runs, ...]
    numbered: bool = False
    small: bool = False


@dataclass(frozen=True)
class OwnWords:
    """What the council says itself, marked as such.

    Attributes
    ----------
    title
        Whose words they are.
    paragraphs
        The words.
    by
        Who is responsible, or who wrote it and when; "" where nobody is named.
    """

    title: str
    paragraphs: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True)
class Table:
    """A table with one row of headings; each row begins with what it is about.

    Attributes
    ----------
    caption
        What it holds, its area and period.
    columns, rows
        Headings, and rows of as many texts.
    note
        Source, release, kind of figures.
    repeats
        Whether a chart of the same section shows these figures, so that slides leave it out.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    repeats: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart.

    Attributes
    ----------
    chart
        As its page draws it.
    caption
        Measure, area and period: the title, which is the finding, stands in the picture.
    source
        The foot of the picture: source, release, kind of figures, day and n.
    native
        Its data, where a chart of Office can show it; None otherwise.
    table
        Its figures as shown, for where it cannot be drawn.
    download, about
        Its figures as the page exports them, and the lines that describe them.
    native_source
        The foot of a chart of ``native``, which may show less; "" where it is that of the picture.
    """

    chart: ChartResult
    caption: str
    source: str
    native: NativeChart | None
    table: Table
    download: pd.DataFrame
    about: Mapping[str, str]
    native_source: str = ""

    @property
    def headline(self) -> str:
        """The finding."""
        return self.chart.headline.rstrip(". ")

    @property
    def alt(self) -> str:
        """The text alternative: what the page's picture shows, and where it comes from."""
        return f"{self.chart.alt.rstrip()} {self.source}".strip()

    @property
    def simple_caption(self) -> str:
        """The caption of such a chart, whose axis always begins at zero whatever the picture's does."""
        return self.caption.partition(f". {SCALE_FROM} ")[0]

    @property
    def simple_source(self) -> str:
        """The foot of a chart of Office, or of a simple picture, of its data."""
        return self.native_source or self.source

    @property
    def simple_alt(self) -> str:
        """The text alternative of such a chart, which shows its data and no more."""
        if self.native is None:
            return self.alt
        return f"{alt(self.native, self.headline)} {self.simple_source}".strip()


Block = Heading | Paragraph | Bullets | OwnWords | Table | Picture


@dataclass(frozen=True)
class Part:
    """One section, made.

    Attributes
    ----------
    place
        The part of the report under which it stands: a key of :data:`careleavers.packs.build.HEADINGS`.
    title
        What heads it; "" where the heading of the part is enough.
    blocks
        What is in it.
    measures
        Ids of the indicators that it shows.
    nothing
        Where it only says that there is nothing to show: ``preview``, for whoever can see to it, or ``paper``, in a document but on no
        slide; "" for all others.
    """

    place: str
    title: str
    blocks: tuple[Block, ...]
    measures: tuple[str, ...] = ()
    nothing: Literal["", "preview", "paper"] = ""


@dataclass(frozen=True)
class Pack:
    """A document about one authority.

    Attributes
    ----------
    settings
        What it was made from.
    title, name
        What it is called, and the authority.
    about
        Lines under the title: committee, day of the meeting, classification, comparator.
    parts
        Heading of each part of the report, with its sections.
    product, version, day, address
        What made it, from which data version, on which day, and where the same figures are shown; "" where that is not known.
    releases
        The releases (source, release) that its figures come from.
    logo
        The council's logo as SVG or PNG; b"" without one.
    logo_alt
        What the logo shows.
    styles
        The styles of the council's Word template: names of parts and their XML; empty without one.
    """

    settings: PackSettings
    title: str
    name: str
    about: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]
    product: str
    version: str
    day: dt.date
    address: str = ""
    releases: frozenset[tuple[str, str]] = frozenset()
    logo: bytes = b""
    logo_alt: str = ""
    styles: Mapping[str, bytes] = field(default_factory=dict)

    def blocks(self) -> tuple[Block, ...]:
        """Everything in order, headings among it."""
        found: list[Block] = []
        for heading, parts in self.parts:
            found.append(Heading(1, heading))
            for part in parts:
                if part.title:
                    found.append(Heading(2, part.title))
                found.extend(part.blocks)
        return tuple(found)

    def for_paper(self) -> Pack:
        """The pack without the sections that only its author needs to see."""
        parts = [(heading, tuple(part for part in found if part.nothing != "preview")) for heading, found in self.parts]
        return replace(self, parts=tuple((heading, found) for heading, found in parts if found))

    def pictures(self) -> tuple[Picture, ...]:
        """Its charts in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Picture))

    @property
    def key(self) -> str:
        """What the files of it depend on, as a short text: settings, data version, day, address, words, logo and styles."""
        told = hashlib.sha256()
        for piece in (to_json(self.settings), self.name, self.version, self.day.isoformat(), self.address):
            told.update(piece.encode() + b"\0")
        # What councils write elsewhere (comments, answers, plans) changes no data version.
        for block in self.blocks():
            told.update((block.alt if isinstance(block, Picture) else repr(block)).encode() + b"\0")
        told.update(self.logo + b"\0" + b"".join(self.styles[name] for name in sorted(self.styles)))
        return told.hexdigest()[:24]
