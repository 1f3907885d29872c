"""The Improvement plan page: what members read, and what officers can do with it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.access.people import THIS_MACHINE, Person
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.plan_template import example_csv
from careleavers.views.improvement_plan import keeping
from careleavers.views.improvement_plan.keeping import PLAN
from careleavers.views.keeping import expected, save
from careleavers.wording.exports import csv_bytes
from tests.intake.test_plan import ACTION, as_csv
from tests.pages.opened import check
from tests.short_tables import short_tables
from tests.upload_service import ANN, LEEDS, LOU, VIEWER, YAN, Council, open_pages, page, said

FIRST = (
    ACTION | {"action_id": "A1", "rag": "red", "due": "31/03/2025", "original_due": "31/12/2024", "as_at": "31/01/2025",
              "inspection": "Inspection, May 2022", "indicator": "", "progress": "No mentors yet", "owner": "Head of service"},
    ACTION | {"action_id": "A2", "rag": "green", "due": "30/09/2030", "original_due": "", "as_at": "31/01/2025",
              "inspection": "Scrutiny review, June 2024", "indicator": "", "progress": "", "owner": "Virtual school"},
)  # fmt: skip
SECOND = (
    FIRST[0] | {"rag": "amber", "due": "30/06/2025", "as_at": "30/06/2025", "progress": "Five mentors of ten"},
    FIRST[1] | {"action_id": "A3", "rag": "complete", "as_at": "30/06/2025"},
)
# The chart of a measure takes a third of a page's time.
MEASURED = {"indicator": "eet 19-21"}
SECOND_PERSON = {"approval": "second-person"}
EVIL = "<script>alert(1)</script> **b** [x](http://evil.example) $x$ :red[y]"


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def keep(council: Council, *rows: dict[str, str], public: bool = True, content: bytes = b"") -> None:
    """Accept a plan of Leeds."""
    checked = keeping.check_plan(
        content or as_csv(*rows), "plan.csv", council.service.reference(), council.service.places(), dt.date.today(), 5
    )
    documents = council.store.documents
    save(
        documents, PLAN, LEEDS, keeping.plan_content(checked, confirmed=True), ANN, public=public,
        expected=expected(documents, PLAN, LEEDS, ANN),
    )  # fmt: skip


def give(at: AppTest, content: bytes, name: str = "plan.csv") -> AppTest:
    at.file_uploader[0].set_value((name, content, "text/csv")).run()
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def test_without_an_authority_and_without_a_plan(council: Council) -> None:
    assert "Choose a council to see its plan" in said(page("improvement_plan", VIEWER))
    at = page("improvement_plan", VIEWER, authority="Leeds")
    assert "No improvement plan of this council can be seen here" in said(at)
    assert not at.file_uploader
    assert "No plan has been uploaded" in said(page("improvement_plan", ANN, authority="Leeds"))


def test_members_see_how_the_actions_stand_what_is_late_and_what_changed(council: Council) -> None:
    keep(council, FIRST[0] | MEASURED, FIRST[1])
    keep(council, SECOND[0] | MEASURED, SECOND[1])
    at = page("improvement_plan", VIEWER, authority="Leeds")
    check(at)
    text = said(at)
    assert "**2 actions: 1 amber and 1 complete.** 1 action overdue on" in text
    assert "The date of 1 action has been moved: action A1 twice." in text
    assert "as at 30 June 2025, uploaded by Ann Ames" in text
    assert "3 actions changed since the version before (as at 31 January 2025)" in text
    changes = next(table for table in short_tables(at) if "What changed" in table.columns and "Action" in table.columns)
    assert changes["What changed"].tolist() == [
        "New in the plan; complete, due 30 September 2030",
        "Taken out of the plan",
        "Status better; amber (was red); due 30 June 2025 (was 31 March 2025)",
    ]
    # Red, amber and green are words as well as colours.
    assert "<span>Amber</span>" in text
    assert "Five mentors of ten" in text
    # How the area was judged.
    assert "judged outstanding for care leavers in July 2025" in text
    # The figure that the action is meant to move, since it began.
    (chart,) = at.get("plotly_chart")
    assert "In education, work or training" in chart.proto.spec or "education" in chart.proto.alt
    assert "does not show that the action worked" in text
    assert not at.file_uploader


def test_the_plan_is_narrowed_by_the_link(council: Council) -> None:
    keep(council, *FIRST)
    at = page(
        "improvement_plan", VIEWER, authority="Leeds", inspection="Scrutiny review, June 2024", since="2025-03-01"
    )
    check(at)
    assert "**1 action: 1 green.**" in said(at)
    assert at.query_params["inspection"] == "Scrutiny review, June 2024"
    at = page("improvement_plan", VIEWER, authority="Leeds", owner="Nobody")
    assert "The link asked for the owner “Nobody”" in said(at)


def test_what_changed_since_the_last_meeting(council: Council) -> None:
    keep(council, *FIRST)
    keep(council, *SECOND)
    keep(council, SECOND[0] | {"rag": "complete", "as_at": "31/08/2025"}, SECOND[1])
    at = page("improvement_plan", VIEWER, authority="Leeds", since="2025-03-01")
    text = said(at)
    assert "changed since 1 March 2025 (compared with the plan as at 31 January 2025)" in text
    assert "1 action changed since the version before (as at 30 June 2025)" in text


def test_a_plan_for_officers_is_read_by_no_member(council: Council) -> None:
    keep(council, *FIRST, public=False)
    for person in (VIEWER, None, YAN):
        text = said(page("improvement_plan", person, authority="Leeds"))
        assert "mentor" not in text
    at = page("improvement_plan", ANN, authority="Leeds")
    assert "For officers of this council only" in said(at)
    assert "mentor" in said(at)


def test_an_officer_checks_previews_and_accepts(council: Council) -> None:
    at = give(page("improvement_plan", ANN, authority="Leeds"), as_csv(FIRST[0] | {"rag": "blue"}))
    assert "1 thing must be fixed" in said(at)
    assert any("Found" in table.columns for table in short_tables(at))
    assert "Accept this version" not in [button.label for button in at.button]
    give(at, as_csv(FIRST[0] | {"progress": "2 young people have one"}, FIRST[1]))
    assert "It is the first version of the plan here." in said(at)
    press(at, "Accept this version")
    assert "tick the box" in said(at)
    assert council.store.documents.length() == 0
    at.checkbox[0].check()
    at.radio[0].set_value("everybody")
    press(at, "Accept this version")
    assert "The plan is accepted" in said(at)
    assert "2 actions: 1 red and 1 green" in said(page("improvement_plan", VIEWER, authority="Leeds"))
    # The file is forgotten.
    assert "_plan_examined" not in at.session_state


def test_an_officer_goes_back_and_withdraws(council: Council) -> None:
    keep(council, *FIRST)
    keep(council, *SECOND)
    at = page("improvement_plan", ANN, authority="Leeds")
    press(at, "Go back to it")
    assert any("Say why" in str(error.value) for error in at.error)
    at.text_input[-1].set_value("Uploaded too early")
    press(at, "Go back to it")
    text = said(at)
    assert "2 actions: 1 red and 1 green" in text
    # What was undone counts as never having been: nothing moved between versions.
    assert "action A1 once" in text
    at.text_input[-1].set_value("Not for publication")
    press(at, "Withdraw the plan")
    assert "The plan is withdrawn" in said(at)
    assert "No improvement plan" in said(page("improvement_plan", VIEWER, authority="Leeds"))
    at.text_input[-1].set_value("It is agreed now")
    press(at, "Go back to it")
    assert "mentor" in said(page("improvement_plan", VIEWER, authority="Leeds"))


def test_markup_in_cells_stays_text(council: Council) -> None:
    keep(
        council,
        FIRST[0] | {"action": EVIL, "owner": EVIL, "progress": EVIL, "inspection": EVIL, "action_id": "<i>1</i>"},
        FIRST[1],
    )
    at = page("improvement_plan", VIEWER, authority="Leeds")
    check(at)
    sent = "\n".join([said(at), *(str(each.options) for each in at.selectbox)])
    for bad in ("<script", "<i>", "](http://evil", ":red[", "**b**"):
        assert bad not in sent, bad


def test_no_spreadsheet_runs_what_is_downloaded(council: Council) -> None:
    keep(council, FIRST[0] | MEASURED | {"progress": "=HYPERLINK(1)", "owner": "@SUM(1)"}, FIRST[1])
    plan = keeping.kept_plan(council.store.documents, LEEDS, ANN)
    assert plan is not None
    again = csv_bytes(pd.DataFrame(keeping.kept_rows(plan.document))).decode("utf-8-sig")
    assert "'=HYPERLINK" in again
    assert "'@SUM" in again
    # What is downloaded to be brought up to date is read as it was.
    checked = keeping.check_plan(again.encode(), "plan.csv", council.service.reference(), (), dt.date.today(), 5)
    assert [action["progress"] for action in checked.draft.actions] == ["=HYPERLINK(1)", ""]
    assert [action["indicator"] for action in checked.draft.actions] == ["eet", ""]


def test_what_is_no_plan_is_refused(council: Council) -> None:
    for content in (b"", b"name,dob,action_id,action\nx,1,2,3\n", b"%PDF-1.4", b"a" * 21_000_000):
        at = give(page("improvement_plan", ANN, authority="Leeds"), content)
        assert any("refused" in str(error.value) for error in at.error)
    assert council.store.documents.length() == 0


def test_the_example_of_the_city_of_london(council: Council) -> None:
    keep(council, content=example_csv())
    text = said(page("improvement_plan", VIEWER, authority="Leeds"))
    assert "11 actions: 2 amber, 3 green and 6 complete" in text
    assert "Just over half" in text


def test_a_second_officer_approves_what_everybody_reads(council: Council) -> None:
    def opened(person: Person | None) -> AppTest:
        return page("improvement_plan", person, access=SECOND_PERSON, authority="Leeds")

    at = give(opened(ANN), as_csv(*FIRST))
    at.radio[0].set_value("everybody")
    press(at, "Accept this version")
    assert "It waits for a second officer" in said(at)
    assert "mentor" not in said(opened(VIEWER))
    # Who proposed it may take it back, and not approve it.
    at = opened(ANN)
    assert "You proposed it" in said(at)
    assert "Approve it" not in [button.label for button in at.button]
    at = opened(LOU)
    assert "Ann Ames proposed a version of the plan" in said(at)
    assert "2 actions: 1 red and 1 green" in said(at)
    press(at, "Approve it")
    assert "It is approved" in said(at)
    text = said(opened(VIEWER))
    assert "uploaded by Ann Ames, approved by Lou Lee" in text
    assert "Waits for a second officer" not in said(opened(LOU))
    # For officers alone nobody else has to agree; nor to take something back.
    at = give(opened(ANN), as_csv(*SECOND))
    at.radio[0].set_value("officers")
    press(at, "Accept this version")
    assert "The plan is accepted" in said(at)
    assert "No improvement plan" in said(opened(VIEWER))


def test_a_version_that_waits_is_declined_or_outdated(council: Council) -> None:
    at = give(page("improvement_plan", ANN, access=SECOND_PERSON, authority="Leeds"), as_csv(*FIRST))
    at.radio[0].set_value("everybody")
    press(at, "Accept this version")
    keep(council, *SECOND, public=False)
    at = page("improvement_plan", LOU, access=SECOND_PERSON, authority="Leeds")
    assert "Another version was saved since" in said(at)
    assert "Approve it" not in [button.label for button in at.button]
    press(at, "Decline it")
    assert any("Say why" in str(error.value) for error in at.error)
    next(box for box in at.text_input if box.label.startswith("Reason, if you decline")).set_value("The old dates")
    press(at, "Decline it")
    assert "It is declined" in said(at)
    assert "Waits for a second officer" not in said(at)


def test_nobody_replaces_a_version_that_they_have_not_seen(council: Council) -> None:
    keep(council, *FIRST)
    at = give(page("improvement_plan", ANN, authority="Leeds"), as_csv(*SECOND))
    keep(council, FIRST[0] | {"rag": "complete"})
    press(at, "Accept this version")
    assert any("after you opened it" in str(error.value) for error in at.error)
    at = page("improvement_plan", ANN, authority="Leeds")
    keep(council, *FIRST)
    at.text_input[-1].set_value("Too early")
    press(at, "Withdraw the plan")
    assert any("after you opened it" in str(error.value) for error in at.error)
    # Now that it is shown, they may.
    press(at, "Withdraw the plan")
    assert "The plan is withdrawn" in said(at)


def test_who_may_read_a_version_is_said_before_going_back_to_it(council: Council) -> None:
    keep(council, *FIRST)
    keep(council, *SECOND, public=False)
    at = page("improvement_plan", ANN, authority="Leeds")
    (versions,) = [box for box in at.selectbox if box.label == "Version to go back to"]
    assert versions.options == ["Version 1, for everybody to read"]
    at.text_input[-1].set_value("Agreed")
    press(at, "Go back to it")
    assert "Version 1 is back in force, for everybody to read." in said(at)


def test_an_exact_count_in_a_plan_is_confirmed(council: Council) -> None:
    council.accept()
    at = give(page("improvement_plan", ANN, authority="Leeds"), as_csv(FIRST[0] | {"progress": "24 of 51 are in work"}))
    assert "Exact counts that readers see rounded" in said(at)
    assert "“24 of 51” may be one" in said(at)


def test_where_nobody_signs_in_readers_are_told_of_an_officer(council: Council) -> None:
    keep(council, *FIRST)
    here = Person(THIS_MACHINE, "account", "You, on this machine", "administrator")
    documents = council.store.documents
    held = documents.find("plan", LEEDS, PLAN.key, ANN)
    assert held is not None
    save(documents, PLAN, LEEDS, held.content, here, public=True, expected=1)
    text = said(page("improvement_plan", VIEWER, authority="Leeds"))
    assert "uploaded by an officer on" in text
    assert "this machine" not in text
