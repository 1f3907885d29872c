"""Stored versions that cannot be shown: pages keep the last good figures, and officers and ``/readyz`` are told."""

import datetime as dt
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from careleavers.access.people import Person
from careleavers.errors import UnknownChoice
from careleavers.figures.warehouse import Warehouse, open_warehouse
from careleavers.importer.files import seal
from careleavers.published import PublishedFigures
from careleavers.store import Store, StoreUnavailable
from careleavers.store.address import read_address
from careleavers.store.reading import KnownVersion
from careleavers.versions import Versions
from tests.store.samples import (
    ADMINISTRATOR,
    EVERYWHERE,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    catalogue,
    events,
    figure,
    upload,
)
from tests.store.workers import begin, hold

NEW_KENT = "E10000099"


@pytest.fixture
def make(outcomes: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Versions]:
    """``make()`` gives versions of published figures and of one store, as in a process that has just started."""

    def opened(folder: Path | None = None) -> Warehouse:
        return open_warehouse(folder) if folder else outcomes

    monkeypatch.setattr("careleavers.versions.open_warehouse", opened)
    return lambda folder=None: Versions(Store(read_address(str(tmp_path / "uploads.duckdb"))), folder)


def values(versions: Versions, area: str = LEEDS) -> list[float]:
    rows = versions.newest().query("local_latest", authority=area)
    return [round(value, 1) for value in rows["value"].dropna()]


def again(versions: Versions) -> None:
    """Pretend that time has passed since the last attempt."""
    versions._retry_at = 0.0


# ---------------------------------------------------------------------- codes that no longer exist


@pytest.fixture(scope="module")
def recoded(tmp_path_factory: pytest.TempPathFactory, outcomes_data: Path) -> Path:
    """A data folder in which Kent has had a new code since this year."""
    folder = tmp_path_factory.mktemp("recoded") / "data"
    shutil.copytree(outcomes_data, folder)
    for file in folder.rglob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace(KENT, NEW_KENT), encoding="utf-8")
    with (folder / "authority_changes.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"recoded,{KENT},{NEW_KENT},,2026-04-01,Kent is one authority under a new code.\n")
    seal(folder)
    return folder


def test_an_upload_of_an_authority_that_was_recoded_since(make: Callable[..., Versions], recoded: Path) -> None:
    before = make()
    before.store.accept(upload(figure(50.0, area_code=KENT)), KENT_OFFICER)
    before.store.accept(events(KENT), KENT_OFFICER)
    before.store.accept(upload(figure(40.0)), LEEDS_OFFICER)
    assert values(before, KENT) == [50]
    before.store._database.close()

    after = make(recoded)
    officer = Person("https://id.example", "ben", "Ben Best", "officer", frozenset({NEW_KENT}))
    assert values(after, NEW_KENT) == [50]
    assert values(after) == [40]
    assert after.notices() == ()
    with after.newest()._cursor() as cursor:
        found = cursor.execute("SELECT authority_code FROM inspections WHERE inspection_date = '2026-01-14'").fetchall()
    assert found == [(NEW_KENT,)]
    # The same figure under the new code takes the place of the old one, and takes it back again.
    after.store.accept(upload(figure(60.0, area_code=NEW_KENT)), officer)
    assert values(after, NEW_KENT) == [60]
    assert after.store.superseded(areas=[NEW_KENT])["superseded_by"].tolist() == [4]
    after.store.withdraw(4, officer, "wrong")
    assert values(after, NEW_KENT) == [50]
    assert after.store.history("eet", "19-21", NEW_KENT, None, officer)["upload"].tolist() == [4, 1]
    assert after.select_version(1).query("local_latest", authority=NEW_KENT)["value"].tolist() == [50]
    # Officers for the new code are also responsible for uploads under the old one.
    after.store.withdraw(1, officer, "wrong")
    assert values(after, NEW_KENT) == []


def test_what_the_catalogue_or_the_map_no_longer_has_is_left_out_and_said(make: Callable[..., Versions]) -> None:
    versions = make()
    store = versions.store
    gone = "E06099999"
    officer = EVERYWHERE
    store.accept(upload(figure(50.0), figure(30.0, area_code=gone)), officer)
    store.accept(upload(figure(20.0, indicator="abolished"), figure(21.0, indicator="neet", age_group="99")), officer)
    store.accept(events(gone), officer)
    store.accept(upload(figure(40.0, indicator="in_touch")), officer)
    store._database.write(
        lambda c: c.execute(
            "INSERT INTO store.figures SELECT * REPLACE ('draft' AS layer, 'neet' AS indicator) FROM store.figures WHERE upload = 4"
        )
    )
    store._database.write(
        lambda c: c.execute(
            "INSERT INTO store.figures SELECT * REPLACE ('?' AS status, 'neet' AS indicator) FROM store.figures WHERE upload = 4 AND layer <> 'draft'"
        )
    )
    assert make().notices(LEEDS_OFFICER) == ()
    for shown in (versions, make()):
        assert sorted(values(shown)) == [40, 50]
        told = " ".join(shown.notices())
        assert f"Upload 1: 1 figure of {gone} is left out, because the authority {gone} is not one" in told
        assert "Upload 2: 1 figure of Leeds is left out, because the measure “abolished” is no longer" in told
        assert "Upload 2: 1 figure of Leeds is left out, because the measure has no ages “99” any more" in told
        assert f"Upload 3: 1 inspection or visit of {gone} is left out" in told
        assert "“draft” is no kind of local figure" in told
        assert "“?” is no mark" in told
        # Officers are not told about other councils' uploads.
        assert [LEEDS_OFFICER.may_upload_for(area) for area in (LEEDS, gone)] == [True, False]
        assert len(shown.notices(LEEDS_OFFICER)) == 4
        assert gone not in " ".join(shown.notices(LEEDS_OFFICER))
        assert shown.notices(KENT_OFFICER) == ()
        assert shown.readiness().startswith("ready ")
        assert "but" not in shown.readiness()
    # It is reported once, however many versions follow, and no longer once it is withdrawn.
    store.accept(upload(figure(70.0, area_code=KENT)), officer)
    versions.newest()
    assert len(versions.notices()) == 6
    store.withdraw(2, officer, "no such measure")
    store.withdraw(3, officer, "no such authority")
    versions.newest()
    assert len(versions.notices()) == 3


# ---------------------------------------------------------------------- what fails in the middle


def fail(*_: Any, **__: Any) -> Any:
    raise KeyError("E08000016")


@pytest.mark.parametrize("where", ["protect", "with_local", "snapshot", "own catalogue", "row"])
def test_a_failure_keeps_the_last_good_version(
    where: str, make: Callable[..., Versions], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    versions = make()
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    assert values(versions) == [50]
    store.accept(upload(figure(60.0)), LEEDS_OFFICER)
    if where == "protect":
        monkeypatch.setattr(PublishedFigures, "protect", fail)
    elif where == "with_local":
        monkeypatch.setattr(Warehouse, "with_local", fail)
    elif where == "snapshot":
        monkeypatch.setattr(Store, "snapshot", fail)
    elif where == "own catalogue":
        store.accept(catalogue(), LEEDS_OFFICER)
        store._database.write(lambda c: c.execute("UPDATE store.catalogue SET cells = '{not JSON'"))
    else:
        store.accept(catalogue(decimals="many"), LEEDS_OFFICER)
    for _ in range(3):
        assert values(versions) == [50]
    assert len([record for record in caplog.records if "cannot be made" in record.message]) == 1
    (told,) = versions.notices()
    reference = told.rpartition(" ")[2].strip(".")
    assert reference in caplog.text
    assert "data version 1" in told
    assert versions.readiness().endswith(f", but uploads after entry 1 cannot be shown (reference {reference})")
    assert reference in versions.notice()
    with pytest.raises(UnknownChoice):
        versions.select_version(2)
    # Once the cause is gone, everything is there again.
    monkeypatch.undo()
    if "own" in where or where == "row":
        store.withdraw(3, LEEDS_OFFICER, "broken")
    again(versions)
    assert versions.store.version() >= 2
    if where not in {"own catalogue", "row"}:
        monkeypatch.setattr("careleavers.versions.open_warehouse", lambda *_: versions._bases[()].warehouse)
    assert values(versions) == [60]
    assert versions.notices() == ()
    assert versions.notice() == ""
    assert "but" not in versions.readiness()


def test_a_process_that_starts_with_a_bad_upload_shows_the_last_good_version(make: Callable[..., Versions]) -> None:
    store = make().store
    for number in range(1, 6):
        store.accept(upload(figure(40.0 + number)), LEEDS_OFFICER)
    store.accept(catalogue(decimals="many"), LEEDS_OFFICER)
    store.accept(upload(figure(70.0)), LEEDS_OFFICER)
    versions = make()
    assert values(versions) == [45]
    assert ", but uploads after entry 5 cannot be shown" in versions.readiness()
    assert values(versions) == [45]
    store.withdraw(6, LEEDS_OFFICER, "broken")
    assert values(versions) == [70]
    assert "but" not in versions.readiness()


def test_what_is_erased_is_not_shown_as_the_last_good_version(make: Callable[..., Versions]) -> None:
    versions = make()
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    store.accept(upload(figure(60.0)), LEEDS_OFFICER)
    assert values(versions) == [60]
    store.accept(catalogue(decimals="many"), LEEDS_OFFICER)
    assert values(versions) == [60]
    store.erase(2, ADMINISTRATOR, "asked for under the law")
    assert values(versions) == [50]
    assert "cannot be shown" in versions.readiness()


def test_an_earlier_version_without_what_was_erased(make: Callable[..., Versions]) -> None:
    versions = make()
    store = versions.store
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    store.accept(upload(figure(60.0, indicator="in_touch")), LEEDS_OFFICER)
    assert versions.select_version(1).query("local_latest", authority=LEEDS)["value"].tolist() == [50]
    store.erase(1, ADMINISTRATOR, "asked for under the law")
    assert versions.select_version(1).query("local_latest", authority=LEEDS).empty
    assert values(versions) == [60]


# ---------------------------------------------------------------------- a store that cannot be read


def damage_header(path: Path) -> None:
    path.write_bytes(b"\0" * 64 + path.read_bytes()[64:])


def damage_blocks(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[12_288:] = b"\xff" * (len(content) - 12_288)
    path.write_bytes(bytes(content))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9_000])


def no_database(path: Path) -> None:
    path.write_text("Dear all, please find attached")


def another_database(path: Path) -> None:
    import duckdb

    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE something AS SELECT 1 AS one")


def without_a_table(path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("DROP TABLE uploads")


@pytest.mark.parametrize(
    "damage", [damage_header, damage_blocks, cut_short, no_database, another_database, without_a_table]
)
def test_a_damaged_store_is_said_to_be(
    damage: Callable[[Path], None],
    make: Callable[..., Versions],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("careleavers.store.reading.RETRY_AFTER", 0.0)
    monkeypatch.setattr("careleavers.versions._RETRY_STORE", 0.0)
    path = tmp_path / "uploads.duckdb"
    running = make()
    running.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    good = path.read_bytes()
    assert values(running) == [50]
    running.store._database.close()
    damage(path)
    time.sleep(0.12)
    # A process that shows figures goes on showing them; one that starts now has none of uploads.
    for versions, shown in ((running, [50]), (started := make(), [])):
        caplog.clear()
        for _ in range(3):
            assert values(versions) == shown
        (told,) = versions.notices()
        assert "damaged or is not a store" in told
        assert "restore-backup" in told
        assert "but the uploads cannot be read" in versions.readiness()
        assert len([record for record in caplog.records if "Reference" in record.message]) == 1
        reference = caplog.records[0].message.split()[1].strip(":")
        assert reference in told
        assert reference in versions.notice()
        with pytest.raises(StoreUnavailable, match="damaged or is not a store"):
            versions.store.accept(upload(figure(70.0)), LEEDS_OFFICER)
    # A damaged store is not touched: somebody may still be able to recover data from it.
    path.write_bytes(good)
    time.sleep(0.12)
    for versions in (running, started):
        assert values(versions) == [50]
        assert versions.notices() == ()


def test_a_file_of_a_newer_duckdb_is_not_called_damaged(make: Callable[..., Versions]) -> None:
    said = make().store._database.unavailable(
        "IO Error: Trying to read a database file with version number 999, but we can only read versions between 64 and 68.",
        True,
    )
    assert "newer version of DuckDB" in str(said)
    assert "damaged" not in str(said)


@pytest.mark.parametrize("running", [True, False])
def test_a_file_that_another_program_keeps_open_is_said_to_be(
    running: bool, make: Callable[..., Versions], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careleavers.store.reading.BUSY_LIMIT", 0.2)
    monkeypatch.setattr("careleavers.store.connection.READ_TIMEOUT", 0.2)
    monkeypatch.setattr("careleavers.store.connection.WRITE_TIMEOUT", 0.2)
    versions = make()
    versions.store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    assert values(versions) == [50]
    versions.store._database.close()
    if not running:
        versions = make()
    path = tmp_path / "uploads.duckdb"
    child, wire = begin(hold, str(path))
    try:
        assert wire.poll(30)
        wire.recv()
        past = time.time() - 10
        os.utime(path, (past, past))
        for _ in range(2):
            assert values(versions) == ([50] if running else [])
            time.sleep(0.3)
        values(versions)
        (told,) = versions.notices()
        assert "in use by another program" in told
        assert "but the uploads cannot be read" in versions.readiness()
        with pytest.raises(StoreUnavailable, match="nothing was changed"):
            versions.store.accept(upload(figure(60.0)), LEEDS_OFFICER)
        wire.send("let go")
        assert wire.poll(30)
        wire.recv()
    finally:
        child.join(10)
        if child.is_alive():
            child.kill()
    assert values(versions) == [50]
    assert versions.notices() == ()


# ---------------------------------------------------------------------- one thing, set at once


def test_threads_never_see_a_version_with_the_mark_of_another(make: Callable[..., Versions]) -> None:
    store = make().store
    writer = Store(read_address(store._address.target))
    stop, wrong = threading.Event(), list[str]()

    def look() -> None:
        last = 0
        while not stop.is_set():
            known = store._known
            assert isinstance(known, KnownVersion)
            version = store.version()
            if version < last:
                wrong.append(f"{version} after {last}")
            last = version

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for number in range(12):
            (writer if number % 2 else store).accept(upload(figure(float(number))), LEEDS_OFFICER)
            time.sleep(0.005)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert wrong == []
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=10)
    while store.version() < 12:
        assert dt.datetime.now(dt.UTC) < deadline
        time.sleep(0.05)
    assert store.version() == len(store.ledger()) == 12
