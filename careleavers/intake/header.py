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
    """The columns of one period or age group, in a table that is pivoted: it has columns for each.

    Attributes
    ----------
    period
        The period, as it would be written in a cell; "" where the columns are of an age group.
    columns
        The column (from 0) of each field.
    row, head
        Row (from 1) and column (from 0) of the cell that names the period or the ages.
    written
        What stands in it.
    age_group
        The ages; "" where the columns are of a period.
    """

    period: str
    columns: dict[str, int]
    row: int
    head: int
    written: str
    age_group: str = ""


@dataclass(frozen=True)
class Header:
    """The header of a table.

    Attributes
    ----------
    row, cells
        Its row (from 1), and what stands there.
    kind
        What kind of file it heads.
    columns
        The column (from 0) of each field.
    wide
        (indicator, age group, field) to column, in a table with columns for each measure; the age group is "" where it
        has a column of its own.
    pivoted
        The columns of each period or age group, in a table with columns for each.
    year
        The financial year in the titles above; "" where there is not exactly one.
    some_part
        Whether the column ``quarter`` does not say that it holds quarters: they could be months.
    """

    row: int
    cells: tuple[str, ...]
    kind: Kind
    columns: dict[str, int]
    wide: dict[tuple[str, str, str], int] = field(default_factory=dict)
    pivoted: tuple[PivotedColumns, ...] = ()
    year: str = ""
    some_part: bool = False

    def named_columns(self) -> dict[str, int]:
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
