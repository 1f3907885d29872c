"""The officers' template, long and wide, as CSV and as a workbook; and the wide headers, to be understood again.

A template is made from four things: ``authorities``, pairs of code and name; ``indicators``, a frame with a row per
indicator and columns ``indicator`` (the id), ``title``, ``unit``, ``age_groups`` (separated by ``;``),
``numerator_counts``, ``denominator_counts`` and ``definition`` (``queries/definitions.sql`` gives it); ``period`` as
officers write it (``2025/26 Q2``); and ``basis``, which measures have that do not count as at a day. Excel takes no age group here for a date (there is no month 17), so
the CSV needs no more care than the workbook, whose codes, ages and periods are text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.intake.basis import BASES
from careleavers.model import counts_are_fractional
from careleavers.wording.exports import csv_bytes, without_formula

# The columns of the long variant, and those that come before the figures in the wide one.
COLUMNS = (
    "authority_code", "authority_name", "indicator", "measure_title", "age_group", "period", "basis", "numerator", "denominator", "value",
    "target", "note",
)  # fmt: skip
WIDE_COLUMNS = ("authority_code", "authority_name", "period", "basis")
# The columns that come filled in.
_FILLED = COLUMNS[:7]
# The sheet of a workbook that holds the figures, and those that explain it.
FIGURES_SHEET = "Figures"
GUIDE_SHEETS = ("How to fill this in", "Indicators")
# What a column of the wide variant may hold for an indicator and age group.
FIELDS = ("numerator", "denominator", "value", "target")
# How the catalogue says that something is counted on a day and not over a period.
_AS_AT = re.compile(r"\b(?:at|by|before) the end of the period\b|\bon (?:31 March|30 September)\b")
# The marks that may replace a number.
_MARKS = ("c", "x", "z", "k", "low", "u")
# Rows below the last that have the lists and checks of a column too.
_MORE_ROWS = 1000
_WIDE = re.compile(
    rf"(?P<indicator>[a-z0-9][a-z0-9_]*?)_(?P<age>all|\d{{1,2}}(?:_?[-–]_?\d{{1,2}}|_to_\d{{1,2}}|\+)?)_(?P<field>{'|'.join(FIELDS)})"
)


def wide_header(indicator: str, age_group: str, field: str) -> str:
    """The header of one column of the wide variant: ``eet 19-21 numerator``, ``caseload all value``.

    Parameters
    ----------
    indicator
        Its id.
    age_group
        As in the catalogue.
    field
        One of :data:`FIELDS`.

    Returns
    -------
    str
    """
    return f"{indicator} {age_group} {field}"


def parse_wide_header(text: str) -> tuple[str, str, str] | None:
    """What a header of the wide variant names.

    Case, and whether words are separated by spaces or underscores, make no difference; an age group may be written
    ``17-18``, ``17–18`` or ``17 to 18``. Whether there is such an indicator is not asked here.

    Parameters
    ----------
    text
        The header.

    Returns
    -------
    tuple[str, str, str] or None
        Indicator id, age group and field; None if the text is no such header.
    """
    match = _WIDE.fullmatch(re.sub(r"[\s_]+", "_", text.strip().lower()))
    if match is None:
        return None
    age_group = re.sub(r"_?[-–]_?|_to_", "-", match["age"])
    return match["indicator"], age_group, match["field"]


def basis_of(indicator: Mapping[str, str], basis: str) -> str:
    """The basis of a measure: a snapshot where the catalogue says that it counts as at a day.

    Parameters
    ----------
    indicator
        A row with ``numerator_counts``.
    basis
        That of every other measure.

    Returns
    -------
    str
    """
    return "snapshot" if _AS_AT.search(indicator["numerator_counts"]) else basis


def template_frame(
    authorities: Sequence[tuple[str, str]], indicators: pd.DataFrame, period: str, basis: str, *, wide: bool = False
) -> pd.DataFrame:
    """The template as a table of texts, figures left empty.

    Parameters
    ----------
    authorities
        (Code, name) of each.
    indicators
        The columns that the module names.
    period
        As officers write it: ``2025/26 Q2``.
    basis
        Of measures that do not count as at a day.
    wide
        Whether each measure has columns of its own.

    Returns
    -------
    pandas.DataFrame
        Long: columns :data:`COLUMNS`, one row per authority, indicator and age group. Wide: columns :data:`WIDE_COLUMNS`
        and one for each field of an indicator and age group (:func:`wide_header`), one row per authority and basis.
    """
    asked = list(_measures(indicators))
    if wide:
        fields = [wide_header(row["indicator"], age, field) for row, age in asked for field in _fields(row["unit"])]
        bases = dict.fromkeys([basis, *(basis_of(row, basis) for row, _ in asked)])
        filled = [(code, name, period, each, *[""] * len(fields)) for code, name in authorities for each in bases]
        return pd.DataFrame(filled, columns=[*WIDE_COLUMNS, *fields], dtype=str)
    given = [
        (code, name, row["indicator"], row["title"], age, period, basis_of(row, basis), *[""] * (len(COLUMNS) - 7))
        for code, name in authorities
        for row, age in asked
    ]
    return pd.DataFrame(given, columns=list(COLUMNS), dtype=str)


def template_csv(
    authorities: Sequence[tuple[str, str]], indicators: pd.DataFrame, period: str, basis: str, *, wide: bool = False
) -> bytes:
    """The template as CSV that Excel opens.

    Parameters
    ----------
    authorities
        (Code, name) of each.
    indicators
        The columns that the module names.
    period
        As officers write it: ``2025/26 Q2``.
    basis
        Of measures that do not count as at a day.
    wide
        Whether each measure has columns of its own.

    Returns
    -------
    bytes
        UTF-8 with a byte-order mark.
    """
    return csv_bytes(template_frame(authorities, indicators, period, basis, wide=wide))


def template_xlsx(
    authorities: Sequence[tuple[str, str]], indicators: pd.DataFrame, period: str, basis: str, *, wide: bool = False
) -> bytes:
    """The template as a workbook: sheets “Figures”, “How to fill this in” and “Indicators”.

    Parameters
    ----------
    authorities
        (Code, name) of each.
    indicators
        The columns that the module names.
    period
        As officers write it: ``2025/26 Q2``.
    basis
        Of measures that do not count as at a day.
    wide
        Whether each measure has columns of its own.

    Returns
    -------
    bytes
        The bytes of an .xlsx file.
    """
    from openpyxl import Workbook

    frame = template_frame(authorities, indicators, period, basis, wide=wide)
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_figures(book.create_sheet(FIGURES_SHEET), frame, _rows(indicators), basis)
    _write_table(book.create_sheet(GUIDE_SHEETS[0]), ("Column", "What to write"), _guide(wide), (24, 110))
    explained = [
        (
            row["indicator"],
            row["title"],
            ", ".join(row["age_groups"].split(";")),
            row["numerator_counts"] or "(a value alone)",
            row["denominator_counts"] or "(a value alone)",
            row["definition"],
        )
        for row in _rows(indicators)
    ]
    titles = (
        "indicator",
        "Title",
        "Age groups",
        "What the numerator counts",
        "What the denominator counts",
        "Definition",
    )
    _write_table(book.create_sheet(GUIDE_SHEETS[1]), titles, explained, (32, 44, 16, 44, 44, 80))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(indicators: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(key): value for key, value in row.items()} for row in indicators.fillna("").to_dict("records")]


def _measures(indicators: pd.DataFrame) -> Iterator[tuple[dict[str, str], str]]:
    """Each indicator with each of its age groups."""
    for row in _rows(indicators):
        for age in row["age_groups"].split(";"):
            yield row, age


def _fields(unit: str) -> tuple[str, ...]:
    """What is asked for of an indicator: a percentage is worked out from its counts, anything else is given."""
    return ("numerator", "denominator") if unit == "percent" else ("value",)


def _guide(wide: bool) -> list[tuple[str, str]]:
    """What to write in each column, in plain English."""
    figures = (
        (
            (
                "… numerator",
                "How many of them; a whole number. The sheet “Indicators” says who each indicator counts.",
            ),
            ("… denominator", "Out of how many; a whole number that is not smaller than the numerator."),
            ("… value", "The figure itself, for an indicator that is no percentage, such as cases for each worker."),
            ("… target", "Add such a column if you have a target, called like the others: eet 19-21 target."),
        )
        if wide
        else (
            ("indicator", "The id of the indicator, as on the sheet “Indicators”; its title is understood too."),
            ("measure_title", "What the indicator is called, for you to read; it is not read from here."),
            ("age_group", "The ages, as on the sheet “Indicators”: 17-18, 19-21, or all."),
            ("numerator", "How many of them; a whole number. The sheet “Indicators” says who each indicator counts."),
            ("denominator", "Out of how many; a whole number that is not smaller than the numerator."),
            (
                "value",
                "Leave this empty for a percentage: it is worked out from numerator and denominator, and a percentage "
                "without them cannot be taken. Fill it in for any other indicator, such as cases for each worker.",
            ),
            ("target", "Your target for the value, if you have one. May be empty."),
            ("note", "Anything that readers should know about this figure. May be empty. No names of young people."),
        )
    )
    return [
        ("authority_code", "The code of the authority, such as E08000035 or 383."),
        ("authority_name", "Its name. Code or name is enough; if both are there they must agree."),
        (
            "period",
            "The quarter of the financial year, April to March: 2025/26 Q2 is July to September 2025. Its last day is "
            "understood too (30/09/2025), and a whole year (2025/26). Not 2025 Q2, which could mean either kind of year.",
        ),
        (
            "basis",
            "quarter: what happened in the three months. year_to_date: from 1 April to the end of the quarter. "
            "rolling_12m: the twelve months up to it. snapshot: as things were on its last day. full_year: a whole year. "
            "Each measure comes with the basis that it has by its definition"
            + ("; a measure that belongs to the other row of its authority is shaded." if wide else "."),
        ),
        *figures,
        (
            "No figure?",
            "Leave the cells empty, or write in their place c (suppressed), x (not available), z (nobody in this group), "
            "k or low (too small to show, but not zero) or u (unreliable). Write zero as 0.",
        ),
        (
            "Small numbers",
            "Write the true counts, small ones too: all are rounded before viewers see anything.",
        ),
        (
            "The sheet",
            f"Figures are read from the sheet “{FIGURES_SHEET}” alone. You may delete rows and columns that you do not "
            "need, sort rows, and put columns in another order. Hidden rows are left out.",
        ),
        (
            "Never",
            "Nothing about individual young people: no names, dates of birth or case numbers. Such a file is refused.",
        ),
    ]


def _write_figures(sheet: Any, frame: pd.DataFrame, indicators: list[dict[str, str]], basis: str) -> None:
    """Write the figures' sheet: a header that stays and is explained, texts that Excel leaves alone, lists and checks."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill, Protection
    from openpyxl.utils import get_column_letter

    widths = [
        max([min(len(column), 24), *(len(text) for text in frame[column].head(500))]) + 2 for column in frame.columns
    ]
    _write_header(sheet, list(frame.columns), [min(width, 70) for width in widths])
    for row in frame.itertuples(index=False, name=None):
        sheet.append([without_formula(cell) or None for cell in row])
    sheet.freeze_panes = "C2"
    known = {row["indicator"]: row for row in indicators}
    notes = _notes(frame, known)
    shaded = PatternFill("solid", fgColor="D9D9D9")
    for place, column in enumerate(frame.columns, start=1):
        letter = get_column_letter(place)
        # The format of the column applies to rows that are added; it makes no cells.
        sheet.column_dimensions[letter].protection = Protection(locked=False)
        text, wide = column in _FILLED, parse_wide_header(column)
        if text:
            sheet.column_dimensions[letter].number_format = "@"
        for (cell,) in sheet.iter_rows(min_row=2, max_row=len(frame) + 1, min_col=place, max_col=place):
            cell.protection = Protection(locked=False)
            if text:
                cell.number_format = "@"
            if wide and frame["basis"].iloc[cell.row - 2] != basis_of(known[wide[0]], basis):
                cell.fill = shaded
        sheet.cell(1, place).comment = Comment(notes[column], "Template", height=140, width=340)
    for check in _checks(frame, known):
        sheet.add_data_validation(check)
    # Against slips: there is no password, and everything under the header may be changed, sorted, added and deleted.
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)


def _notes(frame: pd.DataFrame, known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What each column is, to be read at its header."""
    wide = "indicator" not in frame.columns
    guide = dict(_guide(wide))
    notes = {}
    for column in frame.columns:
        parsed = parse_wide_header(column) if wide else None
        if parsed is None:
            notes[column] = guide[column]
            continue
        row, field = known[parsed[0]], parsed[2]
        counts = row[f"{field}_counts"] if field in ("numerator", "denominator") else row["definition"]
        notes[column] = f"{row['title']}, ages {parsed[1]}: {counts or guide[f'… {field}']}"
    return notes


def _checks(frame: pd.DataFrame, known: Mapping[str, Mapping[str, str]]) -> Iterator[Any]:
    """The lists to choose from, and what a number must be; a text that is understood too is warned of and allowed."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    last = len(frame) + _MORE_ROWS
    lists = {"basis": f'"{",".join(BASES)}"', "indicator": f"Indicators!$A$2:$A${len(known) + 1}"}
    for place, column in enumerate(frame.columns, start=1):
        letter = get_column_letter(place)
        if column in lists:
            check = DataValidation("list", formula1=lists[column], allow_blank=True, errorStyle="warning")
            check.add(f"{letter}2:{letter}{last}")
            yield check
            continue
        parsed = parse_wide_header(column)
        field = parsed[2] if parsed else column
        if field not in FIELDS or field == "target":
            continue
        measures = [parsed[0]] * len(frame) if parsed else list(frame["indicator"])
        # Counts of people are whole; full-time equivalents need not be. A row that is added may be of either.
        whole = [field != "value" and not _fractional(known[measure]) for measure in measures]
        for counted in (True, False):
            runs = _runs([row for row, each in enumerate(whole, start=2) if each == counted])
            if not counted:
                runs.append((len(frame) + 2, last))
            if not runs:
                continue
            first = runs[0][0]
            above = f"{get_column_letter(place - 1)}{first}" if field == "denominator" else ""
            check = DataValidation(
                "custom", formula1=_number(f"{letter}{first}", counted, above), allow_blank=True, errorStyle="warning",
                errorTitle="Is this the number?",
                error=("A whole number of young people" if counted else "A number of 0 or more")
                + (", not smaller than the numerator" if above else "")
                + ", or one of the marks c, x, z, k, low and u.",
            )  # fmt: skip
            for start, end in runs:
                check.add(f"{letter}{start}:{letter}{end}")
            yield check


def _fractional(indicator: Mapping[str, str]) -> bool:
    return counts_are_fractional(indicator["numerator_counts"], indicator["denominator_counts"], indicator["unit"])


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of ascending numbers."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs


def _number(cell: str, whole: bool, above: str) -> str:
    """The formula that a number, or a mark in its place, in a cell fulfils."""
    rules = [f"{cell}>=0", *([f"{cell}=INT({cell})"] if whole else []), *([f"{cell}>=N({above})"] if above else [])]
    marks = ",".join(f'LOWER({cell})="{mark}"' for mark in _MARKS)
    return f"IF(ISNUMBER({cell}),AND({','.join(rules)}),OR({marks}))"


def _write_table(sheet: Any, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    """Write a sheet to read: wrapped texts under a frozen header."""
    from openpyxl.styles import Alignment

    _write_header(sheet, header, widths)
    for row in rows:
        sheet.append([without_formula(cell) for cell in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _write_header(sheet: Any, header: Sequence[str], widths: Sequence[int]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(header))
    for place, width in enumerate(widths, start=1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.cell(1, place).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = width
