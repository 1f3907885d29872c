"""The store attached to a DuckDB instance of this process: for one transaction (a file), or until it is lost (a server)."""

from __future__ import annotations

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TypeVar

import duckdb

from careleavers import metrics
from careleavers.figures.warehouse import CONFIG, QUERIES
from careleavers.store.address import Address, create_secret, load_extensions
from careleavers.store.files import file_identity, rename_if_absent, restrict_permissions, restrict_umask
from careleavers.store.model import StoreBusy, StoreUnavailable

_LOG = logging.getLogger("careleavers.store")
_SQL = QUERIES / "store"
Connection = duckdb.DuckDBPyConnection
Answer = TypeVar("Answer")

# The number of the layout of the tables that this code writes, and those that it reads.
LAYOUT = 3
LAYOUTS = (1, 2, 3)
# The tables that every layout has.
TABLES = ("ledger", "uploads", "originals", "figures", "catalogue", "events", "sources")
# Seconds to keep trying while another process has the file open or changes the same rows.
READ_TIMEOUT = 2.0
WRITE_TIMEOUT = 15.0
# Seconds that a thread waits for the other threads of this process.
LOCK_TIMEOUT = 20.0
# Database threads where files are in a bucket: several files are fetched at once.
BUCKET_THREADS = 4
# Parts of the databases' messages: the file is in use, a name is still taken, somebody else wrote first, the connection was lost.
_BUSY = ("could not set lock on file", "being used by another process", "conflicting lock")
_HALF_ATTACHED = "Failed to attach database: database with name"
_CONFLICT = ("conflict", "could not serialize", "deadlock detected", "duplicate key", "already exists")
_LOST = (
    "connect",
    "server closed",
    "terminat",
    "shutting down",
    "starting up",
    "ssl",
    "timeout",
    "timed out",
    "recovery mode",
)
# Marks an error of the last step of a transaction.
_AT_THE_END = "at the end of a transaction"
# What is said of object storage, which DuckDB has asked several times already.
_STORAGE = ("error for http", "http get", "http put", "http post", "http head", "http code")
_FULL = (
    "no space left",
    "disk full",
    "file too large",
    "disk quota",
    "could not extend file",
    "write file",
    "out of space",
)
_FORBIDDEN = ("permission denied", "read-only", "operation not permitted")
_NEWER = ("version number", "storage version", "newer version of duckdb", "created with a newer")
_DAMAGED = (
    "not a valid duckdb database",
    "corrupt",
    "checksum",
    "serialization error",
    "failed to deserialize",
    "could not read enough bytes",
    "could not read all bytes",
    "failed to read",
    "wal file",
    "replaying",
)
RESTORE = (
    "Whoever runs the dashboard has to stop it, put the damaged one aside and fill a new one from the newest backup with "
    "“python -m careleavers restore-backup FILE” (docs/STORE.md says how)"
)


# Errors in a statement, which do not mean that the store cannot be reached.
_STATEMENT_ERRORS = (
    duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException, duckdb.InvalidTypeException,
    duckdb.NotImplementedException, duckdb.ParserException,
)  # fmt: skip

# A context entered before a transaction and left after it, such as rows that are staged for it.
TransactionContext = Callable[[Connection], AbstractContextManager[None]]


def no_context(_: Connection) -> AbstractContextManager[None]:
    """The context of a transaction that needs none.

    Parameters
    ----------
    _
        The connection of the transaction; unused.

    Returns
    -------
    AbstractContextManager[None]
    """
    return nullcontext()


class _NoTables:
    """The answer of a store that has no tables yet."""


class WriteConflict(Exception):
    """Somebody else wrote first: the work has to be repeated on the current state."""


class Underway:
    """How many things of a kind are being done in this process, for whoever has to wait for them; ``with`` it, from any thread."""

    def __init__(self) -> None:
        self.running = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        """Another one begins."""
        with self._lock:
            self.running += 1

    def __exit__(self, *_: object) -> None:
        """It has come to its end, well or not."""
        with self._lock:
            self.running -= 1


# Changes of a store.
WRITES = Underway()


def query_text(name: str) -> str:
    """Read a query of the store.

    Parameters
    ----------
    name
        The query.

    Returns
    -------
    str
        The text of ``queries/store/<name>.sql``.
    """
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


class Database:
    """A DuckDB instance with one store attached to it as ``store``; the threads of this process take turns.

    Parameters
    ----------
    address
        Where the store is.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._attached = False
        self._macros_ready = False
        self._was_attached = False
        self._layout = 0
        self._former: Mapping[str, str] = {}
        self._warned_of_permissions = False
        self._finishing = False

    def set_former_codes(self, former: Mapping[str, str]) -> None:
        """From now on read figures and events under the codes that authorities have today.

        Parameters
        ----------
        former
            The code of today by each code that was given up.
        """
        if dict(former) != dict(self._former):
            with self._lock:
                self._former, self._macros_ready = dict(former), False

    @property
    def former(self) -> Mapping[str, str]:
        """The code of today by each code that was given up: see :meth:`set_former_codes`."""
        return self._former

    def exists(self) -> bool:
        """Whether there is a store: the file, or the tables on a server. Makes nothing.

        Raises
        ------
        StoreUnavailable
            When that cannot be found out, or the place holds something else.
        """
        return self._exists() and self._retrying(
            self._tables_ready, timeout=READ_TIMEOUT, lock_timeout=LOCK_TIMEOUT, read_only=True
        )

    def change_token(self) -> tuple[object, ...] | None:
        """Something that differs whenever a local file has changed, so that its ledger need not be read to know that.

        Returns
        -------
        tuple or None
            Inode, size and time of the file and its log; () where there is no file. None for a server, and while the file
            is being written: then only reading tells.
        """
        path = self.address.path
        if path is None:
            return None
        found: list[object] = []
        for file in (path, path.with_name(path.name + ".wal")):
            try:
                found_there = file.stat()
            except OSError:
                continue
            # Where file times are coarse, another change right after this one would not show.
            if time.time() - found_there.st_mtime < 0.1:
                return None
            found += [file.name, found_there.st_ino, found_there.st_size, found_there.st_mtime_ns]
        return tuple(found)

    def read(
        self,
        work: Callable[[Connection], Answer],
        *,
        timeout: float | None = None,
        lock_timeout: float | None = None,
        context: TransactionContext = no_context,
    ) -> Answer:
        """Read in one transaction; from an empty store where there is none yet.

        Parameters
        ----------
        work
            Called with the connection; its result is given back.
        timeout
            Seconds to keep trying while the store is busy; by default ``READ_TIMEOUT``.
        lock_timeout
            Seconds to wait for other threads of this process; by default ``LOCK_TIMEOUT``.
        context
            Entered before the transaction and left after it.

        Returns
        -------
        Answer

        Raises
        ------
        StoreBusy
            When others have the store for longer than that.
        StoreUnavailable
            When it cannot be read.
        """
        if self._exists():

            def reading(connection: Connection) -> Answer | _NoTables:
                if not self._tables_ready(connection):
                    return _NoTables()
                with context(connection), self._transaction(connection):
                    return work(connection)

            answer = self._retrying(
                reading,
                timeout=READ_TIMEOUT if timeout is None else timeout,
                lock_timeout=LOCK_TIMEOUT if lock_timeout is None else lock_timeout,
                read_only=True,
            )
            if not isinstance(answer, _NoTables):
                return answer
        if context is no_context:
            # Making a cursor is not thread-safe; using one is.
            with _MAKING_CURSOR:
                cursor = _kept_empty_store().cursor()
            with cursor:
                # The next reader gets the same store, so nothing may be left in it.
                cursor.execute("BEGIN TRANSACTION READ ONLY")
                return work(cursor)
        # A context may attach databases, which all cursors of the kept store would see: it gets a store of its own.
        with _make_empty_store(self._current_code) as connection, context(connection):
            return work(connection)

    def write(self, work: Callable[[Connection], Answer], *, context: TransactionContext = no_context) -> Answer:
        """Write in one transaction, whole or not at all; makes the store where there is none yet.

        Parameters
        ----------
        work
            Called with the connection, and once more for each time that somebody else wrote first. Whatever it raises
            undoes everything.
        context
            Entered before the transaction and left after it.

        Returns
        -------
        Answer

        Raises
        ------
        StoreBusy
            When others have the store for longer than ``WRITE_TIMEOUT``.
        StoreUnavailable
            When it cannot be written.
        """
        with WRITES:
            return self._write(work, context)

    def _write(self, work: Callable[[Connection], Answer], context: TransactionContext) -> Answer:
        if not self._exists():
            self._create_file()

        def writing(connection: Connection) -> Answer:
            if not self._tables_ready(connection):
                with self._transaction(connection):
                    connection.execute(query_text("layout"))
                self._tables_ready(connection)
            if self._layout < LAYOUT:
                with self._transaction(connection):
                    connection.execute(query_text("upgrade_layout"))
                self._layout = LAYOUT
            with context(connection), self._transaction(connection):
                return work(connection)

        return self._retrying(writing, timeout=WRITE_TIMEOUT, lock_timeout=LOCK_TIMEOUT, read_only=False)

    def rewrite(self) -> None:
        """Copy a local store into a new file that takes its place: the old one still has the bytes of deleted rows.

        Other processes that use the store wait meanwhile and go on with the new file. Nothing happens on a server.

        Raises
        ------
        StoreUnavailable
            When the file cannot be read or written.
        """
        path = self.address.path
        if path is None:
            return
        new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
        log = path.with_name(path.name + ".wal")

        def copy(connection: Connection) -> None:
            if log.exists() and log.stat().st_size:
                # A killed process left it, and it belongs to the old file.
                raise WriteConflict("the log beside the file is not empty")
            self._tables_ready(connection)
            connection.execute(Address(target=str(new), path=new).attach(name="fresh"))
            try:
                for (table,) in connection.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"
                ).fetchall():
                    connection.execute(f'CREATE TABLE fresh."{table}" AS SELECT * FROM store."{table}"')
            finally:
                connection.execute("DETACH fresh")
            restrict_permissions(new)
            # Nobody can write the old file while it is open here; whoever opened it meanwhile notices that it was replaced.
            new.replace(path)

        try:
            self._retrying(
                lambda connection: connection.execute("CHECKPOINT store"),
                timeout=WRITE_TIMEOUT, lock_timeout=LOCK_TIMEOUT, read_only=False,
            )  # fmt: skip
            self._retrying(copy, timeout=WRITE_TIMEOUT, lock_timeout=LOCK_TIMEOUT, read_only=True)
        finally:
            for file in (new, new.with_name(new.name + ".wal")):
                with suppress(OSError):
                    file.unlink()

    def maintain(self, statement: str) -> None:
        """Run one statement on the store outside a transaction.

        Parameters
        ----------
        statement
            SQL.

        Raises
        ------
        StoreUnavailable
            When the store cannot be written.
        """
        self._retrying(
            lambda connection: connection.execute(statement),
            timeout=WRITE_TIMEOUT, lock_timeout=LOCK_TIMEOUT, read_only=False,
        )  # fmt: skip

    def close(self) -> None:
        """Detach the store; it is attached again when it is next used."""
        with self._lock:
            self._discard()

    def finish(self, timeout: float) -> None:
        """Let the transaction end that is running, and begin no other in this process: it is about to end.

        Parameters
        ----------
        timeout
            The longest to wait, in seconds.
        """
        self._finishing = True
        if self._lock.acquire(timeout=timeout):
            try:
                self._discard()
            finally:
                self._lock.release()
        else:
            _LOG.error("a transaction of the store was still running at the end, and is rolled back")

    # ------------------------------------------------------------------ taking turns and trying again

    @contextmanager
    def _turn(self, timeout: float) -> Iterator[None]:
        """Wait for the other threads of this process; nobody has a turn any more once it is about to end."""
        if not self._lock.acquire(timeout=timeout):
            raise StoreBusy(f"{self._title} is busy. Try again in a moment.")
        try:
            if self._finishing:
                raise StoreBusy("The dashboard is being restarted; nothing was changed. Try again in a minute.")
            yield
        finally:
            self._lock.release()

    def _retrying(
        self, work: Callable[[Connection], Answer], *, timeout: float, lock_timeout: float, read_only: bool
    ) -> Answer:
        with metrics.timed(metrics.STORE, "read" if read_only else "write"):
            return self._retried(work, timeout=timeout, lock_timeout=lock_timeout, read_only=read_only)

    def _retried(
        self, work: Callable[[Connection], Answer], *, timeout: float, lock_timeout: float, read_only: bool
    ) -> Answer:
        deadline = time.monotonic() + timeout
        wait, lost, in_doubt = 0.002, False, False
        while True:
            in_line = time.monotonic()
            with self._turn(lock_timeout):
                # Only trying counts: with many officers at once, the last in line would otherwise have one try.
                deadline += time.monotonic() - in_line
                try:
                    with self._attach(read_only) as connection:
                        return work(connection)
                except WriteConflict as error:
                    problem = str(error)
                except duckdb.Error as error:
                    problem = self.address.scrubbed(str(error))
                    # A server that went while it was told to keep everything may have done so before it went.
                    in_doubt = not read_only and (in_doubt or _AT_THE_END in getattr(error, "__notes__", ()))
                    if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):
                        self._discard()
                    if not _mentions(problem, _BUSY, _CONFLICT):
                        storage = self.address.uses_object_storage and _mentions(problem, _STORAGE)
                        if not lost and not storage and self.address.on_server and _mentions(problem, _LOST):
                            # The kept connection is gone, but the server may still be there.
                            lost = True
                            self._detach()
                            continue
                        if isinstance(error, _STATEMENT_ERRORS):
                            raise
                        broken = isinstance(error, (duckdb.FatalException, duckdb.InternalException))
                        raise self.unavailable(problem, read_only, broken, in_doubt) from None
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{self._title} is busy with what others are doing; nothing was changed. Try again in a moment.",
                    problem,
                )
            # Processes that wait for the same file must not all try again at the same moment.
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311
            wait = min(wait * 1.6, 0.25)

    def unavailable(
        self, problem: str, read_only: bool, broken: bool = False, in_doubt: bool = False
    ) -> StoreUnavailable:
        """What a failure of the database means to people.

        Parameters
        ----------
        problem
            What the database said, without passwords.
        read_only
            Whether the store was only read.
        broken
            Whether the database itself stopped working.
        in_doubt
            Whether it was lost at the moment of keeping a change, so that nobody here knows whether it did.

        Returns
        -------
        StoreUnavailable
        """
        if _mentions(problem, _FULL):
            said = "cannot be written: there is no room left where it is kept. Nothing was changed. Whoever runs the dashboard has to make room"
        elif _mentions(problem, _FORBIDDEN):
            said = (
                f"may not be {'read' if read_only else 'written'} by the dashboard. Nothing was changed. Whoever runs it has to "
                "allow it"
            )
        elif _mentions(problem, _NEWER):
            said = (
                "was written by a newer version of DuckDB than this dashboard has; nothing was changed. Whoever runs it has to "
                "use the version of the dashboard that wrote it, or a later one"
            )
        elif broken or _mentions(problem, _DAMAGED):
            said = f"is damaged or is not a store. {RESTORE}"
        elif in_doubt and self.address.on_server:
            said = (
                "was lost at the very end, so it is not known whether this was kept: wholly or not at all. Try the same again in a few "
                "minutes: if it was kept, you are told so and nothing is kept twice"
            )
        else:
            said = (
                "cannot be reached just now; nothing was changed. Try again in a few minutes; if it stays so, tell whoever "
                "runs the dashboard"
            )
        return StoreUnavailable(f"{self._title} {said}.", problem)

    @property
    def _title(self) -> str:
        where = self.address.where
        return f"{where[0].upper()}{where[1:]} with the uploads"

    # ------------------------------------------------------------------ attaching

    def _exists(self) -> bool:
        path = self.address.path
        if path is not None and path.is_dir():
            raise StoreUnavailable(
                f"The setting STORE_URL names a folder, {path.name}, and has to name a file in it, such as uploads.duckdb. "
                "Whoever runs the dashboard has to set it."
            )
        if path is None or path.exists():
            return True
        if self._was_attached:
            # A new file would hide the one in a folder that is not mounted at the moment.
            raise StoreUnavailable(
                f"{self._title} is not there any more. Whoever runs the dashboard has to bring it back."
            )
        return False

    @contextmanager
    def _attach(self, read_only: bool) -> Iterator[Connection]:
        connection = self._open()
        stays = self.address.on_server
        if not self._attached:
            path = self.address.path
            self._restrict_store_files()
            before = file_identity(path)
            try:
                connection.execute(self.address.attach(read_only=read_only and path is not None))
            except duckdb.Error as error:
                if _HALF_ATTACHED in str(error):
                    # A server that went while it was being attached leaves its name behind, which only a new connection is rid of.
                    self._discard()
                raise
            self._attached, self._was_attached = True, True
            if file_identity(path) != before:
                # The file was replaced while it was being attached: what is attached no longer has this name.
                self._detach()
                raise WriteConflict("the file of the store was replaced")
            self._macros_ready = self._macros_ready and not stays
        try:
            yield connection
        finally:
            if not stays:
                self._detach()

    def _open(self) -> Connection:
        if self._connection is None:
            # Extensions are loaded from where somebody installed them, and never fetched without being asked.
            config = CONFIG | {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
            # One thread is fastest on a local file.
            config["threads"] = BUCKET_THREADS if self.address.uses_object_storage else 1
            # Rows of the store must not be left in temporary files.
            config["temp_directory"] = ""
            restrict_umask()
            connection = duckdb.connect(":memory:", config=config)
            try:
                load_extensions(connection, self.address)
                create_secret(connection, self.address)
            except BaseException:
                connection.close()
                raise
            self._connection, self._attached, self._macros_ready = connection, False, False
        return self._connection

    def _detach(self) -> None:
        if self._connection is None or not self._attached:
            return
        self._attached = False
        try:
            self._connection.execute("DETACH store")
        except duckdb.Error as error:
            # Whatever was committed is in the log next to the file and is read from there next time.
            _LOG.warning("the store could not be put away: %s", self.address.scrubbed(str(error)))
            self._discard()

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        self._attached = self._macros_ready = False
        if connection is not None:
            connection.close()

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[None]:
        connection.execute("BEGIN")
        try:
            yield
            try:
                connection.execute("COMMIT")
            except duckdb.Error as error:
                error.add_note(_AT_THE_END)
                raise
        except BaseException:
            # It may have been rolled back already, or lost with the connection.
            with suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise

    # ------------------------------------------------------------------ the tables

    def _tables_ready(self, connection: Connection) -> bool:
        """Whether the tables are there; makes the macros that the questions use when they are seen first."""
        if self._macros_ready:
            return True
        found = {
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"
            ).fetchall()
        }
        if "head" not in found:
            if self.address.schemes[:1] in {("postgres",), ("postgresql",)}:
                # DuckDB remembers which tables there are; another process may just be creating ours.
                connection.execute("CALL pg_clear_cache()")
            if self.address.path is not None and found:
                raise StoreUnavailable(f"{self._title} is damaged or is not a store. {RESTORE}.", "no table head")
            return False
        layout = connection.execute("SELECT layout FROM store.head").fetchone()
        if layout is None or layout[0] not in LAYOUTS:
            raise StoreUnavailable(
                f"{self._title} has another layout ({layout[0] if layout else 'none'}) than this dashboard reads "
                f"({LAYOUT}). Whoever runs it has to use the version of the dashboard that wrote it, or a later one."
            )
        if lacking := set(TABLES) - found:
            raise StoreUnavailable(
                f"{self._title} is damaged or is not a store. {RESTORE}.", f"without {', '.join(sorted(lacking))}"
            )
        _create_macros(connection, self._current_code)
        self._layout, self._macros_ready = int(layout[0]), True
        return True

    @property
    def _current_code(self) -> str:
        """SQL for the body of the macro ``current_code``: an authority's code as it is today."""
        codes = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in self._former.items() if (old + new).isalnum())
        return f"CASE code {codes} ELSE code END" if codes else "code"

    def _restrict_store_files(self) -> None:
        """Make a local store, and a log that a killed process left next to it, readable by nobody else."""
        path = self.address.path
        if path is None:
            return
        for file in (path, path.with_name(path.name + ".wal")):
            if (tightened := restrict_permissions(file)) is not None and not self._warned_of_permissions:
                self._warned_of_permissions = not tightened
                _LOG.warning(
                    "%s could be read by other accounts of this machine; %s",
                    file.name,
                    "now it cannot" if tightened else "it still can: give it to the account of the dashboard",
                )

    def _lay_out(self, new: Path) -> None:
        connection = self._open()
        try:
            connection.execute(Address(target=str(new), path=new).attach())
            with self._transaction(connection):
                connection.execute(query_text("layout"))
            connection.execute("DETACH store")
        except BaseException:
            # The new file must not stay attached under the name of the store.
            self._discard()
            raise

    def _create_file(self) -> None:
        """Make the file of a local store, whole or not at all, for this account alone."""
        path = self.address.path
        assert path is not None  # noqa: S101
        new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
        try:
            restrict_umask()
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.parent.chmod(0o700)
            with self._turn(LOCK_TIMEOUT):
                if path.exists():  # another thread has made it meanwhile
                    return
                self._lay_out(new)
            restrict_permissions(new)
            rename_if_absent(new, path)
        except (OSError, duckdb.Error) as error:
            _LOG.warning("the store could not be made: %s", error)
            raise StoreUnavailable(
                f"{self._title} cannot be made: {_reason(error)}. Whoever runs the dashboard has to see to its folder, or "
                "to name another one in STORE_URL."
            ) from None
        finally:
            for file in (new, new.with_name(new.name + ".wal")):
                with suppress(OSError):
                    file.unlink()


def _make_empty_store(current_code: str) -> Connection:
    """An empty store in memory, read for as long as the real one has not been made."""
    connection = duckdb.connect(":memory:", config=CONFIG | {"threads": 1})
    connection.execute("ATTACH ':memory:' AS store")
    connection.execute(query_text("layout"))
    _create_macros(connection, current_code)
    # Stands in for the function that a DuckLake has.
    connection.execute("CREATE MACRO store.current_snapshot() AS TABLE SELECT 0 AS id")
    return connection


_MAKING_CURSOR = threading.Lock()


@cache
def _kept_empty_store() -> Connection:
    """Keep one empty store: each page reads it several times while nothing has been uploaded. Each thread takes its own cursor."""
    # It has no rows, and so no codes of authorities.
    return _make_empty_store("code")


def _create_macros(connection: Connection, current_code: str) -> None:
    connection.execute(f"CREATE OR REPLACE MACRO current_code(code) AS {current_code}")
    connection.execute(query_text("macros"))


def _mentions(problem: str, *words: tuple[str, ...]) -> bool:
    lower = problem.casefold()
    return any(word in lower for several in words for word in several)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return "there is no room or no permission"
