"""Lists of measures have headings: choosing a heading gives what is under it; a heading is never a choice or a link."""

from itertools import pairwise

import pytest

from tests.pages.opened import opened

HEADING = "heading: Services behind them: workforce"


@pytest.mark.parametrize("page", ["compare", "trends", "spread", "map"])
def test_the_measures_stand_under_the_headings_of_their_themes(page: str) -> None:
    options = list(opened(page, authority="Leeds").selectbox(key="indicator").options)
    assert options[:3] == [
        "— Outcomes: education and work —",
        "In education, work or training",
        "Not in education, work or training",
    ]
    headings = [each for each in options if each.startswith("—")]
    assert "— Context: homelessness —" in headings
    assert len(headings) == len(set(headings)) > 8
    # Every heading has a measure under it.
    assert not any(one.startswith("—") and two.startswith("—") for one, two in pairwise(options))


def test_choosing_a_heading_chooses_the_first_measure_under_it() -> None:
    at = opened("compare", authority="Leeds")
    at.selectbox(key="indicator").set_value(HEADING).run()
    assert not at.exception
    assert at.selectbox(key="indicator").value == "caseload"
    assert at.query_params["indicator"] == ["caseload"] or at.query_params["indicator"] == "caseload"


def test_a_link_cannot_ask_for_a_heading() -> None:
    at = opened("compare", authority="Leeds", indicator=HEADING)
    assert at.selectbox(key="indicator").value == "eet"
    assert len(at.warning) == 1


def test_in_a_choice_of_several_a_heading_chooses_what_is_under_it_as_far_as_there_is_room() -> None:
    at = opened("build_your_own", authority="Leeds", measures="eet.17-18,eet.19-21,neet.17-18")
    control = at.multiselect(key="measures")
    control.set_value([*control.value, HEADING]).run()
    assert not at.exception
    assert at.multiselect(key="measures").value == [
        "eet.17-18", "eet.19-21", "neet.17-18", "caseload", "agency_rate", "turnover_rate",
    ]  # fmt: skip
