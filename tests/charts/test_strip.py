import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.strip import strip
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, plain, trace
from tests.charts.samples import ANY_FIGURE, FOOTER, LONG_NAME, SUBTITLE, WIDTHS

HEAD = "Regional medians run from 47% in the North East to 58% in the South West; Leeds has 46%"


def row(name, group, value, role="other", q=(45.0, 50.0, 55.0), **changes):
    return {
        "group_name": group,
        "group_text": f"2 authorities, median {q[1]:.0f}%" if q[1] is not None else "no figure",
        "group_q25": q[0],
        "group_median": q[1],
        "group_q75": q[2],
        "authority_code": f"E-{name}",
        "authority_name": name,
        "value": value,
        "value_text": "" if value is None else f"{value}%",
        "count_text": "46 of 100",
        "role": role,
        "extra_text": "",
    } | changes


def rows():
    south = (56.0, 58.0, 60.0)
    return pd.DataFrame(
        [
            row(LONG_NAME, "South West", 56, "neighbour", south),
            row("Isles of Scilly", "South West", None, "other", south),
            row("Devon", "South West", 60, "other", south),
            row("Leeds", "Yorkshire and The Humber", 46, "chosen"),
            row("York", "Yorkshire and The Humber", 54),
        ]
    )


def draw(frame=None, **changes):
    arguments = {
        "value_title": "In education, employment or training",
        "unit": "per cent",
        "centre": 54.0,
        "centre_text": "England 54%",
        "headline": HEAD,
        "subtitle": SUBTITLE,
        "footer": FOOTER,
        "filename": "Leeds strip",
        "polarity_words": "higher is better",
    } | changes
    return strip(rows() if frame is None else frame, **arguments)


def test_one_dot_an_authority_and_none_for_a_hidden_figure():
    dots = trace(draw().figure, "dots")
    assert sorted(c[1] for c in dots.customdata) == sorted([LONG_NAME, "Devon", "Leeds", "York"])
    assert dict(zip((c[1] for c in dots.customdata), dots.x, strict=True))["York"] == 54


@pytest.mark.parametrize("width", WIDTHS)
def test_dots_of_a_group_stay_in_its_row(width):
    fig = draw(width=width).figure
    dots = trace(fig, "dots")
    medians = [y for y in trace(fig, "medians").y if y is not None]
    south, north = sorted(medians)[:2], sorted(medians)[2:]
    for (_, name), y in zip(dots.customdata, dots.y, strict=True):
        low, high = (south if name in {LONG_NAME, "Devon"} else north)[:2]
        assert low <= y <= high


def test_medians_and_middle_halves_stand_where_they_are():
    fig = draw().figure
    assert {x for x in trace(fig, "medians").x if x is not None} == {58.0, 50.0}
    halves = {(s.x0, s.x1) for s in fig.layout.shapes if s.name == "middle half"}
    assert halves == {(56.0, 60.0), (45.0, 55.0)}


def test_chosen_is_named_with_its_figure_and_lies_on_top():
    fig = draw().figure
    assert note(fig, "chosen") == ["Leeds, 46%"]
    dots = trace(fig, "dots")
    assert dots.customdata[-1][1] == "Leeds"
    assert dots.marker.color[-1] == template.DARK_BLUE
    assert dots.marker.size[-1] > max(dots.marker.size[:-1])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("value", [20, 46, 99])
def test_name_of_the_chosen_stays_inside(width, value):
    frame = pd.DataFrame(
        [row(LONG_NAME, "South West", value, "chosen"), row("A", "South West", 20), row("B", "South West", 99)]
    )
    fig = draw(frame, width=width).figure
    (found,) = [a for a in fig.layout.annotations if a.name == "chosen"]
    across = template.FITS[width] - fig.layout.margin.l - fig.layout.margin.r
    x0, x1 = fig.layout.xaxis.range
    middle = (value - x0) / (x1 - x0) * across + found.ax
    half = max(text_width(plain(line), TEXT_SIZE, bold=True) for line in found.text.split("<br>")) / 2
    assert middle - half >= -fig.layout.margin.l
    assert middle + half <= across + fig.layout.margin.r
    assert found.ay < 0


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_do_not_overlap(width):
    frame = pd.DataFrame([row(f"{g} {k}", f"Group {g}", 50 + k % 3) for g in range(9) for k in range(33)])
    fig = draw(frame, width=width).figure
    ys = [y for y in trace(fig, "medians").y if y is not None]
    spans = sorted(zip(ys[::2], ys[1::2], strict=True))
    assert all(b[0] > a[1] for a, b in itertools.pairwise(spans))
    tops = [a.y for a in fig.layout.annotations if a.name == "group"]
    assert all(b - a >= 30 for a, b in itertools.pairwise(tops))


def test_groups_keep_the_order_given_and_say_how_many():
    labels = note(draw().figure, "group")
    assert labels == [
        "South West 2 authorities, median 58%",
        "Yorkshire and The Humber 2 authorities, median 50%",
    ]


def test_hover_and_click():
    dots = trace(draw().figure, "dots")
    hover = {c[0]: plain(h) for c, h in zip(dots.customdata, dots.hovertext, strict=True)}
    assert "Leeds Yorkshire and The Humber 46%, 46 of 100" in hover["E-Leeds"]


def test_alt_holds_every_group():
    alt = draw().alt
    for part in (HEAD, "4 authorities in 2 groups", "South West: 2 authorities, median 58%", "England 54%"):
        assert part in alt


def test_no_england_no_line():
    fig = draw(centre=None, centre_text="").figure
    assert trace(fig, "England") is None
    assert note(fig, "England") == []


odd = st.builds(
    lambda name, group, value, role, a, b, c: (
        row(name, group, None, role, (a, None, c)) | {"value": value, "group_median": b}
    ),
    st.text(max_size=60),
    st.sampled_from(["", "London", "Not judged separately then"]),
    ANY_FIGURE,
    st.sampled_from(["chosen", "neighbour", "other", "?"]),
    ANY_FIGURE,
    ANY_FIGURE,
    ANY_FIGURE,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    found=st.lists(odd, max_size=8),
    width=st.sampled_from(WIDTHS),
    centre=ANY_FIGURE,
    unit=st.sampled_from(["per cent", ""]),
)
def test_no_frame_breaks_it(found, width, centre, unit):
    frame = pd.DataFrame(found, columns=list(row("x", "g", 1)))
    result = draw(frame, width=width, centre=centre, unit=unit)
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()
