"""The whole store copied to another place: every table, every row, compared with what it was copied from."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from careleavers.store.address import create_secret, load_extensions
from careleavers.store.backups import RECORDS, check_whole, lengths_of
from careleavers.store.connection import TABLES, Connection, Database
from careleavers.store.model import StoreProblem
from careleavers.wording.formats import join_words

_LOG = logging.getLogger("careleavers.store")
# Tables whose rows are copied as they are; those with the two counts have one row, which is set.
_COPIED = (*TABLES, *RECORDS, "documents")
_COUNTS = ("head", "document_head")


@dataclass(frozen=True)
class MoveResult:
    """What was copied.

    Attributes
    ----------
    version
        The data version of both stores.
    documents
        How many entries of documents there are.
    rows
        The rows of each table, all of which are the same in both.
    """

    version: int
    documents: int
    rows: dict[str, int]


def move(source: Database, target: Database) -> MoveResult:
    """Copy a store into an empty one, whole or not at all, and compare both row by row. The old one stays as it is.

    Parameters
    ----------
    source
        The store that is copied.
    target
        The store that it is copied into; it is made where there is none.

    Returns
    -------
    MoveResult

    Raises
    ------
    StoreProblem
        When there is no store at the one place, or one with anything in it at the other; when the store is not whole, somebody writes
        to it meanwhile, or a row arrives differently.
    StoreUnavailable
        When one of them cannot be read or written. In each of these cases the target is left empty.
    """
    from_where, to_where = source.address.where, target.address.where
    if source.address == target.address:
        raise StoreProblem("Both addresses name the same store. Nothing was copied.")
    if not source.exists():
        raise StoreProblem(
            f"There is no store of uploads at {source.address.path or from_where}. Check the first address. Nothing was made."
        )

    def fill(connection: Connection) -> MoveResult:
        if held := sum(_rows(connection, "store", table) for table in _COPIED):
            raise StoreProblem(
                f"There {'is' if held == 1 else 'are'} {held:,} {'row' if held == 1 else 'rows'} in {to_where} already. A store can "
                "only be moved to an empty place. Nothing was changed."
            )
        check_whole(connection, f"{from_where[0].upper()}{from_where[1:]}")
        found = _tables(connection)
        for count in (each for each in _COUNTS if each in found):
            # Nobody who uploads or writes to the target at the same time can change these rows, too.
            connection.execute(f"UPDATE store.{count} SET length = (SELECT length FROM backup.{count})")
        for table in (each for each in _COPIED if each in found):
            connection.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM backup.{table}")
        if differing := differences(connection):
            raise StoreProblem(f"{_not_the_same(differing, to_where)} Nothing was kept there.")
        return MoveResult(*lengths_of(connection), {table: _rows(connection, "store", table) for table in _COPIED})

    moved = target.write(fill, context=lambda connection: _attached(connection, source))
    # What was committed, as somebody else reads it.
    target.close()
    differing = target.read(differences, context=lambda connection: _attached(connection, source))
    written_since = source.read(lengths_of) != (moved.version, moved.documents)
    if differing or written_since:
        target.write(_empty)
        said = (
            f"Somebody uploaded or wrote something to {from_where} meanwhile: stop the dashboards that use it and try again."
            if written_since
            else _not_the_same(differing, to_where)
        )
        raise StoreProblem(f"{said} Nothing was kept in the new place.")
    _LOG.info("moved %s to %s: version %s, %s", from_where, to_where, moved.version, moved.rows)
    return moved


def differences(connection: Connection) -> dict[str, int]:
    """Compare every row of the store with those of the one attached as ``backup``.

    Parameters
    ----------
    connection
        To the store, with the other one attached as ``backup``.

    Returns
    -------
    dict of str to int
        How many rows of a table are in one of them only; without the tables that are the same.
    """
    found = _tables(connection)
    differing = {}
    for table in (each for each in (*_COUNTS, *_COPIED) if each in found):
        columns = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'backup' AND table_name = $table "
            "ORDER BY column_index",
            {"table": table},
        ).fetchall()
        if table == "head":
            # Its layout is always that of today.
            columns = [each for each in columns if each[0] == "length"]
        # Of files their fingerprints: all of them together may not fit into memory.
        told = ", ".join(f'sha256("{name}")' if kind == "BLOB" else f'"{name}"' for name, kind in columns)
        one, other = f"(SELECT {told} FROM store.{table})", f"(SELECT {told} FROM backup.{table})"
        query = f"SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one}))"
        if (count := int((connection.execute(query).fetchone() or (0,))[0])) > 0:
            differing[table] = count
    return differing


def _not_the_same(differing: dict[str, int], where: str) -> str:
    told = join_words(f"{count:,} of {table}" for table, count in differing.items())
    return f"Rows that were copied to {where} are not the same there ({told}); the old store is as it was."


def _empty(connection: Connection) -> None:
    for count in _COUNTS:
        connection.execute(f"UPDATE store.{count} SET length = 0")
    for table in _COPIED:
        connection.execute(f"DELETE FROM store.{table}")


def _tables(connection: Connection) -> set[str]:
    """The tables of the store that is copied; one of an earlier layout lacks some."""
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'backup'").fetchall()
    return {name for (name,) in found}


def _rows(connection: Connection, name: str, table: str) -> int:
    return int((connection.execute(f"SELECT count(*) FROM {name}.{table}").fetchone() or (0,))[0])


@contextmanager
def _attached(connection: Connection, source: Database) -> Iterator[None]:
    """The source attached as ``backup``, so that one transaction reads it as it is at one moment."""
    address = source.address
    load_extensions(connection, address)
    create_secret(connection, address)
    try:
        connection.execute(address.attach(read_only=True, name="backup"))
    except duckdb.Error as error:
        raise source.unavailable(address.scrubbed(str(error)), True) from None
    try:
        yield
    finally:
        connection.execute("DETACH backup")
