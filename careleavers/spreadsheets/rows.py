"""The rows of a sheet, kept as numbers into a list of its different texts: half a million must not take much memory."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import overload

import numpy as np
import numpy.typing as npt

from careleavers.spreadsheets import limits

# The number of a row, from 1, and its cells.
SheetRow = tuple[int, tuple[str, ...]]
Integers = npt.NDArray[np.int32]
# How many rows are made into tuples at a time while iterating.
_AT_ONCE = 4096


class Rows(Sequence[SheetRow]):
    """Rows in the order of their sheet; each is made into a :data:`SheetRow` when somebody asks for it.

    ``texts`` are the texts of the cells, the first of them empty; ``lines`` the numbers of the rows.
    """

    def __init__(
        self, texts: Sequence[str], codes: Integers, starts: Integers, ends: Integers, lines: Integers
    ) -> None:
        """``codes`` are the places of all cells in ``texts``, row after row; a row's stand from its start to its end."""
        self.texts, self.lines = texts, lines
        self._codes, self._starts, self._ends = codes, starts, ends
        # Which texts are not blank, worked out on demand and shared with rows taken from these.
        self._shown: list[npt.NDArray[np.bool_]] = []

    @classmethod
    def of(cls, records: Iterable[tuple[int, Sequence[str]]], kept: Callable[[str], str] = str) -> Rows:
        """Rows from their cells.

        Parameters
        ----------
        records
            (Row number, cells), the numbers ascending.
        kept
            What to keep of a text; all of it unless given.

        Returns
        -------
        Rows
        """
        codes, bounds, lines = array("i"), array("i", [0]), array("i")
        known = _Codes(kept)
        for line, cells in records:
            codes.extend(map(known.__getitem__, cells))
            bounds.append(len(codes))
            lines.append(line)
        ends = np.asarray(bounds)
        return cls(known.texts, np.asarray(codes), ends[:-1], ends[1:], np.asarray(lines))

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> SheetRow: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> SheetRow | Rows:
        if isinstance(place, slice):
            return self.take(place)
        codes = self._codes[self._starts[place] : self._ends[place]]
        return int(self.lines[place]), tuple(map(self.texts.__getitem__, codes.tolist()))

    def __iter__(self) -> Iterator[SheetRow]:
        text = self.texts.__getitem__
        for first in range(0, len(self), _AT_ONCE):
            some = slice(first, first + _AT_ONCE)
            bounds = zip(self._starts[some].tolist(), self._ends[some].tolist(), strict=True)
            for line, (start, end) in zip(self.lines[some].tolist(), bounds, strict=True):
                yield line, tuple(map(text, self._codes[start:end].tolist()))

    def at(self, line: int) -> tuple[str, ...]:
        """The cells of the row with a number.

        Parameters
        ----------
        line
            The row number, from 1.

        Returns
        -------
        tuple[str, ...]
            () where there is no such row.
        """
        # A number of another type would have all the others copied into that type first.
        place = int(np.searchsorted(self.lines, np.int32(line)))
        return self[place][1] if place < len(self) and self.lines[place] == line else ()

    def take(self, which: slice | npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Rows:
        """Some of the rows.

        Parameters
        ----------
        which
            A slice, a mask, or positions.

        Returns
        -------
        Rows
            They share the texts.
        """
        taken = Rows(self.texts, self._codes, self._starts[which], self._ends[which], self.lines[which])
        taken._shown = self._shown
        return taken

    def filled(self, column: int) -> npt.NDArray[np.bool_]:
        """The rows that show something in a column.

        Parameters
        ----------
        column
            From 0.

        Returns
        -------
        npt.NDArray[np.bool_]
            Shape (rows,).
        """
        if not self._shown:
            self._shown.append(np.array([bool(text) and not text.isspace() for text in self.texts], dtype=bool))
        shown: npt.NDArray[np.bool_] = self._shown[0][self.column(column)]
        return shown

    def map_texts(self, kept: Callable[[str], str]) -> Rows:
        """The same rows with other texts.

        Parameters
        ----------
        kept
            Called once for each different text.

        Returns
        -------
        Rows
        """
        return Rows([kept(text) for text in self.texts], self._codes, self._starts, self._ends, self.lines)

    def with_texts(self, changed: Mapping[int, Mapping[int, str]]) -> Rows:
        """The same rows with other texts in some cells.

        Parameters
        ----------
        changed
            Row number (from 1) to column (from 0) to text.

        Returns
        -------
        Rows
        """

        def cells(line: int, given: tuple[str, ...]) -> Sequence[str]:
            if line not in changed:
                return given
            made = [*given, *[""] * (max(changed[line]) + 1 - len(given))]
            for column, text in changed[line].items():
                made[column] = text
            return made

        return Rows.of((line, cells(line, given)) for line, given in self)

    def wider_than(self, width: int) -> npt.NDArray[np.intp]:
        """The rows with more than so many cells, empty ones counted.

        Parameters
        ----------
        width
            How many.

        Returns
        -------
        npt.NDArray[np.intp]
            Positions, from 0.
        """
        return np.flatnonzero(self._ends - self._starts > width)

    def column(self, column: int | None) -> Integers:
        """A column as positions in ``texts``.

        Parameters
        ----------
        column
            From 0; None for a column that is not there.

        Returns
        -------
        Integers
            Shape (rows,): 0, the empty text, where a row ends before the column.
        """
        found = np.zeros(len(self), dtype=np.int32)
        if column is not None:
            there = self._ends - self._starts > column
            found[there] = self._codes[self._starts[there] + column]
        return found

    @property
    def width(self) -> int:
        """How many cells the longest row has."""
        return int((self._ends - self._starts).max(initial=0))


class CellSet(Set[tuple[int, int]]):
    """Some cells, each as (row from 1, column from 0); they are added row after row."""

    def __init__(self) -> None:
        self._rows: dict[int, array[int]] = defaultdict(lambda: array("i"))

    def add(self, row: int, column: int) -> None:
        """Add a cell; rows come in ascending order.

        Parameters
        ----------
        row
            From 1.
        column
            From 0.
        """
        self._rows[column].append(row)

    def in_column(self, column: int, lines: Integers) -> npt.NDArray[np.bool_]:
        """Whether the cells of some rows in a column are in the set.

        Parameters
        ----------
        column
            From 0.
        lines
            Row numbers, from 1.

        Returns
        -------
        npt.NDArray[np.bool_]
            As long as ``lines``.
        """
        return np.isin(lines, np.asarray(self._rows.get(column, array("i"))))

    def __contains__(self, cell: object) -> bool:
        row, column = cell if isinstance(cell, tuple) else (0, 0)
        rows = self._rows.get(column, ())
        place = bisect_left(rows, row)
        return place < len(rows) and rows[place] == row

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((row, column) for column, rows in self._rows.items() for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))


class _Codes(dict[str, int]):
    """The place of each text in ``texts``."""

    def __init__(self, kept: Callable[[str], str]) -> None:
        super().__init__({"": 0})
        self.texts = [""]
        self._kept = kept

    def __missing__(self, text: str) -> int:
        code = len(self.texts)
        self.texts.append(self._kept(text))
        if len(self) < limits.SHARED_TEXTS:
            self[text] = code
        return code
