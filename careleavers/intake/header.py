"""The header of an uploaded table as it was understood: its row, and what each column means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from careleavers.intake.column_names import FIELD_NAMES
from careleavers.intake.model import Findings, Kind
from careleavers.intake.template import wide_header

# A header is looked for in this many rows: titles and notes stand above it.
SEARCHED_ROWS = 60


@dataclass(frozen=True)
class PivotedColumns:
    """Columns of one period or age group, in a table that has a column for each: as it is written above them.

    ``columns`` are those of its figures by field, ``row`` and ``head`` the cell that names the period or the ages;
    ``period`` is '' for ages, which have theirs in ``age_group``.
    """

    period: str
    columns: dict[str, int]
    row: int
    head: int
    written: str
    age_group: str = ""


@dataclass(frozen=True)
class Header:
    """The header found: its row, its cells, and the column (from 0) of each field; ``wide`` are columns of figures.

    ``wide`` maps (indicator, age group, field) to a column where a file has a column an indicator; the age group is ''
    where it stands in a column of its own. ``pivoted`` are columns a period. ``year`` is the financial year that stands
    above the table, if there is one. ``some_part``: the column ``quarter`` is not said to be of quarters or months.
    """

    row: int
    cells: tuple[str, ...]
    kind: Kind
    columns: dict[str, int]
    wide: dict[tuple[str, str, str], int] = field(default_factory=dict)
    pivoted: tuple[PivotedColumns, ...] = ()
    year: str = ""
    some_part: bool = False

    def places(self) -> dict[str, int]:
        """The column of each field, and of each wide column by its header in the template."""
        when = next((self.columns[name] for name in ("period", "quarter", "year") if name in self.columns), None)
        return {
            **({} if when is None else {"period": when}),
            **self.columns,
            **{wide_header(*key): column for key, column in self.wide.items()},
        }


def require_columns(header: Header, fields: Iterable[str], findings: Findings) -> None:
    """Note each field that the header has no column for.

    Parameters
    ----------
    header
        The header.
    fields
        Names of fields.
    findings
        Gets ``missing_column`` for each.
    """
    for name in fields:
        if name not in header.columns:
            findings.add("missing_column", header.row, None, "", **missing_column_words(header.kind, name))


def missing_column_words(kind: Kind, name: str) -> dict[str, str]:
    """The words of the rule ``missing_column`` for a field.

    Parameters
    ----------
    kind
        The kind of file.
    name
        The field.

    Returns
    -------
    dict[str, str]
        ``name``, and ``aliases``: the first few other names that are understood.
    """
    return {"name": name, "aliases": ", ".join(FIELD_NAMES[kind][name][:4]) or "no other name"}
