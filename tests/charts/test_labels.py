import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts.labels import Name, pack, place_names, spaced_positions, spread_out


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


@given(wanted=st.lists(st.floats(0, 440), max_size=6))
def test_apart_keeps_order_distance_and_bounds(wanted):
    found = spaced_positions(wanted, 15, 0, 440)
    order = sorted(range(len(wanted)), key=lambda k: (wanted[k], k))
    for a, b in itertools.pairwise(order):
        assert found[b] - found[a] >= 15 - 1e-6
    assert all(-1e-6 <= y <= 440 + 1e-6 for y in found)


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 200)), max_size=12))
def test_packed_texts_do_not_overlap(spans):
    placed = [(left, left + wide) for left, wide in spans]
    numbers = pack(placed)
    for i, (left, right) in enumerate(placed):
        for j in range(i):
            if numbers[i] == numbers[j]:
                assert right < placed[j][0] or placed[j][1] < left


heights = st.lists(st.floats(10, 48), min_size=1, max_size=4)


@given(data=st.data(), tall=heights)
def test_labels_are_moved_apart_and_stay_inside(data, tall):
    wanted = data.draw(st.lists(st.floats(0, 200), min_size=len(tall), max_size=len(tall)))
    placed = spread_out(wanted, tall, 0, 200)
    spans = [(centre - high / 2, centre + high / 2) for centre, high in zip(placed, tall, strict=True)]
    assert min(low for low, _ in spans) >= -1e-6 and max(high for _, high in spans) <= 200 + 1e-6
    for a, b in itertools.combinations(spans, 2):
        assert a[1] <= b[0] + 1e-6 or b[1] <= a[0] + 1e-6


def test_labels_with_room_stay_where_they_belong():
    assert spread_out([150, 20, 80], [16, 16, 16], 0, 200) == [150, 20, 80]


def test_labels_without_room_overlap_nothing_but_leave_the_top():
    assert spread_out([10, 20, 30], [40, 40, 40], 0, 100) == [0, 40, 80]
