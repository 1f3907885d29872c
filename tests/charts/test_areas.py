import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.area_bars import area_bars
from careleavers.charts.area_lines import MOST_NAMED, area_lines
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, plain, trace
from tests.charts.samples import FOOTER, LONG_NAME, WIDTHS


def area(name, value, year=2025, **changes):
    return {
        "area_code": f"E-{name}",
        "area_name": name,
        "level": "authority",
        "is_chosen": False,
        "year": year,
        "value": value,
        "lower": None if value is None else max(value - 5, 0),
        "upper": None if value is None else min(value + 5, 100),
        "value_text": "[c]" if value is None else f"{value:.0f}%",
        "count_text": "" if value is None else "273 of 600",
        "status_text": "" if value is not None else "suppressed to protect privacy",
        "period_text": f"year to 31 March {year}",
    } | changes


def some_areas():
    return pd.DataFrame(
        [
            area(LONG_NAME, 62.0),
            area("England", 54.0, level="england"),
            area("Leeds", 45.5, is_chosen=True),
            area("Isles of Scilly", None),
        ]
    )


def arguments(**changes):
    return {
        "measure_title": "In education, work or training, aged 19 to 21",
        "unit": "per cent",
        "polarity_words": "higher is better",
        "headline": "Leeds: 46% in education, employment or training",
        "subtitle": "Year to 31 March 2025",
        "footer": FOOTER,
        "filename": "eet",
    } | changes


def draw_bars(frame=None, **changes):
    return area_bars(some_areas() if frame is None else frame, **arguments(**changes))


def draw_lines(frame=None, **changes):
    return area_lines(some_areas() if frame is None else frame, **arguments(hidden_text="", **changes))


def years_of(name, values, **changes):
    return [area(name, value, 2025 - len(values) + 1 + i, **changes) for i, value in enumerate(values)]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_bar_each_from_nought_and_none_for_the_suppressed(width):
    fig = draw_bars(width=width).figure
    drawn = trace(fig, "bars")
    assert list(drawn.x) == [62.0, 54.0, 45.5]
    assert fig.layout.xaxis.range[0] == 0
    assert [plain(text) for text in trace(fig, "reasons").text] == ["suppressed to protect privacy"]
    assert drawn.marker.color[0] == template.OTHER_GREY
    assert drawn.marker.color[1] == template.DARK_GREY
    assert drawn.marker.color[2] == template.DARK_BLUE


@pytest.mark.parametrize("width", WIDTHS)
def test_names_and_figures_stand_in_their_own_room(width):
    fig = draw_bars(width=width).figure
    names, figures = trace(fig, "names"), trace(fig, "figures")
    if width == "wide":
        widest = max(
            text_width(plain(part), TEXT_SIZE, bold=True) for text in names.text for part in text.split("<br>")
        )
        assert widest <= fig.layout.margin.l
        assert max(text_width(plain(text), TEXT_SIZE, bold=True) for text in figures.text) <= fig.layout.margin.r
    else:
        room = template.FITS[width] - fig.layout.margin.l - fig.layout.margin.r
        for name, figure in zip(names.text, figures.text, strict=False):
            widest = max(text_width(plain(part), TEXT_SIZE, bold=True) for part in name.split("<br>"))
            assert widest + text_width(plain(figure), TEXT_SIZE, bold=True) <= room


def test_the_text_alternative_holds_every_value_and_reason():
    alt = draw_bars().alt
    assert f"{LONG_NAME} 62%" in alt
    assert "Isles of Scilly suppressed to protect privacy" in alt


def test_a_missing_year_is_a_gap_and_is_not_bridged():
    frame = pd.DataFrame(years_of("Leeds", [40.0, None, 44.0, 45.0], is_chosen=True))
    drawn = trace(draw_lines(frame).figure, "Leeds")
    assert list(drawn.x) == [2022, 2023, 2024, 2025]
    assert drawn.y[1] is None
    assert drawn.connectgaps is False


def test_a_line_that_ends_early_says_its_year():
    frame = pd.DataFrame(
        [*years_of("Leeds", [40.0, 41.0, None], is_chosen=True), *years_of("York", [50.0, 51.0, 52.0])]
    )
    labels = note(draw_lines(frame).figure, "line label")
    assert "● Leeds 41% (2024)" in labels
    assert "▼ York 52%" in labels


@pytest.mark.parametrize("width", WIDTHS)
def test_labels_of_lines_that_end_together_do_not_overlap_or_leave(width):
    frame = pd.DataFrame(
        [row for n in range(6) for row in years_of(f"{LONG_NAME[:-1]}{n}", [50.0 + n / 9, 60.0 + n / 9])]
    )
    fig = draw_lines(frame, width=width).figure
    labels = [found for found in fig.layout.annotations if found.name == "line label"]
    assert len(labels) == 6
    height = fig.layout.height - fig.layout.margin.t - fig.layout.margin.b
    spans = sorted(
        (
            (1 - found.y) * height - 8 * (found.text.count("<br>") + 1),
            (1 - found.y) * height + 8 * (found.text.count("<br>") + 1),
        )
        for found in labels
    )
    assert all(above[1] <= below[0] + 2 for above, below in itertools.pairwise(spans))
    assert spans[0][0] >= -3
    assert spans[-1][1] <= height + 3
    for found in labels:
        for line in found.text.split("<br>"):
            assert text_width(plain(line), TEXT_SIZE, bold=True) <= fig.layout.margin.r - 18


def test_more_areas_than_can_be_told_apart_are_grey_and_counted():
    frame = pd.DataFrame([row for n in range(MOST_NAMED + 4) for row in years_of(f"Town {n}", [40.0 + n, 50.0])])
    frame = pd.concat([frame, pd.DataFrame(years_of("Leeds", [30.0, 31.0], is_chosen=True))])
    fig = draw_lines(frame).figure
    assert note(fig, "line label") == ["● Leeds 31%"]
    assert "10 other areas, named in the table" in note(fig, "key")[0]
    assert trace(fig, "Town 3").line.color == template.OTHER_GREY
    assert trace(fig, "Leeds").line.color == template.DARK_BLUE


def test_colours_of_lines_and_bars_mean_what_they_mean_elsewhere():
    frame = pd.DataFrame(
        [
            row
            for name, more in (
                ("Leeds", {"is_chosen": True}), ("Sheffield", {"is_neighbour": True}), ("Bolton", {"is_neighbour": True}),
                ("England", {"level": "england"}), ("Kent", {}),
            )
            for row in years_of(name, [40.0, 50.0], **{"is_neighbour": False} | more)
        ]
    )  # fmt: skip
    fig = draw_lines(frame).figure
    colours = {name: trace(fig, name).line.color for name in ("Leeds", "Sheffield", "Bolton", "England", "Kent")}
    assert colours["Leeds"] == template.DARK_BLUE
    assert colours["Sheffield"] == colours["Bolton"] == template.TURQUOISE
    assert colours["England"] == template.DARK_GREY
    assert colours["Kent"] not in {template.DARK_BLUE, template.TURQUOISE}
    assert trace(fig, "Sheffield").marker.symbol != trace(fig, "Bolton").marker.symbol
    bars = trace(draw_bars(frame[frame["year"] == 2025]).figure, "bars")
    assert list(bars.marker.color) == [
        template.DARK_BLUE, template.TURQUOISE, template.TURQUOISE, template.DARK_GREY, template.OTHER_GREY,
    ]  # fmt: skip


def test_axis_says_where_it_starts():
    high = draw_lines(pd.DataFrame(years_of("Leeds", [90.0, 92.0]))).figure
    assert "not at 0" in note(high, "axis title")[0]
    low = draw_lines(pd.DataFrame(years_of("Leeds", [1.0, 12.0]))).figure
    assert low.layout.yaxis.range[0] == 0
    assert "not at 0" not in note(low, "axis title")[0]


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.lists(st.none() | st.floats(0, 1e5), min_size=2, max_size=4)), max_size=9
    ),
    st.sampled_from(WIDTHS),
)
def test_odd_frames_are_drawn(rows, width):
    frame = pd.DataFrame(
        [row for i, (name, values) in enumerate(rows) for row in years_of(name, values, area_code=str(i))],
        columns=list(area("", 0)),
    )
    assert draw_lines(frame, width=width).height > 0
    assert draw_bars(frame, width=width).height > 0
