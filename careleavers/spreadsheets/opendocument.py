"""OpenDocument spreadsheets (.ods): their sheets, and the cells of a sheet as LibreOffice shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from careleavers.spreadsheets import limits
from careleavers.spreadsheets.archive import Archive, local
from careleavers.spreadsheets.cells import NO_RESULT, FirstRows, HiddenCells, too_empty, too_many_columns
from careleavers.spreadsheets.rows import CellSet
from careleavers.spreadsheets.workbook import Merged, number_text

_CONTENT = "content.xml"


class OpenDocument:
    """An opened spreadsheet: ``sheets`` are the names of its visible sheets, in their order, ``hidden`` of the others."""

    how = "OpenDocument spreadsheet"

    def __init__(self, archive: Archive) -> None:
        """Look through all sheets once; raises :class:`Refused` when the file is damaged."""
        self._archive = archive
        self._beginnings: dict[str, FirstRows] = {}
        self._left_out: dict[str, HiddenCells] = {}
        reader = _TablesReader(None)
        for row in self._each(reader):
            if row.aside:
                self._left_out.setdefault(row.sheet, HiddenCells()).add_columns(row.aside)
            if not row.cells:
                continue
            if row.hidden:
                self._left_out.setdefault(row.sheet, HiddenCells()).add(row.cells)
                continue
            found = self._beginnings.setdefault(row.sheet, [])
            places = range(row.first, row.last + 1)[: limits.ROWS_ABOVE - len(found)]
            found.extend((number, row.cells) for number in places)
        self.sheets, self.hidden = reader.sheets, reader.hidden

    def beginning(self, sheet: str, left_out: HiddenCells) -> FirstRows:
        """The first rows of a visible or hidden sheet, enough to see whether a table starts there.

        Parameters
        ----------
        sheet
            Name of the sheet.
        left_out
            Where hidden rows and columns are noted.

        Returns
        -------
        FirstRows
        """
        there = self._left_out.get(sheet, HiddenCells())
        for cells in there.first:
            left_out.add(cells)
        left_out.aside.extend(there.aside)
        return self._beginnings.get(sheet, [])

    def rows(
        self, sheet: str, percent: CellSet, left_out: HiddenCells, merged: Merged | None = None
    ) -> Iterator[tuple[int, list[str]]]:
        """The rows of a sheet, one after the other.

        Parameters
        ----------
        sheet
            Name of the sheet.
        percent
            Where the cells shown as a percentage are noted, as (row, column from 0).
        left_out
            Where hidden rows and columns are noted.
        merged
            Where merged cells are noted; None where nobody asks.

        Returns
        -------
        Iterator[tuple[int, list[str]]]
            Row number, and cells as text.

        Raises
        ------
        Refused
            For what is no sheet or goes beyond the limits.
        """
        for row in self._each(_TablesReader(sheet, merged)):
            if row.aside:
                left_out.add_columns(row.aside)
            if not row.cells:
                continue
            if row.hidden:
                left_out.add(row.cells, row.last - row.first + 1)
                continue
            for number in range(row.first, row.last + 1):
                for column in row.percent:
                    percent.add(number, column)
                yield number, row.cells

    def remembered(self) -> list[tuple[str, ...]]:
        """Nothing: pivot tables of this format keep no copy of the table that they sum up."""
        return []

    def _each(self, reader: _TablesReader) -> Iterator[_SheetRow]:
        for _ in self._archive.parse(_CONTENT, reader.start, reader.end, reader.text, limits.SHEET_BYTES):
            yield from reader.rows
            reader.rows.clear()


class _SheetRow(NamedTuple):
    """One row element: the same cells in all rows from ``first`` to ``last``."""

    sheet: str
    first: int
    last: int
    hidden: bool
    cells: list[str]
    percent: list[int]
    aside: dict[int, str]


class _TablesReader:
    """Takes the elements of all sheets and puts each finished row of the one wanted (or of any) in ``rows``."""

    def __init__(self, wanted: str | None, merged: Merged | None = None) -> None:
        self._wanted, self._merged = wanted, merged
        self._hidden_columns: set[int] = set()
        self._columns = 0
        self._aside: dict[int, str] = {}
        self.rows: list[_SheetRow] = []
        self.text: list[str] = []
        self.sheets: list[str] = []
        self.hidden: list[str] = []
        self._left = limits.EMPTY_CELLS
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._sheet, self._reading = "", False
        self._row, self._row_count, self._row_hidden = 0, 1, False
        self._cells: list[str] = []
        self._percent: list[int] = []
        self._column, self._cell_count = 0, 1
        self._cell: dict[str, str] = {}
        self._lines: list[str] = []
        self._notes = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "table-cell" or kind == "covered-table-cell":
            self._cell = {local(key): value for key, value in attributes.items()}
            self._cell_count = _count(self._cell, "number-columns-repeated")
            self._lines = []
        elif kind == "table-row":
            row = {local(key): value for key, value in attributes.items()}
            self._row_count = _count(row, "number-rows-repeated")
            self._row_hidden = row.get("visibility", "visible") != "visible"
            self._cells, self._percent, self._column, self._aside = [], [], 0, {}
        elif kind == "table-column":
            column = {local(key): value for key, value in attributes.items()}
            last = min(self._columns + _count(column, "number-columns-repeated"), limits.COLUMNS + 1)
            if column.get("visibility", "visible") != "visible":
                self._hidden_columns.update(range(self._columns, last))
            self._columns = last
        elif kind == "table":
            self._begin_table({local(key): value for key, value in attributes.items()})
        elif kind == "style":
            self._style = next((value for key, value in attributes.items() if local(key) == "name"), "")
        elif kind == "table-properties":
            if any(local(key) == "display" and value == "false" for key, value in attributes.items()):
                self._hidden_styles.add(self._style)
        elif kind == "annotation":
            self._notes += 1
        elif kind == "s":
            count = next((int(value) for key, value in attributes.items() if local(key) == "c"), 1)
            self.text.append(" " * min(count, limits.COLUMNS))
        elif kind == "tab":
            self.text.append("\t")
        elif kind == "line-break":
            self.text.append("\n")
        elif kind == "p":
            self.text.clear()
        self._left -= 1
        if self._left < 0:
            raise too_empty()

    def end(self, name: str) -> None:
        kind = local(name)
        if kind == "p":
            if not self._notes:
                self._lines.append("".join(self.text))
            self.text.clear()
        elif kind == "table-cell" or kind == "covered-table-cell":
            self._end_cell()
        elif kind == "table-row":
            self._end_row()
        elif kind == "annotation":
            self._notes -= 1
        elif kind == "table":
            self._reading = False

    def _begin_table(self, table: dict[str, str]) -> None:
        self._sheet, self._row = table.get("name", ""), 0
        self._hidden_columns, self._columns = set(), 0
        hidden = table.get("style-name", "") in self._hidden_styles
        (self.hidden if hidden else self.sheets).append(self._sheet)
        self._reading = self._wanted in (None, self._sheet)

    def _end_cell(self) -> None:
        shown = self._cell_text()
        if shown:
            if self._column + self._cell_count > limits.COLUMNS:
                raise too_many_columns(self._row + 1)
            if self._hidden_columns:
                self._show_some(shown)
            else:
                self._cells.extend([""] * (self._column - len(self._cells)))
                if self._cell.get("value-type") == "percentage":
                    self._percent.extend(range(self._column, self._column + self._cell_count))
                self._cells.extend([shown] * self._cell_count)
            if self._reading and self._merged is not None and len(self._merged) < limits.MERGED:
                self._merge(self._merged)
            self._left += 4
        self._column += self._cell_count

    def _show_some(self, shown: str) -> None:
        """Put a cell where it belongs in a table with hidden columns."""
        for column in range(self._column, self._column + self._cell_count):
            if column in self._hidden_columns:
                self._aside[column] = shown
                continue
            self._cells.extend([""] * (column - len(self._cells)))
            self._cells.append(shown)
            if self._cell.get("value-type") == "percentage":
                self._percent.append(column)

    def _merge(self, merged: Merged) -> None:
        down, across = (_count(self._cell, f"number-{what}-spanned") for what in ("rows", "columns"))
        if down > 1 or across > 1:
            merged.append((self._row + 1, self._row + down, self._column, self._column + across - 1))

    def _end_row(self) -> None:
        first = self._row + 1
        self._row += self._row_count
        if not self._reading or not (self._cells or self._aside):
            return
        # One row more than a spreadsheet has is enough to be refused for.
        last = min(self._row, limits.SHEET_ROWS + 1)
        self.rows.append(_SheetRow(self._sheet, first, last, self._row_hidden, self._cells, self._percent, self._aside))

    def _cell_text(self) -> str:
        kind, text = self._cell.get("value-type", ""), "\n".join(self._lines)
        if kind in ("float", "percentage", "currency"):
            return number_text(self._cell.get("value", ""))
        if kind == "date":
            return self._cell.get("date-value", "").removesuffix("T00:00:00").replace("T", " ")
        if kind == "boolean":
            return "TRUE" if self._cell.get("boolean-value") == "true" else "FALSE"
        if not kind and "formula" in self._cell:
            return NO_RESULT
        return text or self._cell.get("string-value", "")


def _count(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, 1)))
