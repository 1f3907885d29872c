import itertools
import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import ranked, template
from careleavers.charts.ranked import Comparator
from careleavers.charts.ranked_rows import shown_rows
from tests.charts.reading import note, plain, trace
from tests.charts.samples import (
    ANY_FIGURE,
    ENGLAND,
    HEADLINE,
    LONG_NAME,
    WIDTHS,
    authorities,
    authority,
    ranked_arguments,
)


def draw(frame: pd.DataFrame | None = None, **changes):
    return ranked(authorities() if frame is None else frame, **ranked_arguments(**changes))


@pytest.mark.parametrize("width", WIDTHS)
def test_best_is_at_the_top(width):
    result = draw(authorities().iloc[::-1], width=width)
    dots = trace(result.figure, "dots")
    assert [row[1] for row in dots.customdata] == ["Leicester", LONG_NAME, "Leeds"]
    assert list(dots.y) == sorted(dots.y)
    assert result.figure.layout.yaxis.range[0] > result.figure.layout.yaxis.range[1]  # 0 is the top


@pytest.mark.parametrize("width", WIDTHS)
def test_england_line_stands_at_englands_value(width):
    fig = draw(width=width).figure
    assert {x for x in trace(fig, "England").x if x is not None} == {54.2}
    assert note(fig, "England") == ["England 54%"]


def test_no_england_figure_no_line():
    fig = draw(comparators=[]).figure
    assert trace(fig, "England") is None
    assert note(fig, "England") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_names_are_never_cut(width):
    fig = draw(width=width).figure
    names = [plain(text) for text in trace(fig, "names").text]
    assert LONG_NAME in names
    assert "► Leeds" in names
    assert "◆ Leicester" in names


def test_a_click_gives_the_authority_code():
    assert trace(draw().figure, "dots").customdata[0][0] == "E-Leicester"


def test_hover_tells_all():
    text = plain(trace(draw().figure, "dots").hovertext[2])
    for fact in ("Leeds", "46%", "273 of 600", "41.5 to 49.5", "3 of 3", "Top quarter"):
        assert fact in text


def test_alt_names_the_ends_the_chosen_and_the_missing():
    alt = draw().alt
    for part in (HEADLINE, "Leicester (79%", "Leeds: 46%", "England 54%", "1 without a figure"):
        assert part in alt


row = st.builds(
    lambda name, value, lower, upper, rank, words: (
        authority(name, None, rank, lower=lower, upper=upper, status_text=words) | {"value": value}
    ),
    st.text(max_size=60),
    ANY_FIGURE,
    ANY_FIGURE,
    ANY_FIGURE,
    st.one_of(st.none(), st.integers(1, 153)),
    st.one_of(st.none(), st.text(max_size=90)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(row, max_size=6),
    width=st.sampled_from(WIDTHS),
    polarity=st.sampled_from(["high", "low", "neutral"]),
    england=ANY_FIGURE,
    everyone=st.booleans(),
)
def test_no_frame_breaks_it(rows, width, polarity, england, everyone):
    frame = pd.DataFrame(rows, columns=list(authority("x", None, None)))
    result = draw(
        frame, width=width, polarity=polarity, comparators=[Comparator("England", england, "")], everyone=everyone
    )
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()
    dots = trace(result.figure, "dots")
    if dots is not None:
        assert all(x is not None and abs(x) < float("inf") for x in dots.x)


def many(count: int = 152) -> pd.DataFrame:
    return pd.DataFrame([authority(f"Place {i}", 90 - i / 2, i + 1) for i in range(count)])


@pytest.mark.parametrize("width", WIDTHS)
def test_without_a_figure_nothing_is_drawn_and_the_alternative_counts_it(width):
    result = draw(width=width)
    assert "E-Isles of Scilly" not in [row[0] for row in trace(result.figure, "dots").customdata]
    assert len(trace(result.figure, "figures").text) == 3
    assert "1 without a figure" in result.alt


def test_the_comparator_of_the_title_is_drawn_and_named_with_england():
    fig = draw(comparators=[Comparator("Mean of its neighbours", 55.1, "55%"), ENGLAND]).figure
    assert set(trace(fig, "comparator").x) == {55.1, None}
    assert note(fig, "comparator") == ["Mean of its neighbours 55%"]
    assert note(fig, "England") == ["England 54%"]
    names = {found.name: found for found in fig.layout.annotations if found.name in {"comparator", "England"}}
    # On one line of text, each on its own side of the two lines.
    assert names["England"].yshift == names["comparator"].yshift
    assert (names["England"].xanchor, names["comparator"].xanchor) == ("right", "left")


def test_of_many_the_ends_the_neighbours_and_its_place_are_shown():
    near = ["E-Place 40", "E-Place 43"]
    shown = shown_rows(many().to_dict("records"), "E-Place 100", near, everyone=False)
    names = [row if isinstance(row, int) else row["authority_name"].removeprefix("Place ") for row in shown]
    assert names == ["0", "1", "2", 37, "40", 2, "43", 54, "98", "99", "100", "101", "102", 48, "151"]


def test_one_row_alone_is_never_left_out():
    shown = shown_rows(many().to_dict("records"), "E-Place 6", [], everyone=False)
    names = [row if isinstance(row, int) else row["authority_name"].removeprefix("Place ") for row in shown]
    assert names == [*"012345678", 142, "151"]


def test_without_an_authority_the_ends_and_the_middle_are_shown():
    shown = shown_rows(many().to_dict("records"), "", [], everyone=False)
    places = [row if isinstance(row, int) else int(row["authority_name"].removeprefix("Place ")) for row in shown]
    assert places[:6] == [0, 1, 2, 3, 4, 5]
    assert places[-6:] == [146, 147, 148, 149, 150, 151]
    assert 75 in places[7:-7]
    assert places[6] + places[-7] + 19 == 152


def test_of_an_authority_without_a_figure_its_neighbours_are_shown():
    shown = shown_rows(many().to_dict("records"), "E-Nowhere", ["E-Place 40", "E-Place 43"], everyone=False)
    names = [row if isinstance(row, int) else row["authority_name"].removeprefix("Place ") for row in shown]
    assert names == ["0", "1", "2", 37, "40", 2, "43", 107, "151"]


def test_a_picture_of_everyone_is_of_the_same_rows_as_the_short_one():
    whole = draw(many(), authority_code="E-Place 100", everyone=True)
    assert len(trace(whole.figure, "dots").x) == 152
    high, figure = whole.picture
    assert high <= template.MOST_HEIGHT < whole.height
    drawn = next(found for found in json.loads(figure)["data"] if found["name"] == "dots")
    assert len(drawn["x"]) == 9


@pytest.mark.parametrize("place", [0, 1, 50, 151])
def test_the_picture_fits_on_a_page_whoever_the_neighbours_are(place):
    near = [f"E-Place {i}" for i in range(12, 140, 13)]
    result = draw(many(), authority_code=f"E-Place {place}", neighbour_codes=near)
    assert result.height <= template.MOST_HEIGHT
    ys = list(trace(result.figure, "dots").y)
    assert all(b - a >= template.LINE_HEIGHT for a, b in itertools.pairwise(ys))


def test_figures_and_counts_stand_in_the_plot_right_of_the_last_tick():
    fig = draw().figure
    end = fig.layout.xaxis.range[1]
    assert max(fig.layout.xaxis.tickvals) < min(trace(fig, "figures").x) < end
    assert [plain(text) for text in trace(fig, "figures").text] == ["79%", "56%", "46%"]
    assert [plain(text) for text in trace(fig, "counts").text] == ["472 of 600", "336 of 600", "273 of 600"]


def test_one_colour_for_each_role():
    fig = draw().figure
    assert list(trace(fig, "dots").marker.color) == [template.TURQUOISE, template.OTHER_GREY, template.DARK_BLUE]
    assert trace(fig, "interval chosen").line.color == template.DARK_BLUE
    assert list(trace(fig, "interval chosen").x) == [41.5, 49.5, None]
    assert trace(fig, "names").text[2].startswith("<b>")
    assert not trace(fig, "names").text[0].startswith("<b>")
    assert [shape.name for shape in fig.layout.shapes if shape.name == "chosen"] == ["chosen"]


def test_without_intervals_none_is_drawn_or_explained():
    fig = draw(authorities().assign(lower=None, upper=None)).figure
    assert trace(fig, "interval chosen") is None
    assert "interval" not in note(fig, "key")[0]


def test_a_neutral_measure_has_no_words_about_rank():
    result = draw(polarity="neutral", polarity_words="neither higher nor lower is better")
    seen = result.figure.to_json() + result.alt
    assert "Rank" not in seen
    assert "best" not in seen.lower()


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_ranked_is_hollow_and_said(width):
    result = draw(authorities().assign(unknown_text=["66% not known", "", "", ""]), width=width)
    dots = trace(result.figure, "dots")
    assert list(dots.marker.line.width) == [2, 0, 0]
    assert dots.marker.color[0] == "#FFFFFF"
    assert "Not ranked: 66% not known" in dots.hovertext[0]
    assert "1 hollow and not ranked" in result.alt
    assert "hollow" not in draw(width=width).alt


def test_without_any_figure_a_sentence_says_so():
    for frame in (authorities().head(0), authorities().tail(1)):
        result = draw(frame)
        assert note(result.figure, "sentence") == ["There is no authority with a figure to show for this choice."]
        assert "no authority with a figure" in result.alt
