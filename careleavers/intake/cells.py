"""What all readers of files do with the cells they find: one text for each, within the limits, blank rows left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from careleavers.downloads import harmless
from careleavers.intake import limits
from careleavers.intake.model import Refused
from careleavers.intake.rows import Rows
from careleavers.settings import upload_rows

SAVE_AS = "Save the table as “CSV UTF-8 (comma delimited)” or as an Excel workbook (.xlsx) and upload that."

FirstRows = list[tuple[int, list[str]]]


@dataclass
class LeftOut:
    """The hidden rows of a sheet: how many they are, and the first of them."""

    count: int = 0
    first: list[list[str]] = field(default_factory=list)

    def add(self, cells: list[str], times: int = 1) -> None:
        """Note a hidden row that holds something."""
        self.count += times
        if len(self.first) < limits.ROWS_ABOVE:
            self.first.append(cells)


def gather(records: Iterable[tuple[int, Sequence[str]]]) -> Rows:
    """The rows that hold anything, with their row numbers.

    ``records`` are (row number from 1, cells) in the order of the sheet. Raises :class:`Refused` when there are more
    rows than ``settings.upload_rows()``, more columns than a table can have, or rows beyond the last of a spreadsheet.
    """
    return Rows.of(_within_limits(records), _without_apostrophe)


def _without_apostrophe(text: str) -> str:
    """The text without the apostrophe that our own files put before what looks like a formula."""
    return text[1:] if text[:1] == "'" and harmless(text[1:]) == text else text


def _within_limits(records: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Sequence[str]]]:
    most = upload_rows()
    rows = count = 0
    for number, cells in records:
        if number > limits.SHEET_ROWS:
            raise Refused(
                f"The file goes on beyond row {limits.SHEET_ROWS:,}, where a spreadsheet ends. "
                f"Delete the rows under the table. {SAVE_AS}"
            )
        if len(cells) > limits.COLUMNS:
            raise too_many_columns(number)
        if is_blank(cells):
            continue
        if rows == most + limits.ROWS_ABOVE:
            raise Refused(
                f"The file has more than {most:,} rows, which is the most that can be uploaded at once. "
                "Split it, for example by period, and upload the parts."
            )
        count += len(cells)
        if count > limits.CELLS:
            raise Refused(
                f"The file has more than {limits.CELLS:,} cells. Delete the columns that are no part of the table, or "
                "split the file, and upload again."
            )
        rows += 1
        yield number, cells


def is_blank(cells: Sequence[str]) -> bool:
    """Whether no cell of a row shows anything."""
    if not cells:
        return True
    # Most rows start with a code: look at the others only when they do not.
    first = cells[0]
    return (not first or first.isspace()) and all(not cell or cell.isspace() for cell in cells)


def too_many_columns(number: int) -> Refused:
    """What to say of a row that is wider than any table can be."""
    return Refused(
        f"Row {number:,} has more than {limits.COLUMNS:,} columns. Delete the columns to the right of the table. {SAVE_AS}"
    )


def too_empty() -> Refused:
    """What to say of a sheet with hundreds of thousands of cells that show nothing."""
    return Refused(
        f"The sheet has more than {limits.EMPTY_CELLS:,} cells that are formatted and empty. Delete the empty rows and "
        "columns around the table, save and upload again."
    )
