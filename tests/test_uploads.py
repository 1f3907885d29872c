"""Uploading: a file from its bytes to the ledger, and what it refuses on the way."""

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from careleavers.access.people import NotAllowed
from careleavers.errors import Refused
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.comparison import ComparisonDatabase, held_figures
from careleavers.store import DuplicateUpload, PreviewOutdated
from careleavers.uploads import UploadCheck
from tests.importer.releases import accommodation, activity
from tests.intake.drafts import draft
from tests.intake.test_releases import published
from tests.upload_service import (
    ANN,
    BAD,
    CATALOGUE,
    EVE,
    EVENTS,
    LEEDS,
    LOU,
    VIEWER,
    YAN,
    YORK,
    Council,
    opened,
    row,
    table,
)  # fmt: skip

# A good file with one figure that viewers will not see: it is of too few young people.
FEW = table(
    row(24, target=55),
    row(18, indicator="neet"),
    row(9, indicator="activity_not_known"),
    row(2, 12, indicator="bed_and_breakfast", basis="snapshot"),
)


@pytest.fixture
def council(tmp_path: Path, outcomes: Warehouse, outcomes_data: Path) -> Iterator[Council]:
    with opened(tmp_path, outcomes, outcomes_data) as made:
        yield made


@pytest.fixture
def whole_council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    """A council with every published figure."""
    with opened(tmp_path, warehouse) as made:
        yield made


def titles(checked: UploadCheck, severity: str) -> set[str]:
    found = next(section for section in checked.report.sections if section.severity == severity)
    return {rule.rule.id for rule in found.rules}


def test_a_good_file_says_what_it_would_change_and_changes_nothing(council: Council) -> None:
    checked = council.examine(FEW)
    assert not checked.report.blocking
    assert not checked.report.to_confirm
    assert checked.effect is not None
    assert dict(checked.effect.effects) == {"new": 4, "restated": 0, "unchanged": 0, "same as published": 0}
    assert checked.effect.hidden == 1
    assert checked.hidden["indicator"].tolist() == ["bed_and_breakfast"]
    assert checked.hidden["numerator"].isna().all()
    assert checked.version == 0
    assert council.store.version() == 0
    assert council.shown() == {}


@pytest.mark.parametrize(("content", "loads"), [(FEW, 1), (BAD, 1), (CATALOGUE, 0)])
def test_checks_and_preview_ask_one_database(
    council: Council, monkeypatch: pytest.MonkeyPatch, content: bytes, loads: int
) -> None:
    opened_connections = []
    load = ComparisonDatabase._load

    def counted(self: ComparisonDatabase) -> duckdb.DuckDBPyConnection:
        opened_connections.append(load(self))
        return opened_connections[-1]

    monkeypatch.setattr(ComparisonDatabase, "_load", counted)
    council.examine(content)
    assert len(opened_connections) == loads
    for connection in opened_connections:
        with pytest.raises(duckdb.ConnectionException):
            connection.execute("SELECT 1")


def test_accepting_it_shows_it_and_keeps_all_that_the_history_tells(council: Council) -> None:
    entry = council.accept(FEW, note="Signed off")
    assert (entry.entry, entry.upload, entry.action) == (1, 1, "accepted")
    assert council.shown() == {
        "eet": 50.0, "neet": 30.0, "activity_not_known": 20.0, "bed_and_breakfast": None,
    }  # fmt: skip
    kept = council.store.uploads().iloc[0]
    assert (kept["layer"], kept["note"], kept["file_name"]) == ("provisional", "Signed off", "quarter.csv")
    assert kept["sha256"] == hashlib.sha256(FEW).hexdigest()
    assert kept["effect"] == {"new": 4, "restated": 0, "unchanged": 0, "same as published": 0, "hidden": 1}
    assert kept["checks"]["must fix"] == {}
    assert sum(kept["checks"]["for information"].values()) > 0
    assert "24" not in str(kept["checks"])
    assert council.store.original(1, ANN) == ("quarter.csv", FEW)


def test_a_file_with_mistakes_has_no_effect_and_is_not_accepted(council: Council) -> None:
    checked = council.examine(BAD)
    assert {"unknown_indicator", "not_a_number"} <= titles(checked, "must fix")
    assert titles(checked, "please confirm") == {"exactly_0_or_100"}
    assert "small_n" in titles(checked, "for information")
    assert checked.effect is None
    assert checked.hidden.empty
    with pytest.raises(ValueError, match="does not allow"):
        council.service.accept(checked, ANN, confirmed=True)
    assert council.store.version() == 0


def test_what_is_to_confirm_must_be_confirmed(council: Council) -> None:
    checked = council.examine(table(row(0, 30, indicator="staying_put", age_group="18")))
    assert checked.report.to_confirm
    with pytest.raises(ValueError, match="does not allow"):
        council.service.accept(checked, ANN)
    assert council.service.accept(checked, ANN, confirmed=True).entry == 1
    assert council.store.uploads().iloc[0]["checks"]["please confirm"] != {}


def test_nobody_but_the_officer_of_an_authority_gets_its_figures_in(council: Council) -> None:
    checked = council.examine(person=YAN)
    assert titles(checked, "must fix") == {"not_your_authority"}
    # Even if a page were wrong about who is signed in.
    with pytest.raises(NotAllowed):
        council.service.accept(council.examine(), YAN)
    with pytest.raises(NotAllowed):
        council.examine(person=VIEWER)
    assert council.store.version() == 0


def test_what_others_uploaded_is_not_told_through_the_checks(council: Council) -> None:
    council.accept(table(row(37, 51)))
    checked = council.examine(table(row(38, 51)), YAN)
    said = "".join(f"{finding.found} {finding.expected} {finding.fix}" for finding in checked.findings)
    assert "37" not in said
    assert "upload 1" not in said
    # Its own officer is told.
    said = "".join(finding.expected for finding in council.examine(table(row(38, 51))).findings)
    assert "37 of 51" in said


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"UPN,DOB,name\n1,2,3\n", b"a,b\n1,2\n"])
def test_a_file_that_is_no_table_of_totals_is_refused(council: Council, content: bytes) -> None:
    try:
        checked = council.examine(content)
    except Refused as refusal:
        assert str(refusal)
    else:
        assert checked.report.blocking
    assert council.store.version() == 0


def test_the_checked_file_keeps_its_cells_and_names_itself(council: Council) -> None:
    checked = council.examine(BAD, name="quarter.csv")
    content, name = checked.annotated()
    assert name == checked.annotated_name == "quarter-checked.csv"
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(",Messages")
    assert "Must fix: C3" in content.decode("utf-8-sig")


def test_progress_never_goes_back_and_ends_at_the_whole(council: Council) -> None:
    seen: list[float] = []
    council.examine(progress=lambda share, what: seen.append(share))
    assert seen == sorted(seen)
    assert 0 <= seen[0] < seen[-1] <= 1.0


def test_the_same_file_twice_changes_nothing(council: Council) -> None:
    council.accept()
    with pytest.raises(DuplicateUpload, match="Ann Ames uploaded it"):
        council.accept(person=LOU)
    assert council.store.version() == 1


def test_whoever_looked_at_an_older_preview_looks_again(council: Council) -> None:
    first, second = council.examine(table(row(24)), ANN), council.examine(table(row(29)), LOU)
    council.service.accept(first, ANN, confirmed=True)
    with pytest.raises(PreviewOutdated, match="Ann Ames"):
        council.service.accept(second, LOU, confirmed=True)
    again = council.examine(table(row(29)), LOU)
    assert again.version == 1
    assert again.effect is not None
    assert again.effect.effects["restated"] == 1
    council.service.accept(again, LOU, confirmed=True)
    assert council.shown() == {"eet": 60.0}


def test_uploads_of_different_authorities_do_not_stand_in_each_others_way(council: Council) -> None:
    leeds = council.examine(table(row(24)), ANN)
    york = council.examine(table(row(29, authority_code=YORK, authority_name="York")), YAN)
    council.service.accept(leeds, ANN, confirmed=True)
    council.service.accept(york, YAN, confirmed=True)
    assert council.shown(LEEDS) == {"eet": 50.0}
    assert council.shown(YORK) == {"eet": 60.0}


def test_a_proposed_upload_shows_when_somebody_else_agrees(council: Council) -> None:
    council.accept(proposed=True)
    assert council.shown() == {}
    with pytest.raises(NotAllowed, match="a second person"):
        council.store.approve(1, ANN)
    council.store.approve(1, LOU)
    assert council.shown()["eet"] == 50.0


def test_the_preview_is_what_accepting_shows_and_leaves_the_pages_alone(council: Council) -> None:
    checked = council.examine()
    preview = council.versions.preview(checked.local(), "test")
    before = preview.query("local_latest", authority=LEEDS).drop(columns=["release"])
    assert council.shown() == {}
    preview.close()
    council.service.accept(checked, ANN)
    after = council.versions.newest().query("local_latest", authority=LEEDS).drop(columns=["release"])
    pd.testing.assert_frame_equal(before, after)


def test_an_indicator_of_the_councils_own_can_be_uploaded_for_once_it_is_defined(council: Council) -> None:
    own = table(row(12, 40, indicator="driving_lessons"))
    assert "unknown_indicator" in titles(council.examine(own), "must fix")
    council.accept(CATALOGUE, name="ours.csv")
    newest = council.versions.newest()
    assert newest.query("definitions", search="", theme="all", indicator="driving_lessons")["title"].tolist() == [
        "Care leavers with driving lessons"
    ]
    council.accept(own)
    assert council.shown() == {"driving_lessons": 25.0}


def test_an_event_that_a_council_reports_stands_among_its_inspections(council: Council) -> None:
    before = council.versions.newest().query("inspection_events", authority=LEEDS)
    checked = council.examine(EVENTS, name="visits.csv")
    assert checked.effect is not None
    assert checked.effect.effects["new"] == 1
    council.service.accept(checked, ANN, confirmed=True)
    events = council.versions.newest().query("inspection_events", authority=LEEDS)
    told = events[events["inspection_date"] == pd.Timestamp("2025-10-14")]
    assert told[["kind", "inspection_type", "theme", "source"]].to_numpy().tolist() == [
        ["visit", "Focused visit", "Care leavers", "local"]
    ]
    council.store.withdraw(1, ANN, "not yet published")
    pd.testing.assert_frame_equal(council.versions.newest().query("inspection_events", authority=LEEDS), before)


RELEASE = published(
    [*activity(LEEDS, 2026, 45, 3, 2, layout="2025"), *activity("E92000001", 2026, 300, 150, 50, layout="2025")]
)


def test_a_release_of_the_department_moves_the_published_figures_and_back(
    council: Council, outcomes: Warehouse
) -> None:
    asked = {"indicator": "eet", "age_group": "19-21", "authority": LEEDS}
    newest = council.versions.newest().query("published_values", **asked)
    checked = council.examine(RELEASE, EVE, name="la_care_leavers_activity.csv")
    assert checked.draft.kind == "release"
    with pytest.raises(NotAllowed, match="every authority"):
        council.service.accept(checked, ANN, confirmed=True)
    council.service.accept(checked, EVE, confirmed=True)
    after = council.versions.newest().query("published_values", **asked)
    assert (after["value"].iloc[0], after["release"].iloc[0]) == (90, "2026")
    assert len(after) == len(newest) + 1
    council.store.withdraw(1, EVE, "the wrong file")
    pd.testing.assert_frame_equal(council.versions.newest().query("published_values", **asked), newest)
    assert council.versions.newest().version.startswith(outcomes.version)


def test_a_release_of_one_council_brings_its_period_to_nobody_else(whole_council: Council) -> None:
    council = whole_council
    file = published(activity(LEEDS, 2026, 45, 3, 2, layout="2025"))
    checked = council.examine(file, EVE, name="la_care_leavers_activity.csv")
    (finding,) = (each for each in checked.findings if each.rule.severity == "please confirm")
    assert finding.rule.id == "extract"
    assert "152 of 153 authorities and England are missing: this looks like an extract" in finding.expected
    assert checked.effect is not None
    assert checked.effect.sentences == ("Figures of Leeds: 4 measures gain the year to 31 March 2026.",)
    with pytest.raises(ValueError, match="does not allow"):
        council.service.accept(checked, EVE)
    before = council.versions.newest().query("at_a_glance", authority=YORK, against="england")
    council.service.accept(checked, EVE, confirmed=True)
    newest = council.versions.newest()
    pd.testing.assert_frame_equal(newest.query("at_a_glance", authority=YORK, against="england"), before)
    eet = {"indicator": "eet", "age_group": "19-21"}
    assert newest.query("periods", **eet)["period_end"].max() == pd.Timestamp("2025-03-31")
    latest = newest.query("indicators").set_index(["indicator", "age_group"])["latest_period"]
    assert latest["eet", "19-21"] == pd.Timestamp("2025-03-31")
    # Leeds has it, ranked among the few that have a figure, with nobody to compare with.
    assert newest.query("part_periods", authority=LEEDS, **eet)["period_end"].tolist() == [pd.Timestamp("2026-03-31")]
    assert newest.query("part_periods", authority=YORK, **eet).empty
    glance = newest.query("at_a_glance", authority=LEEDS, against="england").set_index(["indicator", "age_group"])
    shown = glance.loc[("eet", "19-21")]
    assert (shown["period_end"], shown["value"], shown["rank"], shown["of"]) == (pd.Timestamp("2026-03-31"), 90, 1, 1)
    assert pd.isna(shown["england"])
    assert shown["verdict"] == ""
    assert (shown["years"][-1], shown["values"][-1]) == (2026, 90)
    assert glance.loc[("suitable_accommodation", "19-21")]["period_end"] == pd.Timestamp("2025-03-31")


def test_the_accommodation_file_of_a_release_that_is_held_changes_nothing(
    council: Council, outcomes: Warehouse
) -> None:
    # The shipped figures of Leeds, with a number of care leavers that differs from the activity file's.
    measures = [
        f"{name}.19-21"
        for name in ("suitable_accommodation", "unsuitable_accommodation", "accommodation_not_known", "care_leavers")
    ]
    held = outcomes.query("published", measures=measures)
    held = held[(held["area_code"] == LEEDS) & (held["age_group"] == "19-21") & (held["release"] == "2025")]
    held = held[held["period_end"] == held["period_end"].max()].set_index("indicator")
    counts = {
        name: int(held.loc[name, "numerator"])  # type: ignore[call-overload]
        for name in ("suitable_accommodation", "unsuitable_accommodation", "accommodation_not_known")
    }
    file = published(accommodation(LEEDS, 2025, *counts.values(), layout="2025"))
    assert held.loc["care_leavers", "numerator"] == 600  # type: ignore[call-overload]
    assert sum(counts.values()) == 599
    checked = council.examine(file, EVE, name="la_care_leavers_accommodation_suitability.csv")
    assert not checked.report.to_confirm
    assert checked.effect is not None
    assert dict(checked.effect.effects) == {
        "new": 0, "restated": 0, "unchanged": 0, "same as published": 3, "superseded": 1,
    }  # fmt: skip
    assert checked.effect.sentences[0] == "No page changes."
    table = checked.effect.table("superseded", 5)
    assert table[["measure", "was", "now"]].to_numpy().tolist() == [
        ["Number of care leavers", "600, release 2025", "599"]
    ]
    council.service.accept(checked, EVE, confirmed=True)
    newest = council.versions.newest()
    for asked in ("care_leavers", "suitable_accommodation"):
        query = {"indicator": asked, "age_group": "19-21", "authority": LEEDS}
        columns = ["period_end", "numerator", "denominator", "value", "status", "state"]
        pd.testing.assert_frame_equal(
            newest.query("published_values", **query)[columns], outcomes.query("published_values", **query)[columns]
        )


def test_the_preview_of_a_release_names_every_area(council: Council) -> None:
    codes = (LEEDS, "E12000003", "E13000001", "E92000001")
    file = published([row for code in codes for row in activity(code, 2026, 450, 30, 20, layout="2025")])
    effect = council.examine(file, EVE, name="la_care_leavers_activity.csv").effect
    assert effect is not None
    named = ["Leeds", "Yorkshire and The Humber (region)", "Inner London (region)", "England"]
    assert effect.table("new", 100)["authority"].drop_duplicates().tolist() == named
    assert set(effect.by_authority["authority_name"]) == set(named)


def test_authorities_that_make_one_return_have_both_names(warehouse: Warehouse) -> None:
    rows = warehouse.query("published", measures=["caseload.all"])
    rows = rows[rows["area_code"].str.contains(" / ")].assign(row=2, target=None, note="")
    names = held_figures(draft(rows.to_dict("records"), kind="release"), warehouse, rows.head(0)).names
    assert names["E06000061 / E06000062"] == "North Northamptonshire / West Northamptonshire"


def test_what_is_known_is_read_again_only_when_something_was_uploaded(council: Council) -> None:
    known = council.service.reference()
    assert council.service.reference() is known
    council.accept()
    assert council.service.reference() is not known


def test_which_measures_were_ever_uploaded_is_for_the_officers_of_the_authority(council: Council) -> None:
    council.accept(table(row(24), row(18, indicator="neet")))
    council.store.withdraw(1, ANN, "wrong")
    found = council.store.measures_uploaded(LEEDS, ANN)
    assert found.to_numpy().tolist() == [["eet", "19-21"], ["neet", "19-21"]]
    assert council.store.measures_uploaded(YORK, EVE).empty
    for other in (YAN, VIEWER):
        with pytest.raises(NotAllowed):
            council.store.measures_uploaded(LEEDS, other)


def test_an_examined_file_cannot_be_changed_afterwards(council: Council) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        council.examine().version = 7  # type: ignore[misc]


def test_a_release_that_is_approved_late_replaces_what_came_in_between(council: Council) -> None:
    def release(number: int) -> bytes:
        rows = [*activity(LEEDS, 2026, number, 50 - number, 0, layout="2025")]
        return published([*rows, *activity("E92000001", 2026, 300, 150, 50, layout="2025")])

    administrator = dataclasses.replace(EVE, subject="ada", name="Ada", role="administrator")
    name = "la_care_leavers_activity.csv"
    first = council.accept(release(45), EVE, proposed=True, name=name)
    council.accept(release(30), administrator, name=name)
    changes = council.service.check_again(first.upload, EVE).effect
    assert changes is not None
    assert changes.effects["restated"] == 2
    council.store.approve(first.upload, administrator)
    asked = {"indicator": "eet", "age_group": "19-21", "authority": LEEDS}
    assert council.versions.newest().query("published_values", **asked).iloc[0]["value"] == pytest.approx(90.0)
