"""On a phone the choice of measure folds into one line that says what is chosen, and its controls work as usual."""

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.ui import widgets
from tests.pages.opened import file, opened


@pytest.fixture(autouse=True)
def phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "width", lambda: "narrow")


def line(at: AppTest) -> str:
    return next(each.label for each in at.expander if each.label.endswith("change"))


@pytest.mark.parametrize("page", ["compare", "spread", "map", "inspections"])
def test_the_line_says_what_is_chosen(page: str) -> None:
    at = opened(page, authority="Leeds", indicator="suitable_accommodation")
    assert line(at) == "In suitable accommodation, 19 to 21, March 2025 – change"
    at.selectbox(key="indicator").select("caseload").run()
    assert not at.exception
    assert line(at) == "Cases per social worker, September 2025 – change"


def test_it_follows_measure_age_and_period() -> None:
    """One page: all four draw the same line."""
    at = opened("compare", authority="Leeds")
    at.selectbox(key="indicator").select("neet").run()
    at.selectbox(key="age").select("17-18").run()
    at.selectbox(key="period").select("2024-03-31").run()
    assert line(at) == "Not in education, work or training, 17 to 18, March 2024 – change"
    assert at.query_params["period"] in ("2024-03-31", ["2024-03-31"])  # as given, or as the page sets it


def test_trends_has_no_period() -> None:
    at = opened("trends", authority="Leeds", indicator="neet", age="17-18")
    assert line(at) == "Not in education, work or training, 17 to 18 – change"


def test_together_has_two_measures() -> None:
    at = opened("together", authority="Leeds", indicator="neet", age="17-18")
    assert line(at) == "Cases per social worker, Not in education, work or training, 17 to 18, March 2025 – change"
    at.selectbox(key="enabler").select("agency_rate").run()
    assert not at.exception
    assert line(at).startswith("Agency")


def test_it_goes_along_and_bad_links_are_said_once() -> None:
    at = opened("compare", authority="Leeds", indicator="neet", age="17-18", period="1999-03-31")
    assert sum("1999" in str(warning.value) for warning in at.warning) == 1
    for key in list(at.query_params):
        del at.query_params[key]
    at.switch_page(file("map")).run()
    assert line(at).startswith("Not in education, work or training, 17 to 18")
    assert (at.selectbox(key="indicator").value, at.selectbox(key="age").value) == ("neet", "17-18")
    assert at.query_params["indicator"] in ("neet", ["neet"])
