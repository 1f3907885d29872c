import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.by_judgement import by_judgement
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, trace
from tests.charts.samples import FOOTER, LONG_NAME, WIDTHS

GRADES = ["Outstanding", "Good", "Requires improvement to be good", "Inadequate", "Not judged separately then"]


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
def test_judgements_share_the_colours_of_roles(width):
    frame = outcome_frame()
    frame["is_neighbour"] = frame.index % 9 == 0
    fig = outcomes(frame, width=width).figure
    colours = {found.name: found.marker.color for found in fig.data if found.mode == "markers"}
    assert colours == {
        "authorities": template.OTHER_GREY, "neighbours": template.TURQUOISE, "chosen": template.DARK_BLUE,
    }  # fmt: skip
    assert {shape.fillcolor for shape in fig.layout.shapes if shape.name == "middle half"} == {template.RANGE_GREY}


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_do_not_overlap_and_labels_fit(width):
    fig = outcomes(width=width).figure
    boxes = [shape for shape in fig.layout.shapes if shape.name == "middle half"]
    assert all(above.y1 < below.y0 for above, below in itertools.pairwise(boxes))
    room = fig.layout.margin.l if width == "wide" else template.FITS[width] - fig.layout.margin.l
    for text in trace(fig, "labels").text:
        for line in text.replace("<b>", "").replace("</b>", "").split("<br>"):
            assert text_width(line, TEXT_SIZE, bold=True) <= room + 8


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("value", [35.0, 46.0, 55.0, 62.0])
def test_the_chosen_name_is_inside_and_above_its_dots(width, value):
    frame = outcome_frame()
    frame.loc[frame["is_chosen"], ["value", "value_text"]] = [value, f"{value:.0f}%"]
    fig = outcomes(frame, width=width).figure
    label = next(found for found in fig.layout.annotations if found.name == "chosen")
    room = template.FITS[width] - fig.layout.margin.l - fig.layout.margin.r
    start, end = fig.layout.xaxis.range
    left = (value - start) / (end - start) * room + label.xshift
    across = max(text_width(line, TEXT_SIZE, bold=True) for line in label.text[3:-4].split("<br>"))
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


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.text(max_size=40), st.none() | st.integers(0, 200), st.booleans()), max_size=12),
    st.sampled_from(WIDTHS),
)
def test_odd_frames_are_drawn(rows, width):
    frame = pd.DataFrame(
        [held(name, GRADES[0], value, is_chosen=near) for name, value, near in rows], columns=list(held("", "", 0))
    )
    assert outcomes(frame, group_frame(GRADES[:1]), width=width).height > 0
