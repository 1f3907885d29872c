"""Dictionary-encoded columns: each different value once, and a code for every row.

Half a million rows have few different texts. Each is understood once and its meaning kept once, as in an Arrow dictionary
array or a pandas categorical, but with values of any type.

Example::

    periods = encode_texts(rows, 4).map(read_day)
    rows.take(periods.mask(lambda day: day is not None))
"""

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
Mask = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class EncodedColumn(Generic[T]):
    """A column in which row ``i`` has ``values[codes[i]]``.

    Attributes
    ----------
    codes
        Shape (rows,): positions in ``values``.
    values
        The different values, in the order in which they first occur.
    """

    codes: Codes
    values: Sequence[T]

    def __getitem__(self, row: int) -> T:
        return self.values[int(self.codes[row])]

    def __len__(self) -> int:
        return len(self.codes)

    def map(self, read: Callable[[T], S]) -> EncodedColumn[S]:
        """What a function makes of the values; it is called once for each different one.

        Parameters
        ----------
        read
            The function.

        Returns
        -------
        EncodedColumn[S]
            With the same codes.
        """
        return EncodedColumn(self.codes, [read(each) for each in self.values])

    def to_numpy(self, read: Callable[[T], Any], kind: type[np.generic] | str) -> npt.NDArray[Any]:
        """What a function makes of the values, row by row.

        Parameters
        ----------
        read
            The function.
        kind
            A numpy type of numbers or days.

        Returns
        -------
        npt.NDArray[Any]
            Shape (rows,).
        """
        return np.array([read(each) for each in self.values], dtype=kind)[self.codes]

    def mask(self, read: Callable[[T], bool]) -> Mask:
        """The rows for whose value something is true.

        Parameters
        ----------
        read
            The condition.

        Returns
        -------
        Mask
            Shape (rows,).
        """
        return self.to_numpy(read, np.bool_)

    def take(self, rows: Mask) -> EncodedColumn[T]:
        """Some of the rows, and only the values that they have.

        Parameters
        ----------
        rows
            Shape (rows,): true for those to keep.

        Returns
        -------
        EncodedColumn[T]
        """
        which, used = pd.factorize(self.codes[rows])
        return EncodedColumn(which.astype(np.int32), [self.values[place] for place in used.tolist()])


def encode_cells(rows: Rows, columns: Sequence[int | None]) -> EncodedColumn[tuple[str, ...]]:
    """Several columns together, as one column of tuples.

    Parameters
    ----------
    rows
        The rows.
    columns
        Columns from 0; None stands for a column that is not there.

    Returns
    -------
    EncodedColumn[tuple[str, ...]]
        An empty text where a row has no such cell.
    """
    codes = [rows.column(column) for column in columns]
    which, first = _together([(each, len(rows.texts)) for each in codes])
    texts = [[rows.texts[code] for code in each[first].tolist()] for each in codes]
    return EncodedColumn(which, list(zip(*texts, strict=True)))


def encode_texts(rows: Rows, column: int | None) -> EncodedColumn[str]:
    """One column.

    Parameters
    ----------
    rows
        The rows.
    column
        From 0; None stands for a column that is not there.

    Returns
    -------
    EncodedColumn[str]
        An empty text where a row has no such cell.
    """
    return encode_cells(rows, [column]).map(lambda cells: cells[0])


def encode_pairs(one: EncodedColumn[T], other: EncodedColumn[S]) -> EncodedColumn[tuple[T, S]]:
    """Two columns of the same rows together.

    Parameters
    ----------
    one
        The first.
    other
        The second, as long as the first.

    Returns
    -------
    EncodedColumn[tuple[T, S]]
    """
    which, first = _together([(each.codes, len(each.values)) for each in (one, other)])
    return EncodedColumn(which, [(one[row], other[row]) for row in first.tolist()])


def _together(columns: Sequence[tuple[Codes, int]]) -> tuple[Codes, npt.NDArray[np.intp]]:
    """Numbers for what stands together in columns of numbers below a limit, and the first row that has each."""
    which = np.zeros(len(columns[0][0]), dtype=np.int64)
    for numbers, limit in columns:
        # Renumbered after each column, so that the products stay within 64 bits.
        which, _ = pd.factorize(which * limit + numbers)
    first = np.flatnonzero(~pd.Series(which).duplicated().to_numpy())
    return which.astype(np.int32), first
