"""What holds for every chart: it stands alone, is readable, and says so when there is nothing to draw."""

import json
import re
from functools import cache

import pandas as pd
import pytest

from careleavers.charts import ChartResult
from careleavers.charts.report_sizes import report_misses
from careleavers.charts.template import Width
from tests.charts import (
    test_areas,
    test_by_judgement,
    test_funnel,
    test_quarters,
    test_ranked,
    test_scatter,
    test_shares,
    test_since_inspection,
    test_small_multiples,
    test_spine,
    test_strip,
    test_tile_map,
    test_trend,
    test_workforce,
)
from tests.charts.reading import font_sizes, note, plain
from tests.charts.samples import FOOTER, WIDTHS

# Each chart drawn from its own samples, in each layout.
CHARTS = {
    "area_bars": lambda width: test_areas.draw_bars(width=width),
    "area_lines": lambda width: test_areas.draw_lines(width=width),
    "by_judgement": lambda width: test_by_judgement.outcomes(width=width),
    "funnel": lambda width: test_funnel.draw(width=width),
    "measure_panels": lambda width: test_workforce.draw(width=width),
    "quarters": lambda width: test_quarters.draw(test_quarters.LEEDS, test_quarters.KENT, width=width),
    "ranked": lambda width: test_ranked.draw(width=width),
    "scatter": lambda width: test_scatter.draw(width=width),
    "shares": lambda width: test_shares.draw(width=width),
    "since_inspection": lambda width: test_since_inspection.since(width=width),
    "small_multiples": lambda width: test_small_multiples.draw(test_small_multiples.TEN, width=width),
    "spine": lambda width: test_spine.draw(width=width),
    "strip": lambda width: test_strip.draw(width=width),
    "tile_map": lambda width: test_tile_map.draw(width=width),
    "trend": lambda width: test_trend.draw(test_trend.LEEDS, test_trend.ENGLAND, width=width),
}
# The same charts drawn from frames without rows, and from rows without figures.
NOTHING = {
    "area_bars": lambda width: test_areas.draw_bars(test_areas.some_areas().head(0), width=width),
    "area_lines": lambda width: test_areas.draw_lines(without_figures(test_areas.some_areas()), width=width),
    "by_judgement": lambda width: test_by_judgement.outcomes(
        without_figures(test_by_judgement.outcome_frame()), width=width
    ),
    "funnel": lambda width: test_funnel.draw(without_figures(test_funnel.rows()), width=width),
    "measure_panels": lambda width: test_workforce.draw(test_workforce.years(), width=width),
    "quarters": lambda width: test_quarters.draw([], width=width),
    "ranked": lambda width: test_ranked.draw(test_ranked.authorities().head(0), width=width),
    "scatter": lambda width: test_scatter.draw(test_scatter.dots().assign(x=None), width=width),
    "shares": lambda width: test_shares.draw(without_figures(test_shares.frame()), width=width),
    "since_inspection": lambda width: test_since_inspection.since(
        test_since_inspection.since_frame().assign(months=None), width=width
    ),
    "small_multiples": lambda width: test_small_multiples.draw([], width=width),
    "spine": lambda width: test_spine.draw(test_spine.indicators().head(0), width=width),
    "strip": lambda width: test_strip.draw(without_figures(test_strip.rows()), width=width),
    "tile_map": lambda width: test_tile_map.draw(test_tile_map.rows().tail(1), width=width),
    "trend": lambda width: test_trend.draw([], width=width),
}
every_chart = pytest.mark.parametrize("name", CHARTS)
both_layouts = pytest.mark.parametrize("width", WIDTHS)


@cache
def drawn(name: str, width: Width, nothing: bool = False) -> ChartResult:
    """A chart, drawn once for all tests: read it only."""
    return (NOTHING if nothing else CHARTS)[name](width)


def without_figures(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=None)


@every_chart
@both_layouts
def test_headline_and_footer_are_in_the_picture(name, width):
    for nothing in (False, True):
        result = drawn(name, width, nothing)
        assert note(result.figure, "headline") == [result.headline]
        assert result.headline
        for part in (FOOTER.source, FOOTER.release, FOOTER.taken, FOOTER.n):
            assert part in note(result.figure, "footer")[0]


@every_chart
@both_layouts
def test_text_is_large_enough(name, width):
    assert min(font_sizes(drawn(name, width).figure)) >= 12


@every_chart
def test_a_picture_can_be_read_in_a_report(name):
    for nothing in (False, True):
        assert report_misses(drawn(name, "wide", nothing).figure.to_dict()) == []


@every_chart
def test_the_picture_is_the_same_whatever_the_window(name):
    wide, narrow = drawn(name, "wide"), drawn(name, "narrow")
    assert wide.picture == (wide.height, "")
    high, figure = narrow.picture
    assert high == wide.height
    picture = json.loads(figure)
    assert picture["layout"] == json.loads(wide.figure.to_json())["layout"]
    assert len(picture["data"]) == len(wide.figure.data)
    assert "hovertext" not in figure


def test_small_text_and_a_high_picture_are_found():
    figure = drawn("ranked", "wide").figure.to_dict()
    figure["layout"]["annotations"][0]["font"]["size"] = 14
    figure["data"][-1]["textfont"]["size"] = 9
    figure["layout"]["xaxis"]["tickfont"]["size"] = 12
    figure["layout"]["height"] = 901
    assert [miss.split(":")[0] for miss in report_misses(figure)] == [
        "8.8 pt at 16 cm",
        "5.7 pt at 16 cm",
        "7.6 pt at 16 cm",
        "20.0 cm high",
    ]


@every_chart
@both_layouts
def test_the_height_is_that_of_the_figure(name, width):
    for nothing in (False, True):
        result = drawn(name, width, nothing)
        assert result.height == result.figure.layout.height


@every_chart
def test_same_input_same_picture(name):
    assert CHARTS[name]("wide").figure.to_json() == drawn(name, "wide").figure.to_json()


@every_chart
def test_the_text_alternative_begins_with_the_finding_and_is_whole(name):
    for nothing in (False, True):
        result = drawn(name, "wide", nothing)
        assert result.alt.startswith(result.headline.rstrip(". "))
        assert result.alt.endswith(".")
        assert not re.search(r"\b(nan|None|<NA>|NaT)\b|\.\.|  \.", result.alt)


@every_chart
@both_layouts
def test_with_nothing_to_draw_a_sentence_says_so(name, width):
    result = drawn(name, width, True)
    (sentence,) = note(result.figure, "sentence")
    assert plain(sentence) in result.alt
    assert len(result.figure.data) == 0
