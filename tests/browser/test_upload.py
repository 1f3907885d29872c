"""A quarter's figures from the template to the pages and back, through a real browser and a real sign-in."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Server, running, serious_findings, settled, visit
from playwright.sync_api import Page, expect
from test_sign_in import OFFICER, provider, secrets, sign_in  # noqa: F401  # provider is a fixture

NARROW = {"width": 320, "height": 900}


@pytest.fixture(scope="module")
def office(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: F811
    """A server with sign-in and a store of its own."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "secrets.toml").write_text(secrets(provider, "open"), encoding="utf-8")
    env = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "STORE_URL": str(folder / "uploads.duckdb")}
    with running(folder / "log", env=env) as started:
        yield started


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


def test_a_quarter_is_filled_in_put_right_accepted_seen_and_taken_back(
    open_browser: Callable[..., Page], office: Server, tmp_path: Path
) -> None:
    officer, stranger = open_browser(accept_downloads=True), open_browser()
    upload = f"{office.url}/upload?authority=Leeds"

    visit(stranger, upload)
    expect(stranger.get_by_text("To upload figures, sign in as an officer.")).to_be_visible()
    assert stranger.get_by_test_id("stFileUploader").count() == 0
    visit(stranger, f"{office.url}/local_figures?authority=Leeds")
    expect(stranger.get_by_text(re.compile("25 of 5[01]"))).to_have_count(0)

    visit(officer, f"{office.url}/definitions?authority=Leeds")
    sign_in(officer, OFFICER)
    visit(officer, upload)
    officer.get_by_text("Get a file to fill in").click()
    with officer.expect_download() as waiting:
        officer.get_by_role("button", name="Download the template (CSV)").click()
    assert re.fullmatch(r"template-leeds-20\d\d-\d\d-q[1-4]\.csv", waiting.value.suggested_filename)
    waiting.value.save_as(tmp_path / "template.csv")
    template = (tmp_path / "template.csv").read_text(encoding="utf-8-sig")

    mistakes = {"eet": ("25", "51"), "neet": ("55", "51"), "activity_not_known": ("nine", "51")}
    give(officer, filled(template, mistakes))
    expect(officer.get_by_text("2 things must be fixed")).to_be_visible()
    wrong = officer.get_by_role("region", name=re.compile("^Numerator over denominator"))
    expect(wrong.get_by_role("row", name=re.compile(r"^H\d+ 55 .*51"))).to_be_visible()
    expect(officer.get_by_role("button", name=re.compile("^Accept"))).to_have_count(0)
    with officer.expect_download() as waiting:
        officer.get_by_role("button", name="Download your file with the messages in it").click()
    waiting.value.save_as(tmp_path / "checked.csv")
    checked = (tmp_path / "checked.csv").read_text(encoding="utf-8-sig")
    assert "Must fix: H" in checked
    assert serious_findings(officer) == ""

    right = filled(template, {"eet": ("25", "51"), "neet": ("18", "51"), "activity_not_known": ("8", "51")})
    give(officer, right)
    expect(officer.get_by_text("3 new.")).to_be_visible()
    expect(officer.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert serious_findings(officer) == ""
    stranger.reload()
    settled(stranger)
    expect(stranger.get_by_text(re.compile("25 of 5[01]"))).to_have_count(0)
    officer.get_by_label("Note for the History page").fill("Signed off <script>alert(1)</script>")
    officer.get_by_role("button", name="Accept as provisional").click()
    expect(officer.get_by_text("Upload 1 with 3 rows is accepted")).to_be_visible(timeout=20_000)
    assert officer.get_by_test_id("stFileUploaderFile").count() == 0

    stranger.reload()
    settled(stranger)
    expect(stranger.get_by_text("25 of 50").first).to_be_visible()
    expect(stranger.get_by_text("25 of 51")).to_have_count(0)
    visit(stranger, f"{office.url}/trends?authority=Leeds&indicator=eet&age=19-21")
    expect(stranger.get_by_text("Provisional local figure").first).to_be_visible()

    officer.get_by_role("link", name="Take it back on the History page").click()
    expect(officer.get_by_role("heading", name="History of uploads")).to_be_visible()
    settled(officer)
    assert "upload=1" in officer.url
    expect(officer.get_by_text("Signed off <script>alert(1)</script>").first).to_be_visible()
    assert serious_findings(officer) == ""
    with officer.expect_download() as waiting:
        # The rows without a figure are not kept.
        officer.get_by_role("button", name="Download the columns that are kept (CSV)").click()
    waiting.value.save_as(tmp_path / "kept.csv")
    with (tmp_path / "kept.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = [(row["indicator"], row["numerator"], row["denominator"]) for row in csv.DictReader(file)]
    assert sorted(kept) == [("activity_not_known", "8", "51"), ("eet", "25", "51"), ("neet", "18", "51")]
    officer.get_by_label("Reason (kept in the ledger)").fill("The wrong quarter")
    officer.get_by_role("button", name="Withdraw upload 1").click()
    expect(officer.get_by_text("Upload 1 is withdrawn")).to_be_visible(timeout=20_000)

    stranger.reload()
    settled(stranger)
    expect(stranger.get_by_text("Provisional local figure")).to_have_count(0)
    visit(stranger, f"{office.url}/local_figures?authority=Leeds")
    expect(stranger.get_by_text(re.compile("25 of 5[01]"))).to_have_count(0)


def test_both_pages_on_a_small_dark_window_and_by_keyboard(open_browser: Callable[..., Page], office: Server) -> None:
    page = open_browser(color_scheme="dark", viewport=NARROW)
    visit(page, f"{office.url}/upload?authority=Leeds")
    # One is in the strip, the other on the page.
    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").last.click()
    page.get_by_role("button", name=OFFICER).click()
    settled(page)
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
    visit(page, f"{office.url}/history?authority=Leeds")
    assert serious_findings(page) == ""
    assert sideways(page) <= 0
    names = " | ".join(reached(page))
    for wanted in ("The uploads, newest first", "Download the original file", "Reason", "Withdraw upload", "Measure"):
        assert wanted in names, names
