"""The officer's own table given back with a column of messages, to be put right and uploaded again."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from careleavers.intake.model import SEVERITIES, Finding, Findings, Sheet
from careleavers.intake.report import cells_text, shortened
from careleavers.spreadsheets.rows import Rows, SheetRow
from careleavers.wording.exports import without_formula
from careleavers.wording.formats import sentence_case

# The reader passes over a column of this name.
MESSAGES = "Messages"
# The most that a spreadsheet's cell can hold; beyond it a row says how many messages are left out.
_LONGEST = 30_000
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{0,5}[1-9])?", re.ASCII)
_NOT_IN_SHEET_NAMES = re.compile(r"[\\*?:/\[\]]")
_COLOURS = {"must fix": "F9D5C2", "please confirm": "FFF1C2", "for information": "DCEBF5"}


def annotated(sheet: Sheet, findings: Findings, header_row: int) -> tuple[bytes, str]:
    """The officer's own table with one more column, :data:`MESSAGES`.

    Every cell keeps its row and column, so the cells that messages name are right in both files; hidden rows are blank.
    The messages of a row come most severe first; those about the whole file stand in the first row under the header. A
    text file comes back as CSV; a workbook comes back as a workbook, with the cells in question coloured.

    Parameters
    ----------
    sheet
        The table as uploaded.
    findings
        Everything found in it.
    header_row
        The row of its header, from 1.

    Returns
    -------
    tuple[bytes, str]
        The bytes of the file, and its name (:func:`annotated_name`).
    """
    column = _column(sheet, header_row)
    messages = _messages(sheet, findings, header_row)
    content = _workbook(sheet, findings, column, messages) if sheet.sheet else _text(sheet, column, messages)
    return content, annotated_name(sheet)


def annotated_name(sheet: Sheet) -> str:
    """The name of the checked file: ``figures-checked.csv``.

    Parameters
    ----------
    sheet
        The table as uploaded.

    Returns
    -------
    str
        Ends in ``.xlsx`` for a workbook, else in ``.csv``.
    """
    stem = PurePath(sheet.file_name.replace("\\", "/")).stem or "upload"
    return f"{stem}-checked.{'xlsx' if sheet.sheet else 'csv'}"


def _column(sheet: Sheet, header_row: int) -> int:
    """Where the messages go: where they stood in a file that was checked before, else after all other columns."""
    for place, cell in enumerate(sheet.rows.at(header_row)):
        if cell.strip() == MESSAGES:
            return place
    return sheet.rows.width


def _messages(sheet: Sheet, findings: Findings, header_row: int) -> dict[int, str]:
    """All that is to be said in each row."""
    said: dict[int, list[str]] = defaultdict(list)
    first = next((row for row, _ in sheet.rows if row > header_row), header_row + 1)
    for finding in findings:
        if not finding.rows or finding.rule.once:
            said[first].append(_message(finding, sentence_case(cells_text(finding)) or "The whole file"))
            continue
        for row, cell in zip(finding.rows, finding.cells, strict=True):
            # The header's own cell holds the name of the column.
            where = sentence_case(cell) if finding.column is None else cell
            said[first if row == header_row else row].append(_message(finding, where))
    return {header_row: MESSAGES, **{row: _joined(lines) for row, lines in said.items()}}


def _message(finding: Finding, where: str) -> str:
    found = f" Found “{shortened(finding.found)}”." if finding.found.strip() else ""
    return f"{sentence_case(finding.rule.severity)}: {where}: {finding.rule.title}.{found} Expected: {finding.expected} {finding.fix}"


def _joined(lines: list[str]) -> str:
    """The messages of a row, one per line; when they are too many for a cell, how many are left."""
    room = _LONGEST
    for place, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            return "\n".join([*lines[:place], f"And {len(lines) - place:,} more messages; put these right first."])
    return "\n".join(lines)


def _rows(sheet: Sheet, column: int, messages: dict[int, str]) -> Iterator[tuple[int, list[str]]]:
    """Every row from 1 to the last, blank ones too, with its message."""
    last = max(int(sheet.rows.lines[-1]), max(messages))
    for row, given in _every(sheet.rows, last):
        cells = list(given)
        if row in messages or len(cells) > column:
            cells.extend([""] * (column + 1 - len(cells)))
            cells[column] = messages.get(row, "")
        yield row, [without_formula(cell) for cell in cells]


def _every(rows: Rows, last: int) -> Iterator[SheetRow]:
    """The rows from 1 to ``last``, with the blank ones that a sheet leaves out."""
    line = 1
    for row, cells in rows:
        yield from ((blank, ()) for blank in range(line, row))
        yield row, cells
        line = row + 1
    yield from ((blank, ()) for blank in range(line, last + 1))


def _text(sheet: Sheet, column: int, messages: dict[int, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for _, cells in _rows(sheet, column, messages):
        writer.writerow(cells)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _workbook(sheet: Sheet, findings: Findings, column: int, messages: dict[int, str]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, PatternFill

    fills = {severity: PatternFill("solid", fgColor=colour) for severity, colour in _COLOURS.items()}
    coloured = _coloured(findings)
    book = Workbook(write_only=True)
    written = book.create_sheet(_NOT_IN_SHEET_NAMES.sub("-", sheet.sheet)[:31])
    for row, texts in _rows(sheet, column, messages):
        cells: list[Any] = [_value(text) for text in texts]
        for place, value in enumerate(cells):
            severity, percent = coloured.get((row, place)), (row, place) in sheet.percent
            if not (severity or percent or (place == column and value)):
                continue
            cells[place] = cell = WriteOnlyCell(written, value)
            if severity:
                cell.fill = fills[severity]
            if percent:
                # Without it "0.52" would be read as 0.52% when the file is uploaded again.
                cell.number_format = "0.0%"
            if place == column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        written.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(text: str) -> str | float | None:
    """What to write for a text: a number where the number is shown as just that text, so that it can be worked with."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _coloured(findings: Findings) -> dict[tuple[int, int], str]:
    """The severest finding of each cell."""
    return {
        (row, finding.column): finding.rule.severity
        for finding in sorted(findings, key=lambda found: -SEVERITIES.index(found.rule.severity))
        if finding.column is not None
        for row in finding.rows
    }
