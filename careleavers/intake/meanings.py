"""What cells mean, row by row, where few different ones stand in many rows: each meaning is kept once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from careleavers.spreadsheets.rows import Rows

T = TypeVar("T")
S = TypeVar("S")
Truths = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Meanings(Generic[T]):
    """Row ``i`` means ``found[which[i]]``; ``found`` is in the order in which the rows have them first."""

    which: Places
    found: Sequence[T]

    def __getitem__(self, row: int) -> T:
        return self.found[int(self.which[row])]

    def __len__(self) -> int:
        return len(self.which)

    def map(self, read: Callable[[T], S]) -> Meanings[S]:
        """What ``read`` makes of them; it is asked once for each that is different."""
        return Meanings(self.which, [read(each) for each in self.found])

    def array(self, read: Callable[[T], Any], kind: type[np.generic] | str) -> npt.NDArray[Any]:
        """What ``read`` makes of them, row by row, as numbers or days of a kind that numpy knows."""
        return np.array([read(each) for each in self.found], dtype=kind)[self.which]

    def true(self, read: Callable[[T], bool]) -> Truths:
        """The rows for which something is so."""
        return self.array(read, np.bool_)

    def take(self, rows: Truths) -> Meanings[T]:
        """What some of the rows mean, and nothing that none of them means."""
        which, used = pd.factorize(self.which[rows])
        return Meanings(which.astype(np.int32), [self.found[place] for place in used.tolist()])


def cells_of(rows: Rows, columns: Sequence[int | None]) -> Meanings[tuple[str, ...]]:
    """What stands in some columns of each row together; an empty text where there is no such column or cell."""
    codes = [rows.column(column) for column in columns]
    which, first = _together([(each, len(rows.texts)) for each in codes])
    texts = [[rows.texts[code] for code in each[first].tolist()] for each in codes]
    return Meanings(which, list(zip(*texts, strict=True)))


def texts_of(rows: Rows, column: int | None) -> Meanings[str]:
    """What stands in a column; an empty text where there is no such column or cell."""
    return cells_of(rows, [column]).map(lambda cells: cells[0])


def pairs(one: Meanings[T], other: Meanings[S]) -> Meanings[tuple[T, S]]:
    """What rows mean in two respects."""
    which, first = _together([(each.which, len(each.found)) for each in (one, other)])
    return Meanings(which, [(one[row], other[row]) for row in first.tolist()])


def _together(columns: Sequence[tuple[Places, int]]) -> tuple[Places, npt.NDArray[np.intp]]:
    """Numbers for what stands together in columns of numbers below a limit, and the first row that has each."""
    which = np.zeros(len(columns[0][0]), dtype=np.int64)
    for numbers, limit in columns:
        # No more numbers than rows, so that the next product stays far from what 64 bits hold.
        which, _ = pd.factorize(which * limit + numbers)
    first = np.flatnonzero(~pd.Series(which).duplicated().to_numpy())
    return which.astype(np.int32), first
