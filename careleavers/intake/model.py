"""The types that reading, checking, previewing and storing an upload share."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from careleavers.spreadsheets.rows import CellSet, Rows

Severity = Literal["must fix", "please confirm", "for information"]
SEVERITIES: tuple[Severity, ...] = ("must fix", "please confirm", "for information")

# local: an authority's own figures; release: the department's; catalogue: indicators of an authority's own;
# events: inspections and visits that a council reports.
Kind = Literal["local", "release", "catalogue", "events"]

# Called with the share of the work that is done (0 to 1) and a few words on what is being done.
Progress = Callable[[float, str], None]

# One uploaded figure. `row` is the row of the spreadsheet it stood in (1 is the first); the rest is the tidy schema of
# the warehouse with an optional target and the officer's note. `layer` is '' until the officer says provisional or final.
FIGURE_COLUMNS: dict[str, str] = {
    "row": "INTEGER", "indicator": "VARCHAR", "age_group": "VARCHAR", "area_code": "VARCHAR", "period_end": "DATE",
    "frequency": "VARCHAR", "basis": "VARCHAR", "layer": "VARCHAR", "numerator": "DOUBLE", "denominator": "DOUBLE",
    "value": "DOUBLE", "published_value": "DOUBLE", "status": "VARCHAR", "source": "VARCHAR", "release": "VARCHAR",
    "target": "DOUBLE", "note": "VARCHAR",
}  # fmt: skip
# When a release was published, where it was uploaded and no list of sources says so yet.
UNDATED = "on a date that the file does not say"
# Two rows with the same key are the same figure.
KEY = ("indicator", "age_group", "area_code", "period_end", "frequency", "basis", "layer")


@dataclass(frozen=True)
class Sheet:
    """The cells of one table as a spreadsheet shows them.

    Attributes
    ----------
    file_name, sheet
        The file, and the sheet in it; "" for a text file.
    rows
        Row number from 1, and cells as text. Blank rows are left out, their numbers are not. Dates and numbers of a
        workbook are text too: ``2025-09-30``, ``0.52``.
    how
        How it was read, in words ("UTF-16, tabs").
    skipped
        How many rows and sheets were left out, by reason ("hidden row").
    percent
        Cells that a workbook shows as a percentage.
    aside
        The first rows of what was left out. No figure comes from here.
    merged
        Merged cells: first row, last row, first column, last column.
    """

    file_name: str
    rows: Rows
    how: str
    sheet: str = ""
    skipped: Mapping[str, int] = field(default_factory=dict)
    # Cells that a workbook shows as a percentage ("52%" is held as 0.52), as (row, column from 0).
    percent: CellSet = field(default_factory=CellSet)
    # The first rows of what was left out: other and hidden sheets, hidden rows, what pivot tables remember. No figure
    # comes from here; a file whose left-out parts are about individual young people must not be kept either.
    aside: tuple[tuple[str, ...], ...] = ()
    # Merged cells, whose content is that of the first: (first row, last row, first column, last column).
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule of the check report.

    Attributes
    ----------
    id
        What readers and checks know it by.
    severity
        Whether it stops the file, asks to be confirmed, or informs.
    title
        What heads its findings.
    expected, fix
        Templates: what was expected, and how to put it right.
    once
        Whether it counts once however many rows it names.
    """

    id: str
    severity: Severity
    title: str
    expected: str
    fix: str
    # Counted once however many rows it names: the untouched rows of a template are not worth listing.
    once: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing found, at one or many cells of one column.

    Attributes
    ----------
    rule
        The rule that found it.
    column
        The column, from 0; None where it is about whole rows or the file.
    found
        What stands there, as in the file.
    expected, fix
        What was expected, and how to put it right, in words.
    lines
        The numbers of all its rows, from 1; none for the whole file.
    """

    rule: Rule
    column: int | None
    found: str
    expected: str
    fix: str
    # An array, not a tuple: a finding may name every row of a large file.
    lines: array[int] = field(hash=False)

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of its rows; () for the whole file."""
        return tuple(self.lines)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells in spreadsheet terms: ``C14``; ``row 14`` where the whole row is meant; () for the whole file."""
        if self.column is None:
            return tuple(f"row {row}" for row in self.rows)
        letters = column_letters(self.column)
        return tuple(f"{letters}{row}" for row in self.rows)


class Findings:
    """Everything found in one file, gathered so that the same thing in 100,000 cells is one entry with its cells."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self._found: dict[tuple[str, int | None, str, tuple[tuple[str, str], ...]], array[int]] = {}

    def add(self, rule: str, row: int | None = None, column: int | None = None, found: str = "", **words: str) -> None:
        """Note one finding.

        Parameters
        ----------
        rule
            The id of the rule.
        row
            The row of the spreadsheet, from 1; None for the whole file.
        column
            The column, from 0; None for the whole row.
        found
            What stands in the cell.
        **words
            What fills the templates of the rule (``found`` is filled too).
        """
        key = (rule, column, found, tuple(sorted(words.items())))
        rows = self._found.get(key)
        if rows is None:
            rows = self._found[key] = array("i")
        if row is not None:
            rows.append(row)

    def copy(self) -> Findings:
        """The same findings, to add others to."""
        copied = Findings(self.rules)
        copied._found = {key: rows[:] for key, rows in self._found.items()}
        return copied

    def count(self, severity: Severity | None = None) -> int:
        """How many cells, rows or files something was found in.

        Parameters
        ----------
        severity
            Only of this severity; None for all.

        Returns
        -------
        int
        """
        return sum(
            1 if self.rules[rule].once else max(len(rows), 1)
            for (rule, *_), rows in self._found.items()
            if severity is None or self.rules[rule].severity == severity
        )

    @property
    def blocking(self) -> bool:
        """Whether anything must be fixed before the file can be accepted."""
        return self.count("must fix") > 0

    def cells(self, severity: Severity) -> set[tuple[int, int | None]]:
        """The cells in which something of a severity was found.

        Parameters
        ----------
        severity
            The severity.

        Returns
        -------
        set[tuple[int, int or None]]
            (row from 1, column from 0); the column is None where the whole row is meant.
        """
        found = (
            (rows, column) for (rule, column, *_), rows in self._found.items() if self.rules[rule].severity == severity
        )
        return {(row, column) for rows, column in found for row in rows}

    def __iter__(self) -> Iterator[Finding]:
        """Each finding once, most severe first, then in the order of the rules, then by first row."""
        order = {rule: place for place, rule in enumerate(self.rules)}
        keys = sorted(
            self._found,
            key=lambda key: (
                SEVERITIES.index(self.rules[key[0]].severity),
                order[key[0]],
                min(self._found[key], default=0),
                -1 if key[1] is None else key[1],
            ),
        )
        for key in keys:
            rule, column, found, words = self.rules[key[0]], key[1], key[2], dict(key[3])
            filled = {"found": found, **words}
            yield Finding(
                rule,
                column,
                found,
                rule.expected.format(**filled),
                rule.fix.format(**filled),
                self._found[key][:],
            )

    def __len__(self) -> int:
        return self.count()


@dataclass
class Draft:
    """A file as understood: figures, or rows of a catalogue or of events, and findings.

    Attributes
    ----------
    file_name, sha256, size
        The file: its name, fingerprint and bytes.
    kind
        What it holds.
    layout
        'long', 'wide' or the name of a release's layout.
    sheet
        Its cells.
    header_row, header
        The row of the header, from 1, and its cells.
    columns
        The column (from 0) of each field of the template, so that a finding can name the cell.
    figures
        Columns :data:`FIGURE_COLUMNS`; empty for a catalogue and for events.
    findings
        What was found while it was read.
    entries
        Columns of ``data/indicators.csv`` or ``data/inspections.csv``; empty for figures.
    about
        What else is known of it, such as the release that it holds.
    """

    file_name: str
    sha256: str
    size: int
    kind: Kind
    layout: str
    sheet: Sheet
    header_row: int
    header: tuple[str, ...]
    columns: dict[str, int]
    figures: pd.DataFrame
    findings: Findings
    # catalogue: columns of data/indicators.csv; events: columns of data/inspections.csv; else empty.
    entries: pd.DataFrame = field(default_factory=pd.DataFrame)
    about: dict[str, Any] = field(default_factory=dict)


def column_letters(index: int) -> str:
    """The spreadsheet's name of a column: ``A``, ``Z``, ``AA``.

    Parameters
    ----------
    index
        The column, from 0.

    Returns
    -------
    str
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
