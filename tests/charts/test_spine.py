import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import spine, template
from careleavers.charts.spine_rows import spine_marks, spine_position
from tests.charts.reading import font_sizes, note, plain, trace
from tests.charts.samples import ANY_FIGURE, WIDTHS, indicator, indicators, spine_arguments


def draw(frame: pd.DataFrame | None = None, **changes):
    return spine(indicators() if frame is None else frame, **spine_arguments(**changes))


@pytest.mark.parametrize("polarity", ["high", "low", "neutral"])
@pytest.mark.parametrize("england", [31.0, 54.0, 78.0])
def test_england_is_in_the_middle(polarity, england):
    def at(value):
        return spine_position(value, england=england, minimum=30.0, maximum=79.0, polarity=polarity)

    assert at(england) == 0
    assert max(abs(at(30.0)), abs(at(79.0))) == pytest.approx(1)
    assert at(30.0) * at(79.0) < 0


@pytest.mark.parametrize(("polarity", "sign"), [("high", 1), ("low", -1), ("neutral", 1)])
def test_better_is_right(polarity, sign):
    higher = spine_position(60.0, england=54.0, minimum=30.0, maximum=79.0, polarity=polarity)
    assert higher is not None
    assert higher * sign > 0


def test_positions_without_a_needed_figure_are_unknown():
    assert spine_position(None, england=1, minimum=0, maximum=2, polarity="high") is None
    assert spine_position(1.0, england=None, minimum=0, maximum=2, polarity="high") is None


def test_no_spread_is_the_middle():
    assert spine_position(5.0, england=5.0, minimum=5.0, maximum=5.0, polarity="low") == 0


def test_ranges_of_a_mirrored_row_still_run_left_to_right():
    marks = spine_marks(indicator("Caseload", polarity="low"))
    assert marks.full is not None and marks.middle is not None
    assert marks.full[0] <= marks.middle[0] < marks.middle[1] <= marks.full[1]


@pytest.mark.parametrize("width", WIDTHS)
def test_groups_are_headed_outcomes_first(width):
    fig = draw(width=width).figure
    assert note(fig, "heading") == ["Outcomes", "Services behind them", "Context"]
    labels = {plain(found.text): found.y for found in fig.layout.annotations if found.name == "row label"}
    assert labels["In education, employment or training"] < labels["Caseload"]


def test_rows_stand_closer_where_the_picture_would_be_too_high():
    some, many = (pd.concat([indicators()] * times, ignore_index=True) for times in (1, 5))
    roomy = draw(many).height
    assert roomy <= template.MOST_HEIGHT
    words = draw(some, headline="Words " * 30).height - draw(some).height
    assert roomy + words > template.MOST_HEIGHT
    assert draw(many, headline="Words " * 30).height < roomy + words


@pytest.mark.parametrize("width", WIDTHS)
def test_suppressed_has_no_mark_and_says_why(width):
    fig = draw(width=width).figure
    assert note(fig, "reason") == ["Suppressed"]
    assert "Staying put" not in [row[0] for row in trace(fig, "authority").customdata]
    assert len(trace(fig, "comparator").x) == 3


def test_marks_carry_the_verdict_by_shape_and_word_as_well_as_colour():
    fig = draw().figure
    dots = trace(fig, "authority")
    assert [row[1] for row in dots.customdata] == ["worse", "better", "lower"]
    assert list(dots.marker.symbol) == ["triangle-down", "triangle-up", "triangle-down"]
    assert list(dots.marker.color) == [template.ORANGE, template.DARK_BLUE, "#FFFFFF"]
    assert note(fig, "verdict") == ["▼ worse", "▲ better", "▽ lower"]
    assert "better than England" in note(fig, "key")[0]


def test_directions_are_said():
    assert note(draw().figure, "direction") == ["◄ Worse", "England", "Better ►"]


@pytest.mark.parametrize("width", WIDTHS)
def test_neutral_rows_say_that_neither_end_is_better(width):
    fig = draw(width=width).figure
    assert "Care leavers (no better or worse)" in note(fig, "row label")
    assert "low on the left" in note(fig, "key")[0]


def test_the_comparator_looks_as_in_other_charts():
    near, region = draw(comparator_name="Mean of neighbours").figure, draw(comparator_name="London").figure
    assert (trace(near, "comparator").marker.symbol, trace(near, "comparator").marker.color) == (
        "diamond",
        template.TURQUOISE,
    )
    assert trace(region, "comparator").marker.symbol == "square"
    assert "◆ Mean of neighbours" in plain(note(near, "key")[0])


def test_england_as_comparator_needs_no_mark():
    fig = draw(comparator_name="England").figure
    assert len(trace(fig, "comparator").x or ()) == 0
    assert "◆" not in note(fig, "key")[0]


def test_a_row_without_england_shows_its_value_and_says_why_there_is_no_spine():
    fig = draw(pd.DataFrame([indicator("Caseload", england=None)])).figure
    assert note(fig, "value") == ["46%"]
    assert note(fig, "reason") == ["No England figure to compare with"]
    assert len(trace(fig, "authority").x or ()) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_long_labels_are_whole_and_text_is_large_enough(width):
    long = "Accommodation considered suitable, care leavers aged 19–21, full year"
    fig = draw(pd.DataFrame([indicator(long)]), width=width).figure
    assert note(fig, "row label") == [long]
    assert min(size for size in font_sizes(fig)) >= 12


def test_alt_tells_each_row():
    alt = draw().alt
    for part in ("Leeds", "Caseload: 46%, better", "Staying put: suppressed", "compared with England"):
        assert part in alt


row = st.builds(
    lambda label, words, numbers, theme, polarity, verdict: indicator(
        label,
        theme=theme,
        polarity=polarity,
        verdict=verdict,
        status_text=words,
        **dict(
            zip(
                ["value", "minimum", "q25", "median", "q75", "maximum", "england", "comparator_value"],
                numbers,
                strict=True,
            )
        ),
    ),
    st.text(max_size=60),
    st.one_of(st.none(), st.text(max_size=90)),
    st.lists(ANY_FIGURE, min_size=8, max_size=8),
    st.sampled_from(["outcome", "enabler", "context", "", None]),
    st.sampled_from(["high", "low", "neutral", ""]),
    st.sampled_from(["better", "similar", "worse", "higher", "lower", "", None]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(row, max_size=6), width=st.sampled_from(WIDTHS))
def test_no_frame_breaks_it(rows, width):
    result = draw(pd.DataFrame(rows, columns=list(indicator("x"))), width=width)
    assert result.alt
    assert note(result.figure, "footer")
    result.figure.to_json()
    dots = trace(result.figure, "authority")
    if dots is not None:
        assert all(-1 <= x <= 1 for x in dots.x)
