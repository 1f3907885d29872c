"""What viewers may see of local figures, and that nobody can work out the rest."""

import datetime as dt
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from careleavers.disclosure import few_below, protect, protection
from careleavers.errors import CareLeaversError
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.published import PublishedFigures
from tests import attacker

ACTIVITY = ("eet", "neet", "activity_not_known")
PAIR = ("in_touch", "not_in_touch")
FAMILIES = {one: family for family in (ACTIVITY, PAIR) for one in family}
UNITS = {
    **dict.fromkeys(
        (*ACTIVITY, *PAIR, "higher_education", "apprenticeship", "health_history_given", "agency_rate"), "percent"
    ),
    "care_leavers": "count",
    "personal_adviser_caseload": "ratio",
    "looked_after_rate": "per_10000",
}
PARTS = {"eet": ("apprenticeship", "higher_education")}
LEEDS, KENT = "E08000035", "E10000016"
# The quarters of the financial year 2025/26 are 1 to 4, the first of the next one is 5.
ENDS = {
    0: dt.date(2025, 3, 31), 1: dt.date(2025, 6, 30), 2: dt.date(2025, 9, 30), 3: dt.date(2025, 12, 31),
    4: dt.date(2026, 3, 31), 5: dt.date(2026, 6, 30), 6: dt.date(2026, 9, 30),
}  # fmt: skip
PUBLISHED_COLUMNS = [
    "indicator", "age_group", "area_code", "period_end", "basis", "numerator", "denominator", "value", "status",
]  # fmt: skip


def row(indicator: str, numerator: float | None, denominator: float | None = None, quarter: int = 1, **more) -> dict:
    basis = more.get("basis", "quarter")
    made = {
        "row": 2, "indicator": indicator, "age_group": "19-21", "area_code": LEEDS, "period_end": ENDS[quarter],
        "frequency": "year" if basis == "full_year" else "quarter", "basis": basis, "layer": "provisional",
        "numerator": numerator, "denominator": denominator, "value": None, "published_value": None, "status": "ok",
        "source": "local", "release": "1", "target": None, "note": "",
    }  # fmt: skip
    if numerator is not None and denominator:
        made["value"] = 100 * numerator / denominator
    return made | more


def family(*counts: float, members: Iterable[str] = ACTIVITY, **more) -> list[dict]:
    return [row(one, n, sum(counts), **more) for one, n in zip(members, counts, strict=True)]


def frame(rows: Iterable[dict]) -> pd.DataFrame:
    made = pd.DataFrame(list(rows), columns=list(FIGURE_COLUMNS))
    for column in ("numerator", "denominator", "value", "published_value", "target"):
        made[column] = made[column].astype(float)
    return made


def official(rows: Iterable[dict] = ()) -> pd.DataFrame:
    """Rows of a full year as the department publishes them; one without a numerator is suppressed."""
    made = pd.DataFrame(list(rows), columns=PUBLISHED_COLUMNS)
    for column in ("numerator", "denominator", "value"):
        made[column] = made[column].astype(float)
    return made


def year(indicator: str, numerator: float | None, denominator: float | None) -> dict:
    suppressed = {"status": "c", "value": None} if numerator is None else {}
    return row(indicator, numerator, denominator, 4, basis="full_year", **suppressed)


def shown_as(rows: Iterable[dict], published: Iterable[dict] = (), **more) -> pd.DataFrame:
    return protect(frame(rows), official(published), FAMILIES, units=UNITS, parts=PARTS, bases=["care_leavers"], **more)


def counts(rows: Iterable[dict], published: Iterable[dict] = (), **more) -> list[tuple[float | None, float | None]]:
    """Numerator and denominator of each row as shown; None for what is not."""
    seen = shown_as(rows, published, **more)
    return [tuple(None if pd.isna(number) else number for number in pair) for pair in seen[["numerator", "denominator"]].to_numpy().tolist()]  # fmt: skip


def hidden(rows: Iterable[dict], published: Iterable[dict] = (), **more) -> list[bool]:
    return list(shown_as(rows, published, **more)["hidden"])


# ---------------------------------------------------------------------- one count


def test_every_count_is_the_nearest_multiple_of_five_and_the_value_follows_from_it() -> None:
    rows = [row("health_history_given", n, 41, quarter) for quarter, n in enumerate((0, 2, 3, 7, 8, 41))]
    assert counts(rows) == [(0, 40), (0, 40), (5, 40), (5, 40), (10, 40), (40, 40)]
    assert shown_as(rows)["value"].tolist() == [0, 0, 12.5, 12.5, 25, 100]
    assert shown_as(rows)["rounded"].tolist() == [5] * 6
    # Large counts too: rounding only small ones would reveal which they are.
    assert counts([row("health_history_given", 1203, 1998)]) == [(1205, 2000)]


def test_what_is_shown_says_nothing_of_the_raw_numbers_but_the_multiples() -> None:
    """Counts and bases that round to the same numbers give identical rows."""
    every = [(n, base) for base in range(23, 48) for n in range(base + 1)]
    seen = shown_as([row("health_history_given", *one, area_code=f"{at:05}") for at, one in enumerate(every)])
    looks: dict[tuple, set[int]] = {}
    for (n, _), *look in zip(every, seen["numerator"], seen["denominator"], seen["value"], strict=True):
        looks.setdefault(tuple(look), set()).add(n)
    assert min(len(numbers) for numbers in looks.values()) >= 3


def test_the_step_is_a_setting_and_small_steps_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_ROUND_TO", "10")
    assert counts([row("health_history_given", 13, 101)]) == [(10, 100)]
    monkeypatch.setenv("CARELEAVERS_ROUND_TO", "2")
    with pytest.raises(CareLeaversError, match="must be 3 or more"):
        counts([row("health_history_given", 14, 96)])


def test_the_setting_before_this_one_is_refused_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_SUPPRESS_UP_TO", "10")
    with pytest.raises(CareLeaversError, match="set CARELEAVERS_ROUND_TO"):
        counts([row("health_history_given", 14, 96)])


@pytest.mark.parametrize(("step", "least"), [(3, 14), (4, 18), (5, 23), (10, 45)])
def test_nothing_is_said_of_fewer_people_than_round_to_five_steps(step: int, least: int) -> None:
    assert few_below(step) == least
    assert counts([row("health_history_given", 9, least)], step=step)[0][1] == 5 * step
    (seen,) = shown_as([row("health_history_given", 9, least - 1, target=50.0)], step=step).to_dict("records")
    assert (seen["status"], seen["hidden"], seen["target"]) == ("few", True, 50)
    assert all(pd.isna(seen[column]) for column in ("numerator", "denominator", "value", "published_value", "rounded"))


def test_notes_are_for_officers_even_where_the_figure_is_shown() -> None:
    (seen,) = shown_as([row("health_history_given", 30, 40, note="one of them moved", published_value=75.0)]).to_dict(
        "records"
    )
    assert (seen["numerator"], seen["value"], seen["status"]) == (30, 75, "ok")
    assert pd.isna(seen["note"])
    assert pd.isna(seen["published_value"])


def test_a_count_without_a_denominator_is_rounded() -> None:
    rows = [row("visits", None, value=v, quarter=q) for q, v in enumerate((4, 9))]
    seen = protect(frame(rows), official(), {}, units={"visits": "count"})
    assert seen["value"].tolist() == [5, 10]
    assert seen["numerator"].isna().all()
    assert protect(frame([row("visits", 4)]), official(), {}, units={"visits": "count"})["numerator"].tolist() == [5]


def test_of_a_ratio_only_the_young_people_are_rounded() -> None:
    (seen,) = shown_as([row("personal_adviser_caseload", 62, 4.5, value=13.8)]).to_dict("records")
    assert (seen["numerator"], seen["denominator"]) == (60, 4.5)
    assert seen["value"] == pytest.approx(60 / 4.5)
    assert shown_as([row("personal_adviser_caseload", None, value=4.0)])["value"].tolist() == [4.0]
    # The value and either number give the other number.
    assert hidden([row("personal_adviser_caseload", None, 3, value=4.0)]) == [True]
    assert hidden([row("personal_adviser_caseload", 12, None, value=4.0)]) == [True]


def test_a_rate_that_comes_alone_is_hidden_because_a_population_is_public() -> None:
    assert hidden([row("looked_after_rate", None, value=4.0)]) == [True]
    (seen,) = shown_as([row("looked_after_rate", 348, 19826, value=175.5)]).to_dict("records")
    assert (seen["numerator"], seen["denominator"]) == (350, 19826)
    assert seen["value"] == pytest.approx(10_000 * 350 / 19826)


def test_the_base_of_a_rate_is_rounded_too_where_it_may_be_young_people() -> None:
    # A council may give a share of its care leavers as a rate, which would reveal their exact number.
    (seen,) = shown_as([row("looked_after_rate", 12, 47)]).to_dict("records")
    assert (seen["numerator"], seen["denominator"]) == (10, 45)
    assert seen["value"] == pytest.approx(10_000 * 10 / 45)
    assert shown_as([row("looked_after_rate", 6, 12)])["status"].tolist() == ["few"]


def test_money_counts_nobody_and_what_each_costs_would_tell_how_many_there_are() -> None:
    units = {"spent": "pounds"}
    (seen,) = protect(frame([row("spent", None, value=3251.0)]), official(), {}, units=units).to_dict("records")
    assert (seen["value"], seen["hidden"], seen["status"]) == (3251.0, False, "ok")
    assert pd.isna(seen["rounded"])
    (each,) = protect(frame([row("spent", 90_000, 4, value=22_500.0)]), official(), {}, units=units).to_dict("records")
    assert (each["hidden"], each["status"]) == (True, "c")
    assert all(pd.isna(each[name]) for name in ("numerator", "denominator", "value", "published_value"))


def test_an_average_over_young_people_would_tell_how_many_there_are() -> None:
    units = {"moves": "average"}

    def seen(*counts: float | None) -> tuple[bool, bool]:
        (row_seen,) = protect(frame([row("moves", *counts, value=2.5)]), official(), {}, units=units).to_dict("records")
        return row_seen["hidden"], all(pd.isna(row_seen[name]) for name in ("numerator", "denominator", "value"))

    assert seen(None) == (False, False)
    assert seen(10, 4) == seen(10) == seen(None, 4) == (True, True)


def test_which_ratios_are_averages_over_young_people(warehouse: Warehouse) -> None:
    unit = warehouse.query("indicator_relations").set_index("indicator")["unit"]
    assert (unit["caseload"], unit["personal_adviser_caseload"], unit["sdq_score"]) == ("ratio", "ratio", "average")


def test_a_ratio_that_a_council_added_is_such_an_average_whatever_it_says_of_its_base(warehouse: Warehouse) -> None:
    own = pd.DataFrame(
        {"id": ["moves"], "unit": ["ratio"], "denominator_counts": ["full-time equivalent young people"]}
    )
    figures = frame([row("moves", 10, 4, value=2.5), row("moves", None, value=2.5, quarter=1)])
    seen = PublishedFigures(warehouse).protect(figures, own)
    assert seen["hidden"].tolist() == [True, False]
    assert seen[["numerator", "denominator"]].isna().all(axis=None)
    assert seen["value"].tolist()[1] == 2.5


def test_staff_are_not_young_people() -> None:
    rows = [row("agency_rate", 4, 81, published_value=4.9)]
    assert counts(rows) == [(5, 80)]
    seen = shown_as(rows, staff={"agency_rate"})
    assert seen[["numerator", "denominator", "published_value"]].to_numpy().tolist() == [[4, 81, 4.9]]
    assert seen["rounded"].isna().all()


def test_a_percentage_that_cannot_be_protected_is_not_shown() -> None:
    assert hidden([row("eet", None, value=50.0)]) == [True]
    assert hidden([row("eet", None, 41, value=50.0)]) == [True]
    assert hidden([row("eet", 20, None, value=50.0)]) == [True]
    assert hidden([row("something of their own", None, value=50.0)]) == [True]
    assert hidden([row("eet", None, None, status="x")]) == [False]
    assert counts([row("eet", None, 41, value=50.0)]) == [(None, 40)]


@pytest.mark.parametrize("mark", ["c", "k", "low"])
def test_a_mark_stays_hidden_and_does_not_come_back_from_the_others(mark: str) -> None:
    rows = family(30, 9, 8)
    rows[1] |= {"numerator": None, "value": None, "status": mark}
    assert counts(rows) == [(30, 45), (None, 45), (5, 45)]
    assert shown_as(rows)["status"].tolist() == ["ok", "c", "ok"]


# ---------------------------------------------------------------------- a family


@pytest.mark.parametrize("numbers", [(60, 12, 4), (7, 7, 9), (8, 8, 8), (23, 0, 0), (13, 13, 0), (41, 2, 2)])
def test_the_members_of_a_family_add_up_to_their_base_and_are_near_the_truth(numbers: tuple[int, ...]) -> None:
    seen = counts(family(*numbers))
    assert sum(n for n, _ in seen) == seen[0][1]
    assert len({d for _, d in seen}) == 1
    assert all(abs(n - number) < 5 and n % 5 == 0 for (n, _), number in zip(seen, numbers, strict=True))
    assert abs(seen[0][1] - sum(numbers)) <= 2


def test_a_member_left_blank_is_no_more_exact_than_the_others() -> None:
    # 76 less 60 less 12.
    assert counts(family(60, 12, 4)[:2]) == [(60, 75), (10, 75)]
    # 26 of 26 in two measures that each round up: they must not add to more than all, or both would be 13.
    assert sum(n for n, _ in counts(family(13, 13, 0)[:2])) <= 25


def test_parts_are_no_more_than_their_whole() -> None:
    rows = [*family(7, 10, 10), row("higher_education", 3, 27), row("apprenticeship", 4, 27)]
    seen = counts(rows)
    assert seen[3][0] + seen[4][0] <= seen[0][0]


def test_all_measures_of_the_same_people_have_the_same_base() -> None:
    rows = [
        *family(30, 9, 3), row("care_leavers", None, value=42.0), row("health_history_given", 20, 42),
        *family(40, 20, 10, quarter=2), *family(70, 29, 13, quarter=2, basis="year_to_date"),
        row("care_leavers", None, value=112.0, quarter=2, basis="year_to_date"),
        # It has no quarter of its own; rounded by itself it would give 110 and 112 for the same people.
        row("health_history_given", 50, 112, quarter=2, basis="year_to_date"),
    ]  # fmt: skip
    seen = shown_as(rows)
    assert seen["value"].iloc[3] == 40
    assert set(seen["denominator"].iloc[[0, 1, 2, 4]]) == {40}
    assert set(seen["denominator"].iloc[[8, 9, 10, 12]]) == {110}
    assert seen["value"].iloc[11] == 110


def test_the_number_of_a_few_care_leavers_is_not_shown_beside_what_hides_it() -> None:
    seen = shown_as([row("care_leavers", None, value=4.0), row("eet", 2, 4)])
    assert seen["status"].tolist() == ["few", "few"]
    assert seen[["numerator", "denominator", "value"]].isna().all(axis=None)


# ---------------------------------------------------------------------- time, ages, layers


def test_the_same_months_under_two_names_are_the_same_number() -> None:
    for basis in ("year_to_date",):
        seen = counts([*family(60, 12, 4), *family(60, 12, 4, basis=basis)])
        assert seen[:3] == seen[3:]
    year_long = [family(60, 12, 4, quarter=4, basis=one) for one in ("year_to_date", "rolling_12m", "full_year")]
    first, second, third = (counts([*year_long[0], *year_long[1], *year_long[2]])[at : at + 3] for at in (0, 3, 6))
    assert first == second == third


def test_a_year_to_date_is_the_sum_of_what_its_quarters_are_shown_as() -> None:
    quarters = [row("health_history_given", 3, 40, q) for q in (1, 2, 3, 4)]
    # Rounded by itself it would be 10, and the four 5s would then certainly be four 3s.
    for basis in ("year_to_date", "rolling_12m", "full_year"):
        assert counts([*quarters, row("health_history_given", 12, 160, 4, basis=basis)])[-1] == (20, 160)


def test_a_quarter_that_only_follows_is_rounded_like_any_other() -> None:
    seen = counts([row("health_history_given", 9, 40, 1), row("health_history_given", 13, 80, 2, basis="year_to_date")])
    assert seen == [(10, 40), (15, 80)]
    moving = [row("health_history_given", n, d, q, basis="rolling_12m") for q, n, d in ((4, 60, 160), (5, 57, 157))]
    first, last = row("health_history_given", 6, 40, 1), row("health_history_given", 3, 37, 5)
    seen = counts([*moving, first, last])
    assert seen[0][0] - seen[2][0] == seen[1][0] - seen[3][0]


def test_a_wider_age_group_is_the_sum_of_its_parts() -> None:
    young, old, both = (
        row("health_history_given", 3, 43, age_group="17-18"), row("health_history_given", 33, 63),
        row("health_history_given", 36, 106, age_group="17-21"),
    )  # fmt: skip
    for wide in (both, both | {"age_group": "all"}):
        assert counts([young, old, wide]) == [(5, 45), (35, 65), (40, 110)]
        # The remainder, 3 of 43, is rounded by itself.
        assert counts([old, wide]) == [(35, 65), (40, 110)]


def test_figures_of_a_day_do_not_add_up_over_time() -> None:
    days = [row("health_history_given", n, 40, q, basis="snapshot") for q, n in ((1, 3), (2, 3))]
    assert counts([*days, row("health_history_given", 6, 80, 2, basis="year_to_date")])[-1] == (5, 80)


def test_a_family_in_two_layers_is_one_family() -> None:
    apart = family(60, 12, 4)
    apart[2]["layer"] = "final"
    assert counts(apart) == counts(family(60, 12, 4))
    assert counts([*family(60, 12, 4), *family(60, 12, 4, layer="final")]) == counts(family(60, 12, 4)) * 2


def test_figures_that_contradict_each_other_are_rounded_by_themselves() -> None:
    rows = [
        row("health_history_given", 21, 41, 1), row("health_history_given", 3, 42, 2),
        # Less than the quarter before.
        row("health_history_given", 18, 83, 2, basis="year_to_date"),
    ]  # fmt: skip
    assert counts(rows) == [(20, 40), (0, 40), (15, 80)]
    short = family(60, 12, 4)
    for one in short:
        one["denominator"] = 90
    assert all(n % 5 == 0 and d == 90 for n, d in counts(short))
    more = family(60, 12, 4)
    for one in more:
        one["denominator"] = 70
    assert all(n % 5 == 0 and n <= d == 70 for n, d in counts(more))


def test_what_the_department_hides_our_figures_of_that_year_do_not_tell() -> None:
    for basis in ("full_year", "year_to_date", "rolling_12m"):
        mine = family(140, 8, 12, quarter=4, basis=basis, layer="final")
        told = [year("eet", 140, 160), year("neet", None, 160), year("activity_not_known", 12, 160)]
        assert hidden(mine, told) == [True] * 3
        assert hidden(mine, [year("eet", 140, 160)]) == [False] * 3
        # Another measure and another year are unaffected.
        assert hidden([row("health_history_given", 40, 160, 4, basis=basis)], told) == [False]
        assert hidden(family(140, 8, 12, quarter=5, basis="rolling_12m"), told) == [False] * 3


def test_quarters_add_up_to_the_official_year_rounded() -> None:
    """Four counts all rounded down by 2 would be revealed by an official count that is 8 higher."""
    quarters = [row("health_history_given", 12, 42, quarter) for quarter in (1, 2, 3, 4)]
    assert counts(quarters) == [(10, 40)] * 4
    seen = counts(quarters, [year("health_history_given", 48, 168)])
    assert (sum(n for n, _ in seen), sum(d for _, d in seen)) == (50, 170)
    # The one left out could be worked out too.
    seen = counts(quarters[:3], [year("health_history_given", 48, 168)])
    assert 50 - sum(n for n, _ in seen) in {10, 15, 20}
    members = [one for quarter in (1, 2, 3, 4) for one in family(17, 17, 8, quarter=quarter)]
    told = [year("eet", 68, 168), year("neet", 68, 168), year("activity_not_known", 32, 168)]
    seen = counts(members, told)
    assert [sum(n for n, _ in seen[at::3]) for at in range(3)] == [70, 70, 30]
    for at in range(0, 12, 3):
        assert sum(n for n, _ in seen[at : at + 3]) == seen[at][1]


def test_a_whole_that_meets_a_piece_of_its_measure_is_hidden_where_the_rest_is_not_known() -> None:
    rows = [*family(4, 13, 43, age_group="17-18"), row("neet", 3, 37), row("activity_not_known", 4, 37)]
    rows = [rows[0], rows[2], *rows[3:], row("eet", 34, 97, age_group="17-21"), row("neet", 16, 97, age_group="17-21")]
    seen = shown_as(rows)
    told = seen.loc[seen["age_group"] == "17-21", ["numerator", "hidden"]].to_numpy().tolist()
    assert all((hidden and pd.isna(n)) or (not hidden and n < 60) for n, hidden in told)


def test_every_council_with_the_same_official_year_is_tried() -> None:
    """Any quarter of 26 of 79 looks like others. Rounded by itself, 3 of 27 would be the only one shown so."""
    rows, told, numbers = [], [], {}
    for n in range(12):
        for d in range(23, 57):
            if n <= d and 26 - n <= 79 - d:
                code = f"{len(numbers):05}"
                numbers[code] = n, d
                rows += [
                    row("health_history_given", n, d, 3, area_code=code),
                    row("health_history_given", 26, 79, 4, area_code=code, basis="full_year"),
                ]
                told.append(year("health_history_given", 26, 79) | {"area_code": code})
    seen = shown_as(rows, told)
    looks: dict[tuple, set[int]] = {}
    for at, (n, _) in enumerate(numbers.values()):
        look = seen.iloc[2 * at : 2 * at + 2][["numerator", "denominator", "status"]].to_numpy().ravel()
        looks.setdefault(tuple(look), set()).add(n)
    assert {n for several in looks.values() if len(several) < 3 for n in several if n <= 5} == set()


def test_an_official_year_of_other_people_changes_nothing() -> None:
    quarters = [row("health_history_given", 12, 42, quarter) for quarter in (1, 2, 3, 4)]
    assert counts(quarters, [year("health_history_given", 40, 45)]) == counts(quarters)


def test_official_figures_of_two_age_groups_are_known_of_both_together() -> None:
    rows = [row("health_history_given", n, d, q, age_group="17-21") for q, n, d in ((1, 22, 23), (2, 28, 48))]
    told = [
        year("health_history_given", 29, 40) | {"age_group": "17-18"},
        year("health_history_given", 21, 31),
    ]
    whole = {"basis": "year_to_date", "age_group": "17-21"}
    seen = counts([rows[0], row("health_history_given", 50, 71, 4, **whole)], told)
    # Rounded by themselves the people would be 25 and 50, which only 23 and 48 of 71 can give.
    assert seen[1] == (50, 70)
    assert counts([rows[0], row("health_history_given", 50, 71, 4, **whole)])[1] == (55, 75)


def test_a_count_that_is_known_of_a_whole_only_fits_those_of_its_pieces() -> None:
    ages = [row("neet", 6, 69, age_group="17-18"), row("neet", 2, 30)]
    wide = [row("eet", 68, 99, age_group="17-21"), row("activity_not_known", 23, 99, age_group="17-21")]
    seen = counts([*ages, *wide])
    assert sum(n for n, _ in seen) == seen[2][1] == 100


# ---------------------------------------------------------------------- kinds of input


def test_rows_keep_their_order_and_their_index_and_the_result_does_not_depend_on_them() -> None:
    rows = frame([*family(60, 4, 12), *family(9, 3, 40, quarter=2), *family(69, 7, 52, quarter=2, basis="year_to_date"), *family(3, 2, 1, quarter=3)])  # fmt: skip
    given = protect(rows, official(), FAMILIES, units=UNITS)
    for seed in range(3):
        mixed = rows.sample(frac=1, random_state=seed)
        seen = protect(mixed, official(), FAMILIES, units=UNITS)
        assert list(seen.index) == list(mixed.index)
        assert list(seen.columns) == [*FIGURE_COLUMNS, "hidden", "rounded"]
        pd.testing.assert_frame_equal(seen.sort_index(), given)
        assert mixed.equals(rows.loc[mixed.index])


def test_authorities_have_nothing_to_do_with_each_other() -> None:
    mine, theirs = family(60, 4, 12), family(50, 21, 22, area_code=KENT)
    assert counts([*mine, *theirs]) == counts(mine) + counts(theirs)


def test_nothing_uploaded_is_nothing_shown() -> None:
    assert protect(frame([]), official(), FAMILIES, units=UNITS).empty


def test_columns_may_hold_missing_values_of_pandas() -> None:
    rows = frame(family(60, 4, 12))
    for column in ("numerator", "denominator", "value", "published_value", "target"):
        rows[column] = rows[column].astype("Float64")
    rows["period_end"] = pd.to_datetime(rows["period_end"])
    assert protect(rows, official(), FAMILIES, units=UNITS)["numerator"].tolist() == [60, 5, 10]


def test_where_protection_fails_nothing_is_shown_of_that_authority_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = protection._protected

    def fails(figures: pd.DataFrame, *more: Any) -> pd.DataFrame:
        if (figures["area_code"] == KENT).any():
            raise MemoryError
        return whole(figures, *more)

    monkeypatch.setattr(protection, "_protected", fails)
    rows = [*family(60, 4, 12, area_code=KENT), *family(60, 4, 12), row("agency_rate", 3, 9, area_code=KENT)]
    seen = protect(frame(rows), official(), FAMILIES, units=UNITS)
    assert seen["hidden"].tolist() == [True] * 3 + [False] * 3 + [True]
    assert (
        seen.loc[seen["hidden"], ["numerator", "denominator", "value", "published_value", "note"]].isna().all(axis=None)
    )
    assert set(seen.loc[seen["hidden"], "status"]) == {"c"}
    assert f"the local figures of {KENT} are hidden" in caplog.text
    assert "reference" in caplog.text


def test_many_figures_that_are_equal_huge_or_at_odds_end_within_seconds() -> None:
    began = time.monotonic()
    one = frame(family(60, 4, 12))
    equal = one.iloc[np.zeros(290_000, dtype=int)].reset_index(drop=True)
    assert set(protect(equal, official(), FAMILIES, units=UNITS)["numerator"]) == {60}
    at_odds = equal.head(5_000).assign(numerator=np.arange(5_000.0), denominator=np.arange(100.0, 5_100))
    seen = protect(at_odds, official(), FAMILIES, units=UNITS)
    shown = seen.loc[~seen["hidden"], ["numerator", "denominator"]]
    assert (shown % 5 == 0).all(axis=None)
    huge = [row("neet", 15_000_003, 15_000_003, 2, basis="year_to_date"), row("neet", 4, 40, 2), row("neet", 9, 40)]
    assert counts(huge)[:2] == [(15_000_005, 15_000_005), (5, 40)]
    assert time.monotonic() - began < 60


# ---------------------------------------------------------------------- somebody who tries


@pytest.mark.slow
def test_nobody_works_a_small_count_out_of_what_is_shown() -> None:
    """Other councils look the same, so no count from 1 to 5 is certain; nor can a solver find one."""
    chance = np.random.default_rng(2026)
    found, solved = [], []
    for number in range(10):
        one = attacker.council(chance)
        found += attacker.possibilities(one, chance)
        solved += [values for within in (2, 4) for values in attacker.solved(one, within)] if number % 8 == 0 else []
    assert len(found) > 80
    assert min(found) > 1
    assert sum(values == 2 for values in found) <= 0.01 * len(found)
    assert not {1, 2} & set(solved)


def test_the_attacker_is_able(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks the attacker: it finds unprotected figures, and figures each rounded by itself."""

    def as_they_are(figures: pd.DataFrame, *_: Any, **__: Any) -> pd.DataFrame:
        return figures.assign(hidden=False, rounded=np.nan)

    def each_by_itself(figures: pd.DataFrame, *_: Any, **__: Any) -> pd.DataFrame:
        return figures.assign(
            **{one: 5 * np.floor(figures[one] / 5 + 0.5) for one in ("numerator", "denominator")},
            value=0.0,
            hidden=False,
        )

    chance = np.random.default_rng(1)
    councils = [attacker.council(chance) for _ in range(8)]
    monkeypatch.setattr(attacker, "protect", as_they_are)
    assert any(1 in attacker.possibilities(one, chance, rounds=2) for one in councils)
    assert any(1 in attacker.solved(one, 0) for one in councils)
    four = councils[0]
    quarters = pd.DataFrame({"basis": ["quarter"] * 4 + ["year_to_date"], "quarter": [1, 2, 3, 4, 4]})
    at = [attacker._end(quarter) for quarter in quarters["quarter"]]
    rows = pd.DataFrame({"indicator": "health_history_given", "age_group": "19-21", "basis": quarters["basis"], "quarter": quarters["quarter"], "layer": "final", "period_end": pd.to_datetime(at), "frequency": "quarter", "status": "ok"})  # fmt: skip
    people = np.zeros_like(four.people)
    place = {leaf: attacker.LEAVES.index(leaf) for leaf in ("given", "not_given")}
    people[:, place["given"], 1], people[:, place["not_given"], 1] = 3, 37
    n, d = np.zeros((2, 5, people.size), dtype=int)
    for number, (basis, quarter) in enumerate(quarters.itertuples(index=False)):
        for leaf in place:
            chosen = np.zeros_like(people)
            for q in attacker.SPANS[basis](quarter):
                chosen[1, place[leaf], 1, q - attacker.QUARTERS[0]] = 1
            d[number] += chosen.ravel()
            n[number] += chosen.ravel() * (leaf == "given")
    made = attacker.Council(people, rows, n, d, [np.arange(5)], np.array([], dtype=int), same_people=False)
    monkeypatch.setattr(attacker, "protect", each_by_itself)
    # Four shown as 5 with a total shown as 10: each must be 3.
    assert 1 in attacker.solved(made, 2)
    monkeypatch.undo()
    assert set(attacker.solved(made, 2)) == {3}
    assert min(attacker.possibilities(made, chance)) >= 3
