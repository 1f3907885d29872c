"""What councils write and keep in the store: comments on figures, packs, answers to questions, plans, watch lists.

A *document* is known by its kind, its authority and a key. Every saving adds a version and takes none away, so that who wrote
what and when can be read again. Documents have entries of their own, beside the ledger of uploads: they change no figure and
so no data version.

Who may upload for an authority may write its documents and reads all of them; everybody else reads those that are public.
What may be said of young people is the business of who checks a text before it is saved: here only what identifies
somebody is refused, as in the notes on uploads.

Examples
--------
::

    documents = store.documents
    saved = documents.save("commentary", "E08000035", "eet/19-21/2025-03-31", {"text": "…"}, officer, public=True)
    documents.find("commentary", "E08000035", "eet/19-21/2025-03-31", NOBODY).content["text"]
    documents.save("commentary", "E08000035", "eet/19-21/2025-03-31", {"text": "… and"}, officer, expected=saved.version)
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, get_args

import duckdb
import pandas as pd

from careleavers.access.people import NotAllowed, Person
from careleavers.store import guards
from careleavers.store.connection import Connection, Database, WriteConflict, query_text
from careleavers.store.document import Document as Document
from careleavers.store.document import (
    DocumentAction,
    DocumentChanged,
    DocumentErasure,
    check_may_write,
    document_of,
    documents_of,
    refuse_identifiers,
)
from careleavers.store.document import DocumentKind as DocumentKind
from careleavers.store.document import may_write as may_write
from careleavers.store.erasing import DocumentRemains, clean_up, has_documents
from careleavers.store.model import StoreProblem, StoreUnavailable
from careleavers.store.rows import run_query, storable_text
from careleavers.wording.formats import day_text

_LOG = logging.getLogger("careleavers.store")

# Characters of a document, and bytes of what belongs to it: a plan of some hundred actions, a logo or a Word template.
CONTENT_LIMIT = 1_000_000
ATTACHMENT_LIMIT = 5_000_000
KEY_LIMIT = 300
# Seconds for which what was read of a server counts as new: a page asks several times.
_LOOK_EVERY = 0.25
# Seconds before a store that could not be read is asked again, and for which a look waits for other threads.
_RETRY_AFTER = 5.0
_LOCK_TIMEOUT = 0.05


@dataclass(frozen=True)
class _Held:
    """The documents as they were after ``length`` entries, and the store's change token when they were read."""

    length: int = 0
    change_token: tuple[object, ...] | None = None
    newest: Mapping[int, Document] = dataclasses.field(default_factory=dict)
    by_key: Mapping[tuple[str, str, str], Document] = dataclasses.field(default_factory=dict)
    # The last written first: a page asks for those of one authority.
    by_authority: Mapping[str, tuple[Document, ...]] = dataclasses.field(default_factory=dict)


class Documents:
    """The documents of a store, reached as ``store.documents``. Safe to share between threads.

    What was read once is remembered until the number of entries changes, and then only what is new is read. Reading for
    pages (:meth:`find`, :meth:`every`) never fails: while the store is out of reach it gives what is known, and
    :attr:`problem` says why that may be old.

    Parameters
    ----------
    database
        The store.
    logging_failures
        A context that logs the database's message and lets callers have a sentence.
    """

    def __init__(self, database: Database, logging_failures: Callable[[], AbstractContextManager[None]]) -> None:
        self._database = database
        self._logging_failures = logging_failures
        self._held = _Held()
        self._ready = False
        self._looked_at = 0.0
        self._looking = threading.Lock()
        self._retry_at = 0.0
        self._problem: StoreUnavailable | None = None

    @property
    def problem(self) -> StoreUnavailable | None:
        """Why the documents could not be read when they were last asked for; None when they could."""
        return self._problem

    def forget(self) -> None:
        """Forget what was read, because the store was filled with something else."""
        self._held, self._looked_at, self._ready = _Held(), 0.0, False

    # ------------------------------------------------------------------ reading

    def length(self) -> int:
        """How many entries there are: the number by which what is made of documents is known to be old. Never fails."""
        return self._look().length

    def find(
        self, kind: DocumentKind, authority_code: str, key: str, person: Person, *, withdrawn: bool = False
    ) -> Document | None:
        """The document of a key, if it is in force and the person may read it. Never fails.

        Parameters
        ----------
        kind, authority_code, key
            Which document.
        person
            Who asks.
        withdrawn
            Whether one that was withdrawn counts, which only officers of its authority may know of.

        Returns
        -------
        Document or None
        """
        found = self._look().by_key.get((kind, authority_code, key))
        if found is None or not (found.in_force or withdrawn) or not found.may_be_read_by(person):
            return None
        return found

    def every(
        self,
        person: Person,
        kind: DocumentKind | None = None,
        authority_code: str | None = None,
        *,
        withdrawn: bool = False,
    ) -> list[Document]:
        """The documents that a person may read, the last written first. Never fails.

        Parameters
        ----------
        person
            Who asks.
        kind
            Only of this kind; by default of all.
        authority_code
            Only of this authority; by default of all.
        withdrawn
            Whether those that were withdrawn or erased count, which only officers of their authority may know of.

        Returns
        -------
        list of Document
        """
        held = self._look()
        if authority_code is None:
            among = sorted(held.newest.values(), key=lambda one: -one.entry)
        else:
            among = list(held.by_authority.get(authority_code, ()))
        return [
            found
            for found in among
            if (kind is None or found.kind == kind) and (found.in_force or withdrawn) and found.may_be_read_by(person)
        ]

    def at(
        self, time_utc: dt.datetime, person: Person, kind: DocumentKind | None = None, authority_code: str | None = None
    ) -> list[Document]:
        """The documents as they were at a time, as far as they may still be read: those that are in force today as well.

        Parameters
        ----------
        time_utc
            The time, in UTC, without a time zone.
        person, kind, authority_code
            As for :meth:`every`.

        Returns
        -------
        list of Document
            The last written first. What was withdrawn or made private since is left out for those who may not write it.

        Raises
        ------
        StoreUnavailable
            When the store cannot be read.
        """
        today = self._look().newest
        return [
            found
            for found in reversed(self._ask("documents_changed", since=0, at=time_utc))
            if (kind is None or found.kind == kind)
            and (authority_code is None or found.authority_code == authority_code)
            and found.in_force
            and found.may_be_read_by(person)
            and found.document in today
            and today[found.document].may_be_read_by(person)
        ]

    def history(self, document: int, person: Person) -> list[Document]:
        """Every version of a document that a person may read.

        Parameters
        ----------
        document
            Its number.
        person
            Who asks.

        Returns
        -------
        list of Document
            The newest first. For whoever may not write it: the public versions, and none once it is withdrawn or private.

        Raises
        ------
        StoreUnavailable
            When the store cannot be read.
        """
        versions = self._ask("document_history", document=document)
        if not versions or not versions[0].may_be_read_by(person):
            return []
        return [version for version in versions if version.may_be_read_by(person)]

    def attachment(self, document: Document, person: Person) -> bytes | None:
        """The file that belongs to a version of a document.

        Parameters
        ----------
        document
            The version, as it was read.
        person
            Who asks.

        Returns
        -------
        bytes or None
            None where it has none.

        Raises
        ------
        NotAllowed
            Unless the person may read it.
        StoreUnavailable
            When the store cannot be read.
        """
        if not document.may_be_read_by(person):
            raise NotAllowed(f"{person.name or 'A visitor'} may not read this document.")

        def work(connection: Connection) -> bytes | None:
            if not has_documents(connection):
                return None
            found = connection.execute(query_text("document_attachment"), {"entry": document.entry}).fetchone()
            return bytes(found[0]) if found and found[0] is not None else None

        with self._logging_failures():
            packed = self._database.read(work)
        return None if packed is None else zlib.decompress(packed)

    # ------------------------------------------------------------------ writing

    def save(
        self,
        kind: DocumentKind,
        authority_code: str,
        key: str,
        content: Mapping[str, Any],
        person: Person,
        *,
        public: bool = False,
        expected: int | None = None,
        attachment: bytes | None = None,
        reason: str = "",
        closes: Document | None = None,
        closed_for: str = "",
    ) -> Document:
        """Keep a new version of a document, whole or not at all.

        Parameters
        ----------
        kind, authority_code, key
            Which document; ``authority_code`` is empty for one that belongs to no authority, which those may write who
            look after every authority.
        content
            What it says: anything that JSON can hold.
        person
            Who writes it.
        public
            Whether everybody may read it.
        expected
            The version that the person had before them: 0 where there was none. None where it does not matter.
        attachment
            A file that belongs to this version; a version does not take over that of the one before.
        reason
            Why, for whoever looks at the history later.
        closes
            Another document, as the person has it before them, that is withdrawn with the saving: both are written, or
            neither. None for none.
        closed_for
            Why that one is withdrawn.

        Returns
        -------
        Document
            As it is kept.

        Raises
        ------
        NotAllowed
            Unless the person may upload for the authority.
        DocumentChanged
            When somebody else saved or withdrew it after ``expected``, or the one that it closes.
        StoreProblem
            When a text identifies somebody, or the document is too long.
        StoreUnavailable
            When the store cannot be written. In each of these cases nothing is written.
        ValueError
            For an unknown kind or an empty key, which a caller has to prevent.
        """
        if kind not in get_args(DocumentKind):
            raise ValueError(f"there are no documents of the kind {kind!r}")
        if not key.strip() or len(key) > KEY_LIMIT:
            raise ValueError(f"a document needs a key of at most {KEY_LIMIT} characters")
        text = storable_text(json.dumps(content, ensure_ascii=False, default=str))
        if len(text) > CONTENT_LIMIT:
            raise StoreProblem(
                f"This is too long to keep: {len(text):,} characters, and {CONTENT_LIMIT:,} is the most. Nothing was kept."
            )
        if attachment is not None and len(attachment) > ATTACHMENT_LIMIT:
            raise StoreProblem(
                f"The file is too large to keep: {len(attachment) / 1e6:.1f} MB, and {ATTACHMENT_LIMIT / 1e6:.0f} MB is the "
                "most. Nothing was kept."
            )
        refuse_identifiers(kind, content, key, reason)
        check_may_write(person, authority_code)

        def next_row(before: Document | None) -> dict[str, Any]:
            if expected is not None and expected != (before.version if before else 0):
                raise DocumentChanged(before)
            return {
                "public": public, "content": text, "attached": None if attachment is None else len(attachment),
                "attachment": None if attachment is None else zlib.compress(attachment, 6),
            }  # fmt: skip

        steps = [_Step("saved", kind, authority_code, key, reason, next_row)]
        if closes is not None:
            check_may_write(person, closes.authority_code)
            steps.append(_withdrawing(closes, guards.checked_reason(closed_for), closes.version))
        return self._append(person, *steps)[0]

    def withdraw(self, document: int, person: Person, reason: str, *, expected: int | None = None) -> Document:
        """Take a document out of sight of readers; its history stays.

        Parameters
        ----------
        document
            Its number.
        person
            Who withdraws it.
        reason
            Why, for whoever looks at the history later.
        expected
            The version that the person had before them; None where it does not matter.

        Returns
        -------
        Document
            The entry that was added.

        Raises
        ------
        NotAllowed
            Unless the person may upload for its authority.
        DocumentChanged
            When somebody else changed it after ``expected``.
        StoreProblem
            Unless it is in force and there is a reason.
        StoreUnavailable
            When the store cannot be written.
        """
        reason = guards.checked_reason(reason)
        about = self._newest_of(document, person)
        return self._append(person, _withdrawing(about, reason, expected))[0]

    def restore(
        self, document: int, person: Person, reason: str, *, version: int | None = None, expected: int | None = None
    ) -> Document:
        """Put a withdrawn document back, or an earlier version of one.

        Parameters
        ----------
        document, person, reason
            As for :meth:`withdraw`.
        version
            The version to go back to; by default the last that was saved.
        expected
            The version that the person had before them; None where it does not matter.

        Returns
        -------
        Document
            The entry that was added.

        Raises
        ------
        NotAllowed
            Unless the person may upload for its authority.
        DocumentChanged
            When somebody else changed it after ``expected``.
        StoreProblem
            When there is no such version, or nothing to put back.
        StoreUnavailable
            When the store cannot be written.
        """
        reason = guards.checked_reason(reason)
        about = self._newest_of(document, person)
        if version is None and about.in_force:
            raise StoreProblem("It is not withdrawn, so there is nothing to put back.")
        wanted = [
            each
            for each in self._ask("document_history", document=document)
            if each.in_force and version in (None, each.version)
        ]
        if not wanted:
            raise StoreProblem(f"There is no version {version} to go back to.")
        back = wanted[0]
        attachment = self.attachment(back, person) if back.attached else None

        def next_row(before: Document | None) -> dict[str, Any]:
            _still(before, document, expected)
            return {
                "public": back.public, "content": json.dumps(back.content, ensure_ascii=False),
                "attached": back.attached or None,
                "attachment": None if attachment is None else zlib.compress(attachment, 6),
            }  # fmt: skip

        return self._append(person, _Step("restored", about.kind, about.authority_code, about.key, reason, next_row))[0]

    def erase(self, document: int, person: Person, reason: str) -> DocumentErasure:
        """Remove everything that a document ever said, for good.

        What stays is a tombstone: its number, kind and authority, who did what with it and when, and ``reason``. It is
        removed from the recorded backups that can be reached, too. Of one that is erased already, deleted bytes and backups
        are gone through again.

        Parameters
        ----------
        document
            Its number.
        person
            Who erases it.
        reason
            Why, without anything that is to be erased.

        Returns
        -------
        DocumentErasure

        Raises
        ------
        NotAllowed
            Unless the person is an administrator.
        StoreProblem
            When there is no such document, or no reason.
        StoreUnavailable
            When the store cannot be written.
        """
        if not person.is_administrator:
            raise NotAllowed(f"{person.name or 'A visitor'} may not erase a document: that is for administrators.")
        versions = self._ask("document_history", document=document)
        if not versions:
            raise StoreProblem(f"There is no document {document}.")
        newest = versions[0]
        if not newest.erased:
            reason = guards.checked_reason(reason)

            def next_row(before: Document | None) -> dict[str, Any]:
                _still(before, document, None)
                return {"public": False, "content": "", "attached": None, "attachment": None}

            step = _Step("erased", newest.kind, newest.authority_code, newest.key, reason, next_row, erase=document)
            newest = self._append(person, step)[0]
        remains = DocumentRemains(document, versions[-1].at)
        return DocumentErasure(newest, *clean_up(self._database, remains))

    # ------------------------------------------------------------------ within

    def _look(self) -> _Held:
        """What there is now, as far as it can be read without waiting."""
        held = self._held
        token = self._database.change_token()
        if token is not None and token == held.change_token:
            return held
        now = time.monotonic()
        if self._problem is not None and now < self._retry_at:
            return held
        if self._database.address.path is None and now < self._looked_at + _LOOK_EVERY:
            return held
        if not self._looking.acquire(timeout=_LOCK_TIMEOUT if held.length else 2.0):
            return self._held
        try:
            held = self._held

            def work(connection: Connection) -> tuple[int, pd.DataFrame | None]:
                nonlocal token
                if not self._ready and not has_documents(connection):
                    return 0, None
                self._ready = True
                if "ducklake" in self._database.address.schemes:
                    # Cheaper than to read a table of it, and tells whether there is anything to read.
                    token = (int(run_query(connection, "ducklake_snapshot")["id"].iloc[0]),)
                    if token == held.change_token:
                        return held.length, None
                length = int(run_query(connection, "documents_length")["length"].iloc[0])
                if length == held.length:
                    return length, None
                # A store with fewer entries than before is another one: a backup was restored.
                since = held.length if length > held.length else 0
                return length, run_query(connection, "documents_changed", since=since, at=None)

            length, rows = self._database.read(work, timeout=0.2, lock_timeout=0.2)
        except (StoreUnavailable, duckdb.Error) as error:
            self._ready = False
            self._note(error)
            return held
        else:
            self._problem = None
            self._held = held = _after(held, length, rows, token)
            self._looked_at = time.monotonic()
            return held
        finally:
            self._looking.release()

    def _note(self, error: Exception) -> None:
        known = self._problem
        problem = (
            error
            if isinstance(error, StoreUnavailable)
            else StoreUnavailable("The documents cannot be read.", str(error))
        )
        if known is None or known.detail != problem.detail:
            _LOG.warning("Reference %s: documents are as they were: %s %s", problem.refer(), problem, problem.detail)
            self._problem = problem
        self._retry_at = time.monotonic() + _RETRY_AFTER

    def _ask(self, name: str, **parameters: Any) -> list[Document]:
        def work(connection: Connection) -> list[Document]:
            return documents_of(run_query(connection, name, **parameters)) if has_documents(connection) else []

        with self._logging_failures():
            return self._database.read(work)

    def _newest_of(self, document: int, person: Person) -> Document:
        """The newest entry of a document that the person may write."""
        versions = self._ask("document_history", document=document)
        if not versions:
            raise StoreProblem(f"There is no document {document}.")
        check_may_write(person, versions[0].authority_code)
        if versions[0].erased:
            raise StoreProblem(f"Document {document} was erased on {day_text(versions[0].at)}; nothing of it is kept.")
        return versions[0]

    def _append(self, person: Person, *steps: _Step) -> list[Document]:
        """One more entry for each step, all in one transaction: where one is refused or fails, none is written."""
        shared = {
            "at": dt.datetime.now(dt.UTC).replace(tzinfo=None), "issuer": person.issuer, "subject": person.subject,
        }  # fmt: skip
        mine = [
            {
                "kind": step.kind, "authority_code": step.authority_code, "key": storable_text(step.key),
                "action": step.action, **shared,
            }
            for step in steps
        ]  # fmt: skip
        tried = False

        def work(connection: Connection) -> list[Document]:
            nonlocal tried
            length = int(run_query(connection, "documents_length")["length"].iloc[0])
            if tried and (recorded := [_recorded(connection, each) for each in mine])[0] is not None:
                return [each for each in recorded if each is not None]
            tried = True
            claimed = {"length": length, "entries": len(steps)}
            if connection.execute(query_text("claim_next_document"), claimed).fetchone() != (1,):
                raise WriteConflict(f"there are more documents than {length}")
            return [
                _add(connection, person, step, each, length + place)
                for place, (step, each) in enumerate(zip(steps, mine, strict=True), 1)
            ]

        with self._logging_failures():
            saved = self._database.write(work)
        self._looked_at, self._retry_at = 0.0, 0.0
        for each in saved:
            _LOG.info("document entry %s: %s %s %s", each.entry, each.action, each.kind, each.document)
        return saved


@dataclass(frozen=True)
class _Step:
    """One entry that is to be written; ``next_row`` is given the newest one of the same key and may refuse."""

    action: DocumentAction
    kind: str
    authority_code: str
    key: str
    reason: str
    next_row: Callable[[Document | None], dict[str, Any]]
    erase: int | None = None


def _withdrawing(about: Document, reason: str, expected: int | None) -> _Step:
    """Take a document out of sight of readers."""

    def next_row(before: Document | None) -> dict[str, Any]:
        before = _still(before, about.document, expected)
        if not before.in_force:
            raise StoreProblem(f"It was withdrawn already, on {day_text(before.at)} ({before.name or 'somebody'}).")
        return {"public": before.public, "content": "", "attached": None, "attachment": None}

    return _Step("withdrawn", about.kind, about.authority_code, about.key, reason, next_row)


def _recorded(connection: Connection, mine: dict[str, Any]) -> Document | None:
    """The entry that was written although the answer was lost; None where it was not."""
    recorded = run_query(connection, "document_recorded", **mine)
    if recorded.empty:
        return None
    history = documents_of(run_query(connection, "document_history", document=int(recorded["document"].iloc[0])))
    return next(each for each in history if each.entry == int(recorded["entry"].iloc[0]))


def _add(connection: Connection, person: Person, step: _Step, mine: dict[str, Any], entry: int) -> Document:
    """Write one entry, within a transaction."""
    found = documents_of(
        run_query(connection, "document_by_key", kind=step.kind, authority_code=step.authority_code, key=mine["key"])
    )
    before = found[0] if found else None
    row = mine | step.next_row(before) | {
        "entry": entry, "document": before.document if before else entry,
        "version": before.version + 1 if before else 1, "name": storable_text(person.name),
        "reason": storable_text(step.reason),
    }  # fmt: skip
    if step.erase is not None:
        connection.execute(query_text("erase_document"), {"document": step.erase})
        row["key"] = ""
    connection.execute(query_text("add_document"), row)
    return document_of(row)


def _still(before: Document | None, document: int, expected: int | None) -> Document:
    """The newest entry of a document, which is still there and as somebody saw it."""
    if before is None or before.document != document or (expected is not None and before.version != expected):
        raise DocumentChanged(before)
    return before


def _after(held: _Held, length: int, rows: pd.DataFrame | None, token: tuple[object, ...] | None) -> _Held:
    """What is held after ``length`` entries, given those that are new."""
    if length == held.length and rows is None:
        return dataclasses.replace(held, change_token=token)
    before = held.newest if length > held.length else {}
    newest = dict(before) | {each.document: each for each in documents_of(rows)} if rows is not None else {}
    ordered = sorted(newest.values(), key=lambda one: -one.entry)
    by_key = {(each.kind, each.authority_code, each.key): each for each in reversed(ordered) if not each.erased}
    by_authority: dict[str, list[Document]] = {}
    for each in ordered:
        by_authority.setdefault(each.authority_code, []).append(each)
    return _Held(length, token, newest, by_key, {code: tuple(found) for code, found in by_authority.items()})
