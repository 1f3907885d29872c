"""One document: its versions as they are read and written, who may read and write it, and what no document may say."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from careleavers.access.people import NotAllowed, Person
from careleavers.intake.personal import identifiers
from careleavers.store.model import StoreProblem
from careleavers.wording.formats import day_text, join_words

DocumentKind = Literal["commentary", "pack", "pack_template", "question", "plan", "watch_list"]
DocumentAction = Literal["saved", "withdrawn", "restored", "erased"]

# A committee report names whom to write to or telephone: the officer who answers for it.
_CONTACTS = frozenset({"an email address", "a telephone number"})
_WITH_CONTACTS = frozenset({"pack", "pack_template"})
# In a text without a space a program wrote the date: 2016-03-31, ?period=2016-03-31, eet/19-21/2016-03-31.
_PROGRAM_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?")


@dataclass(frozen=True)
class Document:
    """One version of a document.

    Attributes
    ----------
    entry
        The number of its entry among those of all documents.
    document
        The number of the document: that of the entry with which it began.
    kind, authority_code, key
        What tells it from others; ``authority_code`` is empty where it belongs to no authority, ``key`` where it was erased.
    version
        Its number within the document, from 1; what ``expected`` is compared with.
    action
        ``saved`` and ``restored`` are in force, ``withdrawn`` and ``erased`` are not.
    public
        Whether everybody may read it.
    content
        What it says; empty where it is not in force. Shared by everybody: read it only.
    attached
        Bytes of its attachment; 0 where there is none.
    at
        When, in UTC, without a time zone.
    issuer, subject, name
        Who, as their sign-in identifies them, and their name.
    reason
        Why, as they said it.
    """

    entry: int
    document: int
    kind: str
    authority_code: str
    key: str
    version: int
    action: DocumentAction
    public: bool
    content: Mapping[str, Any]
    attached: int
    at: dt.datetime
    issuer: str
    subject: str
    name: str
    reason: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it is neither withdrawn nor erased."""
        return self.action in ("saved", "restored") and not self.erased

    @property
    def erased(self) -> bool:
        """Whether nothing of what it said is left, in this version and in every other."""
        return not self.key

    def may_be_read_by(self, person: Person) -> bool:
        """Whether somebody may read it.

        Parameters
        ----------
        person
            Who asks.

        Returns
        -------
        bool
            For officers of its authority always; for others where it is public and in force.
        """
        return (self.public and self.in_force) or may_write(person, self.authority_code)


class DocumentChanged(StoreProblem):
    """Somebody saved, withdrew or erased the document after it was opened; nothing was written.

    Attributes
    ----------
    newest
        The document as it is now; None where it was erased.
    """

    def __init__(self, newest: Document | None) -> None:
        self.newest = newest
        if newest is None:
            told = "It was erased after you opened it."
        else:
            told = (
                f"{newest.name or 'Somebody'} {newest.action} it on {day_text(newest.at)} at {newest.at:%H:%M} UTC, "
                "after you opened it."
            )
        super().__init__(f"{told} Nothing of yours was kept: look at what it says now, and save again.")


@dataclass(frozen=True)
class DocumentErasure:
    """What became of a document that was erased.

    Attributes
    ----------
    document
        Its last entry, which stays as a tombstone.
    backups
        The names of backups from which it was erased, too.
    left
        Sentences on where copies may still be and what to do about them.
    """

    document: Document
    backups: tuple[str, ...]
    left: tuple[str, ...]


def may_write(person: Person, authority_code: str) -> bool:
    """Whether somebody may write the documents of an authority, and read all of them.

    Parameters
    ----------
    person
        Who asks.
    authority_code
        The authority; empty for documents that belong to none.

    Returns
    -------
    bool
    """
    return person.may_upload_for(authority_code) if authority_code else person.for_all


def check_may_write(person: Person, authority_code: str) -> None:
    """Check that somebody may write the documents of an authority.

    Parameters
    ----------
    person
        Who asks.
    authority_code
        The authority; empty for documents that belong to none.

    Raises
    ------
    NotAllowed
        Unless they may.
    """
    person.require([authority_code] if authority_code else [], "write this")
    if not may_write(person, authority_code):
        raise NotAllowed(f"{person.name} may not write this: it is for officers who look after every authority.")


def refuse_identifiers(kind: str, content: Any, *more: str) -> None:
    """Check that no text of a document tells who somebody is.

    Parameters
    ----------
    kind
        The kind of document: those for a committee may say whom to write to.
    content
        What it says: anything that JSON can hold.
    *more
        Other texts that are kept with it.

    Raises
    ------
    StoreProblem
        When one does.
    """
    allowed = _CONTACTS if kind in _WITH_CONTACTS else frozenset()
    found = list(
        dict.fromkeys(
            what
            for text in (*more, *_texts(content))
            for what in identifiers(_without_program_dates(text.strip()))
            if what not in allowed
        )
    )
    if found:
        raise StoreProblem(f"It has what looks like {join_words(found)}. Take it out and try again; nothing was kept.")


def _texts(content: Any) -> Iterator[str]:
    """Every text in something that JSON can hold, and the names that it has."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for name, value in content.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(content, list | tuple):
        for value in content:
            yield from _texts(value)


def documents_of(frame: pd.DataFrame) -> list[Document]:
    """Turn rows of the documents into documents.

    Parameters
    ----------
    frame
        Rows with the columns of the table, without the attachment.

    Returns
    -------
    list of Document
        In the order of the rows.
    """
    rows: list[dict[Any, Any]] = frame.to_dict("records")
    return [document_of({str(name): value for name, value in row.items()}) for row in rows]


def document_of(row: Mapping[str, Any]) -> Document:
    """Turn one row of the documents into a document.

    Parameters
    ----------
    row
        Column to cell.

    Returns
    -------
    Document
    """
    names = [field.name for field in dataclasses.fields(Document)]
    kept = {name: row[name] for name in names}
    at = row["at"]
    kept |= {
        "content": json.loads(row["content"]) if row["content"] else {},
        "attached": 0 if row["attached"] is None or pd.isna(row["attached"]) else int(row["attached"]),
        "at": at.to_pydatetime() if isinstance(at, pd.Timestamp) else at,
        "public": bool(row["public"]),
        **{name: int(row[name]) for name in ("entry", "document", "version")},
    }
    return Document(**kept)


def _without_program_dates(text: str) -> str:
    return text if any(character.isspace() for character in text) else _PROGRAM_DATE.sub("", text)
