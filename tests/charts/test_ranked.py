import itertools

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import ranked, template
from tests.charts.reading import font_sizes, note, plain, trace
from tests.charts.samples import (
    ANY_FIGURE,
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
    bars = trace(result.figure, "bars")
    assert [row[1] for row in bars.customdata] == ["Leicester", LONG_NAME, "Leeds"]
    assert list(bars.y) == sorted(bars.y)
    assert result.figure.layout.yaxis.range[0] > result.figure.layout.yaxis.range[1]  # 0 is the top


@pytest.mark.parametrize("width", WIDTHS)
def test_suppressed_has_no_bar_and_says_why(width):
    fig = draw(width=width).figure
    bars = trace(fig, "bars")
    assert "E-Isles of Scilly" not in [row[0] for row in bars.customdata]
    reasons = trace(fig, "reasons")
    assert [plain(text) for text in reasons.text] == ["Suppressed: counts of 1 to 5 are not published"]
    assert min(reasons.y) > max(bars.y)
    assert len(trace(fig, "figures").text) == 3


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_and_shading_end_before_the_reasons(width):
    fig = draw(width=width).figure
    last = max(trace(fig, "bars").y)
    reason = min(trace(fig, "reasons").y)
    ends = [shape.y1 for shape in fig.layout.shapes]
    ends += [y for y in trace(fig, "England").y if y is not None]
    assert last < max(ends) < reason


@pytest.mark.parametrize("width", WIDTHS)
def test_england_line_stands_at_englands_value(width):
    fig = draw(width=width).figure
    assert {x for x in trace(fig, "England").x if x is not None} == {54.2}
    assert note(fig, "England") == ["England 54%"]


def test_englands_value_is_worded_by_the_caller_when_given():
    assert note(draw(england=98.5, england_text="99%").figure, "England") == ["England 99%"]


def test_the_chosen_interval_shows_inside_its_dark_bar():
    inside = trace(draw().figure, "interval inside")
    assert list(inside.x) == [41.5, 45.5, None]
    assert inside.line.color == "#FFFFFF"


def test_no_england_figure_no_line():
    fig = draw(england=None).figure
    assert trace(fig, "England") is None
    assert note(fig, "England") == []


def test_bars_start_at_zero_and_percent_stays_within_100():
    fig = draw().figure
    assert tuple(fig.layout.xaxis.range) == (0, 100)
    assert trace(fig, "bars").base is None


@pytest.mark.parametrize(
    ("polarity", "best", "words"),
    [
        ("high", (60.28, 100), ["← Bottom quarter", "Top quarter →"]),
        ("low", (0, 48.89), ["← Top quarter", "Bottom quarter →"]),
    ],
)
def test_shading_follows_polarity(polarity, best, words):
    fig = draw(polarity=polarity).figure
    shaded = {shape.name: (shape.x0, shape.x1) for shape in fig.layout.shapes if "quarter" in (shape.name or "")}
    assert shaded["top quarter"] == best
    assert len(shaded) == 2
    assert note(fig, "quarter") == words


def test_neutral_has_no_shading_and_no_rank_words():
    result = draw(polarity="neutral", polarity_words="neither higher nor lower is better")
    assert note(result.figure, "quarter") == []
    assert not [shape for shape in result.figure.layout.shapes if "quarter" in (shape.name or "")]
    seen = result.figure.to_json() + result.alt
    assert "Rank" not in seen
    assert "best" not in seen.replace("\\u2019", "").lower()


def test_no_cuts_no_shading():
    assert note(draw(cuts=None).figure, "quarter") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_names_are_never_cut(width):
    fig = draw(width=width).figure
    names = [plain(text) for text in trace(fig, "names").text]
    assert LONG_NAME in names
    assert "► Leeds" in names
    assert "◊ Leicester" in names


def test_direct_labels_hold_value_and_count():
    assert [plain(text) for text in trace(draw().figure, "figures").text] == [
        "79% 472 of 600",
        "56% 336 of 600",
        "46% 273 of 600",
    ]


def test_chosen_and_neighbours_are_picked_out_by_colour_and_mark():
    fig = draw().figure
    assert list(trace(fig, "bars").marker.color) == [template.TURQUOISE, template.FOCUS_GREY, template.DARK_BLUE]
    assert trace(fig, "names").text[2].startswith("<b>")
    assert not trace(fig, "names").text[0].startswith("<b>")


def test_a_click_gives_the_authority_code():
    assert trace(draw().figure, "bars").customdata[0][0] == "E-Leicester"


def test_hover_tells_all():
    text = plain(trace(draw().figure, "bars").hovertext[2])
    for fact in ("Leeds", "46%", "273 of 600", "41.5 to 49.5", "3 of 3", "Top quarter"):
        assert fact in text


def test_interval_is_drawn_from_the_value():
    bars = trace(draw().figure, "bars")
    assert bars.error_x.array[2] == pytest.approx(4)
    assert bars.error_x.arrayminus[2] == pytest.approx(4)


def test_without_intervals_none_is_drawn_or_explained():
    fig = draw(authorities().assign(lower=None, upper=None)).figure
    assert trace(fig, "bars").error_x.visible is False
    assert "interval" not in note(fig, "key")[0]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("rows", [1, 11, 153])
def test_rows_are_high_enough_to_read(width, rows):
    frame = pd.DataFrame([authority(f"Place {i}", 90 - i / 2, i + 1) for i in range(rows)])
    result = draw(frame, width=width)
    ys = list(trace(result.figure, "bars").y)
    assert all(b - a >= 17 for a, b in itertools.pairwise(ys))
    assert min(font_sizes(result.figure)) >= 12
    assert result.height == result.figure.layout.height


def test_empty_frame_says_so_in_a_sentence():
    result = draw(authorities().head(0))
    assert note(result.figure, "sentence") == ["There are no authorities to show for this choice."]
    assert "no authorities" in result.alt


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
    cuts=st.one_of(st.none(), st.lists(st.floats(0, 100), min_size=3, max_size=3)),
)
def test_no_frame_breaks_it(rows, width, polarity, england, cuts):
    frame = pd.DataFrame(rows, columns=list(authority("x", None, None)))
    result = draw(frame, width=width, polarity=polarity, england=england, cuts=cuts)
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()
    bars = trace(result.figure, "bars")
    if bars is not None:
        assert all(x is not None and abs(x) < float("inf") for x in bars.x)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_not_ranked_is_hatched_and_said(width):
    frame = authorities().assign(unknown_text=["66% not known", "", "", ""])
    result = draw(frame, width=width)
    bars = trace(result.figure, "bars")
    hatched = {row[1] for row, shape in zip(bars.customdata, bars.marker.pattern.shape, strict=True) if shape}
    assert hatched == {frame["authority_name"].iloc[0]}
    first = [row[1] for row in bars.customdata].index(frame["authority_name"].iloc[0])
    assert bars.marker.color[first] == "#FFFFFF"
    assert "Not ranked: 66% not known" in bars.hovertext[first]
    assert "1 hatched and not ranked" in result.alt


def test_a_chart_without_such_figures_has_no_hatching():
    result = draw()
    assert not any(trace(result.figure, "bars").marker.pattern.shape)
    assert "hatched" not in result.alt
