"""What is new: the events of the query, asked for the pages and the feed, and the day that a reader counts from."""

from __future__ import annotations

import datetime as dt

from careleavers.ui import figures, state, widgets
from careleavers.ui.pages import PRODUCT
from careleavers.views.whats_new import feed
from careleavers.views.whats_new import words as whats_new_words

KEY = "since"
# Nothing that is held came out before.
FIRST = dt.date(2016, 1, 1)


def since(label: str = "New since (the day of your last meeting)") -> dt.date | None:
    """Draw the choice of the day to count from, kept in the address as ``?since=2026-06-01``; None where none is chosen."""
    return state.choose_day(KEY, label, what="date", first=FIRST, last=widgets.today())


def events(authority: str, day: dt.date) -> list[whats_new_words.Event]:
    """What is new since a day, for one authority (code) or all (""), newest first. Shared by all visitors: read it only."""
    return figures.drawn(_events, authority, day)


def _events(authority: str, day: dt.date) -> list[whats_new_words.Event]:
    return whats_new_words.events(figures.ask("whats_new", authority=authority, since=day, today=widgets.today()))


def line(code: str, name: str, day: dt.date) -> str:
    """What is new for one authority since a day, in one line."""
    return whats_new_words.since_line(
        figures.ask("whats_new", authority=code, since=day, today=widgets.today()), name, day
    )


def document(code: str, name: str) -> bytes:
    """The feed of everything, or of one authority, as bytes. Made once for each data version and day."""
    return figures.drawn(_document, code, name)


def _document(code: str, name: str) -> bytes:
    return feed.atom(_events(code, FIRST), f"{PRODUCT}: what is new", name)
