"""Clocks that are put back or ahead: order comes from the numbers of entries, and what is erased stays erased."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from careleavers.store import Store, backups, documents, open_store
from careleavers.store import store as store_module
from tests.store.samples import ADMINISTRATOR, LEEDS, LEEDS_OFFICER, LEEDS_SECOND, figure, upload

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
Clock = Callable[[int], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """``clock(-24)`` puts the clock of the store to so many hours from noon."""
    now = [NOON]

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            now[0] += dt.timedelta(microseconds=1)
            return now[0]

    fake = SimpleNamespace(datetime=Moved, UTC=dt.UTC, timedelta=dt.timedelta)
    modules: tuple[ModuleType, ...] = (store_module, documents, backups)
    for module in modules:
        monkeypatch.setattr(module, "dt", fake)

    def put(hours: int) -> None:
        now[0] = NOON + dt.timedelta(hours=hours)

    return put


def test_the_last_upload_counts_whatever_the_clock_said(local: Store, clock: Clock) -> None:
    for hours, value in ((0, 1.0), (-24, 2.0), (24, 3.0), (-1, 4.0)):
        clock(hours)
        local.accept(upload(figure(value)), LEEDS_OFFICER)
    assert local.ledger()["entry"].tolist() == [1, 2, 3, 4]
    assert local.uploads()["upload"].tolist() == [4, 3, 2, 1]
    assert [local.figures(version)["value"].tolist() for version in (1, 2, 3, 4)] == [[1.0], [2.0], [3.0], [4.0]]
    clock(-48)
    local.withdraw(4, LEEDS_SECOND, "wrong")
    assert local.figures()["value"].tolist() == [3.0]
    assert local.uploads()["state"].tolist() == ["withdrawn", "in force", "in force", "in force"]


def test_a_document_saved_before_it_began_is_erased_from_backups_and_stays_so(
    local: Store, clock: Clock, tmp_path: Path
) -> None:
    local.documents.save("plan", LEEDS, "all", {"text": "one"}, LEEDS_OFFICER)
    clock(-24)
    local.documents.save("plan", LEEDS, "all", {"text": "two"}, LEEDS_OFFICER)
    assert [each.version for each in local.documents.history(1, LEEDS_OFFICER)] == [2, 1]
    local.backup(tmp_path / "backup.duckdb")
    kept = tmp_path / "elsewhere.duckdb"
    kept.write_bytes((tmp_path / "backup.duckdb").read_bytes())
    assert local.documents.erase(1, ADMINISTRATOR, "gone").backups == ("backup.duckdb",)
    backup = open_store(str(tmp_path / "backup.duckdb")).documents.history(1, ADMINISTRATOR)
    assert [each.content for each in backup] == [{}, {}, {}]
    # A copy that nobody knew of does not bring it back.
    local.restore_backup(kept, replace=True)
    assert local.documents.find("plan", LEEDS, "all", LEEDS_OFFICER) is None
    assert [each.content for each in local.documents.history(1, ADMINISTRATOR)] == [{}, {}, {}]
