"""What is kept in files: whole or not at all, data and never code, nothing raw, and found only by what it depends on."""

import datetime as dt
import pickle
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from careleavers import kept_files, kept_protection, pictures
from careleavers.figures.warehouse import Warehouse
from careleavers.kept_files import KeptFiles
from careleavers.published import PublishedFigures
from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.ui import figures, kept_drawings, selection
from careleavers.ui.kept_drawings import KeptDrawings, drawings
from careleavers.ui.server import draw_ahead
from careleavers.ui.server.first_page import Asked, words
from careleavers.versions import Versions
from careleavers.views.at_a_glance import view as at_a_glance_view
from careleavers.views.compare import view as compare_view
from careleavers.views.context import context_of
from careleavers.views.local_figures import view as local_figures_view
from tests.store.samples import KENT, LEEDS, LEEDS_OFFICER, figure, frame, upload

DAY = dt.date(2026, 11, 29)
LEEDS_ARGUMENTS = ("E08000035", "Leeds", "neighbours", "Yorkshire and The Humber", "wide")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """What the product keeps is kept here during the test."""
    monkeypatch.setenv("CARELEAVERS_KEPT", str(tmp_path / "kept"))
    for each in (drawings, kept_protection._files):
        each.cache_clear()
    yield tmp_path / "kept"
    for each in (drawings, kept_protection._files):
        each.cache_clear()


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    files = KeptFiles(tmp_path / "some", 10_000)
    assert files.get("a") is None
    files.put("a", b"content")
    assert files.has("a")
    assert files.get("a") == b"content"
    (found,) = (tmp_path / "some").glob("a.*")
    found.write_bytes(found.read_bytes()[:-1])
    assert files.get("a") is None
    files.clear()
    assert not list((tmp_path / "some").iterdir())


def test_what_was_used_longest_ago_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "_EVERY", 2)
    files = KeptFiles(tmp_path, 5 * 1032)
    for number in range(40):
        files.put(f"{number:02}", bytes(1000))
    assert len(list(tmp_path.iterdir())) <= 6
    assert files.has("39")
    assert not files.has("00")


def test_a_folder_that_cannot_be_written_to_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    files = KeptFiles(tmp_path / "file", 1000)
    files.put("a", b"content")
    assert not files.usable
    assert files.get("a") is None
    assert "slower" in caplog.text


def test_a_drawing_comes_back_as_it_was(warehouse: Warehouse, tmp_path: Path) -> None:
    drawn = at_a_glance_view.build_view(context_of(warehouse, DAY), *LEEDS_ARGUMENTS)
    kept = KeptDrawings(KeptFiles(tmp_path, 10_000_000))
    kept.put("leeds", (drawn, {("source", "release")}))
    kept._writer.shutdown()
    found, named = kept.get("leeds")
    assert named == {("source", "release")}
    assert (found.cards, found.tables, found.questions) == (drawn.cards, drawn.tables, drawn.questions)
    assert_frame_equal(found.download, drawn.download)
    assert_frame_equal(found.spread, drawn.spread)
    assert drawn.chart is not None
    assert found.chart.finished.to_dict() == drawn.chart.finished.to_dict()
    assert pictures.key(found.chart) == pictures.key(drawn.chart)
    # Documents take charts apart.
    for mine, theirs in zip(found.chart.figure.data, drawn.chart.figure.data, strict=True):
        assert (mine.type, mine.name) == (theirs.type, theirs.name)
        assert list(mine.x if mine.x is not None else []) == list(theirs.x if theirs.x is not None else [])


class _Harm:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("harm"),)


def test_a_file_in_the_folder_runs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = KeptFiles(tmp_path / "some", 10_000)
    files.put("a", zlib.compress(pickle.dumps(_Harm())))
    assert KeptDrawings(files).get("a") is None
    assert not (tmp_path / "harm").exists()


def test_only_what_everybody_may_see_is_kept() -> None:
    def named(function: Any, *arguments: Any, ledger: str = "ledger") -> str:
        return kept_drawings.name(function, arguments, "version", ledger, DAY)

    own = named(at_a_glance_view.build_view, *LEEDS_ARGUMENTS)
    assert own
    assert own != named(at_a_glance_view.build_view, *LEEDS_ARGUMENTS, ledger="another store")
    assert not named(at_a_glance_view.build_view, *LEEDS_ARGUMENTS, ledger="")
    assert not named(at_a_glance_view.build_view, *LEEDS_ARGUMENTS[:-1], "narrow")
    assert not named(local_figures_view.build_newest, "E08000035", "Leeds", "neighbours")


def test_a_preview_is_not_kept(folder: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    class Held:
        def newest(self) -> object:
            return warehouse

        def identity(self, shown: object) -> str:
            return "ledger"

    monkeypatch.setattr(figures, "versions", Held)
    assert figures._name_kept(at_a_glance_view.build_view, LEEDS_ARGUMENTS)
    with figures.previewing(Warehouse(warehouse._connection, "preview")):
        assert not figures._name_kept(at_a_glance_view.build_view, LEEDS_ARGUMENTS)


def test_what_is_drawn_ahead_is_what_pages_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    figures.clear_caches()
    asked: set[tuple[Any, ...]] = set()

    def note(make: Any, *arguments: Any) -> None:
        asked.add((make, *arguments))

    monkeypatch.setattr(figures, "draw_ahead", note)
    monkeypatch.setattr(selection, "authority_codes", lambda: {"Barnsley": "E08000038"})
    assert draw_ahead.draw_all(wait=lambda _: None) == 0
    assert len(asked) == 2
    made: list[tuple[Any, ...]] = []
    cached = figures._cached_result
    monkeypatch.setattr(
        figures,
        "_cached_result",
        lambda make, arguments, draw: made.append((make, *arguments)) or cached(make, arguments, draw),
    )
    for page in ("at_a_glance", "compare"):
        words(Asked(page, (("authority", "Barnsley"),), "wide"))
    for view in (at_a_glance_view, compare_view):
        assert any(each[0] is view.build_view and each in asked for each in made), view.__name__


def test_stores_with_as_many_entries_are_told_apart(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("careleavers.versions.open_warehouse", lambda folder=None, **more: warehouse)
    found = []
    for name in ("one", "other"):
        versions = Versions(Store(read_address(str(tmp_path / f"{name}.duckdb"))))
        before = versions.identity(versions.newest())
        versions.store.accept(upload(figure()), LEEDS_OFFICER)
        shown = versions.newest()
        found += [before, versions.identity(shown)]
        assert versions.identity(warehouse) == ""
    assert found[0] == found[2]
    assert len(set(found)) == 3


def test_protection_of_what_has_not_changed_is_taken_from_before(
    folder: Path, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = PublishedFigures(warehouse)
    own = pd.DataFrame({"id": [], "unit": []}, dtype="str")
    raw = frame(
        *(
            figure(numerator=n, denominator=d, value=100 * n / d, area_code=area, indicator=indicator)
            for area, indicator, n, d in (
                (LEEDS, "eet", 31.0, 77.0),
                (KENT, "eet", 4.0, 60.0),
                (LEEDS, "neet", 12.0, 77.0),
                (KENT, "neet", 21.0, 60.0),
            )
        )
    )
    expected = base.protect(raw, own)
    protected: list[str] = []
    protect = PublishedFigures.protect

    def counted(self: PublishedFigures, some: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
        protected.append(",".join(sorted(some["area_code"].unique())))
        return protect(self, some, own)

    monkeypatch.setattr(PublishedFigures, "protect", counted)
    for _ in range(2):
        assert_frame_equal(base.protect_in_force(raw, own), expected)
    assert protected == [",".join(sorted((LEEDS, KENT)))]
    changed = raw.assign(numerator=raw["numerator"].where(raw["area_code"] == LEEDS, raw["numerator"] + 1))
    assert_frame_equal(base.protect_in_force(changed, own), protect(base, changed, own))
    assert protected[1:] == [KENT]
    # An upload of another unit for a council's own indicator is another protection.
    base.protect_in_force(raw, pd.DataFrame({"id": ["own"], "unit": ["count"]}, dtype="str"))
    assert len(protected) == 3


def test_erasing_forgets_everything(folder: Path) -> None:
    for kind in ("drawn", "protected"):
        kept_files.in_folder(kind).put("a", b"content")
    figures.clear_caches()
    assert not [path for path in folder.rglob("*") if path.is_file()]
