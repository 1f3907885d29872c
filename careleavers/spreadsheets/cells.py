"""What all readers of files do with the cells they find: one text for each, within the limits, blank rows left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from careleavers.errors import Refused
from careleavers.settings import upload_rows
from careleavers.spreadsheets import limits
from careleavers.spreadsheets.rows import Rows
from careleavers.wording.exports import without_formula

SAVE_AS = "Save the table as “CSV UTF-8 (comma delimited)” or as an Excel workbook (.xlsx) and upload that."

# Zero-width spaces and joiners, direction marks that change nothing, and the byte-order mark. A soft hyphen is a
# hyphen: between two numbers it must not make one of them.
_INVISIBLE = {
    **dict.fromkeys(
        (0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202C, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067,
         0x2068, 0x2069, 0xFEFF, 0xFE0E, 0xFE0F, 0x180E)
    ),
    0x00AD: "-",
}  # fmt: skip
_AS_TEXT = re.compile(r'=\s*"((?:[^"]|"")*)"')
_ONE_WORD = re.compile(r"'(?:[\w.,/%<&+-]+|\d[^']*)'?")

# What a formula shows before any program has calculated it, as in a file made by a script.
NO_RESULT = "(formula without a result)"

FirstRows = list[tuple[int, list[str]]]


@dataclass
class HiddenCells:
    """The hidden rows and columns of a sheet that hold something.

    Attributes
    ----------
    count
        How many hidden rows there are.
    first
        The cells of the first of them.
    columns
        The hidden columns, from 0.
    aside
        What the first rows have in those.
    """

    count: int = 0
    first: list[list[str]] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)
    aside: list[list[str]] = field(default_factory=list)

    def add(self, cells: list[str], times: int = 1) -> None:
        """Note a hidden row that holds something.

        Parameters
        ----------
        cells
            The cells of a row as text.
        times
            How many such rows there are.
        """
        self.count += times
        if len(self.first) < limits.ROWS_ABOVE:
            self.first.append(cells)

    def add_columns(self, cells: dict[int, str]) -> None:
        """Note what a row has in hidden columns.

        Parameters
        ----------
        cells
            Column from 0 to the text of its cell.
        """
        self.columns.update(cells)
        if len(self.aside) < limits.ROWS_ABOVE:
            self.aside.append(list(cells.values()))


def gather_rows(records: Iterable[tuple[int, Sequence[str]]]) -> Rows:
    """The rows that hold anything, with their row numbers.

    Parameters
    ----------
    records
        Row number from 1, and cells, in the order of the sheet.

    Returns
    -------
    Rows

    Raises
    ------
    Refused
        When there are more rows than ``settings.upload_rows()``, more columns than a table can have, or rows beyond the
        last of a spreadsheet.
    """
    return Rows.of(_within_limits(records), _without_apostrophe)


def _without_apostrophe(text: str) -> str:
    """The text without the apostrophe that our own files put before what looks like a formula."""
    return text[1:] if text[:1] == "'" and without_formula(text[1:]) == text else text


def tidy_text(text: str) -> str:
    """The text of a cell as it is meant, without what programs put around it.

    Characters that show nothing go, and so do the ways to say that a cell is text: an apostrophe before a code or a
    number, and ``="273"``. What SharePoint and web pages write as ``&amp;`` is "&".

    Parameters
    ----------
    text
        The text of a cell as the file has it.

    Returns
    -------
    str

    Examples
    --------
    >>> tidy_text('="273"'), tidy_text("Tower&amp;Hamlets")
    ('273', 'Tower&Hamlets')
    """
    if "&" in text and ";" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    first = text[:1]
    if first == "=" and (match := _AS_TEXT.fullmatch(text.strip())):
        return match[1].replace('""', '"')
    if first == "'" and _ONE_WORD.fullmatch(text):
        return text[1:].removesuffix("'")
    return text


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
    """Whether no cell of a row shows anything.

    Parameters
    ----------
    cells
        The cells of a row as text.

    Returns
    -------
    bool
    """
    if not cells:
        return True
    # Most rows start with a code: look at the others only when they do not.
    first = cells[0]
    return (not first or first.isspace()) and all(not cell or cell.isspace() for cell in cells)


def too_many_columns(number: int) -> Refused:
    """What to say of a row that is wider than any table can be.

    Parameters
    ----------
    number
        Its row number.

    Returns
    -------
    Refused
        The error to raise.
    """
    return Refused(
        f"Row {number:,} has more than {limits.COLUMNS:,} columns. Delete the columns to the right of the table. {SAVE_AS}"
    )


def too_empty() -> Refused:
    """What to say of a sheet with hundreds of thousands of cells that show nothing."""
    return Refused(
        f"The sheet has more than {limits.EMPTY_CELLS:,} cells that are formatted and empty. Delete the empty rows and "
        "columns around the table, save and upload again."
    )
