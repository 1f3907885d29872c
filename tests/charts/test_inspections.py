import itertools
import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careleavers.charts import template as t
from careleavers.charts.inspections import _beeswarm, by_judgement, fitted_axis, since_inspection
from careleavers.charts.text import text_width
from tests.charts.reading import font_sizes, note, trace
from tests.charts.samples import FOOTER, LONG_NAME

WIDTHS = ["wide", "narrow"]
GRADES = ["Outstanding", "Good", "Requires improvement to be good", "Inadequate", "Not judged separately then"]


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
    room = t.text_room(width) - 8
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
    end, room = fig.layout.xaxis.range[1], t.text_room(width) - 8
    across = max(text_width(line, 12, bold=True) for line in label.text[3:-4].split("<br>")) * end / room
    left = {"left": label.x, "center": label.x - across / 2, "right": label.x - across}[label.xanchor]
    # Half a column of slack: the margins beside the plotting area take it.
    assert left >= -end * 0.05
    assert left + across <= end * 1.05
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


def held(name, grade, value, **changes):
    return {
        "authority_code": f"E-{name}",
        "authority_name": name,
        "judgement": grade,
        "value": value,
        "value_text": "c" if value is None else f"{value:.0f}%",
        "count_text": "",
        "is_chosen": False,
    } | changes


def outcome_frame():
    rows = [held(f"Town {n}", GRADES[n % 5], 40 + n % 23) for n in range(60)]
    rows += [held(LONG_NAME, "Good", 46.0, is_chosen=True), held("Isles of Scilly", "Inadequate", None)]
    return pd.DataFrame(rows)


def group_frame(names=GRADES, **changes):
    return pd.DataFrame(
        [
            {
                "judgement": name,
                "label": name,
                "count_text": "12 authorities",
                "median_text": "median 50%",
                "group_q25": 45.0,
                "group_median": 50.0,
                "group_q75": 55.0,
            }
            | changes
            for name in names
        ]
    )


def outcomes(frame=None, groups=None, **changes):
    arguments = {
        "indicator_title": "In education, employment or training",
        "unit": "per cent",
        "england": 54.0,
        "england_text": "England 54%",
        "polarity_words": "higher is better",
        "headline": "Median 60% where judged outstanding",
        "subtitle": "Year to 31 March 2025",
        "footer": FOOTER,
        "filename": "by judgement",
    } | changes
    return by_judgement(
        outcome_frame() if frame is None else frame, group_frame() if groups is None else groups, **arguments
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_every_figure_is_one_dot_in_the_row_of_its_judgement(width):
    fig = outcomes(width=width).figure
    boxes = [shape for shape in fig.layout.shapes if shape.name == "middle half"]
    assert len(boxes) == 5
    dots = trace(fig, "authorities")
    assert len(dots.x) == 60
    for y, hover in zip(dots.y, dots.hovertext, strict=True):
        row = next(i for i, box in enumerate(boxes) if box.y0 <= y <= box.y1)
        assert GRADES[row] in hover


def test_suppressed_is_not_drawn():
    fig = outcomes().figure
    assert "Isles of Scilly" not in str([found.hovertext for found in fig.data])


def test_a_group_too_small_has_dots_and_neither_box_nor_median():
    groups = group_frame(["Good"], group_q25=None, group_q75=None, group_median=None)
    fig = outcomes(outcome_frame().query("judgement == 'Good'"), groups).figure
    assert not [shape for shape in fig.layout.shapes if shape.name == "middle half"]
    assert len(trace(fig, "medians").x) == 0
    assert len(trace(fig, "authorities").x) == 12


@pytest.mark.parametrize("width", WIDTHS)
def test_judgements_share_one_colour(width):
    fig = outcomes(width=width).figure
    colours = {found.marker.color for found in fig.data if found.mode == "markers"}
    assert colours == {t.GREY_BLUE, t.DARK_BLUE}
    assert {shape.fillcolor for shape in fig.layout.shapes if shape.name == "middle half"} == {t.RANGE_GREY}


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_do_not_overlap_and_labels_fit(width):
    fig = outcomes(width=width).figure
    boxes = [shape for shape in fig.layout.shapes if shape.name == "middle half"]
    assert all(above.y1 < below.y0 for above, below in itertools.pairwise(boxes))
    room = fig.layout.margin.l if width == "wide" else t.FITS[width] - fig.layout.margin.l
    for text in trace(fig, "labels").text:
        for line in text.replace("<b>", "").replace("</b>", "").split("<br>"):
            assert text_width(line, 12, bold=True) <= room + 8


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("value", [35.0, 46.0, 55.0, 62.0])
def test_the_chosen_name_is_inside_and_above_its_dots(width, value):
    frame = outcome_frame()
    frame.loc[frame["is_chosen"], ["value", "value_text"]] = [value, f"{value:.0f}%"]
    fig = outcomes(frame, width=width).figure
    label = next(found for found in fig.layout.annotations if found.name == "chosen")
    room = t.FITS[width] - fig.layout.margin.l - fig.layout.margin.r
    start, end = fig.layout.xaxis.range
    left = (value - start) / (end - start) * room + label.xshift
    across = max(text_width(line, 12, bold=True) for line in label.text[3:-4].split("<br>"))
    assert left >= -1
    assert left + across <= room + 1
    row = next(
        box for box in fig.layout.shapes if box.name == "middle half" and box.y0 < trace(fig, "chosen").y[0] < box.y1
    )
    assert label.y <= row.y0 + 4


def test_axis_says_when_it_does_not_start_at_nought():
    near = outcome_frame().assign(value=lambda f: f["value"] + 35)
    text = note(outcomes(near, england=None).figure, "axis title")[0]
    assert "the axis starts at" in text
    low = outcome_frame().assign(value=lambda f: f["value"] - 40)
    assert "starts at" not in note(outcomes(low, england=5.0).figure, "axis title")[0]


def test_the_alternative_text_gives_every_group():
    alt = outcomes().alt
    for grade in GRADES:
        assert grade in alt
    assert LONG_NAME in alt


def test_no_figure_at_all_is_a_sentence():
    frame = outcome_frame().assign(value=None)
    assert "No authority has a figure" in note(outcomes(frame).figure, "sentence")[0]


@pytest.mark.parametrize("width", WIDTHS)
def test_text_is_at_least_12(width):
    for result in (since(width=width), outcomes(width=width)):
        assert min(font_sizes(result.figure)) >= 12


@given(st.lists(st.floats(0, 500), max_size=80))
def test_a_swarm_stays_in_its_row(xs):
    offsets = _beeswarm(sorted(xs), 7, 25)
    assert len(offsets) == len(xs)
    assert all(abs(offset) <= 25 for offset in offsets)


@example([100.0], True)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.booleans())
def test_an_axis_holds_its_values(values, percent):
    start, end, ticks = fitted_axis(values, percent=percent)
    assert start < end
    assert start <= min(values) + 1e-6 * max(1, max(values))
    assert end >= max(values) - 1e-6 * max(1, max(values))
    assert ticks
    assert all(math.isfinite(tick) for tick in ticks)


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
    outcome = pd.DataFrame(
        [held(name, GRADES[0], value, is_chosen=near) for name, value, near in rows], columns=list(held("", "", 0))
    )
    assert outcomes(outcome, group_frame(GRADES[:1]), width=width).height > 0
