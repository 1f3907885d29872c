"""The parts of NEET: the reasons add up to it in every authority whose counts are known, and are shown with it."""

import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.parts import parts_caution, parts_table
from tests.pages.opened import opened

REASONS = ["neet_illness", "neet_parenting", "neet_other"]
LEEDS, BRISTOL = "E08000035", "E06000023"


def asked(warehouse: Warehouse, indicator: str = "neet", area: str = LEEDS, period: str = "2025-03-31") -> pd.DataFrame:
    return warehouse.query("parts", indicator=indicator, age_group="19-21", area=area, period=period)


def test_the_reasons_add_up_to_neet_wherever_all_counts_are_known(figures: pd.DataFrame) -> None:
    keys = ["age_group", "area_code", "period_end"]
    held = figures[(figures["level"] == "authority") & (figures["layer"] == "published")]
    wide = held[held["indicator"].isin(["neet", *REASONS])].pivot(index=keys, columns="indicator", values="numerator")
    known = wide.dropna()
    assert len(known) > 900
    assert (known[REASONS].sum(axis=1) == known["neet"]).all()
    assert known.index.get_level_values("area_code").nunique() > 120
    # Regions and England are rounded to ten: four figures can be 20 apart at most.
    areas = figures[figures["level"].isin(["england", "region"]) & figures["indicator"].isin(["neet", *REASONS])]
    rounded = areas.pivot(index=keys, columns="indicator", values="numerator").dropna()
    assert len(rounded) > 90
    assert ((rounded[REASONS].sum(axis=1) - rounded["neet"]).abs() <= 20).all()


@pytest.mark.parametrize("indicator", ["neet", *REASONS])
def test_neet_and_its_reasons_stand_side_by_side_whichever_is_asked_for(warehouse: Warehouse, indicator: str) -> None:
    rows = asked(warehouse, indicator)
    assert rows["indicator"].tolist() == ["neet", *REASONS]
    assert rows["is_whole"].tolist() == [True, False, False, False]
    assert rows.loc[rows["is_asked"], "indicator"].tolist() == [indicator]


def test_other_parts_are_shown_with_their_own_whole_only(warehouse: Warehouse) -> None:
    assert asked(warehouse, "higher_education")["indicator"].tolist() == ["eet", "higher_education", "apprenticeship"]
    # NEET was not divided up in 2016, and suitable accommodation has no parts.
    assert asked(warehouse, period="2016-03-31").empty
    assert asked(warehouse, "suitable_accommodation").empty


def test_the_table_says_why_a_count_is_hidden_and_the_caution_is_always_there(warehouse: Warehouse) -> None:
    rows = asked(warehouse)
    table = parts_table(rows, "Leeds")
    assert table["Measure"].tolist()[0] == "Not in education, work or training"
    assert parts_caution(rows).endswith("many councils’ are hidden to protect privacy.")
    codes = warehouse.query("authorities")["authority_code"]
    hidden = next(each for code in codes if (each := asked(warehouse, area=code))["status"].eq("c").any())
    assert not hidden["adds_up"].any()
    assert "They are part of" in parts_caution(hidden)
    notes = parts_table(hidden, "It")["Note"]
    assert notes[hidden["status"] == "c"].str.contains("privacy|identif", regex=True).all()


@pytest.mark.parametrize("page", ["compare", "trends"])
def test_the_pages_show_them(page: str) -> None:
    at = opened(page, authority="Leeds", indicator="neet_illness", age="19-21")
    assert not at.exception
    assert "What it includes" in [each.value for each in at.header]
    assert any("NEET: pregnancy or parenting" in each.proto.body for each in at.get("html"))
    assert any("hidden to protect privacy" in each.value for each in at.caption)
