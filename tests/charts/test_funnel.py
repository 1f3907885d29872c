import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.funnel import funnel
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, plain, trace
from tests.charts.samples import ANY_FIGURE, FOOTER, LONG_NAME, SUBTITLE, WIDTHS

HEAD = "Leeds: 46% in education, inside the usual range around England’s 54%; 1 of 4 authorities is outside the usual range"


def row(name, base, value, role="other", side="inside", **changes):
    return {
        "authority_code": f"E-{name}",
        "authority_name": name,
        "region": "Yorkshire and The Humber",
        "base": base,
        "value": value,
        "value_text": f"{value}%",
        "count_text": f"of {base}",
        "role": role,
        "side": side,
        "side_text": "Inside the usual range" if side == "inside" else "Above the usual range, the better side",
    } | changes


def rows():
    return pd.DataFrame(
        [
            row("Leeds", 600, 46, "chosen"),
            row(LONG_NAME, 300, 56, "neighbour"),
            row("Leicester", 240, 79, side="above_998"),
            row("Kent", 1200, 51),
        ]
    )


def limits(centre=54.0, bases=(25, 50, 100, 200, 400, 800, 1224)):
    half = {base: 300 / base**0.5 for base in bases}
    return pd.DataFrame(
        {
            "base": bases,
            "lower_998": [max(centre - half[b], 0) for b in bases],
            "lower_95": [max(centre - half[b] * 0.63, 0) for b in bases],
            "upper_95": [min(centre + half[b] * 0.63, 100) for b in bases],
            "upper_998": [min(centre + half[b], 100) for b in bases],
        }
    )


def draw(frame=None, curves=None, **changes):
    arguments = {
        "value_title": "In education, employment or training, per cent",
        "base_title": "Base: care leavers aged 19 to 21",
        "unit": "per cent",
        "centre": 54.0,
        "centre_text": "England 54%",
        "widening_text": "Limits 1.9 times as wide as chance alone would give",
        "headline": HEAD,
        "subtitle": SUBTITLE,
        "footer": FOOTER,
        "filename": "Leeds funnel",
    } | changes
    return funnel(rows() if frame is None else frame, limits() if curves is None else curves, **arguments)


def boxes(result, width, container):
    """The boxes of the names in pixels when the figure is ``container`` pixels wide: (text, left, top, right, bottom)."""
    layout = result.figure.layout
    across = container - layout.margin.l - layout.margin.r
    up = result.height - layout.margin.t - layout.margin.b
    x0, x1 = layout.xaxis.range
    y0, y1 = layout.yaxis.range
    found = []
    for item in layout.annotations:
        if item.name != "name":
            continue
        dx = item.ax if item.showarrow else item.xshift
        dy = item.ay if item.showarrow else -item.yshift
        x = (item.x - x0) / (x1 - x0) * across + dx
        y = (y1 - item.y) / (y1 - y0) * up + dy
        lines = [plain(line) for line in item.text.split("<br>")]
        w = max(text_width(line, TEXT_SIZE, bold=item.text.startswith("<b>")) for line in lines)
        h = len(lines) * 15.6
        found.append((plain(item.text), x - w / 2, y - h / 2, x + w / 2, y + h / 2))
    return found, across, up


def overlapping(found):
    return [
        (a[0], b[0])
        for a, b in itertools.combinations(found, 2)
        if a[1] < b[3] and a[3] > b[1] and a[2] < b[4] and a[4] > b[2]
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_why_the_limits_are_wider_is_always_there(width):
    assert "1.9 times as wide" in note(draw(width=width).figure, "key")[0]


def test_dots_stand_at_base_and_figure():
    dots = trace(draw().figure, "dots")
    found = {c[1]: (x, y) for c, x, y in zip(dots.customdata, dots.x, dots.y, strict=True)}
    assert found["Leeds"] == (600, 46)
    assert found["Leicester"] == (240, 79)
    assert dots.customdata[-1][1] == "Leeds"  # on top of the others


def test_outside_is_ringed_and_not_only_a_colour():
    rings = trace(draw().figure, "outside")
    assert (list(rings.x), list(rings.y), rings.marker.symbol) == ([240], [79], "circle-open")
    assert "outside the usual range" in note(draw().figure, "key")[0]


def test_picked_out_are_coloured_and_named_the_rest_is_grey():
    fig = draw().figure
    dots = trace(fig, "dots")
    colour = {c[1]: s for c, s in zip(dots.customdata, dots.marker.color, strict=True)}
    assert colour["Leeds"] == template.DARK_BLUE
    assert colour[LONG_NAME] == template.TURQUOISE
    assert colour["Kent"] == template.OTHER_GREY
    assert set(note(fig, "name")) == {"Leeds", LONG_NAME, "Leicester"}


def test_hover_says_where_it_lies():
    dots = trace(draw().figure, "dots")
    text = {c[1]: plain(h) for c, h in zip(dots.customdata, dots.hovertext, strict=True)}
    assert "79%, of 240" in text["Leicester"]
    assert "Above the usual range, the better side" in text["Leicester"]


def test_limits_and_england_are_named_where_they_end():
    fig = draw().figure
    assert sorted(note(fig, "limit")) == ["inner limit", "inner limit", "outer limit", "outer limit"]
    assert note(fig, "England") == ["England 54%"]
    assert set(trace(fig, "England").y) == {54.0}


def test_labels_of_limits_never_lie_on_each_other():
    flat = limits(bases=(1000, 1001)).assign(lower_998=53.9, lower_95=53.95, upper_95=54.05, upper_998=54.1)
    fig = draw(curves=flat).figure
    ys = sorted(a.y for a in fig.layout.annotations if a.name in {"limit", "England"})
    gaps = [(b - a) * 440 for a, b in itertools.pairwise(ys)]
    assert len(ys) == 5
    assert min(gaps) >= 14


def test_a_limit_cut_off_at_nought_is_not_drawn():
    fig = draw(curves=limits(2.0), frame=rows().assign(value=[1, 2, 9, 3]), centre=2.0).figure
    assert all(y is None or y > 0 for y in trace(fig, "lower_998").y)
    assert None in trace(fig, "lower_998").y


def test_percentages_stay_within_0_and_100_on_the_axis():
    frame = rows().assign(value=[0, 100, 50, 98])
    fig = draw(frame).figure
    assert fig.layout.yaxis.range[0] >= -2
    assert fig.layout.yaxis.range[1] <= 102
    assert max(fig.layout.yaxis.tickvals) <= 100


@pytest.mark.parametrize("width", WIDTHS)
def test_every_dot_is_inside_the_axes(width):
    fig = draw(width=width).figure
    dots = trace(fig, "dots")
    assert all(fig.layout.xaxis.range[0] <= x <= fig.layout.xaxis.range[1] for x in dots.x)
    assert all(fig.layout.yaxis.range[0] <= y <= fig.layout.yaxis.range[1] for y in dots.y)


@pytest.mark.parametrize("width", WIDTHS)
def test_names_do_not_overlap_at_any_width(width):
    frame = pd.DataFrame(
        [row(LONG_NAME, 205, 50, "chosen")]
        + [row(f"Kensington and Chelsea {k}", 200 + k, 50 + k % 3, "neighbour") for k in range(10)]
        + [row(f"Other {k}", 50 + 9 * k, 40 + k % 25) for k in range(120)]
    )
    result = draw(frame, width=width)
    for container in (template.FITS[width], round(template.FITS[width] * 1.4), template.FITS[width] * 2):
        found, across, up = boxes(result, width, container)
        # On a phone a neighbour without room for its name goes without; the authority chosen never does.
        assert len(found) == 11 if width == "wide" else found[0][0] == LONG_NAME
        assert overlapping(found) == []
        for _, left, top, right, bottom in found:
            assert left >= -3 and top >= -1 and right <= across + 3 and bottom <= up + 1


@pytest.mark.parametrize("name", ["City of London", "Kent", "Bournemouth, Christchurch and Poole"])
@pytest.mark.parametrize("case", [("eet", "19-21", "2025-03-31"), ("agency_rate", "all", "2025-09-30")])
def test_names_of_published_figures_do_not_overlap_at_any_width(warehouse, name, case):
    from careleavers.figures.catalogue import from_rows
    from careleavers.views.spread import words as spread_words

    indicator = from_rows(warehouse.query("indicators"))[case[0]]
    authorities = warehouse.query("authorities").set_index("authority_name")
    code = authorities.loc[name, "authority_code"]
    asked = {"indicator": case[0], "age_group": case[1], "period": case[2]}
    found = warehouse.query("spread_funnel", **asked, authority=code)
    frame, curves = spread_words.funnel_frame(found, indicator, code), warehouse.query("spread_funnel_limits", **asked)
    for width in WIDTHS:
        result = draw(frame, curves, width=width)
        for times in (1, 1.3, 1.65):
            assert overlapping(boxes(result, width, round(template.FITS[width] * times))[0]) == [], (width, times)


def test_alt_says_the_finding_and_the_place_of_the_chosen():
    alt = draw().alt
    for part in (HEAD, "Funnel plot of 4 authorities", "Leeds: 46%, inside the usual range"):
        assert part in alt


def test_without_limits_the_dots_are_still_drawn():
    fig = draw(curves=limits().head(0)).figure
    assert len(trace(fig, "dots").x) == 4
    assert note(fig, "limit") == []


odd = st.builds(
    lambda name, base, value, role, side: row(name, base, value, role, side) | {"value_text": None},
    st.text(max_size=60),
    ANY_FIGURE,
    ANY_FIGURE,
    st.sampled_from(["chosen", "neighbour", "other", ""]),
    st.sampled_from(["", "inside", "above_998", "below_95"]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    found=st.lists(odd, max_size=8),
    width=st.sampled_from(WIDTHS),
    centre=ANY_FIGURE,
    unit=st.sampled_from(["per cent", ""]),
)
def test_no_frame_breaks_it(found, width, centre, unit):
    frame = pd.DataFrame(found, columns=list(row("x", 1, 1)))
    result = draw(frame, width=width, centre=centre, unit=unit)
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()
    assert float("-inf") < result.height < 2000
