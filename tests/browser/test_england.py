"""England's page in a browser: a tile by keyboard, no sideways scroll on a phone, accessible in both schemes."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from conftest import Server, in_colours, serious_findings, visit
from playwright.sync_api import Page, expect


def test_a_first_visit_is_shown_england_and_a_tile_opens_its_council_by_keyboard(page: Page, server: Server) -> None:
    visit(page, server.url)
    assert urlsplit(page.url).query == ""
    expect(page.get_by_role("heading", name="Clear changes since the year before")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("Find your council")).to_be_visible()
    expect(page.locator(".st-key-against").get_by_role("combobox")).to_be_hidden()
    expect(page.get_by_role("link", name=re.compile("^Skip to"))).to_have_count(1)
    for scheme in ("light", "dark"):
        assert serious_findings(in_colours(page, scheme)) == "", scheme
    tile = page.locator(".cl-tile a", has_text="Leeds: 46%, bottom quarter")
    tile.focus()
    # Reached with the Tab key, because the outline and label are meant for keyboard users.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(tile).to_be_focused()
    for scheme in ("dark", "light"):
        in_colours(page, scheme)
        assert tile.evaluate("element => getComputedStyle(element).outlineWidth") == "3px", scheme
        assert tile.locator(".cl-tip").evaluate("element => getComputedStyle(element).clipPath") == "none", scheme
    box = tile.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leeds")
    assert parse_qs(urlsplit(page.url).query) == {"authority": ["Leeds"]}


def test_on_a_phone_nothing_scrolls_sideways_and_a_list_stands_for_the_tiles(
    tab: Callable[..., Page], server: Server
) -> None:
    # Load the page anew: an earlier test in this session may have chosen a council.
    page = visit(tab(390, 844), f"{server.url}/")
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
