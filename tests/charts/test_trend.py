import datetime as dt
import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts.lanes import Break, Event
from careleavers.charts.template import FITS, PAD, TEXT_SIZE
from careleavers.charts.text import text_width
from careleavers.charts.trend import trend
from tests.charts.reading import font_sizes, note, plain, trace
from tests.charts.samples import A_FIGURE_OR_NONE, FOOTER, LONG_NAME, WIDTHS

YEARS = list(range(2018, 2026))


def row(year, value, line="Leeds", role="authority", **changes):
    return {
        "line": line,
        "role": role,
        "name": line,
        "layer": "published",
        "basis": "full_year",
        "day": dt.date(year, 3, 31),
        "value": value,
        "value_text": "[c]" if value is None else f"{value:.0f}%",
        "lower": None if value is None or role != "authority" else max(value - 4, 0),
        "upper": None if value is None or role != "authority" else min(value + 4, 100),
        "reason": "suppressed to protect privacy" if value is None else "",
        "restated": False,
        "hover": f"{line}\n{year}",
    } | changes


def rows(values, line="Leeds", role="authority", years=YEARS, **changes):
    return [row(year, value, line, role, **changes) for year, value in zip(years, values, strict=True)]


def draw(*series, **changes):
    arguments = {
        "measure_title": "In education, employment or training, aged 19 to 21",
        "unit": "per cent",
        "decimals": 0,
        "from_zero": True,
        "axis_title": "Year to 31 March",
        "headline": "Leeds: 46% in education",
        "subtitle": "In education. Leeds, years to 31 March 2018 to 2025",
        "footer": FOOTER,
        "filename": "Leeds trend",
    } | changes
    return trend(pd.DataFrame([line for lines in series for line in lines]), **arguments)


LEEDS = rows([47, 51, 48, 47, 54, 54, 51, 46])
ENGLAND = rows([51, 52, 53, 52, 55, 56, 54, 54], "England", "england")


def runs(drawn):
    """The joined stretches of a trace, as lists of years."""
    found = [[]]
    for day in drawn.x:
        if day is None:
            found.append([])
        else:
            found[-1].append(day.year)
    return found


def shapes(result, name):
    return [shape for shape in result.figure.layout.shapes if shape.name == name]


def test_a_line_never_crosses_a_year_without_a_figure():
    result = draw(rows([47, 51, None, 47, None, None, 51, 46]), ENGLAND)
    drawn = trace(result.figure, "Leeds")
    assert runs(drawn) == [[2018, 2019], [2021], [2024, 2025]]
    assert not drawn.connectgaps
    # The interval breaks where the line does.
    assert len([x for x in trace(result.figure, "interval").x if x is None]) == 2


def test_a_year_without_even_a_row_is_a_gap_too():
    kept = [line for line in LEEDS if line["day"].year != 2020]
    assert runs(trace(draw(kept, ENGLAND).figure, "Leeds")) == [[2018, 2019], [2021, 2022, 2023, 2024, 2025]]


def test_the_reason_stands_at_the_gap():
    gap = rows([47, 51, None, None, 54, 54, 51, 46])
    gap[5] |= {"value": None, "reason": "not available"}
    result = draw(gap, ENGLAND)
    assert note(result.figure, "gap") == ["Suppressed to protect privacy", "Not available"]
    spans = [(shape.x0.year, shape.x1.year) for shape in shapes(result, "gap")]
    assert spans == [(2019, 2021), (2022, 2023)]
    assert "2020 suppressed to protect privacy" in result.alt


def test_only_the_authority_has_its_gaps_shaded():
    result = draw(LEEDS, rows([None] * 7 + [50], "Kent", "chosen"), ENGLAND)
    assert not shapes(result, "gap")


def test_nothing_hidden_is_drawn_as_nought():
    result = draw(rows([None] * 8), ENGLAND)
    assert trace(result.figure, "Leeds") is None
    assert note(result.figure, "gap") == ["Suppressed to protect privacy"]
    assert all(y is None or y > 0 for found in result.figure.data for y in found.y)


@pytest.mark.parametrize(("from_zero", "words"), [(True, "Scale from 0%."), (False, "not from zero.")])
def test_the_subtitle_says_where_the_scale_starts(from_zero, words):
    result = draw(LEEDS, ENGLAND, from_zero=from_zero)
    assert note(result.figure, "subtitle")[0].endswith(words)
    assert (result.figure.layout.yaxis.range[0] == 0) is from_zero
    assert words.strip(".") in result.alt


def test_a_fitted_scale_that_starts_at_zero_does_not_claim_otherwise():
    result = draw(rows([1, 0, 2, 1, 0, 3, 2, 1]), from_zero=False)
    assert note(result.figure, "subtitle")[0].endswith("Scale from 0%.")


def test_every_line_is_labelled_with_its_name_and_last_figure():
    result = draw(LEEDS, rows([None] * 4 + [60, None, 61, None], "Kent", "chosen"), ENGLAND)
    assert set(note(result.figure, "line end")) == {"● Leeds 46%", "▼ Kent 61% in 2024", "■ England 54%"}
    assert any("<b>" in a.text for a in result.figure.layout.annotations if plain(a.text) == "● Leeds 46%")


def test_labels_stand_at_the_height_of_their_lines_without_leaders():
    kent = rows([None] * 4 + [60, None, 61, None], "Kent", "chosen")
    result = draw(LEEDS, kent, ENGLAND)
    assert shapes(result, "tie") == []
    heights = {plain(a.text).removeprefix("▼ "): a.y for a in result.figure.layout.annotations if a.name == "line end"}
    (kent_at,) = [y for text, y in heights.items() if "Kent" in text]
    assert kent_at == pytest.approx(61, abs=0.5)


def test_a_label_has_the_mark_of_its_line_in_its_colour():
    result = draw(LEEDS, ENGLAND)
    text = next(a.text for a in result.figure.layout.annotations if "England" in a.text and a.name == "line end")
    assert trace(result.figure, "England").line.color in text


def test_narrow_charts_name_the_lines_in_the_key():
    result = draw(LEEDS, ENGLAND, width="narrow")
    assert not note(result.figure, "line end")
    key = note(result.figure, "key")[0]
    assert "● Leeds 46%" in key
    assert "■ England 54%" in key


def test_predecessor_is_dashed_apart_and_named_with_a_break():
    own = rows([None] * 4 + [51, 49, 39, 47])[4:]
    before = rows([38, 37, 37, 46], "Northamptonshire (to 2021)", "predecessor", YEARS[:4])
    change = Break(dt.date(2021, 4, 1), "New authority from April 2021")
    result = draw(own, before, ENGLAND, breaks=[change])
    drawn = trace(result.figure, "Northamptonshire (to 2021)")
    assert drawn.line.dash == "dash"
    assert runs(drawn) == [[2018, 2019, 2020, 2021]]
    assert runs(trace(result.figure, "Leeds")) == [[2022, 2023, 2024, 2025]]
    assert note(result.figure, "line name") == ["Northamptonshire (to 2021)"]
    assert note(result.figure, "break") == ["New authority from April 2021"]
    assert len(shapes(result, "break")) == 1


def test_predecessors_without_room_are_all_in_the_key():
    own = rows([59, 50, 52, 49, 46, 56], years=YEARS[2:])
    before = [
        rows([40 + 5 * n, 41 + 5 * n], f"A county with a long name {n} (to 2019)", "predecessor", YEARS[:2])
        for n in range(4)
    ]
    result = draw(own, *before, ENGLAND, from_zero=False, breaks=[Break(dt.date(2019, 4, 1), "New authority")])
    in_key = note(result.figure, "key")[0]
    in_plot = note(result.figure, "line name")
    for n in range(4):
        assert (f"A county with a long name {n} (to 2019)" in in_key) or in_plot
    assert not (in_plot and "A county" in in_key)


def test_a_break_outside_the_years_is_left_out():
    result = draw(LEEDS, breaks=[Break(dt.date(2009, 4, 1), "Long ago")])
    assert not note(result.figure, "break")


EVENTS = [
    Event(dt.date(2018, 1, 30), False, "January 2018 focused visit: children in care"),
    Event(dt.date(2022, 2, 21), True, "February 2022 inspection: overall outstanding"),
    Event(dt.date(2016, 9, 20), True, "September 2016 inspection: overall good"),
]


def test_inspections_stand_below_the_plot_at_their_dates():
    result = draw(LEEDS, ENGLAND, events=EVENTS)
    marks = trace(result.figure, "events")
    assert [day.year for day in marks.x] == [2018, 2022]
    assert list(marks.marker.symbol) == ["diamond-open", "diamond"]
    assert marks.yaxis == "y2"
    assert result.figure.layout.yaxis2.domain[1] < result.figure.layout.yaxis.domain[0]
    assert note(result.figure, "event") == [EVENTS[0].text, EVENTS[1].text]
    assert note(result.figure, "events") == ["Ofsted: ◆ full inspection, ◇ visit"]
    assert EVENTS[1].text in result.alt
    assert "2016" not in result.alt


def test_without_inspections_there_is_no_lane():
    result = draw(LEEDS, ENGLAND)
    assert trace(result.figure, "events") is None
    assert not note(result.figure, "events")
    assert result.height < draw(LEEDS, ENGLAND, events=EVENTS).height


def test_restated_figures_are_ringed_and_explained():
    marked = [line | {"restated": line["day"].year == 2021} for line in LEEDS]
    result = draw(marked, ENGLAND)
    assert [day.year for day in trace(result.figure, "restated").x] == [2021]
    assert "○ restated since first published" in note(result.figure, "key")[0]
    assert "restated" not in note(draw(LEEDS, ENGLAND).figure, "key")[0]


def quarter(year, month, value, layer="provisional", basis="quarter"):
    day = dt.date(year, month, {3: 31, 6: 30, 9: 30, 12: 31}[month])
    return row(year, value, layer=layer, basis=basis) | {"day": day, "lower": None, "upper": None}


def test_local_quarters_are_a_series_of_their_own():
    local = [quarter(2025, 6, 48), quarter(2025, 9, 50), quarter(2026, 3, 52)]
    result = draw(LEEDS, local, ENGLAND)
    both = [found for found in result.figure.data if found.name == "Leeds"]
    assert len(both) == 2
    official, provisional = sorted(both, key=lambda found: found.line.dash != "solid")
    assert max(day for day in official.x if day) == dt.date(2025, 3, 31)
    assert provisional.line.dash == "dot"
    assert provisional.marker.symbol == "square-open"
    # A missing quarter is a gap, and the first quarter is not joined to the year before it.
    assert list(provisional.x) == [dt.date(2025, 6, 30), dt.date(2025, 9, 30), None, dt.date(2026, 3, 31)]
    assert "□ Leeds, provisional local figures 52%" in note(result.figure, "line end")
    assert "apart from the official ones" in note(result.figure, "key")[0]
    assert result.figure.layout.xaxis.range[1] > dt.date(2026, 3, 31)
    # Years that have only quarters are labelled below the axis too.
    assert list(result.figure.layout.xaxis.ticktext)[-2:] == ["2025", "2026"]


def test_provisional_and_final_quarters_are_not_joined():
    local = [quarter(2025, 6, 48, "final"), quarter(2025, 9, 50, "provisional")]
    names = [found.marker.symbol for found in draw(LEEDS, local).figure.data if found.name == "Leeds"]
    assert sorted(names) == ["circle", "diamond-open", "square-open"]


def test_a_count_since_april_starts_again_in_april():
    local = [quarter(2025, month, 40, basis="year_to_date") for month in (3, 6, 9)]
    result = draw(LEEDS, local)
    provisional = next(found for found in result.figure.data if found.marker.symbol == "square-open")
    assert list(provisional.x) == [dt.date(2025, 3, 31), None, dt.date(2025, 6, 30), dt.date(2025, 9, 30)]


def test_england_alone_is_the_line_looked_at():
    result = draw(ENGLAND)
    assert trace(result.figure, "England").line.width == 3
    assert "England: 2018 51%" in result.alt


def test_alt_text_gives_every_year_of_the_authority_and_the_ends_of_the_others():
    result = draw(LEEDS, ENGLAND)
    assert "Leeds: 2018 47%, 2019 51%" in result.alt
    assert "England: from 51% in 2018 to 54% in 2025." in result.alt


def test_with_nothing_to_draw_it_says_why():
    result = draw(rows([None] * 8))
    assert note(result.figure, "sentence") == ["There is no figure to draw in any year: suppressed to protect privacy."]
    assert "no figure to draw" in result.alt


def end_boxes(result):
    """Top and bottom in pixels of each label at the right of a wide chart, as laid out."""
    axis = result.figure.layout.yaxis
    low, high = axis.range
    margin = result.figure.layout.margin
    plot = (result.height - margin.t - margin.b) * (axis.domain[1] - axis.domain[0])
    boxes = []
    for found in result.figure.layout.annotations:
        if found.name == "line end":
            middle = (high - found.y) / (high - low) * plot
            half = (found.text.count("<br>") + 1) * 15.6 / 2
            boxes.append((middle - half, middle + half))
    return sorted(boxes), plot


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(A_FIGURE_OR_NONE, min_size=8, max_size=8), min_size=1, max_size=8),
    st.booleans(),
    st.sampled_from(WIDTHS),
)
def test_any_figures_give_a_whole_chart(series, from_zero, width):
    kinds = ["authority", "england", "region", "neighbours", "chosen", "chosen", "chosen", "chosen"]
    names = ["Leeds", "England", "Yorkshire and The Humber", "Mean of neighbours", LONG_NAME, "Kent", "A", "B"]
    lines = [rows(values, names[n], kinds[n]) for n, values in enumerate(series)]
    result = draw(*lines, from_zero=from_zero, width=width, events=EVENTS)
    assert result.height == result.figure.layout.height
    assert min(font_sizes(result.figure)) >= 12
    if not result.figure.data:
        return
    boxes, plot = end_boxes(result)
    for (_, bottom), (top, _) in itertools.pairwise(boxes):
        assert bottom <= top + 0.5
    assert all(top >= -1 and bottom <= plot + 1 for top, bottom in boxes)
    margin = result.figure.layout.margin
    for found in result.figure.layout.annotations:
        if found.name == "line end":
            for part in found.text.replace("<b>", "").replace("</b>", "").split("<br>"):
                assert text_width(plain(part), TEXT_SIZE, bold=True) <= margin.r - 5
        if found.name in {"headline", "subtitle", "footer", "key"}:
            lines_of = [plain(part) for part in found.text.split("<br>")]
            assert all(text_width(part, found.font.size) <= FITS[width] - 2 * PAD + 1 for part in lines_of)
