"""What may be claimed about a figure, compared with claims worked out from the department's files without the product.

tests/golden/claims.csv was made by tests/golden/claims.py, with pandas, scipy and statsmodels.
"""

from pathlib import Path

import pandas as pd
import pytest

from careleavers.figures.catalogue import from_rows
from careleavers.figures.warehouse import Warehouse
from careleavers.views.map import words as map_words

GOLDEN = Path(__file__).parent / "golden" / "claims.csv"
EXPECTED = pd.read_csv(GOLDEN).to_dict("records")


@pytest.fixture(scope="module")
def held(warehouse: Warehouse) -> dict[tuple[str, str, str, int], dict]:
    frame = warehouse._connection.cursor().execute(
        "SELECT *, year(period_end) AS year FROM figures WHERE level = 'authority' AND layer = 'published'"
    ).df()  # fmt: skip
    names = {row["authority"] for row in EXPECTED}
    frame = frame[frame["area_name"].isin(names) & frame["year"].isin([2024, 2025])]
    return {(r["area_name"], r["indicator"], r["age_group"], r["year"]): r for r in frame.to_dict("records")}


def same(found: object, expected: object) -> None:
    if pd.isna(expected):
        assert pd.isna(found)
    else:
        assert found == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "row", EXPECTED, ids=lambda row: f"{row['authority']} {row['indicator']} {row['age_group']}".replace(" ", "-")
)
def test_what_is_claimed_of_a_figure(held, row) -> None:
    found = held[row["authority"], row["indicator"], row["age_group"], row["year"]]
    for column in ("numerator", "denominator", "value", "not_known_share"):
        same(found[column], row[column])
    assert bool(found["base_hidden"]) is row["base_hidden"]
    assert bool(found["low_is_no_merit"]) is row["low_is_no_merit"]
    if row["base_hidden"]:
        assert pd.isna(found["of"])
    else:
        assert found["of"] == row["of"]
    same(found["rank"], row["rank"])
    if row["low_is_no_merit"] or row["base_hidden"]:
        assert found["band"] == ""
    for who in ("england", "region", "neighbours"):
        expected = row[f"verdict_{who}"]
        assert found[f"verdict_{who}"] == ("" if pd.isna(expected) else expected), who
    for years, column in ((1, "change"), (2, "change_2"), (5, "change_5")):
        same(found[column], row[f"change_{years}"])
        test = row[f"change_{years}_test"]
        test = "" if pd.isna(test) else test
        said = found[f"{column}_verdict"]
        # If a low figure is not good news, a fall is not an improvement.
        assert said == test or (
            said == "lower" and test == "better" and row["indicator"].startswith(("neet", "unsuit"))
        )
        if row["low_is_no_merit"]:
            assert said != "better"


def test_an_export_says_who_is_not_known_and_names_england_for_neighbours_that_are_not_close(
    warehouse: Warehouse,
) -> None:
    asked = {"indicator": "neet", "age_group": "17-18", "period": "2025-03-31", "against": "neighbours"}
    rows = warehouse.query("export", **asked, authority="").set_index("authority_name")
    assert rows.loc["Hampshire", "not_known_share"] == pytest.approx(100 * 245 / 371)
    assert rows.loc["Hampshire", "verdict_against"] == ""
    assert rows.loc["City of London", "against"] == "england"
    assert rows.loc["Hampshire", "against"] == "neighbours"
    assert rows.loc["City of London", ["rank", "of"]].isna().all()


def test_the_map_has_the_better_end_dark_whichever_that_is(warehouse: Warehouse) -> None:
    indicators = from_rows(warehouse.query("indicators"))
    for name, darkest in (("eet", "highest"), ("neet", "lowest")):
        asked = {"age_group": "19-21", "period": "2025-03-31", "authority": "", "against": "england"}
        rows = warehouse.query("map", indicator=name, **asked)
        tiles, labels = map_words.tiles(rows, indicators[name], "value", "england")
        drawn = tiles[tiles["state"] == "figure"]
        best = drawn.loc[drawn["value"].idxmax() if darkest == "highest" else drawn["value"].idxmin()]
        assert best["shade"] == len(labels) - 1
        # Hampshire's 21% NEET does not count as good news, so it has no colour.
        lost = tiles[tiles["authority_name"] == "Hampshire"].iloc[0]
        assert (lost["state"] == "not compared") is (name == "neet")


def test_a_pair_with_a_hidden_base_is_no_dot(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "together", enabler="caseload", enabler_age="all", outcome="staying_put", outcome_age="18", period="2024-03-31",
        authority="E09000001",
    )  # fmt: skip
    own = rows[rows["is_chosen"]].iloc[0]
    assert not own["paired"]
    assert own["y_status"] == "c"
