"""The comments of an authority on its figures, as somebody may read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from careleavers.access.people import THIS_MACHINE, Person
from careleavers.model import Indicator
from careleavers.store import Document, Documents
from careleavers.views.commentary import words
from careleavers.wording.formats import age_text, period_label, period_text, quarter_text
from careleavers.wording.uploaded_text import inert

# What the department publishes, whatever its period; a council's own figures are told apart by the time they cover.
PUBLISHED = "published"
# A note, not a report: about 250 words.
LONGEST = 1500
LONGEST_NAME = 80
_PARTS = 4


@dataclass(frozen=True, order=True)
class FigureKey:
    """What a comment is about, apart from the authority.

    Attributes
    ----------
    indicator, age_group
        The measure.
    period
        The last day of its period, ISO.
    basis
        :data:`PUBLISHED` for the department's figure; for a council's own the time it covers: ``quarter``, ``snapshot``,
        ``year_to_date`` or ``rolling_12m``.
    """

    indicator: str
    age_group: str
    period: str
    basis: str = PUBLISHED

    @property
    def key(self) -> str:
        """The key of its document: ``eet/19-21/2025-03-31/published``."""
        return "/".join((self.indicator, self.age_group, self.period, self.basis))

    @classmethod
    def of(cls, key: str) -> FigureKey | None:
        """The figure of a document's key; None for a key that is of no figure.

        Parameters
        ----------
        key
            As :attr:`key` gives it.

        Returns
        -------
        FigureKey or None
        """
        parts = key.split("/")
        if len(parts) != _PARTS:
            return None
        try:
            dt.date.fromisoformat(parts[2])
        except ValueError:
            return None
        return cls(*parts)

    @property
    def measure(self) -> tuple[str, str]:
        """The measure: indicator and age group."""
        return self.indicator, self.age_group


@dataclass(frozen=True)
class Comment:
    """What a council says of a figure of its own. Every text is plain and inert: nothing takes any of it for markup.

    Attributes
    ----------
    document, version
        The document of the store that holds it, and which version this is.
    figure
        What it is about.
    about
        The same in words: ``In education, work or training, aged 19 to 21, March 2025``.
    paragraphs
        What is said.
    public
        Whether everybody may read it.
    name
        Who wrote it.
    at
        When (UTC).
    """

    document: int
    version: int
    figure: FigureKey
    about: str
    paragraphs: tuple[str, ...]
    public: bool
    name: str
    at: dt.datetime

    @property
    def text(self) -> str:
        """What is said, in one text with a line for each paragraph."""
        return "\n".join(self.paragraphs)

    @property
    def by_line(self) -> str:
        """Who wrote it, when, and for whom: ``Ann Ames, 12 March 2026``."""
        return words.by_line(self.name, self.at, public=self.public, changed=self.version > 1)


def comments(
    documents: Documents,
    person: Person,
    authority_code: str,
    indicators: Mapping[str, Indicator],
    figures: Collection[FigureKey] | None = None,
) -> list[Comment]:
    """What an authority says of its figures, as far as somebody may read it. Never fails.

    Parameters
    ----------
    documents
        Those of the store.
    person
        Who reads.
    authority_code
        The authority.
    indicators
        The catalogue by id; a comment on a measure that is not in it is left out.
    figures
        Only on these figures; by default on all.

    Returns
    -------
    list of Comment
        In the order of ``figures``; by default the newest period first, then in the order of the catalogue.
    """
    found = [
        comment
        for document in documents.every(person, "commentary", authority_code)
        if (comment := _comment(document, indicators)) is not None and (figures is None or comment.figure in figures)
    ]
    if figures is not None:
        order = list(figures)
        return sorted(found, key=lambda comment: order.index(comment.figure))
    place = {name: number for number, name in enumerate(indicators)}
    found.sort(key=lambda comment: (place[comment.figure.indicator], comment.figure.age_group))
    return sorted(found, key=lambda comment: comment.figure.period, reverse=True)


def figure_words(figure: FigureKey, indicators: Mapping[str, Indicator]) -> str:
    """A figure in words: ``In education, work or training, aged 19 to 21, March 2025``.

    Parameters
    ----------
    figure
        The figure.
    indicators
        The catalogue by id.

    Returns
    -------
    str
    """
    title = indicators[figure.indicator].short_title if figure.indicator in indicators else figure.indicator
    named = {PUBLISHED: period_label, "quarter": quarter_text}.get(figure.basis)
    when = named(figure.period) if named else period_text(figure.period, figure.basis)
    return ", ".join(part for part in (title, age_text(figure.age_group), when) if part)


def content(text: str, name: str = "") -> dict[str, str]:
    """What is kept of a comment.

    Parameters
    ----------
    text
        What was typed.
    name
        The name that readers see, where nobody is signed in.

    Returns
    -------
    dict[str, str]
    """
    return {"text": text.strip()} | ({"name": name.strip()} if name.strip() else {})


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of what was typed, inert and without empty ones.

    Parameters
    ----------
    text
        What was typed.

    Returns
    -------
    tuple[str, ...]
    """
    return tuple(said for line in text.splitlines() if (said := inert(line)))


def author(document: Document) -> str:
    """The name of who wrote a document, as readers see it.

    Parameters
    ----------
    document
        One version of it.

    Returns
    -------
    str
    """
    given = str(document.content.get("name", "")) if document.issuer == THIS_MACHINE else ""
    return inert(given or document.name) or words.SOMEBODY


def _comment(document: Document, indicators: Mapping[str, Indicator]) -> Comment | None:
    figure = FigureKey.of(document.key)
    said = paragraphs(str(document.content.get("text", "")))
    if figure is None or figure.indicator not in indicators or not said:
        return None
    return Comment(
        document=document.document,
        version=document.version,
        figure=figure,
        about=figure_words(figure, indicators),
        paragraphs=said,
        public=document.public,
        name=author(document),
        at=document.at,
    )
