"""The panels of measures over the years: lines, gaps with their reason, labels that do not overlap."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.template import TEXT_SIZE
from careleavers.charts.text import text_width
from careleavers.charts.workforce import measure_panels
from tests.charts.reading import note, plain
from tests.charts.samples import ANY_FIGURE, FOOTER, LONG_NAME, WIDTHS


def year(indicator: str, when: int, value: float | None, **changes: Any) -> dict[str, Any]:
    return {
        "indicator": indicator, "panel_title": f"Measure {indicator}", "unit": "percent", "year": when, "value": value,
        "value_text": "" if value is None else f"{value:.1f}%", "england": 12.0, "england_text": "12.0%",
        "comparator": 11.0, "comparator_text": "11.0%", "gap_mark": "[x]" if value is None else "",
        "gap_reason": "not available" if value is None else "",
    } | changes  # fmt: skip


def years(*values: float | None, indicator: str = "agency", **changes: Any) -> pd.DataFrame:
    return pd.DataFrame([year(indicator, 2017 + n, value, **changes) for n, value in enumerate(values)])


def draw(frame: pd.DataFrame | None = None, **changes: Any) -> template.ChartResult:
    arguments: dict[str, Any] = {
        "authority_name": "Leeds", "comparator_name": "Neighbours’ mean", "headline": "Leeds: better than its neighbours",
        "subtitle": "Social workers, 2017 to 2025", "footer": FOOTER, "filename": "Leeds workforce",
    }  # fmt: skip
    return measure_panels(years(10, 12, 14) if frame is None else frame, **(arguments | changes))


def labels(result: template.ChartResult) -> list[Any]:
    return [found for found in result.figure.layout.annotations if found.name == "line label"]


@pytest.mark.parametrize("width", WIDTHS)
def test_three_lines_a_panel_named_at_their_ends(width: str) -> None:
    frame = pd.concat([years(10, 12, 14), years(1, 2, 3, indicator="turnover")])
    result = draw(frame, width=width)
    assert len(result.figure.data) == 6
    assert note(result.figure, "panel title") == ["Measure agency", "Measure turnover"]
    texts = [plain(found.text) for found in labels(result)]
    assert "● Leeds 14.0%" in texts and "■ England 12.0%" in texts and "◆ Neighbours’ mean 11.0%" in texts


def test_a_missing_year_breaks_the_line_and_says_why() -> None:
    result = draw(years(10, None, 14))
    line = next(found for found in result.figure.data if found.name == "value")
    assert list(line.y) == [10, None, 14]
    assert line.connectgaps is False
    assert note(result.figure, "gap") == ["[x]"]
    assert "[x] not available" in note(result.figure, "key")[0]
    assert "without a figure: 2018 not available" in result.alt


def test_a_year_without_a_row_is_a_gap_too() -> None:
    frame = years(10, 11, 12, 13)
    line = next(f for f in draw(frame[frame["year"] != 2018]).figure.data if f.name == "value")
    assert list(line.x) == [2017, 2018, 2019, 2020]
    assert list(line.y) == [10, None, 12, 13]


def test_years_before_it_existed_carry_no_mark() -> None:
    frame = years(None, None, 14).assign(gap_mark="", gap_reason="")
    assert note(draw(frame).figure, "gap") == []


def test_missing_years_in_a_row_share_one_mark() -> None:
    assert note(draw(years(10, *[None] * 7, 4)).figure, "gap") == ["[x] 2018 to 2024"]


def test_a_line_that_ends_early_says_when() -> None:
    texts = [plain(found.text) for found in labels(draw(years(10, 12, None)))]
    assert "● Leeds 12.0% in 2018" in texts


def test_england_as_comparator_is_drawn_once() -> None:
    result = draw(comparator_name="England")
    assert sorted(found.name for found in result.figure.data) == ["england", "value"]


def test_without_an_authority_england_alone() -> None:
    result = draw(years(None, None, None), authority_name="", comparator_name="")
    assert [found.name for found in result.figure.data] == ["england"]
    assert note(result.figure, "gap") == []
    assert "England 12.0% in 2019" in result.alt


def test_scales_start_at_nought() -> None:
    assert draw(years(50, 52, 54)).figure.layout.yaxis.range[0] == 0


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["West Northamptonshire", LONG_NAME, "Kensington and Chelsea"])
def test_long_names_are_whole_words_within_the_picture(width: str, name: str) -> None:
    result = draw(authority_name=name, width=width)
    found = next(label for label in labels(result) if name.split()[0] in label.text)
    assert plain(found.text) == f"● {name} 14.0%"
    for line in found.text.replace("<b>", "").split("<br>"):
        assert text_width(plain(line), TEXT_SIZE, bold=True) <= result.figure.layout.margin.r


rows = st.builds(
    lambda indicator, when, numbers, text, mark: year(
        indicator, when, numbers[0], england=numbers[1], comparator=numbers[2], value_text=text, gap_mark=mark
    ),
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.one_of(st.none(), st.integers(2015, 2030)),
    st.lists(ANY_FIGURE, min_size=3, max_size=3),
    st.one_of(st.none(), st.text(max_size=30)),
    st.sampled_from(["", "[x]", "[low]", "[c]", None]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frame=st.lists(rows, max_size=12), width=st.sampled_from(WIDTHS), name=st.sampled_from(["", "Leeds", LONG_NAME]))
def test_no_frame_breaks_it(frame: list[dict[str, Any]], width: str, name: str) -> None:
    result = draw(pd.DataFrame(frame, columns=list(year("a", 2017, 1))), width=width, authority_name=name)
    assert result.alt
    assert note(result.figure, "footer")
    assert all(found.font.size >= 12 for found in result.figure.layout.annotations)
    result.figure.to_json()
