"""Tables as CSV, JSON and Excel files that say where they come from and that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.wording.formats import missing

# What makes a spreadsheet treat a cell as a formula, or split it (OWASP, "CSV Injection").
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|%＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def without_formula(value: Any) -> Any:
    """A cell that a spreadsheet will show and not run: text that starts like a formula gets an apostrophe before it.

    Numbers, dates and negative numbers written as text stay as they are; control characters are dropped.

    Parameters
    ----------
    value
        A cell of any type.

    Returns
    -------
    Any
        Of the same type as the cell.
    """
    if not isinstance(value, str):
        return value
    # A bare carriage return would end the row in a file whose rows end in LF.
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text


def _cell(value: Any) -> Any:
    if missing(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, float):
        return int(value) if value == int(value) and abs(value) < 1e15 else float(f"{value:.10g}")
    return without_formula(value)


def _records(frame: pd.DataFrame) -> list[list[Any]]:
    return [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]


def csv_bytes(frame: pd.DataFrame, about: Mapping[str, str] | None = None, *, for_excel: bool = True) -> bytes:
    """The frame as UTF-8 CSV: ``for_excel`` with a byte-order mark and CRLF, else plain with LF.

    ``about`` (title -> text, such as source and caveats) becomes a column of its own on each row, so that a row
    copied elsewhere still says where it is from.

    Parameters
    ----------
    frame
        The table, as it is downloaded.
    about
        What the file says of itself: title to text.
    for_excel
        With a byte-order mark and CRLF, so that Excel reads it as UTF-8; else plain, with LF.

    Returns
    -------
    bytes
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n" if for_excel else "\n")
    notes = {title: without_formula(text) for title, text in (about or {}).items()}
    writer.writerow([without_formula(str(column)) for column in (*frame.columns, *notes)])
    for record in _records(frame):
        writer.writerow([*record, *notes.values()])
    return (b"\xef\xbb\xbf" if for_excel else b"") + out.getvalue().encode("utf-8")


def copied_line(title: str, about: Mapping[str, str]) -> str:
    """What stands above a table that is copied: whose and what it is, its period, source and the day.

    Parameters
    ----------
    title
        What the table holds.
    about
        What its download says of itself: title to text.

    Returns
    -------
    str
        ``Staying put, aged 19 to 20. Year to 31 March 2025. Source: Department for Education, …``.
    """
    whose = about.get("Authority", "")
    parts = [
        "" if title.startswith(whose) else whose,
        title,
        about.get("Period", ""),
        about.get("Dates", ""),
        about.get("Kind", ""),
        f"Source: {about['Source']}" if "Source" in about else "",
        about.get("Release", ""),
        f"Sources: {about['Sources and releases']}" if "Sources and releases" in about else "",
        f"Taken {about['Taken']}" if "Taken" in about else "",
    ]
    return ". ".join(part.rstrip(".") for part in dict.fromkeys(parts) if part) + "."


def json_bytes(frame: pd.DataFrame) -> bytes:
    """The frame as a JSON list of objects; what is missing is ``null``, dates are ISO texts.

    Parameters
    ----------
    frame
        The table, as it is downloaded.

    Returns
    -------
    bytes
    """
    rows = []
    for row in frame.to_dict("records"):
        clean: dict[str, Any] = {}
        for key, value in row.items():
            if missing(value):
                clean[str(key)] = None
            elif isinstance(value, pd.Timestamp):
                clean[str(key)] = value.date().isoformat()
            elif hasattr(value, "item"):
                clean[str(key)] = value.item()
            else:
                clean[str(key)] = value
        rows.append(clean)
    return (json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def xlsx_bytes(frame: pd.DataFrame, about: Mapping[str, str], title: str) -> bytes:
    """The frame as an Excel workbook: sheet “Figures” with a frozen, filterable header, sheet “About” with ``about``.

    Parameters
    ----------
    frame
        The table, as it is downloaded.
    about
        What the file says of itself: title to text.
    title
        Heading of the sheet “About”.

    Returns
    -------
    bytes
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=False)
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("Figures")
    sheet.append([without_formula(str(column)) for column in frame.columns])
    for record in _records(frame):
        sheet.append(["" if value == "" else value for value in record])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    for index, column in enumerate(frame.columns, start=1):
        longest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))], default=10)
        sheet.column_dimensions[get_column_letter(index)].width = min(max(longest + 2, 9), 42)
    notes = book.create_sheet("About")
    notes.append([without_formula(title)])
    notes["A1"].font = Font(bold=True, size=14)
    for heading, text in about.items():
        notes.append([without_formula(heading), without_formula(text)])
        notes.cell(notes.max_row, 2).alignment = Alignment(wrap_text=True, vertical="top")
        notes.cell(notes.max_row, 1).font = Font(bold=True)
    notes.column_dimensions["A"].width = 24
    notes.column_dimensions["B"].width = 100
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_table(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """Columns of the frame as aligned plain text for a terminal.

    Parameters
    ----------
    frame
        The table, as it is downloaded.
    columns
        The columns to show, in this order.

    Returns
    -------
    str
    """
    rows = [[str(column) for column in columns]] + [
        [str(_cell(value)) for value in row] for row in frame[list(columns)].itertuples(index=False, name=None)
    ]
    widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
