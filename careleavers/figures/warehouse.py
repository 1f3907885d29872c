"""The figures in memory: shipped CSVs checked, loaded and joined once; then read-only questions, one SQL file each."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from weakref import finalize

import duckdb
import numpy as np
import pandas as pd

from careleavers import settings
from careleavers.errors import CareLeaversError, DataProblem, QueryProblem
from careleavers.figures import figures_file
from careleavers.figures.loading import check_folder, contents_of, load
from careleavers.figures.schema import LOCAL_TABLES, OBSERVATION, TABLES
from careleavers.importer.files import MANIFEST, check_seal, read_table
from careleavers.importer.precedence import PRECEDENCE
from careleavers.kept_files import KeptFiles, in_folder, name_of

log = logging.getLogger("careleavers")

_NUMBERS = count(1)
QUERIES = settings.HOME / "queries"
_PARAMETER = re.compile(r"\$([a-z_]+)")
_COMMENT = re.compile(r"--[^\n]*")
# So many bytes of a file are read at once.
_BLOCK = 1 << 20

# The database keeps what it frees for itself unless told to give it back: 80 MB after building.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "allocator_flush_threshold": "1MB",
    "allocator_bulk_deallocation_flush_threshold": "1MB",
}


class _SharedDatabase:
    """An in-memory database and what the versions in it share."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        # Held while a version is made or let go.
        self.changing = threading.Lock()
        # Schemas of versions that nobody holds any more.
        self.gone: deque[str] = deque()
        self._opening = threading.Lock()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A new cursor. They are made one at a time: making one is not thread-safe, using one is."""
        with self._opening:
            cursor = self.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def sweep(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Drop the versions that are gone and the local figures that only they had."""
        if not self.gone:
            return
        while self.gone:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{self.gone.popleft()}" CASCADE')
        held = cursor.execute("SELECT schema_name FROM duckdb_tables() WHERE table_name = 'parts'").fetchall()
        parts = "".join(f' UNION ALL SELECT area_code, made FROM "{schema}".parts' for (schema,) in held)
        cursor.execute(f"DELETE FROM main.local_rows WHERE (area_code, made) NOT IN (SELECT '', 0{parts})")


class Warehouse:
    """An in-memory database that can only be read. Safe to share between threads: each query has its own cursor.

    ``version`` tells one set of figures from another. Several may share a database: see :meth:`with_local`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, version: str) -> None:
        self._connection = connection
        self._database = _SharedDatabase(connection)
        self._schema = "main"
        self._leave: Callable[[], object] = connection.close
        self.version = version

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Answer ``queries/<name>.sql``; its head comment says which parameters it takes and which columns it returns.

        Parameters
        ----------
        name
            The name of the file, without its ending.
        **parameters
            The value of each ``$parameter``; None for NULL.

        Returns
        -------
        pandas.DataFrame
            A new frame, the caller's own.

        Raises
        ------
        QueryProblem
            For an unknown name, and for missing or unknown parameters.

        Examples
        --------
        >>> warehouse.query("periods", indicator="eet", age_group="19-21")
        """
        sql, wanted = _read_query(name)
        missing, unknown = wanted - parameters.keys(), parameters.keys() - wanted
        if missing:
            raise QueryProblem(f"The query “{name}” needs the parameter “{min(missing)}”.")
        if unknown:
            raise QueryProblem(f"The query “{name}” has no parameter “{min(unknown)}”.")
        with self._cursor() as cursor:
            frame = cursor.execute(sql, parameters).df()
        for column in [name for name, kind in frame.dtypes.items() if pd.api.types.is_object_dtype(kind)]:
            # Lists arrive as (masked) arrays; plain lists with None in the gaps are what callers can use.
            frame[column] = [cell.tolist() if isinstance(cell, np.ndarray) else cell for cell in frame[column]]
        return frame

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._database.cursor() as cursor:
            if self._schema != "main":
                # What is not in the schema is found in main: the published figures are there once for all versions.
                cursor.execute(f'USE "{self._schema}"')
            yield cursor

    def with_local(
        self,
        local: Mapping[str, pd.DataFrame],
        version: str,
        *,
        before: Warehouse | None = None,
        areas: Sequence[str] = (),
    ) -> Warehouse:
        """Make a version with local figures added to these, which shares this database; call on a warehouse without local ones.

        It takes memory until nobody holds it or it is closed.

        Parameters
        ----------
        local
            A frame for each of :data:`LOCAL_TABLES`: ``given`` are figures fit for viewers, the others what uploads add to
            tables.
        version
            What the new version is called.
        before
            An earlier version made here: ``given`` then has the rows of ``areas`` only, and those of all other authorities
            are taken over from it.
        areas
            GSS codes of the authorities whose figures differ from ``before``.

        Returns
        -------
        Warehouse
        """
        number = next(_NUMBERS)
        schema = f"local_{number}"
        made = Warehouse(self._connection, version)
        made._database, made._schema = self._database, schema
        # Nothing can be dropped here and now: this may be called in the midst of a query.
        made._leave = finalize(made, self._database.gone.append, schema)
        with self._database.changing, self._database.cursor() as cursor:
            self._database.sweep(cursor)
            cursor.execute(f'CREATE SCHEMA "{schema}"; USE "{schema}"')
            for name, types in LOCAL_TABLES.items():
                _copy(cursor, name, local[name], types)
            cursor.execute(
                "CREATE TABLE parts AS SELECT area_code, $1::INTEGER AS made, list(DISTINCT release) AS releases "
                "FROM given GROUP BY area_code",
                [number],
            )
            if before is not None:
                _copy_other_authorities(cursor, before._schema, list(areas))
            for script in sorted((QUERIES / "local").glob("*.sql")):
                cursor.execute(script.read_text(encoding="utf-8"))
        return made

    def close(self) -> None:
        """Free the memory: of the local figures alone where they share a database, else of everything."""
        self._leave()
        if self._schema != "main":
            with self._database.changing, self._database.cursor() as cursor:
                self._database.sweep(cursor)


@cache
def query_names() -> tuple[str, ...]:
    """The names that :meth:`Warehouse.query` knows."""
    return tuple(sorted(path.stem for path in QUERIES.glob("*.sql")))


@cache
def _read_query(name: str) -> tuple[str, frozenset[str]]:
    if name not in query_names():
        raise QueryProblem(f"There is no query called “{name}”.")
    sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    if [statement.type for statement in duckdb.extract_statements(sql)] != [duckdb.StatementType.SELECT]:
        raise QueryProblem(f"The query “{name}” must be one SELECT: the figures can only be read.")
    return sql, frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))


@dataclass(frozen=True)
class AddedReleases:
    """Published figures that were uploaded: ``figures`` (columns of ``OBSERVATION`` and ``upload``) and their ``sources``.

    ``name`` tells one set of them from another. ``kept`` is False for a preview: nothing of it stays in a file.
    """

    name: str
    figures: pd.DataFrame
    sources: pd.DataFrame
    kept: bool = True


def open_warehouse(folder: Path | None = None, *, sealed: bool = True, added: AddedReleases | None = None) -> Warehouse:
    """Build the warehouse from a data folder.

    Files that match ``manifest.csv`` were checked when they were sealed, and are loaded as they are.

    Parameters
    ----------
    folder
        The data folder; by default the configured one.
    sealed
        Whether files have to match the manifest; else it is not read, and every row is checked.
    added
        Uploaded releases to add to the figures.

    Returns
    -------
    Warehouse

    Raises
    ------
    DataProblem
        Naming file, line and reason, when a file is missing, broken or was edited.
    """
    folder = folder or settings.data_folder()
    if sealed and added is None:
        ahead = _AHEAD.pop((folder, settings.small_cohort()), None)
        if ahead is not None:
            return ahead.result()
    return _build(folder, sealed, added)


# What is being opened ahead, by folder and the one setting that is among the figures.
_AHEAD: dict[tuple[Path, int], Future[Warehouse]] = {}


def open_ahead() -> None:
    """Begin to open the configured folder on a thread; the next :func:`open_warehouse` of it takes the result.

    For the start of a server: the building is the database's work, and Python goes on importing meanwhile. What is wrong
    with the folder or a setting is raised by :func:`open_warehouse`.
    """
    try:
        key = (settings.data_folder(), settings.small_cohort())
    except CareLeaversError:
        return
    pool = ThreadPoolExecutor(1, "open-ahead")
    _AHEAD[key] = pool.submit(_build, key[0], True, None)
    # The thread ends when it is done.
    pool.shutdown(wait=False)


def discard_ahead() -> None:
    """Close what :func:`open_ahead` began and nobody took: with releases in force the server opens something else.

    It would be kept for as long as the server runs, and be out of date once the files change.
    """

    def close(ahead: Future[Warehouse]) -> None:
        if ahead.exception() is None:
            ahead.result().close()

    while _AHEAD:
        _AHEAD.popitem()[1].add_done_callback(close)


def _build(folder: Path, sealed: bool, added: AddedReleases | None) -> Warehouse:
    if sealed and _outgrow_memory(folder):
        return _open_file(folder, added)
    contents = contents_of(folder)
    if sealed:
        try:
            check_seal(folder, contents)
        except DataProblem as seal_problem:
            # A row that is wrong in itself says more than “something between these lines was changed”.
            check_folder(folder, contents)
            raise seal_problem
    else:
        check_folder(folder, contents)
    every = b"".join(name.encode() + contents[name] for name in sorted(contents)) + (
        added.name.encode() if added else b""
    )
    version = hashlib.sha256(every).hexdigest()[:10]
    connection = duckdb.connect(":memory:", config=CONFIG | {"threads": settings.threads()})
    try:
        load(connection, folder, contents)
        if added is not None:
            _add(connection, added)
        _apply_rules(connection)
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            connection.execute(f'DROP TABLE "{table}"')
        _lock(connection)
    except BaseException:
        connection.close()
        raise
    return Warehouse(connection, version)


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    """From here on no file is read but those that are attached, and no setting is changed."""
    # Packing a few hundred rows before a sort costs more than it saves: a third of a query's time.
    connection.execute("SET disabled_optimizers = 'compressed_materialization'")
    connection.execute("SET enable_external_access = false; SET lock_configuration = true")


def _outgrow_memory(folder: Path) -> bool:
    """Whether the files of figures are too large to be held in memory, and there is a place for a file to read them from."""
    if settings.kept_folder() is None:
        return False
    return sum(path.stat().st_size for path in folder.glob("observations/*.csv")) > settings.figures_in_memory()


def _open_file(folder: Path, added: AddedReleases | None) -> Warehouse:
    """Figures that are read from a file, which is built unless somebody has built it already."""
    files = in_folder("figures")
    version = _version_of_files(folder, files, added)
    path = files.large(name_of("figures", version))
    assert path is not None  # noqa: S101
    without = files.large(name_of("figures", _version_of_files(folder, files, None)))
    config = CONFIG | {"threads": settings.threads()}
    spill = path.with_suffix(f".{secrets.token_hex(4)}.spill")

    def stage(connection: duckdb.DuckDBPyConnection) -> None:
        load(connection, folder, dict.fromkeys(_csv_files(folder), b""))
        if added is not None:
            _add(connection, added)

    def build() -> None:
        try:
            if added is not None and without is not None and without.is_file():
                try:
                    figures_file.rebuild(
                        path,
                        without,
                        set(added.figures["indicator"]),
                        lambda connection: _add(connection, added),
                        config,
                    )
                    return
                except (duckdb.Error, FileNotFoundError):
                    log.warning("The file %s cannot be added to: everything is built", without, exc_info=True)
            log.info("The figures are many: they are built into %s, which takes some minutes once", path)
            figures_file.build(path, stage, config)
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            log.exception("the figures cannot be built into %s", path)
            raise CareLeaversError(
                "The figures are too many for memory, and the file for them cannot be written in the folder CARELEAVERS_KEPT. "
                "See that there is room, twice that of the figures’ own files, or give the database more memory with "
                f"CARELEAVERS_CACHE_MB. The reason: {str(error).splitlines()[0]}"
            ) from error

    if not path.is_file():
        build()
    try:
        connection = figures_file.open_file(path, config, spill)
    except duckdb.Error:
        log.warning("The file %s cannot be read, and is built again", path, exc_info=True)
        path.unlink(missing_ok=True)
        build()
        connection = figures_file.open_file(path, config, spill)
    if added is not None and not added.kept:
        # What is open can still be read.
        with suppress(OSError):
            path.unlink()
    try:
        _lock(connection)
    except BaseException:
        connection.close()
        raise
    return Warehouse(connection, version)


def _csv_files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.csv")) if path.name != MANIFEST]


def _version_of_files(folder: Path, files: KeptFiles, added: AddedReleases | None) -> str:
    """The version of files that match the manifest, as :func:`_build` gives it; read again only when a size or a time changes."""
    names = _csv_files(folder)
    states = [(name, (folder / name).stat().st_size, (folder / name).stat().st_mtime_ns) for name in [*names, MANIFEST]]
    note = name_of("version", str(folder.resolve()), states, added.name if added else "")
    if (known := files.get(note)) is not None:
        return known.decode()
    listed = {row["file"]: row["sha256"] for _, row in read_table(folder / MANIFEST, f"data/{MANIFEST}").rows}
    every, found = hashlib.sha256(), {}
    for name in names:
        every.update(name.encode())
        mine = hashlib.sha256()
        with (folder / name).open("rb") as stream:
            while block := stream.read(_BLOCK):
                every.update(block)
                mine.update(block)
        found[name] = mine.hexdigest()
    if found != listed:
        check_seal(folder, contents_of(folder))
    every.update(added.name.encode() if added else b"")
    version = every.hexdigest()[:10]
    files.put(note, version.encode())
    return version


def _copy_other_authorities(connection: duckdb.DuckDBPyConnection, schema: str, areas: list[str]) -> None:
    """Add what an earlier version held of all other authorities."""
    connection.execute(
        f'INSERT INTO parts SELECT * FROM "{schema}".parts WHERE NOT list_contains($1, area_code)', [areas]
    )
    connection.execute(f'INSERT INTO sources_added SELECT * FROM "{schema}".sources_added')


def _copy(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame, types: Mapping[str, str]) -> None:
    """Make a table of these types from a frame; a column that the frame lacks is empty."""
    held = {column: f'"{column}"' if column in frame.columns and len(frame) else "NULL" for column in types}
    columns = ", ".join(f'{held[column]}::{kind} AS "{column}"' for column, kind in types.items())
    if frame.empty:
        # Its columns have no type that could be relied on, and to look for one takes longer than all the rest.
        connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} WHERE false')
        return
    connection.register("copied", frame)
    connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} FROM copied')
    connection.unregister("copied")


def _add(connection: duckdb.DuckDBPyConnection, added: AddedReleases) -> None:
    _copy(connection, "uploaded", added.figures, {**OBSERVATION, "upload": "INTEGER"})
    _copy(connection, "uploaded_sources", added.sources, TABLES["sources"])
    connection.execute(
        """INSERT INTO sources BY NAME SELECT * FROM uploaded_sources
        WHERE (source, release) NOT IN (SELECT (source, release) FROM sources)"""
    )
    connection.execute(PRECEDENCE)
    connection.execute((QUERIES / "releases" / "add_uploaded_releases.sql").read_text(encoding="utf-8"))
    connection.execute("DROP TABLE uploaded; DROP TABLE uploaded_sources")


def _apply_rules(connection: duckdb.DuckDBPyConnection) -> None:
    """Run ``queries/rules`` in order of name; what only the home page needs is made in parallel with the rest."""
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((QUERIES / "rules").glob("*.sql"))}
    beside = "\n".join(scripts.pop(name) for name in ("3_headlines", "3_standings"))
    first = [name for name in scripts if name < "3"]
    for name in first:
        connection.execute(scripts.pop(name))
    with ThreadPoolExecutor(1) as pool:
        cursor = connection.cursor()
        apart = pool.submit(cursor.execute, beside)
        for script in scripts.values():
            connection.execute(script)
        apart.result()
        # Its temporary tables end with it.
        cursor.close()
