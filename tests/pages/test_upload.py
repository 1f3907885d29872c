"""The Upload page: who may use it, what it says about a file, and that it keeps nothing it should not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.access.people import NotAllowed
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.rules import RULES
from careleavers.intake.template import COLUMNS
from careleavers.store import StoreUnavailable
from careleavers.ui import private
from careleavers.ui.pages import ROOT
from careleavers.ui.server.stopping import STOPPING
from careleavers.ui.upload_template import last_quarters
from careleavers.views.upload import words
from tests.importer.releases import activity
from tests.intake.test_releases import published
from tests.pages.opened import check
from tests.short_tables import short_tables
from tests.upload_service import (
    ANN,
    BAD,
    CATALOGUE,
    EVE,
    EVENTS,
    GOOD,
    LEEDS,
    LOU,
    VIEWER,
    YAN,
    Council,
    open_pages,
    page,
    page_here,
    row,
    said,
    table,
)

EVIL = "<script>alert(1)</script> *b* [x](http://evil.example) =1+1 \x07\x1b[31m `c` $x$"


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def give(at: AppTest, content: bytes = GOOD, name: str = "quarter.csv") -> AppTest:
    at.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not at.exception
    return at


def accept(at: AppTest, *, confirm: bool = False, note: str = "") -> AppTest:
    if confirm:
        at.checkbox[0].check()
    if note:
        at.text_area[0].set_value(note)
    next(button for button in at.button if button.label.startswith(("Accept", "Send"))).click().run()
    assert not at.exception
    return at


def buttons(at: AppTest) -> list[str]:
    return [button.label for button in at.button if button.label != "Sign out"]


def held(at: AppTest) -> set[str]:
    """What the session keeps from a file."""
    return {key for key in ("_upload_file", "_examined", "_upload_preview") if key in at.session_state}


def test_closed_to_everybody_but_officers(council: Council) -> None:
    closed = [
        (page("upload", None), "To upload figures, sign in as an officer."),
        (page("upload", VIEWER), "you need the role of an officer, which Vic Vale does not have"),
        (page("upload", ANN, access={"approval": "maybe"}), "Uploading is closed: sign-in is not set up correctly."),
        (page_here("upload", "this visit comes through a proxy"), "no sign-in is set up, and this visit comes through"),
    ]
    for at, why in closed:
        assert why in said(at)
        assert not at.file_uploader
        assert not at.get("download_button")
        assert [each.value for each in at.header] == []


def test_one_person_s_machine_is_open_and_says_so(council: Council) -> None:
    at = page_here("upload", authority="Leeds")
    assert "uploads work only on this machine" in said(at)
    assert len(at.file_uploader) == 1


def test_an_officer_gets_a_template_of_their_own_authorities(council: Council) -> None:
    at = page("upload", ANN)
    assert at.selectbox(key="_template_authority").options == ["Leeds"]
    everywhere = page("upload", EVE, authority="Leeds")
    options = everywhere.selectbox(key="_template_authority").options
    assert len(options) > 150
    assert options[-1] == f"All {len(options) - 1} authorities"
    assert everywhere.selectbox(key="_template_authority").value == LEEDS
    check(everywhere)


@pytest.mark.parametrize(
    ("day", "newest"),
    [
        ("2026-11-22", "2026-09-30"),
        ("2026-12-31", "2026-09-30"),
        ("2027-01-01", "2026-12-31"),
        ("2026-04-01", "2026-03-31"),
    ],
)
def test_a_template_is_of_a_quarter_that_has_ended(day: str, newest: str) -> None:
    import datetime as dt

    ends = last_quarters(dt.date.fromisoformat(day), 5)
    assert ends[0].isoformat() == newest
    assert len({(end.year, end.month) for end in ends}) == 5
    assert ends == sorted(ends, reverse=True)


def test_a_file_with_mistakes_is_told_cell_by_cell(council: Council) -> None:
    at = give(page("upload", authority="Leeds"), BAD)
    check(at)
    assert "2 things must be fixed, 1 to confirm and 5 for information." in said(at)
    heads = [each.value.split("\n")[0] for each in at.markdown if each.value.startswith("### ")]
    assert heads == ["### Must be fixed first (2)", "### Please confirm (1)", "### For information (5)"]
    unknown = next(found for found in short_tables(at) if found.iloc[0, 0] == "C3")
    assert list(unknown.columns) == ["Where", "Found", "Expected", "How to fix it"]
    assert unknown["Found"].tolist() == ["neets"]
    assert [each.label for each in at.expander if each.proto.expanded] == [
        "Unknown indicator (1)", "Not a number (1)", "Exactly 0% or 100% (1)",
    ]  # fmt: skip
    assert [each.value for each in at.header] == [
        "1. Start from the template",
        "2. Give us the file",
        "3. What we found",
    ]
    assert buttons(at) == []
    assert council.store.version() == 0


def test_a_file_of_another_authority_is_not_taken(council: Council) -> None:
    at = give(page("upload", YAN))
    assert "Must be fixed first" in said(at)
    assert "4. What accepting it would change" not in said(at)


def test_a_store_that_goes_before_the_preview_is_said_and_stops_nothing_else(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as gone:
        gone.setattr(
            council.store, "snapshot", lambda *_, **__: (_ for _ in ()).throw(StoreUnavailable("It is out of reach."))
        )
        at = give(page("upload", authority="Leeds"))
    assert [each.value for each in at.warning] == ["It is out of reach."]
    assert not at.get("plotly_chart")
    # A server that is about to stop says at once that a file is accepted.
    monkeypatch.setattr(STOPPING, "begun", True)
    at = accept(at)
    assert [each.value for each in at.success if "is accepted" in each.value]
    assert council.store.version() == 1


def test_a_good_file_is_previewed_accepted_and_let_go(council: Council) -> None:
    at = give(page("upload", authority="Leeds"))
    check(at)
    assert "4 new." in said(at)
    chart = at.get("plotly_chart")[0].proto
    assert "not accepted yet" in chart.spec
    assert council.store.version() == 0
    assert held(at) == {"_upload_file", "_examined", "_upload_preview"}
    preview = at.session_state["_upload_preview"][1]
    accept(at, note="Signed off by the head of service")
    assert [each.value for each in at.success] == ["Upload 1 with 4 rows is accepted and shows from now on."]
    assert held(at) == set()
    with pytest.raises(Exception, match="No catalog"):
        preview.query("authorities")
    assert at.file_uploader[0].value is None
    assert council.shown()["eet"] == 50.0
    assert council.store.uploads()["note"].tolist() == ["Signed off by the head of service"]
    # It is said once.
    assert not at.run().success


def test_exact_counts_are_in_the_officer_s_own_table_and_not_in_what_viewers_would_see(council: Council) -> None:
    few = row(6, 12, indicator="in_touch", age_group="17-18")
    at = give(page("upload", authority="Leeds"), table(row(3, 977), row(2, 977, indicator="bed_and_breakfast"), few))
    assert "3 new; 1 hidden from viewers." in said(at)
    assert not [each for each in at.get("plotly_chart") if "0.3%" in each.proto.spec or "0.30" in each.proto.spec]
    shown = at.dataframe[0].value
    seen = dict(zip(shown["Now"], shown["Viewers see it"], strict=True))
    assert seen == {
        "0.3% (3 of 977)": "yes, rounded", "0.2% (2 of 977)": "yes, rounded", "50.0% (6 of 12)": "no, hidden",
    }  # fmt: skip
    # Nothing stays of a file that is left behind.
    assert held(at) == {"_upload_file", "_examined", "_upload_preview"}
    at.switch_page(str(ROOT / "pages" / "local_figures.py")).run()
    assert held(at) == set()


REFUSED = [
    (
        b"authority_code,UPN,DOB,Forename\nE08000035,A123,2007-01-02,Jo Bloggs\n",
        "young people.csv",
        "individual young people",
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.xls", "old Excel workbook"),
    (b"a," * 20_000, "wide.csv", "more than 1,000 columns"),
    # The picker refuses no type: a file that is not a table gets a message.
    (b"From: a@b\nTo: c@d\nSubject: figures\nMIME-Version: 1.0\n\nHello\n", "figures.eml", "This is a mail"),
    (b"%PDF-1.7\n", "figures.pdf", "This is a PDF document"),
    (b"", "empty.csv", "empty"),
]


def test_a_refused_file_leaves_a_sentence_and_nothing_else(
    council: Council, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    real = private.MemoryUploadedFileManager.remove_file
    monkeypatch.setattr(
        private.MemoryUploadedFileManager,
        "remove_file",
        lambda self, session_id, file_id: (removed.append(file_id), real(self, session_id, file_id))[1],
    )
    at = page("upload", authority="Leeds")
    for content, name, why in REFUSED:
        removed.clear()
        give(at, content, name)
        assert [words.REFUSED in each.value and why in each.value for each in at.error] == [True], name
        assert held(at) == set()
        assert len(removed) == 1
        assert at.file_uploader[0].value is None
        assert "Jo Bloggs" not in str(at.session_state) + said(at) + caplog.text
        assert "A123" not in said(at) + caplog.text
        assert "3. What we found" not in said(at)
    assert council.store.version() == 0


def test_what_is_to_confirm_is_confirmed_or_nothing_happens(council: Council) -> None:
    at = give(page("upload", authority="Leeds"), table(row(0, 30, indicator="staying_put", age_group="18")))
    accept(at, note="Checked with the team")
    assert "tick the box" in at.warning[0].value
    assert council.store.version() == 0
    assert at.text_area[0].value == "Checked with the team"
    accept(at, confirm=True)
    assert council.store.uploads()["note"].tolist() == ["Checked with the team"]


def test_the_second_of_two_officers_is_told_what_changed_and_who_was_first_with_the_same_file(council: Council) -> None:
    at = give(page("upload", LOU, authority="Leeds"), table(row(29)))
    council.accept(table(row(24)))
    accept(at, note="mine")
    assert "changed after the preview was made" in at.warning[0].value
    assert council.store.version() == 1
    # The file is still there, compared with the figures now held.
    assert "1 restated" in said(at)
    assert at.text_area[0].value == "mine"
    accept(at, confirm=True)
    assert council.shown() == {"eet": 60.0}
    # The same file once more changes nothing.
    at = accept(give(page("upload", ANN, authority="Leeds"), table(row(29))), confirm=False)
    assert "This very file is here already" in at.warning[0].value.replace("\\", "")
    assert "Lou Lee uploaded it" in at.warning[0].value
    assert council.store.version() == 2
    assert held(at) == set()


def test_what_the_store_refuses_is_said_in_place_and_the_file_stays(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = give(page("upload", authority="Leeds"))
    note = "mine"
    for problem in (StoreUnavailable("The store is out of reach."), NotAllowed("Ann Ames may not upload.")):

        def refuse(*_: Any, problem: Exception = problem, **__: Any) -> None:
            raise problem

        with monkeypatch.context() as refusing:
            refusing.setattr(council.store, "accept", refuse)
            accept(at, note=note)
        assert [each.value for each in at.error] == [str(problem)]
        assert "_examined" in held(at)
        assert at.text_area[0].value == "mine"
        note = ""
    accept(at)
    assert [each.value for each in at.success] == ["Upload 1 with 4 rows is accepted and shows from now on."]


def test_a_store_out_of_reach_while_checking_is_tried_again(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("The store is out of reach.")

    at = page("upload", authority="Leeds")
    with monkeypatch.context() as out_of_reach:
        out_of_reach.setattr(council.store, "figures", refuse)
        give(at)
        assert [each.value for each in at.error] == ["The store is out of reach."]
        assert buttons(at) == [words.AGAIN]
    next(each for each in at.button if each.label == words.AGAIN).click().run()
    assert "4 new" in said(at)


def test_with_approval_an_upload_waits_and_shows_nothing(council: Council) -> None:
    at = give(page("upload", authority="Leeds", access={"approval": "second-person"}))
    assert "A second officer has to approve it" in said(at)
    assert buttons(at) == ["Send as provisional to be approved"]
    accept(at)
    assert "waits for a second officer" in at.success[0].value
    assert council.shown() == {}
    assert council.store.uploads()["state"].tolist() == ["proposed"]


def test_final_figures_take_the_place_of_provisional_ones(council: Council) -> None:
    council.accept(table(row(24)))
    at = page("upload", authority="Leeds", layer="final")
    give(at, table(row(29)))
    assert buttons(at) == ["Accept as final"]
    accept(at, confirm=bool(at.checkbox))
    assert council.shown() == {"eet": 60.0}
    assert council.store.uploads()["layer"].tolist() == ["final", "provisional"]


def test_indicators_and_events_say_what_they_add(council: Council) -> None:
    at = give(page("upload", authority="Leeds"), CATALOGUE, "ours.csv")
    assert "Definitions: 1 indicator is added: Care leavers with driving lessons." in said(at)
    entries = short_tables(at)[-1]
    assert entries[["Effect", "Id", "Polarity"]].to_numpy().tolist() == [["New", "driving_lessons", "high"]]
    accept(at, confirm=bool(at.checkbox))
    template = page("definitions", ANN, indicator="driving_lessons")
    assert "Lessons that we pay." in said(template)
    at = give(at, EVENTS, "visits.csv")
    assert "Inspections: 1 event of Leeds is added." in said(at)
    accept(at, confirm=bool(at.checkbox))
    assert "14 October 2025" in said(page("inspections", None, authority="Leeds"))


def test_texts_from_files_and_people_stay_texts(council: Council) -> None:
    content = table(row("<script>alert(2)</script>", note=EVIL), row(5, indicator="**neet** <img src=x>"))
    at = give(page("upload", authority="Leeds"), content, f"{EVIL[:30]}.csv")
    bodies = "".join(each.proto.body for each in at.get("html"))
    assert "&lt;script&gt;alert(2)" in bodies
    assert "<script" not in bodies
    assert "<img src=x" not in bodies
    assert not any("<script>alert(1)" in each.value for each in at.markdown)
    short_tables(at)  # well-formed
    assert "\x1b" not in bodies


def test_an_indicator_s_name_cannot_draw_or_run_anything(council: Council) -> None:
    title = "Lessons <b>paid</b> <script>alert(3)</script> [x](http://evil.example)"
    council.accept(CATALOGUE.replace(b"Care leavers with driving lessons", title.encode()), name="ours.csv")
    at = give(page("upload", authority="Leeds"), table(row(12, 40, indicator="driving_lessons")))
    accept(at, confirm=bool(at.checkbox))
    shown = page("local_figures", None, authority="Leeds")
    for found in (at, shown):
        assert "<script" not in "".join(each.proto.body for each in found.get("html"))
        for chart in found.get("plotly_chart"):
            spec = json.dumps(json.loads(chart.proto.spec))
            assert "<script" not in spec
            assert "<b>paid" not in spec


def test_a_long_report_lists_200_of_a_rule_and_counts_the_rest(council: Council) -> None:
    many = table(*(row(number, 51, indicator=f"made_up_{number}") for number in range(260)))
    at = give(page("upload", authority="Leeds"), many)
    unknown = max(short_tables(at), key=len)
    assert len(unknown) == words.MOST_LISTED
    assert "And 60 more cells, all in the checked file." in said(at)


def test_the_guide_names_every_check_and_column() -> None:
    guide = " ".join((ROOT / "docs" / "UPLOADS.md").read_text(encoding="utf-8").split()).lower()
    assert [rule.title for rule in RULES.values() if rule.title.lower() not in guide] == []
    assert [column for column in COLUMNS if f"`{column}`" not in guide] == []


def test_a_release_is_drawn_as_it_would_be_and_changes_nothing_until_accepted(council_of_outcomes: Council) -> None:
    rows = [
        *activity(LEEDS, 2026, 450, 30, 20, layout="2025"),
        *activity("E92000001", 2026, 300, 150, 50, layout="2025"),
    ]
    before = council_of_outcomes.versions.newest().version
    at = give(page("upload", EVE, authority="Leeds"), published(rows), "la_care_leavers_activity.csv")
    (chart,) = at.get("plotly_chart")
    assert "Leeds: 90% in education, employment or training in the year to March 2026" in chart.proto.alt
    assert said(at).count("Figures of Leeds: 4 measures gain the year to 31 March 2026.") == 1
    assert not [each for each in at.get("html") if "Download PNG" in each.proto.body]
    assert at.selectbox(key="_preview_measure").options[0] == "In education, work or training, aged 19 to 21"
    check(at)
    assert council_of_outcomes.versions.newest().version == before
    preview = at.session_state["_upload_preview"][1]
    at.file_uploader[0].set_value(None).run()
    assert held(at) == set()
    with pytest.raises(duckdb.Error):
        preview.query("indicators")
