"""The workforce page: what it says for each kind of authority, and that it copes with a bad link."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import Page

MEASURES = (
    "Cases per social worker",
    "Agency social workers",
    "Social worker turnover",
    "Social worker vacancies",
    "Social worker sickness absence",
)


def text(at: AppTest) -> str:
    """All the words of the page: prose, notes and the HTML table."""
    parts = [str(element.value) for kind in (at.markdown, at.info, at.caption, at.warning) for element in kind]
    parts += [str(element.proto.body) for element in at.get("html")]
    parts += [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join(parts)


def chart(at: AppTest) -> dict:
    (found,) = at.get("plotly_chart")
    return json.loads(found.proto.spec)


def alt(at: AppTest) -> str:
    return str(at.get("plotly_chart")[0].proto.alt)


def test_leeds_finding_table_and_panels(page: Page) -> None:
    at = page(authority="Leeds")
    said = text(at)
    assert "Leeds: better than its neighbours’ mean on agency social workers and social worker vacancies" in said
    for measure in MEASURES:
        assert measure in said
        assert measure in alt(at)
    assert "14.8" in said and "55th= of 149" in said and "second quarter" in said
    assert "mean of 10 of 10" in said and "Yorkshire and The Humber" in said
    assert said.count("▲ better</span>") == 6
    assert said.count("○ not compared</span>") == 9
    assert "Full-time equivalent" in said
    assert len(chart(at)["data"]) == 15


def test_every_year_is_in_the_table(page: Page) -> None:
    table = page(authority="Leeds").dataframe[0].value
    assert len(table) == 45
    assert set(table["Measure"]) == set(MEASURES)
    assert list(table["Period"][:2]) == ["September 2025", "September 2024"]
    assert {"Leeds", "Neighbours’ mean", "England", "Rank", "Of"} <= set(table.columns)


def test_the_table_rounds_as_the_chart_does(page: Page) -> None:
    at = page(authority="Barnsley")
    newest = at.dataframe[0].value.iloc[0]
    # 17.25, which would be 17.2 rounded to the even digit.
    assert newest["Neighbours’ mean"] == 17.3
    assert "Neighbours’ mean 17.3 in 2025" in text(at)


def test_comparator_follows_the_choice(page: Page) -> None:
    at = page(authority="Leeds", against="Region")
    assert "Yorkshire and The Humber 15.9 in 2025" in alt(at)
    assert "Leeds: better than Yorkshire and The Humber" in text(at)
    at = page(authority="Leeds", against="England")
    assert len(chart(at)["data"]) == 10


def test_no_authority_shows_england(page: Page) -> None:
    at = page()
    assert "England: cases per social worker 15.2 (17.7 in 2017)" in text(at)
    assert "Choose a council" in text(at)
    # Only England's table, and none that compares an authority.
    assert 'class="cl-glance"' not in text(at)
    assert text(at).count("<table") == 2  # and the one for paper
    assert len(chart(at)["data"]) == 5


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("West Northamptonshire", "North Northamptonshire"),
        ("Richmond upon Thames", "Kingston upon Thames"),
        ("Kingston upon Thames", "Richmond upon Thames"),
    ],
)
def test_joint_return_names_the_other(page: Page, name: str, other: str) -> None:
    said = text(page(authority=name))
    assert f"{name} and {other} send one workforce return together" in said
    assert "mean of 9 of 10" in said


@pytest.mark.parametrize("name", ["Kensington and Chelsea", "Westminster"])
def test_a_missing_year_is_a_gap_with_its_reason(page: Page, name: str) -> None:
    at = page(authority=name)
    said = text(at)
    assert f"{name}: workforce figures for 2025 are not available." in said
    assert "[x]" in said and "Its last figure is" in said and "for 2024" in said
    assert "cases per social worker 2025" in said
    assert "without a figure: 2025 not available" in alt(at)
    assert "%" in alt(at)


def test_city_of_london_is_small_and_far_from_its_neighbours(page: Page) -> None:
    at = page(authority="City of London")
    assert "not close" in at.warning[0].value
    assert "A small workforce" in text(at)
    # Absence is published without its base, and is no strength where the others count seven people.
    assert "quarter of authorities" not in alt(at)
    newest = at.dataframe[0].value
    assert newest[newest["Measure"] == "Social worker sickness absence"]["Note"].iloc[0] == "Small group"


def test_isles_of_scilly_has_nobody_to_count(page: Page) -> None:
    said = text(page(authority="Isles of Scilly"))
    assert "[z] Not applicable: there was nobody in this group." in said
    assert "social worker turnover 2021 to 2025" in said
    assert "A small workforce (as few as 1 FTE)" in said


def test_too_small_to_show_is_not_nought(page: Page) -> None:
    at = page(authority="Sunderland")
    assert "[low] Too small to show" in text(at)
    assert "0.4% in 2022" in alt(at)


@pytest.mark.parametrize("name", ["Cumberland", "Barnsley", "Cumbria (to 2023)"])
def test_new_recoded_and_abolished_authorities(page: Page, name: str) -> None:
    at = page(authority=name)
    table = at.dataframe[0].value
    known = table[table["Measure"] == MEASURES[0]][name].notna().sum()
    assert known == {"Cumberland": 3, "Barnsley": 9, "Cumbria (to 2023)": 6}[name]
    assert "without a figure" not in alt(at)
    if name == "Cumberland":
        assert "Did not exist then" in set(table["Note"])
    if name == "Cumbria (to 2023)":
        assert "September 2022" in text(at)


def test_bad_link_says_so(page: Page) -> None:
    at = page(authority="Atlantis")
    assert "Atlantis" in at.warning[0].value
    assert "England: cases per social worker" in text(at)
