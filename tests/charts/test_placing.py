import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts.placing import Name, apart, fit_axis, nice_step, place_names, swarm


def test_a_lone_name_stands_right_of_its_dot():
    (place,) = place_names([(100, 100)], [Name(0, ("Leeds",))], width=400, height=300)
    assert place.dx > 0
    assert abs(place.dy) < 1
    assert not place.line


def test_at_the_right_edge_it_turns_to_the_left():
    (place,) = place_names([(395, 100)], [Name(0, ("Leeds",))], width=400, height=300)
    assert place.dx < 0


def test_an_optional_name_without_room_is_left_out():
    name = Name(0, ("A name that is much too long for so small a place",), optional=True)
    assert place_names([(20, 20)], [name], width=60, height=40) == [None]


def test_a_name_that_must_stand_always_does():
    name = Name(0, ("A name that is much too long for so small a place",))
    assert place_names([(20, 20)], [name], width=60, height=40)[0] is not None


def box(dot, name, place):
    w, h = name.size
    x, y = dot[0] + place.dx, dot[1] + place.dy
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


@settings(max_examples=40, deadline=None)
@given(dots=st.lists(st.tuples(st.floats(0, 560), st.floats(0, 440)), min_size=1, max_size=12))
def test_names_never_overlap_where_there_is_room(dots):
    names = [Name(k, ("Kensington",)) for k in range(len(dots))]
    places = place_names(dots, names, width=560, height=440)
    boxes = [box(dots[n.dot], n, p) for n, p in zip(names, places, strict=True)]
    for a, b in itertools.combinations(boxes, 2):
        assert not (a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1])


def test_swarm_keeps_dots_apart_and_is_deterministic():
    xs = [10, 10, 10, 12, 40]
    ys = swarm(xs, size=9, most=27)
    assert ys == swarm(xs, size=9, most=27)
    assert ys[4] == 0
    for (x1, y1), (x2, y2) in itertools.combinations(zip(xs, ys, strict=True), 2):
        assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 >= 9 - 1e-9


@given(xs=st.lists(st.floats(0, 500), max_size=60))
def test_swarm_stays_in_its_row(xs):
    assert all(abs(y) <= 27 for y in swarm(xs, size=9, most=27))


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
def test_axis_holds_the_figures_and_percentages_end_at_100(values, percent, expected):
    start, end, ticks = fit_axis(values, percent=percent)
    assert (start, end) == pytest.approx(expected)
    assert all(start <= tick <= end for tick in ticks)
    assert len(ticks) >= 2


@given(values=st.lists(st.floats(-1e6, 1e6), max_size=20), percent=st.booleans())
def test_axis_always_holds_every_figure(values, percent):
    start, end, ticks = fit_axis(values, percent=percent)
    assert start < end
    assert len(ticks) < 30
    for value in values:
        assert start - 1e-6 * (end - start) <= value <= end + 1e-6 * (end - start)


@given(wanted=st.lists(st.floats(0, 440), max_size=6))
def test_apart_keeps_order_distance_and_bounds(wanted):
    found = apart(wanted, 15, 0, 440)
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    for a, b in itertools.pairwise(order):
        assert found[b] - found[a] >= 15 - 1e-6
    assert all(-1e-6 <= y <= 440 + 1e-6 for y in found)


def test_steps_are_round():
    assert [nice_step(span) for span in (1, 7, 40, 55, 1200)] == [0.2, 2, 10, 20, 500]
