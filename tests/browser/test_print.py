"""Pages on paper: printed by a real browser to A4, and read back."""

import re
from collections.abc import Callable

import pypdfium2
from conftest import Server, move
from playwright.sync_api import Page, expect


def printed(page: Page) -> list[str]:
    """The words of each sheet."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=True))
    return [sheet.get_textpage().get_text_bounded() for sheet in document]


def test_what_unfolds_is_printed_whole_and_no_sheet_is_empty(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/compare?authority=Leeds")
    # What Plotly leaves behind a saved picture must not begin a sheet.
    with page.expect_download():
        page.get_by_role("button", name="Download PNG").click()
    move(page, f"{server.url}/inspections?authority=Leeds")
    expect(page.locator(".st-key-by_judgement .main-svg").first).to_be_visible()
    sheets = printed(page)
    words = "\n".join(sheets)
    # Both tables have a row for each authority, the last in the alphabet too.
    assert len(re.findall("^York ", words, re.MULTILINE)) == 2
    assert "Time from the start of Ofsted’s last full inspection" in words
    assert all(sheet.strip() for sheet in sheets)
    for control in ("Screenshot view", "Search", "Download", "Copy table", "Judgement on"):
        assert control not in words


def test_without_scripts_a_page_is_printed_with_its_finding_and_table(
    open_browser: Callable[..., Page], server: Server
) -> None:
    page = open_browser(java_script_enabled=False)
    url = f"{server.url}/compare?authority=Leeds"
    for _ in range(40):
        if 'class="cl-first-main"' in page.request.get(url).text():
            break
        page.wait_for_timeout(500)
    page.goto(url)
    words = "\n".join(printed(page))
    assert "Leeds: 46% in education, employment or training" in words
    assert "Ranked 135th of 152" in words
    assert "Isles of Scilly" in words
