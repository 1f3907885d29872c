import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.charts.small_multiples import small_multiples
from careleavers.charts.template import FITS, TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import font_sizes, note, plain, trace
from tests.charts.samples import A_FIGURE_OR_NONE, FOOTER, LONG_NAME, WIDTHS

YEARS = list(range(2018, 2026))
NAMES = [
    "Portsmouth", "Southend-on-Sea", "Sheffield", "Milton Keynes", "Hammersmith and Fulham",
    "Bath and North East Somerset", "Bristol, City of", "Kensington and Chelsea", "Westmorland and Furness", LONG_NAME,
]  # fmt: skip


def panel(name, values, note="51%, very close", years=YEARS):
    return [
        {
            "panel": name,
            "name": name,
            "note": note,
            "day": dt.date(year, 3, 31),
            "value": value,
            "value_text": "[c]" if value is None else f"{value:.0f}%",
            "reason": "suppressed to protect privacy" if value is None else "",
            "hover": f"{name}\n{year}",
        }
        for year, value in zip(years, values, strict=True)
    ]


def own(values, years=YEARS):
    return pd.DataFrame({"day": [dt.date(year, 3, 31) for year in years], "value": values})


LEEDS = own([47, 51, 48, 47, 54, 54, 51, 46])


def draw(panels, behind=LEEDS, **changes):
    arguments = {
        "own_name": "Leeds",
        "measure_title": "In education, aged 19 to 21",
        "unit": "per cent",
        "decimals": 0,
        "from_zero": True,
        "headline": "Neighbours of Leeds: 10 without a clear trend",
        "subtitle": "In education, years to 31 March 2018 to 2025",
        "footer": FOOTER,
        "filename": "Leeds neighbours",
    } | changes
    return small_multiples(pd.DataFrame([line for lines in panels for line in lines]), behind, **arguments)


TEN = [panel(name, [40 + n + year for year in range(8)]) for n, name in enumerate(NAMES)]


def titles(result):
    return [
        plain(found.text.split("</b>")[0]) for found in result.figure.layout.annotations if found.name == "panel title"
    ]


def segments(drawn):
    """The joined stretches of a trace, as lists of (x, y)."""
    found = [[]]
    for x, y in zip(drawn.x, drawn.y, strict=True):
        if x is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return found


def test_a_panel_each_in_the_order_given():
    result = draw(TEN)
    assert titles(result) == NAMES
    places = [(found.y, found.x) for found in result.figure.layout.annotations if found.name == "panel title"]
    assert places == sorted(places)
    assert len({y for y, _ in places}) == 2
    assert len(segments(trace(result.figure, "authorities"))) == 10


def test_the_authority_stands_faint_behind_every_panel():
    result = draw(TEN)
    behind = trace(result.figure, "Leeds")
    assert len(segments(behind)) == 10
    assert behind.line.width < trace(result.figure, "authorities").line.width
    names = [found.name for found in result.figure.data]
    assert names.index("Leeds") < names.index("authorities")
    assert "Leeds, the same in every panel" in note(result.figure, "key")[0]


def test_every_panel_has_the_same_scale():
    flat = [panel(name, [50.0] * 8) for name in NAMES]
    lines = segments(trace(draw(flat).figure, "authorities"))
    # The same figure is at the same height above the bottom of its panel in every row.
    rows = {round(line[0][1], 3) for line in lines}
    assert len(rows) == 2


def test_a_year_without_a_figure_is_a_gap_and_shaded():
    result = draw([panel("Kent", [50, 51, None, 53, 54, 55, 56, 57])])
    assert [len(line) for line in segments(trace(result.figure, "authorities"))] == [2, 5]
    assert [shape.name for shape in result.figure.layout.shapes].count("gap") == 1
    assert "no figure that year" in note(result.figure, "key")[0]
    assert "2020 suppressed to protect privacy" in result.alt


def test_years_before_an_authority_existed_are_not_gaps():
    result = draw([panel("Cumberland", [60, 46], years=[2024, 2025]), *TEN[:3]])
    assert "gap" not in [shape.name for shape in result.figure.layout.shapes]


def test_the_authoritys_own_gaps_are_not_joined():
    result = draw(TEN[:1], own([47, None, 48, 47, None, None, 51, 46]))
    assert [len(line) for line in segments(trace(result.figure, "Leeds"))] == [1, 2, 2]


def test_an_authority_without_figures_still_shows_its_neighbours():
    result = draw(TEN, own([None] * 8))
    assert trace(result.figure, "Leeds") is None
    assert "Leeds" not in note(result.figure, "key")[0]


@pytest.mark.parametrize("from_zero", [True, False])
def test_the_subtitle_says_where_the_scale_starts(from_zero):
    said = note(draw(TEN, from_zero=from_zero).figure, "subtitle")[0]
    assert ("Scale from 0%, the same" in said) is from_zero
    assert ("not from zero" in said) is not from_zero


@pytest.mark.parametrize("width", WIDTHS)
def test_names_fit_their_panels(width):
    result = draw(TEN, width=width)
    columns = sorted({found.x for found in result.figure.layout.annotations if found.name == "panel title"})
    step = columns[1] - columns[0]
    for found in result.figure.layout.annotations:
        if found.name == "panel title":
            for part in found.text.split("<br>"):
                assert text_width(plain(part), TEXT_SIZE, bold="<b>" in part) < step
    assert len(columns) == (5 if width == "wide" else 2)
    margin = result.figure.layout.margin
    assert result.figure.layout.xaxis.range[1] <= FITS[width] - margin.l - margin.r + 1


def test_no_name_of_a_county_is_broken():
    shown = draw([panel(name, [50] * 8) for name in ("North Northamptonshire", "Buckinghamshire", "Leeds")] + TEN[:7])
    titles = note(shown.figure, "panel title")
    assert [title.removesuffix(" 51%, very close") for title in titles[:2]] == [
        "North Northamptonshire",
        "Buckinghamshire",
    ]


def test_one_year_only():
    result = draw([panel(name, [50], years=[2024]) for name in NAMES], own([47], [2024]))
    assert note(result.figure, "year") == ["2024"] * 10


def test_with_nothing_to_draw_it_says_so():
    for nothing in ([], [panel("Kent", [None] * 8)]):
        result = draw(nothing)
        assert "no figures of these authorities" in note(result.figure, "sentence")[0]
        assert "Source:" in note(result.figure, "footer")[0]


def test_names_cannot_carry_markup():
    result = draw([panel("<b>Kent</b>", [50] * 8, note="<i>x</i>")])
    assert "&lt;b&gt;Kent" in next(a.text for a in result.figure.layout.annotations if a.name == "panel title")


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(A_FIGURE_OR_NONE, min_size=8, max_size=8), max_size=10),
    st.lists(A_FIGURE_OR_NONE, min_size=8, max_size=8),
    st.booleans(),
    st.sampled_from(WIDTHS),
)
def test_any_figures_stay_within_their_panels(series, behind, from_zero, width):
    panels = [panel(NAMES[n], values) for n, values in enumerate(series)]
    result = draw(panels, own(behind), from_zero=from_zero, width=width)
    assert result.height == result.figure.layout.height
    assert min(font_sizes(result.figure)) >= 12
    drawn = trace(result.figure, "authorities")
    if drawn is None:
        return
    across, (down, _) = result.figure.layout.xaxis.range[1], result.figure.layout.yaxis.range
    for found in result.figure.data:
        assert all(x is None or 0 <= x <= across + 1e-6 for x in found.x)
        assert all(y is None or -1e-6 <= y <= down + 1e-6 for y in found.y)
