"""Who took raw rows out of the dashboard: a line on the log for each download, and the latest for administrators."""

from __future__ import annotations

import datetime as dt
import logging
from collections import deque
from dataclasses import dataclass

import pandas as pd

from careleavers.people import Person

log = logging.getLogger("careleavers.audit")

_MOST = 1000


@dataclass(frozen=True)
class Download:
    """A file with unprotected figures that somebody was given: who, ``what`` as words, and when (UTC)."""

    person: Person
    what: str
    at: dt.datetime


_latest: deque[Download] = deque(maxlen=_MOST)


def record(person: Person, what: str) -> Download:
    """Note that somebody is given a file with original or unprotected rows; called where the file is made.

    Everything that such a download leaves behind goes through here: the line on the log carries issuer and subject,
    because names change.
    """
    made = Download(person, what, dt.datetime.now(dt.UTC))
    log.info("Download: %r (%s, issuer %r, subject %r) was given %s",
             person.name, person.role, person.issuer, person.subject, " ".join(what.split()))  # fmt: skip
    _latest.append(made)
    return made


def latest() -> pd.DataFrame:
    """The downloads since this process started, newest first: columns ``at`` (UTC), ``name``, ``issuer``, ``what``."""
    rows = [(each.at, each.person.name, each.person.issuer, each.what) for each in reversed(_latest)]
    return pd.DataFrame(rows, columns=["at", "name", "issuer", "what"])
