import datetime as dt
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts.quarters import Reference, quarters
from careleavers.charts.template import FITS, PAD, TEXT_SIZE
from careleavers.charts.text import text_width
from careleavers.views.local_figures import words_newest, words_quarters
from tests.charts.reading import font_sizes, note, plain, trace
from tests.charts.samples import A_FIGURE_OR_NONE, FOOTER, LONG_NAME, WIDTHS

# June 2023 to September 2025.
ENDS = [
    day.date() for day in pd.date_range("2023-06-30", periods=10, freq="QE")
]  # fmt: skip
OFFICIAL = Reference(46.0, "Official, year to 31 March 2025: 46%")


def row(day, value, line="Leeds", role="authority", basis="quarter", **changes):
    own = role == "authority" and value is not None
    return {
        "line": line,
        "role": role,
        "name": line,
        "layer": "provisional" if day >= dt.date(2025, 6, 30) else "final",
        "basis": basis,
        "day": day,
        "when": words_newest.period_words(day, basis),
        "tick": words_quarters.tick_words(day, basis),
        "value": value,
        "value_text": "[c]" if value is None else f"{value:.0f}%",
        "lower": max(value - 9, 0) if own else None,
        "upper": min(value + 9, 100) if own else None,
        "reason": "suppressed to protect privacy" if value is None else "",
        "restated": False,
        "hover": f"{line}\n{day}",
        "target": None,
        "target_text": "",
    } | changes


def rows(values, line="Leeds", role="authority", days=ENDS, **changes):
    return [row(day, value, line, role, **changes) for day, value in zip(days, values, strict=True)]


def draw(*series, **changes):
    arguments = {
        "measure_title": "In education, employment or training, aged 19 to 21",
        "unit": "per cent",
        "decimals": 0,
        "from_zero": True,
        "axis_title": "Three months of each quarter",
        "headline": "Leeds: 51% in education in July to September 2025",
        "subtitle": "In education. Leeds, quarters. Local figures",
        "footer": FOOTER,
        "filename": "Leeds eet local quarter",
        "reference": OFFICIAL,
    } | changes
    return quarters(pd.DataFrame([line for lines in series for line in lines]), **arguments)


LEEDS = rows([47, 51, 48, 47, 54, 54, 51, 46, 50, 51])
KENT = rows([57, 58, 54, 52, 59, 61, 60, 61, 62, 63], "Kent", "chosen")


def drawn(result, name):
    """The traces of a council by their mark."""
    return {found.marker.symbol: found for found in result.figure.data if found.name == name}


def shapes(result, name):
    return [shape for shape in result.figure.layout.shapes if shape.name == name]


def test_provisional_is_hollow_final_is_filled_and_they_are_not_joined():
    marks = drawn(draw(LEEDS), "Leeds")
    assert set(marks) == {"circle", "circle-open"}
    assert list(marks["circle"].x) == ENDS[:8]
    assert marks["circle"].line.dash == "solid"
    assert list(marks["circle-open"].x) == ENDS[8:]
    assert marks["circle-open"].line.dash == "dot"
    key = note(draw(LEEDS).figure, "key")[0]
    assert "● final" in key
    assert "○ provisional" in key


def test_only_kinds_that_are_there_are_in_the_key():
    key = note(draw(rows([40] * 10, layer="final")).figure, "key")[0]
    assert "provisional" not in key


def test_a_line_never_crosses_a_quarter_without_a_figure_and_says_why():
    gap = rows([47, 51, None, 47, 54, 54, 51, 46, 50, 51])
    gap[5] |= {"value": None, "layer": None, "reason": "nothing was uploaded"}
    result = draw(gap, KENT)
    assert list(drawn(result, "Leeds")["circle"].x) == [*ENDS[:2], None, *ENDS[3:5], None, *ENDS[6:8]]
    assert note(result.figure, "gap") == ["Suppressed to protect privacy", "Nothing was uploaded"]
    assert len(shapes(result, "gap")) == 2
    assert "October to December 2023 suppressed to protect privacy" in result.alt
    # The interval breaks where the line does.
    assert len([x for x in trace(result.figure, "interval").x if x is None]) == 2


def test_nothing_hidden_is_drawn_as_nought():
    result = draw(rows([None] * 10), KENT)
    assert not drawn(result, "Leeds")
    assert all(y is None or y > 0 for found in result.figure.data for y in found.y)
    assert note(result.figure, "gap") == ["Suppressed to protect privacy"]


def test_a_count_since_april_starts_again_in_april_and_whole_years_are_joined():
    since = rows([40, 42, 44, 46, 30, 33, 35, 38, 31, 33], basis="year_to_date", layer="final")
    assert list(drawn(draw(since), "Leeds")["circle"].x) == [*ENDS[:4], None, *ENDS[4:8], None, *ENDS[8:]]
    years = [dt.date(year, 3, 31) for year in (2023, 2024, 2025)]
    whole = rows([40, 41, 42], days=years, basis="full_year", layer="final")
    assert list(drawn(draw(whole), "Leeds")["circle"].x) == years


def test_the_target_is_a_short_labelled_line_for_as_long_as_it_held():
    aimed = [
        line | {"target": 50.0 if line["day"].year < 2025 else 55.0, "target_text": "50%" if line["day"].year < 2025 else "55%"}
        for line in LEEDS
    ]  # fmt: skip
    result = draw(aimed)
    first, second = shapes(result, "target")
    assert (first.y0, second.y0) == (50.0, 55.0)
    assert first.x1 < dt.date(2025, 3, 31) < second.x1
    assert first.line.color == second.line.color == "#1D1D1D"
    assert "- - Target 55%" in note(result.figure, "line end")
    assert "Target: 50% to October to December 2024; 55% to July to September 2025." in result.alt


def test_a_target_that_ended_says_when():
    aimed = [line | ({"target": 50.0, "target_text": "50%"} if line["day"].year == 2024 else {}) for line in LEEDS]
    assert "- - Target 50%, October to December 2024" in note(draw(aimed).figure, "line end")


def test_the_official_figure_stands_apart_after_the_newest_quarter():
    result = draw(LEEDS)
    (official,) = shapes(result, "reference")
    assert official.x0 > ENDS[-1]
    assert official.y0 == official.y1 == 46.0
    assert f"— {OFFICIAL.text}" in note(result.figure, "line end")
    assert f"Apart from these: {OFFICIAL.text}." in result.alt
    assert not shapes(draw(LEEDS, reference=None), "reference")


def test_councils_are_told_apart_and_named_at_their_ends():
    result = draw(LEEDS, KENT, rows([30] * 8, LONG_NAME, "chosen", ENDS[:8]))
    ends = [text.split(" ", 1)[1] for text in note(result.figure, "line end")]
    assert {"Leeds 51%", "Kent 63%", f"{LONG_NAME} 30%, January to March 2025"} <= set(ends)
    colours = {found.line.color for name in ("Leeds", "Kent", LONG_NAME) for found in drawn(result, name).values()}
    assert len(colours) == 3
    assert "Kent: from 57% in April to June 2023 to 63% in July to September 2025." in result.alt


def test_a_phone_names_everything_in_the_key():
    result = draw([line | {"target": 55.0, "target_text": "55%"} for line in LEEDS], KENT, width="narrow")
    assert not note(result.figure, "line end")
    key = note(result.figure, "key")[0]
    for words in ("● Leeds 51%", "▼ Kent 63%", "- - Target 55%", f"— {OFFICIAL.text}"):
        assert words in key


def test_restated_figures_are_framed_and_explained():
    marked = [line | {"restated": line["day"] == ENDS[3]} for line in LEEDS]
    result = draw(marked)
    assert list(trace(result.figure, "restated").x) == [ENDS[3]]
    assert "□ restated since first uploaded" in note(result.figure, "key")[0]
    assert "restated" not in note(draw(LEEDS).figure, "key")[0]


def test_it_says_where_the_scale_starts():
    assert "Scale from 0%" in note(draw(LEEDS).figure, "subtitle")[0]
    fitted = draw(LEEDS, from_zero=False)
    assert "not from zero" in note(fitted.figure, "subtitle")[0]
    assert fitted.figure.layout.yaxis.range[0] > 0


@pytest.mark.parametrize("width", WIDTHS)
def test_labels_below_the_axis_leave_room_and_keep_the_newest_quarter(width):
    many = [day.date() for day in pd.date_range("2019-06-30", periods=26, freq="QE")]
    axis = draw(rows([40] * 26, days=many), width=width).figure.layout.xaxis
    assert axis.ticktext[-1] == "Jul–Sep<br>2025"
    assert len(axis.tickvals) < 26
    # The same quarters of each year.
    assert len({day.month for day in axis.tickvals}) <= 2
    if width == "wide":
        assert len(draw(LEEDS[-5:], width=width).figure.layout.xaxis.tickvals) == 5


def test_with_nothing_to_draw_it_says_why():
    result = draw(rows([None] * 10))
    assert note(result.figure, "sentence") == [
        "There is no figure to draw in any period: suppressed to protect privacy."
    ]
    assert "no figure to draw" in result.alt


def test_a_long_title_of_the_axis_is_wrapped_on_a_phone():
    long = words_quarters.AXIS_TITLES["rolling_12m"]
    result = draw(LEEDS, width="narrow", axis_title=long)
    (found,) = (text for text in result.figure.layout.annotations if text.name == "axis title")
    room = FITS["narrow"] - result.figure.layout.margin.l
    assert all(text_width(part, TEXT_SIZE) <= room for part in found.text.split("<br>"))
    assert result.height > draw(LEEDS, width="narrow").height


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(A_FIGURE_OR_NONE, min_size=10, max_size=10), min_size=1, max_size=5),
    st.lists(A_FIGURE_OR_NONE, min_size=10, max_size=10),
    st.one_of(st.none(), st.floats(0, 100)),
    st.sampled_from(["quarter", "year_to_date", "rolling_12m", "snapshot"]),
    st.booleans(),
    st.sampled_from(WIDTHS),
)
def test_any_figures_give_a_whole_chart(series, targets, official, basis, from_zero, width):
    names = ["Leeds", LONG_NAME, "Kent", "Kensington and Chelsea", "A"]
    lines = [rows(values, names[n], "chosen" if n else "authority", basis=basis) for n, values in enumerate(series)]
    lines[0] = [
        line | {"target": target, "target_text": "" if target is None else f"{target:.0f}%"}
        for line, target in zip(lines[0], targets, strict=True)
    ]
    reference = None if official is None else Reference(official, OFFICIAL.text)
    result = draw(*lines, from_zero=from_zero, width=width, reference=reference)
    assert result.height == result.figure.layout.height
    assert min(font_sizes(result.figure)) >= 12
    if not result.figure.data:
        return
    layout = result.figure.layout
    low, high = layout.yaxis.range
    plot = (result.height - layout.margin.t - layout.margin.b) * (layout.yaxis.domain[1] - layout.yaxis.domain[0])
    boxes = []
    for found in layout.annotations:
        if found.name == "line end":
            half = (found.text.count("<br>") + 1) * 15.6 / 2
            middle = (high - found.y) / (high - low) * plot
            boxes.append((middle - half, middle + half))
            for part in found.text.replace("<b>", "").replace("</b>", "").split("<br>"):
                assert text_width(plain(part), TEXT_SIZE, bold=True) <= layout.margin.r - 5
        if found.name in {"headline", "subtitle", "footer", "key"}:
            for part in found.text.split("<br>"):
                assert text_width(plain(part), found.font.size) <= FITS[width] - 2 * PAD + 1
    for (_, bottom), (top, _) in itertools.pairwise(sorted(boxes)):
        assert bottom <= top + 0.5
