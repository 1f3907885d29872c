import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from careleavers.charts.tile_map import (
    ABSENT,
    BAND_PAINTS,
    HIDDEN,
    VALUE_PAINTS,
    VERDICT_PAINTS,
    paint,
    region_names,
    tile_map,
)
from tests.charts.reading import note, plain, trace
from tests.charts.samples import FOOTER, SUBTITLE, WIDTHS

HEAD = "Leeds: 46% in education, employment or training, worse than England’s 54%"
LABELS = ["under 50%", "50% to 54%", "55% to 59%", "60% or more"]


def tile(name, column, line, shade=0, state="figure", **changes):
    return {
        "authority_code": f"E-{name}",
        "authority_name": name,
        "region": "North" if line in (0, 1) else "South",
        "tile_column": column,
        "tile_row": line,
        "short": name[:3],
        "shade": shade,
        "state": state,
        "tile_text": "46%",
        "tile_mark": "",
        "hover": f"North\n46% (46 of 100)\n{name} line",
        "is_chosen": False,
    } | changes


def rows():
    return pd.DataFrame(
        [
            tile("Leeds", 4, 0, 0, is_chosen=True),
            tile("York", 5, 0, 3),
            tile("Hull", 5, 1, None, "none", tile_text="[c]"),
            tile("Newer", 4, 2, None, "absent", tile_text=""),
            tile("Kent", 5, 2, 2),
            tile("Abolished", None, None, 1),
        ]
    )


def draw(frame=None, **changes):
    arguments = {
        "scheme": "value",
        "class_labels": LABELS,
        "headline": HEAD,
        "subtitle": SUBTITLE,
        "footer": FOOTER,
        "filename": "Leeds map",
    } | changes
    return tile_map(rows() if frame is None else frame, **arguments)


def channel(value):
    value /= 255
    return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one, two):
    lights = []
    for colour in (one, two):
        red, green, blue = (channel(int(colour[k : k + 2], 16)) for k in (1, 3, 5))
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize(
    "look", [*VALUE_PAINTS, *BAND_PAINTS.values(), *VERDICT_PAINTS.values(), HIDDEN, ABSENT], ids=str
)
def test_letters_can_be_read_on_every_fill(look):
    assert contrast(look.fill, look.text) >= 4.5


def test_contrast_is_reckoned_right():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["value", "band", "verdict"])
def test_no_figure_never_looks_like_a_figure(scheme):
    looks = {paint(scheme, shade, "figure", 4) for shade in (0, 1, 2, 3, "A", "B", "D", "better", "worse", "")} - {
        HIDDEN
    }
    assert HIDDEN not in looks and ABSENT not in looks
    assert HIDDEN.pattern and ABSENT.pattern and HIDDEN.pattern != ABSENT.pattern
    assert all(not look.pattern for look in looks)
    assert paint(scheme, 0, "none", 4) == HIDDEN
    assert paint(scheme, "A", "absent", 4) == ABSENT


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_classes_darken_upwards_and_differ(count):
    fills = [paint("value", k, "figure", count).fill for k in range(count)]
    lights = [contrast(fill, "#000000") for fill in fills]
    assert lights == sorted(lights, reverse=True)
    assert len(set(fills)) == count


def test_each_tile_stands_in_its_place_and_gives_its_code():
    tiles = trace(draw().figure, "tiles")
    assert [c[0] for c in tiles.customdata] == ["E-Leeds", "E-York", "E-Hull", "E-Newer", "E-Kent"]
    assert list(tiles.x) == [4, 5, 5, 4, 5]
    assert [round(b + h / 2) for b, h in zip(tiles.base, tiles.y, strict=True)] == [0, 0, 1, 2, 2]
    layout = draw().figure.layout
    assert layout.yaxis.range[0] > layout.yaxis.range[1]  # row 0 is the north


def test_fills_and_hatches():
    marker = trace(draw().figure, "tiles").marker
    assert list(marker.color) == [
        VALUE_PAINTS[0].fill, VALUE_PAINTS[3].fill, HIDDEN.fill, ABSENT.fill, VALUE_PAINTS[2].fill,
    ]  # fmt: skip
    assert list(marker.pattern.shape) == ["", "", "/", ".", ""]


def test_letters_and_figures_in_large_tiles_marks_alone_in_small_ones():
    fig = draw().figure
    assert [plain(text) for text in trace(fig, "letters").text] == ["Lee", "Yor", "Hul", "New", "Ken"]
    assert list(trace(fig, "figures").text) == ["46%", "46%", "[c]", "", "46%"]
    # The two lines of a tile are nearer than those of running text, and one line alone stands in the middle.
    apart = [below - above for above, below in zip(trace(fig, "letters").y, trace(fig, "figures").y, strict=True)]
    assert 14.5 <= apart[0] * 35 < 16
    assert trace(fig, "letters").y[3] == 2
    frame = rows().assign(tile_mark=["▼", "▲", "", "", "●", ""])
    small = draw(frame, width="narrow", scheme="verdict").figure
    # One tile of each region has its letter, never the chosen one’s; the key says which it is.
    assert list(trace(small, "letters").text) == ["▼", "<b>a</b>", "", "<b>b</b>", "●"]
    assert "a North" in note(small, "key")[0] and "b South" in note(small, "key")[0]


def test_text_too_long_for_a_tile_is_left_to_the_hover():
    frame = rows().assign(tile_text="1,234,567")
    assert set(trace(draw(frame).figure, "figures").text) == {""}
    assert {plain(text) for text in trace(draw(frame).figure, "letters").text} == {"Lee", "Yor", "Hul", "New", "Ken"}


def test_chosen_has_a_dark_and_a_pale_frame():
    frames = [s for s in draw().figure.layout.shapes if (s.name or "").startswith("chosen")]
    assert [s.line.color for s in frames] == [template.INK, "#FFFFFF"]
    assert all(s.x0 < 4 < s.x1 and s.y0 < 0 < s.y1 for s in frames)
    assert "Leeds (thick frame)" in note(draw().figure, "key")[0]


def test_regions_are_divided():
    lines = trace(draw().figure, "regions")
    edges = set(zip(lines.x[::3], lines.y[::3], lines.x[1::3], lines.y[1::3], strict=True))
    assert (4.5, 1.5, 5.5, 1.5) in edges  # between Hull (North) and Kent (South)
    assert (4.5, -0.5, 4.5, 0.5) not in edges  # between Leeds and York
    assert len(edges) == len(lines.x) / 3


def test_key_says_what_the_colours_mean():
    assert "under 50%" in note(draw().figure, "key")[0]
    assert "▨ no figure" in note(draw().figure, "key")[0]
    assert "did not exist then" in note(draw().figure, "key")[0]
    band = rows().assign(shade=["D", "A", "", "", "B", "C"])
    key = note(draw(band, scheme="band").figure, "key")[0]
    assert "T top quarter" in key and "B bottom quarter" in key
    verdict = rows().assign(shade=["worse", "better", "", "", "similar", ""])
    key = note(draw(verdict, scheme="verdict", verdict_against="England").figure, "key")[0]
    assert "▲ better than England" in key and "● similar to England" in key and "▼ worse than England" in key


def test_hover_is_the_name_and_its_lines():
    hover = trace(draw().figure, "tiles").hovertext[0]
    assert hover == "<b>Leeds</b><br>North<br>46% (46 of 100)<br>Leeds line"


def test_two_tiles_never_share_a_place():
    frame = pd.concat([rows(), rows()])
    tiles = trace(draw(frame).figure, "tiles")
    assert len(set(zip(tiles.x, tiles.base, strict=True))) == len(tiles.x)


def test_published_map_has_every_authority_and_names_that_fit(warehouse):
    frame = warehouse.query(
        "map", indicator="eet", age_group="19-21", period="2025-03-31", authority="", against="england"
    )
    tiles = frame[frame["tile_row"].notna()].to_dict("records")
    assert len(tiles) == 153
    # A column more than the 17 that have tiles, which leaves room for London’s name.
    size = (template.FITS["wide"] - 2 * template.PAD) / 18
    found, homeless = region_names(tiles, 18, 18, size)
    assert len(found) + len(homeless) == 9
    assert homeless == ["East Midlands"]
    drawn = draw(frame.assign(short="Abc", shade=0, state="figure", tile_text="", tile_mark="", hover="")).figure
    assert "London" in note(drawn, "region")
    assert "East Midlands is the area around Rutland (Abc)" in note(drawn, "key")[0]
    taken = {(row["tile_column"], row["tile_row"]) for row in tiles}
    boxes = []
    for _, x, y, side, lines in found:
        need = max(text_width(line, TEXT_SIZE) for line in lines) / size
        left = x if side == "right" else x - need
        boxes.append((left, y - 0.5, left + need, y + 0.5))
        for column, line in taken:
            assert not (line == y and left < column + 0.5 - 1e-6 and left + need > column - 0.5 + 1e-6)
    for a, b in itertools.combinations(boxes, 2):
        assert not (a[0] < b[2] and a[2] > b[0] and a[1] < b[3] and a[3] > b[1])


maybe = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.integers(0, 16))
odd = st.builds(
    lambda name, column, line, shade, state, chosen: tile(name, column, line, shade, state, is_chosen=chosen),
    st.text(max_size=60),
    maybe,
    maybe,
    st.one_of(st.none(), st.integers(-3, 9), st.sampled_from(["A", "D", "better", "", "?"]), st.floats()),
    st.sampled_from(["figure", "none", "absent", ""]),
    st.booleans(),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    found=st.lists(odd, max_size=8),
    width=st.sampled_from(WIDTHS),
    scheme=st.sampled_from(["value", "band", "verdict"]),
    labels=st.lists(st.text(max_size=12), min_size=1, max_size=4),
)
def test_no_frame_breaks_it(found, width, scheme, labels):
    frame = pd.DataFrame(found, columns=list(tile("x", 0, 0)))
    result = draw(frame, width=width, scheme=scheme, class_labels=labels)
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()


def test_what_is_not_ranked_has_no_colour_of_merit():
    look = paint("value", 3, "not compared", 4)
    assert (look.fill, look.pattern) == ("#FFFFFF", "")
    assert paint("band", "", "not compared", 4) == look
    frame = pd.concat([rows(), pd.DataFrame([tile("Lost", 6, 2, 3, "not compared")])])
    assert any("not ranked" in text for text in note(draw(frame).figure, "key"))
