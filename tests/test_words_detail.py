"""The measures behind the headlines of one authority, from the shipped figures: values taken from the published files."""

import pandas as pd
import pytest

from careleavers.warehouse import Warehouse
from careleavers.words_detail import detail_caution, detail_table


@pytest.fixture(scope="module")
def leeds(warehouse: Warehouse) -> pd.DataFrame:
    return detail_table(warehouse.query("glance_detail", authority="E08000035")).set_index("Measure")


@pytest.mark.parametrize(
    ("measure", "figure", "before", "england", "period"),
    [
        ("Owed a homelessness duty, quarter, aged 18 to 20", "7", "5", "1,020", "Quarter to December 2025"),
        ("Owed a homelessness duty, four quarters, aged 18 to 20", "32", "27", "4,480", "Twelve months to December 2025"),
        ("NEET: illness or disability, aged 19 to 21", "4% (23 of 600)", "6%", "9%", "Year to March 2025"),
        ("NEET: other reasons, aged 19 to 21", "34% (202 of 600)", "30%", "27%", "Year to March 2025"),
        ("Health assessment up to date", "86% (993 of 1,159)", "94%", "90%", "Year to March 2025"),
        ("Average wellbeing score", "14.8", "14.5", "14.9", "Year to March 2025"),
        ("Unaccompanied, share", "7%", "6%", "8%", "On 31 March 2025"),
    ],
)  # fmt: skip
def test_figures_stand_beside_england_and_last_year(leeds, measure, figure, before, england, period) -> None:
    row = leeds.loc[measure]
    assert (row["Figure"], row["A year before"], row["England"], row["Period"]) == (figure, before, england, period)


def test_what_is_missing_says_why(leeds, warehouse: Warehouse) -> None:
    hidden = leeds.loc["NEET: illness or disability, aged 17 to 18"]
    assert (hidden["Figure"], hidden["Since then"]) == ("[c]", "")
    assert "protect privacy" in hidden["Note"]
    # Epping Forest sent nothing for the newest quarter.
    essex = detail_table(warehouse.query("glance_detail", authority="E10000012")).set_index("Measure")
    for name in ("quarter", "four quarters"):
        row = essex.loc[f"Owed a homelessness duty, {name}, aged 18 to 20"]
        assert row["Figure"] == "[i]"
        assert row["Note"].startswith("Incomplete: a district sent no figures")


def test_what_is_not_tested_is_named(warehouse: Warehouse) -> None:
    said = detail_caution(warehouse.query("glance_detail", authority="E08000035"))
    assert "No count is published, so there is no test: Unaccompanied, share and Placed over 20 miles away." in said
    assert "more recorded need can mean better recording" in said
    assert detail_table(warehouse.query("glance_detail", authority="E06000053"))["Figure"].notna().all()
