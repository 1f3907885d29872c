"""England's page in a browser: a tile by keyboard, no sideways scroll on a phone, accessible in both schemes."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Server, serious_findings, visit
from playwright.sync_api import Page, expect


@pytest.fixture(params=["light", "dark"])
def home(request: pytest.FixtureRequest, open_browser: Callable[..., Page], server: Server) -> Page:
    page = visit(open_browser(color_scheme=request.param), server.url)
    expect(page.get_by_role("heading", name="Clear changes since the year before")).to_be_visible()
    return page


def test_a_tile_opens_its_council_by_keyboard(home: Page) -> None:
    assert serious_findings(home) == ""
    tile = home.locator(".cl-tile a", has_text="Leeds: 46%, bottom quarter")
    tile.focus()
    # Reached with the Tab key, because the outline and label are meant for keyboard users.
    home.keyboard.press("Shift+Tab")
    home.keyboard.press("Tab")
    expect(tile).to_be_focused()
    assert tile.evaluate("element => getComputedStyle(element).outlineWidth") == "3px"
    assert tile.locator(".cl-tip").evaluate("element => getComputedStyle(element).clipPath") == "none"
    box = tile.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", level=1)).to_contain_text("Leeds")
    assert parse_qs(urlsplit(home.url).query) == {"authority": ["Leeds"]}


def test_on_a_phone_nothing_scrolls_sideways_and_a_list_stands_for_the_tiles(
    open_browser: Callable[..., Page], server: Server
) -> None:
    page = visit(open_browser(viewport={"width": 390, "height": 844}), server.url)
    expect(page.get_by_role("heading", name="New here")).to_be_visible()
    wide = "Math.max(...[...document.querySelectorAll('*')].map(element => element.getBoundingClientRect().right))"
    assert page.evaluate(f"document.documentElement.scrollWidth <= 390 && {wide} <= 391")
    expect(page.locator(".cl-tile a").first).to_be_hidden()
    page.get_by_text("All 153 councils as a list").click()
    link = page.locator(".cl-councils").get_by_role("link", name="Leeds")
    row = link.locator("xpath=..").bounding_box()
    assert row is not None
    assert row["height"] >= 24
    assert serious_findings(page) == ""
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leeds")
