"""The page on spread says whether authorities differ by more than chance, and holds for every kind of authority."""

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import Page, check
from tests.short_tables import short_tables

EET = {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for element in [*at.markdown, *at.info, *at.caption]), *alts])


def charts(at: AppTest) -> list[Any]:
    return [element.proto for element in at.get("plotly_chart")]


def names_of_dots(proto: Any) -> list[str]:
    spec = json.loads(proto.spec)
    dots = next(found for found in spec["data"] if found["name"] == "dots")
    return [found[1] for found in dots["customdata"]]


def test_without_an_authority_the_finding_is_of_all(page: Page) -> None:
    at = page(**EET)
    assert "3 of 152 authorities are outside the usual range around England’s 54%" in text(at)
    assert (
        "**Authorities differ by more than chance alone would give.** So the usual range is made 1.9 times as wide"
        in text(at)
    )
    assert not re.search(r"99\.8|dispersion|φ|\bz\b", text(at))
    assert "otherwise 29 of 152 would be outside it" in text(at)
    assert len(charts(at)) == 2
    assert len(names_of_dots(charts(at)[0])) == 152


def test_those_outside_are_named_and_never_called_failing(page: Page) -> None:
    at = page(**EET, authority="Leeds")
    shown = text(at)
    assert "Above the usual range, the better side: Leicester (79%) and Southwark (75%)." in shown
    assert "Below the usual range, the worse side: Hampshire (28%)." in shown
    assert "fail" not in shown.lower()
    table = at.dataframe[-1].value
    outside = table[table["Where it lies"].str.contains("(?:above|below) the usual range")]
    assert set(outside["Authority"]) == {"Leicester", "Southwark", "Hampshire"}
    assert len(table) == 153


def test_the_headline_says_where_the_authority_lies(page: Page) -> None:
    at = page(**EET, authority="Leeds")
    finding = (
        "Leeds: 46% in education, employment or training, near the lower edge of the usual range around "
        "England’s 54%, with 14% not known; 3 of 152 authorities are outside the usual range"
    )
    assert f"{finding}." in text(at)
    assert finding in charts(at)[0].alt
    assert "Leeds" in charts(at)[0].spec
    hampshire = page(**EET, authority="Hampshire")
    assert "Hampshire: 28% in education, employment or training, below the usual range" in text(hampshire)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("City of London", "City of London: 72% in education, employment or training, inside the usual range"),
        ("Isles of Scilly", "Isles of Scilly is not on the chart: its figure is not applicable"),
        ("West Northamptonshire", "West Northamptonshire: 47% in education"),
        ("Cumberland", "Cumberland: 46% in education"),
        ("Barnsley", "Barnsley: 64% in education"),
        ("Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole: 56% in education"),
    ],
)
def test_kinds_of_authority(page: Page, name: str, words: str) -> None:
    at = page(**EET, authority=name, against="England" if name == "Barnsley" else "Region")
    check(at)
    assert words in text(at)


def test_an_abolished_authority_is_placed_in_its_years_only(page: Page) -> None:
    now = page(**EET, authority="Cumbria (to 2023)")
    assert "is not in the release for this measure and period" in text(now)
    then = page(**{**EET, "period": "2023-03-31"}, authority="Cumbria (to 2023)")
    assert "Cumbria (to 2023): 57% in education" in text(then)
    assert "Cumberland" not in names_of_dots(charts(then)[0])


def test_a_measure_without_counts_has_no_funnel_and_says_why(page: Page) -> None:
    at = page(indicator="caseload", authority="Barnsley")
    assert "There is no funnel for this measure" in text(at)
    assert len(charts(at)) == 1
    assert "z, adjusted" not in at.dataframe[-1].value.columns
    assert "regional medians run from" in text(at)


def test_joint_returns_are_one_dot(page: Page) -> None:
    at = page(indicator="agency_rate", authority="West Northamptonshire", period="2025-09-30")
    dots = names_of_dots(charts(at)[0])
    assert dots.count("North Northamptonshire / West Northamptonshire") == 1
    assert "West Northamptonshire" not in dots
    assert "Joint returns are drawn and counted once" in text(at)
    assert "West Northamptonshire: 19.5% of social workers are agency workers" in text(at)


def test_hidden_figures_are_owned_up_to(page: Page) -> None:
    at = page(indicator="unsuitable_accommodation", age="17-18", period="2025-03-31", authority="Leeds")
    assert "Counts of 1 to 5 are hidden" in text(at)
    assert len(names_of_dots(charts(at)[0])) < 60


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("region", "regional medians run from 47% in the North East to 58% in the South West"),
        ("overall", "where Requires improvement"),
        ("care_leavers", "Care leavers were not judged separately before January 2023."),
    ],
)
def test_groupings(page: Page, by: str, words: str) -> None:
    at = page(**EET, authority="Leeds", by=by)
    assert words in text(at)
    groups = short_tables(at)[0]
    assert groups["With a figure"].astype(int).sum() == 152
    assert len(names_of_dots(charts(at)[-1])) == 152


def test_labels_and_codes_are_accepted_in_links_and_the_unknown_is_named(page: Page) -> None:
    assert "where Requires improvement" in text(page(**EET, by="Ofsted: overall"))
    at = page(**EET, by="wards")
    assert "“wards”" in at.warning[0].value
    assert "regional medians" in text(at)


def test_bad_links_do_not_break_the_page(page: Page) -> None:
    at = page(indicator="nothing", age="99", period="1066-10-14", authority="Camelot")
    assert len(at.warning) == 4
    assert len(charts(at)) == 2


def test_clicking_a_dot_chooses_the_authority(page: Page) -> None:
    at = page(**EET)
    at.session_state["authority"] = "Kent"
    at.run()
    assert "Kent: 51% in education" in text(at)
