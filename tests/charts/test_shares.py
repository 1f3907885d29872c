"""Stacked bars of shares: what is drawn, what is left out, and that no two texts overlap."""

from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from careleavers.charts.shares import shares
from careleavers.charts.styles import SHARE_COLOURS
from careleavers.charts.template import FITS, TEXT_SIZE
from careleavers.charts.text import text_width
from tests.charts.reading import note, plain
from tests.charts.samples import FOOTER, HEADLINE, LONG_NAME, SUBTITLE, WIDTHS

ANSWERS = ("In work or study", "Neither", "Not known")
LEEDS, NEIGHBOURS, ENGLAND = (45.5, 41.0, 13.5), (54.6, 39.5, 5.9), (54.0, 40.0, 6.0)


def bar(name: str, role: str, values: Any, group: str = "Aged 19 to 21", reason: str = "") -> list[dict[str, Any]]:
    return [
        {
            "group": group, "bar": name, "role": role, "part": part, "answer": answer, "value": value, "reason": reason,
            "value_text": "[c]" if value is None else f"{value:.0f}%",
        }
        for part, answer, value in zip(("good", "bad", "not_known"), ANSWERS, values, strict=True)
    ]  # fmt: skip


def frame() -> pd.DataFrame:
    rows = (
        bar("Leeds", "chosen", LEEDS)
        + bar("Neighbours’ mean", "neighbour", NEIGHBOURS)
        + bar("England", "other", ENGLAND)
    )
    rows += bar(
        LONG_NAME, "chosen", (87.0, None, None), "Aged 17 to 18", "Not, not known: suppressed to protect privacy"
    )
    return pd.DataFrame(rows + bar("England", "other", (91.0, 3.0, 6.0), "Aged 17 to 18"))


def draw(rows: pd.DataFrame | None = None, **changes: Any):
    arguments = {
        "answers": ANSWERS, "headline": HEADLINE, "subtitle": SUBTITLE, "footer": FOOTER, "filename": "Leeds shares",
    }  # fmt: skip
    return shares(frame() if rows is None else rows, **(arguments | changes))


def test_parts_stand_one_after_another_and_reach_the_whole() -> None:
    found = {trace.name: trace for trace in draw().figure.data}
    assert list(found["chosen good"].x) == [45.5, 87.0]
    assert list(found["chosen bad"].base) == [45.5]
    assert list(found["chosen not known"].base) == [86.5]
    assert found["chosen not known"].base[0] + found["chosen not known"].x[0] == 100


def test_not_known_is_hatched_whoever_it_is_of() -> None:
    for trace in draw().figure.data:
        assert bool(trace.marker.pattern.shape) == trace.name.endswith("not known")


def test_what_is_missing_is_not_drawn_and_its_reason_is_said() -> None:
    chart = draw()
    assert len(next(trace for trace in chart.figure.data if trace.name == "chosen bad").x) == 1
    assert any("suppressed to protect privacy" in plain(text) for text in note(chart.figure, "reason"))
    assert f"{LONG_NAME}: 87% in work or study, not, not known: suppressed to protect privacy" in chart.alt
    alone = draw(
        pd.DataFrame(bar("City", "chosen", (None, 0.0, None), reason="Suppressed") + bar("England", "other", ENGLAND))
    )
    assert {trace.name for trace in alone.figure.data} == {"other good", "other bad", "other not known"}


@pytest.mark.parametrize("width", WIDTHS)
def test_a_figure_without_room_in_its_part_stands_right_of_the_bar(width) -> None:
    slim = pd.DataFrame(
        bar("Leeds", "chosen", (97.0, 1.0, 2.0))
        + bar("England", "other", (54.0, 42.0, 4.0))
        + bar("Kent", "other", (77.0, 2.0, 21.0))
    )
    figure = draw(slim, width=width).figure
    assert [plain(text) for text in note(figure, "label")] == ["97%", "54%", "42%", "77%"]
    outside = [found for found in figure.layout.annotations if found.name == "outside"]
    assert [plain(found.text) for found in outside] == ["1%, 2%", "4%", "2%, 21%"]
    for found in outside:
        size = text_width(plain(found.text), TEXT_SIZE, bold=True)
        assert found.x == 1 and found.xshift + size <= figure.layout.margin.r


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("values", [(97.0, 1.0, 2.0), (0.0, 0.0, 100.0), (3.0, 94.0, 3.0), LEEDS])
def test_what_the_parts_are_called_never_meets(width, values) -> None:
    figure = draw(pd.DataFrame(bar("Leeds", "chosen", values)), width=width).figure
    across = FITS[width] - figure.layout.margin.l - figure.layout.margin.r
    spans = []
    for found in figure.layout.annotations:
        if found.name == "answer":
            size = text_width(plain(found.text), TEXT_SIZE)
            start = (
                found.x * across + (found.xshift or 0) - {"left": 0, "center": size / 2, "right": size}[found.xanchor]
            )
            spans.append((start, start + size))
    spans.sort()
    assert len(spans) == 3
    for (_, end), (start, _) in pairwise(spans):
        assert end + 4 <= start


def test_every_role_has_a_style_for_every_part() -> None:
    assert {part for _, part in SHARE_COLOURS} == {"good", "bad", "not_known"}
    assert len(SHARE_COLOURS) == 9
