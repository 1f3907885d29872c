"""The rules for figures, each compared with an independent calculation or a case worked out by hand."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import norm, rankdata
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from careleavers.figures.schema import TABLES
from careleavers.figures.warehouse import Warehouse, open_warehouse
from tests.made_up_data import (
    ENGLAND,
    NORTH,
    area,
    compared,
    figure,
    folder,
    hidden,
    indicator,
    joint_code,
    opened,
    write,
)

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
few = settings(max_examples=40, deadline=None)


class Macros:
    """The macros of queries/rules/1_macros.sql, called as methods."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        self.connection.execute((ROOT / "queries" / "rules" / "1_macros.sql").read_text(encoding="utf-8"))

    def __call__(self, name: str, *arguments: object):
        marks = ", ".join("?" for _ in arguments)
        return self.connection.execute(f"SELECT {name}({marks})", list(arguments)).fetchone()[0]


@pytest.fixture(scope="module")
def macro() -> Iterator[Macros]:
    macros = Macros()
    yield macros
    macros.connection.close()


counts = st.integers(1, 50_000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))

# ---------------------------------------------------------------- interval


@few
@given(counts)
def test_interval_is_wilsons(macro, pair) -> None:
    n, d = pair
    lower, upper = proportion_confint(n, d, alpha=0.05, method="wilson")
    assert macro("wilson_lower", float(n), float(d), 100) == pytest.approx(100 * lower, abs=1e-9)
    assert macro("wilson_upper", float(n), float(d), 100) == pytest.approx(100 * upper, abs=1e-9)


@few
@given(counts)
def test_interval_holds_the_figure_and_stays_between_none_and_all(macro, pair) -> None:
    n, d = (float(x) for x in pair)
    assert 0 <= macro("wilson_lower", n, d, 100) <= 100 * n / d + 1e-9
    assert 100 * n / d - 1e-9 <= macro("wilson_upper", n, d, 100) <= 100


@pytest.mark.parametrize(("n", "d"), [(None, 10.0), (5.0, None), (0.0, 0.0), (11.0, 10.0), (-1.0, 10.0)])
def test_no_interval_without_usable_counts(macro, n, d) -> None:
    assert macro("wilson_lower", n, d, 100) is None
    assert macro("wilson_upper", n, d, 100) is None


# ---------------------------------------------------------------- verdict


@pytest.mark.parametrize(
    ("comparator", "polarity", "expected"),
    [
        (40.0, "high", "better"), (40.0, "low", "worse"), (40.0, "neutral", "higher"),
        (60.0, "high", "worse"), (60.0, "low", "better"), (60.0, "neutral", "lower"),
        (50.0, "high", "similar"), (50.0, "low", "similar"), (50.0, "neutral", "similar"),
        (45.0, "high", "similar"), (55.0, "low", "similar"),  # the ends of the interval are inside it
        (None, "high", ""), (None, "neutral", ""),
    ],
)  # fmt: skip
def test_verdict_by_direction_and_polarity(macro, comparator, polarity, expected) -> None:
    assert macro("verdict", 45.0, 55.0, comparator, polarity) == expected


def test_no_verdict_without_an_interval(macro) -> None:
    assert macro("verdict", None, None, 40.0, "high") == ""


# ---------------------------------------------------------------- change


@few
@given(counts, counts)
def test_change_is_the_pooled_two_proportion_test(macro, now, before) -> None:
    (n1, d1), (n0, d0) = now, before
    got = macro("two_proportion_z", float(n1), float(d1), float(n0), float(d0))
    if n1 + n0 in (0, d1 + d0):
        assert got == 0
    else:
        assert got == pytest.approx(proportions_ztest([n1, n0], [d1, d0])[0], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("z", "polarity", "expected"),
    [
        (None, "high", "not_tested"), (0.0, "high", "no_clear_change"), (1.95, "high", "no_clear_change"),
        (-1.95, "low", "no_clear_change"), (1.97, "high", "better"), (1.97, "low", "worse"),
        (-1.97, "high", "worse"), (-1.97, "low", "better"), (1.97, "neutral", "higher"),
        (-1.97, "neutral", "lower"),
    ],
)  # fmt: skip
def test_change_is_said_only_at_95_per_cent(macro, z, polarity, expected) -> None:
    assert macro("change_verdict", z, polarity, 1.959963984540054) == expected


three_z = st.lists(st.one_of(st.none(), st.floats(-6, 6)), min_size=3, max_size=3)


@settings(max_examples=100, deadline=None)
@given(three_z)
def test_three_tests_are_corrected_as_holm_does(macro, zs) -> None:
    least = macro("holm_least", *zs)
    tested = [z for z in zs if z is not None]
    if not tested:
        assert least == math.inf
        return
    p = [2 * norm.sf(abs(z)) for z in tested]
    # It collects garbage each time, which takes a third of a second in a process that holds much.
    with patch("gc.collect"):
        expected = multipletests(p, alpha=0.05, method="holm")[0].tolist()
    assert [abs(z) >= least for z in tested] == expected


@pytest.mark.parametrize(("tests", "share"), [(1, 0.05), (2, 0.05 / 2), (3, 0.05 / 3)])
def test_the_critical_values_are_points_of_the_normal_distribution(macro, tests, share) -> None:
    assert macro("holm_critical_z", tests) == pytest.approx(norm.isf(share / 2), rel=1e-12)


def test_change_over_two_and_five_years_is_against_the_first_of_them(tmp_path) -> None:
    rows = [figure(1, n, 200, y) for y, n in ((2020, 140), (2022, 118), (2023, 120), (2024, 110), (2025, 92))]
    row = compared(opened(tmp_path, rows))[1]
    assert (row["change"], row["change_2"], row["change_5"]) == pytest.approx((-9, -14, -24))
    # 55 to 46% alone is not clear (z 1.8); 60 to 46% over two years and 70 to 46% over five are.
    assert [row[f"change{span}_verdict"] for span in ("", "_2", "_5")] == ["no_clear_change", "worse", "worse"]
    before = compared(opened(tmp_path / "2024", rows), year=2024)[1]
    assert before["change_2"] == pytest.approx(-4)
    assert pd.isna(before["change_5"])
    assert before["change_5_verdict"] == ""


def test_a_change_of_one_year_has_to_clear_the_bar_of_all_looks(tmp_path) -> None:
    # From 50% to 40% of 200, z is 2.0: enough for one test, not for two.
    rows = [figure(place, n, 200, year) for place in (1, 2) for n, year in ((100, 2024), (80, 2025))]
    found = compared(opened(tmp_path, [*rows, figure(2, 82, 200, 2023)]))
    assert found[1]["change_verdict"] == "worse"
    assert found[2]["change_verdict"] == "no_clear_change"


def test_change_is_against_the_year_before_only(tmp_path) -> None:
    rows = [figure(1, 60, 100, 2025), figure(1, 40, 100, 2024), figure(1, 45, 100, 2022)]
    rows += [figure(2, 60, 100, 2025), figure(2, 55, 100, 2024), figure(3, 60, 100, 2025), hidden(3, 90, 2024)]
    warehouse = opened(tmp_path, rows)
    now, before = compared(warehouse), compared(warehouse, year=2024)
    assert now[1]["change"] == pytest.approx(20)
    assert now[1]["change_verdict"] == "better"
    assert now[2]["change"] == pytest.approx(5)
    assert now[2]["change_verdict"] == "no_clear_change"
    assert pd.isna(now[3]["change"])  # suppressed the year before
    assert now[3]["change_verdict"] == ""
    assert pd.isna(before[1]["change"])  # 2022 is two years before
    assert before[1]["change_verdict"] == ""


def test_change_without_a_test_is_said_to_be_untested(tmp_path) -> None:
    rows = [figure(1, year=y, indicator="rate", value=v, published_value=v) for y, v in ((2024, 15.0), (2025, 17.5))]
    row = compared(opened(tmp_path, rows), "rate")[1]
    assert row["change"] == pytest.approx(2.5)
    assert row["change_verdict"] == "not_tested"
    assert row["trend"] == ""


# ---------------------------------------------------------------- trend


def sums(y: list[int], n: list[int], t: list[int]) -> tuple[float, ...]:
    return (
        float(np.dot(t, y)), float(np.dot(t, n)), float(np.dot(np.square(t), n)), float(sum(y)), float(sum(n)),
    )  # fmt: skip


series = st.lists(counts, min_size=5, max_size=5)
YEARS = [-2, -1, 0, 1, 2]


@few
@given(series)
def test_trend_statistic_is_the_score_test_of_a_logistic_slope(macro, pairs) -> None:
    y, n = [p[0] for p in pairs], [p[1] for p in pairs]
    assume(0 < sum(y) < sum(n))
    got = macro("trend_chi_squared", *sums(y, n, YEARS))
    # Mantel's linear-by-linear statistic is the same except for a factor of (N - 1) / N.
    table = Table(np.column_stack([y, np.subtract(n, y)]), shift_zeros=False)
    mantel = table.test_ordinal_association(row_scores=np.array(YEARS), col_scores=np.array([1, 0])).zscore ** 2
    assert got == pytest.approx(mantel * sum(n) / (sum(n) - 1), rel=1e-6, abs=1e-9)


def test_trend_statistic_of_a_logistic_fit_by_statsmodels(macro) -> None:
    y, n = [40, 52, 49, 61, 70], [100, 110, 105, 108, 112]
    fit = sm.GLM(np.column_stack([y, np.subtract(n, y)]), np.ones(5), family=sm.families.Binomial()).fit()
    score = fit.score_test(exog_extra=np.array(YEARS, dtype=float)[:, None])[0]
    assert macro("trend_chi_squared", *sums(y, n, YEARS)) == pytest.approx(float(np.squeeze(score)), rel=1e-6)


def test_trend_statistic_of_armitages_own_example(macro) -> None:
    # Carriers of Streptococcus pyogenes by size of tonsils (Armitage, 1955): chi squared for trend 7.19.
    assert macro("trend_chi_squared", *sums([19, 29, 24], [516, 589, 293], [-1, 0, 1])) == pytest.approx(7.19, abs=0.01)


@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.PerfectSeparationWarning")
@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.integers(20, 2000).flatmap(lambda d: st.tuples(st.integers(1, d - 1), st.just(d))), min_size=5, max_size=5
    )
)
def test_direction_is_the_sign_of_the_fitted_slope(macro, pairs) -> None:
    y, n = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    exog = sm.add_constant(np.array(YEARS, dtype=float))
    slope = sm.GLM(np.column_stack([y, n - y]), exog, family=sm.families.Binomial()).fit().params[1]
    assume(abs(slope) > 1e-6)
    ty, tn, _, sy, sn = sums(y.tolist(), n.tolist(), YEARS)
    assert math.copysign(1, macro("slope_score", ty, tn, sy, sn)) == math.copysign(1, slope)


@pytest.mark.parametrize("none_or_all", [[0] * 5, [100] * 5])
def test_no_trend_where_nobody_or_everybody_is_counted(macro, none_or_all) -> None:
    assert macro("trend_chi_squared", *sums(none_or_all, [100] * 5, YEARS)) == 0


RISING = [0.30, 0.34, 0.38, 0.42, 0.46]
# A measure, its shares up to 2025, and what is said of their trend.
TRENDS: list[tuple[str, list[float | None], str]] = [
    ("up", RISING, "increasing_better"),
    ("up", RISING[::-1], "decreasing_worse"),
    ("down", RISING, "increasing_worse"),
    ("down", RISING[::-1], "decreasing_better"),
    ("flat", RISING, "increasing"),
    ("flat", RISING[::-1], "decreasing"),
    ("up", [0.30, 0.31, 0.30, 0.31, 0.32], "no_clear_trend"),
    # A strong rise overall, but a fall without the last year: that year alone makes it.
    ("up", [0.30, 0.31, 0.30, 0.29, 0.60], "no_clear_trend"),
    # The same for a fall that only the first year makes.
    ("down", [0.60, 0.29, 0.30, 0.31, 0.30], "no_clear_trend"),
    # One odd year in the middle changes nothing: the rest still rises.
    ("up", [0.30, 0.34, 0.10, 0.42, 0.46], "increasing_better"),
    ("up", RISING[1:], ""),  # four points
    ("up", [0.30, 0.34, None, 0.42, 0.46], ""),  # one of the five suppressed
    ("up", [None, *RISING], "increasing_better"),  # six years: only the last five count
    ("up", [0.9, *RISING], "increasing_better"),
]


def test_trend_by_constructed_series_and_none_over_a_missing_year(tmp_path) -> None:
    def series_of(place: int, name: str, shares: list[float | None], n: int = 500) -> list[dict[str, Any]]:
        return [
            hidden(place, n, year, indicator=name)
            if share is None
            else figure(place, round(n * share), n, year, indicator=name)
            for share, year in zip(shares, range(2026 - len(shares), 2026), strict=True)
        ]

    # A trend depends on no other authority, so each has a series.
    rows = [row for place, (name, shares, _) in enumerate(TRENDS, 1) for row in series_of(place, name, shares)]
    last = len(TRENDS) + 1
    rows += [row for row in series_of(last, "up", [0.28, *RISING]) if row["period_end"] != "2023-03-31"]
    warehouse = opened(tmp_path, rows, authorities=last)
    found = {name: compared(warehouse, name) for name in ("up", "down", "flat")}
    for place, (name, shares, expected) in enumerate(TRENDS, 1):
        assert found[name][place]["trend"] == expected, (name, shares)
    assert found["up"][last]["trend"] == ""


def test_trend_needs_chi_squared_above_9_55(tmp_path, macro) -> None:
    # Two series that differ by one person, on either side of the threshold.
    below, above = [100, 110, 121, 128, 135], [100, 110, 121, 128, 136]
    n = [400] * 5
    assert (
        macro("trend_chi_squared", *sums(below, n, YEARS)) < 9.55 < macro("trend_chi_squared", *sums(above, n, YEARS))
    )
    rows = [
        figure(place, k, 400, year)
        for place, y in enumerate((below, above), 1)
        for k, year in zip(y, range(2021, 2026), strict=True)
    ]
    found = compared(opened(tmp_path, rows))
    assert [found[place]["trend"] for place in (1, 2)] == ["no_clear_trend", "increasing_better"]


# ---------------------------------------------------------------- bands


def test_a_value_equal_to_a_cut_is_in_the_better_band(tmp_path) -> None:
    # The cuts for 10, 20, 30, 40, 50 are 20, 30 and 40: three of the values themselves.
    bands = {"up": "DCBAA", "down": "AABCD", "flat": ["", "", "", "", ""]}
    warehouse = opened(tmp_path, [figure(i, 10 * i, 100, indicator=name) for name in bands for i in range(1, 6)])
    for name, expected in bands.items():
        found = compared(warehouse, name)
        assert (found[1]["q25"], found[1]["median"], found[1]["q75"]) == (20, 30, 40)
        assert [found[i]["band"] for i in range(1, 6)] == list(expected), name


def test_no_bands_when_more_than_a_quarter_tie_for_best(tmp_path) -> None:
    tied = {"up": 90, "down": 5}
    # In 2024 two of eight tie for best, in 2025 three.
    best = {2024: 2, 2025: 3}
    rows = [
        figure(i, tied[name] if i <= best[year] else 20 + 5 * i, 100, year, indicator=name)
        for name in tied for year in best for i in range(1, 9)
    ]  # fmt: skip
    warehouse = opened(tmp_path, rows)
    for name in tied:
        for year, banded in ((2024, True), (2025, False)):
            found = compared(warehouse, name, year)
            assert found[1]["banded"] is banded, (name, year)
            assert all((row["band"] != "") is banded for row in found.values()), (name, year)


def test_no_bands_of_fewer_than_four(tmp_path) -> None:
    found = compared(opened(tmp_path, [figure(i, 10 * i, 100) for i in range(1, 4)]))
    assert [row["band"] for row in found.values()] == ["", "", ""]
    assert found[3]["rank"] == 1


def test_cuts_are_linear_quantiles(warehouse: Warehouse, figures: pd.DataFrame) -> None:
    spread = warehouse._connection.cursor().execute(
        """SELECT indicator, age_group, period_end::TIMESTAMP, "of", minimum, q25, median, q75, maximum FROM spread"""
    )
    cuts = {row[:3]: (row[3], list(row[4:])) for row in spread.fetchall()}
    # A figure with a hidden base is left out of the spread.
    own = figures[(figures["level"] == "authority") & figures["value"].notna() & ~figures["base_hidden"]]
    own = own[~own["joint"] | own["area_code"].isin(first_members())]
    found = own.groupby(["indicator", "age_group", "period_end"])["value"]
    assert found.ngroups == len(cuts) > 200
    for (name, age, end), group in found:
        of, cut = cuts[name, age, end.to_pydatetime()]
        assert cut == pytest.approx(np.quantile(group, [0, 0.25, 0.5, 0.75, 1], method="linear").tolist(), rel=1e-12)
        assert of == len(group)


# ---------------------------------------------------------------- ranks


def first_members() -> set[str]:
    """One member of each joint return."""
    joint = pd.read_csv(DATA / "joint_returns.csv")
    return set(joint.drop_duplicates("joint_code")["authority_code"])


def test_ties_share_the_better_rank(tmp_path) -> None:
    rows = [figure(i, n, 100) for i, n in enumerate((50, 70, 50, 90, 50, 20), start=1)]
    found = compared(opened(tmp_path, rows))
    assert [(found[i]["rank"], found[i]["rank_tied"]) for i in range(1, 7)] == [
        (3, True), (2, False), (3, True), (1, False), (3, True), (6, False),
    ]  # fmt: skip
    assert {row["of"] for row in found.values()} == {6}


def test_rank_follows_the_exact_value_and_not_the_published_one(tmp_path) -> None:
    # Both are published as 50 %.
    found = compared(opened(tmp_path, [figure(1, 100, 199), figure(2, 101, 203)]))
    assert found[1]["published_value"] == found[2]["published_value"] == 50
    assert (found[1]["rank"], found[2]["rank"]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "age", "sign"),
    [
        ("eet", "19-21", -1), ("neet", "17-18", 1), ("suitable_accommodation", "19-21", -1),
        ("unsuitable_accommodation", "17-18", 1), ("in_touch", "17-18", -1), ("staying_put", "18", -1),
        ("caseload", "all", 1), ("agency_rate", "all", 1), ("absence_rate", "all", 1),
        ("same_carer_two_years", "all", -1), ("three_or_more_placements", "all", 1),
    ],
)  # fmt: skip
def test_shipped_ranks_are_competition_ranks(figures: pd.DataFrame, name: str, age: str, sign: int) -> None:
    rows = figures[(figures["indicator"] == name) & (figures["age_group"] == age) & (figures["level"] == "authority")]
    assert rows.loc[rows["value"].isna(), "rank"].isna().all()
    # A figure with a hidden base is not ranked, and moves nobody down.
    assert rows.loc[rows["base_hidden"], ["rank", "of"]].isna().all(axis=None)
    rows = rows[rows["value"].notna() & ~rows["base_hidden"]]
    once = rows[~rows["joint"] | rows["area_code"].isin(first_members())]
    assert len(once) > 100
    for _, year in once.groupby("period_end"):
        ranks = pd.Series(rankdata(sign * year["value"], method="min"), year.index)
        # Where many are not known, the place is kept but not shown.
        shown = year[~year["low_is_no_merit"]]
        assert year.loc[year["low_is_no_merit"], "rank"].isna().all()
        assert shown["rank"].tolist() == ranks[~year["low_is_no_merit"]].tolist()
        assert shown["rank_tied"].tolist() == year["value"].duplicated(keep=False)[~year["low_is_no_merit"]].tolist()
        assert set(year["of"]) == {len(year)}


def test_a_joint_return_is_ranked_once_and_shown_for_both(tmp_path) -> None:
    rows = [figure(joint_code(2, 3), 60, 100), figure(1, 80, 100), figure(4, 40, 100), figure(5, 30, 100)]
    found = compared(opened(tmp_path, rows, joint=[(2, 3)]))
    assert set(found) == {1, 2, 3, 4, 5}
    assert {row["of"] for row in found.values()} == {4}
    assert [found[i]["rank"] for i in range(1, 6)] == [1, 2, 2, 3, 4]
    assert [found[i]["rank_tied"] for i in (2, 3)] == [False, False]  # with itself is no tie
    assert [found[i]["joint"] for i in range(1, 6)] == [False, True, True, False, False]


def test_shipped_joint_returns_count_once(warehouse: Warehouse) -> None:
    rows = warehouse.query("compare", indicator="caseload", age_group="all", period="2025-09-30", authority="",
                           scope="all", against="england").set_index("authority_code")  # fmt: skip
    with_value = int(rows["value"].notna().sum())
    assert rows["of"].dropna().unique().tolist() == [with_value - 2]
    for first, second in (("E09000021", "E09000027"), ("E06000061", "E06000062")):
        assert rows.loc[first, "value"] == rows.loc[second, "value"]
        assert rows.loc[first, "rank"] == rows.loc[second, "rank"]
        assert rows.loc[[first, second], "joint"].all()
    assert not rows.index.str.contains("/").any()


def test_authorities_are_ranked_only_while_they_existed(figures: pd.DataFrame) -> None:
    authorities = pd.read_csv(DATA / "authorities.csv", parse_dates=["opened", "closed"])
    rows = figures.merge(authorities, left_on="area_code", right_on="authority_code")
    valued = rows[rows["value"].notna()]
    assert (valued["opened"] <= valued["period_end"]).all()
    assert (valued["closed"].isna() | (valued["period_end"] <= valued["closed"])).all()
    eet = valued[(valued["indicator"] == "eet") & (valued["age_group"] == "19-21")]
    for code, last in (("E10000006", 2023), ("E10000021", 2021), ("E06000029", 2019), ("E10000009", 2019)):
        assert eet.loc[eet["area_code"] == code, "period_end"].dt.year.max() == last
    for code, first in (("E06000063", 2024), ("E06000061", 2022), ("E06000058", 2020)):
        assert eet.loc[eet["area_code"] == code, "period_end"].dt.year.min() == first


def test_neutral_has_an_order_but_no_rank_and_no_band(tmp_path, figures: pd.DataFrame) -> None:
    found = compared(opened(tmp_path, [figure(i, 10 * i, 100, indicator="flat") for i in range(1, 6)]), "flat")
    assert list(found) == [5, 4, 3, 2, 1]
    assert all(pd.isna(row["rank"]) and row["band"] == "" for row in found.values())
    neutral = figures[figures["polarity"] == "neutral"]
    assert neutral["rank"].isna().all()
    assert (neutral["band"] == "").all()
    assert set(neutral["verdict_england"]) <= {"", "higher", "lower", "similar"}


def test_regions_and_england_are_never_ranked(figures: pd.DataFrame) -> None:
    above = figures[figures["level"] != "authority"]
    assert len(above) > 3000
    assert above["rank"].isna().all()
    assert (above["band"] == "").all()


# ---------------------------------------------------------------- suppressed


def test_suppressed_figures_have_no_value_no_rank_and_are_in_no_sum(tmp_path) -> None:
    rows = [figure(i, 10 * i, 100) for i in range(1, 6)] + [hidden(6, 900), figure(ENGLAND, 50, 100)]
    found = compared(opened(tmp_path, rows, neighbours={7: [1, 2, 3, 4, 5, 6]}), authority=area(7))
    assert pd.isna(found[6]["value"])
    assert pd.isna(found[6]["rank"])
    assert found[6]["band"] == "" == found[6]["verdict"]
    assert pd.isna(found[6]["lower"])
    assert found[5]["of"] == 5
    rows.append(figure(7, 50, 100))
    own = compared(opened(tmp_path / "more", rows, neighbours={7: [1, 2, 3, 4, 5, 6]}))[7]
    assert own["neighbours_count"] == 5
    assert own["neighbours_mean"] == pytest.approx(30)
    assert own["neighbours_pooled"] == pytest.approx(30)  # the base of 900 is not in it


def test_no_shipped_figure_that_is_hidden_shows_anything(figures: pd.DataFrame) -> None:
    hidden_rows = figures[~figures["status"].isin(["ok", "k", "low"])]
    assert len(hidden_rows) > 10_000
    for column in ("value", "published_value", "rank", "lower", "upper", "change"):
        assert hidden_rows[column].isna().all(), column
    for column in ("band", "verdict_england", "verdict_region", "verdict_neighbours", "change_verdict", "trend"):
        assert (hidden_rows[column] == "").all(), column
    assert figures.loc[figures["status"] == "c", "numerator"].isna().all()


# ---------------------------------------------------------------- neighbours


def test_neighbours_figure_needs_five(tmp_path) -> None:
    rows = [figure(i, 10 * i, 100 if i < 5 else 1000) for i in range(1, 7)]
    found = compared(opened(tmp_path, rows, neighbours={1: [2, 3, 4, 5], 2: [1, 3, 4, 5, 6]}), against="neighbours")
    assert found[1]["neighbours_count"] == 4
    assert pd.isna(found[1]["neighbours_mean"])
    assert pd.isna(found[1]["neighbours_pooled"])
    assert found[1]["verdict"] == ""
    assert found[2]["neighbours_count"] == 5
    assert found[2]["neighbours_mean"] == pytest.approx((10 + 30 + 40 + 5 + 6) / 5)  # unweighted
    assert found[2]["neighbours_median"] == pytest.approx(10)
    assert found[2]["neighbours_pooled"] == pytest.approx(100 * 190 / 2300)


def test_a_neighbours_joint_return_counts_once_and_ones_own_never(tmp_path) -> None:
    rows = [figure(joint_code(1, 2), 90, 100), figure(joint_code(3, 4), 20, 100)]
    rows += [figure(i, 50, 100) for i in range(5, 10)]
    near = {1: [2, 3, 4, 5, 6, 7, 8, 9], 5: [1, 2, 3, 4, 6, 7, 8, 9]}
    found = compared(opened(tmp_path, rows, joint=[(1, 2), (3, 4)], neighbours=near))
    assert found[1]["neighbours_count"] == 6
    assert found[1]["neighbours_mean"] == pytest.approx((20 + 5 * 50) / 6)
    assert found[5]["neighbours_count"] == 6
    assert found[5]["neighbours_mean"] == pytest.approx((90 + 20 + 4 * 50) / 6)


def test_shipped_neighbours_means_are_those_of_the_list(figures: pd.DataFrame) -> None:
    near = pd.read_csv(DATA / "neighbours.csv")
    joint = pd.read_csv(DATA / "joint_returns.csv").set_index("authority_code")["joint_code"]
    raw = pd.concat(pd.read_csv(path) for path in sorted((DATA / "observations").glob("*.csv")))
    codes = sorted(near["authority_code"].unique())
    chosen = sorted({*codes[::8], "E09000021", "E06000061", "E09000001"})
    assert len(chosen) >= 20
    for name, age, end in (
        ("eet", "19-21", "2025-03-31"), ("neet", "17-18", "2021-03-31"), ("caseload", "all", "2025-09-30"),
        ("staying_put", "18", "2024-03-31"), ("looked_after_rate", "all", "2025-03-31"),
    ):  # fmt: skip
        cell = raw[(raw["indicator"] == name) & (raw["age_group"] == age) & (raw["period_end"] == end)]
        value = cell.set_index("area_code")["value"].dropna()
        shown = figures[
            (figures["indicator"] == name) & (figures["age_group"] == age) & (figures["period_end"] == end)
        ].set_index("area_code")
        for code in chosen:
            if code not in shown.index:
                continue
            returns = set()
            for other in near.loc[near["authority_code"] == code, "neighbour_code"]:
                sent = other if other in value else joint.get(other)
                if sent in value and not (code not in value and sent == joint.get(code)):
                    returns.add(sent)
            assert shown.loc[code, "neighbours_count"] == len(returns), (name, code)
            if len(returns) < 5:
                assert pd.isna(shown.loc[code, "neighbours_mean"])
            else:
                expected = value[sorted(returns)].mean()
                assert shown.loc[code, "neighbours_mean"] == pytest.approx(expected), (name, code)


# ---------------------------------------------------------------- one authority under several codes


@pytest.mark.parametrize(
    ("code", "year"),
    [("E08000038", 2025), ("E06000060", 2021), ("E06000066", 2024), ("E06000065", 2024), ("E08000039", 2025)],
)
def test_change_and_trend_follow_an_authority_across_its_recoding(figures: pd.DataFrame, code: str, year: int) -> None:
    rows = figures[(figures["area_code"] == code) & (figures["indicator"] == "eet") & (figures["age_group"] == "19-21")]
    by_year = rows.assign(year=rows["period_end"].dt.year).set_index("year")
    assert by_year.index.tolist() == list(range(2016, 2026))
    change = by_year.loc[year, "value"] - by_year.loc[year - 1, "value"]
    assert by_year.loc[year, "change"] == pytest.approx(change)
    assert by_year.loc[year, "change_verdict"] != ""
    assert (by_year.loc[2022:, "trend"] != "").all()
    assert (by_year.loc[:2021, "trend"] == "").all()


def test_successors_do_not_continue_their_predecessors(figures: pd.DataFrame) -> None:
    first = figures[(figures["area_code"] == "E06000063") & (figures["period_end"] == "2024-03-31")]
    assert len(first) > 10
    assert first["change"].isna().all()


# ---------------------------------------------------------------- comparators


def test_each_comparator_gives_its_own_verdict(tmp_path) -> None:
    rows = [figure(1, 60, 100), figure(ENGLAND, 4000, 10000), figure(NORTH, 8000, 10000)]
    rows += [figure(i, 58, 100) for i in range(2, 8)]
    warehouse = opened(tmp_path, rows, neighbours={1: [2, 3, 4, 5, 6, 7]})
    verdicts = {a: compared(warehouse, against=a)[1]["verdict"] for a in ("england", "region", "neighbours")}
    assert verdicts == {"england": "better", "region": "worse", "neighbours": "similar"}
    assert compared(warehouse, against="region")[2]["verdict"] == ""  # no figure of the South West


def test_concern_orders_what_most_asks_for_a_question(macro) -> None:
    getting_worse, getting_better = "decreasing_worse", "increasing_better"
    ordered = [
        ("worse", "worse", getting_worse, "D", True),
        ("worse", "no_clear_change", getting_worse, "D", True),
        ("worse", "worse", "", "D", True),
        ("worse", "no_clear_change", "", "D", True),
        ("worse", "no_clear_change", "", "C", True),
        ("worse", "better", getting_better, "D", True),
        ("similar", "no_clear_change", getting_worse, "B", True),
        ("similar", "worse", "", "B", True),
        ("similar", "no_clear_change", "", "D", True),
        ("similar", "no_clear_change", "", "B", True),
        ("similar", "no_clear_change", "", "A", True),
        ("better", "no_clear_change", "", "A", True),
        ("better", "better", getting_better, "A", True),
    ]
    scores = [macro("concern", *row) for row in ordered]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    # A measure that is never tested is placed by its quarter, below one that a test finds worse.
    untested = macro("concern", "", "not_tested", "", "D", False)
    assert macro("concern", "similar", "no_clear_change", "", "D", True) < untested < scores[4]
    # The quarter of one that could be tested but was not does not count.
    assert macro("concern", "", "", "", "D", True) == 0


def test_home_page_rows_are_in_order_of_concern(warehouse: Warehouse) -> None:
    for code in ("E08000035", "E06000018", "E09000001", "E10000014"):
        rows = warehouse.query("at_a_glance", authority=code, against="england")
        assert rows["theme"].drop_duplicates().tolist() == ["outcome", "enabler", "context"]
        for theme in ("outcome", "enabler"):
            held = rows[(rows["theme"] == theme) & rows["value"].notna()]
            assert held["concern"].is_monotonic_decreasing
        assert rows.loc[rows["theme"] == "context", "concern"].isna().all()


def test_small_cohorts_carry_a_caution(tmp_path, monkeypatch) -> None:
    rows = [figure(1, 20, 49), figure(2, 20, 50)]
    found = compared(opened(tmp_path / "a", rows))
    assert (found[1]["small_cohort"], found[2]["small_cohort"]) == (True, False)
    monkeypatch.setenv("CARELEAVERS_SMALL_COHORT", "60")
    assert compared(opened(tmp_path / "b", rows))[2]["small_cohort"] is True


def test_a_small_group_is_too_few_to_tell_whatever_its_figure(tmp_path) -> None:
    rows = [figure(1, 25, 49), figure(2, 26, 50), figure(3, 1, 49), figure(4, 1, 50), figure(ENGLAND, 5200, 10000)]
    found = compared(opened(tmp_path, rows), against="england")
    assert [(found[i]["verdict"], bool(found[i]["too_few"])) for i in (1, 2, 3, 4)] == [
        ("similar", True), ("similar", False), ("similar", True), ("worse", False),
    ]  # fmt: skip


def test_figures_per_10000_have_their_own_factor(tmp_path) -> None:
    rows = [figure(1, 67, 10_000, indicator="per"), figure(ENGLAND, 8000, 1_000_000, indicator="per")]
    row = compared(opened(tmp_path, rows, indicators=[indicator("per", "neutral")]), "per")[1]
    assert row["value"] == pytest.approx(67)
    assert row["lower"] < 67 < row["upper"] < 100
    assert row["england"] == pytest.approx(80)
    assert row["verdict"] == "similar"


# ---------------------------------------------------------------- hidden bases


def test_a_figure_whose_base_is_hidden_is_compared_with_nothing(tmp_path) -> None:
    rows = [figure(i, 10 * i, 100, indicator="down") for i in range(2, 8)]
    rows += [figure(ENGLAND, 3000, 10000, indicator="down")]
    rows += [figure(1, 0, None, indicator="down", value=0, published_value=0)]
    rows += [figure(1, 40, 100, 2024, indicator="down"), figure(2, 20, 100, 2024, indicator="down")]
    warehouse = opened(tmp_path, rows, neighbours={8: [1, 2, 3, 4, 5, 6]})
    found = compared(warehouse, "down")
    own = found[1]
    assert own["base_hidden"]
    assert (own["value"], own["band"], own["verdict"], own["change_verdict"]) == (0, "", "", "")
    assert all(pd.isna(own[column]) for column in ("rank", "of", "lower", "change"))
    # It moves nobody down, and shifts no quarter.
    assert [found[i]["rank"] for i in range(2, 8)] == [1, 2, 3, 4, 5, 6]
    assert {found[i]["of"] for i in range(2, 8)} == {6}
    assert found[2]["q25"] == pytest.approx(np.quantile([20, 30, 40, 50, 60, 70], 0.25))
    asked = warehouse.query("at_a_glance", authority=area(1), against="england")
    assert (asked.loc[asked["indicator"] == "down", "concern"] == 0).all()


def test_percentages_that_nobody_has_a_base_of_are_ranked(tmp_path) -> None:
    rows = [figure(i, value=10 * i, published_value=10 * i) for i in range(1, 6)]
    found = compared(opened(tmp_path, rows))
    assert [found[i]["rank"] for i in range(1, 6)] == [5, 4, 3, 2, 1]
    assert not any(row["base_hidden"] for row in found.values())
    assert {row["verdict"] for row in found.values()} == {""}


def test_another_source_without_bases_is_no_hidden_base(tmp_path) -> None:
    rows = [figure(i, 10 * i, 100) for i in range(1, 4)]
    rows += [figure(4, value=60, published_value=60, source="rounded", release="2025")]
    sources = [{"source": source, "title": "Made up", "publisher": "Nobody", "release": "2025", "published": "never",
                "licence": "none"} for source in ("made", "rounded")]  # fmt: skip
    found = compared(opened(tmp_path, rows, sources=sources))
    assert found[4]["rank"] == 1
    assert not found[4]["base_hidden"]


# ---------------------------------------------------------------- not known


def known(tmp_path: Path, *rows: dict, **more) -> Warehouse:
    """The rows of a family of three: up, down, and those not known, called rest."""
    family = [
        indicator("up", not_known="rest"),
        indicator("down", "low", not_known="rest"),
        indicator("rest", "low"),
    ]
    return opened(tmp_path, rows, indicators=family, **more)


def trio(code: object, up: int, down: int, of: int = 100, year: int = 2025) -> list[dict]:
    rest = {"value": 100 * (of - up - down) / of, "published_value": round(100 * (of - up - down) / of)}
    return [
        figure(code, up, of, year),
        figure(code, down, of, year, indicator="down"),
        figure(code, of - up - down, of, year, indicator="rest", **rest),
    ]


def test_not_known_comes_first_where_it_is_over_a_tenth(tmp_path) -> None:
    rows = [row for i in range(2, 8) for row in trio(i, 60 - i, 36)] + trio(ENGLAND, 5600, 3600, 10000)
    lost, few = trio(1, 20, 14), trio(8, 60, 30)
    warehouse = known(tmp_path, *rows, *lost, *few)
    down, up = compared(warehouse, "down"), compared(warehouse, "up")
    # 14% would be the best of all, and better than England's 36%.
    assert (down[1]["verdict"], down[1]["band"]) == ("", "")
    assert pd.isna(down[1]["rank"])
    assert down[1]["low_is_no_merit"]
    assert down[1]["not_known_share"] == pytest.approx(66)
    # It keeps its place: the next is second and not first.
    assert (down[8]["rank"], down[8]["of"]) == (2, 8)
    # A tenth is not over a tenth.
    assert down[8]["not_known_share"] == pytest.approx(10)
    assert not down[8]["low_is_no_merit"]
    # Where high is better the figure is ranked and judged, and those not known are reported.
    assert (up[1]["verdict"], up[1]["rank"]) == ("worse", 8)
    assert up[1]["not_known_first"]
    assert not up[1]["low_is_no_merit"]
    page = warehouse.query("at_a_glance", authority=area(1), against="england").set_index("indicator")
    assert page.loc["up", "asks"] == "not_known"
    assert page.loc["down", ["asks", "concern"]].tolist() == ["", 0]


def test_not_known_comes_first_where_it_is_clearly_more_than_the_comparators(tmp_path) -> None:
    # 9% of 400 against England's 4%: more than chance, and under a tenth.
    rows = [row for i in range(2, 8) for row in trio(i, 60, 36)] + trio(ENGLAND, 6000, 3600, 10000)
    down = compared(known(tmp_path, *rows, *trio(1, 300, 64, 400)), "down")[1]
    assert down["value"] == pytest.approx(16)
    assert (down["verdict"], down["low_is_no_merit"], down["not_known_first"]) == ("", True, True)


def test_a_floor_can_be_worse_and_never_better(macro) -> None:
    said = {word: macro("verdict_beside_unknown", word, "low", True) for word in ("better", "similar", "worse", "")}
    assert said == {"better": "", "similar": "", "worse": "worse", "": ""}
    assert macro("verdict_beside_unknown", "better", "low", False) == "better"
    assert macro("verdict_beside_unknown", "better", "high", True) == "better"
    assert macro("change_beside_unknown", "better", "low", True) == "lower"
    assert macro("trend_beside_unknown", "decreasing_better", "low", True) == "decreasing"
    assert macro("trend_beside_unknown", "increasing_worse", "low", True) == "increasing_worse"


def test_a_fall_is_no_improvement_while_more_are_not_known(tmp_path) -> None:
    rows = trio(1, 600, 400, 1000, 2024) + trio(1, 600, 320, 1000) + trio(ENGLAND, 5600, 3600, 10000)
    found = known(tmp_path, *rows)
    down = compared(found, "down")[1]
    assert not down["low_is_no_merit"]
    assert down["change_verdict"] == "lower"
    assert down["not_known_change"] == pytest.approx(8)
    # In the other direction it is: as many are not known as before.
    same = trio(1, 500, 450, 1000, 2024) + trio(1, 600, 350, 1000)
    better = compared(known(tmp_path / "same", *same), "down")[1]
    assert better["change_verdict"] == "better"
    assert pd.isna(better["not_known_change"])


# ---------------------------------------------------------------- neighbours that are not close


def test_neighbours_that_are_not_close_decide_nothing(tmp_path) -> None:
    rows = [figure(1, 60, 100), figure(ENGLAND, 5500, 10000)] + [figure(i, 95, 100) for i in range(2, 8)]
    near = [
        {"authority_code": area(1), "place": place, "neighbour_code": area(other), "closeness": closeness}
        for place, (other, closeness) in enumerate(zip(range(2, 8), ["Close"] * 4 + ["Not close"] * 2, strict=True), 1)
    ]
    far = compared(_opened(tmp_path / "far", rows, near), against="neighbours")[1]
    assert far["neighbours_mean"] == pytest.approx(95)
    assert (far["compared_with"], far["comparator"], far["verdict"]) == ("england", 55, "similar")
    near[4]["closeness"] = "Somewhat close"
    close = compared(_opened(tmp_path / "near", rows, near), against="neighbours")[1]
    assert (close["compared_with"], close["comparator"], close["verdict"]) == ("neighbours", 95, "worse")


def _opened(path: Path, rows: list[dict], near: list[dict]) -> Warehouse:
    folder(path, rows)
    write(path / "neighbours.csv", TABLES["neighbours"], near)
    return open_warehouse(path, sealed=False)
