"""What is new: the events of the query, and the feed of them."""

from __future__ import annotations

import datetime as dt

from careleavers.views.context import Context
from careleavers.views.whats_new import feed, words

# Nothing that is held came out before.
FIRST = dt.date(2016, 1, 1)


def events(context: Context, authority: str, day: dt.date) -> list[words.Event]:
    """What is new since a day, for one authority (code) or all (""), newest first."""
    return words.events(context.query("whats_new", authority=authority, since=day, today=context.today))


def line(context: Context, code: str, name: str, day: dt.date) -> str:
    """What is new for one authority since a day, in one line."""
    return words.since_line(context.query("whats_new", authority=code, since=day, today=context.today), name, day)


def document(context: Context, code: str, name: str, title: str) -> bytes:
    """The feed of everything (``code`` ""), or of one authority, as the bytes of an Atom document."""
    return feed.atom(events(context, code, FIRST), title, name)
