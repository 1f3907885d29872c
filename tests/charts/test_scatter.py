"""The scatter chart: what is drawn, what is named, and that no label covers another."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.charts import template
from careleavers.charts.scatter import Axis, scatter
from tests.charts.reading import note, plain, trace
from tests.charts.samples import ANY_FIGURE, FOOTER, LONG_NAME, WIDTHS

ROLES = {"chosen": "Leeds", "neighbour": "its statistical neighbours", "region": "London"}
ACROSS = Axis("Cases per social worker (lower is better)", "", 15.4, "15.4")
UP = Axis("In education, work or training, per cent (higher is better)", "per cent", 54.0, "54%")


def dot(name: str, x: Any, y: Any, role: str = "other", **changes: Any) -> dict[str, Any]:
    return {
        "code": f"E-{name}", "name": name, "x": x, "y": y, "role": role, "value_text": f"{x} and {y}%",
        "x_text": f"{x} cases", "y_text": f"{y}% in work",
    } | changes  # fmt: skip


def dots() -> pd.DataFrame:
    return pd.DataFrame(
        [
            dot("Leeds", 14.5, 46, "chosen"),
            dot("Sheffield", 15.3, 39, "neighbour"),
            dot(LONG_NAME, 15.2, 56, "neighbour"),
            dot("Camden", 12.2, 57.7, "region"),
            dot("Kent", 17.0, 50),
            dot("Birmingham", None, 55),
        ]
    )


def draw(frame: pd.DataFrame | None = None, **changes: Any) -> template.ChartResult:
    arguments: dict[str, Any] = {
        "across": ACROSS, "up": UP, "role_names": ROLES, "headline": "Caseload and work: weak link, could be none",
        "subtitle": "30 September 2024, year to 31 March 2025", "footer": FOOTER, "filename": "Leeds scatter",
    }  # fmt: skip
    return scatter(dots() if frame is None else frame, **(arguments | changes))


@pytest.mark.parametrize("width", WIDTHS)
def test_one_dot_a_row_with_both_figures(width: str) -> None:
    fig = draw(width=width).figure
    drawn = [code for found in fig.data for (code,) in found.customdata]
    assert sorted(drawn) == sorted(f"E-{n}" for n in ("Leeds", "Sheffield", LONG_NAME, "Camden", "Kent"))
    assert list(trace(fig, "chosen").x) == [14.5]
    assert list(trace(fig, "chosen").y) == [46]


def test_roles_differ_by_shape_as_well_as_colour() -> None:
    fig = draw().figure
    looks = {found.name: (found.marker.symbol, found.marker.color, found.marker.size) for found in fig.data}
    assert len({symbol for symbol, _, _ in looks.values()}) == 3
    assert len(set(looks.values())) == 4


def test_names_stand_beside_the_picked_out_dots_only() -> None:
    fig = draw().figure
    assert set(note(fig, "name")) == {"Leeds 14.5 and 46%", "Sheffield", LONG_NAME, "Camden"}


def test_without_an_authority_nothing_is_named() -> None:
    fig = draw(role_names={}).figure
    assert note(fig, "name") == []
    assert "one dot for each authority" in note(fig, "key")[0]


def test_narrow_numbers_the_dots_and_lists_the_names_below() -> None:
    fig = draw(width="narrow").figure
    labels = note(fig, "name")
    assert "Leeds" in labels
    assert {"1", "2", "3"} <= set(labels)
    below = note(fig, "names")[0]
    assert f"1 {LONG_NAME}" in below and "2 Sheffield" in below and "3 Camden" in below


@pytest.mark.parametrize("width", WIDTHS)
def test_england_is_said_in_the_picture(width: str) -> None:
    fig = draw(width=width).figure
    assert [shape.x0 for shape in fig.layout.shapes] == [15.4, 0]
    assert [shape.y0 for shape in fig.layout.shapes] == [0, 54.0]
    said = " ".join(note(fig, "England") + note(fig, "key"))
    assert "15.4" in said and "54%" in said


def test_axes_say_what_they_are_and_that_they_are_fitted() -> None:
    fig = draw().figure
    assert note(fig, "axis title") == [f"Across: {ACROSS.title}", f"Up: {UP.title}"]
    assert "need not start at zero" in note(fig, "key")[0]


def test_alt_gives_the_finding_the_authority_and_england() -> None:
    alt = draw().alt
    for part in (
        "weak link",
        "5 authorities",
        "Leeds: 14.5 and 46%",
        "Sheffield 15.3 and 39%",
        "England: 15.4 and 54%",
    ):
        assert part in alt


def test_names_are_not_markup() -> None:
    fig = draw(pd.DataFrame([dot("<b>&A</b>", 1, 2, "chosen")])).figure
    assert any("&lt;b&gt;" in found.text for found in fig.layout.annotations if found.name == "name")


def test_labels_without_room_are_counted() -> None:
    crowd = pd.DataFrame([dot(f"{LONG_NAME} {n}", 10, 50, "neighbour") for n in range(40)] + [dot("Far", 20, 90)])
    fig = draw(crowd).figure
    shown = len(note(fig, "name"))
    assert shown < 40
    assert f"{40 - shown} names left out for lack of room" in note(fig, "key")[0]


rows = st.builds(
    lambda label, x, y, role: dot(label, x, y, role),
    st.text(max_size=40),
    ANY_FIGURE,
    ANY_FIGURE,
    st.sampled_from([*ROLES, "other", "", None]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frame=st.lists(rows, max_size=8), width=st.sampled_from(WIDTHS), england=st.sampled_from([None, 15.4]))
def test_no_frame_breaks_it(frame: list[dict[str, Any]], width: str, england: float | None) -> None:
    across = Axis("Across", "", england, "" if england is None else "15.4")
    result = draw(pd.DataFrame(frame, columns=list(dot("x", 1, 1))), width=width, across=across)
    assert result.alt
    assert note(result.figure, "footer")
    assert all(found.font.size >= 12 for found in result.figure.layout.annotations)
    result.figure.to_json()
    assert plain(result.headline)
