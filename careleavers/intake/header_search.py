"""Find the header of an uploaded table under its titles and notes, and tell what kind of file it is."""

from __future__ import annotations

from collections.abc import Mapping

from careleavers.errors import Refused
from careleavers.intake.column_mapping import ColumnMapper
from careleavers.intake.column_names import (
    ALIASES,
    AUTHORITY_NAMES,
    FIGURE_FIELDS,
    column_name,
    field_of,
    measure_columns,
)
from careleavers.intake.column_periods import period_of_column
from careleavers.intake.header import SEARCHED_ROWS, Header
from careleavers.intake.model import Findings, Kind, Sheet
from careleavers.intake.name_keys import name_key
from careleavers.intake.person_columns import is_certainly_personal, person_columns, person_level_message
from careleavers.intake.reference import ReferenceData

_SEARCHED_COLUMNS = 1_000
_LEAST_COLUMNS = 2
# The fields of a contact block above a table.
_CONTACT = frozenset(
    name_key(name)
    for name in ("name", "names", "full name", "email", "email address", "e-mail", "telephone", "phone", "phone number", "mobile",
                 "mobile number", "address")
)  # fmt: skip
_CONTACT_ROWS = 3
_TABLE_COLUMNS = 4


def find_header(sheet: Sheet, reference: ReferenceData, findings: Findings) -> Header:
    """Find the header under titles, notes and blank rows, and what its columns mean.

    Parameters
    ----------
    sheet
        The table.
    reference
        The indicators that columns may name.
    findings
        Receives columns that mean the same, are not used or need confirming.

    Returns
    -------
    Header

    Raises
    ------
    Refused
        There is no header, or the file is about individual young people: the message names the columns that say so and
        nothing else of it.
    """
    searched = [(row, cells[:_SEARCHED_COLUMNS]) for row, cells in sheet.rows[:SEARCHED_ROWS]]
    best = max(searched, key=lambda row: max(_scores(row[1], reference).values()), default=None)
    scores = _scores(best[1], reference) if best else {}
    found = best is not None and max(scores.values()) >= _LEAST_COLUMNS
    for row, cells in sheet.rows[:SEARCHED_ROWS]:
        header = best is not None and row == best[0]
        personal = person_columns(cells if header else cells[:_SEARCHED_COLUMNS], reference)
        # A title above the table may have one such word, as in "Name: …" of the officer.
        if len(personal) > 1 or (personal and found and header):
            if best is not None and row < best[0] and _whom_to_ask(sheet, row, best[0], personal, max(scores.values())):
                continue
            raise Refused(person_level_message(personal))
    for cells in sheet.aside:
        personal = person_columns(cells[:_SEARCHED_COLUMNS], reference)
        if len(personal) > 1:
            raise Refused(
                f"{person_level_message(personal)} They are on another sheet, in hidden rows or in what a pivot table remembers: "
                "copy the table of totals to a new workbook (values only) and upload that."
            )
    for cells in sheet.aside:
        personal = person_columns(cells, reference)
        # A list of services next to the figures is not a list of young people; a date of birth is always a person's.
        if len(personal) > 1 or any(map(is_certainly_personal, personal)):
            raise Refused(person_level_message(personal))
    if not found or best is None:
        if sheet.sheet and sum(_in_one_cell(cells) for _, cells in searched) * 2 > len(searched):
            raise Refused(
                "All columns of the table are in one cell of each row. Choose the column and Data, Text to Columns in "
                "Excel, save and upload again; or upload the text file itself."
            )
        raise Refused(
            f"No header was found in the first {SEARCHED_ROWS} rows. Name the columns: authority_code, indicator, "
            "age_group, period, numerator and denominator; or start from the template on this page."
        )
    row, cells = _with_fields_below(sheet, *best)
    return ColumnMapper(sheet, row, cells, _kind(cells, scores, reference), reference, findings).header()


def _with_fields_below(sheet: Sheet, row: int, cells: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The header with the row under it, where that names the fields of what stands above: ``Q1`` over ``Num`` and ``Den``."""
    below = next((found for line, found in sheet.rows[:SEARCHED_ROWS] if line == row + 1), ())
    named = [column for column, cell in enumerate(below) if cell.strip()]
    above = {field_of(cell) for cell in cells}
    if len(named) < _LEAST_COLUMNS or {"numerator", "denominator"} & above:
        return row, cells
    fields = [field_of(below[column]) for column in named]
    if not {"numerator", "denominator"} <= set(fields) or not set(fields) <= FIGURE_FIELDS:
        return row, cells
    # The cell above a field is the heading of its group; all other columns have their names in the row above.
    width = max(len(cells), len(below))
    one, other = (each + ("",) * (width - len(each)) for each in (cells, below))
    return row + 1, tuple(under if under.strip() else over for over, under in zip(one, other, strict=True))


def _whom_to_ask(sheet: Sheet, row: int, header: int, personal: list[str], score: int) -> bool:
    """Whether a row above a table of figures only gives a contact."""
    if score < _TABLE_COLUMNS or not {name_key(name) for name in personal} <= _CONTACT:
        return False
    return sum(row < line < header for line, _ in sheet.rows[:SEARCHED_ROWS]) <= _CONTACT_ROWS


def _in_one_cell(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and max(map(filled[0].count, ",;\t|")) > 2


def _scores(cells: tuple[str, ...], reference: ReferenceData) -> dict[Kind, int]:
    """How many columns of each kind of file a row names."""
    names = [name for cell in cells if cell.strip() and (name := column_name(cell))]
    scores = {kind: len({aliases[name] for name in names if name in aliases}) for kind, aliases in ALIASES.items()}
    scores["local"] += len(measure_columns(cells, reference))
    return scores


def _kind(cells: tuple[str, ...], scores: Mapping[Kind, int], reference: ReferenceData) -> Kind:
    names = {name for cell in cells if (name := column_name(cell))}
    if {"timeperiod", "geographiclevel"} <= names:
        return "release"
    fields: dict[Kind, set[str]] = {
        kind: {aliases[name] for name in names if name in aliases} for kind, aliases in ALIASES.items()
    }
    local = fields["local"]
    if measure_columns(cells, reference):
        return "local"
    # A table of figures may have columns called Definition, Polarity or Type too, so that kind is tried first.
    if (
        set(AUTHORITY_NAMES) & local
        and {"period", "quarter", "year"} & local
        and {"numerator", "denominator", "value"} & local
    ) and ("indicator" in local or not {"inspection_type", "inspection_date"} <= fields["events"]):
        return "local"
    if {"definition", "polarity"} & fields["catalogue"] and {"id", "title"} & fields["catalogue"]:
        # A scorecard has such columns too, and one for each quarter.
        return "local" if any(map(period_of_column, cells)) else "catalogue"
    if {"inspection_type", "inspection_date"} <= fields["events"] and scores["events"] > scores["local"]:
        return "events"
    return "local"
