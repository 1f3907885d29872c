"""How an enabler is compared with an outcome: the dates, the returns, the rank correlation and its words."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.figures.warehouse import Warehouse
from careleavers.views.together import words
from tests.made_up_data import ENGLAND, area, figure, hidden, indicator, joint_code, opened

INDICATORS = [indicator("up"), indicator("rate", "low", "none", theme="enabler")]
EET = {"outcome": "eet", "outcome_age": "19-21"}
CASELOAD = {"enabler": "caseload", "enabler_age": "all"}
SMALL = {"enabler": "rate", "enabler_age": "all", "outcome": "up", "outcome_age": "all", "authority": ""}


def macro(warehouse: Warehouse, expression: str, *values: Any) -> Any:
    row = warehouse._connection.cursor().execute(f"SELECT {expression}", list(values)).fetchone()
    assert row is not None
    return row[0]


def workforce(code: int | str, value: float, day: str = "2024-09-30", **more: Any) -> dict[str, Any]:
    return figure(code, indicator="rate", period_end=day, basis="snapshot", value=value, published_value=value, **more)


def made(path: Path, rows: list[dict[str, Any]], **more: Any) -> Warehouse:
    base = [figure(ENGLAND, 50, 100), workforce(ENGLAND, 15)]
    return opened(path, base + rows, indicators=INDICATORS, **more)


def ask(warehouse: Warehouse, **more: Any) -> pd.DataFrame:
    return warehouse.query("together", **{**SMALL, "period": "2025-03-31", **more})


@pytest.mark.parametrize("enabler", ["caseload", "agency_rate", "absence_rate", "three_or_more_placements"])
@pytest.mark.parametrize("outcome", ["eet", "suitable_accommodation", "higher_education"])
def test_correlation_is_spearmans(warehouse: Warehouse, enabler: str, outcome: str) -> None:
    rows = warehouse.query(
        "together", enabler=enabler, enabler_age="all", outcome=outcome, outcome_age="19-21", period="2024-03-31",
        authority="",
    )  # fmt: skip
    pairs = rows[rows["paired"]]
    assert len(pairs) == rows["pairs"].iloc[0] > 50
    expected = scipy.stats.spearmanr(pairs["x"], pairs["y"]).statistic
    assert rows["correlation"].iloc[0] == pytest.approx(expected, abs=1e-12)


PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=12)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.lists(PAIRS, min_size=4, max_size=4))
def test_correlation_of_any_pairs(tmp_path_factory: pytest.TempPathFactory, years: list[list[tuple[int, int]]]) -> None:
    """Each year has its own pairs, so that four cases share one warehouse."""
    rows: list[dict[str, Any]] = []
    for year, pairs in enumerate(years, start=2021):
        rows += [figure(ENGLAND, 50, 100, year), workforce(ENGLAND, 15, f"{year - 1}-09-30")]
        rows += [workforce(n, x, f"{year - 1}-09-30") for n, (x, _) in enumerate(pairs, start=1)]
        rows += [figure(n, y, 10, year) for n, (_, y) in enumerate(pairs, start=1)]
    warehouse = made(tmp_path_factory.mktemp("pairs"), rows)
    answers = [ask(warehouse, period=f"{year}-03-31") for year in range(2021, 2025)]
    warehouse.close()
    for pairs, answer in zip(years, answers, strict=True):
        assert answer["pairs"].iloc[0] == len(pairs)
        found = answer["correlation"].iloc[0]
        if len({x for x, _ in pairs}) == 1 or len({y for _, y in pairs}) == 1:
            assert pd.isna(found)
        else:
            expected = scipy.stats.spearmanr([x for x, _ in pairs], [y for _, y in pairs]).statistic
            assert found == pytest.approx(expected, abs=1e-9)


def test_interval_worked_by_hand(warehouse: Warehouse) -> None:
    # z = atanh(0.5) = 0.549306; standard error sqrt((1 + 0.125) / 25) = 0.212132; z -+ 1.959964 x 0.212132.
    assert macro(warehouse, "association_lower(0.5, 28)") == pytest.approx(math.tanh(0.133535), abs=1e-5)
    assert macro(warehouse, "association_upper(0.5, 28)") == pytest.approx(math.tanh(0.965077), abs=1e-5)


@given(r=st.floats(-0.999, 0.999), n=st.integers(10, 2000))
@settings(max_examples=40, deadline=None)
def test_interval_holds_the_correlation_and_mirrors(warehouse: Warehouse, r: float, n: int) -> None:
    low, high = (macro(warehouse, f"association_{end}(?, ?)", r, n) for end in ("lower", "upper"))
    assert -1 <= low < r < high <= 1
    assert macro(warehouse, "association_upper(?, ?)", -r, n) == pytest.approx(-low, abs=1e-12)


@pytest.mark.parametrize(("r", "n"), [(0.4, 9), (0.4, 3), (1.0, 50), (-1.0, 50), (None, 50)])
def test_no_interval_is_nothing_said(warehouse: Warehouse, r: float | None, n: int) -> None:
    assert macro(warehouse, "association_lower(?, ?)", r, n) is None
    assert macro(warehouse, "association_upper(?, ?)", r, n) is None
    assert macro(warehouse, "association_strength(?::DOUBLE, NULL::DOUBLE)", r) == ""
    assert macro(warehouse, "association_direction(NULL::DOUBLE, NULL::DOUBLE)") == ""


@pytest.mark.parametrize(
    ("r", "strength"),
    [(0.0, "very_weak"), (0.0999, "very_weak"), (-0.1, "weak"), (0.2999, "weak"), (-0.3, "moderate"), (0.5, "strong")],
)
def test_strength_in_words(warehouse: Warehouse, r: float, strength: str) -> None:
    assert macro(warehouse, "association_strength(?, 0.0)", r) == strength


@pytest.mark.parametrize(
    ("low", "high", "direction"), [(0.1, 0.3, "together"), (-0.3, -0.1, "opposite"), (-0.1, 0.1, "unclear"), (0.0, 0.2, "unclear")]
)  # fmt: skip
def test_direction_only_where_nought_is_left_out(warehouse: Warehouse, low: float, high: float, direction: str) -> None:
    assert macro(warehouse, "association_direction(?::DOUBLE, ?::DOUBLE)", low, high) == direction


def test_workforce_date_falls_within_the_outcome_year(warehouse: Warehouse) -> None:
    held = warehouse.query("together_periods", **CASELOAD, **EET)
    assert f"{held.period_end[0]:%Y-%m-%d}" == "2025-03-31"
    assert list(held.period_end - held.enabler_period < pd.Timedelta(days=366)) == [True] * len(held)
    # The newest workforce figures, of September 2025, are from after every outcome year and never used.
    assert f"{held.enabler_period.max():%Y-%m-%d}" == "2024-09-30"
    same = warehouse.query("together_periods", enabler="three_or_more_placements", enabler_age="all", **EET)
    assert (same.period_end == same.enabler_period).all()


def test_no_figure_within_the_year_is_no_pairing(tmp_path: Path) -> None:
    warehouse = made(
        tmp_path, [figure(1, 1, 2), workforce(1, 14), figure(1, 1, 2, year=2024), figure(1, 1, 2, year=2026)]
    )
    asked = {key: value for key, value in SMALL.items() if key != "authority"}
    held = warehouse.query("together_periods", **asked)
    assert [f"{day:%Y-%m-%d}" for day in held.period_end] == ["2025-03-31"]


def test_joint_return_is_one_dot_with_both_outcomes_together(tmp_path: Path) -> None:
    rows = [
        workforce(joint_code(1, 2), 12),
        figure(1, 10, 100),
        figure(2, 60, 100),
        workforce(3, 14),
        figure(3, 30, 100),
    ]
    warehouse = made(tmp_path, rows, joint=[(1, 2)])
    found = ask(warehouse, authority=area(2)).set_index("return_code")
    assert len(found) == 2
    row = found.loc[joint_code(1, 2)]
    assert row.joint and row.paired and row.is_chosen
    assert (row.x, row.y) == (12, 35)
    assert row.members == [area(2), area(1)]
    assert found["pairs"].iloc[0] == 2


def test_hidden_member_hides_the_joint_outcome(tmp_path: Path) -> None:
    rows = [workforce(joint_code(1, 2), 12), figure(1, 10, 100), hidden(2, 40)]
    row = ask(made(tmp_path, rows, joint=[(1, 2)])).iloc[0]
    assert pd.isna(row.y) and pd.isna(row.y_numerator) and pd.isna(row.y_denominator)
    assert row.y_status == "c" and not row.paired


def test_what_lacks_a_figure_is_kept_and_named(tmp_path: Path) -> None:
    rows = [workforce(1, 12), figure(1, 10, 100), workforce(2, 13), figure(3, 30, 100), workforce(4, 14), hidden(4)]
    found = ask(made(tmp_path, rows))
    assert found["pairs"].iloc[0] == 1
    lacking = found[~found["paired"]].set_index("return_name")
    assert lacking["y_status"].to_dict() == {"Town 2": "missing", "Town 3": "ok", "Town 4": "c"}
    assert lacking["x_status"].to_dict() == {"Town 2": "ok", "Town 3": "missing", "Town 4": "ok"}


def test_each_authority_of_the_year_is_in_one_return(warehouse: Warehouse) -> None:
    rows = warehouse.query("together", **CASELOAD, **EET, period="2025-03-31", authority="E06000062")
    members = [code for codes in rows["members"] for code in codes]
    assert len(members) == len(set(members)) == 153
    assert rows["joint"].sum() == 2
    assert list(rows.loc[rows["is_chosen"], "return_code"]) == ["E06000061 / E06000062"]
    assert not (rows["is_chosen"] & rows["is_neighbour"]).any()


def row(**changes: Any) -> dict[str, Any]:
    return {"pairs": 149, "correlation": -0.273, "lower": -0.418, "upper": -0.114, "strength": "weak", "direction": "opposite"} | changes  # fmt: skip


def test_link_in_words() -> None:
    assert words.link_words(row()) == "weak link; where one is higher, the other tends to be lower"
    unclear = row(strength="very_weak", direction="unclear")
    assert words.link_words(unclear) == "very weak link, and there may be none"
    nothing = row(strength="", direction="", lower=None, upper=None)
    assert words.link_words({**nothing, "pairs": 4}) == "too few pairs to say"
    assert words.link_words(nothing) == "no link can be worked out"


def test_link_with_its_numbers() -> None:
    assert words.link_sentence(row(), True) == (
        "Either figure says little about the other: many authorities do not follow the pattern. There are 149 authorities, "
        "joint returns counted once, with both figures (rank correlation −0.27, 95% interval −0.42 to −0.11)."
    )
    few = row(pairs=5, lower=None, upper=None)
    assert words.link_sentence(few, False) == (
        "There are 5 authorities with both figures: too few to say whether there is a link (rank correlation −0.27, without an "
        "interval)."
    )
    assert words.link_sentence(row(correlation=None), False).endswith("too few, or too much alike, to show a link.")


def test_the_whole_rule_on_those_not_known_is_followed(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "together",
        enabler="caseload",
        enabler_age="all",
        outcome="neet",
        outcome_age="19-21",
        period="2025-03-31",
        authority="",
    ).set_index("return_code")
    figures = warehouse.query(
        "compare",
        indicator="neet",
        age_group="19-21",
        period="2025-03-31",
        authority="",
        scope="all",
        against="england",
    ).set_index("authority_code")
    alone = rows[~rows["joint"]].index.intersection(figures.index)
    said = rows.loc[alone, "low_is_no_merit"]
    assert (said == figures.loc[alone, "low_is_no_merit"]).all()
    # More than the authorities where over a tenth are not known: some are clearly worse than elsewhere.
    assert (said & (rows.loc[alone, "not_known_share"] <= 10)).any()
    assert rows.loc[said[said].index, "not_known_first"].all()
