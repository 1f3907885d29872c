"""What every store does, whatever kind it is."""

import datetime as dt
import os
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from careleavers.access.people import NOBODY, NotAllowed, Person
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.store import DuplicateUpload, PreviewOutdated, Store, StoreProblem, VersionChanges, open_store, rows
from careleavers.store import store as store_module
from tests.store.samples import (
    ADMINISTRATOR,
    EVERYWHERE,
    HULL,
    KENT,
    KENT_OFFICER,
    LEEDS,
    LEEDS_OFFICER,
    LEEDS_SECOND,
    Q1,
    Q2,
    VIEWER,
    catalogue,
    events,
    figure,
    frame,
    release,
    upload,
)
from tests.store.servers import without_ducklake


def values(store: Store, version: int | None = None) -> list[float]:
    return list(store.figures(version)["value"])


def states(store: Store) -> dict[int, str]:
    uploads = store.uploads()
    return dict(zip(uploads["upload"], uploads["state"], strict=True))


def everything(store: Store) -> list[pd.DataFrame]:
    return [store.ledger(), store.uploads(), store.figures()]


def others(store: Store) -> list[pd.DataFrame]:
    return [store.superseded(), store.catalogue(), store.events(), store.sources()]


def assert_same(before: list[pd.DataFrame], after: list[pd.DataFrame]) -> None:
    for was, now in zip(before, after, strict=True):
        assert_frame_equal(was, now)


def assert_untouched(store: Store, before: list[pd.DataFrame]) -> None:
    assert_same(before, everything(store))


# ---------------------------------------------------------------- reading back


@without_ducklake
def test_an_empty_store_answers_everything_with_nothing(store: Store) -> None:
    assert store.version() == 0
    assert store.problem is None
    assert all(frame.empty for frame in [*everything(store), *others(store)])
    assert list(store.figures().columns) == ["upload", *FIGURE_COLUMNS]
    with pytest.raises(StoreProblem, match="no upload 7"):
        store.original(7, ADMINISTRATOR)


def test_what_was_accepted_is_read_back_exactly(store: Store) -> None:
    content = bytes(range(256)) * 40
    sent = [
        figure(47.5, numerator=19.0, denominator=40.0, published_value=48.0, target=60.0, note="counted by hand"),
        figure(3.2, indicator="caseload", age_group="all", numerator=None, denominator=None, basis="snapshot"),
        figure(None, indicator="neet", status="c", period_end=Q2),
    ]
    entry = store.accept(
        upload(
            *sent,
            content=content,
            file_name="Q1 “final”.csv",
            note="second try",
            checks={"for information": 3},
            effect={"new": 2},
        ),
        LEEDS_OFFICER,
    )
    assert (entry.entry, entry.upload, entry.action, entry.subject) == (1, 1, "accepted", "ann")
    assert store.version() == 1

    held = store.figures().sort_values("row", ignore_index=True)
    expected = frame(*sent).assign(release="1", source="local")
    for column in FIGURE_COLUMNS:
        assert [None if pd.isna(v) else v for v in held[column]] == [
            None if pd.isna(v) else v for v in expected[column]
        ], column
    assert list(held["upload"]) == [1, 1, 1]
    assert held["period_end"].dtype.kind == "M"

    assert store.original(1, LEEDS_OFFICER) == ("Q1 “final”.csv", content)
    about = store.uploads().iloc[0]
    assert (about["kind"], about["layer"], about["rows"], about["size"]) == ("local", "provisional", 3, len(content))
    assert (about["areas"], about["note"], about["checks"], about["effect"]) == (
        [LEEDS], "second try", {"for information": 3}, {"new": 2},
    )  # fmt: skip
    assert (about["state"], about["position"], about["added_name"]) == ("in force", 1, "Ann Ames")
    line = store.ledger().iloc[0]
    assert (line["issuer"], line["subject"], line["name"], line["reason"]) == (
        "https://id.example",
        "ann",
        "Ann Ames",
        "",
    )
    assert abs(line["at"] - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=5)


def test_text_stays_text(store: Store) -> None:
    odd = "<script>alert(1)</script> | =1+1 ' \" \\ ; -- Ünïcødé 𝔘 \t\nnext"
    person = Person("i", "s'; DROP TABLE ledger", "O'Neil <b>", "administrator")
    store.accept(upload(figure(note=f"{odd}\x00x"), file_name=f"{odd}.csv", note=f"{odd}\x00"), person)
    assert store.figures()["note"].iloc[0] == f"{odd}x"
    about = store.uploads().iloc[0]
    assert (about["note"], about["file_name"], about["added_name"]) == (odd, f"{odd}.csv", "O'Neil <b>")
    store.withdraw(1, person, f"\x00{odd}\ud800")
    assert store.uploads()["reason"].iloc[0] == f"{odd}?"


@without_ducklake
def test_of_several_uploads_the_last_to_come_into_force_wins(store: Store) -> None:
    store.accept(upload(figure(50.0), figure(10.0, indicator="neet")), LEEDS_OFFICER)
    store.accept(upload(figure(51.0)), LEEDS_OFFICER)
    store.accept(upload(figure(70.0, layer="final")), LEEDS_OFFICER)
    held = store.figures()
    assert set(zip(held["indicator"], held["layer"], held["value"], held["upload"], strict=True)) == {
        ("eet", "provisional", 51.0, 2), ("neet", "provisional", 10.0, 1), ("eet", "final", 70.0, 3),
    }  # fmt: skip
    lost = store.superseded()
    assert [(r.upload, r.value, r.superseded_by) for r in lost.itertuples()] == [(1, 50.0, 2)]
    assert values(store, 1) == [50.0, 10.0]
    assert list(store.figures(layers=["final"])["value"]) == [70.0]


def test_only_the_authorities_that_are_asked_for(store: Store) -> None:
    store.accept(upload(figure(1.0), figure(2.0, area_code=KENT), figure(3.0, area_code=HULL)), EVERYWHERE)
    assert set(store.figures(areas=[KENT, HULL])["value"]) == {2.0, 3.0}
    assert store.figures(areas=[]).empty


def test_a_release_brings_its_source_and_the_newest_release_wins(store: Store) -> None:
    store.accept(release("2026", figure(60.0)), EVERYWHERE)
    store.accept(release("2024", figure(55.0), figure(40.0, period_end=Q2)), EVERYWHERE)
    held = store.figures()
    assert set(zip(held["release"], held["value"], held["source"], strict=True)) == {
        ("2026", 60.0, "cla"),
        ("2024", 40.0, "cla"),
    }
    assert list(store.superseded()["release"]) == ["2024"]
    assert list(store.sources()["release"]) == ["2024", "2026"]
    store.withdraw(1, EVERYWHERE, "not out yet")
    assert list(store.sources()["release"]) == ["2024"]
    assert set(store.figures()["value"]) == {55.0, 40.0}


def test_events_and_indicators_of_ones_own(store: Store) -> None:
    store.accept(events(), LEEDS_OFFICER)
    store.accept(events(note="Letter of 21 February"), LEEDS_OFFICER)
    held = store.events()
    assert [(r.authority_code, r.inspection_date.date(), r.note, r.upload) for r in held.itertuples()] == [
        (LEEDS, dt.date(2026, 1, 14), "Letter of 21 February", 2)
    ]
    assert held["end_date"].isna().all()
    store.accept(catalogue(), LEEDS_OFFICER)
    held = store.catalogue()
    assert [(r.id, r.decimals, r.polarity, r.upload) for r in held.itertuples()] == [("driving_lessons", 0, "high", 3)]
    assert store.events(0).empty
    assert store.catalogue(2).empty


def test_a_snapshot_is_what_the_pages_need_of_a_version(store: Store) -> None:
    store.accept(upload(figure(50.0), figure(7.0, area_code=KENT)), EVERYWHERE)
    store.accept(release("2026", figure(60.0)), EVERYWHERE)
    store.accept(catalogue(), LEEDS_OFFICER)
    store.accept(upload(figure(51.0), figure(9.0, indicator="neet")), LEEDS_OFFICER)
    whole = store.snapshot(4)
    assert whole.changed is None
    assert [(r.area_code, r.indicator, r.value, r.restated) for r in whole.figures.itertuples()] == [
        (LEEDS, "eet", 51.0, True), (LEEDS, "neet", 9.0, False), (KENT, "eet", 7.0, False),
    ]  # fmt: skip
    assert list(zip(whole.uploads["upload"], whole.uploads["areas"], strict=True)) == [(1, [LEEDS, KENT]), (4, [LEEDS])]
    assert list(whole.catalogue["id"]) == ["driving_lessons"]
    assert whole.events.empty
    part = store.snapshot(4, since=2)
    assert part.changed == VersionChanges(frozenset({LEEDS}), frozenset({"catalogue", "local"}))
    assert set(part.figures["area_code"]) == {LEEDS}
    assert not store.snapshot(1).figures["restated"].any()
    assert store.snapshot(0).figures.empty
    assert (store.releases(), store.releases(1)) == ((2,), ())


# ---------------------------------------------------------------- undo


def test_withdraw_and_restore_give_back_exactly_what_was(store: Store) -> None:
    store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    store.accept(upload(figure(51.0), figure(9.0, indicator="neet")), LEEDS_OFFICER)
    before = [store.figures(), store.superseded()]
    store.accept(upload(figure(52.0)), LEEDS_OFFICER)
    full = [store.figures(), store.superseded()]

    entry = store.withdraw(3, LEEDS_OFFICER, " wrong quarter ")
    assert (entry.action, entry.upload, entry.reason) == ("withdrawn", 3, "wrong quarter")
    assert_same(before, [store.figures(), store.superseded()])
    store.restore(3, LEEDS_OFFICER, "right after all")
    assert_same(full, [store.figures(), store.superseded()])

    # Withdrawn and restored while a later one stands: the later one still wins.
    store.withdraw(2, LEEDS_OFFICER, "x")
    store.restore(2, LEEDS_OFFICER, "y")
    assert_same(full, [store.figures(), store.superseded()])
    assert store.version() == 7
    assert_frame_equal(store.figures(3), full[0])
    assert_frame_equal(store.figures(4), before[0])


def changes(store: Store, since: int, version: int) -> VersionChanges | None:
    return store.snapshot(version, since=since).changed


@without_ducklake
def test_changed_says_what_came_or_went(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0, area_code=KENT)), KENT_OFFICER, proposed=True)
    store.accept(events(HULL), ADMINISTRATOR)
    nothing: frozenset[str] = frozenset()
    assert changes(store, 0, 1) == VersionChanges(frozenset({LEEDS}), frozenset({"local"}))
    assert changes(store, 1, 2) == changes(store, 2, 2) == VersionChanges(nothing, nothing)
    assert changes(store, 1, 3) == VersionChanges(frozenset({HULL}), frozenset({"events"}))
    store.approve(2, ADMINISTRATOR)
    store.withdraw(1, LEEDS_OFFICER, "x")
    assert changes(store, 3, 5) == VersionChanges(frozenset({LEEDS, KENT}), frozenset({"local"}))


@without_ducklake
def test_the_same_file_twice_says_so_and_changes_nothing(store: Store) -> None:
    def again(*words: str) -> None:
        before = everything(store)
        with pytest.raises(DuplicateUpload, match=r"Ann Ames uploaded it .* upload 1\b.*Nothing was changed") as raised:
            store.accept(upload(figure(99.0), content=b"same", file_name="renamed.csv"), ADMINISTRATOR)
        assert raised.value.upload == 1
        assert all(word in str(raised.value) for word in words), str(raised.value)
        assert_untouched(store, before)

    store.accept(upload(figure(50.0), content=b"same"), LEEDS_OFFICER, proposed=True)
    again("second person's approval")
    store.approve(1, LEEDS_SECOND)
    again("It is in force", "withdraw upload 1")
    store.withdraw(1, LEEDS_SECOND, "x")
    again("Lou Lee withdrew it", "restore upload 1")
    # The same file said to be final is another upload.
    assert store.accept(upload(figure(50.0, layer="final"), content=b"same"), LEEDS_OFFICER).upload == 4


def test_a_declined_file_may_come_again(store: Store) -> None:
    store.accept(upload(figure(50.0)), LEEDS_OFFICER, proposed=True)
    with pytest.raises(DuplicateUpload):
        store.accept(upload(figure(50.0)), LEEDS_OFFICER)
    store.decline(1, LEEDS_SECOND, "x")
    assert store.accept(upload(figure(50.0)), LEEDS_OFFICER).upload == 3


# ---------------------------------------------------------------- two officers


@without_ducklake
def test_what_changed_under_a_preview_is_told(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    seen = store.version()
    store.accept(upload(figure(2.0), figure(3.0, indicator="neet")), LEEDS_SECOND)
    store.withdraw(1, LEEDS_SECOND, "x")
    before = everything(store)
    with pytest.raises(PreviewOutdated) as raised:
        store.accept(
            upload(figure(4.0), figure(5.0, indicator="neet"), figure(6.0, period_end=Q2)), LEEDS_OFFICER, expected=seen
        )
    assert [(e.entry, e.action, e.name, n) for e, n in raised.value.changes] == [
        (2, "accepted", "Lou Lee", 2), (3, "withdrawn", "Lou Lee", 1),
    ]  # fmt: skip
    assert raised.value.version == 3
    assert "Lou Lee (accepted upload 2" in str(raised.value)
    assert_untouched(store, before)
    assert store.accept(upload(figure(4.0)), LEEDS_OFFICER, expected=raised.value.version).entry == 4


@without_ducklake
def test_changes_of_other_figures_let_both_land(store: Store) -> None:
    seen = store.version()
    store.accept(upload(figure(1.0)), LEEDS_OFFICER, expected=seen)
    store.accept(upload(figure(2.0, area_code=KENT)), KENT_OFFICER, expected=seen)
    store.accept(upload(figure(3.0, basis="year_to_date")), LEEDS_OFFICER, expected=seen)
    assert sorted(values(store)) == [1.0, 2.0, 3.0]


def test_a_proposal_changes_nothing_under_a_preview(store: Store) -> None:
    seen = store.version()
    store.accept(upload(figure(1.0)), LEEDS_OFFICER, proposed=True)
    store.accept(upload(figure(2.0)), LEEDS_SECOND, expected=seen)
    with pytest.raises(PreviewOutdated):
        store.approve(1, ADMINISTRATOR, expected=seen + 1)
    store.approve(1, ADMINISTRATOR, expected=store.version())
    assert values(store) == [1.0]


@without_ducklake
def test_a_new_meaning_of_an_indicator_changes_what_was_previewed(store: Store) -> None:
    store.accept(catalogue(), LEEDS_OFFICER)
    seen = store.version()
    store.accept(catalogue(polarity="low"), LEEDS_OFFICER)
    with pytest.raises(PreviewOutdated, match="1 of these row"):
        store.accept(upload(figure(indicator="driving_lessons")), LEEDS_OFFICER, expected=seen)
    with pytest.raises(PreviewOutdated):
        store.accept(catalogue(polarity="neutral"), LEEDS_OFFICER, expected=seen)
    seen = store.version()
    store.accept(events(), LEEDS_OFFICER, expected=seen)
    with pytest.raises(PreviewOutdated):
        store.accept(events(note="other"), LEEDS_OFFICER, expected=seen)
    assert store.version() == 3


# ---------------------------------------------------------------- approval


@without_ducklake
def test_a_proposal_comes_into_force_when_a_second_person_approves_it(store: Store) -> None:
    first = store.accept(upload(figure(1.0)), LEEDS_OFFICER, proposed=True)
    store.accept(upload(figure(2.0)), LEEDS_OFFICER)
    assert first.action == "proposed"
    assert values(store) == [2.0]
    assert pd.isna(store.uploads()["position"].iloc[1])
    for person in (LEEDS_OFFICER, Person("https://id.example", "ann", "Somebody else", "administrator")):
        with pytest.raises(NotAllowed, match="second person"):
            store.approve(1, person)
    with pytest.raises(NotAllowed):
        store.approve(1, KENT_OFFICER)
    assert store.approve(1, LEEDS_SECOND).action == "approved"
    # In force since the approval, which came after the other upload.
    assert values(store) == [1.0]
    assert list(store.uploads()["position"]) == [2, 3]
    store.withdraw(1, LEEDS_OFFICER, "x")
    store.restore(1, LEEDS_OFFICER, "y")
    assert list(store.uploads()["position"]) == [2, 3]


@without_ducklake
def test_a_declined_proposal_never_comes_into_force(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER, proposed=True)
    store.decline(1, LEEDS_OFFICER, "mine, and wrong")
    for action in (
        lambda: store.approve(1, LEEDS_SECOND),
        lambda: store.restore(1, LEEDS_SECOND, "x"),
        lambda: store.withdraw(1, LEEDS_SECOND, "x"),
        lambda: store.decline(1, LEEDS_SECOND, "x"),
    ):
        with pytest.raises(StoreProblem, match=r"declined since .*Ann Ames"):
            action()
    assert store.figures().empty
    assert store.version() == 2


@without_ducklake
def test_what_cannot_be_done_in_a_state_is_said(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0)), LEEDS_OFFICER, proposed=True)
    for action, words in (
        (lambda: store.restore(1, LEEDS_OFFICER, "x"), "upload 1|in force since"),
        (lambda: store.approve(1, LEEDS_SECOND), "in force since"),
        (lambda: store.decline(1, LEEDS_SECOND, "x"), "Withdraw it instead"),
        (lambda: store.withdraw(2, LEEDS_OFFICER, "x"), "Decline it instead"),
        (lambda: store.withdraw(9, LEEDS_OFFICER, "x"), "There is no upload 9"),
        (lambda: store.withdraw(1, LEEDS_OFFICER, "  "), "Say why"),
        (lambda: store.decline(2, LEEDS_OFFICER, ""), "Say why"),
    ):
        with pytest.raises(StoreProblem, match=words):
            action()
    assert states(store) == {1: "in force", 2: "proposed"}


# ---------------------------------------------------------------- who may


@without_ducklake
def test_only_those_who_may_can_write(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0)), LEEDS_OFFICER, proposed=True)
    store.accept(release("2026", figure(3.0)), EVERYWHERE)
    before = everything(store)
    two = upload(figure(1.5), figure(2.0, area_code=KENT))
    for person in (VIEWER, NOBODY, KENT_OFFICER, LEEDS_OFFICER, Person("i", "s", "No authorities", "officer")):
        with pytest.raises(NotAllowed):
            store.accept(two, person)
        with pytest.raises(NotAllowed):
            store.accept(release("2027", figure(1.0)), person)
        with pytest.raises(NotAllowed):
            store.withdraw(3, person, "x")
        with pytest.raises(NotAllowed):
            store.accept(events(HULL), person)
    for person in (VIEWER, NOBODY, KENT_OFFICER):
        for action in (
            lambda person=person: store.withdraw(1, person, "x"),
            lambda person=person: store.approve(2, person),
            lambda person=person: store.decline(2, person, "x"),
            lambda person=person: store.original(1, person),
            lambda person=person: store.history("eet", "19-21", LEEDS, Q1, person),
        ):
            with pytest.raises(NotAllowed):
                action()
    for person in (VIEWER, NOBODY):
        with pytest.raises(NotAllowed):
            store.accept(catalogue(), person)
        with pytest.raises(NotAllowed):
            store.original(3, person)
    assert store.original(3, KENT_OFFICER)[0] == "cla_2026.csv"
    assert_untouched(store, before)


@without_ducklake
def test_an_indicator_belongs_to_who_defined_it(store: Store) -> None:
    store.accept(catalogue(), LEEDS_OFFICER)
    with pytest.raises(NotAllowed, match="driving_lessons anew: Ann Ames defined it in upload 1"):
        store.accept(catalogue(polarity="low"), KENT_OFFICER)
    with pytest.raises(NotAllowed, match="defined these"):
        store.withdraw(1, KENT_OFFICER, "x")
    store.accept(catalogue(polarity="neutral"), LEEDS_OFFICER)
    store.accept(catalogue(polarity="low"), ADMINISTRATOR)
    assert list(store.catalogue()["polarity"]) == ["low"]
    store.accept(catalogue("cooking"), KENT_OFFICER)
    assert list(store.catalogue()["id"]) == ["cooking", "driving_lessons"]


def test_an_indicator_stays_while_figures_need_it(store: Store) -> None:
    store.accept(catalogue(), LEEDS_OFFICER)
    store.accept(upload(figure(indicator="driving_lessons")), LEEDS_OFFICER)
    with pytest.raises(StoreProblem, match="driving_lessons in upload 2"):
        store.withdraw(1, LEEDS_OFFICER, "x")
    store.accept(catalogue(polarity="low"), LEEDS_OFFICER)
    store.withdraw(3, LEEDS_OFFICER, "the first is enough")
    store.withdraw(2, LEEDS_OFFICER, "x")
    store.withdraw(1, LEEDS_OFFICER, "x")
    assert store.catalogue().empty


@without_ducklake
def test_every_value_a_figure_ever_had(store: Store) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0)), LEEDS_SECOND)
    store.accept(upload(figure(3.0)), LEEDS_OFFICER)
    store.withdraw(3, LEEDS_SECOND, "typing error")
    store.accept(upload(figure(4.0, layer="final")), LEEDS_OFFICER, proposed=True)
    store.accept(upload(figure(9.0, area_code=KENT)), KENT_OFFICER)
    told = store.history("eet", "19-21", LEEDS, Q1, LEEDS_OFFICER)
    assert [(r.upload, r.value, r.state, r.added_name) for r in told.itertuples()] == [
        (5, 4.0, "proposed", "Ann Ames"), (3, 3.0, "withdrawn", "Ann Ames"), (2, 2.0, "in force", "Lou Lee"),
        (1, 1.0, "replaced", "Ann Ames"),
    ]  # fmt: skip
    assert (told["name"].iloc[1], told["reason"].iloc[1]) == ("Lou Lee", "typing error")
    assert list(store.history("eet", "19-21", LEEDS, Q1, LEEDS_OFFICER, layer="final")["upload"]) == [5]
    store.accept(upload(figure(0.5, period_end=Q2)), LEEDS_OFFICER)
    assert list(store.history("eet", "19-21", LEEDS, None, LEEDS_OFFICER)["upload"]) == [7, 5, 3, 2, 1]
    # The department's published figures are not secret.
    store.accept(release("2026", figure(8.0)), EVERYWHERE)
    assert list(store.history("eet", "19-21", LEEDS, Q1, VIEWER, layer="published")["value"]) == [8.0]


# ---------------------------------------------------------------- whole or not at all


def test_an_accept_that_breaks_midway_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    before = everything(store)

    def breaks(connection, number, new) -> None:
        rows.insert_upload(connection, number, new)
        raise RuntimeError("a fault in the middle")

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "insert_upload", breaks)
        with pytest.raises(RuntimeError):
            store.accept(upload(figure(2.0)), LEEDS_OFFICER)
    assert_untouched(store, before)
    assert store.accept(upload(figure(2.0)), LEEDS_OFFICER).entry == 2


# ---------------------------------------------------------------- backup


@pytest.fixture
def filled(store: Store) -> Store:
    store.accept(upload(figure(1.0, note="a note"), figure(2.0, indicator="neet"), content=b"\x00\xff"), LEEDS_OFFICER)
    store.accept(catalogue(), LEEDS_OFFICER)
    store.accept(events(), LEEDS_OFFICER)
    store.accept(release("2026", figure(3.0)), EVERYWHERE)
    store.withdraw(1, LEEDS_OFFICER, "x")
    return store


def test_a_backup_is_a_store_and_fills_an_empty_one(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "it's a backup.duckdb"
    before = [*everything(filled), *others(filled)]
    assert filled.backup(path) == 5
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with pytest.raises(StoreProblem, match="already"):
        filled.backup(path)
    read = open_store(str(path))
    assert_same(before, [*everything(read), *others(read)])
    assert read.original(1, LEEDS_OFFICER)[1] == b"\x00\xff"

    with pytest.raises(StoreProblem, match="5 entries"):
        filled.restore_backup(path)
    filled.restore(1, LEEDS_OFFICER, "y")
    kept = filled.restore_backup(path, replace=True).kept
    assert kept is not None
    assert filled.version() == 5
    assert_same(before, [*everything(filled), *others(filled)])
    assert open_store(str(kept)).version() == 6

    empty = open_store(str(tmp_path / "empty.duckdb"))
    assert empty.restore_backup(path).kept is None
    assert_same(before, [*everything(empty), *others(empty)])
    assert empty.accept(upload(figure(7.0)), LEEDS_OFFICER).entry == 6


def test_a_bad_backup_changes_nothing(store: Store, tmp_path: Path) -> None:
    import duckdb

    store.accept(upload(figure(1.0)), LEEDS_OFFICER)
    store.accept(upload(figure(2.0)), LEEDS_OFFICER)
    whole = tmp_path / "whole.duckdb"
    store.backup(whole)
    before = everything(store)
    damage = {
        "an entry": "DELETE FROM ledger WHERE entry = 1",
        "a figure": "DELETE FROM figures WHERE upload = 2",
        "a file": "DELETE FROM originals WHERE upload = 2",
        "a table": "DROP TABLE events",
        "a column": "ALTER TABLE figures DROP COLUMN target",
        "the layout": "UPDATE head SET layout = 99",
    }
    for name, statement in damage.items():
        bad = tmp_path / f"{name}.duckdb"
        bad.write_bytes(whole.read_bytes())
        with duckdb.connect(str(bad)) as connection:
            connection.execute(statement)
        with pytest.raises(StoreProblem, match=bad.name):
            store.restore_backup(bad, replace=True)
    (tmp_path / "text.duckdb").write_text("not a database" * 1000)
    for path, words in ((tmp_path / "text.duckdb", "cannot be read"), (tmp_path / "none.duckdb", "no file")):
        with pytest.raises(StoreProblem, match=words):
            store.restore_backup(path, replace=True)
    assert_untouched(store, before)


def test_many_rows(store: Store) -> None:
    many = frame(
        *(figure(float(n % 100), indicator=f"i{n % 7}", period_end=Q1, age_group=f"a{n}") for n in range(3000))
    )
    new = upload(figure(), content=os.urandom(200_000))
    store.accept(type(new)(**{**vars(new), "figures": many}), LEEDS_OFFICER)
    assert len(store.figures()) == 3000
    assert store.uploads()["rows"].iloc[0] == 3000
