"""The measures behind the headlines of one authority, from the shipped figures: values taken from the published files."""

import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.at_a_glance.detail import detail_caution, detail_table


@pytest.fixture(scope="module")
def leeds(warehouse: Warehouse) -> pd.DataFrame:
    return detail_table(warehouse.query("at_a_glance_detail", authority="E08000035")).set_index("Measure")


@pytest.mark.parametrize(
    ("measure", "figure", "before", "england"),
    [
        ("Owed a homelessness duty, aged 18 to 20, quarter to December 2025", "7", "5", "1,020 in all"),
        ("Owed a homelessness duty, four quarters, aged 18 to 20, twelve months to December 2025", "32", "27", "4,480 in all"),
        ("NEET: illness or disability, aged 19 to 21, year to March 2025", "4% (23 of 600)", "6%", "9%"),
        ("NEET: other reasons, aged 19 to 21, year to March 2025", "34% (202 of 600)", "30%", "27%"),
        ("Health assessment up to date, year to March 2025", "86% (993 of 1,159)", "94%", "90%"),
        ("Average wellbeing score, year to March 2025", "14.8", "14.5", "14.9"),
        ("Unaccompanied children, share, 31 March 2025", "7%", "6%", "8%"),
    ],
)  # fmt: skip
def test_figures_stand_beside_england_and_last_year(leeds, measure, figure, before, england) -> None:
    row = leeds.loc[measure]
    assert (row["Figure"], row["A year before"].partition(":")[0], row["England"]) == (figure, before, england)


def test_what_is_missing_says_why(leeds, warehouse: Warehouse) -> None:
    hidden = leeds.loc["NEET: illness or disability, aged 17 to 18, year to March 2025"]
    assert (hidden["Figure"], hidden["A year before"]) == ("[c]", "")
    assert "protect privacy" in hidden["Note"]
    # Epping Forest sent nothing for the newest quarter.
    essex = detail_table(warehouse.query("at_a_glance_detail", authority="E10000012")).set_index("Measure")
    for name, when in (("", "quarter"), (", four quarters", "twelve months")):
        row = essex.loc[f"Owed a homelessness duty{name}, aged 18 to 20, {when} to December 2025"]
        assert row["Figure"] == "[i]"
        assert row["Note"].startswith("Incomplete: a district sent no figures")


def test_what_is_not_tested_is_named(warehouse: Warehouse) -> None:
    said = detail_caution(warehouse.query("at_a_glance_detail", authority="E08000035"))
    assert (
        "No counts are published, so these cannot be tested: “Unaccompanied children, share” and “Placed over 20 miles away”."
        in said
    )
    assert "more recorded need can mean better recording" in said
    assert detail_table(warehouse.query("at_a_glance_detail", authority="E06000053"))["Figure"].notna().all()


def test_the_same_quarter_of_last_year_is_named_with_the_change(leeds) -> None:
    row = leeds.loc["Owed a homelessness duty, aged 18 to 20, quarter to December 2025"]
    assert row["A year before"] == "5: up 2 (not tested)"
    # 86% of 1,159 against 94%: more than chance.
    assert leeds.loc["Health assessment up to date, year to March 2025", "A year before"].startswith("94%: ")


def test_those_not_known_stand_beside_a_reason(warehouse: Warehouse) -> None:
    shown = detail_table(warehouse.query("at_a_glance_detail", authority="E10000014")).set_index("Measure")
    # 245 of 371 not known (activity file, release 2025).
    other = shown.loc["NEET: other reasons, aged 17 to 18, year to March 2025"]
    assert other["Figure"] == "12% (44 of 371)"
    assert other["Note"] == "66% not known, so a low figure may not be good news."
    # 44 of 743, neither high nor low is better; 378 of 743 not known.
    illness = shown.loc["NEET: illness or disability, aged 19 to 21, year to March 2025"]
    assert illness["Note"] == "51% not known."
