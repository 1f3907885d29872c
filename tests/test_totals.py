"""Totals grow with the size of a place: none is compared with England's, a region's or the neighbours' mean."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from careleavers.figures.catalogue import from_rows
from careleavers.figures.warehouse import Warehouse
from careleavers.model import Indicator
from careleavers.views.at_a_glance import detail
from careleavers.views.build_your_own import words as build_your_own_words
from careleavers.views.compare import words as compare_words
from careleavers.views.trends import words_finding, words_years
from careleavers.wording import sentences
from careleavers.wording.tables import records

LEEDS, ENGLAND = "E08000035", "E92000001"
COUNTED = {"indicator": "unaccompanied_children", "age_group": "all"}
SPENT = {"indicator": "leaving_care_spending", "age_group": "all"}
SPENT_EACH = {"indicator": "leaving_care_spending_each", "age_group": "all"}


@pytest.fixture(scope="module")
def indicators(warehouse: Warehouse) -> dict[str, Indicator]:
    return from_rows(warehouse.query("indicators"))


def compared(warehouse: Warehouse, measure: Mapping[str, str], against: str = "england") -> pd.DataFrame:
    return warehouse.query("compare", **measure, period="2025-03-31", authority=LEEDS, scope="all", against=against)


def england(warehouse: Warehouse, measure: Mapping[str, str]) -> float:
    rows = warehouse.query("trends", **measure, authority="", others="")
    return float(rows.loc[(rows["series"] == "england") & (rows["period_end"] == "2025-03-31"), "value"].iloc[0])


def test_totals_are_counts_and_sums_without_a_base(indicators: dict[str, Indicator]) -> None:
    totals = {indicator.id for indicator in indicators.values() if indicator.total}
    assert totals == {
        "care_leavers", "homelessness_duty", "homelessness_duty_year", "unaccompanied_children", "leaving_care_spending",
    } | {name for name in totals if name.startswith("care_leavers_")}  # fmt: skip


@pytest.mark.parametrize("measure", [COUNTED, SPENT])
@pytest.mark.parametrize("against", ["england", "region", "neighbours"])
def test_a_total_has_no_comparator(warehouse: Warehouse, measure: Mapping[str, str], against: str) -> None:
    rows = compared(warehouse, measure, against)
    beside = ["england", "region_value", "neighbours_mean", "neighbours_median", "neighbours_pooled", "comparator"]
    assert rows[beside].isna().all(axis=None)
    assert (rows["england_total"] == england(warehouse, measure)).all()


def test_what_each_costs_is_compared(warehouse: Warehouse) -> None:
    rows = compared(warehouse, SPENT_EACH)
    assert (rows["comparator"] == england(warehouse, SPENT_EACH)).all()
    assert rows["england_total"].isna().all()
    assert rows["neighbours_mean"].notna().any()


def test_the_sentence_says_what_it_is_a_part_of(warehouse: Warehouse, indicators: dict[str, Indicator]) -> None:
    rows = compared(warehouse, SPENT)
    own = records(rows[rows["is_chosen"]], indicators[SPENT["indicator"]], "all")[0]
    assert sentences.headline(own, "Leeds", "england", None) == (
        "Leeds: £17,611,584 spent on leaving-care support, of England’s £817,159,484"
    )
    said = sentences.range_headline(rows, indicators[SPENT["indicator"]], "all")
    assert said.startswith("England: £817,159,484 spent on leaving-care support in all, from £")
    notes = " ".join(compare_words.cautions(own, rows, indicators[SPENT["indicator"]]))
    assert "larger in larger places" in notes
    assert "of 10" not in notes
    table = compare_words.comparison_table(rows, indicators[SPENT["indicator"]], "england")
    assert "Figure (£)" in table
    assert not {"Count", "Base", "Against England"} & set(table)


def test_over_the_years_only_places_alike_are_drawn(warehouse: Warehouse, indicators: dict[str, Indicator]) -> None:
    rows = warehouse.query("trends", **COUNTED, authority=LEEDS, others="")
    indicator = indicators[COUNTED["indicator"]]
    assert set(words_years.chart_frame(rows, indicator)["role"]) == {"authority"}
    said = words_finding.detail(words_finding.newest(rows, "authority"), rows, indicator, "england", None)
    assert said.startswith("Of England’s ")
    assert "Beside" not in said
    assert not any("fewer than 5" in note for note in words_years.cautions(rows, indicator, []))
    each = warehouse.query("trends", **SPENT_EACH, authority=LEEDS, others="")
    assert {"authority", "england", "region", "neighbours"} <= set(
        words_years.chart_frame(each, indicators[SPENT_EACH["indicator"]])["role"]
    )


def test_on_the_map_a_total_has_no_comparator(warehouse: Warehouse) -> None:
    rows = warehouse.query("map", **COUNTED, period="2025-03-31", authority=LEEDS, against="region")
    assert rows[["england", "region_value", "comparator"]].isna().all(axis=None)
    assert rows.loc[rows["value"].notna(), "region_total"].notna().all()


def test_behind_the_headlines_england_stands_in_all(warehouse: Warehouse) -> None:
    rows = warehouse.query("at_a_glance_detail", authority=LEEDS)
    table = detail.detail_table(rows)
    counted = rows["family"] == "homelessness"
    assert counted.any()
    assert table.loc[counted.to_numpy(), "England"].str.endswith(" in all").all()
    assert not table.loc[~counted.to_numpy(), "England"].str.endswith(" in all").any()


def built(warehouse: Warehouse, measure: str, areas: list[str]) -> pd.DataFrame:
    rows: Any = warehouse.query(
        "build_your_own_figures", measures=[measure], areas=areas, years=[2025], authority=LEEDS
    )
    return build_your_own_words.with_texts(rows)


def test_among_chosen_figures_a_wider_total_stands_apart(warehouse: Warehouse) -> None:
    rows = built(warehouse, "unaccompanied_children.all", [LEEDS, "E08000036", "E12000003", ENGLAND])
    assert rows.set_index("area_code")["apart"].to_dict() == {
        LEEDS: False, "E08000036": False, "E12000003": True, ENGLAND: True,
    }  # fmt: skip
    assert build_your_own_words.headline(rows).endswith("in all")
    assert any("in the table and not in the chart" in note for note in build_your_own_words.cautions(rows))
    # Regions may be compared with each other, and shares with any area's.
    assert not built(warehouse, "unaccompanied_children.all", ["E12000003", "E12000001"])["apart"].any()
    assert not built(warehouse, "eet.19-21", [LEEDS, ENGLAND])["apart"].any()
