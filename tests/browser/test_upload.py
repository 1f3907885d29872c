"""A quarter's figures from the template to the pages and back, through a real browser."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

from attacks import connect, rerun
from conftest import Server, move, serious_findings, settled, visit
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from test_sign_in import run
from who_signs_in import ISSUER, put_cookie

from tests.raw_figures import sent_text

ROUNDED = re.compile("25 of 5[01]")


def filled(template: str, counts: dict[str, tuple[str, str]]) -> bytes:
    """The template with numerators and denominators of care leavers aged 19 to 21."""
    rows = list(csv.DictReader(io.StringIO(template)))
    for row in rows:
        if row["age_group"] == "19-21" and row["indicator"] in counts:
            row["numerator"], row["denominator"] = counts[row["indicator"]]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def send(page: Page, content: bytes, name: str = "quarter.csv") -> None:
    files = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(files)


def give(page: Page, content: bytes) -> None:
    send(page, content)
    expect(page.get_by_role("heading", name="3. What we found")).to_be_visible(timeout=20_000)
    settled(page)


def sideways(page: Page) -> float:
    """How many pixels the page is wider than its window."""
    return page.evaluate(
        """() => Math.max(document.documentElement.scrollWidth,
                          document.querySelector('[data-testid="stMain"]').scrollWidth) - innerWidth"""
    )


def reached(page: Page, most: int = 80) -> list[str]:
    """The names of the elements reached with the Tab key, from the top of the page."""
    page.locator('[data-testid="stMain"] h1').click()
    names = []
    for _ in range(most):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(e => e.ariaLabel || e.innerText || e.labels?.[0]?.innerText || e.tagName)(document.activeElement)"
            )
        )
    return names


def stranger_receives(server: Server, page: str, query: str = "authority=Leeds") -> str:
    """All that the page sends to somebody who has just opened it and has not signed in."""

    async def received() -> str:
        texts: list[str] = []
        async with connect(urlsplit(server.url).port or 0) as socket:
            await socket.send(rerun(query, page_name=page))
            while True:
                told = ForwardMsg.FromString(await socket.recv())
                # A page that begins anew by itself says so at the end of its first run.
                early = told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
                if told.WhichOneof("type") == "script_finished" and not early:
                    return "\n".join(texts)
                texts.append(sent_text(told))

    return str(run(received()))


def both_pages_on_a_small_dark_window_and_by_keyboard(page: Page, office: Server) -> None:
    """Refuse a file and accept another with something to confirm, in a tab of a browser in which the officer is signed in."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.emulate_media(color_scheme="dark")
    visit(page, f"{office.url}/upload?authority=Leeds")
    send(page, b"UPN,DOB,Forename\nA1,2007-01-02,Jo\n", "people.csv")
    expect(page.get_by_text("The file was refused, and nothing of it is kept.")).to_be_visible(timeout=20_000)
    settled(page)
    expect(page.get_by_test_id("stFileUploaderFile")).to_have_count(0)
    assert "Forename" not in office.text()
    content = (
        "authority_code,authority_name,indicator,age_group,period,basis,numerator,denominator\n"
        "E08000035,Leeds,eet,19-21,2025/26 Q1,quarter,26,51\n"
        "E08000035,Leeds,staying_put,18,2025/26 Q1,quarter,0,30\n"
    )
    give(page, content.encode())
    expect(page.get_by_text("1 to confirm").first).to_be_visible()
    assert serious_findings(page) == ""
    assert sideways(page) <= 0
    names = " | ".join(reached(page))
    for wanted in (
        "Get a file to fill in",
        "Upload",
        "Download your file",
        "Exactly 0% or 100%",
        "Note for the",
        "Accept as",
    ):
        assert wanted in names, names
    page.get_by_text("I have looked at the 1 to confirm").click()
    page.get_by_role("button", name="Accept as provisional").click()
    expect(page.get_by_text(re.compile(r"Upload \d+ with 2 rows is accepted"))).to_be_visible(timeout=20_000)
    move(page, f"{office.url}/history?authority=Leeds")
    assert serious_findings(page) == ""
    assert sideways(page) <= 0
    names = " | ".join(reached(page))
    for wanted in ("The uploads, newest first", "Download the original file", "Reason", "Withdraw upload", "Measure"):
        assert wanted in names, names


def test_a_quarter_is_filled_in_put_right_accepted_seen_and_taken_back(
    page: Page, office: Server, tmp_path: Path
) -> None:
    """A stranger looks on all the while."""
    told = stranger_receives(office, "upload")
    assert "To upload figures, sign in as an officer." in told
    assert "file_uploader" not in told
    assert not ROUNDED.search(stranger_receives(office, "local_figures"))

    put_cookie(page, office.url, ISSUER, 3600)
    visit(page, f"{office.url}/upload?authority=Leeds")
    page.get_by_text("Get a file to fill in").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the template (CSV)").click()
    assert re.fullmatch(r"template-leeds-20\d\d-\d\d-q[1-4]\.csv", waiting.value.suggested_filename)
    waiting.value.save_as(tmp_path / "template.csv")
    template = (tmp_path / "template.csv").read_text(encoding="utf-8-sig")

    mistakes = {"eet": ("25", "51"), "neet": ("55", "51"), "activity_not_known": ("nine", "51")}
    give(page, filled(template, mistakes))
    expect(page.get_by_text("2 things must be fixed")).to_be_visible()
    wrong = page.get_by_role("region", name=re.compile("^Numerator over denominator"))
    expect(wrong.get_by_role("row", name=re.compile(r"^H\d+ 55 .*51"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download your file with the messages in it").click()
    waiting.value.save_as(tmp_path / "checked.csv")
    checked = (tmp_path / "checked.csv").read_text(encoding="utf-8-sig")
    assert "Must fix: H" in checked
    assert serious_findings(page) == ""

    right = {"eet": ("25", "51"), "neet": ("18", "51"), "activity_not_known": ("8", "51")}
    give(page, filled(template, right))
    expect(page.get_by_text("3 new.")).to_be_visible()
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert serious_findings(page) == ""
    assert not ROUNDED.search(stranger_receives(office, "local_figures"))
    page.get_by_label("Note for the History page").fill("Signed off <script>alert(1)</script>")
    page.get_by_role("button", name="Accept as provisional").click()
    expect(page.get_by_text("Upload 1 with 3 rows is accepted")).to_be_visible(timeout=20_000)
    assert page.get_by_test_id("stFileUploaderFile").count() == 0

    told = stranger_receives(office, "local_figures")
    assert "25 of 50" in told
    assert "25 of 51" not in told
    trends = "authority=Leeds&indicator=eet&age=19-21"
    assert "Provisional local figure" in stranger_receives(office, "trends", trends)

    page.get_by_role("link", name="Take it back on the History page").click()
    expect(page.get_by_role("heading", name="History of uploads")).to_be_visible()
    settled(page)
    assert "upload=1" in page.url
    expect(page.get_by_text("Signed off <script>alert(1)</script>").first).to_be_visible()
    assert serious_findings(page) == ""
    with page.expect_download() as waiting:
        # The rows without a figure are not kept.
        page.get_by_role("button", name="Download the columns that are kept (CSV)").click()
    waiting.value.save_as(tmp_path / "kept.csv")
    with (tmp_path / "kept.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = {row["indicator"]: (row["numerator"], row["denominator"]) for row in csv.DictReader(file)}
    assert kept == right
    page.get_by_label("Reason (kept in the ledger)").fill("The wrong quarter")
    page.get_by_role("button", name="Withdraw upload 1").click()
    expect(page.get_by_text("Upload 1 is withdrawn")).to_be_visible(timeout=20_000)

    assert "Provisional local figure" not in stranger_receives(office, "trends", trends)
    assert not ROUNDED.search(stranger_receives(office, "local_figures"))

    second = page.context.new_page()
    both_pages_on_a_small_dark_window_and_by_keyboard(second, office)
    second.close()
