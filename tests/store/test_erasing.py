"""What is erased is gone everywhere: from the store's files, its log, its backups and every version."""

import os
import time
import zlib
from pathlib import Path

import pytest

from careleavers.access.people import NotAllowed
from careleavers.store import NewUpload, Store, StoreProblem, StoreUnavailable, open_store
from careleavers.store.address import read_address
from careleavers.store.connection import Database
from tests.store.samples import ADMINISTRATOR, EVERYWHERE, LEEDS, LEEDS_OFFICER, catalogue, events, figure, upload

# Not compressible, so that it stands in the file as it is.
MARKER = "Zq7Kp2Xw9Vb4Nt6Rf1Hd8Ls3Gj5"


def marked(number: float = 50.0) -> NewUpload:
    """An upload with the marker in every field that takes text."""
    rows = [figure(number, note=f"note {MARKER}"), figure(number, age_group="17-18", note=f"more of {MARKER}")]
    return upload(
        *rows, content=f"{MARKER}{number}".encode(), file_name=f"{MARKER}.csv", note=f"said {MARKER}",
        checks={"for information": {MARKER: 1}}, effect={},
    )  # fmt: skip


def holds(folder: Path, *more: bytes) -> list[str]:
    """The files of a folder that contain the marker."""
    wanted = (MARKER.encode(), *more)
    return [
        path.name for path in folder.rglob("*") if path.is_file() and any(each in path.read_bytes() for each in wanted)
    ]


def test_an_erased_upload_leaves_its_tombstone_and_nothing_else_and_a_server_says_what_is_left_to_do(
    store: Store,
) -> None:
    store.accept(upload(figure(40.0)), LEEDS_OFFICER)
    store.accept(marked(), LEEDS_OFFICER)
    store.withdraw(2, LEEDS_OFFICER, f"because of {MARKER}")
    gone = store.erase(2, ADMINISTRATOR, "asked for under the law")
    assert (gone.entry.entry, gone.entry.action, gone.entry.upload) == (4, "erased", 2)
    assert store.version() == 4
    left, kind = " ".join(gone.left), store._address.schemes[:1]
    assert ("VACUUM FULL" in left) == (kind != ())
    assert ("bucket" in left) == (kind == ("ducklake",))
    assert "by hand" not in left

    told = store.uploads().set_index("upload").loc[2]
    assert (told["state"], told["rows"], told["size"], told["file_name"], told["note"]) == ("erased", 0, 0, "", "")
    assert (told["sha256"], told["checks"], told["effect"], told["areas"]) == ("", {}, {}, ["E08000035"])
    ledger = store.ledger()
    assert ledger["action"].tolist() == ["accepted", "accepted", "withdrawn", "erased"]
    assert ledger["reason"].tolist() == ["", "", "", "asked for under the law"]
    assert ledger["name"].tolist() == ["Ann Ames", "Ann Ames", "Ann Ames", "Ada Ash"]
    # No version has it any more, not even the one in which it was in force.
    for version in range(5):
        assert set(store.figures(version)["upload"]) <= {1}
        assert MARKER not in store.uploads(version).to_csv()
    assert store.local_figures_of_all_versions().upload.tolist() == [1]
    history = store.history("eet", "19-21", "E08000035", None, ADMINISTRATOR)
    assert history.query("state == 'in force'")[["upload", "value"]].to_numpy().tolist() == [[1, 40.0]]
    assert MARKER not in history.to_csv()
    for table in ("figures", "originals", "uploads", "ledger", "catalogue", "events", "sources"):
        rows = store._database.read(lambda c, table=table: c.execute(f"SELECT * FROM store.{table}").fetchall())
        assert MARKER not in repr(rows)


def test_what_is_erased_stays_so(store: Store) -> None:
    store.accept(marked(), LEEDS_OFFICER)
    for who in (LEEDS_OFFICER, EVERYWHERE):
        with pytest.raises(NotAllowed, match="administrators"):
            store.erase(1, who, "why not")
    with pytest.raises(StoreProblem, match="Say why"):
        store.erase(1, ADMINISTRATOR, " ")
    with pytest.raises(StoreProblem, match="no upload 7"):
        store.erase(7, ADMINISTRATOR, "gone")
    assert store.version() == 1
    store.erase(1, ADMINISTRATOR, "gone")
    assert store.erase(1, ADMINISTRATOR, "again").entry.entry == 2
    assert store.version() == 2
    for act in (store.withdraw, store.restore, store.approve, store.decline):
        with pytest.raises(StoreProblem, match="erased"):
            act(1, ADMINISTRATOR, "again")
    with pytest.raises(StoreProblem, match="erased"):
        store.original(1, ADMINISTRATOR)
    assert store.version() == 2
    # The same file, corrected or not, is a new upload.
    assert store.accept(marked(), LEEDS_OFFICER).upload == 3


def test_events_and_definitions_are_erased_too(store: Store) -> None:
    store.accept(events(note=MARKER), LEEDS_OFFICER)
    store.accept(catalogue(definition=MARKER), LEEDS_OFFICER)
    store.accept(upload(figure(50.0, indicator="driving_lessons")), LEEDS_OFFICER)
    store.erase(1, ADMINISTRATOR, "a name in it")
    assert store.events().empty
    with pytest.raises(StoreProblem, match="cannot be erased while figures need it: driving_lessons in upload 3"):
        store.erase(2, ADMINISTRATOR, "a name in it")
    store.withdraw(3, LEEDS_OFFICER, "first this")
    store.erase(2, ADMINISTRATOR, "a name in it")
    assert store.catalogue().empty
    assert store.catalogue(2).empty


def test_no_byte_of_it_stays_in_the_files(local: Store, tmp_path: Path) -> None:
    for number in range(30):
        local.accept(upload(figure(float(number)), content=bytes(range(256)) * 40 + bytes([number])), LEEDS_OFFICER)
    local.accept(marked(), LEEDS_OFFICER)
    local.withdraw(31, LEEDS_OFFICER, f"because of {MARKER}")
    packed = zlib.compress(f"{MARKER}50.0".encode(), 6)
    away = tmp_path / "elsewhere"
    away.mkdir()
    local.backup(away / "first.duckdb")
    local.backup(away / "second.duckdb")
    # One backup is moved to where the store does not know of it.
    (away / "first.duckdb").rename(away / "moved.duckdb")
    store_file = Path(local._address.target)
    assert sorted(holds(tmp_path, packed)) == ["moved.duckdb", "second.duckdb", store_file.name]

    gone = local.erase(31, ADMINISTRATOR, "asked for under the law")

    assert holds(tmp_path, packed) == ["moved.duckdb"]
    assert gone.backups == ("second.duckdb",)
    assert len(gone.left) == 1
    assert "first.duckdb" in gone.left[0]
    assert "STORE_URL" in gone.left[0]
    assert len(local.uploads()) == 31
    assert local.original(30, ADMINISTRATOR)[1].endswith(bytes([29]))
    # The backup is still whole without it.
    whole = open_store(str(tmp_path / "filled.duckdb"))
    whole.restore_backup(away / "second.duckdb")
    assert whole.uploads().set_index("upload").loc[31, "state"] == "erased"
    assert whole.ledger().iloc[-1][["upload", "action", "name", "reason"]].tolist() == [
        31, "erased", ADMINISTRATOR.name, "asked for under the law",
    ]  # fmt: skip
    assert len(whole.figures()) == len(local.figures()) == 1
    # The result's advice about the other backup works.
    other = open_store(str(away / "moved.duckdb"))
    other.erase(31, ADMINISTRATOR, "asked for under the law")
    assert holds(tmp_path, packed) == []


def test_a_backup_from_before_does_not_bring_it_back(local: Store, tmp_path: Path) -> None:
    local.accept(marked(), LEEDS_OFFICER)
    local.documents.save("plan", LEEDS, "eet", {"text": "a name"}, LEEDS_OFFICER)
    local.accept(upload(figure(40.0, indicator="neet")), LEEDS_OFFICER)
    local.backup(tmp_path / "before.duckdb")
    (tmp_path / "before.duckdb").rename(tmp_path / "moved.duckdb")
    local.erase(1, ADMINISTRATOR, "asked for under the law")
    local.documents.erase(1, ADMINISTRATOR, "it names a person")
    again = local.restore_backup(tmp_path / "moved.duckdb", replace=True).erased
    assert [(each.remains.what, each.name, each.reason) for each in again] == [
        ("upload 1", ADMINISTRATOR.name, "asked for under the law"),
        ("document 1", ADMINISTRATOR.name, "it names a person"),
    ]
    assert local.uploads()["state"].tolist() == ["in force", "erased"]
    # Who erased it, when and why stays, as the last entry of what was put back.
    assert local.version() == 3
    entry = local.ledger().iloc[-1]
    assert entry[["entry", "upload", "action", "subject", "reason"]].tolist() == [
        3, 1, "erased", ADMINISTRATOR.subject, "asked for under the law",
    ]  # fmt: skip
    assert entry["at"] == again[0].at
    newest = local.documents.history(1, ADMINISTRATOR)[0]
    assert (newest.version, newest.action, newest.name, newest.reason) == (
        2, "erased", ADMINISTRATOR.name, "it names a person",
    )  # fmt: skip
    assert local.figures()["indicator"].tolist() == ["neet"]
    assert [name for name in holds(tmp_path) if name != "moved.duckdb"] == []
    assert local.accept(upload(figure(41.0)), LEEDS_OFFICER).entry == 4
    assert local.documents.save("plan", LEEDS, "neet", {"text": "new"}, LEEDS_OFFICER).entry == 3


def test_an_empty_store_learns_from_the_backups_beside_one_what_was_erased_since(local: Store, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    local.accept(marked(), LEEDS_OFFICER)
    local.backup(tmp_path / "monday.duckdb")
    (tmp_path / "monday.duckdb").rename(away / "monday.duckdb")
    local.erase(1, ADMINISTRATOR, "asked for under the law")
    local.backup(tmp_path / "tuesday.duckdb")
    (away / "not-a-store.duckdb").write_text("anything")
    alone, beside = open_store(str(tmp_path / "alone.duckdb")), open_store(str(tmp_path / "beside.duckdb"))
    known = alone.restore_backup(away / "monday.duckdb")
    assert (known.erased, known.last) == ((), alone.ledger()["at"].iloc[-1])
    assert alone.uploads()["state"].tolist() == ["in force"], "nothing here says that it was erased"
    (tmp_path / "tuesday.duckdb").rename(away / "tuesday.duckdb")
    (again,) = beside.restore_backup(away / "monday.duckdb").erased
    assert (again.remains.what, again.reason) == ("upload 1", "asked for under the law")
    assert beside.uploads()["state"].tolist() == ["erased"]
    assert beside.ledger()["action"].tolist() == ["accepted", "erased"]
    assert sorted(holds(tmp_path)) == ["alone.duckdb", "monday.duckdb"]


def test_a_backup_from_after_leaves_why_it_was_erased(local: Store, tmp_path: Path) -> None:
    local.accept(marked(), LEEDS_OFFICER)
    local.documents.save("plan", LEEDS, "eet", {"text": "a name"}, LEEDS_OFFICER)
    local.erase(1, ADMINISTRATOR, "sent in error")
    local.documents.erase(1, ADMINISTRATOR, "it names a person")
    local.backup(tmp_path / "after.duckdb")
    local.accept(upload(figure(40.0)), LEEDS_OFFICER)
    local.restore_backup(tmp_path / "after.duckdb", replace=True)
    # Going through the backups once more leaves it there as well.
    local.erase(1, ADMINISTRATOR, "again")
    local.documents.erase(1, ADMINISTRATOR, "again")
    for store in (local, open_store(str(tmp_path / "after.duckdb"))):
        assert store.ledger()["reason"].tolist() == ["", "sent in error"]
        assert [version.reason for version in store.documents.history(1, ADMINISTRATOR)] == ["it names a person", ""]


def test_another_upload_of_the_same_number_is_left_alone(local: Store, tmp_path: Path) -> None:
    other = open_store(str(tmp_path / "other.duckdb"))
    other.accept(upload(figure(40.0)), LEEDS_OFFICER)
    local.accept(marked(), LEEDS_OFFICER)
    local.backup(tmp_path / "backup.duckdb")
    (tmp_path / "backup.duckdb").unlink()
    other.backup(tmp_path / "backup.duckdb")
    assert local.erase(1, ADMINISTRATOR, "gone").backups == ()
    assert open_store(str(tmp_path / "backup.duckdb")).figures()["value"].tolist() == [40.0]


def test_bytes_that_could_not_be_lost_at_once_are_lost_later(
    local: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    local.accept(marked(), LEEDS_OFFICER)

    def full(_: Database) -> None:
        raise StoreUnavailable("There is no room left.", "No space left on device")

    monkeypatch.setattr(Database, "rewrite", full)
    (left,) = local.erase(1, ADMINISTRATOR, "gone").left
    assert "once more" in left
    assert left.rpartition(" ")[2].strip(".)") in caplog.text
    assert local.uploads()["state"].tolist() == ["erased"]
    monkeypatch.undo()
    assert local.erase(1, ADMINISTRATOR, "").left == ()
    assert holds(tmp_path) == []
    assert local.version() == 2


def test_others_go_on_with_the_new_file(local: Store) -> None:
    local.accept(marked(), LEEDS_OFFICER)
    before = Path(local._address.target).stat().st_ino
    local.erase(1, ADMINISTRATOR, "gone")
    assert Path(local._address.target).stat().st_ino != before
    elsewhere = Store(read_address(local._address.target))
    assert elsewhere.version() == 2
    assert local.accept(upload(figure(1.0)), LEEDS_OFFICER).entry == 3
    assert elsewhere.version() == 3
    assert elsewhere.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 4
    assert local.version() == 4


def test_what_a_killed_process_left_is_swept_away(local: Store) -> None:
    local.accept(marked(), LEEDS_OFFICER)
    path = Path(local._address.target)
    left = path.with_name(f".{path.name}.4711-1.new")
    left.write_text(MARKER)
    os.utime(left, (time.time() - 7200,) * 2)
    local.erase(1, ADMINISTRATOR, "gone")
    assert holds(path.parent) == []


def test_no_file_of_a_ducklake_has_it_any_more(tmp_path: Path) -> None:
    store = open_store(f"ducklake:{tmp_path / 'c.ducklake'} (DATA_PATH '{tmp_path / 'rows'}')")
    rows = [figure(50.0, indicator=f"i{number}", note=f"{MARKER} {number}") for number in range(1500)]
    store.accept(upload(*rows, content=b"large"), LEEDS_OFFICER)
    store.accept(upload(*[{**row, "note": "fine"} for row in rows], content=b"too"), LEEDS_OFFICER)
    assert [name for name in holds(tmp_path / "rows") if name.endswith(".parquet")]
    store.erase(1, ADMINISTRATOR, "gone")
    store._database.close()
    assert holds(tmp_path / "rows") == []
    assert len(store.figures()) == 1500
