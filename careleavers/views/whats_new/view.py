"""What the page on what is new shows: releases, uploads, inspections and restatements by month; and the feed of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from careleavers.views.context import Context
from careleavers.views.whats_new import feed, words
from careleavers.wording import releases
from careleavers.wording.formats import day_text

# Nothing that is held came out before.
FIRST = dt.date(2016, 1, 1)


@dataclass(frozen=True)
class WhatsNewView:
    """The parts of the page.

    Attributes
    ----------
    due
        A sentence for each release that is late.
    introduction
        What the list covers.
    months
        What is new by month, newest first.
    """

    due: tuple[str, ...]
    introduction: str
    months: dict[str, list[words.NewsItem]]


def build_view(context: Context, code: str, name: str, day: dt.date) -> WhatsNewView:
    """What is new since a day.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority; "" for all of them.
    day
        The first day.

    Returns
    -------
    WhatsNewView
    """
    return WhatsNewView(
        due=tuple(releases.due_notes(context.query("releases_due", today=context.today))),
        introduction=f"What came out or changed since {day_text(day)}, newest first: releases, and the "
        f"inspections, local figures and restated figures of {name if code else 'all authorities'}. "
        "Where only the month is known, the entry is dated to its last day.",
        months=words.by_month(events(context, code, day)),
    )


def events(context: Context, authority: str, day: dt.date) -> list[words.NewsItem]:
    """What is new since a day.

    Parameters
    ----------
    context
        What the view is made from.
    authority
        Code of the authority; "" for all of them.
    day
        The first day.

    Returns
    -------
    list[words.NewsItem]
        Newest first.
    """
    return words.events(context.query("whats_new", authority=authority, since=day, today=context.today))


def line(context: Context, code: str, name: str, day: dt.date) -> str:
    """What is new for one authority since a day, in one line.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.
    day
        The first day.

    Returns
    -------
    str
    """
    return words.since_line(context.query("whats_new", authority=code, since=day, today=context.today), name, day)


def document(context: Context, code: str, name: str, title: str) -> bytes:
    """The feed of everything, or of one authority.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority; "" for all of them.
    title
        The title of the feed.

    Returns
    -------
    bytes
        The bytes of an Atom document.
    """
    return feed.atom(events(context, code, FIRST), title, name)
