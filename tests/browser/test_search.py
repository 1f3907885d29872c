"""The search in a browser: by keyboard alone, on a phone, when the server cannot be reached; and a visible focus."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from conftest import ROOT, Server, free_port, in_colours, move, serious_findings, settled, visit
from playwright.sync_api import Page, expect

PHONE = {"width": 390, "height": 844}


def choices(page: Page) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def search(page: Page, text: str) -> None:
    """Open the search by keyboard and type."""
    page.get_by_role("button", name="Search", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Search for a measure, a council or a page")).to_be_focused()
    page.keyboard.type(text)


def test_by_keyboard_from_words_to_the_measure_and_back(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/compare?authority=Leeds&indicator=neet&age=17-18")
    search(page, "homless kent")
    first = page.get_by_role("link", name="Owed a homelessness duty, 21 to 24: Kent – Compare")
    expect(first).to_be_visible()
    assert serious_findings(page) == ""
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Kent – Compare"))
    settled(page)
    assert choices(page) == {"authority": "Kent", "indicator": "homelessness_duty", "age": "21-24"}
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    page.go_back()
    expect(page).to_have_title(re.compile("^Leeds – Compare"))
    settled(page)
    assert choices(page) == {"authority": "Leeds", "indicator": "neet", "age": "17-18"}


def test_to_another_page_by_tab_with_what_was_chosen(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/compare?authority=Leeds&indicator=neet&age=17-18")
    search(page, "ofsted bradford")
    first = page.get_by_role("link", name="Inspections: Bradford")
    expect(first).to_be_visible()
    while not first.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile("^Bradford – Inspections"))
    settled(page)
    assert choices(page) == {"authority": "Bradford", "indicator": "neet", "age": "17-18"}
    page.go_back()
    expect(page).to_have_title(re.compile("^Leeds – Compare"))


def test_a_link_found_can_be_opened_in_a_new_tab(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/?authority=Leeds")
    search(page, "agency staff kent")
    link = page.get_by_role("link", name="Agency social workers: Kent – Compare")
    # What a new tab would be given, opened as an address.
    move(page, link.evaluate("each => each.href"))
    expect(page).to_have_title(re.compile("^Kent – Compare"))


def test_escape_closes_it_and_goes_back_to_its_button(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/definitions")
    search(page, "jobs")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_focused()


def test_on_a_phone_search_and_measure_are_one_line_each(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(**PHONE), f"{server.url}/compare?authority=Leeds&indicator=suitable_accommodation")
    folded = page.get_by_text("In suitable accommodation, 19 to 21, March 2025 – change")
    expect(folded).to_be_visible()
    expect(page.locator(".st-key-indicator")).not_to_be_visible()
    search(page, "neet")
    link = page.get_by_role("link", name="Not in education, work or training, 19 to 21 – Trends")
    expect(link).to_be_visible()
    box = page.get_by_test_id("stPopoverBody").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert serious_findings(page) == ""
    link.click()
    expect(page).to_have_title(re.compile("^Leeds – Trends"))
    settled(page)
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    page.get_by_role("button", name="Menu", exact=True).click()
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page).to_have_title(re.compile("^Leeds – Map"))
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    expect(page.get_by_text("Not in education, work or training, 19 to 21, March 2025 – change")).to_be_visible()


def test_the_masthead_has_room_for_all_of_it(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/definitions")
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 768})
        button = page.get_by_role("button", name="Search", exact=True)
        last = page.get_by_test_id("stTopNavSection").last
        page.wait_for_function(
            "width => innerWidth === width && document.documentElement.clientWidth <= width", arg=width
        )
        # The list of groups is laid out anew only after the window has changed.
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.get_by_test_id("stHeader").get_by_text(re.compile(r"\d more")).count() == 0, width
        found, end = button.bounding_box(), last.bounding_box()
        assert found is not None
        assert end is not None
        assert end["x"] + end["width"] <= found["x"], width


def start(port: int, log: Path, figures: dict[str, str]) -> subprocess.Popen[bytes]:
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *options],
            cwd=ROOT,
            env={**os.environ, "CARELEAVERS_BROWSER": "none", **figures},
            stdout=out,
            stderr=out,
        )
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    pytest.fail(log.read_text(errors="replace"))


def test_a_fresh_server_that_is_gone_and_back_is_said_calmly_and_the_view_is_the_same(
    page: Page, few_figures: dict[str, str], tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    process = start(port, log, few_figures)
    try:
        # The first page that anybody asks of a process has the shell too.
        visit(page, f"http://127.0.0.1:{port}/upload")
        expect(page.locator(".st-key-authority").get_by_role("combobox")).to_be_visible()
        expect(page.get_by_text("Data version")).to_be_visible()
        move(page, f"http://127.0.0.1:{port}/compare?authority=Leeds&indicator=neet&age=17-18")
        expect(page.get_by_text("33% not in education")).to_be_visible()
        process.send_signal(signal.SIGKILL)
        process.wait()
        said = page.get_by_role("status").filter(has_text="cannot be reached")
        expect(said).to_be_visible()
        page.wait_for_timeout(8000)
        expect(page.get_by_text("Connection error")).not_to_be_visible()
        expect(page.get_by_role("heading", name="Compare authorities")).to_be_visible()
        process = start(port, log, few_figures)
        expect(said).to_have_count(0, timeout=60_000)
        settled(page)
        assert choices(page) == {"authority": "Leeds", "indicator": "neet", "age": "17-18"}
        expect(page.get_by_text("33% not in education")).to_be_visible()
        # And it answers, also where only a part of the page would be drawn again.
        search(page, "jobs")
        expect(page.get_by_role("link", name=re.compile("In education, work or training.* – Compare"))).to_be_visible()
    finally:
        process.kill()
        process.wait()


# The outline of each of these elements while it has the focus, the colour around it, and the distance between them.
FOCUS = """() => {
  const numbers = text => (text.match(/[0-9.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = start => {
    for (let each = start; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [17, 22, 28] : [255, 255, 255];
  };
  return reached.filter(each => each.isConnected).map(focused => {
    focused.focus({ preventScroll: true });
    // A group of buttons gives it to the one that had it last, when it comes from outside.
    if (document.activeElement !== focused) focused.focus({ preventScroll: true });
    const what = focused.outerHTML.slice(0, 160);
    if (document.activeElement !== focused) return { what, contrast: -1 };
    for (let each = focused, up = 0; each && up < 5; each = each.parentElement, up++) {
      const style = getComputedStyle(each);
      if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) {
        const line = light(numbers(style.outlineColor));
        const contrast = colour => (Math.max(line, light(colour)) + 0.05) / (Math.min(line, light(colour)) + 0.05);
        return { what, contrast: Math.min(contrast(behind(each)), contrast(behind(each.parentElement))) };
      }
    }
    return { what, contrast: 0 };
  });
}"""


# Tab begins at the top, wherever the test before has left off.
FROM_THE_TOP = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')"


@pytest.mark.parametrize("path", ["?authority=Leeds", "compare?authority=Leeds", "definitions"])
def test_focus_is_seen_on_everything_that_tab_reaches(tab: Callable[..., Page], server: Server, path: str) -> None:
    page = move(tab(), f"{server.url}/{path}")
    page.evaluate(FROM_THE_TOP)
    page.evaluate(
        "window.reached = []; addEventListener('focusin', window.reach = event => reached.push(event.target))"
    )
    for _ in range(60):
        page.keyboard.press("Tab")
    page.evaluate("removeEventListener('focusin', reach)")
    found = {}
    for scheme in ("light", "dark"):
        # Focus that a script gives is drawn as it was where the keyboard had moved it before.
        found[scheme] = in_colours(page, scheme).evaluate(FOCUS)
        assert [each for each in found[scheme] if each["contrast"] < 3] == [], scheme
    seen = found["light"]
    assert len(found["dark"]) == len(seen) > 15
    if path.startswith("?"):
        for part in ("Compare", "Authority", "indicator=suitable_accommodation", "Download PNG"):
            assert any(part in each["what"] for each in seen), part


def test_the_first_stop_skips_to_the_page(tab: Callable[..., Page], server: Server) -> None:
    page = move(tab(), f"{server.url}/compare?authority=Leeds")
    page.evaluate(FROM_THE_TOP)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate('document.activeElement.matches(\'[data-testid="stMain"], [data-testid="stMain"] *\')')
