"""What the Definitions page shows: measures in full, the glossary, the sources, and what a search finds among them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from careleavers.model import THEMES
from careleavers.views.context import Context
from careleavers.views.definitions import words
from careleavers.wording import releases
from careleavers.wording.formats import missing
from careleavers.wording.tables import records


@dataclass(frozen=True)
class MeasureEntry:
    """One measure of the catalogue, as the page shows it.

    Attributes
    ----------
    indicator, title, short_title, theme, sub_theme
        As in the catalogue.
    text
        Everything there is to say about it, as Markdown.
    held
        Whether any figure of it is held, so that there is something to compare.
    """

    indicator: str
    title: str
    short_title: str
    theme: str
    sub_theme: str
    text: str
    held: bool


@dataclass(frozen=True)
class Theme:
    """A theme of the catalogue.

    Attributes
    ----------
    id
        Its code, as in the address.
    heading, introduction
        What stands over its measures.
    sub_themes
        Headings, each with its measures.
    """

    id: str
    heading: str
    introduction: str
    sub_themes: tuple[tuple[str, tuple[MeasureEntry, ...]], ...]


@dataclass(frozen=True)
class Glossary:
    """Terms of one group.

    Attributes
    ----------
    id
        The group: ``words``, ``marks`` or ``rules``.
    heading
        What stands over them.
    terms
        Each term with its meaning, as Markdown.
    """

    id: str
    heading: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """The publications as Markdown, and a sentence for each release that is due or overdue."""

    due: tuple[str, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class SearchResults:
    """What a search found: measures, and terms of the glossary as Markdown, the best matches first."""

    measures: tuple[MeasureEntry, ...]
    terms: tuple[str, ...]


def build_view(context: Context, theme: str) -> tuple[Theme, ...]:
    """Every measure of a theme, by theme and sub-theme.

    Parameters
    ----------
    context
        What the view is made from.
    theme
        ``outcome``, ``enabler`` or ``context``; ``all`` for every theme.

    Returns
    -------
    tuple[Theme, ...]
        In the order of the page; a theme without measures is left out.
    """
    measures = _measures(context, theme=theme)
    return tuple(
        Theme(
            id=key,
            heading=THEMES[key],
            introduction=introduction,
            sub_themes=tuple(
                (name, tuple(of_name)) for name, of_name in groupby(of_theme, key=lambda measure: measure.sub_theme)
            ),
        )
        for key, introduction in words.THEME_INTRODUCTIONS.items()
        if (of_theme := [measure for measure in measures if measure.theme == key])
    )


def one_measure(context: Context, asked: str) -> MeasureEntry | None:
    """The measure that a link asks for.

    Parameters
    ----------
    context
        What the view is made from.
    asked
        An id, title or short title, in any case.

    Returns
    -------
    Measure or None
        None where there is none.
    """
    return next(iter(_measures(context, indicator=asked)), None)


def search(context: Context, text: str) -> SearchResults:
    """What a search finds among the measures and in the glossary.

    Parameters
    ----------
    context
        What the view is made from.
    text
        Words, separated by spaces; a measure or term must have all of them.

    Returns
    -------
    SearchResults
    """
    terms = records(context.query("glossary", search=text))
    return SearchResults(_measures(context, search=text), tuple(words.term_text(row) for row in terms))


def glossary(context: Context, *groups: str) -> tuple[Glossary, ...]:
    """The glossary.

    Parameters
    ----------
    context
        What the view is made from.
    *groups
        Any of ``words``, ``marks`` and ``rules``.

    Returns
    -------
    tuple[Glossary, ...]
        One part for each group, in this order.
    """
    terms = records(context.query("glossary", search=""))
    return tuple(
        Glossary(
            group,
            words.GLOSSARY_HEADINGS[group],
            tuple(words.term_text(row) for row in terms if row["grouping"] == group),
        )
        for group in groups
    )


def sources(context: Context) -> Sources:
    """Every publication that figures come from, and which releases are due on the context's day.

    Parameters
    ----------
    context
        What the view is made from.

    Returns
    -------
    Sources
    """
    return Sources(
        due=tuple(releases.due_notes(context.query("releases_due", today=context.today))),
        texts=tuple(words.source_text(row) for row in records(context.query("sources"))),
    )


def _measures(
    context: Context, *, search: str = "", theme: str = "all", indicator: str = ""
) -> tuple[MeasureEntry, ...]:
    """The measures that ``queries/definitions.sql`` gives for these parameters, in its order."""
    rows = records(context.query("definitions", search=search, theme=theme, indicator=indicator))
    due = {row["indicator"]: row for row in records(context.query("releases_due", today=context.today))}
    return tuple(
        MeasureEntry(
            indicator=str(row["indicator"]),
            title=str(row["title"]),
            short_title=str(row["short_title"]),
            theme=str(row["theme"]),
            sub_theme=str(row["sub_theme"]),
            text=words.measure_text(row, due[row["indicator"]]),
            held=not missing(row["latest_period"]),
        )
        for row in rows
    )
