"""Ticks of axes and how a unit is named."""

import pytest

from careleavers.charts.text import tick_words, unit_words


@pytest.mark.parametrize(
    ("tick", "unit", "expected"),
    [
        (40.0, "per cent", "40%"), (40.0, "%", "40%"), (1200.0, "", "1,200"), (0.5, "cases", "0.5"), (0.0, "£", "£0"),
        (2500.0, "£", "£2,500"), (500_000.0, "£", "£500,000"), (1_200_000.0, "£", "£1.2m"), (20e6, "£", "£20m"),
        (-1200.0, "£", "−£1,200"),
    ],
)  # fmt: skip
def test_a_tick_carries_its_unit(tick: float, unit: str, expected: str) -> None:
    assert tick_words(tick, unit) == expected


def test_an_axis_names_its_unit() -> None:
    assert [unit_words(unit) for unit in ("%", "per cent", "£", " cases ", "")] == [
        "per cent",
        "per cent",
        "£",
        "cases",
        "",
    ]
