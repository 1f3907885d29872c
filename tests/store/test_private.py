"""Only the store's own account can read its files, whatever the umask; and what happens if one cannot be written."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from careleavers.store import Store, open_store
from tests.store.samples import LEEDS_OFFICER, figure, upload

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="files have no such modes here")

PROGRAM = """
import os, sys
from pathlib import Path
from careleavers.cli import commands as cli
from careleavers.store import open_store
from tests.store.samples import ADMINISTRATOR, LEEDS_OFFICER, figure, upload
for umask in sys.argv[2:]:
    os.umask(int(umask, 8))
    folder = Path(sys.argv[1]) / umask
    folder.mkdir()
    store = open_store(str(folder / "kept" / "uploads.duckdb"))
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0)), LEEDS_OFFICER)
    store.backup(folder / "backup.duckdb")
    store.erase(1, ADMINISTRATOR, "gone")
    os.environ["STORE_URL"] = str(folder / "kept" / "uploads.duckdb")
    (folder / "quarter.csv").write_text("authority_code,indicator,age_group,period,numerator,denominator\\nE08000035,eet,19-21,2024/25 Q1,60,120\\n")
    cli.main(["check", str(folder / "quarter.csv"), "--checked", str(folder / "checked.csv")])
    with store._database._attach(False) as connection:
        connection.execute("BEGIN; INSERT INTO store.backups SELECT now(), 'm', 'p', i FROM range(10) r(i); COMMIT")
        modes = {p.name: p.stat().st_mode for p in (folder, *folder.rglob("*"))}
    print("modes", {name: oct(mode & 0o777) for name, mode in modes.items()})
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_for_the_account_alone(tmp_path: Path, outcomes_data: Path) -> None:
    umasks = ("000", "022", "077")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), *umasks], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "CARELEAVERS_DATA": str(outcomes_data)},
    )  # fmt: skip
    said = [line.removeprefix("modes ") for line in done.stdout.splitlines() if line.startswith("modes ")]
    for umask, line in zip(umasks, said, strict=True):
        modes = eval(line)
        assert modes["kept"] == "0o700", umask
        assert modes["uploads.duckdb.wal"] == "0o600", umask
        for name in ("uploads.duckdb", "backup.duckdb", "checked.csv"):
            assert modes[name] == "0o600", (umask, name)


def test_files_that_others_could_read_are_tightened_and_it_is_said(
    local: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    local.accept(upload(figure(1.0)), LEEDS_OFFICER)
    path = Path(local._address.target)
    assert mode(path) == 0o600
    path.chmod(0o664)
    local.figures()
    assert mode(path) == 0o600
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "uploads.duckdb could be read by other accounts of this machine; now it cannot"
    ]
    caplog.clear()
    local.figures()
    assert not caplog.records


READ_ONLY = """
import os, sys
from careleavers.store import StoreUnavailable, open_store
from tests.store.samples import ADMINISTRATOR, LEEDS_OFFICER, figure, upload
store = open_store(sys.argv[1])
new = upload(figure(2.0))
if os.geteuid() == 0:
    store.ledger()  # everything that is needed is loaded
    store._database.close()
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
store = open_store(sys.argv[1])
print(store.version(), store.problem, store.figures()["value"].tolist(), store.original(1, ADMINISTRATOR)[0])
for act in (lambda: store.accept(new, LEEDS_OFFICER), lambda: store.erase(1, ADMINISTRATOR, "gone")):
    try:
        act()
    except StoreUnavailable as error:
        print(error)
print(store.version(), len(store.ledger()))
"""


def test_a_store_that_may_only_be_read_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    store = open_store(str(folder / "uploads.duckdb"))
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store._database.close()
    path = folder / "uploads.duckdb"
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        os.chown(folder, 65534, 65534)
        for above in (tmp_path, *tmp_path.parents):
            if above.stat().st_uid == 0 and above != Path("/") and str(above).startswith("/tmp/pytest"):
                above.chmod(0o755)
    before = path.read_bytes()
    path.chmod(0o400)
    folder.chmod(0o500)
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)], cwd=ROOT, capture_output=True, text=True, check=False
        )
    finally:
        folder.chmod(0o700)
    lines = done.stdout.splitlines()
    assert lines[:1] == ["1 None [1.0] quarter.csv"], done.stderr[-2000:]
    assert len(lines) == 4
    for line in lines[1:3]:
        assert "may not be written by the dashboard. Nothing was changed." in line
        assert "(Reference " in line
    assert lines[3] == "1 1"
    # The log, which can still be written, says who took the file.
    assert "a download stands in this log alone: 'ada'" in done.stderr
    assert path.read_bytes() == before
