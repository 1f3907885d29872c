"""The day that a reader counts from, and what is new since."""

from __future__ import annotations

import datetime as dt

from careleavers.ui import state, widgets
from careleavers.views.whats_new.view import FIRST

KEY = "since"


def since(label: str = "New since (the day of your last meeting)") -> dt.date | None:
    """Draw the choice of the day to count from, kept in the address as ``?since=2026-06-01``.

    Parameters
    ----------
    label
        What stands above the control.

    Returns
    -------
    dt.date or None
        None where none is chosen.
    """
    return state.choose_day(KEY, label, what="date", first=FIRST, last=widgets.today())
