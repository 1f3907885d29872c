"""What councils write, from the officer who writes it to the member who reads it: a comment, a plan, a watch list, questions in a report."""

import io
import re
from pathlib import Path

from conftest import Server, move, serious_findings, settled, visit
from docx import Document
from playwright.sync_api import Page, expect
from who_signs_in import ISSUER, put_cookie

PLAN = (
    "action_id,inspection,recommendation,action,owner,original_due,due,rag,progress,as_at\n"
    "1,\"Inspection, July 2025\",Homes,Open a second hub,Head of service,31/12/2024,31/03/2025,amber,The lease is signed,31/01/2025\n"
    "2,\"Inspection, July 2025\",Plans,Audit pathway plans,Head of service,,30/09/2030,green,,31/01/2025\n"
)  # fmt: skip


def test_what_an_officer_writes_is_read_by_members_as_far_as_they_may(page: Page, office: Server) -> None:
    compare, plan, watch_list = (
        f"{office.url}/{name}"
        for name in (
            "compare?authority=Leeds&indicator=eet&age=19-21",
            "improvement_plan?authority=Leeds",
            "watch_list?authority=Leeds",
        )
    )
    # A comment, where the figure is.
    put_cookie(page, office.url, ISSUER, 3600)
    visit(page, compare)
    page.get_by_text("Add a comment").click()
    page.get_by_role("textbox", name="Why did it move, and what is being done?").fill(
        "Two young people moved. A new hub opens in May."
    )
    page.get_by_text("Everybody who can open this dashboard").click()
    page.get_by_role("button", name="Save the comment").click()
    expect(page.get_by_text("such a small number may show who they are")).to_be_visible()
    settled(page)
    assert serious_findings(page) == ""
    page.get_by_role("textbox", name="Why did it move, and what is being done?").fill("A new hub opens in May.")
    page.get_by_role("button", name="Save the comment").click()
    expect(page.get_by_text("The comment was saved.")).to_be_visible()
    # A plan, as a file.
    move(page, plan)
    files = {"name": "plan.csv", "mimeType": "text/csv", "buffer": PLAN.encode()}
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(files)
    expect(page.get_by_text("2 actions: 1 amber and 1 green.")).to_be_visible()
    settled(page)
    assert serious_findings(page) == ""
    page.get_by_text("Everybody who can open this dashboard").click()
    page.get_by_role("button", name="Accept this version").click()
    expect(page.get_by_text("The plan is accepted.")).to_be_visible()
    # A target, for officers only.
    move(page, watch_list)
    page.get_by_label("Target", exact=True).fill("50")
    page.get_by_role("button", name="Add the target").click()
    expect(page.get_by_text("The watch list is saved.")).to_be_visible()
    expect(page.get_by_text(re.compile("it would take 27 more young people")).first).to_be_visible()
    settled(page)
    assert serious_findings(page) == ""

    # Somebody who has not signed in.
    page.context.clear_cookies()
    visit(page, compare)
    said = page.get_by_role("region", name="Leeds: the council’s own words")
    expect(said.get_by_text("A new hub opens in May.")).to_be_visible()
    expect(said.get_by_text(re.compile("^Jo ‹?.*Officer"))).to_be_visible()
    expect(page.get_by_text("Add a comment")).to_have_count(0)
    move(page, plan)
    expect(page.get_by_text("1 action overdue on")).to_be_visible()
    expect(page.get_by_text("The lease is signed").first).to_be_visible()
    assert serious_findings(page) == ""
    assert page.get_by_test_id("stFileUploader").count() == 0
    move(page, watch_list)
    expect(page.get_by_text("No watch list of this council can be seen here.")).to_be_visible()


def test_questions_are_ticked_and_go_into_a_report_that_is_downloaded(
    page: Page, server: Server, tmp_path: Path
) -> None:
    visit(page, f"{server.url}/questions?authority=Leeds")
    first, second = (page.locator(".cl-question h2").nth(place).inner_text()[3:] for place in (0, 1))
    page.get_by_text("Take question 2 to the meeting").click()
    expect(page.get_by_role("heading", name="Questions to take to the meeting")).to_be_visible()
    settled(page)
    assert serious_findings(page) == ""
    page.get_by_role("link", name="Put them into a report").click()
    expect(page.get_by_role("heading", name="Report", exact=True)).to_be_visible()
    expect(page.get_by_text(second, exact=True)).to_be_attached(timeout=60_000)
    settled(page)
    expect(page.get_by_text(first, exact=True)).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Make Word")).click()
    ready = page.get_by_role("button", name=re.compile("^(Save|Download).*Word"))
    expect(ready).to_be_visible(timeout=60_000)
    with page.expect_download() as waiting:
        ready.click()
    waiting.value.save_as(tmp_path / "report.docx")
    text = "\n".join(each.text for each in Document(io.BytesIO((tmp_path / "report.docx").read_bytes())).paragraphs)
    assert second in text
    assert first not in text
