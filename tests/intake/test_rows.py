"""Rows stored as indexes into a list of texts come back as given; each text is interpreted only once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.intake.encoded import encode_cells, encode_pairs, encode_texts
from careleavers.spreadsheets import limits
from careleavers.spreadsheets.rows import Rows, SheetRow

TEXTS = st.sampled_from(["", " ", "a", "b", "'=1", "0.5"])


@st.composite
def records(draw: st.DrawFn) -> list[SheetRow]:
    lines = sorted(draw(st.sets(st.integers(1, 60), max_size=20)))
    return [(line, tuple(draw(st.lists(TEXTS, max_size=5)))) for line in lines]


def cell(row: SheetRow, column: int) -> str:
    return row[1][column] if column < len(row[1]) else ""


@given(records(), st.integers(0, 20), st.integers(0, 20))
def test_rows_are_those_that_were_given(given_rows: list[SheetRow], start: int, end: int) -> None:
    rows = Rows.of(given_rows)
    assert list(rows) == given_rows
    assert len(rows) == len(given_rows)
    assert [rows[place] for place in range(len(rows))] == given_rows
    assert list(rows[start:end]) == given_rows[start:end]
    assert rows.width == max((len(cells) for _, cells in given_rows), default=0)
    held = dict(given_rows)
    assert [rows.at(line) for line in range(62)] == [held.get(line, ()) for line in range(62)]
    odd = rows.take(rows.lines % 2 == 1)
    assert list(odd) == [row for row in given_rows if row[0] % 2]
    for column in range(6):
        assert [odd.texts[code] for code in odd.column(column)] == [cell(row, column) for row in odd]


def test_more_rows_than_are_made_at_once() -> None:
    given_rows = [(line, (str(line % 7), "x") if line % 3 else ("only",)) for line in range(1, 10_000)]
    assert list(Rows.of(given_rows)) == given_rows


def test_a_row_that_there_is_not() -> None:
    with pytest.raises(IndexError):
        Rows.of([(1, ("a",))])[1]


def test_what_is_kept_of_a_text_and_texts_beyond_those_that_are_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SHARED_TEXTS", 2)
    rows = Rows.of([(1, ("a", "b", "b", "a", ""))], str.upper)
    assert list(rows) == [(1, ("A", "B", "B", "A", ""))]
    assert rows.texts == ["", "A", "B", "B"]


def test_half_a_million_rows_take_few_bytes_a_row() -> None:
    rows = Rows.of((line, ("E08000035", "eet", str(line % 90), "100")) for line in range(1, 50_001))
    held = sum(part.nbytes for part in (rows._codes, rows.lines)) + sum(map(len, rows.texts))
    assert held < 50_000 * 24
    assert rows._starts.base is rows._ends.base


@given(records())
def test_meanings_are_those_of_the_rows(given_rows: list[SheetRow]) -> None:
    rows = Rows.of(given_rows)
    asked: list[tuple[str, ...]] = []

    def read(cells: tuple[str, ...]) -> str:
        asked.append(cells)
        return "+".join(cells)

    both = encode_cells(rows, [0, 2, None])
    expected = [(cell(row, 0), cell(row, 2), "") for row in given_rows]
    assert [both[place] for place in range(len(both))] == expected
    assert list(both.values) == list(dict.fromkeys(expected))
    meant = both.map(read)
    assert asked == list(dict.fromkeys(expected))
    some = np.array([row[0] % 2 == 0 for row in given_rows], dtype=bool)
    kept = meant.take(some)
    assert [kept[place] for place in range(len(kept))] == [
        "+".join(cells) for cells, keep in zip(expected, some, strict=True) if keep
    ]
    assert set(kept.values) == {kept[place] for place in range(len(kept))}
    assert meant.to_numpy(len, np.int8).tolist() == [len("+".join(cells)) for cells in expected]
    assert meant.mask(lambda text: "a" in text).tolist() == ["a" in cells for cells in expected]
    together = encode_pairs(encode_texts(rows, 0), encode_texts(rows, 1))
    assert [together[place] for place in range(len(together))] == [(cell(row, 0), cell(row, 1)) for row in given_rows]
    assert len(together.values) == len(set(together.values))
