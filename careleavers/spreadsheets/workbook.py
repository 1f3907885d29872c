"""Excel workbooks (.xlsx, .xlsm): their sheets, and the cells of a sheet as Excel shows them.

Read straight from the XML, row by row: openpyxl reads a sheet either without saying which rows are hidden or by keeping
all of it in memory, and takes four times as long. What a number format means is still openpyxl's knowledge.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from careleavers.errors import Refused
from careleavers.spreadsheets import limits
from careleavers.spreadsheets.archive import DAMAGED, TOO_MUCH, Archive, local
from careleavers.spreadsheets.cells import NO_RESULT, FirstRows, HiddenCells, too_empty, too_many_columns
from careleavers.spreadsheets.rows import CellSet

Merged = list[tuple[int, int, int, int]]
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_LETTERS = re.compile(r"[A-Z]{1,3}")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")


class Workbook:
    """An opened workbook: ``sheets`` maps the names of its visible worksheets to their parts, in their order.

    ``hidden`` does so for the hidden ones. Names are unique within a workbook.
    """

    how = "Excel workbook"

    def __init__(self, archive: Archive, part: str) -> None:
        """Read the list of sheets from ``part``; raises :class:`Refused` when that is damaged."""
        self._archive, self._part = archive, part
        self.sheets: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self._epoch: dt.datetime = WINDOWS_EPOCH
        self._related = archive.related(part)
        archive.read(part, self._read_sheet_entry)
        self._strings: list[str] | None = None
        self._formats: dict[str, str] | None = None
        self._left = limits.EMPTY_CELLS

    def _read_sheet_entry(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self._epoch = MAC_EPOCH
        if local(name) != "sheet":
            return
        relation = next((value for key, value in attributes.items() if local(key) == "id"), "")
        kind, part = self._related.get(relation, ("", ""))
        if kind != "worksheet":
            return
        if len(self.sheets) + len(self.hidden) == limits.SHEETS:
            raise Refused(TOO_MUCH)
        visible = attributes.get("state", "visible") == "visible"
        (self.sheets if visible else self.hidden)[attributes.get("name", "")] = part

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
        return list(islice(self.rows(sheet, CellSet(), left_out), limits.ROWS_ABOVE))

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
            Where merged cells are noted once all rows are read; None where nobody asks.

        Returns
        -------
        Iterator[tuple[int, list[str]]]
            Row number, and cells as text.

        Raises
        ------
        Refused
            For what is no sheet or goes beyond the limits.
        """
        if self._strings is None or self._formats is None:
            self._strings, self._formats = self._read_strings(), self._read_formats()
        reader = _SheetReader(self._strings, self._formats, self._epoch, percent, left_out, self._left, merged)
        part = {**self.hidden, **self.sheets}[sheet]
        try:
            for _ in self._archive.parse(part, reader.start, reader.end, reader.text, limits.SHEET_BYTES):
                yield from reader.rows
                reader.rows.clear()
        finally:
            # All sheets together may hold so many empty cells and no more.
            self._left = min(self._left, reader.left)

    def remembered(self) -> list[tuple[str, ...]]:
        """The column names of the tables that its pivot tables keep a copy of, even when no sheet shows it.

        Returns
        -------
        list[tuple[str, ...]]
            One tuple per table.

        Raises
        ------
        Refused
            If it has more pivot tables than are read.
        """
        tables: list[tuple[str, ...]] = []
        parts = self._archive.parts("xl/pivotCache/pivotCacheDefinition")
        if len(parts) > limits.PIVOTS:
            raise Refused(TOO_MUCH)
        for part in parts:
            names: list[str] = []

            def start(name: str, attributes: dict[str, str], names: list[str] = names) -> None:
                if local(name) == "cacheField":
                    names.append(attributes.get("name", ""))

            self._archive.read(part, start)
            tables.append(tuple(names))
        return tables

    def _related_part(self, kind: str) -> str:
        return next((part for found, part in self._related.values() if found == kind), "")

    def _read_strings(self) -> list[str]:
        """The texts that cells refer to by number."""
        part = self._related_part("sharedStrings")
        strings: list[str] = []
        text: list[str] = []
        pieces: list[str] = []
        phonetic = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal phonetic
            text.clear()
            phonetic = phonetic or name.endswith("}rPh")

        def end(name: str) -> None:
            nonlocal phonetic
            if name.endswith("}t"):
                if not phonetic:
                    pieces.extend(text)
            elif name.endswith("}rPh"):
                phonetic = False
            elif name.endswith("}si"):
                if len(strings) == limits.STRINGS:
                    raise Refused(TOO_MUCH)
                strings.append(_unescaped("".join(pieces)))
                pieces.clear()
            text.clear()

        self._archive.read(part, start, end, text, limits.STRINGS_BYTES)
        return strings

    def _read_formats(self) -> dict[str, str]:
        """For each number of a cell's style that matters here: ``date`` or ``percent``."""
        codes: dict[str, str] = {str(number): code for number, code in BUILTIN_FORMATS.items()}
        formats: dict[str, str] = {}
        styles = 0
        inside = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside, styles
            kind = local(name)
            if kind == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif kind == "cellXfs":
                inside = True
            elif kind == "xf" and inside:
                if shown := _number_kind(codes.get(attributes.get("numFmtId", ""), "")):
                    formats[str(styles)] = shown
                styles += 1

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and local(name) != "cellXfs"

        self._archive.read(self._related_part("styles"), start, end)
        return formats


class _Kinds(dict[str, str]):
    """The names of elements without their namespaces, each worked out once: a sheet has millions of the same five."""

    def __missing__(self, name: str) -> str:
        if len(self) == limits.NAMES:
            raise Refused(TOO_MUCH)
        self[name] = local(name)
        return self[name]


class _Columns(dict[str, int]):
    """The columns of their letters, from 0."""

    def __missing__(self, letters: str) -> int:
        if not _LETTERS.fullmatch(letters):
            raise Refused(DAMAGED)
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - ord("A") + 1
        self[letters] = place - 1
        return place - 1


class _SheetReader:
    """Takes the elements of one sheet and puts each finished row in ``rows``."""

    def __init__(
        self,
        strings: list[str],
        formats: dict[str, str],
        epoch: dt.datetime,
        percent: CellSet,
        left_out: HiddenCells,
        left: int,
        merged: Merged | None = None,
    ) -> None:
        self._strings, self._formats, self._epoch = strings, formats, epoch
        self._percent, self._left_out = percent, left_out
        self.rows: list[tuple[int, list[str]]] = []
        self.text: list[str] = []
        self.left = left
        self._row, self._hidden = 0, False
        self._cells: list[str] = []
        self._column, self._kind, self._format = -1, "n", ""
        self._value, self._formula = "", False
        self._columns, self._kinds = _Columns(), _Kinds()
        self._merged = merged
        self._hidden_columns: set[int] = set()
        self._aside: dict[int, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self._kinds[name]
        if kind == "c":
            reference = attributes.get("r")
            self._column = self._columns[reference.rstrip("0123456789")] if reference else self._column + 1
            self._kind = attributes.get("t", "n")
            self._format = self._formats.get(attributes.get("s", ""), "")
            self._value, self._formula = "", False
        elif kind == "row":
            number = int(attributes.get("r", self._row + 1))
            if number <= self._row:
                raise Refused(DAMAGED)
            self._row, self._column = number, -1
            self._hidden = attributes.get("hidden") in ("1", "true")
            self._cells = []
        elif kind == "col" and attributes.get("hidden") in ("1", "true"):
            last = min(int(attributes.get("max", 0)), limits.COLUMNS + 1)
            self._hidden_columns.update(range(int(attributes.get("min", 1)) - 1, last))
        elif kind == "mergeCell" and self._merged is not None:
            self._merge(attributes.get("ref", ""))
        self.text.clear()
        self.left -= 1
        if self.left < 0:
            raise too_empty()

    def end(self, name: str) -> None:
        kind = self._kinds[name]
        if kind == "v":
            self._value = "".join(self.text)
        elif kind == "t":
            # A text in several fonts comes in pieces.
            self._value += "".join(self.text)
        elif kind == "c":
            self._end_cell()
        elif kind == "f":
            self._formula = True
        elif kind == "row" and self._aside:
            self._left_out.add_columns(self._aside)
            self._aside = {}
            self.end_row()
        elif kind == "row":
            self.end_row()

    def end_row(self) -> None:
        """Put the row that ends where it belongs."""
        if self._cells:
            if self._hidden:
                self._left_out.add(self._cells)
            else:
                self.rows.append((self._row, self._cells))

    def _merge(self, reference: str) -> None:
        match = _RANGE.fullmatch(reference)
        if match is None or self._merged is None or len(self._merged) >= limits.MERGED:
            return
        first, last = self._columns[match[1]], self._columns[match[3]]
        self._merged.append((int(match[2]), int(match[4]), first, last))

    def _end_cell(self) -> None:
        shown = self._cell_text()
        if not shown:
            return
        if self._column in self._hidden_columns:
            self._aside[self._column] = shown
            return
        cells, column = self._cells, self._column
        if column != len(cells):
            if column < len(cells):
                raise Refused(DAMAGED)
            if column >= limits.COLUMNS:
                raise too_many_columns(self._row)
            cells.extend([""] * (column - len(cells)))
        cells.append(shown)
        # A cell that shows something makes up for the elements that it took, and for its row.
        self.left += 5

    def _cell_text(self) -> str:
        kind, value = self._kind, self._value
        if kind == "s":
            return self._strings[int(value)] if value else ""
        if kind in ("inlineStr", "str"):
            return _unescaped(value)
        if not value:
            return NO_RESULT if self._formula else ""
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind in ("e", "d"):
            return value
        if self._format == "date":
            return _date_text(value, self._epoch)
        if self._format == "percent" and not self._hidden:
            self._percent.add(self._row, self._column)
        return number_text(value)


def number_text(value: str) -> str:
    """A number of a workbook with the 15 digits that spreadsheets show: ``0.52`` for ``0.52000000000000002``.

    Parameters
    ----------
    value
        The number as the file has it.

    Returns
    -------
    str
    """
    if value.isdigit() and len(value) <= 15:
        return value
    try:
        return f"{float(value):.15g}"
    except ValueError:
        return value


def _date_text(value: str, epoch: dt.datetime) -> str:
    """``2025-09-30``, ``2025-09-30 14:30:00``, ``14:30:00``; the number itself where it is no date."""
    try:
        moment = from_excel(float(value), epoch)
    except (ValueError, OverflowError, TypeError):
        return number_text(value)
    if isinstance(moment, dt.datetime):
        return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ", "seconds")
    return str(moment)


def _number_kind(code: str) -> str:
    if "%" in _LITERAL.sub("", code):
        return "percent"
    return "date" if is_date_format(code) else ""


def _unescaped(text: str) -> str:
    """The text without Excel's ``_x000D_`` for a character that XML cannot hold."""
    if "_x" not in text:
        return text
    return _NOT_TEXT.sub("", _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))
