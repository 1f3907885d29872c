"""The store: what was uploaded, by whom, and which figures were in force at any version."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import threading
import zlib
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from careleavers import metrics, settings
from careleavers.access.people import Person
from careleavers.store import backups, conflicts, erasing, guards, moving
from careleavers.store.address import Address, read_address
from careleavers.store.connection import (
    WRITE_TIMEOUT,
    Connection,
    TransactionContext,
    WriteConflict,
    no_context,
    query_text,
)
from careleavers.store.model import (
    Action,
    Entry,
    ErasureResult,
    NewUpload,
    StoreUnavailable,
    stored_file_name,
)
from careleavers.store.reading import KnownVersion, StoreReader
from careleavers.store.rows import (
    entries_of,
    insert_upload,
    ledger_length,
    run_query,
    staged_new_upload,
    staged_stored_upload,
    storable_text,
)

_LOG = logging.getLogger("careleavers.store")
_OPEN: dict[Address, Store] = {}
_OPENING = threading.Lock()


def open_store(url: str | None = None) -> Store:
    """Give the store of this process: one object for each place. Nothing is opened or made before it is first used.

    Parameters
    ----------
    url
        Where uploads are kept; by default the setting ``STORE_URL``.

    Returns
    -------
    Store

    Raises
    ------
    StoreProblem
        When the setting names no kind of store; the sentence says which there are.
    """
    address = read_address(url or settings.store_url())
    with _OPENING:
        if address not in _OPEN:
            _OPEN[address] = Store(address)
        return _OPEN[address]


class Store(StoreReader):
    """What was uploaded. Safe to share between threads; other processes may use the same store at the same time.

    The **version** is the length of the ledger: 0 is the empty store, and every entry of the ledger adds one. Wherever
    ``version`` can be given, None means the newest, and a given one always gives the same answer again.

    What is read here is **raw**: it has to go through :mod:`careleavers.disclosure` before anybody sees it who may not
    upload for the authority. Every method that reads raises :class:`StoreUnavailable` when the store cannot be reached;
    :meth:`version` never does. Make one with :func:`open_store`: two objects for one file in a process would lock each other out.

    Parameters
    ----------
    address
        Where the store is (:func:`careleavers.store.address.read_address`).
    """

    def original(self, upload: int, person: Person) -> tuple[str, bytes]:
        """The file of an upload as it is kept; who took it is recorded.

        Parameters
        ----------
        upload
            Its number.
        person
            Who asks.

        Returns
        -------
        name : str
            Its own name, or that of the CSV file made of the columns that were used.
        content : bytes
            The exact file, or, where it had columns that were not used, a CSV file of those that were.

        Raises
        ------
        NotAllowed
            Unless the person may upload for all of its authorities (a release or a catalogue: unless an officer).
        StoreProblem
            When there is no such upload, or it was erased.
        """
        with self._logging_failures():
            about = self._database.read(lambda connection: self._upload_row(connection, upload))
        guards.check_may_see_file(about, person)
        guards.check_not_erased(about)
        found = self._ask("original_file", upload=upload).iloc[0]
        content = zlib.decompress(bytes(found["content"]))
        self.record_download(person, "the file as it is kept", upload)
        return stored_file_name(str(found["file_name"]), about["checks"]), content

    def record_download(self, person: Person, what: str, upload: int | None = None) -> None:
        """Record who downloads unprotected rows.

        Where the store cannot be written just now, the log names the person instead: that keeps no officer from their figures.

        Parameters
        ----------
        person
            Who downloads them.
        what
            What the rows are, in a few words.
        upload
            The number of the upload, where it is the file of one.
        """
        about = {
            "at": dt.datetime.now(dt.UTC).replace(tzinfo=None), "issuer": person.issuer, "subject": person.subject,
            "name": storable_text(person.name), "what": storable_text(what), "upload": upload,
        }  # fmt: skip
        # Who it was stands in the store. The name of a file cannot break a line of the log.
        _LOG.info(
            "download by an account with the role %s: %s, upload %s",
            person.role,
            " ".join(what.split()),
            upload or "none",
        )
        try:
            self._database.write(lambda connection: connection.execute(query_text("add_download"), about))
        except StoreUnavailable as error:
            _LOG.warning(
                "a download stands in this log alone: %r (%r) took %r, upload %s. %s %s",
                person.subject, person.issuer, what, upload or "none", error, error.detail,
            )  # fmt: skip

    def downloads(self, person: Person) -> pd.DataFrame:
        """Who downloaded unprotected rows.

        Parameters
        ----------
        person
            Who asks.

        Returns
        -------
        pandas.DataFrame
            One row per download, oldest first: ``at`` (UTC), ``issuer``, ``subject``, ``name``, ``what``, ``upload`` (missing
            where it was not the file of one).

        Raises
        ------
        NotAllowed
            Unless the person is an administrator.
        """
        guards.check_may_audit(person)

        def work(connection: Connection) -> pd.DataFrame:
            if erasing.has_table(connection, "downloads"):
                return run_query(connection, "downloads")
            return pd.DataFrame(columns=["at", "issuer", "subject", "name", "what", "upload"])

        with self._logging_failures():
            return self._database.read(work)

    # ------------------------------------------------------------------ writing

    def accept(self, new: NewUpload, person: Person, *, expected: int | None = None, proposed: bool = False) -> Entry:
        """Keep an upload, whole or not at all, and put it into force.

        Parameters
        ----------
        new
            The checked file.
        person
            Who uploads it.
        expected
            The version that the person's preview was made against; None where there was no preview.
        proposed
            Whether it waits for a second person before it comes into force.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        NotAllowed
            Unless the person may upload for all of its authorities, or define its indicators.
        DuplicateUpload
            When the same file is in the store already.
        PreviewOutdated
            When entries after ``expected`` changed the same figures.
        StoreProblem
            When the note tells who a young person is.
        StoreUnavailable
            When the store cannot be written. In each of these cases nothing is written.
        """
        guards.check_may_upload(new, person)
        guards.checked_text(new.note, "The note")

        def check(connection: Connection, _: int) -> None:
            conflicts.refuse_duplicate(connection, new)
            if new.kind == "catalogue":
                guards.check_may_define(run_query(connection, "indicator_owners", ids=list(new.indicators)), person)
            conflicts.refuse_outdated_preview(connection, expected, upload=0)

        return self._append(
            "proposed" if proposed else "accepted",
            person,
            sha256=new.sha256,
            check=check,
            add=lambda connection, upload: insert_upload(connection, upload, new),
            context=lambda connection: staged_new_upload(connection, new),
        )

    def withdraw(self, upload: int, person: Person, reason: str) -> Entry:
        """Take an upload out of force: every figure is again what it would be without it.

        Parameters
        ----------
        upload
            Its number.
        person
            Who withdraws it.
        reason
            Why, for whoever looks at the history later.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        NotAllowed
            Unless the person may upload for all of its authorities.
        StoreProblem
            Unless it is in force and there is a reason; and for a catalogue that figures in force need.
        StoreUnavailable
            When the store cannot be written.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._upload_row(connection, upload)
            guards.check_may_withdraw(about, person, "withdraw")
            guards.check_state(about, "in force", "withdrawn")
            if about["kind"] == "catalogue":
                conflicts.refuse_indicators_in_use(connection, upload)

        return self._append("withdrawn", person, upload=upload, reason=guards.checked_reason(reason), check=check)

    def restore(self, upload: int, person: Person, reason: str) -> Entry:
        """Put a withdrawn upload back into force: every figure is again what it was before the withdrawal.

        Parameters
        ----------
        upload, person, reason
            As for :meth:`withdraw`.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        NotAllowed, StoreProblem, StoreUnavailable
            As :meth:`withdraw` does, where the upload is not withdrawn.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._upload_row(connection, upload)
            guards.check_may_withdraw(about, person, "restore")
            guards.check_state(about, "withdrawn", "restored")

        return self._append("restored", person, upload=upload, reason=guards.checked_reason(reason), check=check)

    def approve(self, upload: int, person: Person, reason: str = "", *, expected: int | None = None) -> Entry:
        """Put a proposed upload into force.

        Parameters
        ----------
        upload, person
            As for :meth:`withdraw`.
        reason
            What others should know; may be empty.
        expected
            The version that the person's preview was made against; None where there was no preview.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        NotAllowed
            When the person is the one who proposed it, or may not upload for its authorities.
        PreviewOutdated
            When entries after ``expected`` changed the same figures.
        StoreProblem
            Unless it is proposed.
        StoreUnavailable
            When the store cannot be written.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._upload_row(connection, upload)
            guards.check_may_approve(about, person)
            guards.check_state(about, "proposed", "approved")
            conflicts.refuse_outdated_preview(connection, expected, upload)

        return self._append(
            "approved",
            person,
            upload=upload,
            reason=guards.checked_text(reason, "The reason"),
            check=check,
            context=lambda connection: staged_stored_upload(connection, upload),
        )

    def decline(self, upload: int, person: Person, reason: str) -> Entry:
        """Refuse a proposed upload, or take back one's own: it never comes into force.

        Parameters
        ----------
        upload, person, reason
            As for :meth:`withdraw`.

        Returns
        -------
        Entry
            The new entry of the ledger.

        Raises
        ------
        NotAllowed, StoreProblem, StoreUnavailable
            As :meth:`withdraw` does, where the upload is not proposed.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._upload_row(connection, upload)
            guards.check_may_decline(about, person)
            guards.check_state(about, "proposed", "declined")

        return self._append("declined", person, upload=upload, reason=guards.checked_reason(reason), check=check)

    def erase(self, upload: int, person: Person, reason: str) -> ErasureResult:
        """Remove an upload from the store for good, with its file, its note and the reasons given about it.

        What stays is a tombstone: its number, whose figures it held, who did what with it and when, and ``reason``. It is
        removed from the recorded backups that can be reached, too. Of one that is erased already, deleted bytes and backups
        are gone through again.

        Parameters
        ----------
        upload
            Its number.
        person
            Who erases it.
        reason
            Why, without anything that is to be erased.

        Returns
        -------
        ErasureResult
            The entry, and where copies may be left.

        Raises
        ------
        NotAllowed
            Unless the person is an administrator.
        StoreProblem
            When there is no such upload or no reason, and for a catalogue that figures in force need.
        StoreUnavailable
            When the store cannot be written.
        """

        def check(connection: Connection, upload: int) -> None:
            about = self._upload_row(connection, upload)
            guards.check_may_erase(about, person)
            guards.check_not_erased(about)
            if about["kind"] == "catalogue":
                conflicts.refuse_indicators_in_use(connection, upload, "erased")

        with self._logging_failures():
            about = self._database.read(lambda connection: self._upload_row(connection, upload))
        guards.check_may_erase(about, person)
        if about["state"] == "erased":
            ledger = self.ledger()
            entry = entries_of(ledger[(ledger["upload"] == upload) & (ledger["action"] == "erased")])[-1]
        else:
            entry = self._append(
                "erased",
                person,
                upload=upload,
                reason=guards.checked_reason(reason),
                check=check,
                add=erasing.erase_rows,
            )
        remains = erasing.UploadRemains(upload, about["added_at"].to_pydatetime())
        return ErasureResult(entry, *erasing.clean_up(self._database, remains))

    # ------------------------------------------------------------------ backup

    def backup(self, path: Path) -> int:
        """Copy the whole store, as at one moment, into a new DuckDB file, while others read and write.

        Parameters
        ----------
        path
            The new file. It is itself a store: ``STORE_URL`` may name it.

        Returns
        -------
        int
            The version that was copied.

        Raises
        ------
        StoreProblem
            When there is such a file already, or no folder for it.
        StoreUnavailable
            When the store cannot be read.
        """
        with self._logging_failures():
            return backups.backup(self._database, path)

    def restore_backup(self, path: Path, *, replace: bool = False) -> backups.RestoreResult:
        """Fill the store from a backup, whole or not at all. Running dashboards have to be restarted afterwards.

        Parameters
        ----------
        path
            A file that :meth:`backup` wrote.
        replace
            Whether to replace what the store holds; it is backed up first, to a file next to ``path``.

        Returns
        -------
        RestoreResult
            The file with what was replaced, and what was erased again.

        Raises
        ------
        StoreProblem
            When the file is not a whole backup, or the store is not empty and ``replace`` was not asked for.
        StoreUnavailable
            When the store cannot be written.
        """
        with self._logging_failures():
            result = backups.restore(self._database, path, replace=replace)
        with self._known_lock:
            self._known = KnownVersion()
        self.documents.forget()
        return result

    def move_to(self, target: Store) -> moving.MoveResult:
        """Copy everything into another, empty store, whole or not at all, and compare both row by row.

        This one stays as it is. Dashboards that use it have to be stopped before, and started with the new setting.

        Parameters
        ----------
        target
            The store that it is copied into; it is made where there is none.

        Returns
        -------
        MoveResult

        Raises
        ------
        StoreProblem
            When this one does not exist or is not whole, the other is not empty, somebody writes meanwhile, or a row arrives
            differently.
        StoreUnavailable
            When one of them cannot be read or written.
        """
        with self._logging_failures():
            moved = moving.move(self._database, target._database)
        with target._known_lock:
            target._known = KnownVersion()
        target.documents.forget()
        return moved

    def finish(self, timeout: float = WRITE_TIMEOUT) -> None:
        """At the end of the process: let what is being written come to its end, and begin nothing more.

        Parameters
        ----------
        timeout
            The longest to wait, in seconds.
        """
        self._database.finish(timeout)

    # ------------------------------------------------------------------ within

    def _append(
        self,
        action: Action,
        person: Person,
        *,
        upload: int | None = None,
        sha256: str = "",
        reason: str = "",
        check: Callable[[Connection, int], None],
        add: Callable[[Connection, int], object] | None = None,
        context: TransactionContext = no_context,
    ) -> Entry:
        """One more entry in the ledger and what belongs to it, in one transaction; ``sha256`` is that of a new file."""
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        name = storable_text(person.name)
        # One person may send two files in the same microsecond, so who and when alone do not identify the entry.
        mine = {
            "at": at, "issuer": person.issuer, "subject": person.subject, "action": action, "reason": storable_text(reason),
            "upload": upload, "sha256": sha256,
        }  # fmt: skip
        tried = False

        def work(connection: Connection) -> Entry:
            nonlocal tried
            length = ledger_length(connection)
            if tried and (recorded := entries_of(run_query(connection, "entry_recorded", **mine))):
                return recorded[0]
            tried = True
            if connection.execute(query_text("claim_next_entry"), {"length": length}).fetchone() != (1,):
                raise WriteConflict(f"the ledger is longer than {length}")
            entry = Entry(
                length + 1, upload or length + 1, action, at, person.issuer, person.subject, name, storable_text(reason)
            )
            check(connection, entry.upload)
            if add:
                add(connection, entry.upload)
            connection.execute(query_text("add_entry"), dataclasses.asdict(entry))
            return entry

        with self._logging_failures():
            entry = self._database.write(work, context=context)
        with self._known_lock:
            # Without a change token the next look asks the store.
            self._known = KnownVersion(max(self._known.version, entry.entry))
        metrics.ENTRIES.labels(action).inc()
        _LOG.info("entry %s: %s upload %s", entry.entry, action, entry.upload)
        return entry
