"""What the briefing of one authority says: the parts of At a glance, what the measures count, and where the figures come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from careleavers.access.people import NOBODY
from careleavers.model import ATTRIBUTION, Against
from careleavers.store import Documents
from careleavers.views.at_a_glance import view as at_a_glance
from careleavers.views.commentary.view import Comment, FigureKey, comments
from careleavers.views.context import Context
from careleavers.wording.comparators import comparator_name
from careleavers.wording.formats import day_text, missing, published_text
from careleavers.wording.tables import records


@dataclass(frozen=True)
class Briefing:
    """One briefing, as data.

    Attributes
    ----------
    glance
        What At a glance shows of the authority.
    compared
        A sentence: what it is compared with.
    definitions
        The name of each headline measure and what it counts.
    sources
        A sentence for each publication, and the terms of use.
    address
        Where the same figures are shown; "" where that is not known.
    version, day
        The data version, and the day on which the briefing was made.
    comments
        What the council says of these figures for everybody to read.
    """

    name: str
    glance: at_a_glance.AtAGlanceView
    compared: str
    definitions: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    address: str
    version: str
    day: dt.date
    comments: tuple[Comment, ...] = ()


def build_view(
    context: Context,
    code: str,
    name: str,
    against: Against,
    region: str | None,
    address: str,
    said: tuple[Comment, ...] = (),
) -> Briefing:
    """The briefing of one authority against one comparator.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.
    against
        What it is compared with.
    region
        The name of its region; None without one.
    address
        Where the same figures are shown, whole; "" where that is not known.
    said
        What the council says of these figures: :func:`public_comments`.

    Returns
    -------
    Briefing
    """
    glance = at_a_glance.build_view(context, code, name, against, region, "wide")
    # Those behind the headlines, which the page has too, are not in the briefing, nor is their source.
    rows = context.query("at_a_glance", authority=code, against=against)
    named = {(str(row["source"]), str(row["release"])) for row in records(rows[rows["value"].notna()])}
    named |= {
        (str(row["judged_source"]), str(row["judged_release"]))
        for row in records(context.query("at_a_glance_authority", authority=code))
        if not missing(row["judged_release"])
    }
    defined = records(context.query("definitions", search="", theme="all", indicator=""))
    return Briefing(
        name=name,
        glance=glance,
        compared=f"Compared with {comparator_name(glance.compared_with, region)}.",
        definitions=tuple(
            (str(row["short_title"]), str(row["definition"])) for row in defined if row["headline"] == "yes"
        ),
        sources=tuple(_sources(context, named)),
        address=address,
        version=context.version,
        day=context.today,
        comments=said,
    )


def public_comments(
    context: Context, documents: Documents, code: str, glance: at_a_glance.AtAGlanceView
) -> tuple[Comment, ...]:
    """What a council says of its headline figures for everybody to read: a briefing is handed on.

    Parameters
    ----------
    context
        The catalogue.
    documents
        What councils keep in the store.
    code
        The authority.
    glance
        What At a glance shows of it.

    Returns
    -------
    tuple[Comment, ...]
        In the order of the measures.
    """
    about = [FigureKey(*each) for each in glance.measures]
    return tuple(comments(documents, NOBODY, code, context.indicators, about))


def _sources(context: Context, named: set[tuple[str, str]]) -> list[str]:
    """A sentence for each publication, with its releases, then the terms of use."""
    publications: dict[str, list[str]] = {}
    for source, release in sorted(named):
        for row in records(context.query("release", source=source, release=release)):
            publications.setdefault(f"{row['publisher']}, {row['title']}", []).append(published_text(row["published"]))
    return [
        *(f"{title}: {'; '.join(dict.fromkeys(published))}." for title, published in publications.items()),
        f"{ATTRIBUTION} Made on {day_text(context.today)} from data version {context.version}.",
    ]
