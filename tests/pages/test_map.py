"""The map has every current authority, never colours hidden figures, and its tables by region agree with it."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.ui import widgets
from tests.pages.opened import Page
from tests.short_tables import short_tables

EET = {"indicator": "eet", "age": "19-21", "period": "2025-03-31"}


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for element in [*at.markdown, *at.info, *at.caption]), *alts])


def spec(at: AppTest) -> dict[str, Any]:
    return dict(json.loads(at.get("plotly_chart")[0].proto.spec))


def tiles(at: AppTest) -> dict[str, dict[str, Any]]:
    """What each tile looks like, by name."""
    found = spec(at)["data"]
    bars = next(trace for trace in found if trace["name"] == "tiles")
    letters, figures = (
        next(trace for trace in found if trace["name"] == name)["text"] for name in ("letters", "figures")
    )
    return {
        name: {"hover": hover, "fill": fill, "pattern": pattern, "text": f"{words} {figure}".strip()}
        for (_, name), hover, fill, pattern, words, figure in zip(
            bars["customdata"],
            bars["hovertext"],
            bars["marker"]["color"],
            bars["marker"]["pattern"]["shape"],
            letters,
            figures,
            strict=True,
        )
    }


def test_without_an_authority(page: Page) -> None:
    at = page(**EET)
    assert "England: 54% in education, employment or training, from 28% to 79% among authorities" in text(at)
    found = tiles(at)
    assert len(found) == 153
    assert [name for name, tile in found.items() if tile["pattern"]] == ["Isles of Scilly"]
    assert "Isles of Scilly" in text(at)
    assert not [shape for shape in spec(at)["layout"]["shapes"] if shape["name"] == "chosen"]


def test_chosen_authority_is_framed_and_headlined(page: Page) -> None:
    at = page(**EET, authority="Leeds", against="England")
    assert "Leeds: 46% in education, employment or training, worse than England’s 54%, with 14% not known." in text(at)
    frames = [shape for shape in spec(at)["layout"]["shapes"] if shape["name"] == "chosen"]
    assert len(frames) == 1
    assert tiles(at)["Leeds"]["text"] == "<b>Lee</b> 46%"
    assert "Rank 135th of 152" in tiles(at)["Leeds"]["hover"]


@pytest.mark.parametrize(
    ("colour", "words", "mark"),
    [
        ("value", "worse than its neighbours’ mean", "46%"),
        ("band", "Leeds: 46% in education, employment or training, in the bottom quarter (ranked 135th of 152)", "B"),
        ("verdict", "worse than its neighbours’ mean", "▼"),
    ],
)
def test_ways_of_colouring(page: Page, colour: str, words: str, mark: str) -> None:
    at = page(**EET, authority="Leeds", colour=colour)
    assert words in text(at)
    assert tiles(at)["Leeds"]["text"].endswith(mark)


@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ("band", "the top quarter of authorities has 60% or more, the bottom quarter less than 49%"),
        ("verdict", "against England, authorities are "),
    ],
)
def test_findings_of_the_country(page: Page, colour: str, words: str) -> None:
    at = page(**EET, colour=colour, against="England")
    assert words in text(at)


def test_suppressed_is_hatched_marked_and_never_the_colour_of_nought(page: Page) -> None:
    at = page(indicator="unsuitable_accommodation", age="19-21", period="2025-03-31")
    found = tiles(at)
    table = at.dataframe[0].value.set_index("Authority")
    hidden = set(table[table["Figure (%)"].isna()].index)
    assert len(hidden) == 42
    assert {name for name, tile in found.items() if tile["pattern"]} == hidden
    nought = found["City of London"]
    assert "0%" in nought["text"]
    assert nought["fill"] != found["Sunderland"]["fill"]
    assert all(found[name]["fill"] != nought["fill"] for name in hidden)
    assert "suppressed to protect privacy" in found[next(iter(hidden - {"Isles of Scilly"}))]["hover"]


def test_newer_and_abolished_authorities_in_an_earlier_year(page: Page) -> None:
    at = page(**{**EET, "period": "2023-03-31"}, authority="Cumberland")
    assert "Cumberland did not exist then; its area belonged to Cumbria (to 2023)." in text(at)
    assert "Cumbria (to 2023) has no tile, because it no longer exists: 57%." in text(at)
    assert "Its area is now in Cumberland and Westmorland and Furness." in text(at)
    cumberland = tiles(at)["Cumberland"]
    assert cumberland["pattern"] == "."
    assert "Did not exist then: its area belonged to Cumbria (to 2023)" in cumberland["hover"]
    table = at.dataframe[0].value.set_index("Authority")
    assert table.loc["Cumbria (to 2023)", "Tile"] == "none"
    assert table.loc["Cumbria (to 2023)", "Note"].startswith("Now Cumberland and Westmorland and Furness")


def test_an_abolished_authority_can_be_chosen(page: Page) -> None:
    then = page(**{**EET, "period": "2023-03-31"}, authority="Cumbria (to 2023)")
    assert "Cumbria (to 2023): 57% in education" in text(then)
    now = page(**EET, authority="Cumbria (to 2023)")
    assert "has no tile and no figure in this period" in text(now)
    assert "Cumbria" not in spec(now)["layout"]["annotations"][0]["text"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("City of London", "City of London: 72% in education"),
        ("Isles of Scilly", "Isles of Scilly: no figure for “In education, work or training” (not applicable)"),
        ("West Northamptonshire", "West Northamptonshire: 47% in education"),
        ("Barnsley", "Barnsley: 64% in education"),
        ("Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole: 56% in education"),
    ],
)
def test_kinds_of_authority(page: Page, name: str, words: str) -> None:
    assert words in text(page(**EET, authority=name))


def test_colourings_that_a_measure_has_not_are_not_offered(page: Page) -> None:
    neutral = page(indicator="refuses_contact", age="19-21")
    assert "there are no quarters, because neither high nor low is better" in text(neutral)
    untested = page(indicator="caseload", authority="Barnsley")
    assert "no authority can be tested against the comparator" in text(untested)
    asked = page(indicator="caseload", colour="verdict")
    assert "“verdict”" in asked.warning[0].value


def test_tables_hold_the_same_by_region(page: Page) -> None:
    at = page(**EET, against="England")
    regions, authorities = short_tables(at)[0], at.dataframe[0].value
    assert list(regions["Region"]) == sorted(regions["Region"])
    assert len(regions) == 9
    assert regions["Authorities with a figure"].astype(int).sum() == 152
    assert list(authorities["Region"]) == sorted(authorities["Region"])
    east = authorities[authorities["Region"] == "East Midlands"]
    assert list(east["Rank"].dropna()) == sorted(east["Rank"].dropna())
    row = regions.set_index("Region").loc["East Midlands"]
    assert float(row["Highest"]) == east["Figure (%)"].max()
    assert int(row["In the top quarter"]) == (east["Quarter"] == "top").sum()
    assert int(row["Better than England"]) == east["Against England"].str.contains("better").sum()
    assert authorities["Tile"].is_unique


def test_where_lower_is_better_the_bottom_quarter_is_the_highest(page: Page) -> None:
    at = page(indicator="neet", age="19-21", period="2025-03-31", colour="band")
    assert "the top quarter of authorities has" in text(at)
    assert "the bottom quarter more than" in text(at)
    assert "In the bottom quarter" in short_tables(at)[0].columns


def test_joint_returns_count_once_by_region(page: Page) -> None:
    at = page(indicator="agency_rate", period="2025-09-30")
    found = tiles(at)
    assert found["North Northamptonshire"]["text"].endswith("19.5")
    assert found["West Northamptonshire"]["text"].endswith("19.5")
    assert short_tables(at)[0]["Authorities with a figure"].astype(int).sum() == 148
    assert "joint return" in text(at)


def test_bad_links_do_not_break_the_page(page: Page) -> None:
    at = page(indicator="nothing", age="99", period="1066-10-14", authority="Camelot", colour="puce")
    assert len(at.warning) == 5
    assert len(tiles(at)) == 153


def test_every_period_of_a_measure_can_be_drawn(page: Page) -> None:
    for year in range(2018, 2026):
        at = page(**{**EET, "period": f"{year}-03-31"}, colour="verdict")
        assert len(tiles(at)) == 153


def test_on_a_phone_the_figures_come_before_the_region(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widgets, "width", lambda: "narrow")
    order = list(page(authority="Leeds").dataframe[0].proto.column_order)
    assert order[0] == "Authority"
    assert order.index("Figure (%)") < order.index("Note") < order.index("Region")
