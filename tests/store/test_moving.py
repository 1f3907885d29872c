"""A store that is moved is the same row by row in its new place, or not there at all."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from careleavers.cli import commands
from careleavers.store import Store, StoreProblem, StoreUnavailable, moving, open_store
from careleavers.store.address import read_address
from tests.store.samples import (
    ADMINISTRATOR,
    EVERYWHERE,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    LEEDS_SECOND,
    catalogue,
    events,
    figure,
    release,
    upload,
)
from tests.store.test_layouts import of_the_first_layout
from tests.store.workers import begin, several

EVERY_TABLE = {
    "ledger", "uploads", "originals", "figures", "catalogue", "events", "sources", "downloads", "backups", "documents",
}  # fmt: skip


def fill(store: Store, folder: Path) -> Store:
    """Everything that a store can hold: each kind of upload in each state, documents, downloads, a backup, what was erased."""
    awkward = figure(
        None, note='it’s \\ "quoted";\n— Zoë \U0001f600', denominator=0.1 + 0.2, status="c", age_group="17-18"
    )
    store.accept(upload(figure(1.0), awkward, content=bytes(range(256))), LEEDS_OFFICER)
    store.accept(catalogue(), LEEDS_OFFICER)
    store.accept(events(), LEEDS_OFFICER)
    store.accept(release("2026", figure(3.0)), EVERYWHERE)
    store.accept(upload(figure(4.0, layer="final")), LEEDS_OFFICER, proposed=True)
    store.accept(upload(figure(5.0, area_code=KENT)), KENT_OFFICER)
    store.withdraw(1, LEEDS_SECOND, "wrong quarter; it’s 'Q2'")
    # More rows than a DuckLake keeps in its catalogue.
    store.accept(several(7, 1200), LEEDS_OFFICER)
    store.original(1, LEEDS_OFFICER)
    for kind in ("commentary", "pack", "plan", "question", "watch_list"):
        store.documents.save(kind, LEEDS, "eet", {"text": "It’s “so”"}, LEEDS_OFFICER, public=kind == "plan")  # type: ignore[arg-type]
    store.documents.save(
        "pack_template", LEEDS, "annual", {"a": [1, None]}, LEEDS_OFFICER, attachment=b"PK\x00\xff" * 99
    )
    store.documents.save("plan", LEEDS, "eet", {"text": "and then"}, LEEDS_SECOND)
    store.backup(folder / "backup.duckdb")
    store.erase(6, ADMINISTRATOR, "sent in error")
    return store


def raw(store: Store) -> dict[str, list[Any]]:
    """Every row of every table as it is stored."""
    return store._database.read(
        lambda held: {
            table: held.execute(f"SELECT * FROM store.{table} ORDER BY ALL").fetchall()
            for table in sorted(EVERY_TABLE | {"head", "document_head"})
        }
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with everything in it, for copies."""
    folder = tmp_path_factory.mktemp("filled")
    store = Store(read_address(str(folder / "uploads.duckdb")))
    fill(store, folder)
    store._database.close()
    return folder / "uploads.duckdb"


@pytest.fixture
def full(filled: Path, tmp_path: Path) -> Iterator[Store]:
    made = open_store(str(shutil.copy(filled, tmp_path / "uploads.duckdb")))
    yield made
    made._database.close()


@pytest.mark.server
def test_every_row_is_in_the_new_place(
    full: Store, new_url: Callable[[str], str], another: Callable[[str], Store]
) -> None:
    before = raw(full)
    assert {table for table, rows in before.items() if rows} >= EVERY_TABLE
    source = full
    # From each kind to another, and back to a file.
    for kind in ("postgres", "ducklake", "file"):
        target = another(new_url(kind))
        moved = source.move_to(target)
        assert (moved.version, moved.documents, set(moved.rows)) == (9, 7, EVERY_TABLE)
        assert raw(target) == before, kind
        source = target
    assert raw(full) == before
    assert target.version() == 9
    assert target.original(1, LEEDS_OFFICER)[1] == bytes(range(256))
    # It goes on where the old one was.
    assert target.accept(upload(figure(8.0)), LEEDS_OFFICER).entry == 10
    with pytest.raises(StoreProblem, match=r"rows in the .* already"):
        full.move_to(target)


def test_a_store_of_the_first_layout_arrives_in_that_of_today(local: Store, tmp_path: Path) -> None:
    of_the_first_layout(local)
    new = open_store(str(tmp_path / "new.duckdb"))
    assert local.move_to(new).version == 1
    assert raw(new)["head"] == [(1, 3)]
    assert new.documents.save("plan", LEEDS, "eet", {}, LEEDS_OFFICER).entry == 1


def test_what_cannot_be_moved_is_refused_and_nothing_is_made(full: Store, tmp_path: Path) -> None:
    new, gone = tmp_path / "new.duckdb", tmp_path / "gone.duckdb"
    with pytest.raises(StoreProblem, match=r"no store of uploads at .*gone\.duckdb"):
        open_store(str(gone)).move_to(open_store(str(new)))
    assert not new.exists()
    with pytest.raises(StoreProblem, match="the same store"):
        full.move_to(full)
    # Rows of it are missing, though all of its entries are there.
    full._database.write(lambda held: held.execute("DELETE FROM store.figures WHERE upload = 8 AND value = 5"))
    with pytest.raises(StoreProblem, match="is not whole"):
        full.move_to(open_store(str(new)))
    assert not any(raw(open_store(str(new)))[table] for table in EVERY_TABLE)
    with pytest.raises(StoreUnavailable, match=r"The file new\.txt with the uploads is damaged or is not a store"):
        (tmp_path / "new.txt").write_text("Dear all")
        open_store(str(tmp_path / "new.txt")).move_to(open_store(str(new)))


def test_a_row_that_arrives_differently_is_found_and_undoes_everything(
    full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, compare = open_store(str(tmp_path / "new.duckdb")), moving.differences
    for turn, change in enumerate(
        (
            "UPDATE store.figures SET note = note || ' ' WHERE note IS NOT NULL",
            "UPDATE store.originals SET content = 'x'::BLOB WHERE upload = 1",
            "DELETE FROM store.documents WHERE entry = 3",
            "INSERT INTO store.downloads FROM store.downloads",
        )
    ):

        def changed(connection: Any, change: str = change) -> dict[str, int]:
            connection.execute(change)
            return compare(connection)

        monkeypatch.setattr(moving, "differences", changed)
        table = change.split("store.")[1].split()[0]
        with pytest.raises(StoreProblem, match=rf"of {table}\).* Nothing was kept"):
            full.move_to(new)
        assert not any(raw(new)[table] for table in EVERY_TABLE), turn
    monkeypatch.setattr(moving, "differences", compare)
    assert full.move_to(new).version == 9


def test_who_uploads_meanwhile_stops_it(full: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, read = open_store(str(tmp_path / "new.duckdb")), full._database.read
    # The last time that the old store is asked, somebody has uploaded.
    monkeypatch.setattr(
        full._database, "read", lambda work: (full.accept(upload(figure(9.0)), LEEDS_OFFICER), read(work))[1]
    )
    with pytest.raises(StoreProblem, match="Somebody uploaded"):
        full.move_to(new)
    monkeypatch.undo()
    assert not any(raw(new)[table] for table in EVERY_TABLE)
    assert full.move_to(new).version == full.version()


def move_slowly(source: str, target: str, said: Connection) -> None:
    """Move, and wait to be killed before the end of it."""

    def wait(connection: object) -> dict[str, int]:
        said.send("copied")
        time.sleep(60)
        return {}

    moving.differences = wait
    open_store(source).move_to(open_store(target))


def test_a_move_that_is_killed_is_begun_again(full: Store, tmp_path: Path) -> None:
    full._database.close()
    new = tmp_path / "new.duckdb"
    child, wire = begin(move_slowly, full._address.target, str(new))
    assert wire.poll(30)
    wire.recv()
    with suppress(ProcessLookupError):
        os.kill(child.pid or 0, signal.SIGKILL)
    child.join(10)
    target = Store(read_address(str(new)))
    assert not any(raw(target)[table] for table in EVERY_TABLE)
    assert full.move_to(target).version == 9
    target._database.close()


def test_the_command_says_what_it_did_and_records_it(
    full: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    full._database.close()
    new = tmp_path / "new" / "uploads.duckdb"
    assert commands.main(["move-store", full._address.target, str(new)]) == 0
    said = capsys.readouterr().out
    assert "Copied to the file uploads.duckdb, up to data version 9, and compared row by row: 9 of ledger" in said
    assert "7 of documents" in said
    taken = open_store(str(new)).downloads(ADMINISTRATOR)
    assert list(taken["what"])[-1] == "everything, moved here from another store"
    assert commands.main(["move-store", full._address.target, str(new)]) == 1
    assert "only be moved to an empty place" in capsys.readouterr().err
    assert commands.main(["move-store", full._address.target, "nosql:x"]) == 1


@pytest.mark.server
def test_a_ducklake_is_filled_backed_up_and_put_back_from_the_command_line(
    full: Store, new_url: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full._database.close()
    monkeypatch.setenv("STORE_URL", new_url("ducklake"))
    assert commands.main(["move-store", full._address.target, os.environ["STORE_URL"]]) == 0
    assert commands.main(["backup", str(tmp_path / "made.duckdb")]) == 0
    # Where the store does not know of it: erasing does not reach it.
    backup = (tmp_path / "made.duckdb").rename(tmp_path / "moved.duckdb")
    lake = open_store()

    def kept() -> dict[str, list[Any]]:
        """What does not belong to the upload that is erased below."""
        left = {"documents": "true", "document_head": "true", "catalogue": "true", "events": "true"}
        left |= dict.fromkeys(("ledger", "figures", "originals", "uploads"), "upload <> 8")
        return lake._database.read(
            lambda held: {
                table: held.execute(f"SELECT * FROM store.{table} WHERE {which} ORDER BY ALL").fetchall()
                for table, which in left.items()
            }
        )

    before, taken = kept(), len(lake.downloads(ADMINISTRATOR))
    # Enough rows to lie in object storage, and a document: both are gone afterwards.
    lake.accept(several(8, 1200), LEEDS_OFFICER)
    lake.documents.save("plan", LEEDS, "eet", {"text": "later"}, LEEDS_OFFICER)
    lake.erase(8, ADMINISTRATOR, "sent in error")

    assert commands.main(["restore-backup", str(backup)]) == 1
    assert lake.version() == 11
    assert commands.main(["restore-backup", str(backup), "--replace"]) == 0

    # What the backup has, and that upload 8 was erased since.
    assert lake.version() == 10
    assert lake.ledger().iloc[-1][["entry", "upload", "action", "reason"]].tolist() == [
        10,
        8,
        "erased",
        "sent in error",
    ]
    assert kept() == before
    assert lake.uploads().set_index("upload").loc[8, "state"] == "erased"
    assert len(lake.downloads(ADMINISTRATOR)) >= taken
    replaced = open_store(str(next(tmp_path.glob("moved-before-restore-*.duckdb"))))
    assert (replaced.version(), len(replaced.figures()) - len(lake.figures())) == (11, 1200)
    replaced._database.close()
    assert lake.accept(upload(figure(8.0)), LEEDS_OFFICER).entry == 11
    lake._database.close()
