"""Funnel limits and overdispersion, against numpy and scipy, by hand, and on the published figures."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from careleavers.figures.warehouse import Warehouse
from tests.made_up_data import ENGLAND, figure, hidden, joint_code, opened

Z95, Z998 = norm.ppf(0.975), norm.ppf(0.999)
CASES = [
    ("eet", "19-21", "2025-03-31"),
    ("activity_not_known", "17-18", "2024-03-31"),
    ("suitable_accommodation", "19-21", "2023-03-31"),
    ("agency_rate", "all", "2025-09-30"),
    ("looked_after_rate", "all", "2025-03-31"),
    ("unsuitable_accommodation_22_25", "25", "2024-03-31"),
]


def ask(warehouse: Warehouse, indicator: str, age_group: str, period: str, authority: str = "") -> pd.DataFrame:
    return warehouse.query(
        "spread_funnel", indicator=indicator, age_group=age_group, period=period, authority=authority
    )


def independent(rows: pd.DataFrame, n: float, d: float) -> dict[str, Any]:
    """φ, widening and z of each row (one per return) about England's n of d, by numpy alone."""
    share = n / d
    x, base = rows["numerator"].to_numpy(float), rows["denominator"].to_numpy(float)
    z = (x / base - share) / np.sqrt(share * (1 - share) / base)
    low, high = np.percentile(z, [10, 90])
    phi = float(np.mean(np.clip(z, low, high) ** 2)) if len(z) >= 10 else None
    widened = phi is not None and phi > 1 + 2 * np.sqrt(2 / len(z))
    return {"share": share, "z": z, "phi": phi, "widened": widened, "widening": np.sqrt(phi) if widened else 1.0}


def own_counts(figures: pd.DataFrame, indicator: str, age_group: str, period: str) -> tuple[pd.DataFrame, pd.Series]:
    """The returns with counts (a joint one once) and England's row, from the table of figures."""
    cell = figures[
        (figures["indicator"] == indicator) & (figures["age_group"] == age_group)
        & (figures["period_end"] == pd.Timestamp(period)) & (figures["layer"] == "published")
    ]  # fmt: skip
    rows = cell[
        (cell["level"] == "authority") & cell["value"].notna() & cell["numerator"].notna() & (cell["denominator"] > 0)
    ]
    joint = rows[rows["joint"]].drop_duplicates(["region", "numerator", "denominator"])
    return pd.concat([rows[~rows["joint"]], joint]), cell[cell["level"] == "england"].iloc[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_phi_and_limits_are_those_of_an_independent_calculation(
    warehouse: Warehouse, figures: pd.DataFrame, case: tuple[str, str, str]
) -> None:
    counts, england = own_counts(figures, *case)
    expected = independent(counts, england["numerator"], england["denominator"])
    rows = ask(warehouse, *case)
    first = rows[rows["z"].notna()].iloc[0]
    factor = 10_000 if case[0] == "looked_after_rate" else 100
    assert first["returns"] == len(counts)
    assert first["phi"] == pytest.approx(expected["phi"], rel=1e-9)
    assert first["widened"] == expected["widened"]
    assert first["widening"] == pytest.approx(expected["widening"], rel=1e-9)
    assert first["centre"] == pytest.approx(factor * expected["share"])
    drawn = rows[rows["is_first"] & rows["z"].notna()].set_index("authority_code")
    z = pd.Series(expected["z"], index=counts["area_code"])
    pd.testing.assert_series_equal(drawn["z"].sort_values(), z.sort_values(), check_names=False, check_index=False)
    spread = np.sqrt(expected["share"] * (1 - expected["share"]) / drawn["denominator"]) * expected["widening"]
    for column, score in (("lower_998", -Z998), ("lower_95", -Z95), ("upper_95", Z95), ("upper_998", Z998)):
        limit = factor * np.clip(expected["share"] + score * spread, 0, 1)
        np.testing.assert_allclose(drawn[column].astype(float), limit, rtol=1e-9, atol=1e-9)
    adjusted = expected["z"] / expected["widening"]
    assert first["above_998"] == (adjusted > Z998).sum()
    assert first["below_998"] == (adjusted < -Z998).sum()
    assert first["above_95"] == ((adjusted > Z95) & (adjusted <= Z998)).sum()
    assert first["below_95"] == ((adjusted < -Z95) & (adjusted >= -Z998)).sum()
    assert first["plain_998"] == (np.abs(expected["z"]) > Z998).sum()


def test_every_phi_held_is_the_independent_one(warehouse: Warehouse, figures: pd.DataFrame) -> None:
    held = warehouse._connection.cursor().execute("SELECT * FROM funnels").df()
    assert len(held) > 200
    for row in held.sample(40, random_state=1).itertuples():
        counts, england = own_counts(figures, row.indicator, row.age_group, f"{row.period_end:%Y-%m-%d}")
        if pd.isna(england["numerator"]):
            continue
        expected = independent(counts, england["numerator"], england["denominator"])
        assert row.returns == len(counts)
        assert row.phi == pytest.approx(expected["phi"], rel=1e-9, nan_ok=True)
        assert row.widened == expected["widened"]


def test_the_published_finding_of_2025(warehouse: Warehouse) -> None:
    rows = ask(warehouse, "eet", "19-21", "2025-03-31")
    first = rows.iloc[0]
    assert (first["returns"], round(first["phi"], 2), bool(first["widened"])) == (152, 3.66, True)
    assert set(rows[rows["side"] == "above_998"]["authority_name"]) == {"Leicester", "Southwark"}
    assert set(rows[rows["side"] == "below_998"]["authority_name"]) == {"Hampshire"}
    assert set(rows[rows["side"] == "below_998"]["side_verdict"]) == {"worse"}
    assert first["plain_998"] == 29


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_sides_agree_with_the_limits_and_the_curves(warehouse: Warehouse, case: tuple[str, str, str]) -> None:
    rows = ask(warehouse, *case)
    drawn = rows[rows["z"].notna()]
    assert (drawn[drawn["side"] == "above_998"]["value"] > drawn[drawn["side"] == "above_998"]["upper_998"]).all()
    inside = drawn[drawn["side"] == "inside"]
    assert ((inside["value"] >= inside["lower_95"]) & (inside["value"] <= inside["upper_95"])).all()
    curves = warehouse.query("spread_funnel_limits", indicator=case[0], age_group=case[1], period=case[2])
    assert len(curves) == 81
    assert curves["base"].iloc[0] == pytest.approx(drawn["denominator"].min())
    assert curves["base"].iloc[-1] > drawn["denominator"].max()
    for column in ("lower_998", "lower_95"):
        assert curves[column].is_monotonic_increasing
    for column in ("upper_998", "upper_95"):
        assert curves[column].is_monotonic_decreasing
    for column in ("lower_998", "upper_95"):
        between = np.interp(drawn["denominator"], curves["base"], curves[column])
        np.testing.assert_allclose(between, drawn[column].astype(float), rtol=0.02, atol=0.6)


def small(tmp_path: Path, rows: list[dict[str, Any]], **more: Any) -> Warehouse:
    return opened(tmp_path, rows, **more)


def first_of(warehouse: Warehouse, indicator: str = "up") -> tuple[pd.Series, pd.DataFrame]:
    rows = ask(warehouse, indicator, "all", "2025-03-31")
    return rows.iloc[0], rows.set_index(rows["authority_code"].str[3:].astype(int))


def test_authorities_all_like_england_have_no_dispersion(tmp_path: Path) -> None:
    rows = [figure(k, 50, 100) for k in range(1, 13)] + [figure(ENGLAND, 600, 1200)]
    first, every = first_of(small(tmp_path, rows))
    assert (first["phi"], first["widened"], first["widening"]) == (0, False, 1)
    assert set(every["side"]) == {"inside"}
    assert first["upper_95"] == pytest.approx(50 + Z95 * 5)


def test_one_far_off_is_named_and_does_not_widen_the_limits(tmp_path: Path) -> None:
    rows = [figure(k, 50 + (k % 3 - 1) * 4, 100) for k in range(1, 12)]
    rows += [figure(12, 20, 100), figure(ENGLAND, 600, 1200)]
    first, every = first_of(small(tmp_path, rows))
    assert every.loc[12, "z"] == pytest.approx(-6)
    assert not first["widened"]
    assert every.loc[12, "side"] == "below_998"
    assert every.loc[12, "side_verdict"] == "worse"
    assert first["below_998"] == 1
    assert first["above_998"] == 0


@pytest.mark.parametrize(("indicator", "word"), [("up", "better"), ("down", "worse"), ("flat", "higher")])
def test_the_side_is_worded_by_what_is_better(tmp_path: Path, indicator: str, word: str) -> None:
    rows = [figure(k, 50, 100, indicator=indicator) for k in range(1, 12)]
    rows += [figure(12, 90, 100, indicator=indicator), figure(ENGLAND, 600, 1200, indicator=indicator)]
    _, every = first_of(small(tmp_path, rows), indicator)
    assert every.loc[12, "side"] == "above_998"
    assert every.loc[12, "side_verdict"] == word
    assert every.loc[1, "side_verdict"] == "similar"


def test_joint_returns_count_once_and_show_for_both(tmp_path: Path) -> None:
    rows = [figure(k, 50, 100) for k in range(3, 14)]
    rows += [figure(joint_code(1, 2), 90, 100), figure(ENGLAND, 600, 1200)]
    warehouse = small(tmp_path, rows, authorities=13, joint=[(1, 2)])
    first, every = first_of(warehouse)
    assert first["returns"] == 12
    assert first["above_998"] == 1
    assert list(every.loc[[1, 2], "side"]) == ["above_998"] * 2
    assert list(every.loc[[1, 2], "return_name"]) == ["Two towns"] * 2
    assert sorted(every.loc[[1, 2], "is_first"]) == [False, True]
    chosen = ask(warehouse, "up", "all", "2025-03-31", "E06000002")
    assert chosen[chosen["return_name"] == "Two towns"]["return_is_chosen"].all()
    assert chosen["is_chosen"].sum() == 1


def test_hidden_figures_and_other_levels_have_no_place(tmp_path: Path) -> None:
    rows = [figure(k, 50, 100) for k in range(1, 11)] + [hidden(11, 40), figure(12, 0, 0, status="z")]
    rows += [figure(ENGLAND, 600, 1200), figure("E12000001", 300, 600)]
    first, every = first_of(small(tmp_path, rows))
    assert first["returns"] == 10
    assert every.loc[[11, 12], "z"].isna().all()
    assert set(every.loc[[11, 12], "side"]) == {""}
    assert len(every) == 12


def test_too_few_to_measure_dispersion(tmp_path: Path) -> None:
    rows = [figure(k, 10 * k, 100) for k in range(1, 10)] + [figure(ENGLAND, 600, 1200)]
    first, _ = first_of(small(tmp_path, rows))
    assert pd.isna(first["phi"])
    assert (first["widened"], first["widening"]) == (False, 1)


@pytest.mark.parametrize("england", [(0, 1200), (1200, 1200)])
def test_no_funnel_where_england_leaves_no_room(tmp_path: Path, england: tuple[int, int]) -> None:
    rows = [figure(k, 50, 100) for k in range(1, 13)] + [figure(ENGLAND, *england)]
    warehouse = small(tmp_path, rows)
    first, every = first_of(warehouse)
    assert every["z"].isna().all()
    assert pd.isna(first["returns"])
    assert warehouse.query("spread_funnel_limits", indicator="up", age_group="all", period="2025-03-31").empty


def test_no_funnel_without_england_or_counts(tmp_path: Path) -> None:
    rows = [figure(k, 50, 100) for k in range(1, 13)]
    rows += [figure(k, None, None, indicator="rate", value=k) for k in range(1, 13)]
    warehouse = small(tmp_path, rows)
    for indicator in ("up", "rate"):
        _, every = first_of(warehouse, indicator)
        assert every["z"].isna().all()


def test_england_without_counts_is_taken_as_published(tmp_path: Path) -> None:
    rows = [figure(k, 50, 100) for k in range(1, 13)]
    rows += [figure(ENGLAND, None, None, value=40, published_value=40)]
    first, _ = first_of(small(tmp_path, rows))
    assert first["centre"] == 40


def test_limits_stay_between_nought_and_all(tmp_path: Path) -> None:
    rows = [figure(k, 0, 6) for k in range(1, 13)] + [figure(ENGLAND, 20, 1000)]
    first, _ = first_of(small(tmp_path, rows))
    assert first["lower_998"] == first["lower_95"] == 0
    assert 0 < first["upper_998"] < 100


def test_what_chance_alone_gives_is_called_chance(tmp_path: Path) -> None:
    random = np.random.default_rng(20)
    bases = random.integers(60, 900, 150)
    counts = random.binomial(bases, 0.54)
    rows = [figure(k + 1, int(n), int(d)) for k, (n, d) in enumerate(zip(counts, bases, strict=True))]
    rows += [figure(ENGLAND, int(counts.sum()), int(bases.sum()))]
    first, every = first_of(small(tmp_path, rows, authorities=150))
    assert 0.5 < first["phi"] < 1.23
    assert not first["widened"]
    outside = (every["side"] != "inside").mean()
    assert 0.01 < outside < 0.1
    assert first["above_998"] + first["below_998"] <= 2


def test_real_differences_are_called_more_than_chance(tmp_path: Path) -> None:
    random = np.random.default_rng(21)
    bases = random.integers(60, 900, 150)
    counts = random.binomial(bases, random.beta(27, 23, 150))
    rows = [figure(k + 1, int(n), int(d)) for k, (n, d) in enumerate(zip(counts, bases, strict=True))]
    rows += [figure(ENGLAND, int(counts.sum()), int(bases.sum()))]
    first, _ = first_of(small(tmp_path, rows, authorities=150))
    assert first["widened"]
    assert first["widening"] == pytest.approx(np.sqrt(first["phi"]))
    assert first["plain_998"] > first["above_998"] + first["below_998"]
