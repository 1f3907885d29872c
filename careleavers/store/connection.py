"""One database of one process that the store is attached to: for a moment (a file), or until it is lost (a server)."""

from __future__ import annotations

import logging
import os
import random
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

import duckdb

from careleavers.figures.warehouse import CONFIG, QUERIES
from careleavers.store.address import Address, create_secret, load_extensions
from careleavers.store.model import StoreBusy, StoreUnavailable

_LOG = logging.getLogger("careleavers.store")
_SQL = QUERIES / "store"
Connection = duckdb.DuckDBPyConnection
Answer = TypeVar("Answer")

# The number of the layout of the tables that this code writes, and those that it reads.
LAYOUT = 2
LAYOUTS = (1, 2)
# The tables that every layout has.
TABLES = ("ledger", "uploads", "originals", "figures", "catalogue", "events", "sources")
# Seconds to keep trying while somebody else has the file or changes the same rows.
READ_PATIENCE = 2.0
WRITE_PATIENCE = 15.0
# Seconds that a thread waits for another thread of this process that reads or writes.
TURN_PATIENCE = 20.0
# What the databases say when somebody else has the file, wrote first, or the connection was lost.
_BUSY = ("could not set lock on file", "being used by another process", "conflicting lock")
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


# Errors that say that a statement is wrong, not that the store cannot be reached.
_OUR_FAULT = (
    duckdb.BinderException, duckdb.CatalogException, duckdb.ConversionException, duckdb.InvalidTypeException,
    duckdb.NotImplementedException, duckdb.ParserException,
)  # fmt: skip

# What is entered before a transaction and left after it, such as rows that it reads.
Beside = Callable[[Connection], AbstractContextManager[None]]


def nothing_beside(_: Connection) -> AbstractContextManager[None]:
    """What is entered beside a transaction that needs nothing."""
    return nullcontext()


class _Nothing:
    """The answer of a store that has no tables yet."""


class Conflict(Exception):
    """Somebody else wrote first; the work has to be done again on what is there now."""


def query_text(name: str) -> str:
    """The text of ``queries/store/<name>.sql``."""
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


class Database:
    """A DuckDB instance with one store attached to it as ``store``; its threads take turns."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._turn = threading.Lock()
        self._connection: Connection | None = None
        self._attached = False
        self._laid_out = False
        self._seen = False
        self._layout = 0
        self._former: Mapping[str, str] = {}
        self._told_loose = False

    def know(self, former: Mapping[str, str]) -> None:
        """From now on read figures and events under the codes of today: ``former`` gives them by the ones given up."""
        if dict(former) != dict(self._former):
            with self._turn:
                self._former, self._laid_out = dict(former), False

    @property
    def former(self) -> Mapping[str, str]:
        """The codes of today by the ones given up: see :meth:`know`."""
        return self._former

    def mark(self) -> tuple[object, ...] | None:
        """What changes whenever a local file does: () when there is none; None for a server, or while it is changing."""
        path = self.address.path
        if path is None:
            return None
        found: list[object] = []
        for file in (path, path.with_name(path.name + ".wal")):
            try:
                found_there = file.stat()
            except OSError:
                continue
            # A clock of files that ticks slowly would hide a change made right after this one.
            if time.time() - found_there.st_mtime < 0.1:
                return None
            found += [file.name, found_there.st_ino, found_there.st_size, found_there.st_mtime_ns]
        return tuple(found)

    def read(
        self,
        work: Callable[[Connection], Answer],
        *,
        patience: float | None = None,
        turn: float | None = None,
        beside: Beside = nothing_beside,
    ) -> Answer:
        """``work`` done on the store in one transaction; on an empty one where there is none yet.

        Raises :class:`StoreUnavailable` when the store stays out of reach for ``patience`` seconds, or when another
        thread has it for ``turn`` seconds. ``beside`` is entered before the transaction and left after it.
        """
        if self._is_there():

            def reading(connection: Connection) -> Answer | _Nothing:
                if not self._has_layout(connection):
                    return _Nothing()
                with beside(connection), self._transaction(connection):
                    return work(connection)

            answer = self._trying(
                reading,
                patience=READ_PATIENCE if patience is None else patience,
                turn=TURN_PATIENCE if turn is None else turn,
                read_only=True,
            )
            if not isinstance(answer, _Nothing):
                return answer
        with duckdb.connect(":memory:", config=CONFIG | {"threads": 1}) as connection:
            connection.execute("ATTACH ':memory:' AS store")
            connection.execute(query_text("layout"))
            self._make_macros(connection)
            # What a DuckLake would answer.
            connection.execute("CREATE MACRO store.current_snapshot() AS TABLE SELECT 0 AS id")
            with beside(connection):
                return work(connection)

    def write(self, work: Callable[[Connection], Answer], *, beside: Beside = nothing_beside) -> Answer:
        """``work`` done in one transaction that is kept whole or not at all; done again when somebody else wrote first.

        Raises :class:`StoreUnavailable` when that does not come about in time; whatever ``work`` raises undoes it.
        """
        if not self._is_there():
            self._make()

        def writing(connection: Connection) -> Answer:
            if not self._has_layout(connection):
                with self._transaction(connection):
                    connection.execute(query_text("layout"))
                self._has_layout(connection)
            if self._layout < LAYOUT:
                with self._transaction(connection):
                    connection.execute(query_text("upgrade"))
                self._layout = LAYOUT
            with beside(connection), self._transaction(connection):
                return work(connection)

        return self._trying(writing, patience=WRITE_PATIENCE, turn=TURN_PATIENCE, read_only=False)

    def rewrite(self) -> None:
        """Copy a local store into a new file that takes its place: the old one still has the bytes of what was deleted.

        Whoever else uses the store waits meanwhile, and goes on with the new file. Raises :class:`StoreUnavailable`.
        """
        path = self.address.path
        if path is None:
            return
        new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
        log = path.with_name(path.name + ".wal")

        def copy(connection: Connection) -> None:
            if log.exists() and log.stat().st_size:
                # What a killed process left there belongs to the old file.
                raise Conflict("the log beside the file is not empty")
            self._has_layout(connection)
            connection.execute(Address(target=str(new), path=new).attach().replace(" AS store", " AS fresh"))
            try:
                for (table,) in connection.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"
                ).fetchall():
                    connection.execute(f'CREATE TABLE fresh."{table}" AS SELECT * FROM store."{table}"')
            finally:
                connection.execute("DETACH fresh")
            make_private(new)
            # Nobody can write the old file while it is read here, and who opened it meanwhile sees that it was replaced.
            new.replace(path)

        try:
            self._trying(
                lambda connection: connection.execute("CHECKPOINT store"),
                patience=WRITE_PATIENCE, turn=TURN_PATIENCE, read_only=False,
            )  # fmt: skip
            self._trying(copy, patience=WRITE_PATIENCE, turn=TURN_PATIENCE, read_only=True)
        finally:
            for file in (new, new.with_name(new.name + ".wal")):
                with suppress(OSError):
                    file.unlink()

    def maintain(self, statement: str) -> None:
        """One statement on the store outside a transaction."""
        self._trying(
            lambda connection: connection.execute(statement),
            patience=WRITE_PATIENCE, turn=TURN_PATIENCE, read_only=False,
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the store; it is attached anew when it is used again."""
        with self._turn:
            self._discard()

    # ------------------------------------------------------------------ taking turns and trying again

    def _trying(self, work: Callable[[Connection], Answer], *, patience: float, turn: float, read_only: bool) -> Answer:
        deadline = time.monotonic() + patience
        wait, lost = 0.002, False
        while True:
            if not self._turn.acquire(timeout=turn):
                raise StoreBusy(f"{self._named} is busy. Try again in a moment.")
            try:
                with self._attached_for(read_only) as connection:
                    return work(connection)
            except Conflict as error:
                problem = str(error)
            except duckdb.Error as error:
                problem = self.address.scrubbed(str(error))
                if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):
                    self._discard()
                if not _says(problem, _BUSY, _CONFLICT):
                    if not lost and self.address.on_server and _says(problem, _LOST):
                        # The connection that was kept has gone; the server may be there all the same.
                        lost = True
                        self._detach()
                        continue
                    if isinstance(error, _OUR_FAULT):
                        raise
                    broken = isinstance(error, (duckdb.FatalException, duckdb.InternalException))
                    raise self._unavailable(problem, read_only, broken) from None
            finally:
                self._turn.release()
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{self._named} is busy with what others are doing; nothing was changed. Try again in a moment.",
                    problem,
                )
            # Those who wait for the same thing must not all come back at the same moment.
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311
            wait = min(wait * 1.6, 0.25)

    def _unavailable(self, problem: str, read_only: bool, broken: bool = False) -> StoreUnavailable:
        if _says(problem, _FULL):
            said = "cannot be written: there is no room left where it is kept. Nothing was changed. Whoever runs the dashboard has to make room"
        elif _says(problem, _FORBIDDEN):
            said = (
                f"may not be {'read' if read_only else 'written'} by the dashboard. Nothing was changed. Whoever runs it has to "
                "allow it"
            )
        elif _says(problem, _NEWER):
            said = (
                "was written by a newer version of DuckDB than this dashboard has; nothing was changed. Whoever runs it has to "
                "use the version of the dashboard that wrote it, or a later one"
            )
        elif broken or _says(problem, _DAMAGED):
            said = f"is damaged or is not a store. {RESTORE}"
        else:
            said = (
                "cannot be reached just now; nothing was changed. Try again in a few minutes; if it stays so, tell whoever "
                "runs the dashboard"
            )
        return StoreUnavailable(f"{self._named} {said}.", problem)

    @property
    def _named(self) -> str:
        where = self.address.where
        return f"{where[0].upper()}{where[1:]} with the uploads"

    # ------------------------------------------------------------------ attaching

    def _is_there(self) -> bool:
        path = self.address.path
        if path is not None and path.is_dir():
            raise StoreUnavailable(
                f"The setting STORE_URL names a folder, {path.name}, and has to name a file in it, such as uploads.duckdb. "
                "Whoever runs the dashboard has to set it."
            )
        if path is None or path.exists():
            return True
        if self._seen:
            # Making it anew would hide what a folder that went missing still holds.
            raise StoreUnavailable(
                f"{self._named} is not there any more. Whoever runs the dashboard has to bring it back."
            )
        return False

    @contextmanager
    def _attached_for(self, read_only: bool) -> Iterator[Connection]:
        connection = self._opened()
        stays = self.address.on_server
        if not self._attached:
            path = self.address.path
            self._tighten()
            before = _identity(path)
            connection.execute(self.address.attach(read_only=read_only and path is not None))
            self._attached, self._seen = True, True
            if _identity(path) != before:
                # Another file was put in its place meanwhile, and what is attached has lost its name.
                self._detach()
                raise Conflict("the file of the store was replaced")
            self._laid_out = self._laid_out and not stays
        try:
            yield connection
        finally:
            if not stays:
                self._detach()

    def _opened(self) -> Connection:
        if self._connection is None:
            # Extensions are loaded from where they were installed on purpose, never fetched in passing.
            config = CONFIG | {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
            # One thread takes the least time in all; files in buckets are better fetched several at once.
            config["threads"] = 4 if self.address.uses_object_storage else 1
            # Rows of the store are not to lie about in files that nobody looks after.
            config["temp_directory"] = ""
            keep_private()
            connection = duckdb.connect(":memory:", config=config)
            try:
                load_extensions(connection, self.address)
                create_secret(connection, self.address)
            except BaseException:
                connection.close()
                raise
            self._connection, self._attached, self._laid_out = connection, False, False
        return self._connection

    def _detach(self) -> None:
        if self._connection is None or not self._attached:
            return
        self._attached = False
        try:
            self._connection.execute("DETACH store")
        except duckdb.Error as error:
            # What was committed is in the log beside the file and is taken from there the next time.
            _LOG.warning("the store could not be put away: %s", self.address.scrubbed(str(error)))
            self._discard()

    def _discard(self) -> None:
        connection, self._connection = self._connection, None
        self._attached = self._laid_out = False
        if connection is not None:
            connection.close()

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[None]:
        connection.execute("BEGIN")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # It may have been rolled back already, or gone with the connection.
            with suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            raise

    # ------------------------------------------------------------------ the tables

    def _has_layout(self, connection: Connection) -> bool:
        """Whether the tables are there; makes the macros that the questions use when they are seen first."""
        if self._laid_out:
            return True
        found = {
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"
            ).fetchall()
        }
        if "head" not in found:
            if self.address.schemes[:1] in {("postgres",), ("postgresql",)}:
                # DuckDB remembers which tables there are; another process may be making ours now.
                connection.execute("CALL pg_clear_cache()")
            if self.address.path is not None and found:
                raise StoreUnavailable(f"{self._named} is damaged or is not a store. {RESTORE}.", "no table head")
            return False
        layout = connection.execute("SELECT layout FROM store.head").fetchone()
        if layout is None or layout[0] not in LAYOUTS:
            raise StoreUnavailable(
                f"{self._named} has another layout ({layout[0] if layout else 'none'}) than this dashboard reads "
                f"({LAYOUT}). Whoever runs it has to use the version of the dashboard that wrote it, or a later one."
            )
        if lacking := set(TABLES) - found:
            raise StoreUnavailable(
                f"{self._named} is damaged or is not a store. {RESTORE}.", f"without {', '.join(sorted(lacking))}"
            )
        self._make_macros(connection)
        self._layout, self._laid_out = int(layout[0]), True
        return True

    def _make_macros(self, connection: Connection) -> None:
        codes = " ".join(f"WHEN '{old}' THEN '{new}'" for old, new in self._former.items() if (old + new).isalnum())
        current = f"CASE code {codes} ELSE code END" if codes else "code"
        connection.execute(f"CREATE OR REPLACE MACRO current_code(code) AS {current}")
        connection.execute(query_text("macros"))

    def _tighten(self) -> None:
        """See to it that nobody else reads a local store, nor the log that a killed process left beside it."""
        path = self.address.path
        if path is None:
            return
        for file in (path, path.with_name(path.name + ".wal")):
            if (tightened := make_private(file)) is not None and not self._told_loose:
                self._told_loose = not tightened
                _LOG.warning(
                    "%s could be read by other accounts of this machine; %s",
                    file.name,
                    "now it cannot" if tightened else "it still can: give it to the account of the dashboard",
                )

    def _make(self) -> None:
        """Make the file of a local store, whole or not at all, for this account alone."""
        path = self.address.path
        assert path is not None  # noqa: S101
        new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
        try:
            keep_private()
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.parent.chmod(0o700)
            connection = duckdb.connect(":memory:", config={"threads": 1})
            try:
                connection.execute(Address(target=str(new), path=new).attach())
                connection.execute("BEGIN")
                connection.execute(query_text("layout"))
                connection.execute("COMMIT")
                connection.execute("DETACH store")
            finally:
                connection.close()
            make_private(new)
            place(new, path)
        except (OSError, duckdb.Error) as error:
            _LOG.warning("the store could not be made: %s", error)
            raise StoreUnavailable(
                f"{self._named} cannot be made: {_reason(error)}. Whoever runs the dashboard has to see to its folder, or "
                "to name another one in STORE_URL."
            ) from None
        finally:
            for file in (new, new.with_name(new.name + ".wal")):
                with suppress(OSError):
                    file.unlink()


def place(new: Path, path: Path) -> bool:
    """Give a finished file its name, unless somebody else was first; returns whether that was done."""
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links: the window between looking and renaming is as small as it can be.
        if path.exists():
            return False
        new.rename(path)
    return True


def keep_private() -> None:
    """Files that this process makes from now on are for its account alone: the store's, its logs, backups and exports."""
    os.umask(0o077)


def make_private(file: Path) -> bool | None:
    """Leave a file to its own account; None where it was so already or is not there, else whether that could be done."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if os.name != "posix" or not mode & 0o077:
            return None
        file.chmod(mode & 0o700)
    except FileNotFoundError:
        return None
    except OSError:
        return False
    return True


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found else None


def _says(problem: str, *words: tuple[str, ...]) -> bool:
    lower = problem.casefold()
    return any(word in lower for several in words for word in several)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return "there is no room or no permission"
