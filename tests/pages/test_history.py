"""The History page: who sees which uploads, how one is taken back, put back, approved or declined, and all values of a figure."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse
from careleavers.store import Store, StoreUnavailable
from careleavers.store.address import read_address
from careleavers.ui import figures, history
from careleavers.versions import Versions
from careleavers.views.history import words
from careleavers.wording.exports import csv_bytes, xlsx_bytes
from tests.importer.releases import activity
from tests.intake.test_releases import published
from tests.pages.opened import check
from tests.pages.test_upload import EVIL
from tests.short_tables import short_tables
from tests.store.samples import figure, upload
from tests.upload_service import (
    ANN,
    CATALOGUE,
    EVE,
    GOOD,
    LEEDS,
    LOU,
    VIEWER,
    YAN,
    YORK,
    Council,
    open_pages,
    page,
    page_here,
    row,
    said,
    table,
)

YORKS = table(row(31, 71, authority_code=YORK, authority_name="York", note="York’s own note"))


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def buttons(at: AppTest) -> list[str]:
    return [button.label for button in at.button if button.label != "Sign out"]


def press(at: AppTest, label: str, reason: str = "") -> AppTest:
    if reason:
        next(box for box in at.text_input if box.label.startswith("Reason")).set_value(reason)
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def about(at: AppTest) -> dict[str, str]:
    """The table about one upload."""
    found = next(each for each in short_tables(at) if each.columns[0] == "What")
    return dict(found.itertuples(index=False, name=None))


def values(at: AppTest) -> pd.DataFrame:
    return next(each for each in short_tables(at) if each.columns[0] == "Period")


def listed(at: AppTest) -> list[str]:
    return next((each["Upload"].tolist() for each in short_tables(at) if each.columns[0] == "Upload"), [])


def test_nothing_yet(council: Council) -> None:
    at = page("history")
    assert at.info[0].value == words.NOTHING_YET
    check(at)


def test_one_upload_is_told_in_full_and_to_officers_alone(council: Council) -> None:
    council.accept(note="Signed off\n by Jo")
    for at in (
        page("history", None, upload="1"),
        page("history", VIEWER, upload="1"),
        page("history", ANN, access={"browsing": "closed"}, upload="1"),
        page_here("history", "the server listens to other machines as well", upload="1"),
    ):
        assert not short_tables(at)
        assert not at.get("download_button")
        assert "Signed off" not in said(at)
        assert "quarter.csv" not in said(at)
    at = page("history", authority="Leeds")
    check(at)
    told = about(at)
    assert told["State"] == "In force"
    assert told["What it is"] == "Provisional local figures of Leeds, 4 rows"
    assert told["Note"] == "Signed off by Jo"
    assert told["Effect"] == "4 new."
    assert "An age group is missing (4)" in told["Checks"]
    assert told["Uploaded"].startswith("By Ann Ames on ")
    assert told["File"] == f"quarter.csv, {len(GOOD)} bytes"
    assert [button.proto.label for button in at.get("download_button")][:2] == [
        "Download the list of uploads (CSV)", "Download the original file",
    ]  # fmt: skip
    entries = next(each for each in short_tables(at) if each.columns[0] == "Data version")
    assert entries[["Data version", "Done", "By"]].to_numpy().tolist() == [["1", "Accepted", "Ann Ames"]]
    # What the department published stands below.
    assert any(each.label.startswith("What the department published") for each in at.expander)
    official = next(each for each in short_tables(at) if "Publication" in each.columns)
    assert official.iloc[0][["Period", "Value", "Counts", "State", "Release"]].tolist() == [
        "31 March 2025", "46%", "273 of 600", "in force", "2025",
    ]  # fmt: skip
    # Administrators also see who took unprotected rows away.
    assert "Nobody has downloaded any." in said(page_here("history"))
    council.store.original(1, ANN)
    council.store.record_download(LOU, "every value of <b>eet</b>")
    at = page_here("history")
    taken = next(each for each in short_tables(at) if each.columns[0] == "On")
    assert taken["By"].tolist() == ["Lou Lee", "Ann Ames"]
    assert taken["What"].tolist() == ["Every value of <b>eet</b>", "The file as it is kept"]
    assert taken["Upload"].tolist() == ["", "1"]
    assert "Download the whole ledger (CSV)" in [button.proto.label for button in at.get("download_button")]
    check(at)


def test_it_is_withdrawn_and_put_back_with_a_reason_and_what_stops_that_is_said_in_place(council: Council) -> None:
    council.accept()
    at = page("history", authority="Leeds")
    press(at, "Withdraw upload 1")
    assert "Say why" in at.error[0].value
    assert council.store.version() == 1

    def refuse(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("The store is out of reach.")

    with patch.object(council.store, "withdraw", refuse):
        press(at, "Withdraw upload 1", "the wrong quarter")
    assert [each.value for each in at.error] == ["The store is out of reach."]
    assert next(box for box in at.text_input if box.label.startswith("Reason")).value == "the wrong quarter"
    press(at, "Withdraw upload 1", "the wrong quarter")
    assert at.success[0].value == words.DONE["withdraw"].format(number=1)
    assert council.shown() == {}
    assert about(at)["State"] == "Withdrawn"
    assert buttons(at) == ["Put back upload 1"]
    press(at, "Put back upload 1", "it was right after all")
    assert council.shown()["eet"] == 50.0
    entries = next(each for each in short_tables(at) if each.columns[0] == "Data version")
    assert entries["Done"].tolist() == ["Accepted", "Withdrawn", "Restored"]
    assert entries["Reason"].tolist() == ["", "the wrong quarter", "it was right after all"]
    # Somebody else decides first.
    council.store.withdraw(1, LOU, "the wrong quarter")
    press(at, "Withdraw upload 1", "the wrong quarter")
    assert not at.success
    assert council.store.version() == 4
    assert about(at)["State"] == "Withdrawn"
    assert buttons(at) == ["Put back upload 1"]


def test_each_officer_sees_their_own_and_what_is_for_all(council: Council) -> None:
    council.accept(GOOD, ANN, note="Leeds’ own words")
    council.accept(YORKS, YAN, name="york.csv")
    # An authority in the strip narrows the list, and a link still opens what is not in it.
    assert listed(page("history", EVE, authority="York")) == ["2"]
    assert listed(page("history", EVE, authority="York", of="all")) == ["2", "1"]
    at = page("history", EVE, authority="York", upload="1")
    assert listed(at) == ["2"]
    assert about(at)["File"].startswith("quarter.csv")
    council.accept(CATALOGUE, ANN, name="ours.csv")
    assert listed(page("history", ANN)) == ["3", "1"]
    york = page("history", YAN, upload="1")
    assert listed(york) == ["3", "2"]
    assert "Leeds’ own words" not in said(york)
    assert "which is not one we know" in said(york)
    assert about(york)["File"].startswith("ours.csv")
    # Everybody may see the catalogue; only its author may withdraw it.
    assert buttons(york) == []
    assert "Ann Ames defined these indicators" in said(york)
    assert listed(page("history", EVE)) == ["3", "2", "1"]


def test_an_upload_about_several_is_listed_for_each_and_its_file_is_for_who_may_see_all(council: Council) -> None:
    both = table(row(24), row(31, 71, authority_code=YORK, authority_name="York"))
    council.accept(both, EVE)
    at = page("history", ANN, upload="1")
    assert about(at)["What it is"] == "Provisional local figures of Leeds and York, 2 rows"
    labels = [button.proto.label for button in at.get("download_button")]
    assert "Download the original file" not in labels
    assert buttons(at) == []
    assert "another officer looks after it" in said(at)
    assert "31 of 71" not in said(at)


def test_who_proposed_it_cannot_approve_it_and_a_colleague_can(council: Council) -> None:
    council.accept(proposed=True)
    at = page("history", ANN, authority="Leeds")
    assert "Upload 1 waits for a second officer" in at.warning[0].value
    assert buttons(at) == ["Decline upload 1"]
    assert "a second person has to approve it" in said(at)
    assert listed(page("history", YAN)) == []
    at = page("history", LOU, authority="Leeds")
    assert buttons(at) == ["Approve upload 1", "Decline upload 1"]
    press(at, "Approve upload 1")
    assert at.success[0].value == words.DONE["approve"].format(number=1)
    assert council.shown()["eet"] == 50.0


def test_whoever_approves_sees_what_whoever_proposed_saw_and_may_decline(council: Council) -> None:
    council.accept(table(row(24), row(18, indicator="neet")))
    final = table(row(30), row(18, indicator="neet"), row(9, indicator="activity_not_known"))
    council.accept(final, layer="final", proposed=True)
    at = page("history", LOU, authority="Leeds", upload="2")
    check(at)
    assert words.WOULD_CHANGE in said(at)
    assert "1 new and 2 final over provisional." in said(at)
    assert "2 figures of 2025/26 Q2 become final, 1 of them with another value" in said(at)
    # The old and the new value are in the same row.
    shown = next(each.value for each in at.dataframe if "Was" in each.value.columns)
    assert shown[["Was", "Now"]].to_numpy().tolist() == [
        ["47.1% (24 of 51), upload 1, provisional", "58.8% (30 of 51)"],
        ["35.3% (18 of 51), upload 1, provisional", "35.3% (18 of 51)"],
    ]
    assert "The chart as viewers would see it" in said(at)
    # An officer's upload is hidden from other councils' officers.
    assert words.WOULD_CHANGE not in said(page("history", YAN, upload="2"))
    before = council.shown()
    press(at, "Decline upload 2", "the counts are of another quarter")
    assert council.shown() == before
    assert about(at)["State"] == "Declined"
    assert buttons(at) == []


def test_each_upload_of_three_can_be_opened_with_what_it_changed_and_the_figures_of_its_time(council: Council) -> None:
    council.accept(table(row(24)))
    council.accept(table(row(30)))
    council.accept(table(row(34)))
    with patch.object(history, "_MOST_LISTED", 2):
        at = page("history", ANN, authority="Leeds", upload="2")
    assert listed(at) == ["3", "2"]
    assert "The newest 2 of 3 uploads." in said(at)
    assert len(at.selectbox(key="upload").options) == 3
    assert at.selectbox(key="upload").value == "2"
    assert about(at)["File"].startswith("quarter.csv")
    assert about(at)["Effect"] == "1 restated."
    links = {each.proto.label: each.proto for each in at.get("page_link")}
    earlier = links[words.AS_AT].query_string
    assert "as_at=2" in earlier
    assert "authority=Leeds" in earlier
    # What it changed is compared when asked for.
    assert "Was" not in " ".join(column for each in at.dataframe for column in each.value.columns)
    at.toggle(key="changes-2").set_value(True).run()
    check(at)
    shown = next(each.value for each in at.dataframe if "Was" in each.value.columns)
    assert shown[["Was", "Now"]].to_numpy().tolist() == [["47.1% (24 of 51), upload 1", "58.8% (30 of 51)"]]
    assert "60%" in said(page("local_figures", None, authority="Leeds", as_at="2"))
    assert "70%" in said(page("local_figures", None, authority="Leeds"))


def test_every_value_of_a_figure_with_where_it_came_from(council: Council) -> None:
    council.accept(table(row(2, 977, target=55, note="by hand")), name="first.csv")
    council.accept(table(row(24, 51)), LOU, name="second.csv")
    council.store.withdraw(2, LOU, "wrong")
    found = values(page("history", ANN, authority="Leeds"))
    assert found["Value"].tolist() == ["47%", "under 1%"]
    assert found["Counts"].tolist() == ["24 of 51", "2 of 977"]
    assert found["State"].tolist() == ["Withdrawn", "In force"]
    assert found["Target"].tolist() == ["", "55%"]
    assert found["Note"].tolist() == ["", "by hand"]
    assert found["Period"].tolist() == ["Quarter to 30 September 2025"] * 2
    assert "Upload 2, provisional, second.csv, by Lou Lee on " in found["From"][0]
    # Another authority's officer can choose neither the authority nor its measure.
    york = page("history", YAN)
    assert "2 of 977" not in said(york)


def test_a_value_of_an_older_release_is_told_to_be_replaced(council_of_outcomes: Council) -> None:
    file = published(activity(LEEDS, 2024, 40, 5, 5, layout="activity"))
    council_of_outcomes.accept(file, EVE, name="la_care_leavers_activity.csv")
    at = page("history", EVE, authority="Leeds")
    assert values(at)["State"].tolist() == ["Replaced"]


def test_a_value_of_an_indicator_that_is_gone_is_still_told(council: Council) -> None:
    council.accept(CATALOGUE, name="ours.csv")
    council.accept(table(row(12, 40, indicator="driving_lessons")))
    council.store.withdraw(2, ANN, "wrong")
    council.store.withdraw(1, ANN, "not needed")
    at = page("history", ANN, authority="Leeds")
    assert at.selectbox(key=f"_values_measure_{LEEDS}").options == ["driving_lessons, aged 19 to 21"]
    assert values(at)["State"].tolist() == ["Withdrawn"]
    check(at)


def test_texts_of_people_and_files_stay_texts(council: Council) -> None:
    name = EVIL[:60].replace("/", "") + ".csv"
    council.accept(table(row(24, note=EVIL)), note=EVIL, name=name)
    council.store.withdraw(1, ANN, EVIL)
    at = page("history", ANN, authority="Leeds")
    bodies = "".join(each.proto.body for each in at.get("html"))
    assert bodies.count("&lt;script&gt;alert(1)") >= 5
    assert "<script" not in bodies
    assert "\x1b" not in bodies + said(at)
    assert not any("script" in each.value for each in at.markdown)
    short_tables(at)  # well-formed
    # Nor can anything in the downloads run.
    frame = words.uploads_table(council.store.uploads(), {})
    frame["Note"] = "=1+1"
    assert b"'=1+1" in csv_bytes(frame)
    assert xlsx_bytes(frame, {}, "Uploads")[:2] == b"PK"


# ---------------------------------------------------------------------- for administrators, and what cannot be shown


def test_an_administrator_erases_an_upload_by_typing_its_number(council: Council) -> None:
    council.accept(table(row(24, note="Signed off")), note="a name that must go")
    council.accept(table(row(26)))
    for who in (ANN, EVE):
        at = page("history", who, upload="1")
        assert not [each for each in at.expander if "Erase" in each.label]
        assert "Who took unprotected rows away" not in said(at)
    at = page_here("history", upload="1")
    fill_and_erase(at, 1, "asked for under the law", "1")
    assert council.store.version() == 2
    assert "type “erase 1”" in said(at)
    fill_and_erase(at, 1, "", "erase 1")
    assert "Say why" in at.error[0].value
    fill_and_erase(at, 1, "asked for under the law", " Erase  1 ")
    assert council.store.version() == 3
    assert "Upload 1 is erased" in at.success[0].value
    told = about(at)
    assert told["State"].startswith("Erased")
    assert "a name that must go" not in said(at)
    assert "quarter.csv" not in repr(told)
    entries = next(each for each in short_tables(at) if each.columns[0] == "Data version")
    assert entries["Done"].tolist() == ["Accepted", "Erased"]
    assert entries["Reason"].tolist() == ["", "asked for under the law"]
    assert "(on this machine, account " in entries["By"][1]
    assert not [each for each in at.expander if "Erase" in each.label]
    labels = [button.proto.label for button in at.get("download_button")]
    assert "Download the original file" not in labels
    earlier = page("local_figures", None, authority="Leeds", as_at="1")
    assert "Upload 1 was erased since, for good" in said(earlier)
    assert "47%" not in said(earlier)
    check(at)


def fill_and_erase(at: Any, number: int, reason: str, typed: str) -> None:
    reason_box = next(each for each in at.text_input if each.label.startswith("Reason (kept in the ledger; nothing"))
    typed_box = next(each for each in at.text_input if each.label.startswith("Type"))
    reason_box.set_value(reason)
    typed_box.set_value(typed)
    next(each for each in at.button if each.label == f"Erase upload {number}").click()
    with patch.object(type(st.context), "headers", {"careleavers-origin": "local"}):
        at.run()


def test_what_the_command_line_did_is_marked(council: Council) -> None:
    person = Person("command line", "ann", "Ann Ames", "administrator")
    council.accept(GOOD, person)
    at = page("history", ANN, authority="Leeds")
    assert about(at)["Uploaded"].startswith("By Ann Ames (by command line, account ann) on ")
    entries = next(each for each in short_tables(at) if each.columns[0] == "Data version")
    assert entries["By"].tolist() == ["Ann Ames (by command line, account ann)"]
    assert "(by command line, account ann)" in values(at)["From"][0]


def test_a_version_that_cannot_be_made_is_said_to_officers(council: Council) -> None:
    council.accept()
    assert council.shown()["eet"] == 50.0
    council.accept(CATALOGUE, name="ours.csv")
    council.store._database.write(
        lambda c: c.execute("UPDATE store.catalogue SET cells = '[broken](https://x.example)'")
    )
    for name in ("history", "upload"):
        at = page(name, ANN)
        (warning,) = [each.value for each in at.warning if "cannot be shown" in each.value]
        assert "data version 1" in warning
        assert "reference" in warning
    at = page("local_figures", None, authority="Leeds")
    assert "cannot be read at the moment" in said(at)
    assert "50%" in said(at)


def test_a_damaged_store_is_not_called_empty(council: Council, tmp_path: Any) -> None:
    council.accept()
    council.store._database.close()
    path = Path(council.store._address.target)
    path.write_text("Dear all, please find attached")
    started = Versions(Store(read_address(str(path))))
    with patch.object(figures, "versions", lambda: started):
        for name in ("history", "upload"):
            text = said(page(name, ANN))
            assert "damaged or is not a store" in text
            assert "restore-backup" in text
            assert words.NOTHING_YET not in text
        text = said(page("local_figures", None, authority="Leeds"))
        assert "cannot be read at the moment" in text
        assert "No local figures yet" not in text
        assert "No council has uploaded" not in text


def test_rows_that_mean_nothing_any_more_stop_neither_pages_nor_uploads(council: Council) -> None:
    old = upload(
        figure(3.0, indicator="abolished"),
        figure(21.0, indicator="neet", age_group="99"),
        figure(20.0, numerator=4.0, denominator=20.0, indicator="neet"),
    )
    council.store.accept(old, EVE)
    council.store.accept(upload(figure(3.0, area_code="E06099999")), EVE)
    council.store._database.write(
        lambda connection: connection.execute(
            "INSERT INTO store.figures SELECT * REPLACE ('draft' AS layer, NULL AS age_group, NULL AS basis) "
            "FROM store.figures WHERE upload = 1"
        )
    )
    council.accept(GOOD, ANN)
    assert council.shown()["eet"] == 50.0
    for name in ("history", "upload"):
        for who in (ANN, EVE):
            at = page(name, who, authority="Leeds")
            check(at)
            assert "Upload 1: 1 figure of Leeds is left out" in said(at)
            assert ("the authority E06099999 is not one" in said(at)) == (who is EVE)
    for name in ("local_figures", "trends", "inspections"):
        for query in ({}, {"as_at": "1"}):
            check(page(name, None, authority="Leeds", **query))
