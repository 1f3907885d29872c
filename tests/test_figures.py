"""The shipped figures against what the department published, and against themselves."""

import csv
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
GOLDEN = ROOT / "tests" / "golden"
PUBLISHED = ROOT.parent / "shared" / "published"
FACTORS = {"percent": 100, "per_10000": 10_000}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    units = pd.read_csv(DATA / "indicators.csv").set_index("id")["unit"]
    files = sorted((DATA / "observations").glob("*.csv"))
    frame = pd.concat(
        [pd.read_csv(path, dtype={"release": str, "age_group": str}) for path in files], ignore_index=True
    )
    return frame.assign(unit=frame["indicator"].map(units), year=frame["period_end"].str[:4].astype(int))


@pytest.fixture(scope="module")
def authorities() -> pd.DataFrame:
    return pd.read_csv(DATA / "authorities.csv")


# ---------------------------------------------------------------- golden values


def number(text: str) -> float | None:
    return float(text) if text else None


def or_none(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def test_golden_values_are_what_the_department_published(observations: pd.DataFrame) -> None:
    golden = rows_of(GOLDEN / "published.csv")
    # Only rows of a place and a day that golden values are of: dictionaries of all take seconds.
    named = observations["area_code"].isin({row["area_code"] for row in golden}) & observations["period_end"].isin(
        {row["period_end"] for row in golden}
    )
    held = {
        (r["indicator"], r["age_group"], r["area_code"], r["period_end"]): r
        for r in observations[named].to_dict("records")
    }
    wrong = []
    for row in golden:
        found = held.get((row["indicator"], row["age_group"], row["area_code"], row["period_end"]))
        shown = f"{row['published_file']}, line {row['published_line']}"
        if found is None:
            wrong.append(f"{shown}: not held")
            continue
        expected = [row["status"], number(row["published_value"]), number(row["numerator"]), row["release"]]
        got = [
            found["status"], or_none(found["published_value"]), or_none(found["numerator"]), found["release"],
        ]  # fmt: skip
        if row["source"] == "cla":
            expected.append(number(row["denominator"]))
            got.append(or_none(found["denominator"]))
        if got != expected:
            wrong.append(f"{shown}: {expected} held as {got}")
    assert not wrong
    assert len(golden) > 200


def test_golden_values_are_of_every_indicator_year_and_kind_of_area() -> None:
    golden = rows_of(GOLDEN / "published.csv")
    # Derived figures have their own tests, and homelessness has its own file.
    worked_out = {"homelessness_duty", "homelessness_duty_year", "leaving_care_spending_each"}
    assert {r["indicator"] for r in golden} | worked_out == {
        r["id"] for r in rows_of(DATA / "indicators.csv") if r["source"] != "local"
    }
    assert {r["period_end"][:4] for r in golden if r["indicator"] == "eet"} == {str(y) for y in range(2016, 2026)}
    assert {"2022", "2024", "2025"} == {r["release"] for r in golden if r["source"] == "cla"}
    assert {"ok", "c", "x", "z"} <= {r["status"] for r in golden}
    areas = {r["area_code"] for r in golden}
    assert {"E92000001", "E13000001", "E13000002", "E10000006", "E10000021", "E06000029"} <= areas
    assert {f"E1200000{n}" for n in range(1, 10)} <= areas
    assert sum(" / " in code for code in areas) == 2
    assert {"22", "23", "24", "25"} <= {r["age_group"] for r in golden}
    # By the code under which a figure was published, which is not its present code.
    assert any(r["published_code"] != r["area_code"] for r in golden)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the department's files are not beside the project")
def test_golden_values_stand_in_the_department_s_files() -> None:
    for row in rows_of(GOLDEN / "published.csv")[::9]:
        lines = (PUBLISHED / row["published_file"]).read_text(encoding="utf-8-sig").splitlines()
        fields = [field.strip() for field in next(csv.reader([lines[int(row["published_line"]) - 1]]))]
        for code in row["published_code"].split(" / "):
            assert any(code in field for field in fields)
        for column in ("numerator", "published_value"):
            assert not row[column] or row[column] in fields


def test_golden_homelessness_is_what_the_districts_sent(observations: pd.DataFrame) -> None:
    golden = rows_of(GOLDEN / "homelessness.csv")
    held = {
        (r["age_group"], r["area_code"], r["period_end"]): r
        for r in observations[observations["indicator"] == "homelessness_duty"].to_dict("records")
    }
    wrong = []
    for row in golden:
        found = held.get((row["age_group"], row["authority_code"], row["period_end"]))
        got = (found["status"], or_none(found["value"])) if found else "not held"
        if got != (row["status"], number(row["value"])):
            wrong.append(f"{row['published_file']}, {row['authority_name']}: {row['value']} held as {got}")
    assert not wrong
    assert len(golden) > 100
    assert {"ok", "c", "x", "incomplete"} == {r["status"] for r in golden}
    names = {r["authority_name"] for r in golden}
    assert {"England", "Leeds", "City of London", "Isles of Scilly", "North Yorkshire", "Cumberland"} <= names
    # Kent is the sum of twelve districts, North Yorkshire of seven until March 2023.
    assert {len(r["district_codes"].split()) for r in golden if r["authority_name"] == "Kent"} == {12}
    assert {len(r["district_codes"].split()) for r in golden if r["authority_name"] == "North Yorkshire"} == {7, 1}


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the ministry's files are not beside the project")
def test_golden_homelessness_stands_in_the_cells_it_names() -> None:
    golden = [r for r in rows_of(GOLDEN / "homelessness.csv") if r["status"] == "ok"]
    for file in {r["published_file"] for r in golden}:
        sheet = openpyxl.load_workbook(PUBLISHED / "homelessness" / file, data_only=True).worksheets[0]
        for row in golden:
            if row["published_file"] == file:
                assert sum(sheet[cell].value for cell in row["published_cells"].split()) == float(row["value"])


def test_authorities_add_up_to_england_but_for_those_missing(observations: pd.DataFrame) -> None:
    """England's figure is rounded to 10 in up to three columns, and includes estimates for districts that sent nothing."""
    rows = observations[observations["indicator"] == "homelessness_duty"]
    missing = pd.read_csv(DATA / "missing_districts.csv")
    absent = set(missing.loc[missing["reason"].str.startswith("nothing"), "period_end"])
    complete = 0
    for (end, age), group in rows.groupby(["period_end", "age_group"]):
        england = group.loc[group["area_code"] == "E92000001", "value"].iloc[0]
        authorities = group[~group["area_code"].str.startswith(("E12", "E92"))]
        regions = group.loc[group["area_code"].str.startswith("E12"), "value"].sum()
        assert abs(regions - england) <= 10 * 5 * 3, (end, age)
        assert authorities["value"].sum() <= england + 15, (end, age)
        if end not in absent:
            complete += 1
            # Hidden figures are for districts with fewer than five households in all.
            hidden = 4 * int((missing["period_end"] == end).sum())
            assert abs(england - authorities["value"].sum()) <= 15 + hidden, (end, age)
    assert complete == 3
    # Every quarter lists who is missing: a county without a sum has a district on the list, and vice versa.
    lacking = {(r["area_code"], r["period_end"]) for r in rows[rows["value"].isna()].to_dict("records")}
    listed = set(zip(missing["authority_code"], missing["period_end"], strict=True))
    assert lacking == listed
    assert rows["period_end"].nunique() == 31


def test_four_quarters_are_a_year_and_follow_last_year(figures: pd.DataFrame, observations: pd.DataFrame) -> None:
    quarters = observations[(observations["indicator"] == "homelessness_duty") & (observations["age_group"] == "18-20")]
    by_day = quarters.pivot(index="area_code", columns="period_end", values="value")
    days = sorted(by_day.columns)
    shown = figures[(figures["age_group"] == "18-20")].set_index(["indicator", "area_code", "period_end"]).sort_index()
    for code in ("E08000035", "E10000016", "E92000001", "E06000063"):
        for index, day in enumerate(days):
            if pd.isna(by_day.loc[code].get(day)) and code == "E06000063" and day < "2023-06":
                continue
            row = shown.loc[("homelessness_duty", code, pd.Timestamp(day))]
            before = by_day.loc[code, days[index - 4]] if index >= 4 else math.nan
            wanted = by_day.loc[code, day] - before
            assert (math.isnan(wanted) and math.isnan(row["change"])) or row["change"] == wanted, (code, day)
            # Sums end with the newest quarter and the same quarter of each earlier year: no quarter is in two of them.
            if not day.endswith("-12-31"):
                assert ("homelessness_duty_year", code, pd.Timestamp(day)) not in shown.index
            elif index >= 3:
                four = by_day.loc[code, days[index - 3 : index + 1]]
                # A new authority has a year once it has had four quarters.
                key = ("homelessness_duty_year", code, pd.Timestamp(day))
                if code == "E06000063" and day < "2024-03-31":
                    assert key not in shown.index
                else:
                    total = shown.loc[key]
                    assert (total["value"] == four.sum()) if four.notna().all() else math.isnan(total["value"])
                    assert total["basis"] == "rolling_12m"
    assert shown.loc["homelessness_duty", "rank"].isna().all()


def test_spending_for_each_care_leaver_follows_from_what_is_published(observations: pd.DataFrame) -> None:
    held = observations.set_index(["indicator", "age_group", "area_code", "period_end"])["value"]
    end = "2025-03-31"

    def leavers(code: str) -> float:
        return float(held["care_leavers", "17-18", code, end] + held["care_leavers", "19-21", code, end])

    def each(code: str) -> float:
        return float(held["leaving_care_spending_each", "all", code, end])

    assert each("E08000035") == pytest.approx(17_611_584 / (243 + 600))
    for code in ("E10000016", "E06000065", "E06000063", "E06000018", "E10000014"):
        assert each(code) == pytest.approx(float(held["leaving_care_spending", "all", code, end]) / leavers(code))
    # Wandsworth and Middlesbrough are in neither the pounds nor the people of the totals.
    without = leavers("E92000001") - leavers("E09000032") - leavers("E06000002")
    assert each("E92000001") == pytest.approx(float(held["leaving_care_spending", "all", "E92000001", end]) / without)
    north_east = leavers("E12000001") - leavers("E06000002")
    assert each("E12000001") == pytest.approx(
        float(held["leaving_care_spending", "all", "E12000001", end]) / north_east
    )


# Counts, whole per cent and rank of 152 of EET at 19 to 21 in 2025.
EET_2025 = {
    "E08000035": ("Leeds", 273, 600, 46, 135),
    "E06000018": ("Nottingham", 207, 327, 63, 28),
    "E06000038": ("Reading", 87, 152, 57, 54),
    "E09000001": ("City of London", 18, 25, 72, 7),
    "E06000016": ("Leicester", 188, 239, 79, 1),
}


def eet_2025(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.query(
        "export", indicator="eet", age_group="19-21", period="2025-03-31", authority="", against=""
    ).set_index("authority_code")


def test_eet_at_19_to_21_in_2025(warehouse: Warehouse) -> None:
    rows = eet_2025(warehouse)
    assert set(rows["england"]) == {54}
    for code, (name, numerator, denominator, percent, rank) in EET_2025.items():
        row = rows.loc[code]
        assert (row["authority_name"], row["numerator"], row["denominator"]) == (name, numerator, denominator)
        assert row["published_value"] == percent
        assert row["value"] == pytest.approx(100 * numerator / denominator, rel=1e-9)
        assert (row["rank"], row["of"]) == (rank, 152)


def test_rank_and_cuts_of_every_authority_follow_from_the_published_counts(warehouse: Warehouse) -> None:
    golden = [r for r in rows_of(GOLDEN / "eet_19_21_2025.csv") if r["published_value"].isdigit()]
    assert len(golden) == 152
    exact = {r["published_code"]: Fraction(int(r["numerator"]) * 100, int(r["denominator"])) for r in golden}
    cuts = np.quantile([float(v) for v in exact.values()], [0.25, 0.5, 0.75], method="linear")
    assert [f"{cut:.2f}" for cut in cuts] == ["48.83", "54.50", "60.27"]
    compare = warehouse.query("compare", indicator="eet", age_group="19-21", period="2025-03-31", authority="",
                              scope="all", against="england")  # fmt: skip
    assert compare[["q25", "median", "q75"]].iloc[0].tolist() == pytest.approx(cuts.tolist(), abs=1e-7)
    recoded = {r["old_code"]: r["new_code"] for r in rows_of(DATA / "authority_changes.csv") if r["kind"] == "recoded"}
    held = eet_2025(warehouse)
    for code, value in exact.items():
        row = held.loc[recoded.get(code, code)]
        assert row["rank"] == 1 + sum(other > value for other in exact.values())
        band = "ABCD"[sum(float(value) < cut for cut in cuts)]
        assert row["band"] == band, code


def test_caseload_of_england_in_2025(warehouse: Warehouse) -> None:
    rows = warehouse.query(
        "export", indicator="caseload", age_group="all", period="2025-09-30", authority="", against=""
    )
    assert set(rows["england"]) == {15.2}


# ---------------------------------------------------------------- the figures against themselves


def test_exact_values_round_half_up_to_the_published_ones(
    observations: pd.DataFrame, authorities: pd.DataFrame
) -> None:
    cells = observations[
        observations["area_code"].isin(authorities["authority_code"])
        & observations["unit"].isin(FACTORS)
        & (observations["source"] == "cla")
        & observations["numerator"].notna()
        & (observations["denominator"] > 0)
        & observations["published_value"].notna()
    ]
    assert len(cells) > 28_000
    wrong = []
    for row in cells.itertuples():
        exact = Fraction(int(row.numerator) * FACTORS[row.unit], int(row.denominator))
        if math.floor(exact + Fraction(1, 2)) != row.published_value or abs(float(exact) - row.value) > 1e-6:
            wrong.append((row.indicator, row.age_group, row.area_code, row.period_end))
    assert not wrong


def test_values_are_what_their_status_says(observations: pd.DataFrame) -> None:
    with_value = observations["value"].notna()
    assert observations.loc[observations["status"] == "ok", "value"].notna().all()
    assert set(observations.loc[with_value, "status"]) <= {"ok", "k", "low"}
    assert observations.loc[observations["status"] == "c", "numerator"].isna().all()
    held = observations[with_value & observations["numerator"].notna() & (observations["denominator"] > 0)]
    percents = held[(held["unit"] == "percent") & (held["source"] == "cla")]
    assert (percents["numerator"] <= percents["denominator"]).all()


@pytest.mark.parametrize(
    ("parts", "least"),
    [
        (("eet", "neet", "activity_not_known"), 2300),
        (("suitable_accommodation", "unsuitable_accommodation", "accommodation_not_known"), 1300),
        (("in_touch", "not_in_touch", "refuses_contact", "no_longer_requires_services"), 600),
        (("eet_22_25", "neet_22_25", "not_in_touch_activity_22_25"), 600),
        (("suitable_accommodation_22_25", "unsuitable_accommodation_22_25", "accommodation_not_known_22_25"), 400),
        (("supported_22_25", "not_in_touch_22_25"), 900),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_parts_add_up_to_the_whole(
    observations: pd.DataFrame, authorities: pd.DataFrame, parts: tuple[str, ...], least: int
) -> None:
    rows = observations[
        observations["indicator"].isin(parts) & observations["area_code"].isin(authorities["authority_code"])
    ]
    counts = rows.pivot(index=["age_group", "area_code", "period_end"], columns="indicator", values="numerator")
    whole = rows.groupby(["age_group", "area_code", "period_end"])["denominator"].agg(["min", "max"])
    assert (whole["min"] == whole["max"])[whole["max"].notna()].all()  # one base for all the parts
    counts = counts.dropna()
    assert len(counts) > least
    wrong = counts[counts.sum(axis=1) != whole.loc[counts.index, "max"]]
    assert wrong.empty, wrong


def test_the_base_of_the_activity_figures_is_the_number_of_care_leavers(observations: pd.DataFrame) -> None:
    key = ["age_group", "area_code", "period_end"]
    base = observations[observations["indicator"] == "eet"].set_index(key)["denominator"]
    cohort = observations[observations["indicator"] == "care_leavers"].set_index(key)["value"]
    both = pd.concat([base, cohort], axis=1).dropna()
    assert len(both) > 2500
    assert (both["denominator"] == both["value"]).all()


def test_years_that_were_released(observations: pd.DataFrame) -> None:
    years = observations[observations["status"] != "z"].groupby("indicator")["year"].agg(["min", "max"])
    spans = dict(zip(years.index, map(tuple, years.to_numpy().tolist()), strict=True))
    from_2018_to_2025 = (2018, 2025)
    for name in ("activity_not_known", "unsuitable_accommodation", "accommodation_not_known", "care_leavers",
                 "neet_illness", "neet_parenting", "neet_other"):  # fmt: skip
        assert spans[name] == from_2018_to_2025, name
    # Figures before 2018, and any newer than the releases held, come from the interactive tool, without counts.
    assert spans.pop("neet") == (2017, 2025)
    for name in ("eet", "suitable_accommodation", "higher_education", "not_in_touch", "staying_put", "placed_far",
                 "unaccompanied_children"):  # fmt: skip
        assert spans.pop(name) == (2016, 2025), name
    for name in ("in_touch", "refuses_contact", "no_longer_requires_services"):
        assert spans[name] == (2018, 2024), name
    assert spans["homelessness_duty"] == (2018, 2025)
    assert spans["leaving_care_spending"] == (2017, 2025)
    assert spans["unaccompanied_share"] == (2020, 2025)
    for name in ("health_assessment", "dental_check", "immunisations", "substance_misuse", "convicted", "sdq_concern",
                 "sdq_score"):  # fmt: skip
        assert spans[name] == (2021, 2025), name
    for name in ("caseload", "agency_rate", "turnover_rate", "vacancy_rate", "absence_rate"):
        assert spans[name] == (2017, 2025), name
    for name in ("eet_22_25", "suitable_accommodation_22_25", "supported_22_25"):
        assert spans[name] == (2023, 2024), name
    for name in ("three_or_more_placements", "same_carer_two_years", "looked_after_rate"):
        assert spans[name] == (2021, 2025), name
    assert spans["three_or_more_social_workers"] == (2024, 2024)
    # No year in between is left out.
    for name, (low, high) in spans.items():
        group = observations[observations["indicator"] == name]
        assert set(range(low, high + 1)) <= set(group["year"]), name


def test_areas_that_are_held(observations: pd.DataFrame, authorities: pd.DataFrame) -> None:
    current = authorities[authorities["closed"].isna()]
    assert len(current) == 153
    assert set(authorities.loc[authorities["closed"].notna(), "authority_name"]) == {
        "Bournemouth (to 2019)", "Poole (to 2019)", "Dorset (to 2019)", "Northamptonshire (to 2021)", "Cumbria (to 2023)",
    }  # fmt: skip
    latest = observations[
        (observations["indicator"] == "eet") & (observations["age_group"] == "19-21") & (observations["year"] == 2025)
    ]
    above = {"E92000001", "E13000001", "E13000002", *(f"E1200000{n}" for n in range(1, 10))}
    assert set(latest["area_code"]) == above | set(current["authority_code"])
    assert current["authority_name"].is_unique
    assert current["tile_column"].notna().all()


def test_each_neighbour_list_is_ten_different_others(authorities: pd.DataFrame) -> None:
    near = pd.read_csv(DATA / "neighbours.csv")
    assert near["authority_code"].nunique() == 153
    for code, group in near.groupby("authority_code"):
        assert sorted(group["place"]) == list(range(1, 11))
        assert group["neighbour_code"].is_unique
        assert code not in set(group["neighbour_code"])
        assert set(group["neighbour_code"]) <= set(authorities["authority_code"])


# ---------------------------------------------------------------- restated figures


def test_superseded_figures_differ_from_the_ones_that_replaced_them(observations: pd.DataFrame) -> None:
    key = ["indicator", "age_group", "area_code", "period_end"]
    content = ["numerator", "denominator", "published_value", "status"]
    old = pd.read_csv(DATA / "superseded.csv", dtype={"release": str, "superseded_by": str})
    assert not old.duplicated([*key, "release"]).any()
    both = old.merge(observations, on=key, suffixes=("", "_now"), how="left")
    assert both["status_now"].notna().all()
    assert (both["superseded_by"] == both["release_now"]).all()
    # A later publication without counts ranks lower: its whole percentage differs by more than rounding.
    below = both["source"] == "lait"
    assert (both["release"] < both["release_now"])[~below].all()
    assert both.loc[below, ["numerator", "denominator"]].isna().all(axis=None)
    assert ((both["value"] - both["value_now"]).abs()[below] > 0.5).all()
    touch = both[below & (both["indicator"] == "not_in_touch") & both["period_end"].isin(["2023-03-31", "2024-03-31"])]
    # Southampton, Solihull and Wakefield in 2023; Brent, Hillingdon, North Tyneside, Outer London, Southampton and
    # Wakefield in 2024.
    assert set(zip(touch["area_code"], touch["period_end"].str[:4], strict=True)) == {
        ("E06000045", "2023"), ("E08000029", "2023"), ("E08000036", "2023"), ("E09000005", "2024"), ("E09000017", "2024"),
        ("E08000022", "2024"), ("E13000002", "2024"), ("E06000045", "2024"), ("E08000036", "2024"),
    }  # fmt: skip
    same = np.logical_and.reduce(
        [(both[c] == both[f"{c}_now"]) | (both[c].isna() & both[f"{c}_now"].isna()) for c in content]
    )
    assert not same.any()


def test_a_restated_figure_is_marked(warehouse: Warehouse, figures: pd.DataFrame) -> None:
    old = pd.read_csv(DATA / "superseded.csv")
    again = (old["indicator"] == "eet") & (old["age_group"] == "19-21") & old["area_code"].str.startswith("E0")
    row = old[again & (old["source"] == "cla")].iloc[0]
    shown = figures[figures["indicator"] == "eet"].set_index(["age_group", "area_code", "period_end"])["restated"]
    assert shown.loc[("19-21", row["area_code"], pd.Timestamp(row["period_end"]))]
    assert not shown.loc[("19-21", "E08000035", pd.Timestamp("2025-03-31"))]
    # A later publication without counts is recorded, but does not make the figure with counts restated.
    below = old[again & (old["source"] == "lait")].iloc[0]
    assert not shown.loc[("19-21", below["area_code"], pd.Timestamp(below["period_end"]))]


LABELS_2024 = {
    "Total in education, employment or training": "eet",
    "Total not in education, employment or training": "neet",
    "Total information not known": "activity_not_known",
    "Higher education i.e. studies beyond A level": "higher_education",
    "In an apprenticeship": "apprenticeship",
    "Total": "care_leavers",
}


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the department's files are not beside the project")
def test_344_activity_counts_changed_from_the_2024_to_the_2025_release() -> None:
    def counts(release: str, age: str, label: str, count: str) -> dict[tuple[str, ...], str]:
        return {
            (r["time_period"], r["old_la_code"], r[age].removeprefix("Aged ").removesuffix(" years").replace(" to ", "-"),
             r[label]): r[count]
            for r in rows_of(PUBLISHED / f"cla_{release}" / "la_care_leavers_activity.csv")
            if r["geographic_level"] == "Local authority"
        }  # fmt: skip

    old = counts("2024", "age", "activity", "number")
    new = counts("2025", "care_leaver_age", "breakdown", "care_leaver_count")
    changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    assert len(changed) == 344
    code = {r["department_code"]: r["authority_code"] for r in rows_of(DATA / "authorities.csv")}
    superseded = {
        (r["indicator"], r["age_group"], r["area_code"], r["period_end"][:4]): r["numerator"] or r["status"]
        for r in rows_of(DATA / "superseded.csv")
        if (r["release"], r["superseded_by"]) == ("2024", "2025")
    }
    shown = [key for key in changed if key[3] in LABELS_2024]
    assert len(shown) > 250
    for year, department_code, age, label in shown:
        key = (LABELS_2024[label], age, code[department_code], year)
        assert superseded[key] == old[year, department_code, age, label], key
