"""What viewers may see of local figures, and that nobody can work out what they may not."""

import datetime as dt
from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from careleavers import puzzle
from careleavers.disclosure import protect
from careleavers.intake.model import FIGURE_COLUMNS, KEY

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
    return protect(frame(rows), official(published), FAMILIES, units=UNITS, **more)


def hidden(rows: Iterable[dict], published: Iterable[dict] = (), **more) -> list[bool]:
    return list(shown_as(rows, published, **more)["hidden"])


# ---------------------------------------------------------------------- what is small


def test_counts_from_one_to_the_threshold_are_hidden() -> None:
    rows = [row("health_history_given", n, 40, quarter) for quarter, n in enumerate((0, 1, 5, 6, 40))]
    assert hidden(rows) == [False, True, True, False, False]
    assert hidden(rows, threshold=6) == [False, True, True, True, False]


def test_the_threshold_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_SUPPRESS_UP_TO", "10")
    assert hidden([row("health_history_given", 9, 40)]) == [True]
    assert hidden([row("health_history_given", 11, 40)]) == [False]


def test_a_hidden_row_keeps_its_denominator_and_nothing_else_of_the_figure() -> None:
    (seen,) = shown_as(
        [row("health_history_given", 3, 40, published_value=8.0, target=50.0, note="Sam and Alex")]
    ).to_dict("records")
    assert seen["denominator"] == 40
    assert seen["status"] == "c"
    assert all(pd.isna(seen[column]) for column in ("numerator", "value", "published_value", "note"))
    assert seen["target"] == 50
    assert seen["area_code"] == LEEDS


def test_notes_are_for_officers_even_where_the_figure_is_shown() -> None:
    (seen,) = shown_as([row("health_history_given", 30, 40, note="one of them moved")]).to_dict("records")
    assert (seen["numerator"], seen["value"], seen["status"]) == (30, 75, "ok")
    assert pd.isna(seen["note"])


@pytest.mark.parametrize("numerator", [0, 2, 5])
def test_a_small_denominator_hides_the_whole_figure(numerator: float) -> None:
    (seen,) = shown_as([row("health_history_given", numerator, 5)]).to_dict("records")
    assert seen["hidden"]
    assert all(pd.isna(seen[column]) for column in ("numerator", "denominator", "value"))


def test_a_count_without_a_denominator_is_a_count() -> None:
    rows = [row("care_leavers", None, value=v, quarter=q) for q, v in enumerate((4, 9))]
    assert hidden(rows) == [True, False]
    assert hidden([row("care_leavers", 4)]) == [True]


def test_of_a_ratio_only_the_young_people_are_protected() -> None:
    caseload = row("personal_adviser_caseload", 60, 4, value=15.0)
    assert hidden([caseload]) == [False]
    (seen,) = shown_as([row("personal_adviser_caseload", 4, 2, value=2.0)]).to_dict("records")
    assert seen["hidden"]
    assert pd.isna(seen["value"])
    assert seen["denominator"] == 2
    assert hidden([row("personal_adviser_caseload", None, value=4.0)]) == [False]
    assert hidden([row("looked_after_rate", None, value=4.0)]) == [False]


def test_staff_are_not_young_people() -> None:
    rows = [row("agency_rate", 4, 80)]
    assert hidden(rows) == [True]
    assert hidden(rows, staff={"agency_rate"}) == [False]


def test_a_percentage_that_cannot_be_protected_is_not_shown() -> None:
    assert hidden([row("eet", None, value=50.0)]) == [True]
    assert hidden([row("eet", None, 40, value=50.0)]) == [True]
    assert hidden([row("eet", 20, None, value=50.0)]) == [True]
    assert hidden([row("something of their own", None, value=50.0)]) == [True]
    assert hidden([row("eet", None, None, status="x")]) == [False]


@pytest.mark.parametrize("mark", ["c", "k", "low"])
def test_a_mark_that_says_few_is_hidden_and_protected(mark: str) -> None:
    rows = family(30, 9, 8)
    rows[1] |= {"numerator": None, "value": None, "status": mark}
    assert hidden(rows) == [False, True, True]


# ---------------------------------------------------------------------- what a family gives away


def test_one_hidden_member_takes_the_smallest_other_with_it() -> None:
    assert hidden(family(60, 4, 12)) == [False, True, True]
    assert hidden(family(60, 12, 4)) == [False, True, True]
    assert hidden(family(9, 12, 4)) == [True, False, True]


def test_nobody_is_shown_as_nobody_while_others_can_protect() -> None:
    assert hidden(family(60, 4, 0)) == [True, True, False]
    assert hidden(family(60, 40, 0)) == [False, False, False]


def test_the_other_of_two_members_is_hidden() -> None:
    assert hidden(family(60, 4, members=PAIR)) == [True, True]


def test_two_hidden_ones_that_must_both_be_one_need_a_third() -> None:
    assert hidden(family(60, 1, 1)) == [True, True, True]
    assert hidden(family(60, 1, 2)) == [False, True, True]


def test_a_family_with_a_member_missing_gives_nothing_away() -> None:
    assert hidden([row("eet", 60, 80), row("neet", 4, 80)]) == [False, True]


def test_what_is_left_of_the_denominator_can_give_a_count_away() -> None:
    # One young person is left for the two that are not shown: NEET is 1, as it is not 0.
    assert hidden([row("eet", 79, 80), row("neet", 1, 80)]) == [True, True]


def test_a_part_cannot_be_more_than_what_is_left_of_its_whole() -> None:
    rows = [
        *family(7, 20, 20),
        row("higher_education", 6, 47),
        row("apprenticeship", 1, 47),
    ]
    assert hidden(rows) == [False, False, False, False, True]
    seen = shown_as(rows, parts=PARTS)
    assert seen["hidden"].iloc[4]
    # Seven, less six, leaves room for one: something has to go, and the six are the fewest.
    assert list(seen["hidden"]) == [False, False, False, True, True]


def test_authorities_do_not_protect_each_other() -> None:
    rows = [*family(60, 4, 12), *family(50, 20, 20, area_code=KENT)]
    assert hidden(rows) == [False, True, True, False, False, False]


# ---------------------------------------------------------------------- what time gives away


def test_a_quarter_is_the_year_to_date_less_the_quarter_before() -> None:
    first, second, both = (
        row("health_history_given", 9, 40, 1),
        row("health_history_given", 4, 40, 2),
        row("health_history_given", 13, 80, 2, basis="year_to_date"),
    )
    assert hidden([first, second]) == [False, True]
    assert hidden([first, second, both]) == [True, True, False]


def test_four_quarters_give_the_year_in_every_guise() -> None:
    quarters = [row("health_history_given", n, 40, q) for q, n in enumerate((9, 20, 4, 30), 1)]
    for basis in ("year_to_date", "rolling_12m", "full_year"):
        assert hidden([*quarters, row("health_history_given", 63, 160, 4, basis=basis)]) == [
            True, False, True, False, False,
        ]  # fmt: skip


def test_a_twelve_months_sum_that_moves_on_gives_a_quarter() -> None:
    twelve = [row("health_history_given", n, 160, q, basis="rolling_12m") for q, n in ((4, 60), (5, 57))]
    ends = [row("health_history_given", 6, 40, 1), row("health_history_given", 3, 40, 5)]
    assert hidden([*twelve, *ends[1:]]) == [False, False, True]
    assert hidden([*twelve, *ends]) == [False, False, True, True]


def test_the_same_figure_under_two_names_is_hidden_under_both() -> None:
    rows = [
        row("health_history_given", 4, 40, 1),
        row("health_history_given", 4, 40, 1, basis="year_to_date"),
    ]
    assert hidden(rows) == [True, True]


def test_a_small_denominator_does_not_come_back_over_time() -> None:
    seen = shown_as(
        [
            row("health_history_given", 2, 4, 1),
            row("health_history_given", 20, 40, 2),
            row("health_history_given", 22, 44, 2, basis="year_to_date"),
        ]
    )
    assert list(seen["denominator"].isna()) == [True, True, False]
    assert list(seen["hidden"]) == [True, True, False]


def test_a_hidden_denominator_is_hidden_wherever_it_counts_the_same_people() -> None:
    rows = [
        row("health_history_given", 2, 4, 1),
        row("health_history_given", 20, 40, 2),
        row("health_history_given", 22, 44, 2, basis="year_to_date"),
        *family(25, 9, 6, quarter=2),
        *family(27, 10, 7, quarter=2, basis="year_to_date"),
    ]
    seen = shown_as(rows)
    assert seen.loc[3:5, "denominator"].isna().all()
    assert seen.loc[6:, "denominator"].notna().all()


def test_a_hidden_denominator_does_not_come_back_from_another_measure_of_the_same_people() -> None:
    rows = [
        row("health_history_given", 2, 4, 1),
        row("health_history_given", 20, 40, 2),
        *family(30, 10, members=PAIR, quarter=2),
        *family(33, 11, members=PAIR, quarter=2, basis="year_to_date"),
    ]
    seen = shown_as(rows)
    # The family has no first quarter of its own, but 44 less 40 would be it.
    assert seen["denominator"].tolist()[4:] == [44, 44]
    assert seen["denominator"].iloc[:4].isna().all()
    # Other people in the second quarter, as far as anybody can see: nothing follows.
    other = shown_as([*rows[:2], *family(31, 10, members=PAIR, quarter=2), *rows[4:]])
    assert other["denominator"].tolist()[1:] == [40, 41, 41, 44, 44]


def test_a_wider_age_group_gives_the_missing_one() -> None:
    young, old, all_of_them = (
        row("health_history_given", 3, 40, age_group="17-18"),
        row("health_history_given", 30, 60),
        row("health_history_given", 33, 100, age_group="17-21"),
    )
    assert hidden([young, old]) == [True, False]
    assert hidden([young, old, all_of_them]) == [True, True, False]
    assert hidden([young, old, all_of_them | {"age_group": "all"}]) == [True, True, False]


def test_figures_of_a_day_do_not_add_up_over_time() -> None:
    days = [row("health_history_given", n, 40, q, basis="snapshot") for q, n in ((1, 9), (2, 4))]
    assert hidden([*days, row("health_history_given", 13, 80, 2, basis="year_to_date")]) == [False, True, False]


# ---------------------------------------------------------------------- what another layer gives away


def test_provisional_and_final_are_hidden_together() -> None:
    rows = [*family(60, 4, 12), *family(60, 4, 12, layer="final")]
    assert hidden(rows) == [False, True, True] * 2


def test_a_final_value_near_the_hidden_provisional_one_is_hidden_too() -> None:
    near = [row("health_history_given", 5, 40), row("health_history_given", 6, 40, layer="final")]
    assert hidden(near) == [True, True]
    far = [row("health_history_given", 5, 40), row("health_history_given", 30, 40, layer="final")]
    assert hidden(far) == [True, False]


def test_what_the_department_hides_four_quarters_do_not_tell() -> None:
    quarters = [row("health_history_given", n, 40, q) for q, n in enumerate((8, 20, 10, 30), 1)]
    assert hidden(quarters, [year("health_history_given", None, 160)]) == [True, False, False, False]
    assert hidden(quarters, [year("health_history_given", 68, 160)]) == [False] * 4


@pytest.mark.parametrize("basis", ["full_year", "year_to_date", "rolling_12m"])
def test_what_the_department_hides_the_local_year_does_not_tell(basis: str) -> None:
    mine = row("health_history_given", 8, 160, 4, basis=basis, layer="final")
    assert hidden([mine], [year("health_history_given", None, 160)]) == [True]
    assert hidden([mine], [year("health_history_given", 8, 160)]) == [False]


def test_an_official_total_helps_to_work_a_quarter_out() -> None:
    quarters = [row("health_history_given", n, 40, q) for q, n in enumerate((8, 20, 3, 30), 1)]
    assert hidden(quarters) == [False, False, True, False]
    assert hidden(quarters, [year("health_history_given", 61, 160)]) == [True, False, True, False]


def test_what_is_official_is_no_reason_to_hide_more() -> None:
    rows = family(60, 4, 12, quarter=4, basis="full_year", layer="final")
    told = [year(one, n, 76) for one, n in zip(ACTIVITY, (60, 4, 12), strict=True)]
    assert hidden(rows, told)[1]
    assert hidden(rows, told)[0] is False


# ---------------------------------------------------------------------- versions, order, kinds of input


def test_what_another_version_hides_is_hidden_and_protected() -> None:
    rows = family(60, 30, 12)
    assert hidden(rows, also_hidden=frame(rows[1:2])[list(KEY)]) == [False, True, True]
    assert hidden(rows, also_hidden=frame([])[list(KEY)]) == [False] * 3


def test_answers_that_are_kept_are_those_of_the_same_question() -> None:
    rows = frame([*family(9, 4, 60), *family(30, 11, 120, quarter=2, basis="year_to_date")])
    asked = [(families, limit) for families in (FAMILIES, {}) for limit in (2, 5, 10)]

    def answers() -> list[pd.DataFrame]:
        return [protect(rows, official(), families, units=UNITS, threshold=limit) for families, limit in asked]

    puzzle._SETTLED.clear()
    first, again = answers(), answers()
    alone = []
    for families, limit in asked:
        puzzle._SETTLED.clear()
        alone.append(protect(rows, official(), families, units=UNITS, threshold=limit))
    for one, other, third in zip(first, again, alone, strict=True):
        pd.testing.assert_frame_equal(one, other)
        pd.testing.assert_frame_equal(one, third)


def test_no_more_answers_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puzzle, "_KEPT", 1)
    for count in (11, 12, 13):
        shown_as([row("eet", 4, 100), row("eet", count, 200, quarter=2, basis="year_to_date")])
        assert len(puzzle._SETTLED) == 1


def test_rows_keep_their_order_and_their_index() -> None:
    rows = frame([*family(60, 4, 12), *family(9, 3, 40, quarter=2), *family(30, 20, 0, quarter=3)])
    for seed in range(3):
        mixed = rows.sample(frac=1, random_state=seed)
        seen = protect(mixed, official(), FAMILIES, units=UNITS)
        assert list(seen.index) == list(mixed.index)
        assert list(seen.columns) == [*FIGURE_COLUMNS, "hidden"]
        assert seen.sort_index()["hidden"].tolist() == [False, True, True, True, True, False, False, False, False]
        assert mixed.equals(rows.loc[mixed.index])


def test_nothing_uploaded_is_nothing_shown() -> None:
    assert protect(frame([]), official(), FAMILIES, units=UNITS).empty
    assert hidden([row("agency_rate", 4, 80)], staff={"agency_rate"}) == [False]


def test_columns_may_hold_missing_values_of_pandas() -> None:
    rows = frame(family(60, 4, 12))
    for column in ("numerator", "denominator", "value", "published_value", "target"):
        rows[column] = rows[column].astype("Float64")
    rows["period_end"] = pd.to_datetime(rows["period_end"])
    assert list(protect(rows, official(), FAMILIES, units=UNITS)["hidden"]) == [False, True, True]


def test_figures_that_contradict_each_other_are_protected_as_well() -> None:
    rows = [
        row("health_history_given", 20, 40, 1),
        row("health_history_given", 4, 40, 2),
        # Less than the quarter before.
        row("health_history_given", 18, 80, 2, basis="year_to_date"),
    ]
    assert hidden(rows) == [False, True, True]
    short = family(60, 4, 12)
    for one in short:
        one["denominator"] = 90
    assert hidden(short) == [False, True, True]


# ---------------------------------------------------------------------- somebody who tries

SINGLE = "health_history_given"
AGES = {"17-18": (0,), "19-21": (1,), "17-21": (0, 1)}
# The quarters that a figure covers; a sum of twelve months reaches back before the first.
SPANS = {
    "quarter": lambda q: (q,),
    "year_to_date": lambda q: tuple(range(1 if q < 5 else 5, q + 1)),
    "rolling_12m": lambda q: tuple(range(q - 3, q + 1)),
    "full_year": lambda q: (1, 2, 3, 4),
}
FIGURES = [
    *product(("quarter", "year_to_date"), range(1, 6)),
    *product(("rolling_12m",), range(2, 6)),
    ("full_year", 4),
]
QUARTERS = range(-1, 6)
QUARTER_OF = {day: quarter for quarter, day in ENDS.items()}
Counts = dict[tuple, int]


def counted_among(indicator: str) -> tuple[str, ...]:
    return FAMILIES.get(indicator, (indicator, f"not {indicator}"))


class Attacker:
    """Has everything that viewers see, and a solver.

    Takes the counts of each quarter, age and member to be whole and not negative, each family to fill its denominator,
    time and ages to add up, and a count that is hidden not to be 0 (unless it is).
    """

    def __init__(self) -> None:
        self.names: dict[tuple, int] = {}
        self.rows: list[tuple[dict[int, int], float, float]] = []

    def sum_of(self, one: dict, who: Iterable[str], layer: str) -> dict[int, int]:
        places = product(who, AGES[one["age_group"]], SPANS[one["basis"]](QUARTER_OF[one["period_end"]]))
        return {self.names.setdefault((layer, *place), len(self.names)): 1 for place in places}

    def see(self, terms: dict[int, int], low: float, high: float) -> None:
        self.rows.append((terms, low, high))

    def can_be_another(self, terms: dict[int, int], truth: float) -> bool:
        matrix = np.zeros((len(self.rows), len(self.names)))
        for at, (seen, _, _) in enumerate(self.rows):
            matrix[at, list(seen)] = list(seen.values())
        cost = np.zeros(len(self.names))
        cost[list(terms)] = 1
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for *_, high in self.rows])
        for sign in (1, -1):
            found = milp(sign * cost, constraints=limits, bounds=Bounds(0, 500), integrality=np.ones(len(cost)))
            assert found.success, "what is shown must be possible"
            if abs(cost @ found.x - truth) > 0.5:
                return True
        return False


def truth_of(one: dict, who: Iterable[str], counts: Counts) -> int:
    places = product(who, AGES[one["age_group"]], SPANS[one["basis"]](QUARTER_OF[one["period_end"]]))
    return sum(counts[place] for place in places)


def attack(
    seen: pd.DataFrame,
    published: pd.DataFrame,
    truth: dict[str, Counts],
    *,
    same_people: bool = False,
    within: tuple[str, ...] = (),
) -> list[str]:
    """The hidden numbers that can be worked out from viewers' rows and from what is published.

    What could be worked out with every local figure hidden is not told by them. ``truth`` is by layer; layers of one
    truth are known to be of one truth. With ``same_people`` the families and the single measure are known to count the
    same people once they have a figure in common. ``within`` are known to be counted in EET.
    """
    name = {layer: next(other for other in truth if truth[other] is truth[layer]) for layer in truth}

    def looking_at(rows: list[dict]) -> Attacker:
        attacker = Attacker()
        shared: dict[tuple, set[tuple]] = {}
        for one in rows:
            counts, layer, members = truth[one["layer"]], name[one["layer"]], counted_among(one["indicator"])
            for column, who in (("numerator", (one["indicator"],)), ("denominator", members)):
                terms, true = attacker.sum_of(one, who, layer), truth_of(one, who, counts)
                if pd.isna(one[column]):
                    attacker.see(terms, min(1, true), np.inf)
                else:
                    assert one[column] == true
                    attacker.see(terms, true, true)
            if one["layer"] != "published":
                at = (one["layer"], one["age_group"], one["basis"], one["period_end"])
                shared.setdefault(at, set()).add(members)
        for (layer, who, *place), unknown in list(attacker.names.items()):
            if who in within and (layer, "eet", *place) in attacker.names:
                attacker.see({attacker.names[layer, "eet", *place]: 1, unknown: -1}, 0, np.inf)
        both = next((sorted(members) for members in shared.values() if len(members) > 1), [])
        for layer, *place in {(layer, *place) for layer, _, *place in attacker.names} if same_people and both else ():
            terms = [[attacker.names.get((layer, who, *place)) for who in members] for members in both]
            if None not in (*terms[0], *terms[1]):
                attacker.see(dict.fromkeys(terms[0], 1) | dict.fromkeys(terms[1], -1), 0, 0)
        return attacker

    mine = seen.to_dict("records")
    theirs = published.assign(layer="published").to_dict("records")
    nothing = seen.assign(numerator=np.nan, denominator=np.nan).to_dict("records")
    everything, without_local = looking_at([*mine, *theirs]), looking_at([*nothing, *theirs])
    out = []
    for one in [*mine, *theirs]:
        for column, who in (("numerator", (one["indicator"],)), ("denominator", counted_among(one["indicator"]))):
            true = truth_of(one, who, truth[one["layer"]])
            terms = [attacker.sum_of(one, who, name[one["layer"]]) for attacker in (everything, without_local)]
            found = pd.isna(one[column]) and not everything.can_be_another(terms[0], true)
            if found and without_local.can_be_another(terms[1], true):
                out.append(f"{column} of {one['indicator']} {one['age_group']} {one['basis']} {one['period_end']}")
    return out


def figure_of(one: str, group: str, basis: str, quarter: int, layer: str, counts: Counts) -> dict:
    made = row(one, None, None, quarter, basis=basis, age_group=group, layer=layer)
    n, d = truth_of(made, (one,), counts), truth_of(made, counted_among(one), counts)
    return row(one, n, d, quarter, basis=basis, age_group=group, layer=layer)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, Counts], dict[str, Any]]:
    """What a council uploads, what the department publishes, the truth by layer, and what else is known."""
    family, single = draw(st.sampled_from([(PAIR, SINGLE), (ACTIVITY, SINGLE), (ACTIVITY, "higher_education")]))
    places = list(product((0, 1), QUARTERS))
    several = {"min_size": len(places), "max_size": len(places)}
    small = st.lists(st.integers(0, draw(st.sampled_from([2, 7, 15]))), **several)
    everyone = (*family, single, f"not {single}")
    counts = {(who, *place): n for who in everyone for place, n in zip(places, draw(small), strict=True)}
    within = {"higher_education"} & {single}
    if within:
        counts |= {(single, *place): min(counts[single, *place], counts["eet", *place]) for place in places}
    same_people = draw(st.booleans())
    if same_people:
        for place in places:
            whole = sum(counts[who, *place] for who in family)
            counts[single, *place] = min(counts[single, *place], whole)
            counts[f"not {single}", *place] = whole - counts[single, *place]
    truth = {"provisional": counts, "final": counts, "published": counts}
    if draw(st.booleans()) and not same_people and not within:
        later = {place: max(0, n + draw(st.sampled_from([0, 0, 0, 1, -1, 9]))) for place, n in counts.items()}
        truth |= {"final": later, "published": later}
    wanted = draw(st.lists(st.sampled_from(FIGURES), min_size=1, max_size=4, unique=True))
    groups = draw(st.sampled_from([["19-21"], ["17-18", "17-21"], list(AGES)]))
    members = draw(st.sampled_from([family, (*family[:1], single), (*family, single), (single,)]))
    layers = draw(st.sampled_from([("provisional",), ("provisional",), ("provisional", "final")]))
    alone = draw(st.one_of(st.none(), st.lists(st.sampled_from(FIGURES), min_size=1, max_size=4, unique=True)))
    left_out = draw(st.sets(st.integers(0, 30), max_size=2))
    rows = [
        figure_of(one, group, *which, layer, truth[layer])
        for layer, group, one in product(layers, groups, members)
        for which in (alone if one == single and alone else wanted)
    ]
    suppressed = draw(st.one_of(st.none(), st.sets(st.integers(0, 11))))
    published = []
    if suppressed is not None:
        published = [
            figure_of(one, group, "full_year", 4, "published", truth["published"])
            for group, one in product(groups, members)
        ]
        for at in suppressed & set(range(len(published))):
            published[at] |= {"numerator": None, "value": None, "status": "c"}
    rows = [one for at, one in enumerate(rows) if at not in left_out]
    return frame(rows), official(published), truth, {"same_people": same_people, "within": tuple(within)}


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_nobody_works_out_what_is_hidden(world) -> None:
    rows, published, truth, known = world
    seen = protect(rows, published, FAMILIES, units=UNITS, parts={"eet": known["within"]})
    assert attack(seen, published, truth, **known) == []
    small = rows["numerator"].between(1, 5) | rows["denominator"].between(1, 5)
    assert seen.loc[small, "hidden"].all()
    assert seen.loc[seen["hidden"], ["numerator", "value", "published_value"]].isna().all(axis=None)
    plain = seen.loc[~seen["hidden"], list(FIGURE_COLUMNS)].drop(columns="note")
    assert plain.equals(rows.loc[~seen["hidden"]].drop(columns="note"))
    if not small.any() and not (published["status"] == "c").any():
        assert not seen["hidden"].any()


def test_the_attacker_is_able() -> None:
    """Hiding nothing but small counts would be noticed."""
    counts = dict.fromkeys(product(PAIR, (0, 1), QUARTERS), 10)
    counts["not_in_touch", 1, 1] = 3
    rows = frame([row("in_touch", 10, 13), row("not_in_touch", 3, 13)])
    naive = rows.assign(numerator=rows["numerator"].where(rows["numerator"] > 5))
    truth = {"provisional": counts, "published": counts}
    assert attack(naive, official(), truth) == ["numerator of not_in_touch 19-21 quarter 2025-06-30"]
    assert attack(protect(rows, official(), FAMILIES, units=UNITS), official(), truth) == []
