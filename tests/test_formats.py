"""How figures, ranks and periods are written."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.views.watch_list.words import points
from careleavers.wording import formats as f
from careleavers.wording.changes import change_text
from careleavers.wording.status import STATUSES, status

NOTHING = [None, np.nan, pd.NA, pd.NaT]


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_is_missing_is_never_printed(nothing) -> None:
    assert f.missing(nothing)
    assert f.value_text(nothing, "percent", 0, "c") == "[c]"
    assert f.value_text(nothing, "percent", 0) == "[–]"
    assert f.count_text(nothing, nothing) == f.rank_text(nothing, nothing, nothing) == ""
    assert f.interval_text(nothing, 50.0, "percent", 0) == ""
    assert change_text(nothing, "better", "percent", 0) == ""


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(45.5, 0, "46"), (44.5, 0, "45"), (0.5, 0, "1"), (62.49999999999, 0, "63"), (62.4999, 0, "62"), (15.25, 1, "15.3"),
     (15.0, 1, "15.0"), (38440, 0, "38,440"), (-2.5, 0, "−3"), (-0.4, 0, "0"), (100.0, 0, "100")],
)  # fmt: skip
def test_halves_round_up_as_the_department_rounds(value, decimals, expected) -> None:
    assert f.rounded(value, decimals) == expected


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5000).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))))
def test_an_exact_share_rounds_as_a_fraction_would(pair) -> None:
    n, d = pair
    exact = (Decimal(100 * n) / Decimal(d)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert f.rounded(100 * n / d, 0) == str(exact)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "code", "expected"),
    [
        (45.5, "percent", 0, "ok", "46%"), (15.2, "ratio", 1, "ok", "15.2"), (67.0, "per_10000", 0, "ok", "67"),
        (38440.0, "count", 0, "ok", "38,440"), (0.0, "percent", 0, "ok", "0%"), (0.3, "percent", 0, "ok", "under 1%"),
        (0.3, "percent", 0, "k", "under 1%"), (0.5, "percent", 0, "ok", "1%"), (0.04, "percent", 1, "ok", "under 0.1%"),
        (3250.4, "pounds", 0, "ok", "£3,250"), (-1200.0, "pounds", 0, "ok", "−£1,200"), (0.2, "pounds", 0, "ok", "under £1"),
        (0.0, "pounds", 0, "ok", "£0"), (None, "pounds", 0, "z", "[z]"), (None, "percent", 0, "u", "[u]"), (None, "percent", 0, "z", "[z]"),
    ],
)  # fmt: skip
def test_values(value, unit, decimals, code, expected) -> None:
    assert f.value_text(value, unit, decimals, code) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((273.0, 600.0), "273 of 600"), ((None, 25.0), "of 25"), ((20760.0, 38440.0), "20,760 of 38,440"),
     ((12.5, 100.0), "12.5 of 100"), ((5.0, None), ""), ((31.0, None, "count"), ""),
     ((945000.0, 210.0, "pounds"), "£945,000 ÷ 210"), ((945000.0, None, "pounds"), "")],
)  # fmt: skip
def test_counts(arguments, expected) -> None:
    assert f.count_text(*arguments) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th"), (121, "121st"), (135, "135th"), (152, "152nd")],
)  # fmt: skip
def test_ordinals(number, expected) -> None:
    assert f.ordinal(number) == expected


def test_ranks_always_say_of_how_many() -> None:
    assert f.rank_text(135, False, 152) == "135th of 152"
    assert f.rank_text(7, True, 152) == "7th= of 152"
    assert f.rank_text(np.float64(1), pd.NA, np.int64(152)) == "1st of 152"


@pytest.mark.parametrize("day", ["2025-03-31", dt.date(2025, 3, 31), pd.Timestamp("2025-03-31")])
def test_days(day) -> None:
    assert f.day_text(day) == "31 March 2025"
    assert f.period_label(day) == "March 2025"


def test_periods_say_whether_they_are_a_year_or_a_day() -> None:
    assert f.period_text("2025-03-31", "full_year") == "year to 31 March 2025"
    assert f.period_text("2025-09-30", "snapshot") == "on 30 September 2025"
    with pytest.raises(TypeError):
        f.day_text(2025)


def test_ages() -> None:
    assert f.with_age("In touch", "19-21") == "In touch, aged 19 to 21"
    assert f.with_age("Cases per social worker", "all") == "Cases per social worker"
    assert (f.age_label("all"), f.age_label("22"), f.age_label("17-18")) == ("All", "22", "17 to 18")


def test_lists_intervals_and_file_names() -> None:
    assert [f.join_words(x) for x in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == ["", "A", "A and B", "A, B and C"]
    assert f.interval_text(41.6, 49.4, "percent", 0) == "42% to 49%"
    assert f.file_name("Kingston & Richmond", "EET (19–21)", "../etc") == "kingston-and-richmond-eet-19-21-etc"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=10), max_size=4))
def test_file_names_are_safe_anywhere(parts) -> None:
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in f.file_name(*parts))
    assert not f.file_name(*parts).startswith("-")


def test_every_status_has_a_mark_and_a_reason() -> None:
    assert set(STATUSES) == {"ok", "c", "x", "z", "k", "low", "u", "few", "incomplete", "missing"}
    others = [s for s in STATUSES.values() if s.code != "ok"]
    assert len({s.mark for s in others}) == len({s.reason for s in others}) == 9
    assert all(s.mark and s.short and s.reason.endswith(".") for s in others)
    with pytest.raises(KeyError):
        status("?")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (9999.0, "£9,999"), (17_611_584.0, "£17.6m"), (240_400.0, "£240k"), (999_499.0, "£999k"), (999_500.0, "£1.0m"),
        (-1_250_000.0, "−£1.3m"), (None, "[–]"),
    ],
)  # fmt: skip
def test_where_there_is_little_room_large_sums_are_short(value, expected) -> None:
    assert f.short_text(value, "pounds", 0) == expected
    assert f.short_text(1_250_000.0, "count", 0) == "1,250,000"


def test_axes_and_columns_of_pounds_name_them() -> None:
    assert (f.axis_unit("pounds"), f.column_unit("pounds"), f.figure_column("pounds")) == ("£", " (£)", "Figure (£)")
    assert (f.axis_unit("ratio"), f.column_unit("count")) == ("", "")


def test_a_column_is_rounded_as_its_sentences_are() -> None:
    shown = f.rounded_column(pd.Series([2.25, 17.25, 0.05, None, -0.25]), 1)
    assert shown.iloc[[0, 1, 2, 4]].to_list() == [2.3, 17.3, 0.1, -0.3]
    assert pd.isna(shown.iloc[3])


def test_a_count_with_a_half_rounds_up_too() -> None:
    """As columns of tables do: 305.25 full-time equivalents are 305.3."""
    assert [f.plain_number(number) for number in (1498.0, 305.25, 298.4)] == ["1,498", "305.3", "298.4"]
    assert (points(2.25, "percent"), points(0.015, "percent"), points(1.0, "percent")) == (
        "2.3 points",
        "0.02 points",
        "1 point",
    )
