"""Tables that are no figures, such as an improvement plan: from the bytes of a file to rows of texts by column.

A :class:`TableShape` says what the columns are called. Reading is as forgiving as with figures: titles above the header, other names of
a column, any case, columns of the council's own. What is wrong is noted at its cell, and a file about individual young people
is refused unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from careleavers.errors import Refused
from careleavers.intake.annotated import MESSAGES
from careleavers.intake.header import SEARCHED_ROWS
from careleavers.intake.model import Findings, Sheet, column_letters
from careleavers.intake.name_keys import name_key
from careleavers.intake.person_columns import is_certainly_personal, person_columns
from careleavers.intake.reference import ReferenceData
from careleavers.intake.sheets import WantedSheet, read_sheet
from careleavers.spreadsheets.cells import tidy_text
from careleavers.spreadsheets.rows import Rows
from careleavers.wording.formats import join_words, sentence_case

_SEARCHED_COLUMNS = 200
_NAMED_COLUMNS = 5
# A row of fewer known names is a title or a row of the table, not its header.
_LEAST_COLUMNS = 2


@dataclass(frozen=True)
class TableShape:
    """What a table is called and what its columns may be called.

    Attributes
    ----------
    sheet
        The name of its sheet in the template's workbook.
    what
        The table in words: ``an improvement plan``.
    rows
        What a row is, in the plural: ``actions``.
    fields
        Each column as the template calls it, and its other names.
    required
        The columns without which it cannot be read.
    most
        How many rows it may have.
    guides
        Sheets of the template that only explain it.
    """

    sheet: str
    what: str
    rows: str
    fields: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    most: int
    guides: tuple[str, ...] = ()

    @cached_property
    def names(self) -> dict[str, str]:
        """The column by each name that it may have, made comparable."""
        found = {name_key(other): name for name, others in self.fields.items() for other in others}
        return found | {name_key(name): name for name in self.fields}

    def named(self, cells: Sequence[str]) -> set[str]:
        """The columns that a row names.

        Parameters
        ----------
        cells
            The cells of the row.

        Returns
        -------
        set of str
        """
        return {self.names[key] for cell in cells if (key := name_key(cell)) in self.names}

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row looks like the header of this table.

        Parameters
        ----------
        cells
            The cells of the row.

        Returns
        -------
        bool
        """
        return len(self.named(cells)) >= _LEAST_COLUMNS


@dataclass(frozen=True)
class TableRow:
    """One row: its number in the spreadsheet, from 1, and the text of each column that the header has."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TableFile:
    """A table as it was read.

    Attributes
    ----------
    sheet
        Its cells.
    header_row
        The row of its header, from 1.
    columns
        The column (from 0) of each field.
    rows
        The rows under the header that are not blank.
    """

    sheet: Sheet
    header_row: int
    columns: Mapping[str, int]
    rows: tuple[TableRow, ...]


def read_table_file(
    content: bytes, file_name: str, shape: TableShape, reference: ReferenceData, findings: Findings
) -> TableFile:
    """Read a table of a shape.

    Parameters
    ----------
    content
        The bytes of the file: CSV, Excel or OpenDocument.
    file_name
        Its name.
    shape
        What its columns are called.
    reference
        The indicators, whose names are no person's.
    findings
        Gets columns that are missing, double or not used, and what was left out.

    Returns
    -------
    TableFile

    Raises
    ------
    Refused
        The file is too large or too long, is no table, has no such header, or is about individual young people; fit to show.
    """
    wanted = WantedSheet(shape.sheet, shape.is_header, f"columns of {shape.what}", f"the {shape.rows}", shape.guides)
    sheet = read_sheet(content, file_name, wanted=wanted)
    rows = sheet.rows.map_texts(tidy_text)
    searched = [(line, cells[:_SEARCHED_COLUMNS]) for line, cells in rows[:SEARCHED_ROWS]]
    header_row, header = max(searched, key=lambda row: len(shape.named(row[1])), default=(0, ()))
    found = len(shape.named(header)) >= _LEAST_COLUMNS
    _refuse_people(searched, sheet, header_row if found else None, shape, reference)
    if not found:
        raise Refused(
            f"No header was found in the first {SEARCHED_ROWS} rows. {shape.what.capitalize()} has the columns "
            f"{', '.join(shape.required)}; or start from the template on this page."
        )
    columns = _columns(header, header_row, shape, findings)
    for name in shape.required:
        if name not in columns:
            aliases = ", ".join(shape.fields[name][:4]) or "no other name"
            findings.add("missing_column", header_row, None, "", name=name, aliases=aliases)
    for reason, count in sheet.skipped.items():
        findings.add("left_out", found=f"{count:,}", reason=reason)
    below = _unmerged(rows.take(rows.lines > header_row), sheet, columns, shape.required[0], findings)
    read = tuple(_rows(below, columns, shape))
    if len(read) > shape.most:
        raise Refused(
            f"The file has {len(read):,} {shape.rows}; {shape.most:,} is the most that can be kept. Split it."
        )
    if not read:
        findings.add("no_table_rows", rows=shape.rows)
    return TableFile(sheet, header_row, columns, read)


def _refuse_people(
    searched: Sequence[tuple[int, Sequence[str]]],
    sheet: Sheet,
    header_row: int | None,
    shape: TableShape,
    reference: ReferenceData,
) -> None:
    """Refuse a file that has columns about individual young people, as with figures."""
    for line, cells in searched:
        personal = person_columns(cells, reference)
        # A title above the table, or a text in it, may have one such word, as in "Name: …" of the officer.
        if len(personal) > 1 or (personal and line == header_row):
            raise Refused(_person_level(personal, shape))
    for cells in sheet.aside:
        personal = person_columns(cells, reference)
        if len(personal) > 1 or any(map(is_certainly_personal, personal)):
            raise Refused(
                f"{_person_level(personal, shape)} They are on another sheet, in hidden rows or in what a pivot table "
                "remembers: copy the table to a new workbook (values only) and upload that."
            )


def _person_level(columns: Sequence[str], shape: TableShape) -> str:
    named = join_words(f"“{' '.join(column.split())}”" for column in columns[:_NAMED_COLUMNS])
    return (
        f"It has columns about individual young people: {named}. {sentence_case(shape.what)} says nothing of single young people. The file was "
        "not read, and nothing of it was kept. Take those columns out, and upload it again."
    )


def _columns(header: Sequence[str], line: int, shape: TableShape, findings: Findings) -> dict[str, int]:
    """The column of each field: the template's own names come first."""
    columns: dict[str, int] = {}
    own = {name_key(name): name for name in shape.fields}
    for known in (own, shape.names):
        for place, cell in enumerate(header):
            name = known.get(name_key(cell))
            if name is not None:
                columns.setdefault(name, place)
    for place, cell in enumerate(header):
        said, name = " ".join(cell.split()), shape.names.get(name_key(cell))
        if name is not None and columns[name] != place:
            findings.add("duplicate_column", line, place, said, name=name, other=column_letters(columns[name]))
        elif name is None and said and said != MESSAGES:
            findings.add("column_not_used", line, place, said)
    return columns


def _unmerged(rows: Rows, sheet: Sheet, columns: Mapping[str, int], first_name: str, findings: Findings) -> Rows:
    """The rows with what stands in a merged cell in each of its rows, as a recommendation does beside its actions."""
    if not sheet.merged:
        return rows
    key, texts = columns.get(first_name), dict(rows)
    used, changed = set(columns.values()) - {key}, dict[int, dict[int, str]]()

    def cell(line: int, column: int | None) -> str:
        cells = texts.get(line, ())
        return cells[column] if column is not None and column < len(cells) else ""

    for first, last, left, _ in sheet.merged:
        text = cell(first, left)
        into = [line for line in texts if first < line <= last and cell(line, key)]
        if left in used and text and into:
            letter = column_letters(left)
            findings.add("merged_cells", first, left, text, cells=f"{letter}{first}:{letter}{last}")
            for line in into:
                changed.setdefault(line, {})[left] = text
    return rows.with_texts(changed) if changed else rows


def _rows(
    rows: Sequence[tuple[int, tuple[str, ...]]], columns: Mapping[str, int], shape: TableShape
) -> Iterator[TableRow]:
    for line, cells in rows:
        texts = {name: " ".join(cells[place].split()) if place < len(cells) else "" for name, place in columns.items()}
        # A header that a program repeats on each printed page.
        if any(texts.values()) and len(shape.named(cells)) < max(_LEAST_COLUMNS, len(columns) // 2):
            yield TableRow(line, texts)
