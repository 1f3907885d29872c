"""The bytes of an uploaded file as the cells of one table, whatever program wrote them; or a reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from careleavers.errors import Refused
from careleavers.intake.delimited import read_delimited
from careleavers.intake.model import Sheet, column_letters
from careleavers.intake.other_files import refuse_other_files, refuse_other_workbooks
from careleavers.intake.template import FIGURES_SHEET, GUIDE_SHEETS
from careleavers.settings import upload_bytes
from careleavers.spreadsheets.cells import FirstRows, HiddenCells, gather_rows
from careleavers.spreadsheets.opening import open_workbook
from careleavers.spreadsheets.rows import CellSet

if TYPE_CHECKING:
    from careleavers.spreadsheets.opendocument import OpenDocument
    from careleavers.spreadsheets.workbook import Workbook

_PLACE = re.compile(r"authority|council|\bla\b|\barea code")
_FIGURE = re.compile(r"indicator|measure|numerator|denominator|value|number|count|percent|%|period|quarter|date|rate")
_HEADER_CHARACTERS = 60


@dataclass(frozen=True)
class WantedSheet:
    """Which sheet of a workbook is meant.

    Attributes
    ----------
    name
        What the template calls it; a sheet of this name is read whatever else there is.
    is_header
        Whether the cells of a row look like the header of the table that is wanted.
    header
        What such a header has, in words: ``an authority and a figure``.
    holds
        What the sheet holds, in words: ``the figures``.
    guides
        Sheets of the template that only explain it.
    """

    name: str
    is_header: Callable[[Sequence[str]], bool]
    header: str
    holds: str
    guides: tuple[str, ...] = ()


def read_sheet(content: bytes, file_name: str, sheet: str | None = None, *, wanted: WantedSheet | None = None) -> Sheet:
    """The cells of an uploaded CSV, Excel (.xlsx, .xlsm) or OpenDocument (.ods) file.

    The kind of file is told from its content. In a workbook the visible sheet called ``sheet`` is read; without one
    the sheet with the template's name, else the only one that has a table.

    Parameters
    ----------
    content
        The bytes of the file.
    file_name
        Its name, which is only kept.
    sheet
        The sheet to read.
    wanted
        Which sheet is meant where none is asked for; by default that of the template of figures.

    Returns
    -------
    Sheet

    Raises
    ------
    Refused
        The file is too large, is no table, cannot be read or has several tables; fit to show.
    """
    if len(content) > upload_bytes():
        raise Refused(
            f"The file is larger than {upload_bytes() // 1024 // 1024} MB, the most that can be uploaded at once. Split "
            "it, for example by period, and upload the parts."
        )
    if not content or content.isspace():
        raise Refused("The file is empty.")
    if content.startswith(b"PK"):
        return _read_workbook(open_workbook(content), file_name, sheet, wanted or _FIGURES)
    refuse_other_files(content, file_name)
    rows, how = read_delimited(content)
    if not rows:
        raise Refused("There is nothing in the file but separators and blank rows.")
    return Sheet(file_name, rows, how)


def _read_workbook(book: Workbook | OpenDocument, file_name: str, sheet: str | None, wanted: WantedSheet) -> Sheet:
    refuse_other_workbooks(book.sheets)
    hidden_rows = {name: HiddenCells() for name in (*book.sheets, *book.hidden)}
    beginnings = {name: book.beginning(name, left_out) for name, left_out in hidden_rows.items()}
    filled = {name: beginnings[name] for name in book.sheets if beginnings[name]}
    chosen = _chosen(filled, sheet, wanted)
    percent = CellSet()
    hidden_rows[chosen] = HiddenCells()
    merged: list[tuple[int, int, int, int]] = []
    rows = gather_rows(book.rows(chosen, percent, hidden_rows[chosen], merged))
    if not rows:
        raise Refused(f"There is nothing on the sheet “{chosen}”.")
    hidden_columns = sorted(hidden_rows[chosen].columns)
    skipped = {
        "hidden row": hidden_rows[chosen].count,
        f"hidden column ({', '.join(map(column_letters, hidden_columns[:6]))})": len(hidden_columns),
        "hidden sheet": len(book.hidden),
        "other sheet": len(filled.keys() - {chosen, *wanted.guides}),
    }
    aside = [
        *(tuple(cells) for name, first in beginnings.items() if name != chosen for _, cells in first),
        *(tuple(cells) for left_out in hidden_rows.values() for cells in (*left_out.first, *left_out.aside)),
        *book.remembered(),
    ]
    return Sheet(
        file_name,
        rows,
        book.how,
        chosen,
        {reason: count for reason, count in skipped.items() if count},
        percent,
        tuple(aside),
        tuple(merged),
    )


def _chosen(filled: dict[str, FirstRows], asked: str | None, wanted: WantedSheet) -> str:
    """The sheet to read among those that hold anything."""
    if not filled:
        raise Refused(
            "There is nothing in the workbook that is not hidden. Show the sheet and its rows, and save again."
        )
    if asked is not None:
        if asked not in filled:
            raise Refused(
                f"The workbook has no visible sheet “{asked}” with anything on it; it has {_quoted_names(filled)}."
            )
        return asked
    for name in filled:
        if name.strip().casefold() == wanted.name.casefold():
            return name
    tables = [name for name, rows in filled.items() if any(wanted.is_header(cells) for _, cells in rows)]
    if len(tables) == 1:
        return tables[0]
    if len(filled) == 1:
        return next(iter(filled))
    which = (
        f"has tables on {len(tables)} sheets ({_quoted_names(tables)})"
        if tables
        else (f"has {len(filled)} sheets ({_quoted_names(filled)}), and none has a header with {wanted.header}")
    )
    raise Refused(
        f"The workbook {which}. Keep the one sheet with {wanted.holds}, or call it “{wanted.name}”, and upload again."
    )


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a row looks like the header of a table that is uploaded here; what its words mean is told later."""
    words = [cell.strip().lower().replace("_", " ") for cell in cells if len(cell) <= _HEADER_CHARACTERS]
    words = [word for word in words if word]
    if {"definition", "polarity"} <= set(words):
        return True
    places = [bool(_PLACE.search(word)) for word in words]
    return (
        len(words) > 2
        and any(places)
        and any(_FIGURE.search(word) for word, place in zip(words, places, strict=True) if not place)
    )


_FIGURES = WantedSheet(FIGURES_SHEET, _is_header, "an authority and a figure", "the figures", GUIDE_SHEETS)


def _quoted_names(names: Iterable[str]) -> str:
    """The first few names, each in quotation marks."""
    listed = list(names)
    more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
    return ", ".join(f"“{name[:40]}”" for name in listed[:10]) + more
