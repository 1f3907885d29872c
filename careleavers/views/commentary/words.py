"""The sentences around what councils say of their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from careleavers.wording.formats import day_text, join_words

SOMEBODY = "an officer"
PROMPT = "Why did it move, and what is being done?"
HELP = (
    "Plain text. Say what lies behind the figure and what the council is doing. No names of young people, and no small "
    "numbers of them."
)
CONFIRM = "I have checked this, and it is right"
EMPTY = "Write something first."
SAVED = "The comment was saved."
WITHDRAWN = "The comment was withdrawn. Its history is on the History page."
RESTORED = "The comment was put back."
NO_NAME = "Give your name: readers will see it."
ABOUT_HISTORY = (
    "What councils say of their own figures. Each change is kept as a version; only officers of that council "
    "can read a comment that was withdrawn."
)


def heading(authority: str) -> str:
    """What marks comments as the council's and nobody else's.

    Parameters
    ----------
    authority
        The name of the authority.

    Returns
    -------
    str
    """
    return f"{authority}: the council’s own words"


def by_line(name: str, at: dt.datetime, *, public: bool, changed: bool) -> str:
    """Who wrote a comment, when, and for whom.

    Parameters
    ----------
    name
        Who.
    at
        When (UTC).
    public
        Whether everybody may read it.
    changed
        Whether there was an earlier version.

    Returns
    -------
    str
    """
    day = f"last changed on {day_text(at)}" if changed else day_text(at)
    return f"{name}, {day}" + ("" if public else " · for officers of this council only")


def more_said(about: Sequence[str]) -> str:
    """What a page without room for all comments says of the others.

    Parameters
    ----------
    about
        The figures that they are on, in words.

    Returns
    -------
    str
    """
    return f"On the dashboard the council also says something about: {'; '.join(about)}."


def add_label(held: bool, several: bool) -> str:
    """The label of what unfolds for writing.

    Parameters
    ----------
    held
        Whether there is a comment already.
    several
        Whether there are several figures to write about.

    Returns
    -------
    str
    """
    if several:
        return "Add or change a comment"
    return "Change or withdraw the comment" if held else "Add a comment"


def refused(found: Sequence[str]) -> str:
    """What to say of identifiers in a comment, which cannot stay.

    Parameters
    ----------
    found
        What there is, as :func:`careleavers.intake.personal.identifiers` says it.

    Returns
    -------
    str
    """
    return f"This has what looks like {join_words(found)}. Take it out: it is never needed with a figure. Nothing was saved."


def about_names(found: Sequence[str]) -> str:
    """What to ask about words that may be names.

    Parameters
    ----------
    found
        The words as written.

    Returns
    -------
    str
    """
    named = join_words(f"“{name}”" for name in found)
    return f"{named}: is this a person? Never name a young person, or anybody who would tell who they are."


def about_small_numbers(found: Sequence[str]) -> str:
    """What to ask about small numbers of young people.

    Parameters
    ----------
    found
        The words as written: ``two young people``.

    Returns
    -------
    str
    """
    told = join_words(f"“{each}”" for each in found)
    return f"{told}: such a small number may show who they are. Leave it out, or say “a few”."


def about_exact_counts(found: Sequence[str]) -> str:
    """What to ask about numbers that are exact counts behind figures that readers see rounded or not at all.

    Parameters
    ----------
    found
        The numbers as written.

    Returns
    -------
    str
    """
    told = join_words(f"“{each}”" for each in found)
    which = "an exact count" if len(found) == 1 else "exact counts"
    return (
        f"{told}: {which} that your council uploaded, and readers see only rounded. With other figures somebody could work "
        "out who was counted. Leave it out, or round it."
    )
