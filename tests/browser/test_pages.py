"""The flows that people follow, and what must hold on every page in a real browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Server, move, serious_findings, settled
from playwright.sync_api import ConsoleMessage, Page, expect

from careleavers.ui.pages import PAGES

NAMES = [entry.name for entry in PAGES]
LEEDS = "authority=Leeds&against=England"


@pytest.mark.parametrize("name", NAMES)
def test_what_holds_on_every_page(tab: Callable[..., Page], server: Server, name: str) -> None:
    """Wide and light, then narrow and dark."""
    refused: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Failed to load resource" in message.text:
            refused.append(message.text)

    page = tab()
    page.on("console", note)
    move(page, f"{server.url}/{name}?{LEEDS}")
    assert serious_findings(page) == ""
    alternatives = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].map(
          chart => (chart.closest('[role="figure"]') ?? chart.querySelector('[role="figure"]'))?.ariaLabel ?? '')"""
    )
    assert all(len(alternative) > 20 for alternative in alternatives)
    page.remove_listener("console", note)

    page = tab(320, 800, "dark")
    page.on("console", note)
    move(page, f"{server.url}/{name}?{LEEDS}")
    assert serious_findings(page) == ""
    wide = page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid="stMain"]');
          return Math.max(document.documentElement.scrollWidth, main.scrollWidth) - innerWidth;
        }"""
    )
    assert wide <= 0
    page.remove_listener("console", note)
    assert refused == []


def test_from_the_home_page_to_one_measure_and_another_authority(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/")
    page.get_by_role("combobox", name=re.compile("Authority")).first.click()
    page.keyboard.type("Nottingham")
    page.keyboard.press("ArrowDown") if page.get_by_role("option").count() > 2 else None
    page.get_by_role("option", name="Nottingham", exact=True).click()
    expect(page.get_by_role("heading", name="Nottingham: how are care leavers doing?")).to_be_visible()
    page.locator(".cl-measures").get_by_role("link", name="In education, work or training", exact=True).click()
    expect(page.get_by_role("heading", name="Compare authorities")).to_be_visible()
    settled(page)
    expect(page.get_by_text("Nottingham: 63% in education, employment or training").first).to_be_visible()
    assert "indicator=eet" in page.url
    assert "authority=Nottingham" in page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Nottingham: how are care leavers doing?")).to_be_visible()


def test_a_click_on_a_dot_switches_to_that_authority(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21&show=neighbours")
    dot = page.locator(".scatterlayer .points .point").first
    dot.wait_for()
    box = dot.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("figure", name=re.compile(r"^Salford: 69% in education"))).to_be_visible()
    assert "authority=Salford" in page.url


_CLIPBOARD = """kind => navigator.clipboard.read().then(items => items[0].getType(kind)).then(blob => blob.text())"""


def test_what_is_taken_from_a_chart_to_a_report(
    tab: Callable[..., Page], server: Server, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    page = tab()
    move(page, f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21&show=neighbours&against=England")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    with subtests.test("pictures are of one size and carry their source"):
        saved = {}
        for kind in ("PNG", "SVG"):
            with page.expect_download() as waiting:
                page.get_by_role("button", name=f"Download {kind}").click()
            saved[kind] = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(saved[kind])
            assert saved[kind].name == f"leeds-eet-19-21-2025-03-31.{kind.lower()}"
        png = saved["PNG"].read_bytes()
        across, high = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
        assert across == 1890
        assert high <= 900 * 2.625
        # 11,811 dots a metre are 300 an inch, so Word makes it 16 cm wide.
        assert png[37:41] == b"pHYs"
        assert int.from_bytes(png[41:45], "big") == int.from_bytes(png[45:49], "big") == 11811
        assert 'width="16cm"' in saved["SVG"].read_text(encoding="utf-8")
        # Joined into running text, because a title may break between any two words.
        svg = " ".join(re.sub(r"<[^>]+>", " ", saved["SVG"].read_text(encoding="utf-8")).split())
        for part in ("Department for Education", "Official figures", "273 of 600", "worse than"):
            assert part in svg
    with subtests.test("a picture goes to the clipboard"):
        page.get_by_role("button", name="Copy picture").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        kinds = page.evaluate("navigator.clipboard.read().then(items => items.flatMap(item => item.types))")
        assert kinds == ["image/png"]
    with subtests.test("the finding and the link go to the clipboard"):
        page.get_by_role("button", name="Copy sentence").click()
        page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('Leeds'))")
        said = page.evaluate("navigator.clipboard.readText()")
        assert said == "Leeds: 46% in education, employment or training, worse than England’s 54%, with 14% not known."
        page.get_by_role("button", name="Copy link").click()
        page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('http'))")
        assert page.evaluate("navigator.clipboard.readText()") == page.url
    with subtests.test("a table goes to the clipboard as a table"):
        button = page.get_by_role("button", name="Copy table")
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("navigator.clipboard.readText().then(text => text.startsWith('Care leavers'))")
        expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
        line, head, leeds, *others = page.evaluate(_CLIPBOARD, "text/plain").splitlines()
        assert line.startswith(
            "Care leavers in education, employment or training (EET), aged 19 to 21. Year to 31 March 2025. Source: Department "
        )
        assert head.split("\t")[:3] == ["Rank", "Authority", "Region"]
        assert leeds.split("\t")[1:3] == ["► Leeds", "Yorkshire and The Humber"]
        assert len(others) == 10
        pasted = page.context.new_page()
        pasted.set_content(page.evaluate(_CLIPBOARD, "text/html"))
        assert pasted.locator("p").first.inner_text() == line
        assert pasted.locator("table th").all_inner_texts()[: len(head.split("\t"))] == head.split("\t")
        assert pasted.locator("table tr").count() == 12
        pasted.close()


def test_a_phone_downloads_the_picture_that_a_desk_does(
    tab: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    saved = []
    for page in (tab(), tab(390, 844)):
        move(page, f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21&show=neighbours")
        expect(page.locator(".js-plotly-plot")).to_contain_text("Mean of its neighbours 55%")
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download PNG").click()
        file = tmp_path / str(len(saved))
        waiting.value.save_as(file)
        saved.append(file.read_bytes())
    assert saved[0] == saved[1]


def test_a_browser_that_refuses_the_clipboard_is_named(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21&show=neighbours")
    page.evaluate(
        "() => { navigator.clipboard.write = () => Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.get_by_role("button", name="Copy picture").click()
    expect(page.get_by_role("button", name="The browser does not allow it: download the picture")).to_be_visible()
    page.get_by_role("button", name="Copy table").click()
    expect(page.get_by_role("button", name="The browser does not allow it: download the table")).to_be_visible()
    page.evaluate("() => { delete navigator.clipboard.write; }")


def test_without_https_a_table_is_copied_the_older_way(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/?authority=Leeds")
    page.evaluate("() => { window.kept = ClipboardItem; delete window.ClipboardItem; }")
    page.get_by_role("button", name="Copy table").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    said = page.evaluate("navigator.clipboard.readText()")
    assert said.startswith("Leeds: headline figures. Source: Department for Education, ")
    assert "46%, 273 of 600\t▼ worse, 55%; 135th of 152; 14% not known" in said
    page.evaluate("() => { window.ClipboardItem = window.kept; }")


def test_tables_are_downloaded_with_source_and_caveats(
    tab: Callable[..., Page], server: Server, tmp_path: Path
) -> None:
    import openpyxl

    page = move(tab(), f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the table (CSV)").click()
    waiting.value.save_as(tmp_path / "table.csv")
    text = (tmp_path / "table.csv").read_text(encoding="utf-8-sig")
    assert text.count("\n") == 154
    assert "Open Government Licence v3.0" in text
    assert "E08000035,Leeds" in text
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the table (Excel)").click()
    waiting.value.save_as(tmp_path / "table.xlsx")
    book = openpyxl.load_workbook(tmp_path / "table.xlsx")
    assert book.sheetnames == ["Figures", "About"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert "Department for Education" in about["Source"]
    assert about["Caveats"]


def test_the_screenshot_view_keeps_the_finding_and_hides_the_rest(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/compare?authority=Leeds&indicator=eet&age=19-21&show=neighbours&screenshot=true")
    expect(page.get_by_role("heading", name="Compare authorities")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    for hidden in (
        ".st-key-shared",
        '[data-testid="stHeader"]',
        ".cl-actions",
        '[data-testid="stDataFrame"]',
    ):
        expect(page.locator(hidden).first).to_be_hidden()
    page.get_by_role("button", name="Leave the screenshot view").click()
    expect(page.locator(".st-key-shared")).to_be_visible()
    assert "screenshot" not in page.url


def test_paper_has_charts_and_tables_and_no_controls(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/?{LEEDS}")
    page.emulate_media(media="print")
    for hidden in (".st-key-shared", '[data-testid="stHeader"]', ".cl-actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_text("Showing Leeds, compared with England.")).to_be_visible()
    expect(page.locator("table.cl-measures").first).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    heights = page.evaluate(
        """() => [document.querySelector('[data-testid="stMain"]').getBoundingClientRect().height,
                  document.querySelector('.cl-measures').getBoundingClientRect().height]"""
    )
    page.emulate_media(media="null")
    assert heights[0] > heights[1] > 300


def test_two_visitors_at_once_each_see_their_own_authority_and_measure(
    tab: Callable[..., Page], server: Server
) -> None:
    """To the server, each tab is a visitor. Both pages are asked for before either is drawn."""
    first, second = move(tab(), f"{server.url}/definitions"), move(tab(390, 844), f"{server.url}/definitions")
    for page, query in ((first, "authority=Leeds&indicator=neet"), (second, "authority=Nottingham")):
        page.evaluate(
            "url => { history.pushState({}, '', url); dispatchEvent(new PopStateEvent('popstate', { state: {} })); }",
            f"{server.url}/compare?{query}",
        )
    expect(first.get_by_role("figure", name=re.compile("^Leeds: 41% not in education"))).to_be_visible()
    expect(second.get_by_role("figure", name=re.compile("^Nottingham: 63% in education"))).to_be_visible()
    assert "Nottingham:" not in json.dumps(settled(first).get_by_test_id("stMain").inner_text())


def test_every_authority_is_scrolled_to_the_row_of_the_chosen_one_once(
    tab: Callable[..., Page], server: Server
) -> None:
    page = tab()
    page.emulate_media(reduced_motion="reduce")
    move(page, f"{server.url}/compare?authority=Leeds")
    row = page.locator(".st-key-ranked text").filter(has_text=re.compile("^► Leeds"))
    expect(row).to_be_attached()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("each => each.scrollTop") == 0
    page.get_by_text("Every authority", exact=True).click()
    # For a moment both charts are there.
    expect(row.first).to_be_in_viewport()
    expect(row).to_have_count(1)
    page.wait_for_function("""() => document.querySelector('[data-testid="stMain"]').scrollTop > 1000""")
    page.wait_for_timeout(800)
    main.evaluate("each => each.scrollTo(0, 0)")
    page.wait_for_timeout(800)
    assert main.evaluate("each => each.scrollTop") == 0
    page.emulate_media(reduced_motion="no-preference")


def test_in_a_small_window_nothing_is_empty_between_a_low_chart_and_its_notes(
    tab: Callable[..., Page], server: Server
) -> None:
    page = move(tab(1024, 768), f"{server.url}/inspections?authority=Leeds")
    chart, notes = (page.locator(each).bounding_box() for each in (".st-key-wide-chart-since", ".st-key-notes-since"))
    assert chart is not None and notes is not None
    assert notes["y"] - chart["y"] - chart["height"] < 40
