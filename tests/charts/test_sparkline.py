import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import shared_scales, sparkline_svg

YEARS = [2021, 2022, 2023, 2024, 2025]


def test_missing_years_are_gaps():
    svg = sparkline_svg(YEARS, [40, 42, None, 44, 46])
    assert svg.count("<polyline") == 2
    whole = sparkline_svg(YEARS, [40, 42, 43, 44, 46])
    assert whole.count("<polyline") == 1
    # A year that is not in the list at all is a gap as well.
    assert sparkline_svg([2021, 2022, 2024, 2025], [40, 42, 44, 46]).count("<polyline") == 2


def test_the_dot_is_at_the_last_known_year():
    def dot(svg):
        return float(re.findall(r'cx="([\d.]+)" cy="[\d.]+" r="3"', svg)[0])

    assert dot(sparkline_svg(YEARS, [40, 42, 43, 44, 46])) == 92
    assert dot(sparkline_svg(YEARS, [40, 42, 43, 44, None])) < 92


def test_higher_is_drawn_higher():
    points = re.search(r'points="([^"]+)"', sparkline_svg([2024, 2025], [40, 46]))
    assert points is not None
    first, last = (float(pair.split(",")[1]) for pair in points[1].split())
    assert last < first


def test_a_movement_too_small_to_be_shown_in_the_table_is_drawn_nearly_flat():
    points = re.search(r'points="([^"]+)"', sparkline_svg([2024, 2025], [40.0, 40.4], decimals=0))
    assert points is not None
    first, last = (float(pair.split(",")[1]) for pair in points[1].split())
    assert abs(first - last) < 1


@pytest.mark.parametrize("values", [[], [None], [float("nan")]])
def test_nothing_known_draws_nothing(values):
    svg = sparkline_svg(YEARS[: len(values)], values)
    assert list(ElementTree.fromstring(svg)) == []


def test_pictures_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in sparkline_svg(YEARS, [1, 2, 3, 4, 5])


maybe = st.one_of(st.none(), st.floats(), st.floats(0, 100))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(values=st.lists(maybe, max_size=9), decimals=st.integers(0, 2))
def test_always_well_formed_and_within_the_picture(values, decimals):
    svg = sparkline_svg(list(range(2018, 2018 + len(values))), values, decimals=decimals)
    ElementTree.fromstring(svg)
    for x in re.findall(r'cx="(-?[\d.]+)"', svg):
        assert 0 <= float(x) <= 96
    for y in re.findall(r'cy="(-?[\d.]+)"', svg):
        assert 0 <= float(y) <= 24


def test_lines_of_one_family_are_drawn_on_one_scale():
    rows = [
        {"family": "activity", "unit": "percent", "values": [20.0, 60.0]},
        {"family": "activity", "unit": "percent", "values": [40.0, None]},
        {"family": "workforce", "unit": "ratio", "values": [14.0, 16.0]},
        {"family": "empty", "unit": "percent", "values": [None]},
    ]
    scales = shared_scales(rows)
    assert scales == {("activity", "percent"): (20.0, 60.0), ("workforce", "ratio"): (14.0, 16.0)}

    def drop(values):
        points = re.search(r'points="([^"]+)"', sparkline_svg([2024, 2025], values, scale=(20.0, 60.0)))
        first, last = (float(pair.split(",")[1]) for pair in points[1].split())
        return first - last

    # Twice the rise is drawn twice as high, in any line.
    assert drop([20, 60]) == pytest.approx(2 * drop([20, 40]), abs=0.2)
    assert drop([30, 50]) == pytest.approx(drop([20, 40]), abs=0.2)
