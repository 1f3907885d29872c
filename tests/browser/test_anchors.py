"""Links to a part of a page lead there, even if the part is drawn after the page has opened."""

from conftest import Server, visit
from playwright.sync_api import Page, expect


def test_a_link_to_a_part_of_a_page_ends_there(page: Page, server: Server) -> None:
    visit(page, f"{server.url}/trends?authority=Leeds#table")
    heading = page.locator("#table")
    expect(heading).to_be_in_viewport()
    page.wait_for_timeout(1000)
    # Parts drawn later above it push it down for a moment, on a busy machine for longer.
    for _ in range(20):
        box = heading.bounding_box()
        assert box is not None
        if 0 <= box["y"] < 300:
            break
        page.wait_for_timeout(500)
    assert 0 <= box["y"] < 300


def test_the_visitor_may_scroll_away_at_once(page: Page, server: Server) -> None:
    visit(page, f"{server.url}/trends?authority=Leeds#table")
    heading = page.locator("#table")
    expect(heading).to_be_in_viewport()
    page.get_by_test_id("stMain").hover(position={"x": 400, "y": 400})
    page.mouse.wheel(0, -5000)
    page.wait_for_timeout(1500)
    expect(page.get_by_role("heading", name="Trends", level=1)).to_be_in_viewport()
