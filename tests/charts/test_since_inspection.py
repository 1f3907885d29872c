import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.since_inspection import since_inspection
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, trace
from tests.charts.samples import FOOTER, LONG_NAME, WIDTHS


def timed(name, months, **changes):
    return {
        "authority_code": f"E-{name}",
        "authority_name": name,
        "months": months,
        "since_text": f"{months} months",
        "date_text": "1 January 2024",
        "is_chosen": False,
        "is_neighbour": False,
    } | changes


def since_frame():
    rows = [timed(f"Town {n}", n % 40) for n in range(60)]
    rows += [timed(LONG_NAME, 41, is_chosen=True), timed("Leicester", 12, is_neighbour=True), timed("Never", None)]
    return pd.DataFrame(rows)


def since(frame=None, **changes):
    arguments = {
        "as_at_text": "31 March 2025",
        "median_months": 18,
        "median_text": "Median 1 year 6 months",
        "headline": "Leeds: last full inspection 3 years 1 month before 31 March 2025",
        "subtitle": "Time since the last full inspection",
        "footer": FOOTER,
        "filename": "since",
    } | changes
    return since_inspection(since_frame() if frame is None else frame, **arguments)


@pytest.mark.parametrize("width", WIDTHS)
def test_each_inspected_authority_is_one_dot_and_no_dot_lies_on_another(width):
    fig = since(width=width).figure
    places = [(x, y) for found in fig.data if found.mode == "markers" for x, y in zip(found.x, found.y, strict=True)]
    assert len(places) == 62
    assert len(set(places)) == 62


@pytest.mark.parametrize("width", WIDTHS)
def test_columns_of_dots_are_wider_than_dots(width):
    fig = since(width=width).figure
    xs = sorted({x for found in fig.data if found.mode == "markers" for x in found.x})
    room = template.text_room(width) - 8
    assert min(b - a for a, b in itertools.pairwise(xs)) / fig.layout.xaxis.range[1] * room >= 9


def test_never_inspected_is_said_and_not_drawn_as_nought():
    result = since()
    assert "1 not drawn: no full inspection since 2018" in note(result.figure, "key")[0]
    assert "Never" not in str([found.hovertext for found in result.figure.data])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("months", [0, 12, 20, 30, 41])
def test_the_chosen_label_is_inside_and_above_the_dots_it_covers(width, months):
    frame = since_frame()
    frame.loc[frame["is_chosen"], "months"] = months
    fig = since(frame, width=width).figure
    label = next(found for found in fig.layout.annotations if found.name == "chosen")
    end, room = fig.layout.xaxis.range[1], template.text_room(width) - 8
    across = max(text_width(line, TEXT_SIZE, bold=True) for line in label.text[3:-4].split("<br>")) * end / room
    left = {"left": label.x, "center": label.x - across / 2, "right": label.x - across}[label.xanchor]
    # Half a column of slack: the margins of the plotting area take it.
    assert left >= -end * 0.05
    assert left + across <= end * 1.05
    # The line of the median does not run through it.
    middle = trace(fig, "median").x[0]
    assert not left < middle < left + across
    under = [
        y
        for found in fig.data
        if found.mode == "markers"
        for x, y in zip(found.x, found.y, strict=True)
        if left <= x <= left + across
    ]
    assert label.y > max(under)
    assert label.y < fig.layout.yaxis.range[1]


def test_neighbours_differ_by_mark_and_not_by_colour_alone():
    fig = since().figure
    assert trace(fig, "neighbours").marker.symbol == "diamond"
    assert trace(fig, "others").marker.symbol == "circle"


def test_the_median_stands_at_its_month():
    assert list(trace(since().figure, "median").x) == [18, 18]
    assert trace(since(median_months=None).figure, "median") is None


@pytest.mark.parametrize("frame", [since_frame().head(0), since_frame().tail(1)])
def test_nothing_to_time_is_a_sentence(frame):
    result = since(frame)
    assert "No authority has had a full inspection" in note(result.figure, "sentence")[0]
    assert FOOTER.source in note(result.figure, "footer")[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.text(max_size=40), st.none() | st.integers(0, 200), st.booleans()), max_size=12),
    st.sampled_from(WIDTHS),
)
def test_odd_frames_are_drawn(rows, width):
    frame = pd.DataFrame(
        [timed(name, months, is_neighbour=near) for name, months, near in rows], columns=list(timed("", 0))
    )
    assert since(frame, width=width).height > 0
