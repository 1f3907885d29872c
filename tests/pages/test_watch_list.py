"""The Watch list page: targets and figures, what is new, others not named, and what officers can do."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse
from careleavers.views.context import context_of
from careleavers.views.keeping import expected, save
from careleavers.views.watch_list import keeping, view
from tests.pages.opened import check
from tests.short_tables import short_tables
from tests.upload_service import ANN, LEEDS, LOU, VIEWER, YAN, Council, open_pages, page, row, said, table

EET = {
    "indicator": "eet",
    "age_group": "19-21",
    "kind": "local",
    "target": 50.0,
    "tolerance": 2.0,
    "direction": "at_least",
    "note": "",
}
NEET = EET | {"indicator": "neet", "age_group": "17-18", "target": 30.0, "direction": "at_most", "kind": "national"}
TOUCH = EET | {"indicator": "in_touch", "target": 80.0}
AGENCY = EET | {"indicator": "agency_rate", "age_group": "all", "target": 1.0, "direction": "at_most"}
LONDON = "E09000001"


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def keep(council: Council, *items: dict[str, Any], public: bool = True, committee: dt.date | None = None) -> None:
    documents = council.store.documents
    content = keeping.list_content(items, committee)
    save(
        documents,
        keeping.WATCH_LIST,
        LEEDS,
        content,
        ANN,
        public=public,
        expected=expected(documents, keeping.WATCH_LIST, LEEDS, ANN),
    )


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_without_an_authority_and_without_a_list(council: Council) -> None:
    assert "Choose a council to see its watch list" in said(page("watch_list", VIEWER))
    assert "No watch list of this council can be seen here" in said(page("watch_list", VIEWER, authority="Leeds"))


def test_targets_are_met_or_missed_by_points_and_young_people(council: Council) -> None:
    keep(council, EET, NEET, TOUCH, AGENCY)
    at = page("watch_list", VIEWER, authority="Leeds")
    check(at)
    assert "**Leeds: 1 of 4 targets met, 1 within tolerance and 2 missed.**" in said(at).replace("\\", "")
    shown = next(table for table in short_tables(at) if "Target" in table.columns)
    # 273 of 600: half would be 300.
    first = shown[shown["Measure"].str.startswith("In education")].iloc[0]
    assert first["Outcome"] == "Missed: 4.5 points too low; it would take 27 more young people"
    assert first["Official figure"] == "45.5% (year to 31 March 2025, n = 600)"
    # 81 of 243: 30% would be 72.9, so 9 fewer.
    second = shown[shown["Measure"].str.startswith("Not in education")].iloc[0]
    assert second["Outcome"] == "Missed: 3.3 points too high; it would take 9 fewer young people"
    # Staff are not counted as young people.
    agency = shown[shown["Target"].str.contains("at most 1%")].iloc[0]
    assert agency["Outcome"] == "Within tolerance: 1.1 points too high"
    assert not at.get("file_uploader")


def test_within_tolerance_and_too_many_not_known(warehouse: Warehouse) -> None:
    context = context_of(warehouse)
    shown = view.build_view(context, json.dumps([EET | {"target": 47.0}]), None, LEEDS, "Leeds", None)
    assert shown is not None
    assert shown.table["Outcome"].tolist() == [
        "Within tolerance: 1.5 points too low; it would take 9 more young people"
    ]
    # Hampshire, 17 to 18: two thirds are not known, so a low NEET is not good news.
    items = json.dumps([NEET | {"target": 50.0}, EET | {"age_group": "17-18", "target": 50.0}])
    shown = view.build_view(context, items, None, "E10000014", "Hampshire", None)
    assert shown is not None
    outcomes = shown.table.set_index("Measure")["Outcome"]
    assert outcomes[outcomes.index.str.startswith("Not in")].iloc[0].startswith("Not compared: 66% are not known")
    assert outcomes[outcomes.index.str.startswith("In edu")].iloc[0].startswith("Missed")


def test_local_figures_are_compared_and_never_counted_out(council: Council) -> None:
    council.accept(table(row(21, 48), row(12, 48, indicator="neet"), row(15, 48, indicator="activity_not_known")))
    keep(council, EET)
    at = page("watch_list", VIEWER, authority="Leeds")
    shown = next(table for table in short_tables(at) if "Target" in table.columns)
    local = shown["Council’s own newest figure"].iloc[0]
    # 21 of 48 is shown as 20 of 50.
    assert local == "40.0% in 2025/26 Q2 (provisional local): missed, 10 points too low"
    assert "young" not in local


def test_what_is_new_since_the_last_meeting(council: Council) -> None:
    keep(council, EET, committee=dt.date(2025, 11, 1))
    at = page("watch_list", VIEWER, authority="Leeds")
    assert "New since 1 November 2025" in said(at)
    assert "45.5% (year to 31 March 2025), published November 2025; local target missed (a year before: met)." in said(
        at
    )
    at = page("watch_list", VIEWER, authority="Leeds", since="2026-07-01")
    assert "Nothing is new since then" in said(at)


def test_a_new_and_a_changed_target_are_new(warehouse: Warehouse) -> None:
    shown = view.build_view(
        context_of(warehouse),
        json.dumps([EET, TOUCH]),
        json.dumps([EET | {"target": 45.0}]),
        LEEDS,
        "Leeds",
        dt.date(2026, 7, 1),
    )
    assert shown is not None
    assert [line for line in shown.new if "target" in line] == [
        "In education, work or training, aged 19 to 21: the local target has changed to at least 50% (tolerance 2 points).",
        "In touch with the council, aged 19 to 21: a new target, local, at least 80% (tolerance 2 points).",
    ]


def test_targets_are_compared_with_those_of_the_day_of_the_meeting(council: Council) -> None:
    keep(council, EET)
    keep(council, EET | {"target": 60.0})
    documents = council.store.documents
    kept = keeping.kept_list(documents, LEEDS, ANN)
    assert kept is not None
    today = kept.document.at.date()
    # The list is younger than the meeting, or has not changed since.
    for day in (None, today - dt.timedelta(days=1), today):
        assert keeping.items_on(documents, kept, ANN, day) is None


@pytest.mark.parametrize(("code", "name", "others"), [(LEEDS, "Leeds", 10), (LONDON, "City of London", 32)])
def test_nobody_else_is_named_and_the_letters_follow_the_figures(
    warehouse: Warehouse, code: str, name: str, others: int
) -> None:
    context = context_of(warehouse)
    one = view.build_anonymous(context, json.dumps([EET]), code, name, "eet", "19-21", "wide")
    assert one is not None
    assert 2 < len(one.table) <= others + 1
    labels = [label for label in one.table["Authority"] if label != name]
    assert labels[:3] == ["Authority A", "Authority B", "Authority C"]
    figures = [int(text.rstrip("%")) for text in one.table["Figure"]]
    assert figures == sorted(figures, reverse=True)
    spec = one.chart.finished.to_json() + one.chart.alt
    names = warehouse.query("authority_codes")
    for each in names.itertuples():
        assert str(each.authority_code) not in spec
        if each.authority_name != name:
            assert f"{each.authority_name}" not in spec, each.authority_name


def test_a_list_for_officers_is_read_by_no_member(council: Council) -> None:
    keep(council, EET | {"note": "between us"}, public=False)
    for person in (VIEWER, None, YAN):
        assert "between us" not in said(page("watch_list", person, authority="Leeds"))
    assert "between us" in said(page("watch_list", ANN, authority="Leeds"))


def test_an_officer_types_a_target_changes_it_and_takes_it_out(council: Council) -> None:
    at = page("watch_list", ANN, authority="Leeds")
    press(at, "Add the target")
    assert "Fill in the target" in said(at)
    at.number_input[0].set_value(50.0)
    press(at, "Add the target")
    assert "The watch list is saved" in said(at)
    assert "targets met" in said(at) or "its one target is" in said(at)
    at.number_input[0].set_value(40.0)
    press(at, "Add the target")
    held = keeping.kept_list(council.store.documents, LEEDS, ANN)
    assert held is not None
    assert [item["target"] for item in held.rows] == [40.0]
    # Nobody else reads it before it is public.
    assert "No watch list" in said(page("watch_list", VIEWER, authority="Leeds"))
    next(radio for radio in at.radio if radio.label == "Who may read it").set_value("everybody")
    press(at, "Save these")
    assert "No watch list" not in said(page("watch_list", VIEWER, authority="Leeds"))
    press(at, "Take it out")
    assert "The list is empty" in said(at)


def test_a_note_with_a_name_is_confirmed_and_one_with_an_address_is_refused(council: Council) -> None:
    at = page("watch_list", ANN, authority="Leeds")
    at.number_input[0].set_value(50.0)
    note = next(each for each in at.text_input if each.label == "Note (readers see it)")
    note.set_value("ask ann@example.org")
    press(at, "Add the target")
    assert any("identifies a young person" in str(error.value) for error in at.error)
    note = next(each for each in at.text_input if each.label == "Note (readers see it)")
    note.set_value("Agreed with Jordan Miller for two care leavers")
    press(at, "Add the target")
    text = said(at)
    assert "“Jordan Miller”" in text
    assert "“two care leavers”" in text
    assert council.store.documents.length() == 0
    next(box for box in at.checkbox if box.label.startswith("I have checked")).check()
    press(at, "Add the target")
    assert "The watch list is saved" in said(at)


def test_an_officer_uploads_a_list(council: Council) -> None:
    at = page("watch_list", ANN, authority="Leeds")
    at.file_uploader[0].set_value(("list.csv", b"indicator,target\neats,50\n", "text/csv")).run()
    assert "1 thing must be fixed" in said(at)
    at.file_uploader[0].set_value(("list.csv", b"measure,target,note\neet,50,<b>x</b>\n", "text/csv")).run()
    press(at, "Accept this list")
    assert "The watch list is saved" in said(at)
    assert "‹b›x‹/b›" in said(at)
    assert "<b>x" not in said(at)


def test_a_second_officer_approves_a_list_for_everybody(council: Council) -> None:
    def opened(person: Person) -> AppTest:
        return page("watch_list", person, access={"approval": "second-person"}, authority="Leeds")

    keep(council, EET)
    at = opened(ANN)
    at.number_input[0].set_value(40.0)
    press(at, "Add the target")
    assert "It waits for a second officer" in said(at)
    assert "its one target is missed" in said(opened(VIEWER))
    # Another day of the meeting shows nobody anything new.
    next(box for box in at.date_input if box.label.startswith("Day of the last")).set_value(dt.date(2026, 6, 1))
    press(at, "Save these")
    assert "The watch list is saved" in said(at)
    assert "Another version was saved since" in said(opened(LOU))
    press(at, "Add the target")
    at = opened(LOU)
    assert "local (at least 40%)" in said(at)
    press(at, "Approve it")
    kept = keeping.kept_list(council.store.documents, LEEDS, VIEWER)
    assert kept is not None
    assert [row["target"] for row in kept.rows] == [40.0]
    assert kept.committee == dt.date(2026, 6, 1)


def test_nobody_replaces_a_list_that_they_have_not_seen(council: Council) -> None:
    keep(council, EET)
    at = page("watch_list", ANN, authority="Leeds")
    keep(council, EET, TOUCH)
    press(at, "Take it out")
    assert any("after you opened it" in str(error.value) for error in at.error)
    kept = keeping.kept_list(council.store.documents, LEEDS, VIEWER)
    assert kept is not None
    assert len(kept.rows) == 2
