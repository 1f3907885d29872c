"""The shell in a real browser: choices in the address bar, bad links, what is not served, what is sent."""

import gzip
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest
from conftest import SHIFTS, Server, go_to, in_colours, move, serious_findings, served, settled, visit
from playwright.sync_api import Locator, Page, expect

from careleavers.ui.pages import PAGES, PRODUCT
from careleavers.ui.server.front_end import FrontEnd

ROOT = Path(__file__).resolve().parents[2]
BUDGET = 2_500_000


def choices(page: Page) -> dict[str, str]:
    """The view that the address bar holds."""
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def authority_box(page: Page) -> Locator:
    return page.locator(".st-key-authority").get_by_role("combobox")


def comparator_box(page: Page) -> Locator:
    return page.locator(".st-key-against").get_by_role("combobox")


def choose_authority(page: Page, name: str) -> None:
    box = authority_box(page)
    box.click()
    box.fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    expect(page).to_have_title(re.compile(f"^{re.escape(name)} – "))
    settled(page)


def choose_comparator(page: Page, name: str) -> None:
    comparator_box(page).click()
    page.get_by_role("option", name=name, exact=True).click()
    page.wait_for_url(re.compile(f"against={name}"))
    settled(page)


def shown_authority(page: Page) -> str:
    return authority_box(page).input_value()


def test_choices_survive_pages_reload_copied_link_and_back_and_a_first_load_is_light_and_still(
    page: Page, server: Server, open_browser: Callable[..., Page]
) -> None:
    visit(page, f"{server.url}/{PAGES[0].name}?authority=Kent")
    expect(page).to_have_title(re.compile("^Kent – At a glance – "))
    expect(page.get_by_text("Page not found")).to_be_hidden()
    assert urlsplit(page.url).path == "/"
    choose_authority(page, "Leeds")
    choose_comparator(page, "England")
    expected = {"authority": "Leeds", "against": "England"}
    assert choices(page) == expected

    go_to(page, "Compare")
    expect(page).to_have_title(re.compile(" – Compare – "))
    settled(page)
    assert urlsplit(page.url).path == "/compare"
    assert choices(page).items() >= expected.items()
    page.reload()
    settled(page)
    assert choices(page).items() >= expected.items()
    expect(page).to_have_title(re.compile("^Leeds – Compare – "))

    # Somebody who has never been here opens the copied link.
    fresh = open_browser()
    fresh.add_init_script(SHIFTS)
    served(fresh, page.url)
    asked, missing, sizes = [], [], sizes_of_answers(fresh)
    fresh.on("request", lambda request: asked.append(urlsplit(request.url).path))
    fresh.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    copied = visit(fresh, page.url)
    expect(copied).to_have_title(re.compile("^Leeds – Compare – "))
    # Not at /compare/_stcore/health first, as if the page's name were the address of a server.
    assert [path for path in asked if path.endswith("/health")] == ["/_stcore/health"]
    assert missing == []
    expect(comparator_box(copied)).to_have_value("England")
    fresh.wait_for_timeout(2500)
    total = sum(sizes.values())
    print(f"first load: {total:,} bytes in {len(sizes)} answers")
    assert total < BUDGET
    assert sum(fresh.evaluate("moved")) < 0.1

    page.go_back()
    expect(page).to_have_title(re.compile("^Leeds – At a glance – "))
    settled(page)
    assert choices(page) == expected
    expect(comparator_box(page)).to_have_value("England")


def test_a_link_may_carry_a_code_in_any_letters_even_one_given_up(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/compare?authority=e08000035")
    expect(page).to_have_title(re.compile("^Leeds – Compare – "))
    assert choices(page)["authority"] == "Leeds"

    move(page, f"{server.url}/?authority=E08000016")
    expect(page).to_have_title(re.compile("^Barnsley – "))
    go_to(page, "Definitions")
    expect(page).to_have_title(re.compile(" – Definitions – "))
    settled(page)
    page.go_back()
    settled(page)
    expect(page).to_have_title(re.compile("^Barnsley – At a glance – "))


def test_an_unknown_authority_is_said_plainly_until_one_is_chosen(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    move(page, f"{server.url}/?authority=Xyz")
    notice = page.get_by_text("The link asked for the authority “Xyz”, which is not one we know.")
    expect(notice).to_be_visible()
    choose_authority(page, "Kent")
    expect(notice).to_be_hidden()


def test_an_unknown_comparison_is_said_plainly(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/definitions?authority=Leeds&against=Mars")
    expect(
        page.get_by_text(
            "The link asked for the comparison “Mars”, which is not one we know. "
            "Showing Statistical neighbours instead."
        )
    ).to_be_visible()


def test_the_navigation_carries_the_choices_into_another_tab(tab: Callable[..., Page], server: Server) -> None:
    page = tab()
    chosen = "authority=Leeds&indicator=suitable_accommodation&age=17-18"
    move(page, f"{server.url}/compare?{chosen}")
    expect(page.get_by_test_id("stTopNavLink")).to_have_attribute("href", f"{server.url}/?{chosen}")
    page.get_by_test_id("stTopNavSection").filter(has_text="Over time").click()
    link = page.get_by_role("menuitem", name="Trends", exact=True)
    expect(link).to_have_attribute("href", f"{server.url}/trends?{chosen}")
    with page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{server.url}/trends?{chosen}")
    opened.value.close()
    expect(page).to_have_url(f"{server.url}/compare?{chosen}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare authorities")


def test_on_a_phone_the_choices_are_there_and_the_menu_leads_on_and_closes(
    tab: Callable[..., Page], server: Server
) -> None:
    page = move(tab(390, 844), f"{server.url}/definitions?authority=Leeds")
    expect(authority_box(page)).to_have_value("Leeds")
    expect(comparator_box(page)).to_be_in_viewport()
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    choose_comparator(page, "England")

    page.get_by_role("button", name="Menu", exact=True).click()
    menu = page.get_by_test_id("stPopoverBody")
    expect(menu.get_by_role("link")).to_have_text([entry.title for entry in PAGES if not entry.for_officers])
    assert serious_findings(page) == ""
    menu.get_by_role("link", name="Trends", exact=True).click()
    expect(page).to_have_title(re.compile("^Leeds – Trends – "))
    settled(page)
    expect(menu).to_be_hidden()
    assert choices(page).items() >= {"authority": "Leeds", "against": "England"}.items()
    page.go_back()
    expect(page).to_have_title(re.compile("^Leeds – Definitions – "))


def test_what_is_wider_than_a_window_made_narrow_is_reached_by_keyboard(page: Page, server: Server) -> None:
    """As when a page is enlarged to four times its size: it keeps the layout that it was opened with."""
    visit(page, f"{server.url}/compare?authority=Leeds")
    chart = page.get_by_role("group", name="Chart wider than the window")
    expect(chart).to_have_count(0)
    page.set_viewport_size({"width": 320, "height": 800})
    expect(chart).to_have_count(1)
    assert serious_findings(page) == ""
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("frame => frame.scrollLeft > 0", arg=chart.element_handle())
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(chart).to_have_count(0)


def test_the_masthead_names_the_product_and_every_group_at_1024_px(page: Page, server: Server) -> None:
    """The visitor is an officer, who sees one more group of pages."""
    page.set_viewport_size({"width": 1024, "height": 768})
    visit(page, f"{server.url}/upload?authority=Leeds&token={token(server)}")
    groups = dict.fromkeys(entry.group or entry.title for entry in PAGES)
    shown = page.get_by_test_id("stTopNav").locator(".rc-overflow-item:not([aria-hidden])")
    expect(shown).to_have_text(list(groups))
    name = """() => getComputedStyle(document.querySelector('[data-testid="stToolbar"] > div'), '::before').content"""
    assert page.evaluate(name) == f'"{PRODUCT}"'
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("menuitem")).to_have_text(["Compare", "Spread", "Map", "Build your own"])
    for scheme in ("light", "dark"):
        assert serious_findings(in_colours(page, scheme)) == "", scheme


def token(server: Server) -> str:
    """The query of the officer's address on this machine, as printed by the server."""
    return re.search(r"token=([\w-]+)", server.text()).group(1)


def test_focus_is_seen_and_text_is_large_enough_in_masthead_and_strip(tab: Callable[..., Page], server: Server) -> None:
    """Focus is a 3 px outline with a contrast of at least 3 to 1 with its surroundings."""
    page = tab()
    move(page, f"{server.url}/definitions?authority=Leeds")
    for place, ground in (("header nav", (18, 67, 109)), (".st-key-shared", (241, 244, 247))):
        page.locator(f"{place} :is(a, input)").first.evaluate("e => e.focus()")
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        width, colour = page.evaluate(
            """() => { let e = document.activeElement;
              if (e.tagName === "INPUT") e = e.closest('[role="group"]');
              const style = getComputedStyle(e);
              return [style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
                      style.outlineColor.match(/\\d+/g).slice(0, 3).map(Number)]; }"""
        )
        assert width >= 3, place
        assert contrast(tuple(colour), ground) >= 3, place
    # All text of the shell is at least 16 px.
    small = page.evaluate(
        """() => [...document.querySelectorAll('.st-key-shared *, .st-key-footer *, header *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.offsetParent)
        .filter(e => parseFloat(getComputedStyle(e).fontSize) < 16).map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast ratio of two colours as the Web Content Accessibility Guidelines 2.2 define it."""

    def luminance(colour: tuple[int, ...]) -> float:
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def sizes_of_answers(page: Page) -> dict[str, int]:
    """Every byte of every answer to a page, as it crosses the wire; filled while it loads."""
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: int(e["encodedDataLength"])}))
    session.on(
        "Network.webSocketFrameReceived",
        lambda e: sizes.update({"ws": sizes.get("ws", 0) + len(e["response"]["payloadData"]) * 3 // 4}),
    )
    return sizes


def test_the_chart_code_with_everything_the_first_page_names_is_within_the_budget() -> None:
    import streamlit

    folder = Path(streamlit.__file__).parent / "static"
    front = FrontEnd(folder)
    named = [*re.findall(r'(?:href|src)="\.(/static/[^"]+)"', front.index), *front.held]
    assert any("PlotlyChart" in name for name in named)
    assert sum(len(gzip.compress((folder / name[1:]).read_bytes(), 9)) for name in named) < BUDGET


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


def test_static_files_are_compressed_cached_and_whole(server: Server) -> None:
    _, _, html = fetch(server.url)
    script = re.search(r'src="\./(static/js/index[^"]+)"', html.decode()).group(1)
    _, plain_headers, plain = fetch(f"{server.url}/{script}")
    status, headers, packed = fetch(f"{server.url}/{script}", Accept_Encoding="gzip")
    assert status == 200
    assert "content-encoding" not in plain_headers
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert gzip.decompress(packed) == plain
    _, headers, packed = fetch(f"{server.url}/{script}", Accept_Encoding="gzip, deflate, br, zstd")
    assert headers["content-encoding"] == "br"
    assert brotli.decompress(packed) == plain
    assert fetch(f"{server.url}/{script}", Accept_Encoding="br;q=0, gzip")[1]["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/static/js/none.js",
        "/static/../index.html",
        "/static/%2e%2e/%2e%2e/app.py",
    ],
)
def test_closed_and_missing_paths_are_not_found(server: Server, path: str) -> None:
    status, _, body = fetch(server.url + path, Accept_Encoding="gzip")
    assert status in {400, 404}
    assert len(body) < 100


def test_no_other_site_may_steer_the_pages(server: Server) -> None:
    status, _, body = fetch(f"{server.url}/_stcore/host-config")
    assert status == 200
    assert json.loads(body)["allowedOrigins"] == []


def test_readyz_says_ready_with_the_data_version(server: Server) -> None:
    status, _, body = fetch(f"{server.url}/readyz")
    assert status == 200
    assert re.fullmatch(r"ready \S+\n", body.decode())


def test_without_figures_the_page_is_calm_and_the_log_is_exact(
    page: Page, start_server: Callable[..., object], tmp_path: Path
) -> None:
    with start_server(env={"CARELEAVERS_DATA": str(tmp_path / "nowhere")}) as broken:
        assert fetch(f"{broken.url}/readyz")[0] == 503
        visit(page, broken.url)
        expect(page.get_by_text("The figures are not available at the moment")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
        assert "the folder with the figures is missing" in broken.text()
        assert "Traceback" not in broken.text()
