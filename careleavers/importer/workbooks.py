"""Published workbooks, read by the same reader as uploads: their sheets as rows of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from careleavers.errors import DataProblem, Refused
from careleavers.spreadsheets.cells import HiddenCells
from careleavers.spreadsheets.opening import open_workbook
from careleavers.spreadsheets.rows import CellSet

if TYPE_CHECKING:
    from careleavers.spreadsheets.opendocument import OpenDocument
    from careleavers.spreadsheets.workbook import Workbook

# The number of a row, from 1, and its cells as text; a row ends with its last cell that shows something.
SheetRows = list[tuple[int, list[str]]]


def open_published(content: bytes, name: str, kind: str) -> Workbook | OpenDocument:
    """A published workbook from its bytes.

    Parameters
    ----------
    content
        The file.
    name
        How messages call it.
    kind
        What it should be, to follow "this is not": "an Excel workbook".

    Returns
    -------
    Workbook | OpenDocument
        Its sheets, to be read row by row.

    Raises
    ------
    DataProblem
        When it cannot be read.
    """
    try:
        return open_workbook(content)
    except Refused as refused:
        raise DataProblem(name, f"this is not {kind} we can read ({_reason(refused)})") from None


def sheet_rows(
    book: Workbook | OpenDocument, sheet: str, name: str, hides_figures: Callable[[HiddenCells], bool]
) -> SheetRows:
    """The rows of a visible sheet that show anything.

    What a sheet hides is not taken for published, and must not be left out without a word either.

    Parameters
    ----------
    book, sheet
        The workbook, and one of ``book.sheets``.
    name
        How messages call the file.
    hides_figures
        Told what the sheet hides: whether a figure might come from it.

    Returns
    -------
    list of (int, list of str)
        Row numbers from 1, ascending, and the cells as the spreadsheet shows them: ``2025-03-31``, ``0.52``.

    Raises
    ------
    DataProblem
        When the sheet is damaged, or hides figures.
    """
    hidden = HiddenCells()
    try:
        rows = list(book.rows(sheet, CellSet(), hidden))
    except Refused as refused:
        raise DataProblem(name, f"the sheet “{sheet}” cannot be read ({_reason(refused)})") from None
    # Of many hidden rows only the first are known.
    if hidden.count > len(hidden.first) or hides_figures(hidden):
        raise DataProblem(name, f"the sheet “{sheet}” hides rows or columns. Show them, and save the file again")
    return rows


def _reason(refused: Refused) -> str:
    """The first sentence; what an officer is told to do instead does not fit a published file."""
    return str(refused).partition(". ")[0].rstrip(".")
