"""The whole store copied into one file, and a store filled from such a file."""

from __future__ import annotations

import datetime as dt
import logging
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb

from careleavers.figures.warehouse import CONFIG
from careleavers.store.address import Address
from careleavers.store.connection import LAYOUTS, TABLES, Connection, Database, query_text
from careleavers.store.erasing import Erasure, erasures_of, has_documents, has_table
from careleavers.store.files import rename_if_absent, restrict_permissions, restrict_umask
from careleavers.store.model import StoreProblem, StoreUnavailable

_LOG = logging.getLogger("careleavers.store")
# Records that are added to and never replaced: restoring a backup must not lose any.
RECORDS = ("downloads", "backups")
# The first layout with documents.
_WITH_DOCUMENTS = 3
# What councils wrote, and how many entries of it there are; backups of the first two layouts have none.
DOCUMENTS = ("documents", "document_head")
# Backups beside one that is put back which are asked what was erased, the newest first.
_MOST_BESIDE = 60


@dataclass(frozen=True)
class RestoreResult:
    """What putting back a backup did.

    Attributes
    ----------
    kept
        The file with what was replaced; None where the store was empty.
    erased
        What the backup held and was erased again: the store, or another backup beside it, had it as erased.
    last
        When something was last done that the backup knows of, in UTC; None for an empty one.
    """

    kept: Path | None
    erased: tuple[Erasure, ...]
    last: dt.datetime | None


def backup(database: Database, path: Path) -> int:
    """Copy a store into a new file, and record where.

    Parameters
    ----------
    database
        The store.
    path
        The new file.

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
    if path.exists():
        raise StoreProblem(f"There is a file {path.name} already. Choose another name, or move that file away.")
    if not path.parent.is_dir():
        raise StoreProblem(f"There is no folder {path.parent.name} to put {path.name} in.")
    new = path.with_name(f".{path.name}.{os.getpid()}.new")

    restrict_umask()

    def copy(connection: Connection) -> int:
        later = [table for table in (*RECORDS, *DOCUMENTS) if has_table(connection, table)]
        for table in ("head", *TABLES, *later):
            connection.execute(f"CREATE TABLE backup.{table} AS SELECT * FROM store.{table}")
        return _length(connection, "backup")

    try:
        version = database.read(copy, context=lambda connection: _attached(connection, new))
        restrict_permissions(new)
        if not rename_if_absent(new, path):
            raise StoreProblem(f"Somebody else made a file {path.name} meanwhile. Choose another name.")
    finally:
        new.unlink(missing_ok=True)
        new.with_name(new.name + ".wal").unlink(missing_ok=True)
    if version or database.read(_documents_length):
        _record(database, path, version)
    return version


def _record(database: Database, path: Path, version: int) -> None:
    """Note where a backup was written, so that what has to be erased one day can be erased there, too."""
    about = {
        "at": dt.datetime.now(dt.UTC).replace(tzinfo=None), "machine": platform.node(), "path": str(path.resolve()),
        "version": version,
    }  # fmt: skip
    try:
        database.write(lambda connection: connection.execute(query_text("add_backup"), about))
    except StoreUnavailable as error:
        _LOG.warning("the store cannot note that it was backed up to %s: %s %s", path, error, error.detail)


def restore(database: Database, path: Path, *, replace: bool) -> RestoreResult:
    """Fill a store from a backup, whole or not at all.

    What was erased from the store since the backup was made stays erased, and so does what was erased according to other
    backups in the same folder. The ledger goes on saying who erased it and why.

    Parameters
    ----------
    database
        The store.
    path
        A file that :func:`backup` wrote.
    replace
        Whether to replace what the store holds; it is backed up first, to a file next to ``path``.

    Returns
    -------
    RestoreResult

    Raises
    ------
    StoreProblem
        When the file is not a whole backup, or the store is not empty and ``replace`` was not asked for.
    StoreUnavailable
        When the store cannot be written.
    """
    if not path.is_file():
        raise StoreProblem(f"There is no file {path.name}.")
    if database.address.path is not None and database.address.path.exists() and path.samefile(database.address.path):
        raise StoreProblem(f"{path.name} is the store itself.")
    _check(path)
    lengths = database.read(lengths_of)
    kept = None
    if any(lengths):
        if not replace:
            raise StoreProblem(
                f"There are {sum(lengths):,} entries in the store already; a backup can only be put into an empty one. Nothing was "
                "changed. To replace what is there, ask for that: it is then backed up first."
            )
        kept = _free_name(path, dt.datetime.now(dt.UTC))
        backup(database, kept)
        # What is written after that is noticed below and stops the restoring.
        lengths = _lengths_of_file(kept)

    beside = _erasures_beside(path)

    def fill(connection: Connection) -> RestoreResult:
        if lengths_of(connection) != lengths:
            raise StoreProblem("Somebody uploaded or wrote something meanwhile. Nothing was changed; try again.")
        # Nobody who uploads or writes at the same time can change these rows, too.
        connection.execute("UPDATE store.head SET length = $length", {"length": _length(connection, "backup")})
        known = dict.fromkeys([*erasures_of(connection), *beside])
        _replace_documents(connection)
        for table in TABLES:
            connection.execute(f"DELETE FROM store.{table}")
            connection.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM backup.{table}")
        for table in _records_in_backup(connection):
            connection.execute(
                f"INSERT INTO store.{table} BY NAME SELECT * FROM backup.{table} EXCEPT SELECT * FROM store.{table}"
            )
        last = connection.execute(query_text("last_entry")).fetchone()
        again = tuple(each for each in known if each.again(connection))
        return RestoreResult(kept, again, last[0] if last else None)

    result = database.write(fill, context=lambda connection: _attached(connection, path, read_only=True))
    if kept or result.erased:
        database.rewrite()
    return result


def _erasures_beside(path: Path) -> list[Erasure]:
    """What other backups in the folder of one say was erased; those that cannot be read are passed over."""
    others = [each for each in path.parent.glob("*.duckdb") if each != path and each.is_file()]
    found: list[Erasure] = []
    for other in sorted(others, key=lambda each: each.stat().st_mtime, reverse=True)[:_MOST_BESIDE]:
        try:
            with duckdb.connect(":memory:", config=CONFIG | {"threads": 1}) as connection:
                connection.execute(Address(target=str(other), path=other).attach(read_only=True))
                found += erasures_of(connection)
        except (duckdb.Error, OSError) as problem:
            _LOG.info("%s was not asked what was erased: %s", other.name, problem)
    return found


def _replace_documents(connection: Connection) -> None:
    """Put the documents of a backup in the place of those of the store."""
    held = set(DOCUMENTS) <= set(_tables_of_backup(connection))
    length = connection.execute("SELECT length FROM backup.document_head").fetchone() if held else (0,)
    connection.execute("UPDATE store.document_head SET length = $length", {"length": length[0] if length else 0})
    connection.execute("DELETE FROM store.documents")
    if held:
        connection.execute("INSERT INTO store.documents BY NAME SELECT * FROM backup.documents")


def _records_in_backup(connection: Connection) -> list[str]:
    """Those of :data:`RECORDS` that a backup has; one of the first layout has none."""
    found = _tables_of_backup(connection)
    return [table for table in RECORDS if table in found]


def _tables_of_backup(connection: Connection) -> list[str]:
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'backup'").fetchall()
    return [name for (name,) in found]


def _free_name(path: Path, now: dt.datetime) -> Path:
    """A name, not yet taken, for the copy of the store that a restore replaces. A script may restore twice within a second."""
    name = f"{path.stem}-before-restore-{now:%Y%m%d-%H%M%S}"
    free = path.with_name(f"{name}.duckdb")
    for number in count(2):
        if not free.exists():
            break
        free = path.with_name(f"{name}-{number}.duckdb")
    return free


@contextmanager
def _attached(connection: Connection, path: Path, *, read_only: bool = False) -> Iterator[None]:
    quoted = str(path).replace("'", "''")
    try:
        connection.execute(f"ATTACH '{quoted}' AS backup" + (" (READ_ONLY)" if read_only else ""))
    except duckdb.Error:
        raise StoreProblem(
            f"{path.name} cannot be read: it is not a backup of the store, it is damaged, or it is in use."
            if read_only
            else f"{path.name} cannot be written in the folder {path.parent.name}."
        ) from None
    try:
        yield
    finally:
        connection.execute("DETACH backup")


def _check(path: Path) -> None:
    """Raise :class:`StoreProblem` unless a file is a whole store of this layout."""
    with (
        duckdb.connect(":memory:", config=CONFIG | {"threads": 1}) as connection,
        _attached(connection, path, read_only=True),
    ):
        connection.execute("ATTACH ':memory:' AS store")
        connection.execute(query_text("layout"))
        check_whole(connection, path.name)


def check_whole(connection: Connection, name: str) -> None:
    """Make sure that what is attached as ``backup`` is a whole store, every entry with its upload, file and rows.

    Parameters
    ----------
    connection
        To the store, with the other one attached as ``backup``.
    name
        What the other one is called in the sentence.

    Raises
    ------
    StoreProblem
        When it is not.
    """
    try:
        layout = connection.execute("SELECT layout FROM backup.head").fetchone()
        found = connection.execute(query_text("backup_check")).fetchone() or (False, False)
        if layout is not None and layout[0] >= _WITH_DOCUMENTS:
            more = connection.execute(query_text("documents_check")).fetchone() or (False, False)
            found = (found[0] and more[0], found[1] and more[1])
    except (duckdb.CatalogException, duckdb.BinderException):
        raise StoreProblem(f"{name} is not a backup of the store: it has other tables or columns.") from None
    if layout is None or layout[0] not in LAYOUTS:
        raise StoreProblem(f"{name} was made by another version of the dashboard, with another layout.")
    if not found[0]:
        raise StoreProblem(f"{name} is not a backup of the store: its tables have other columns.")
    if not found[1]:
        raise StoreProblem(f"{name} is not whole: entries, files or rows of it are missing.")


def lengths_of(connection: Connection) -> tuple[int, int]:
    """How many entries the ledger and the documents of the store have.

    Parameters
    ----------
    connection
        To the store.

    Returns
    -------
    tuple of int
    """
    return _length(connection, "store"), _documents_length(connection)


def _lengths_of_file(path: Path) -> tuple[int, int]:
    """The same of a backup in a file."""
    made = Database(Address(target=str(path), path=path))
    try:
        return made.read(lengths_of)
    finally:
        made.close()


def _documents_length(connection: Connection) -> int:
    if not has_documents(connection):
        return 0
    found = connection.execute(query_text("documents_length")).fetchone()
    return int(found[0]) if found else 0


def _length(connection: Connection, where: str) -> int:
    found = connection.execute(f"SELECT length FROM {where}.head").fetchone()
    return int(found[0]) if found else 0
