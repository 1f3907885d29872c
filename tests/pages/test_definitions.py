"""The definitions page says everything about every measure, finds it quickly, and copes with a bad link."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from tests.pages.opened import Page, opened

SMALL = {"search": "", "theme": "all", "indicator": ""}


def text(at: AppTest) -> str:
    """All the prose of the page."""
    return "\n".join(str(element.value) for element in at.markdown)


def names(at: AppTest) -> list[str]:
    return [box.label.strip("*") for box in at.expander]


def ask(warehouse: Warehouse, **params: str) -> pd.DataFrame:
    return warehouse.query("definitions", **{**SMALL, **params})


def test_every_measure_is_defined_in_full(page: Page, warehouse: Warehouse) -> None:
    catalogue = ask(warehouse)
    at = page()
    assert sorted(names(at)) == sorted(catalogue["short_title"])
    shown = text(at)
    for row in catalogue.itertuples():
        assert row.definition in shown
        assert row.caveats in shown
        assert f"**Counted:** {row.numerator_counts}." in shown
    assert shown.count("**Which way is better:**") == shown.count("**Next release:**") == len(catalogue)


def test_measure_says_who_when_and_whose_figures(page: Page) -> None:
    shown = text(page(indicator="in_touch"))
    assert "**Ages:** 17 to 18; 19 to 21" in shown
    assert "**Figures held:** 31 March 2018 to 31 March 2024" in shown
    assert "Department for Education, 2024 release, published November 2024" in shown
    assert "**Next release:** expected November 2026" in shown
    assert "**Which way is better:** Higher is better." in shown


def test_measure_without_ages_and_without_a_base(page: Page) -> None:
    assert "**Ages:** Not shown by age." in text(page(indicator="caseload"))
    assert "**Out of:**" not in text(page(indicator="care_leavers"))


def test_a_councils_own_measure_says_that_nothing_is_held_yet(page: Page, warehouse: Warehouse) -> None:
    at = page(indicator="bed_and_breakfast")
    assert "**Figures held:** Not held yet. Councils count this themselves" in text(at)
    assert "**Source:** Councils’ own figures" in text(at)
    assert "Compare authorities" not in str([link.proto for link in at.get("page_link")])
    assert "Compare authorities" in str([link.proto for link in page(indicator="eet").get("page_link")])
    local = ask(warehouse).query("source == 'local'")
    assert len(local) == 8
    assert local["latest_period"].isna().all()


def test_a_measure_of_which_nothing_is_held_is_offered_nowhere_else() -> None:
    at = opened("compare", indicator="bed_and_breakfast")
    assert not at.exception
    assert at.selectbox(key="indicator").value == "eet"
    assert "In bed and breakfast" not in at.selectbox(key="indicator").options
    assert at.warning


def test_one_year_is_said_to_be_one_year(page: Page) -> None:
    assert "**Figures held:** 31 March 2024 only" in text(page(indicator="three_or_more_social_workers"))


def test_years_before_a_measure_was_collected_are_not_held(warehouse: Warehouse) -> None:
    row = ask(warehouse, indicator="apprenticeship").iloc[0]
    assert f"{row.first_period:%Y}" == "2022"


def test_search_finds_and_opens_the_measure(page: Page) -> None:
    at = page()
    at.text_input(key="find").set_value("Staying  put").run()
    assert not at.exception
    assert names(at) == ["Staying put with foster carers"]
    assert at.expander[0].proto.expanded
    assert "former foster carer" in text(at)


def test_search_is_in_the_address_and_finds_words(page: Page) -> None:
    at = page(find="overdispersion")
    assert names(at) == []
    assert "Funnel limits" in text(at)


def test_best_match_comes_first(warehouse: Warehouse) -> None:
    assert ask(warehouse, search="agency").iloc[0]["indicator"] == "agency_rate"
    assert ask(warehouse, search="EET").iloc[0]["indicator"] == "eet"


def test_search_without_a_match_says_what_to_do(page: Page) -> None:
    at = page(find="zzz")
    assert names(at) == []
    assert "Nothing here has those words" in at.info[0].value


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE figures; --", "  ", "\\", "(", "*"])
def test_search_takes_any_characters(page: Page, words: str) -> None:
    page(find=words)


@pytest.mark.parametrize("asked", ["eet", "EET", "In education, work or training"])
def test_link_to_one_measure(page: Page, asked: str) -> None:
    at = page(indicator=asked)
    assert at.header[0].value == "Care leavers in education, employment or training (EET)"
    assert not at.expander
    at.button(key="all_measures").click().run()
    assert "indicator" not in at.query_params
    assert len(at.expander) > 1


def test_link_from_a_box_to_itself(page: Page) -> None:
    at = page(find="staying put")
    at.button(key="alone_staying_put").click().run()
    assert not at.exception
    assert at.query_params["indicator"] == "staying_put"
    assert at.header[0].value == "Young people staying put with their former foster carers"


def test_bad_link_says_so_and_shows_all(page: Page) -> None:
    at = page(indicator="[nonsense](https://example.org)")
    assert len(at.warning) == 1
    assert "example" not in at.warning[0].value
    assert len(at.expander) > 1


@pytest.mark.parametrize("theme", ["outcome", "enabler", "context"])
def test_theme_narrows_the_measures(page: Page, warehouse: Warehouse, theme: str) -> None:
    labels = {"outcome": "Outcomes", "enabler": "Services behind them", "context": "Context"}
    at = page(theme=labels[theme])
    expected = ask(warehouse, theme=theme)
    assert names(at) == list(expected["short_title"])
    assert [heading.value for heading in at.header] == [labels[theme]]
    shown = text(at)
    for sub_theme in expected["sub_theme"].unique():
        assert shown.count(f"**{sub_theme}**") == 1


def test_rules_words_and_marks_are_all_there(page: Page, warehouse: Warehouse) -> None:
    glossary = warehouse.query("glossary", search="")
    assert set(glossary["grouping"]) == {"words", "marks", "rules"}
    shown = text(page(part="Rules")) + text(page(part="Words and marks"))
    for row in glossary.itertuples():
        assert row.term in shown
        assert row.meaning in shown


def test_every_source_with_its_licence(page: Page, warehouse: Warehouse) -> None:
    shown = text(page(part="Data and licence"))
    sources = warehouse.query("sources")
    for row in sources.itertuples():
        assert row.title in shown
        assert row.covers in shown
    assert shown.count("- **Licence:** Open Government Licence v3.0") == len(sources)
    assert "earlier years come from 2022, 2024" in shown


def test_catalogue_is_fit_to_be_read_and_linked(warehouse: Warehouse) -> None:
    catalogue = ask(warehouse)
    # Short titles stand in the address bar of other pages, so two alike would open the wrong measure.
    assert catalogue["short_title"].is_unique
    assert catalogue["title"].is_unique
    for row in catalogue.itertuples():
        assert row.definition.endswith("."), row.indicator
        assert row.caveats.endswith("."), row.indicator
        assert not row.numerator_counts.endswith("."), row.indicator
        assert row.polarity != "neutral" or row.target == "no", row.indicator


def test_parts_that_make_a_whole_point_at_each_other(warehouse: Warehouse) -> None:
    whole = ask(warehouse).groupby("family")["indicator"].agg(set)
    assert whole["activity"] == {"eet", "neet", "activity_not_known"}
    assert whole["accommodation"] == {
        "suitable_accommodation",
        "unsuitable_accommodation",
        "accommodation_not_known",
    }
    assert whole["touch"] == {"in_touch", "not_in_touch", "refuses_contact", "no_longer_requires_services"}
