"""Stores that are killed, full, unreachable, locked or used by many at once."""

import datetime as dt
import gc
import hashlib
import os
import random
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from careleavers.store import DuplicateUpload, PreviewOutdated, Store, StoreBusy, StoreUnavailable, open_store
from careleavers.store import connection as connection_module
from careleavers.store import store as store_module
from careleavers.store.address import Address, read_address
from careleavers.store.connection import Database, WriteConflict
from tests.store.samples import ADMINISTRATOR, LEEDS_OFFICER, figure, upload
from tests.store.servers import Postgres
from tests.store.workers import accept_one, accept_with_little_room, begin, hold, several


@contextmanager
def process(work: Callable[..., None], *arguments: object) -> Iterator[tuple[Connection, int]]:
    """Run ``work`` in another process; yield a connection to it and its id, and end it afterwards."""
    child, wire = begin(work, *arguments)
    try:
        assert child.pid
        yield wire, child.pid
    finally:
        if child.is_alive():
            child.kill()
        child.join(10)


def assert_whole(store: Store) -> int:
    """Assert that every upload has its entry, file and rows, and that nothing else exists; return the number of entries."""
    entries = list(store.ledger()["entry"])
    assert entries == list(range(1, store.version() + 1))
    uploads = store.uploads().set_index("upload")
    assert sorted(uploads.index) == entries
    rows = store.figures().groupby("upload").size()
    assert rows.to_dict() == uploads["rows"].to_dict()
    held = store._database.read(lambda connection: connection.execute("SELECT count(*) FROM store.figures").fetchone())
    assert held == (uploads["rows"].sum(),)
    for number in entries[-2:]:
        content = store.original(number, ADMINISTRATOR)[1]
        assert hashlib.sha256(content).hexdigest() == uploads.loc[number, "sha256"]
    return len(entries)


# ---------------------------------------------------------------- killed


def killed_in_the_middle(store: Store, url: str, times: int, longest: float) -> int:
    """Kill another process at ever later moments of its accept; return how many of these accepts were recorded."""
    there = 0
    for turn in range(times):
        before = store.version()
        with process(accept_one, url, turn) as (wire, pid):
            assert wire.poll(30)
            assert wire.recv() == "ready"
            wire.send("go")
            wire.poll(longest * turn / times * random.uniform(0.8, 1.2))
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        after = len(store.ledger())
        assert after == store.version()
        assert after - before in {0, 1}
        if turn % 10 == 0 or turn == times - 1:
            # Nothing is ever removed, so a fault lasts and need not be looked for at every turn.
            assert_whole(store)
        there += after - before
        assert store.accept(several(1000 + turn, 3), LEEDS_OFFICER).entry == after + 1
    return there


def test_an_accept_that_is_killed_is_wholly_there_or_not_at_all(local: Store) -> None:
    local.accept(several(9998), LEEDS_OFFICER)
    began = time.perf_counter()
    local.accept(several(9999), LEEDS_OFFICER)
    takes = time.perf_counter() - began
    there = killed_in_the_middle(local, local._address.target, 16, 2 * takes)
    # Some were killed before the commit; that some were killed after it is likely but depends on the machine.
    assert there < 16


@pytest.mark.server
def test_a_server_undoes_what_a_killed_process_began(
    new_url: Callable[[str], str], another: Callable[[str], Store]
) -> None:
    url = new_url("postgres")
    killed_in_the_middle(another(url), url, 4, 0.5)


# ---------------------------------------------------------------- no room


@pytest.mark.parametrize("more", [1_000, 30_000, 400_000, 900_000])
def test_a_full_disk_leaves_the_store_as_it_was(local: Store, more: int) -> None:
    local.accept(several(0), LEEDS_OFFICER)
    size = Path(local._address.target).stat().st_size
    room = size + more if more >= 400_000 else more
    with process(accept_with_little_room, local._address.target, room) as (wire, _):
        assert wire.poll(30)
        outcome = wire.recv()
        assert wire.poll(30)
        version, entry = wire.recv()
    if outcome != 2:
        assert "no room left" in outcome
    # Either the process was told that the upload failed, and it is not there, or it is there.
    assert version == (2 if outcome == 2 else 1)
    assert entry == version + 1
    assert assert_whole(local) == entry


# ---------------------------------------------------------------- many at once


def at_once(url: str, count: int) -> list[int]:
    """The entries of as many processes that accept at the same moment."""
    children, wires = zip(*(begin(accept_one, url, number) for number in range(count)), strict=True)
    try:
        for wire in wires:
            assert wire.poll(120)
            assert wire.recv() == "ready"
        for wire in wires:
            wire.send("go")
        for wire in wires:
            assert wire.poll(120)
        return [wire.recv() for wire in wires]
    finally:
        for child in children:
            child.join(10)
            if child.is_alive():
                child.kill()


@pytest.mark.parametrize(("kind", "count"), [("file", 6), ("postgres", 6), ("ducklake", 3)])
def test_many_at_once_lose_and_double_nothing(
    kind: str, count: int, new_url: Callable[[str], str], another: Callable[[str], Store]
) -> None:
    # The store is still empty, so all of them also try to make the tables.
    url = new_url(kind)
    entries = at_once(url, count)
    assert [entry for entry in entries if not isinstance(entry, int)] == []
    assert sorted(entries) == list(range(1, count + 1))
    store = open_store(url) if kind == "file" else another(url)
    assert assert_whole(store) == count
    assert set(store.figures()["indicator"]) == {f"w{number}" for number in range(count)}


def test_of_those_who_previewed_the_same_figures_one_lands(store: Store) -> None:
    outcomes: list[object] = []

    def one(number: int) -> None:
        try:
            outcomes.append(store.accept(upload(figure(float(number))), LEEDS_OFFICER, expected=0).entry)
        except PreviewOutdated as error:
            outcomes.append(error.changes[0][1])

    threads = [threading.Thread(target=one, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [1] * 5
    assert store.version() == 1
    assert len(store.figures()) == 1


@pytest.mark.parametrize("kind", ["file", "postgres", "ducklake"])
def test_a_store_in_which_nothing_was_made_yet(
    kind: str, new_url: Callable[[str], str], another: Callable[[str], Store]
) -> None:
    url = new_url(kind)
    store = open_store(url) if kind == "file" else another(url)
    for _ in range(2):
        assert store.version() == 0
        assert store.problem is None
        assert store.figures().empty
        assert store.uploads().empty
    if kind != "file":
        # Somebody else makes the tables; a reader that looked before still sees them.
        assert another(url).accept(upload(figure(1.0)), LEEDS_OFFICER).entry == 1
        assert store.version() == 1
        assert list(store.figures()["value"]) == [1.0]
    assert store.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == (1 if kind == "file" else 2)
    assert list(store.figures()["value"]) == [2.0]


# ---------------------------------------------------------------- busy and lost


def test_a_file_that_another_process_writes_does_not_hold_up_browsing(local: Store, impatient: None) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert local.version() == 1
    path = Path(local._address.target)
    with process(hold, str(path)) as (wire, _):
        assert wire.poll(30)
        wire.recv()
        # Change the file's time, so that it has to be read again.
        os.utime(path, (time.time() - 10, time.time() - 10))
        assert local.version() == 1
        assert local.problem is not None
        for action in (local.figures, lambda: local.accept(upload(figure(2.0)), LEEDS_OFFICER)):
            with pytest.raises(StoreUnavailable, match="busy with what others are doing; nothing was changed"):
                action()
        wire.send("let go")
        assert wire.poll(30)
        wire.recv()
    assert local.version() == 1
    assert local.problem is None
    assert local.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2


@pytest.mark.parametrize(
    ("url", "said"), [("a.duckdb", "in use by another program"), ("postgres:dbname=x", "answers too slowly")]
)
def test_what_keeps_a_store_busy_is_told_by_its_kind(url: str, said: str, tmp_path: Path) -> None:
    store = Store(read_address(url if ":" in url else str(tmp_path / url)))
    store._record_failure(StoreBusy("It is busy."))
    assert said in str(store.problem)


def test_a_write_waits_for_its_turn(local: Store) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    with process(hold, local._address.target) as (wire, _):
        assert wire.poll(30)
        wire.recv()
        threading.Timer(0.3, lambda: wire.send("let go")).start()
        assert local.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2


def test_who_stood_in_line_for_long_may_still_try_again(local: Store, impatient: None) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    begun, tries = threading.Event(), list[int]()

    def first(connection: object) -> None:
        begun.set()
        time.sleep(0.6)  # longer than anybody tries here

    def second(connection: object) -> str:
        tries.append(1)
        if len(tries) == 1:
            raise WriteConflict("somebody else wrote first")
        return "written"

    ahead = threading.Thread(target=local._database.write, args=(first,))
    ahead.start()
    assert begun.wait(10)
    assert local._database.write(second) == "written"
    ahead.join(10)


def test_a_ducklake_may_lie_in_files(tmp_path: Path, another: Callable[[str], Store]) -> None:
    url = f"ducklake:{tmp_path / 'catalogue.ducklake'} (DATA_PATH '{tmp_path / 'rows'}')"
    store = another(url)
    assert store.version() == 0
    assert store.accept(upload(figure(1.0)), LEEDS_OFFICER).entry == 1
    store._database.close()
    again = another(url)
    assert (again.version(), list(again.figures()["value"]), again.problem) == (1, [1.0], None)


def test_a_file_that_went_missing_is_not_made_anew(local: Store, impatient: None) -> None:
    path = Path(local._address.target)
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert local.version() == 1
    away = path.rename(path.with_name("away"))
    assert local.version() == 1
    assert "not there any more" in str(local.problem)
    for action in (local.figures, lambda: local.accept(upload(figure(2.0)), LEEDS_OFFICER)):
        with pytest.raises(StoreUnavailable, match="not there any more"):
            action()
    assert not path.exists()
    away.rename(path)
    assert local.version() == 1
    assert local.problem is None
    assert local.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2


def test_a_file_that_is_no_store_is_named_as_such(tmp_path: Path, impatient: None) -> None:
    path = tmp_path / "uploads.duckdb"
    path.write_text("Dear all, please find attached")
    store = open_store(str(path))
    assert store.version() == 0
    assert "damaged or is not a store" in str(store.problem)
    with pytest.raises(StoreUnavailable, match="damaged or is not a store"):
        store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert path.read_text() == "Dear all, please find attached"


def test_a_folder_in_place_of_a_file_is_named_as_such(tmp_path: Path, impatient: None) -> None:
    store = open_store(str(tmp_path))
    assert store.version() == 0
    assert "names a folder" in str(store.problem)
    with pytest.raises(StoreUnavailable, match=f"names a folder, {tmp_path.name}, and has to name a file"):
        store.accept(upload(figure(1.0)), LEEDS_OFFICER)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    store = open_store(str(tmp_path / "file" / "uploads.duckdb"))
    assert store.version() == 0
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        store.accept(upload(figure(1.0)), LEEDS_OFFICER)


def test_a_store_of_a_later_layout_is_left_alone(local: Store) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    local._database.write(lambda connection: connection.execute("UPDATE store.head SET layout = 4"))
    local._database.close()
    assert local.version() == 1
    assert "another layout (4)" in str(local.problem)
    with pytest.raises(StoreUnavailable, match="another layout"):
        local.accept(upload(figure(2.0)), LEEDS_OFFICER)


@pytest.mark.parametrize("kind", ["postgres", "ducklake"])
def test_a_server_that_goes_and_comes_back_or_went_while_it_was_being_attached(
    kind: str,
    postgres: Postgres,
    new_url: Callable[[str], str],
    another: Callable[[str], Store],
    impatient: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = another(new_url(kind))
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert store.version() == 1
    postgres.stop()
    try:
        caplog.clear()
        began = time.perf_counter()
        for _ in range(5):
            assert store.version() == 1
        assert time.perf_counter() - began < 5
        assert "cannot be reached just now" in str(store.problem)
        assert len(caplog.records) == 1
        for action in (store.figures, lambda: store.accept(upload(figure(2.0)), LEEDS_OFFICER)):
            with pytest.raises(StoreUnavailable, match="cannot be reached just now; nothing was changed"):
                action()
    finally:
        postgres.start()
    assert store.version() == 1
    assert store.problem is None
    assert list(store.figures()["value"]) == [1.0]
    assert store.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2
    # As DuckDB leaves it when the server goes while it is being attached: the name is taken, and nobody here knows of it.
    store._database._attached = False
    assert list(store.figures()["value"]) == [2.0]
    assert store.accept(upload(figure(3.0)), LEEDS_OFFICER).entry == 3


def test_a_failure_that_is_told_again_keeps_nothing_that_earlier_callers_had_in_hand(
    local: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class File:
        pass

    def unreachable(*_: object, **__: object) -> None:
        raise StoreUnavailable("It cannot be reached.", "no route to host")

    def asked() -> None:
        given = File()
        files.append(weakref.ref(given))
        local.figures()

    files = list[weakref.ref[File]]()
    monkeypatch.setattr(local._database, "read", unreachable)
    local.version()
    for _ in range(3):
        with pytest.raises(StoreUnavailable) as told:
            asked()
        assert str(told.value) == str(local.problem)
    del told
    gc.collect()
    assert [file() for file in files] == [None] * 3


def test_a_connection_that_was_cut_is_made_anew_without_a_word(
    postgres: Postgres, new_url: Callable[[str], str], another: Callable[[str], Store]
) -> None:
    store = another(new_url("postgres"))
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    postgres.stop()
    postgres.start()
    assert list(store.figures()["value"]) == [1.0]
    postgres.stop()
    postgres.start()
    assert store.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2
    assert store.problem is None


def test_an_answer_that_was_lost_is_found(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit succeeded but its confirmation was lost: the second attempt finds the entry of the first."""
    write = Database.write
    # The store's own response to a broken connection: the same work again.
    monkeypatch.setattr(Database, "write", lambda *given, **more: (write(*given, **more), write(*given, **more))[1])
    assert local.accept(upload(figure(1.0)), LEEDS_OFFICER).entry == 1
    assert local.version() == 1


def test_a_server_lost_while_it_keeps_something_leaves_it_open_whether_it_did(
    local: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    attach = Database._attach

    class Lost:
        """A connection that is lost when it is told to keep what was done."""

        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def __getattr__(self, name: str) -> object:
            return getattr(self._connection, name)

        def execute(self, statement: str, *more: object) -> object:
            done = self._connection.execute(statement, *more)  # type: ignore[arg-type]
            if statement == "COMMIT":
                raise duckdb.IOException("server closed the connection unexpectedly")
            return done

    @contextmanager
    def attached(database: Database, read_only: bool) -> Iterator[object]:
        with attach(database, read_only) as connection:
            yield connection if read_only else Lost(connection)

    monkeypatch.setattr(Database, "_attach", attached)
    monkeypatch.setattr(Address, "on_server", property(lambda _: True))
    monkeypatch.setattr(Database, "_detach", lambda database: database._discard())
    with pytest.raises(StoreUnavailable, match="not known whether this was kept"):
        local.accept(upload(figure(2.0, indicator="neet")), LEEDS_OFFICER)
    monkeypatch.undo()
    with pytest.raises(DuplicateUpload):
        local.accept(upload(figure(2.0, indicator="neet")), LEEDS_OFFICER)
    assert assert_whole(local) == 2


def test_two_files_of_one_microsecond_are_two_entries(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One person's files, each tried twice: the first attempt that is found must be for the same file."""

    class Stopped(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Stopped":
            return cls(2026, 11, 20, 12, tzinfo=tz)

    write = Database.write
    monkeypatch.setattr(store_module, "dt", SimpleNamespace(datetime=Stopped, UTC=dt.UTC))
    monkeypatch.setattr(Database, "write", lambda *given, **more: (write(*given, **more), write(*given, **more))[1])
    entries = [local.accept(upload(figure(value)), LEEDS_OFFICER).entry for value in (1.0, 2.0)]
    entries += [local.withdraw(number, LEEDS_OFFICER, "wrong").entry for number in (1, 2)]
    assert entries == [1, 2, 3, 4]
    assert list(local.ledger()["entry"]) == [1, 2, 3, 4]


# ---------------------------------------------------------------- a store that has not been made yet


def test_a_read_of_a_store_that_is_not_there_leaves_nothing_for_the_next(local: Store) -> None:
    database = local._database
    with pytest.raises(duckdb.Error):
        database.read(lambda held: held.execute("UPDATE store.head SET length = 1"))
    assert database.read(lambda held: held.execute("SELECT length FROM store.head").fetchone()) == (0,)


def test_a_store_that_could_not_be_made_is_made_by_the_next_write(local: Store) -> None:
    text = connection_module.query_text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            connection_module, "query_text", lambda name: "SELECT error('')" if name == "layout" else text(name)
        )
        with pytest.raises(StoreUnavailable, match="cannot be made"):
            local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert local.accept(upload(figure(1.0)), LEEDS_OFFICER).entry == 1


def test_a_first_write_waits_no_longer_than_any_other(local: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "LOCK_TIMEOUT", 0.1)
    with local._database._lock, pytest.raises(StoreBusy, match="Try again in a moment"):
        local.accept(upload(figure(1.0)), LEEDS_OFFICER)


def test_a_dashboard_that_is_stopping_makes_no_store(local: Store) -> None:
    local._database.finish(1)
    with pytest.raises(StoreBusy, match="being restarted; nothing was changed"):
        local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    assert not Path(local._address.target).exists()
