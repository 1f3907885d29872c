"""What is removed from the store and its recorded backups for good, and where copies of it may be left."""

from __future__ import annotations

import datetime as dt
import logging
import platform
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from careleavers.store.address import Address
from careleavers.store.connection import LAYOUT, Connection, Database, query_text
from careleavers.store.model import StoreUnavailable
from careleavers.store.rows import run_query
from careleavers.wording.formats import day_text

_LOG = logging.getLogger("careleavers.store")
_TABLES_OF_UPLOADS = ("figures", "catalogue", "events", "sources", "originals")
# Seconds after which a half-written file is taken to have been left by a killed process.
_ABANDONED = 3600
# By how much the clocks of two machines, or of one before and after it was put right, may differ.
_CLOCKS = dt.timedelta(days=2)
# DuckLake keeps deleted rows until its earlier snapshots are expired.
_DUCKLAKE = (
    "CALL ducklake_flush_inlined_data('store')",
    "CALL ducklake_rewrite_data_files('store', delete_threshold => 0)",
    "CALL ducklake_expire_snapshots('store', older_than => now())",
    "CALL ducklake_cleanup_old_files('store', cleanup_all => true)",
)


def erase_rows(connection: Connection, upload: int) -> None:
    """Delete the rows, the file and the texts of an upload; part of a transaction.

    What stays: its number and kind, whose figures it held, who did what with it and when, and why it was erased. It may be
    erased again: a backup that is put back may hold it, or hold that it was erased.

    Parameters
    ----------
    connection
        To the store.
    upload
        Its number.
    """
    for table in _TABLES_OF_UPLOADS:
        connection.execute(f"DELETE FROM store.{table} WHERE upload = $upload", {"upload": upload})
    connection.execute(
        "UPDATE store.uploads SET layout = '', file_name = '', sha256 = '', size = 0, rows = 0, note = '', checks = '{}', "
        "effect = '{}' WHERE upload = $upload",
        {"upload": upload},
    )
    connection.execute(
        "UPDATE store.ledger SET reason = '' WHERE upload = $upload AND action <> 'erased'", {"upload": upload}
    )


class Remains(Protocol):
    """What is erased, wherever a copy of the store has it."""

    @property
    def what(self) -> str:
        """What it is, as in ``upload 12``."""

    @property
    def command(self) -> str:
        """What erases it on the command line, as in ``erase 12``."""

    def backups(self, connection: Connection) -> list[tuple[str, str, dt.datetime]]:
        """The recorded backups that may hold it: machine, path and when they were written."""

    def erase_in(self, connection: Connection) -> bool:
        """Erase it in a copy of the store, as part of a transaction; whether it was there."""

    def record_in(self, connection: Connection, who: Mapping[str, Any]) -> bool:
        """Add who erased it to a copy of the store, as part of a transaction; whether that was not there."""


@dataclass(frozen=True)
class UploadRemains:
    """An upload that is erased.

    Attributes
    ----------
    upload
        Its number.
    at
        When it was uploaded (UTC): another store may have another upload of this number.
    """

    upload: int
    at: dt.datetime

    @property
    def what(self) -> str:
        """``upload 12``."""
        return f"upload {self.upload}"

    @property
    def command(self) -> str:
        """``erase 12``."""
        return f"erase {self.upload}"

    def backups(self, connection: Connection) -> list[tuple[str, str, dt.datetime]]:
        """The backups of versions that have it."""
        return _recorded(connection, self.upload)

    def erase_in(self, connection: Connection) -> bool:
        """Erase it, if the store has this very upload."""
        found = same_upload(connection, self.upload, self.at)
        if found:
            erase_rows(connection, self.upload)
        return found

    def record_in(self, connection: Connection, who: Mapping[str, Any]) -> bool:
        """Add who erased it to the ledger, unless that says so."""
        return _added(connection, "record_erasure", "head", {"upload": self.upload, **who})


@dataclass(frozen=True)
class DocumentRemains:
    """A document that is erased.

    Attributes
    ----------
    document
        Its number.
    at
        When it was first saved (UTC): another store may have another document of this number.
    """

    document: int
    at: dt.datetime

    @property
    def what(self) -> str:
        """``document 12``."""
        return f"document {self.document}"

    @property
    def command(self) -> str:
        """``erase-document 12``."""
        return f"erase-document {self.document}"

    def backups(self, connection: Connection) -> list[tuple[str, str, dt.datetime]]:
        """The backups that were written after it was, as far as clocks can be trusted."""
        return [backup for backup in _recorded(connection, 0) if backup[2] >= self.at - _CLOCKS]

    def erase_in(self, connection: Connection) -> bool:
        """Erase it, if the store has this very document."""
        if not has_documents(connection):
            return False
        found = connection.execute(
            'SELECT 1 FROM store.documents WHERE entry = $document AND document = $document AND "at" = $at',
            {"document": self.document, "at": self.at},
        ).fetchone()
        if found is None:
            return False
        connection.execute(query_text("erase_document"), {"document": self.document})
        return True

    def record_in(self, connection: Connection, who: Mapping[str, Any]) -> bool:
        """Add who erased it to the documents, unless they say so."""
        return _added(connection, "record_document_erasure", "document_head", {"document": self.document, **who})


@dataclass(frozen=True)
class Erasure:
    """That something was erased, so that it can be erased again where a backup brings it back.

    Attributes
    ----------
    remains
        What was erased.
    at
        When, in UTC; None where a backup lost who did it.
    issuer, subject, name
        Who, as their sign-in identifies them, and their name.
    reason
        Why, as they said it.
    """

    remains: UploadRemains | DocumentRemains
    at: dt.datetime | None = None
    issuer: str = ""
    subject: str = ""
    name: str = ""
    reason: str = ""

    def again(self, connection: Connection) -> bool:
        """Erase it in a copy of the store and say there who did it, as part of a transaction.

        Parameters
        ----------
        connection
            To that copy.

        Returns
        -------
        bool
            Whether it is there and that copy did not say that it was erased.
        """
        return self.remains.erase_in(connection) and self.record_in(connection)

    def record_in(self, connection: Connection) -> bool:
        """Say who did it in a copy of the store from which it is erased, as part of a transaction.

        Parameters
        ----------
        connection
            To that copy.

        Returns
        -------
        bool
            Whether that is known, and the copy did not say so.
        """
        if self.at is None:
            return False
        who = {
            "at": self.at, "issuer": self.issuer, "subject": self.subject, "name": self.name, "reason": self.reason,
        }  # fmt: skip
        return self.remains.record_in(connection, who)


def _added(connection: Connection, query: str, head: str, row: dict[str, Any]) -> bool:
    """Add the last entry of the ledger or of the documents, unless ``query`` finds it; whether it did."""
    added = connection.execute(query_text(query), row).fetchone()
    if not added or not added[0]:
        return False
    connection.execute(f"UPDATE store.{head} SET length = length + 1")
    return True


def erasures_of(connection: Connection) -> list[Erasure]:
    """Everything that was erased from a store.

    Parameters
    ----------
    connection
        To the store.

    Returns
    -------
    list of Erasure
    """
    kinds: list[tuple[str, type[UploadRemains] | type[DocumentRemains]]] = [("erasures", UploadRemains)]
    if has_table(connection, "documents"):
        kinds.append(("documents_erased", DocumentRemains))
    return [
        Erasure(remains(int(number), began), at, *(text or "" for text in who))
        for query, remains in kinds
        for number, began, at, *who in connection.execute(query_text(query)).fetchall()
    ]


def clean_up(database: Database, remains: Remains) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove the bytes of what was erased from the files of the store and from its backups.

    Parameters
    ----------
    database
        The store.
    remains
        What was erased.

    Returns
    -------
    backups : tuple of str
        The names of the backups from which it was erased.
    left : tuple of str
        Sentences on where copies may be left and what to do about them.
    """
    left: list[str] = []
    try:
        left += purge_deleted_bytes(database)
    except StoreUnavailable as error:
        _LOG.warning(
            "Reference %s: bytes of %s are still there: %s %s", error.refer(), remains.what, error, error.detail
        )
        left.append(
            f"Its bytes are still in {database.address.where}, where nothing reads them: it could not be written anew. See to "
            f"that and erase {remains.what} once more. (Reference {error.reference}.)"
        )
    done: list[str] = []
    try:
        done, others = erase_from_backups(database, remains)
    except StoreUnavailable as error:
        _LOG.warning("Reference %s: backups were not looked for: %s %s", error.refer(), error, error.detail)
        others = [f"The backups could not be looked for: erase {remains.what} once more. {error}"]
    return tuple(done), (*others, *left)


def purge_deleted_bytes(database: Database) -> list[str]:
    """Remove deleted rows from the files of a store, where databases leave their bytes.

    Parameters
    ----------
    database
        The store.

    Returns
    -------
    list of str
        Sentences on what has to be done by hand.

    Raises
    ------
    StoreUnavailable
        When a local file cannot be written.
    """
    address = database.address
    if address.path is not None:
        database.rewrite()
        _remove_abandoned_files(address.path)
        return []
    if "ducklake" in address.schemes:
        try:
            for statement in _DUCKLAKE:
                database.maintain(statement)
        except (duckdb.Error, StoreUnavailable) as error:
            _LOG.warning("the DuckLake could not be cleaned up: %s", address.scrubbed(str(error)))
            return [
                "The DuckLake could not be cleaned up: expire its snapshots and delete its old files by hand, as "
                "docs/STORE.md says."
            ]
        left = ["Versions and deleted files that the bucket itself keeps have to be removed there."]
        if not address.on_server:
            left.append("The file of the catalogue keeps deleted bytes until it is copied into a new one.")
    else:
        left = []
    if address.on_server:
        left.append(
            "PostgreSQL keeps deleted rows until it is vacuumed: run “VACUUM FULL” on this database. Its own backups and "
            "archived logs are not reached from here."
        )
    return left


def erase_from_backups(database: Database, remains: Remains) -> tuple[list[str], list[str]]:
    """Erase something from the backups that were recorded.

    Parameters
    ----------
    database, remains
        As for :func:`clean_up`.

    Returns
    -------
    done : list of str
        The names of the backups from which it was erased.
    left : list of str
        Sentences on those that were not found or could not be changed.
    """
    done, left = [], []
    erasure = next((each for each in database.read(erasures_of) if each.remains == remains), None)
    for machine, text, when in database.read(remains.backups):
        path = Path(text)
        if machine != platform.node() or not path.is_file():
            where = "" if machine == platform.node() else f" on {machine}"
            left.append(
                f"The backup {path.name} of {day_text(when)} was not found{where} at {path}. If it or a copy is still "
                f"somewhere, delete it, or start “python -m careleavers {remains.command}” with STORE_URL set to it."
            )
            continue
        try:
            if _erase_in_file(path, remains, erasure):
                done.append(path.name)
        except StoreUnavailable as error:
            _LOG.warning("%s %s", error, error.detail)
            left.append(f"The backup {path.name} at {path} could not be changed: delete it. {error}")
    return done, left


def _recorded(connection: Connection, since: int) -> list[tuple[str, str, dt.datetime]]:
    """The backups that hold a version or a later one: machine, path and when they were written."""
    if not has_table(connection, "backups"):
        return []
    frame = run_query(connection, "backups", since=since)
    return [(str(row["machine"]), str(row["path"]), row["at"]) for row in frame.to_dict("records")]


def has_table(connection: Connection, table: str) -> bool:
    """Whether the store has a table; those that a later layout added may be missing.

    Parameters
    ----------
    connection
        To the store.
    table
        Its name.

    Returns
    -------
    bool
    """
    # duckdb_tables() would be slow: it lists every table of every attached database.
    try:
        connection.execute(f"SELECT 1 FROM store.{table} LIMIT 0")
    except duckdb.CatalogException:
        return False
    return True


def has_documents(connection: Connection) -> bool:
    """Whether the store has the tables of documents, which layout 3 added.

    Parameters
    ----------
    connection
        To the store.

    Returns
    -------
    bool
    """
    if has_table(connection, "document_head"):
        return True
    found = connection.execute("SELECT layout FROM store.head").fetchone()
    if found is None or int(found[0]) < LAYOUT:
        return False
    # Another process has made them since: DuckDB remembers which tables a PostgreSQL has.
    with suppress(duckdb.Error):
        connection.execute("CALL pg_clear_cache()")
    return has_table(connection, "document_head")


def same_upload(connection: Connection, upload: int, at: dt.datetime) -> bool:
    """Whether the store has this very upload, and not another of the same number.

    Parameters
    ----------
    connection
        To the store.
    upload
        Its number.
    at
        When it was uploaded (UTC).

    Returns
    -------
    bool
    """
    found = connection.execute(
        'SELECT 1 FROM store.ledger WHERE entry = $upload AND upload = $upload AND "at" = $at',
        {"upload": upload, "at": at},
    ).fetchone()
    return found is not None


def _erase_in_file(path: Path, remains: Remains, erasure: Erasure | None) -> bool:
    backup = Database(Address(target=str(path), path=path))

    def erase(connection: Connection) -> bool:
        found = remains.erase_in(connection)
        if found and erasure:
            # Where this backup is put back one day, the ledger says who did it.
            erasure.record_in(connection)
        return found

    try:
        found = backup.write(erase)
        if found:
            purge_deleted_bytes(backup)
        return found
    finally:
        backup.close()


def _remove_abandoned_files(path: Path) -> None:
    """Remove files that a killed process left half written next to a store."""
    left: Iterable[Path] = path.parent.glob(f".{path.name}.*.new*")
    for file in left:
        with suppress(OSError):
            if time.time() - file.stat().st_mtime > _ABANDONED:
                file.unlink()
