"""A page's own choices in the address bar, on a copy of the product with two small pages added."""

import shutil
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import ROOT, Server, go_to, move, running, settled
from playwright.sync_api import Page, expect

HOME = """
import streamlit as st
from careleavers.ui import links, selection
st.title("Home here")
links.link("compare", "Link to NEET", indicator="neet", year="2024")
st.button("Go to Kent", on_click=selection.choose_authority, args=("Kent",))
"""
COMPARE = """
import streamlit as st
from careleavers.ui import selection, state
indicators = {"eet": "In education", "neet": "Not in education", "he": "In higher education"}
indicator = state.choose("indicator", "Indicator", indicators, default="eet", what="indicator")
years = {"2025": "Year to 2025", "2024": "Year to 2024"}
year = state.choose("year", "Year", years, default="2025", what="year", control="buttons")
st.write(f"Chosen {indicator} {year} {selection.current().authority_name}.")
"""


@pytest.fixture(scope="module")
def small(few_figures: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("small")
    # Copy __pycache__ too, so that the server need not compile everything again, but no file that Python is still writing there.
    for name in ("careleavers", "pages", "queries", ".streamlit"):
        shutil.copytree(ROOT / name, home / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    shutil.copy2(ROOT / "app.py", home)
    (home / "pages" / "at_a_glance.py").write_text(HOME, encoding="utf-8")
    (home / "pages" / "compare.py").write_text(COMPARE, encoding="utf-8")
    with running(home / "log", env=few_figures, home=home) as started:
        yield started


def address(page: Page) -> tuple[str, dict[str, str]]:
    parts = urlsplit(page.url)
    return parts.path, {key: values[-1] for key, values in parse_qs(parts.query).items()}


def expect_chosen(page: Page, indicator: str, year: str, authority: str | None) -> None:
    expect(page.get_by_text(f"Chosen {indicator} {year} {authority}.")).to_be_visible()
    settled(page)


def test_a_choice_is_in_the_address_and_kept_while_elsewhere(tab: Callable[..., Page], small: Server) -> None:
    page = move(tab(), f"{small.url}/compare?authority=Leeds&indicator=neet")
    expect_chosen(page, "neet", "2025", "Leeds")
    page.get_by_text("Year to 2024").click()
    expect_chosen(page, "neet", "2024", "Leeds")
    whole = ("/compare", {"authority": "Leeds", "indicator": "neet", "year": "2024"})
    assert address(page) == whole

    go_to(page, "At a glance")
    expect(page.get_by_text("Home here")).to_be_visible()
    settled(page)
    assert address(page) == ("/", {"authority": "Leeds"})
    page.go_back()
    expect_chosen(page, "neet", "2024", "Leeds")
    assert address(page) == whole

    go_to(page, "At a glance")
    expect(page.get_by_text("Home here")).to_be_visible()
    go_to(page, "Compare")
    expect_chosen(page, "neet", "2024", "Leeds")
    assert address(page) == whole
    page.reload()
    expect_chosen(page, "neet", "2024", "Leeds")


def test_back_undoes_a_choice(tab: Callable[..., Page], small: Server) -> None:
    page = move(tab(), f"{small.url}/compare?authority=Leeds&indicator=neet")
    page.get_by_text("Year to 2024").click()
    expect_chosen(page, "neet", "2024", "Leeds")
    page.go_back()
    expect_chosen(page, "neet", "2025", "Leeds")


def test_changing_the_authority_leaves_the_pages_choices(tab: Callable[..., Page], small: Server) -> None:
    page = move(tab(), f"{small.url}/compare?authority=Leeds&indicator=neet&year=2024")
    expect_chosen(page, "neet", "2024", "Leeds")
    box = page.locator(".st-key-authority").get_by_role("combobox")
    box.click()
    box.fill("Kent")
    page.get_by_role("option", name="Kent", exact=True).click()
    expect_chosen(page, "neet", "2024", "Kent")
    assert address(page)[1] == {"authority": "Kent", "indicator": "neet", "year": "2024"}


def test_a_link_leads_to_a_page_with_choices_made(tab: Callable[..., Page], small: Server) -> None:
    page = move(tab(), f"{small.url}/?authority=Leeds")
    href = page.get_by_role("link", name="Link to NEET").get_attribute("href")
    assert parse_qs(urlsplit(href).query) == {"authority": ["Leeds"], "indicator": ["neet"], "year": ["2024"]}
    page.get_by_role("link", name="Link to NEET").click()
    expect_chosen(page, "neet", "2024", "Leeds")
    page.go_back()
    expect(page.get_by_text("Home here")).to_be_visible()
    settled(page)
    assert address(page) == ("/", {"authority": "Leeds"})


def test_a_click_may_switch_the_authority(tab: Callable[..., Page], small: Server) -> None:
    expect_chosen(move(tab(), f"{small.url}/compare?authority=Leeds"), "eet", "2025", "Leeds")
    page = move(tab(), f"{small.url}/?authority=Leeds")
    page.get_by_role("button", name="Go to Kent").click()
    page.wait_for_url("**/?authority=Kent")
    go_to(page, "Compare")
    expect_chosen(page, "eet", "2025", "Kent")


def test_a_wrong_value_is_said_until_the_visitor_chooses(tab: Callable[..., Page], small: Server) -> None:
    page = move(tab(), f"{small.url}/compare?authority=Leeds&indicator=zzz&year=1066")
    expect_chosen(page, "eet", "2025", "Leeds")
    wrong = page.get_by_text("The link asked for the year “1066”, which is not one we know.")
    expect(wrong).to_be_visible()
    expect(page.get_by_text("The link asked for the indicator “zzz”")).to_be_visible()
    page.get_by_text("Year to 2024", exact=True).click()
    expect_chosen(page, "eet", "2024", "Leeds")
    expect(wrong).to_be_hidden()
    expect(page.get_by_text("The link asked for the indicator “zzz”")).to_be_visible()


HEADINGS = {
    "/compare": "Compare authorities",
    "/trends": "Trends",
    "/workforce": "how stable is the workforce",
}
SHOWN = {"neet": "Not in education, work or training", "17-18": "17 to 18", "2024-03-31": "March 2024"}


def expect_measure(page: Page, path: str, **chosen: str) -> None:
    """The page is drawn with these choices of the measure, and its address names exactly them."""
    expect(page.get_by_role("heading", level=1, name=HEADINGS[path])).to_be_visible()
    expect_shown(page, *(SHOWN[code] for code in chosen.values()))
    settled(page)

    def named() -> tuple[str, dict[str, str]]:
        where, query = address(page)
        return where, {key: value for key, value in query.items() if key in {"indicator", "age", "period"}}

    until = time.monotonic() + 20
    while named() != (path, chosen) and time.monotonic() < until:
        page.wait_for_timeout(100)
    settled(page)
    assert named() == (path, chosen)


def expect_shown(page: Page, *labels: str) -> None:
    """The lists of the page show these options."""
    page.wait_for_function(
        """labels => {
          const lists = [...document.querySelectorAll('[data-testid="stMain"] [role="combobox"]')];
          return labels.every(label => lists.some(list => (list.value || list.textContent) === label));
        }""",
        arg=list(labels),
    )


def test_the_measure_goes_along_the_menu_and_back_again(server: Server, tab: Callable[..., Page]) -> None:
    """Which pages give it to which, and that visitors do not share it, is in tests/pages/test_shared_choices.py."""
    neet = {"indicator": "neet", "age": "17-18", "period": "2024-03-31"}
    page = move(tab(), f"{server.url}/trends?authority=Leeds")
    expect_measure(page, "/trends")
    pick(page, "Measure", "Not in education, work or training")
    expect_measure(page, "/trends", indicator="neet")
    pick(page, "Age", "17 to 18")
    expect_measure(page, "/trends", indicator="neet", age="17-18")
    go_to(page, "Workforce")
    expect_measure(page, "/workforce")
    go_to(page, "Compare")
    expect_measure(page, "/compare", indicator="neet", age="17-18")
    pick(page, "Period", "March 2024")
    expect_measure(page, "/compare", **neet)

    # Each step back is one page or one choice, never a half-drawn page.
    page.go_back()
    expect_shown(page, "March 2025")
    expect_measure(page, "/compare", indicator="neet", age="17-18")
    page.go_back()
    expect_measure(page, "/workforce")
    page.go_back()
    expect_measure(page, "/trends", indicator="neet", age="17-18")
    page.go_back()
    expect_shown(page, "19 to 21")
    expect_measure(page, "/trends", indicator="neet")
    go_to(page, "Compare")
    expect_measure(page, "/compare", indicator="neet")


def pick(page: Page, label: str, words: str) -> None:
    """Choose in a list of the page by words of the option."""
    page.get_by_test_id("stMain").get_by_role("combobox", name=label).click()
    page.get_by_role("option").filter(has_text=words).first.click()
