"""The text shown before the page is drawn, in a real browser: at once, without scripts, and replaced without a jump."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import SETTLED, SHIFTS, Server, serious_findings, served
from find_browser import find
from playwright.sync_api import Page, Route, expect


def test_it_is_read_without_any_script(open_browser: Callable[..., Page], server: Server) -> None:
    page = open_browser(java_script_enabled=False)
    served(page, f"{server.url}/?authority=Leeds")
    page.goto(f"{server.url}/?authority=Leeds")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leeds: how are care leavers doing?")
    expect(page.get_by_text("273 of 600").first).to_be_visible()
    every_page = page.get_by_role("navigation", name="Every page")
    expect(every_page.get_by_role("link", name="At a glance")).to_have_attribute("href", re.compile("authority=Leeds"))


def test_it_is_read_before_streamlit_answers_and_gone_after_without_a_jump(page: Page, server: Server) -> None:
    url = f"{server.url}/?authority=Leeds"
    served(page, url)
    page.add_init_script(SHIFTS)
    held: list[Route] = []
    holding = [True]
    page.route(re.compile(r"/static/js/index\."), lambda route: held.append(route) if holding else route.continue_())
    page.goto(url, wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leeds: how are care leavers doing?")
    assert serious_findings(page) == ""
    holding.clear()
    for route in held:
        route.continue_()
    page.wait_for_selector(SETTLED)
    expect(page.locator("#cl-first")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.wait_for_timeout(2500)
    assert sum(page.evaluate("moved")) < 0.1


# Other tests ask the same of At a glance (above) and Compare (test_shell.py) in a wide window, where they load them anyway.
# The bench looks at every page at both widths.
@pytest.mark.parametrize(
    ("width", "path"),
    [
        (1440, "questions?authority=Leeds"),
        (1440, "definitions"),
        (390, "?authority=Leeds"),
        (390, "trends?authority=Leeds"),
        (390, "report?authority=Leeds"),
        (390, "improvement_plan?authority=Leeds"),
    ],
)
def test_nothing_jumps(page: Page, server: Server, width: int, path: str) -> None:
    """The server is not told the width of the window before the page is there, and on a phone the home page comes to a browser
    that has nothing cached: so it is for a first visit.
    """
    page.set_viewport_size({"width": width, "height": 900})
    page.context.clear_cookies()
    if path.startswith("?"):
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.add_init_script(SHIFTS)
    served(page, f"{server.url}/{path}")
    page.goto(f"{server.url}/{path}")
    page.wait_for_selector(SETTLED, timeout=60_000)
    page.wait_for_timeout(2500)
    assert sum(page.evaluate("moved")) < 0.1


def test_a_chart_is_seen_at_once_and_plotlys_takes_its_place(
    page: Page, few_figures: dict[str, str], start_server: Callable[..., Any]
) -> None:
    path = find()
    assert path is not None
    with start_server(env={**few_figures, "CARELEAVERS_BROWSER": path}) as server:
        page.add_init_script(SHIFTS)
        url = f"{server.url}/compare?authority=Leeds"
        for _ in range(10):
            if '<img src="/picture/' in page.request.get(url).text():
                break
            page.wait_for_timeout(6000)  # drawn when nobody has come for four seconds
        held: list[Route] = []
        page.route(re.compile(r"/PlotlyChart\..*whole"), lambda route: held.append(route))
        page.goto(url, wait_until="commit")
        picture = page.get_by_role("img", name=re.compile("^Leeds: 46%"))
        expect(picture).to_be_visible()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("each => each.naturalWidth") > 0
        seen = picture.bounding_box()
        # The page is drawn before the script for charts has come; the picture stays.
        expect(page.locator("#cl-first")).to_have_count(0)
        place = page.locator(".st-key-ranked")
        expect(place).to_have_css("background-image", re.compile("/picture/"))
        assert place.bounding_box() == pytest.approx(seen, abs=2)
        for route in held:
            route.continue_()
        expect(page.locator(".st-key-ranked .main-svg").first).to_be_visible()
        expect(place).to_have_css("background-image", "none")
        assert page.locator(".st-key-ranked .js-plotly-plot").bounding_box() == pytest.approx(seen, abs=2)
        assert sum(page.evaluate("moved")) < 0.1
