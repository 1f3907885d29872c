"""The watch list of an authority in the store: its targets, the day of the last meeting, and its versions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.access.people import Person
from careleavers.store import Document, Documents
from careleavers.views.keeping import Place, entries, newest

# An authority has one list.
WATCH_LIST = Place("watch_list", "watch list", "the list")


@dataclass(frozen=True)
class KeptList:
    """The list in force, as far as somebody may read it.

    Attributes
    ----------
    document
        Its newest version.
    items
        Its targets as JSON: what ``queries/watch_list.sql`` is asked with.
    committee
        The day of the last meeting; None where none is kept.
    """

    document: Document
    items: str
    committee: dt.date | None

    @property
    def rows(self) -> list[dict[str, object]]:
        """Its targets, as :class:`careleavers.intake.watch_list.WatchDraft` has them."""
        return entries(self.document.content, "items")


def kept_list(documents: Documents, authority_code: str, person: Person) -> KeptList | None:
    """The watch list of an authority. Never fails.

    Parameters
    ----------
    documents
        The documents of the store.
    authority_code
        The authority.
    person
        Who reads.

    Returns
    -------
    KeptList or None
        None where there is none that they may read.
    """
    document = newest(documents, WATCH_LIST, authority_code, person)
    if document is None:
        return None
    return KeptList(document, json.dumps(entries(document.content, "items")), _day(document.content.get("committee")))


def items_on(documents: Documents, kept: KeptList, person: Person, day: dt.date | None) -> str | None:
    """The targets as they were at the end of a day.

    Parameters
    ----------
    documents
        The documents of the store.
    kept
        The list in force.
    person
        Who reads.
    day
        The day; None for none.

    Returns
    -------
    str or None
        JSON; None where no day is asked for or the list is younger than it, so that every target would be new.

    Raises
    ------
    StoreUnavailable
        When the versions cannot be read.
    """
    if day is None or kept.document.at.date() <= day:
        return None
    versions = documents.history(kept.document.document, person)
    held = next((each for each in versions if each.in_force and each.at.date() <= day), None)
    return None if held is None else json.dumps(entries(held.content, "items"))


def list_content(items: Sequence[Mapping[str, object]], committee: dt.date | None) -> dict[str, Any]:
    """What is kept of a list.

    Parameters
    ----------
    items
        Its targets.
    committee
        The day of the last meeting; None for none.

    Returns
    -------
    dict[str, Any]
    """
    return {"items": [dict(item) for item in items], "committee": committee.isoformat() if committee else ""}


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None
