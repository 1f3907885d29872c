"""The measure, age group and period chosen on one page carry over to every page that can show them."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import file, opened

KEYS = ("indicator", "age", "period")
WITH_PERIOD = ("compare", "spread", "map", "inspections", "together")


def visitor(page: str, **query: str) -> AppTest:
    return opened(page, **{"authority": "Leeds", **query})


def go(at: AppTest, page: str, **query: str) -> AppTest:
    """Go to a page at its bare address, as the menu does, or by a link with ``query``."""
    for key in list(at.query_params):
        del at.query_params[key]
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(file(page)).run()
    assert not at.exception
    return at


def chosen(at: AppTest) -> dict[str, str]:
    """What the controls of a page show, as codes."""
    return {box.key: box.value for box in at.selectbox if box.key in KEYS}


def address(at: AppTest) -> dict[str, str]:
    held = {key: at.query_params[key] for key in KEYS if key in at.query_params}
    return {key: value if isinstance(value, str) else value[-1] for key, value in held.items()}


def pick(at: AppTest, key: str, value: str) -> AppTest:
    at.selectbox(key=key).select(value).run()
    assert not at.exception
    return at


NEET = {"indicator": "neet", "age": "17-18", "period": "2024-03-31"}


@pytest.mark.parametrize("first", WITH_PERIOD)
def test_what_is_chosen_on_one_page_is_chosen_on_every_other(first: str) -> None:
    at = visitor(first)
    for key, value in NEET.items():
        pick(at, key, value)
    assert chosen(at) == address(at) == NEET
    place = WITH_PERIOD.index(first)
    for page in (*WITH_PERIOD[place + 1 :], *WITH_PERIOD[:place]):
        go(at, page)
        assert chosen(at) == address(at) == NEET, page
        drawn = " ".join(chart.proto.spec for chart in at.get("plotly_chart"))
        assert "NEET" in drawn, page
        assert "2024" in drawn, page


@pytest.mark.parametrize("other", WITH_PERIOD)
def test_trends_takes_and_gives_the_measure_and_age_of_every_page(other: str) -> None:
    at = visitor(other, **NEET)
    go(at, "trends")
    assert chosen(at) == address(at) == {"indicator": "neet", "age": "17-18"}
    go(at, other)
    assert chosen(at) == address(at) == NEET
    at = visitor("trends", indicator="suitable_accommodation", age="17-18")
    go(at, other)
    assert chosen(at) == {"indicator": "suitable_accommodation", "age": "17-18", "period": "2025-03-31"}


def test_trends_shows_the_measure_and_keeps_the_period_for_the_next() -> None:
    at = visitor("compare", **NEET)
    go(at, "trends")
    assert chosen(at) == address(at) == {"indicator": "neet", "age": "17-18"}
    pick(at, "indicator", "suitable_accommodation")
    go(at, "map")
    assert chosen(at) == NEET | {"indicator": "suitable_accommodation"}


def test_pages_without_the_choice_lose_nothing() -> None:
    at = visitor("compare", **NEET)
    for page in ("at_a_glance", "workforce", "definitions", "build_your_own", "local_figures"):
        go(at, page)
        assert address(at) == {}
    go(at, "spread")
    assert chosen(at) == address(at) == NEET


def test_a_page_that_cannot_show_the_measure_shows_its_default_and_the_choice_waits() -> None:
    at = visitor("compare", indicator="turnover_rate", period="2023-09-30")
    assert chosen(at)["indicator"] == "turnover_rate"
    go(at, "together")
    assert chosen(at) == {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}
    assert at.selectbox(key="enabler").value == "turnover_rate"  # carried over, where it can be shown
    go(at, "map")
    assert chosen(at) == {"indicator": "turnover_rate", "period": "2023-09-30"}


def test_a_choice_comes_back_with_a_measure_that_has_it() -> None:
    at = visitor("compare", **NEET)
    pick(at, "indicator", "caseload")
    assert chosen(at) == {"indicator": "caseload", "period": "2025-09-30"}
    pick(at, "indicator", "eet")
    assert chosen(at) == {"indicator": "eet", "age": "17-18", "period": "2024-03-31"}


def test_the_default_can_be_chosen_again_and_goes_along() -> None:
    at = visitor("compare", **NEET)
    go(at, "map")
    pick(at, "age", "19-21")
    pick(at, "indicator", "eet")
    pick(at, "period", "2025-03-31")
    go(at, "compare")
    assert chosen(at) == {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}
    assert address(at) == {}


def test_a_link_names_what_it_wants_and_leaves_the_rest() -> None:
    at = visitor("compare", **NEET)
    go(at, "spread", authority="Leeds", indicator="suitable_accommodation")
    assert chosen(at) == address(at) == NEET | {"indicator": "suitable_accommodation"}
    go(at, "compare")
    assert chosen(at) == NEET | {"indicator": "suitable_accommodation"}


def test_a_link_to_what_is_not_known_is_said_once_and_only_there() -> None:
    at = visitor("compare", indicator="happiness")
    assert any("happiness" in str(warning.value) for warning in at.warning)
    assert chosen(at)["indicator"] == "eet"
    at.run()
    assert any("happiness" in str(warning.value) for warning in at.warning)
    go(at, "map")
    assert not at.warning
    assert chosen(at)["indicator"] == "eet"


def test_each_visitor_has_their_own() -> None:
    one, two = visitor("compare", **NEET), visitor("compare")
    go(one, "map")
    go(two, "map")
    assert chosen(one) == NEET
    assert chosen(two) == {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}


def test_old_links_to_the_pairs_still_name_the_outcome() -> None:
    at = visitor("together", enabler="agency_rate", outcome="suitable_accommodation", age="17-18")
    assert not at.warning
    assert chosen(at) == {"indicator": "suitable_accommodation", "age": "17-18", "period": "2025-03-31"}
    assert "outcome" not in at.query_params
    assert address(at) == {"indicator": "suitable_accommodation", "age": "17-18"}
    assert at.selectbox(key="enabler").value == "agency_rate"


def test_what_a_link_says_of_the_measure_across_is_not_overruled() -> None:
    at = visitor("compare", indicator="turnover_rate")
    go(at, "together", authority="Leeds", enabler="agency_rate", indicator="suitable_accommodation")
    assert at.selectbox(key="enabler").value == "agency_rate"
    assert chosen(at)["indicator"] == "suitable_accommodation"


def test_controls_of_one_name_on_two_pages_are_two_choices() -> None:
    at = visitor("compare")
    assert at.get("button_group")[0].key == "show"
    go(at, "together")
    go(at, "compare")
    assert at.session_state["show"] == "all"
    assert "show" not in at.query_params
