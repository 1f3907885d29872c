"""The page that plots an enabler against an outcome: its finding, dates, gaps and links."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import Page, check


def text(at: AppTest) -> str:
    """The words of the page, with the text alternatives of its charts: their titles are its findings."""
    alts = [chart.proto.alt for chart in at.get("plotly_chart")]
    return "\n".join([*(str(element.value) for kind in (at.markdown, at.info, at.caption) for element in kind), *alts])


def dots(at: AppTest) -> dict[str, list[str]]:
    """The codes of the dots by role."""
    (found,) = at.get("plotly_chart")
    traces: list[dict[str, Any]] = json.loads(found.proto.spec)["data"]
    return {trace["name"]: [code for (code,) in trace["customdata"]] for trace in traces}


def test_default_is_caseload_and_eet(page: Page) -> None:
    at = page(authority="Leeds")
    said = text(at)
    assert "“Cases per social worker” and “In education, work or training, aged 19 to 21”: weak link; " in said
    assert "Either figure says little about the other: many authorities do not follow the pattern." in said
    assert "(rank correlation −0.27, 95% interval −0.42 to −0.11)" in said
    assert (
        "Leeds: 14.5 cases per social worker, and 46% in education, employment or training, with 14% not known." in said
    )
    assert "**Association is not cause.**" in said
    assert "year to 31 March 2025" in said and "30 September 2024" in said
    assert "Birmingham (“Cases per social worker” is judged unreliable)" in said
    assert "Isles of Scilly (“In education, work or training” is not applicable)" in said


def test_one_dot_a_return_and_the_neighbours_picked_out(page: Page) -> None:
    drawn = dots(page(authority="Leeds"))
    assert drawn["chosen"] == ["E08000035"]
    assert len(drawn["neighbour"]) == 10
    assert sum(map(len, drawn.values())) == 149
    both = dots(page(authority="Leeds", show="both"))
    assert len(both["region"]) > 5
    assert "region" not in drawn


def test_no_authority_picks_nothing_out(page: Page) -> None:
    at = page()
    assert set(dots(at)) == {"other"}
    assert "Choose a council" in text(at)


def test_link_with_every_choice(page: Page) -> None:
    at = page(enabler="agency_rate", outcome="In touch with the council", age="17-18", period="2023-03-31")
    assert not at.warning
    said = text(at)
    assert "“Agency social workers” and “In touch with the council, aged 17 to 18”:" in said
    assert "30 September 2022" in said and "year to 31 March 2023" in said
    assert at.selectbox(key="indicator").value == "in_touch"


def test_choices_go_to_the_address(page: Page) -> None:
    at = page(authority="Leeds")
    at.selectbox(key="enabler").set_value("vacancy_rate").run()
    at.selectbox(key="age").set_value("17-18").run()
    assert not at.exception
    assert at.query_params["enabler"] in ("vacancy_rate", ["vacancy_rate"])
    assert "Social worker vacancies" in text(at)


def test_joint_return_says_whose_outcome_it_is(page: Page) -> None:
    at = page(authority="West Northamptonshire")
    said = text(at)
    assert "West Northamptonshire, together with North Northamptonshire: 15.4 cases" in said
    assert "Two pairs of authorities each send one workforce return" in said
    assert dots(at)["chosen"] == ["E06000061 / E06000062"]


def test_without_joint_returns_the_two_are_two(page: Page) -> None:
    at = page(authority="West Northamptonshire", enabler="three_or_more_placements")
    assert "Two pairs of authorities" not in text(at)
    assert dots(at)["chosen"] == ["E06000062"]
    assert "Both measures end on the same day" in text(at)


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("City of London", {}, "City of London: 9.6 cases per social worker, and 72% in education"),
        (
            "Isles of Scilly",
            {},
            "Isles of Scilly has no dot, because “In education, work or training” is not applicable.",
        ),
        ("Cumberland", {}, "Cumberland: "),
        # 245 of 371 are not known: activity file, release 2025.
        (
            "Hampshire",
            {"outcome": "neet", "age": "17-18", "period": "2025-03-31"},
            "14% not in education, employment or training, with 66% not known.",
        ),
        ("Barnsley", {}, "Barnsley: "),
        ("Cumbria (to 2023)", {}, "Cumbria (to 2023) is not in these figures: it did not exist then."),
        ("Cumbria (to 2023)", {"period": "2023-03-31"}, "Cumbria (to 2023): "),
        (
            "Kensington and Chelsea",
            {"enabler": "agency_rate"},
            "has no dot, because “Agency social workers” is not available",
        ),
        (
            "Rutland",
            {"outcome": "staying_put", "period": "2024-03-31"},
            "“Staying put with foster carers” is suppressed to protect privacy",
        ),
    ],
)
def test_what_is_said_of_each_kind_of_authority(page: Page, name: str, query: dict[str, str], says: str) -> None:
    at = page(authority=name, **query)
    check(at)
    assert says in text(at)
    assert at.get("plotly_chart")


def test_many_without_a_figure_is_a_caution(page: Page) -> None:
    said = text(page(outcome="higher_education"))
    assert "They are not a random selection" in said
    assert "The end of the table names them." in said


def test_every_pair_is_in_the_table(page: Page) -> None:
    at = page(authority="Leeds")
    table = at.dataframe[0].value
    assert len(table) == 151
    assert table["Note"].str.startswith("No dot").sum() == 2
    assert list(table["Shown as"]).count("chosen") == 1


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ({"enabler": "eet"}, "eet"),
        ({"outcome": "caseload"}, "caseload"),
        ({"outcome": "staying_put", "age": "22"}, "22"),
        ({"period": "2099-03-31"}, "2099-03-31"),
    ],
)
def test_bad_link_says_so_and_shows_the_default(page: Page, query: dict[str, str], asked: str) -> None:
    at = page(**query)
    assert asked.replace("-", "\\-") in at.warning[0].value
    assert at.get("plotly_chart")


@pytest.mark.slow
def test_pairs_of_every_measure_draw(page: Page) -> None:
    from careleavers.ui import figures
    from careleavers.views.together import view as together_view

    context = figures.context()
    outcomes, drawn = list(together_view.outcomes(context)), 0
    for place, enabler in enumerate(together_view.enablers(context)):
        # Some of the pairs, with each measure in several: all of them would take longer than the tests of any other page.
        for outcome in outcomes[place % 9 :: 9]:
            age = context.indicators[outcome].age_groups[-1]
            for day in list(together_view.periods(context, enabler, "all", outcome, age))[:1]:
                shown = together_view.build_view(context,
                    enabler, "all", outcome, age, day, "E06000058",
                    "Bournemouth, Christchurch and Poole", "South West", "both", "narrow" if drawn % 4 else "wide",
                )  # fmt: skip
                assert shown.headline and shown.chart.alt
                drawn += 1
    assert drawn > 20
