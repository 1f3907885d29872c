"""The watch list of an authority in the store: its targets, the day of the last meeting, and its versions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careleavers.access.people import Person
from careleavers.store import Document, Documents

# An authority has one list.
KEY = "watch list"


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
        return targets(self.document)


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
    newest = documents.find("watch_list", authority_code, KEY, person)
    if newest is None:
        return None
    return KeptList(newest, json.dumps(targets(newest)), _day(newest.content.get("committee")))


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
    return None if held is None else json.dumps(targets(held))


def save_list(
    documents: Documents,
    authority_code: str,
    items: Sequence[Mapping[str, object]],
    committee: dt.date | None,
    person: Person,
    *,
    public: bool,
    expected: int,
    note: str = "",
) -> Document:
    """Keep a list as the newest version.

    Parameters
    ----------
    documents
        The documents of the store.
    authority_code
        Whose list it is.
    items
        Its targets.
    committee
        The day of the last meeting; None for none.
    person
        Who saves it.
    public
        Whether everybody may read it.
    expected
        The version that the person had before them; 0 for none.
    note
        Why, for whoever looks at the versions.

    Returns
    -------
    Document

    Raises
    ------
    NotAllowed, DocumentChanged, StoreProblem, StoreUnavailable
        As :meth:`careleavers.store.Documents.save` does.
    """
    content = {"items": [dict(item) for item in items], "committee": committee.isoformat() if committee else ""}
    return documents.save(
        "watch_list", authority_code, KEY, content, person, public=public, expected=expected, reason=note
    )


def targets(document: Document) -> list[dict[str, object]]:
    """The targets of a version.

    Parameters
    ----------
    document
        The version.

    Returns
    -------
    list of dict
    """
    found = document.content.get("items", [])
    return [dict(each) for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        return None
