"""Ticks of axes, how a unit is named, and the rows of a frame."""

import numpy as np
import pandas as pd
import pytest

from careleavers.charts.text import frame_records, tick_words, unit_words


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


def test_records_are_those_of_pandas_in_plain_values() -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", None],
            "number": [1.5, None],
            "count": pd.array([3, None], dtype="Int64"),
            "known": pd.array([True, None], dtype="boolean"),
            "day": pd.to_datetime(["2025-03-31", None]),
            "mixed": [np.int64(4), "x"],
            7: [1, 2],
        }
    )
    for given in (frame, frame.head(0), frame[["count"]], frame[[7]], pd.DataFrame()):
        made = frame_records(given)
        expected = [{str(key): value for key, value in row.items()} for row in given.to_dict("records")]
        assert [list(row) for row in made] == [list(row) for row in expected]
        for row, other in zip(made, expected, strict=True):
            for name, value in row.items():
                assert type(value) is type(other[name]), name
                assert value == other[name] or (pd.isna(value) and pd.isna(other[name])), name
