import itertools

from hypothesis import given
from hypothesis import strategies as st

from careleavers.charts.swarms import dense_swarm, swarm


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


@given(st.lists(st.floats(0, 500), max_size=80))
def test_a_dense_swarm_stays_in_its_row(xs):
    offsets = dense_swarm(sorted(xs), size=7, most=25)
    assert len(offsets) == len(xs)
    assert all(abs(offset) <= 25 for offset in offsets)
