import datetime as dt
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from careleavers.charts.axes import (
    axis_for_lines,
    axis_from_zero,
    axis_from_zero_if_near,
    axis_to_fit,
    nice_step,
    scale_words,
    year_ticks,
)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([88.0], True, (0, 100)),
        ([31.0], True, (0, 40)),
        ([99.9], True, (0, 100)),
        ([15.2], False, (0, 20)),
        ([0.0], True, (0, 100)),
        ([], False, (0, 1)),
        ([-3.0, 4.0], False, (-4, 4)),
    ],
)
def test_an_axis_from_zero_holds_it_and_every_value(values, percent, expected):
    start, end, ticks = axis_from_zero(values, percent=percent)
    assert (start, end) == expected
    assert 0 in ticks


def test_a_span_too_small_for_arithmetic_is_none():
    assert axis_from_zero([5e-324], percent=True) == (0.0, 100.0, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0])


@example([100.0], True)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.booleans())
def test_an_axis_from_zero_if_near_holds_its_values(values, percent):
    start, end, ticks = axis_from_zero_if_near(values, percent=percent)
    assert start < end
    assert start <= min(values) + 1e-6 * max(1, max(values))
    assert end >= max(values) - 1e-6 * max(1, max(values))
    assert ticks
    assert all(math.isfinite(tick) for tick in ticks)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([41, 78], True, (40, 80)),
        ([97.0, 99.5], True, (97, 99.5)),
        ([0, 0], True, (0, 1)),
        ([100], True, (90, 100)),
        ([], False, (0, 1)),
    ],
)
def test_an_axis_to_fit_holds_the_figures_and_percentages_end_at_100(values, percent, expected):
    start, end, ticks = axis_to_fit(values, percent=percent)
    assert (start, end) == pytest.approx(expected)
    assert all(start <= tick <= end for tick in ticks)
    assert len(ticks) >= 2


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=20), percent=st.booleans())
def test_an_axis_to_fit_always_holds_every_figure(values, percent):
    start, end, ticks = axis_to_fit(values, percent=percent)
    assert start < end
    assert len(ticks) < 30
    for value in values:
        assert start - 1e-6 * (end - start) <= value <= end + 1e-6 * (end - start)


def test_steps_are_round():
    assert [nice_step(span) for span in (1, 7, 40, 55, 1200)] == [0.2, 2, 10, 20, 500]


def test_an_axis_for_lines_does_not_make_a_wobble_a_change():
    start, end, _ = axis_for_lines([50.1, 50.4], percent=True, from_zero=False, decimals=0)
    assert end - start >= 10
    assert axis_for_lines([99.5, 99.9], percent=True, from_zero=False)[1] == 100
    assert axis_for_lines([0.1, 0.2], percent=True, from_zero=False)[0] == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.booleans(), st.integers(0, 1))
def test_an_axis_for_lines_holds_every_value(values, from_zero, decimals):
    start, end, ticks = axis_for_lines(values, percent=True, from_zero=from_zero, decimals=decimals)
    assert start <= min(values) + 1e-6
    assert end >= max(values) - 1e-6
    assert 0 <= start < end <= 100
    assert len(ticks) >= 2


def test_year_labels_leave_room_and_keep_the_newest():
    days = [dt.date(year, 3, 31) for year in range(2018, 2026)]
    assert year_ticks(days, 400, 8 * 365) == days
    few = year_ticks(days, 150, 8 * 365)
    assert few[-1] == days[-1]
    assert len(few) < len(days)


def test_a_scale_that_leaves_zero_out_says_so():
    assert scale_words(0, 60, "per cent") == "Scale from 0%"
    assert scale_words(1200, 1400, "") == "Scale from 1,200 to 1,400, not from zero"
