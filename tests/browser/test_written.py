"""What councils write, from the officer who writes it to the member who reads it: a comment, a plan, a watch list, questions in a report."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Server, move, running, serious_findings, settled, visiting
from docx import Document
from playwright.sync_api import Browser, Page, expect
from test_sign_in import put_cookie, secrets

# Nobody asks it anything: the officer comes with the cookie of a sign-in.
ISSUER = "https://id.example"
PLAN = (
    "action_id,inspection,recommendation,action,owner,original_due,due,rag,progress,as_at\n"
    "1,\"Inspection, July 2025\",Homes,Open a second hub,Head of service,31/12/2024,31/03/2025,amber,The lease is signed,31/01/2025\n"
    "2,\"Inspection, July 2025\",Plans,Audit pathway plans,Head of service,,30/09/2030,green,,31/01/2025\n"
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-in and a store of its own."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "secrets.toml").write_text(secrets(ISSUER, "open"), encoding="utf-8")
    env = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "STORE_URL": str(folder / "uploads.duckdb")}
    with running(folder / "log", env=env) as started:
        yield started


@pytest.fixture(scope="module")
def people(browser: Browser, office: Server) -> Iterator[tuple[Page, Page]]:
    """An officer of Leeds, and somebody who has not signed in; they go on from test to test."""
    with visiting(browser) as opened:
        officer, member = opened(), opened()
        put_cookie(officer, office, ISSUER, 600)
        yield officer, member


def test_a_comment_is_written_where_the_figure_is_and_read_there(people: tuple[Page, Page], office: Server) -> None:
    officer, member = people
    address = f"{office.url}/compare?authority=Leeds&indicator=eet&age=19-21"
    move(officer, address)
    officer.get_by_text("Add a comment").click()
    officer.get_by_role("textbox", name="Why did it move, and what is being done?").fill(
        "Two young people moved. A new hub opens in May."
    )
    officer.get_by_text("Everybody who can open this dashboard").click()
    officer.get_by_role("button", name="Save the comment").click()
    expect(officer.get_by_text("such a small number may show who they are")).to_be_visible()
    settled(officer)
    assert serious_findings(officer) == ""
    officer.get_by_role("textbox", name="Why did it move, and what is being done?").fill("A new hub opens in May.")
    officer.get_by_role("button", name="Save the comment").click()
    expect(officer.get_by_text("The comment was saved.")).to_be_visible()
    move(member, address)
    said = member.get_by_role("region", name="Leeds: the council’s own words")
    expect(said.get_by_text("A new hub opens in May.")).to_be_visible()
    expect(said.get_by_text(re.compile("^Jo ‹?.*Officer"))).to_be_visible()


def test_questions_are_ticked_and_go_into_a_report_that_is_downloaded(
    people: tuple[Page, Page], office: Server, tmp_path: Path
) -> None:
    _, member = people
    move(member, f"{office.url}/questions?authority=Leeds")
    first, second = (member.locator(".cl-question h2").nth(place).inner_text()[3:] for place in (0, 1))
    member.get_by_text("Take question 2 to the meeting").click()
    expect(member.get_by_role("heading", name="Questions to take to the meeting")).to_be_visible()
    settled(member)
    assert serious_findings(member) == ""
    member.get_by_role("link", name="Put them into a report").click()
    expect(member.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    expect(member.get_by_text(second, exact=True)).to_be_attached(timeout=60_000)
    settled(member)
    expect(member.get_by_text(first, exact=True)).to_have_count(0)
    assert serious_findings(member) == ""
    member.get_by_role("button", name=re.compile("^Make Word")).click()
    ready = member.get_by_role("button", name=re.compile("^(Save|Download).*Word"))
    expect(ready).to_be_visible(timeout=60_000)
    with member.expect_download() as waiting:
        ready.click()
    waiting.value.save_as(tmp_path / "report.docx")
    text = "\n".join(each.text for each in Document(io.BytesIO((tmp_path / "report.docx").read_bytes())).paragraphs)
    assert second in text
    assert first not in text


def test_a_plan_is_uploaded_and_members_see_what_is_overdue(people: tuple[Page, Page], office: Server) -> None:
    officer, member = people
    address = f"{office.url}/improvement_plan?authority=Leeds"
    move(officer, address)
    files = {"name": "plan.csv", "mimeType": "text/csv", "buffer": PLAN.encode()}
    officer.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(files)
    expect(officer.get_by_text("2 actions: 1 amber and 1 green.")).to_be_visible()
    settled(officer)
    assert serious_findings(officer) == ""
    officer.get_by_text("Everybody who can open this dashboard").click()
    officer.get_by_role("button", name="Accept this version").click()
    expect(officer.get_by_text("The plan is accepted.")).to_be_visible()
    move(member, address)
    expect(member.get_by_text("1 action overdue on")).to_be_visible()
    expect(member.get_by_text("The lease is signed").first).to_be_visible()
    assert serious_findings(member) == ""
    assert member.get_by_test_id("stFileUploader").count() == 0


def test_a_target_is_typed_and_what_is_missed_is_seen(people: tuple[Page, Page], office: Server) -> None:
    officer, member = people
    address = f"{office.url}/watch_list?authority=Leeds"
    move(officer, address)
    officer.get_by_label("Target", exact=True).fill("50")
    officer.get_by_role("button", name="Add the target").click()
    expect(officer.get_by_text("The watch list is saved.")).to_be_visible()
    expect(officer.get_by_text(re.compile("it would take 27 more young people")).first).to_be_visible()
    settled(officer)
    assert serious_findings(officer) == ""
    move(member, address)
    expect(member.get_by_text("No watch list of this council can be seen here.")).to_be_visible()
