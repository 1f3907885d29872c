"""Stores and backups of the first layout are read, written and restored; a backup that runs out of space leaves no trace."""

import subprocess
import sys
from pathlib import Path

from careleavers.store import Store, open_store
from tests.store.samples import ADMINISTRATOR, LEEDS_OFFICER, figure, upload

ROOT = Path(__file__).resolve().parents[2]


def of_the_first_layout(store: Store) -> None:
    """Turn a store back into the first layout."""
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)

    def work(connection) -> None:
        for table in ("downloads", "backups", "documents", "document_head"):
            connection.execute(f"DROP TABLE store.{table}")
        connection.execute("UPDATE store.head SET layout = 1")

    store._database.write(work)
    store._database.close()


def layout(store: Store) -> int:
    found = store._database.read(lambda connection: connection.execute("SELECT layout FROM store.head").fetchone())
    return int(found[0]) if found else 0


def test_a_store_of_the_first_layout_becomes_one_of_today_when_it_is_written(store: Store) -> None:
    of_the_first_layout(store)
    assert store.figures()["value"].tolist() == [1.0]
    assert store.downloads(ADMINISTRATOR).empty
    assert layout(store) == 1
    assert store.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2
    assert layout(store) == 3
    store.original(1, LEEDS_OFFICER)
    taken = store.downloads(ADMINISTRATOR)
    assert taken[["name", "what", "upload"]].to_numpy().tolist() == [["Ann Ames", "the file as it is kept", 1]]


def test_a_backup_of_the_first_layout_fills_a_store(local: Store, tmp_path: Path) -> None:
    old = open_store(str(tmp_path / "old.duckdb"))
    of_the_first_layout(old)
    local.restore_backup(tmp_path / "old.duckdb")
    assert local.figures()["value"].tolist() == [1.0]
    assert layout(local) == 3
    # The record of downloads survives when a backup replaces the store.
    local.original(1, LEEDS_OFFICER)
    local.restore_backup(tmp_path / "old.duckdb", replace=True)
    assert len(local.downloads(ADMINISTRATOR)) == 1
    local.erase(1, ADMINISTRATOR, "gone")
    assert local.uploads()["state"].tolist() == ["erased"]


def test_an_old_store_can_be_backed_up_and_erased_from(local: Store, tmp_path: Path) -> None:
    of_the_first_layout(local)
    assert local.backup(tmp_path / "backup.duckdb") == 1
    gone = local.erase(1, ADMINISTRATOR, "gone")
    assert gone.backups == ("backup.duckdb",)
    assert open_store(str(tmp_path / "backup.duckdb")).uploads()["state"].tolist() == ["erased"]


NO_ROOM = """
import resource, sys
from careleavers.errors import CareLeaversError
from careleavers.store import open_store
from pathlib import Path
store = open_store(sys.argv[1])
store.ledger()
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    store.backup(Path(sys.argv[2]))
except CareLeaversError as error:
    print(error)
"""


def test_a_backup_without_room_leaves_nothing_behind(local: Store, tmp_path: Path) -> None:
    for number in range(3):
        content = bytes(range(256)) * 4_000 + bytes([number])
        local.accept(upload(figure(float(number)), content=content), LEEDS_OFFICER)
    local.accept(upload(*(figure(1.0, indicator=f"i{n}", note=str(hash(n))) for n in range(20_000))), LEEDS_OFFICER)
    local._database.close()
    away = tmp_path / "away"
    away.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", NO_ROOM, local._address.target, str(away / "backup.duckdb")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert len(done.stdout.strip().splitlines()) == 1, done.stderr[-1500:]
    assert "room" in done.stdout or "cannot be written" in done.stdout
    assert list(away.iterdir()) == []
    assert local.version() == 4
    assert len(local.ledger()) == 4
