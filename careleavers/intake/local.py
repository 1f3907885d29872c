"""Local figures: the rows of an officer's table, long or wide, as figures in the project's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from careleavers.intake.basis import basis_of_title
from careleavers.intake.column_names import AUTHORITY_FIELDS
from careleavers.intake.column_periods import month_of
from careleavers.intake.data_rows import data_rows
from careleavers.intake.encoded import EncodedColumn, Mask, encode_cells, encode_pairs, encode_texts
from careleavers.intake.frames import categories, compact, empty_figure_frame, figure_frame, repeated_text
from careleavers.intake.header import (
    SEARCHED_ROWS,
    Header,
    PivotedColumns,
    require_columns,
)
from careleavers.intake.local_cells import CellReader, Interpretation, existence_note
from careleavers.intake.model import Findings, Progress, Sheet, column_letters
from careleavers.intake.numbers import COUNTS, FIELDS, Commas, Numbers
from careleavers.intake.period_problems import PeriodProblem
from careleavers.intake.periods import Period, read_part_of_year, read_period
from careleavers.intake.reference import ReferenceData
from careleavers.intake.values import Number, has_decimal_comma, read_number
from careleavers.spreadsheets.rows import Rows
from careleavers.wording.formats import day_text, quarter_text


@dataclass
class _Group:
    """The columns of a figure by field; of one measure (indicator and age group) or period where that is theirs alone."""

    columns: dict[str, int]
    measure: tuple[str, str] | None = None
    pivoted: PivotedColumns | None = None


def read_local(
    sheet: Sheet, header: Header, reference: ReferenceData, findings: Findings, progress: Progress
) -> pd.DataFrame:
    """The figures of an officer's table, long or wide, in the order of its rows.

    A row whose authority, indicator, age group, period or basis cannot be read gives no figure; one whose numbers
    cannot be read gives a figure with the status ``missing`` and no number.

    Parameters
    ----------
    sheet
        The table.
    header
        Its header.
    reference
        What it is read against.
    findings
        Gets what is wrong, cell by cell.
    progress
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`FIGURE_COLUMNS`; ``source`` is ``local``, layer and release are empty until the file is accepted.
    """
    _need(header, findings)
    rows = data_rows(sheet, header, findings)
    return _LocalTable(sheet, header, reference, findings).figures(rows, progress)


def _need(header: Header, findings: Findings) -> None:
    if not any(name in header.columns for name in AUTHORITY_FIELDS):
        require_columns(header, ["authority_code"], findings)
    if (
        not any(pivoted.period for pivoted in header.pivoted)
        and not {"period", "quarter", "year"} & header.columns.keys()
    ):
        require_columns(header, ["period"], findings)
    if header.wide:
        return
    require_columns(header, ["indicator"], findings)
    if "value" not in header.columns and not header.pivoted:
        require_columns(header, COUNTS, findings)


class _LocalTable:
    """One table being read. Every distinct text is understood once, however many rows it stands in."""

    def __init__(self, sheet: Sheet, header: Header, reference: ReferenceData, findings: Findings) -> None:
        self.sheet, self.reference, self.findings = sheet, reference, findings
        self.header, self.columns = header, header.columns
        self.numbers: dict[str, Number] = {}
        self.decimal_commas = False
        self.cells = CellReader(header, reference, findings, self._basis_above())

    def figures(self, rows: Rows, progress: Progress) -> pd.DataFrame:
        groups = self._groups()
        if not any(name in FIELDS for group in groups for name in group.columns):
            return empty_figure_frame()
        filled = np.logical_or.reduce([_filled(rows, group.columns) for group in groups])
        for line in rows.lines[~filled].tolist():
            self.findings.add("unfilled", line)
        rows = rows.take(filled)
        if not rows:
            if not self.findings.blocking:
                self.findings.add("no_rows")
            return empty_figure_frame()
        self.decimal_commas = any(
            encode_texts(rows, group.columns[name]).mask(has_decimal_comma).any()
            for group in groups
            for name in (*FIELDS, "target")
            if name in group.columns
        )
        progress(0.5, "Reading authorities and periods")
        where = self._each(rows, AUTHORITY_FIELDS, self.cells.authority)
        progress(0.6, "Reading the figures")
        parts = []
        groups = [group for group in groups if len(groups) == 1 or _filled(rows, group.columns).any()]
        if "target" in self.columns and any(pivoted.period for pivoted in self.header.pivoted):
            # A single column of targets belongs to the last period that has figures.
            groups[-1].columns.setdefault("target", self.columns["target"])
        if all(group.measure is None and not (group.pivoted and group.pivoted.age_group) for group in groups):
            what = self._each(rows, ("indicator", "age_group"), self.cells.measure)
        whens: dict[int, tuple[EncodedColumn[Any], EncodedColumn[Any]]] = {}
        for group in groups:
            mine = _filled(rows, group.columns) if len(groups) > 1 else np.ones(len(rows), dtype=bool)
            period = group.pivoted.head if group.pivoted and group.pivoted.period else -1
            if period not in whens:
                when = self._times(rows, group.pivoted)
                whens[period] = when, self._existing(rows, where, when)
            when, there = whens[period]
            some = rows.take(mine)
            if group.measure is not None:
                measures = self._measures(some, *group.measure)
            elif group.pivoted and group.pivoted.age_group:
                measures = self._of_ages(some, group.pivoted)
            else:
                measures = what.take(mine)
            parts.append(self._group(some, group.columns, there.take(mine), when.take(mine), measures))
        frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        if len(parts) > 1:
            frame = compact(frame.sort_values("row", kind="stable", ignore_index=True))
        return frame

    def _groups(self) -> list[_Group]:
        """The columns that hold a figure: one set in a long table, one for each measure or period in a wide one."""
        header = self.header
        shared = {name: self.columns[name] for name in (*FIELDS, "target", "note") if name in self.columns}
        notes = {"note": shared["note"]} if "note" in shared else {}
        if header.pivoted:
            return [_Group({**notes, **pivoted.columns}, pivoted=pivoted) for pivoted in header.pivoted]
        if not header.wide:
            return [_Group(shared)]
        measures: dict[tuple[str, str], _Group] = {}
        for (name, age_group, what), column in header.wide.items():
            group = measures.setdefault((name, age_group), _Group(dict(notes), (name, age_group)))
            group.columns[what] = column
        return list(measures.values())

    def _measures(self, rows: Rows, name: str, age_group: str) -> EncodedColumn[Any]:
        """What each row of the columns of one measure is about."""
        indicator = self.reference.indicators[name]
        column = min(at for (of, age, _), at in self.header.wide.items() if (of, age) == (name, age_group))
        if not age_group and "age_group" in self.columns:
            self._note_understanding(
                column, f"“{indicator.short_title}”, of the ages in column {column_letters(self.columns['age_group'])}"
            )
            return self._each(rows, ("age_group",), lambda age: self.cells.measure_of(indicator, age, "age_group", age))
        read = self.cells.measure_of(indicator, age_group, "indicator", age_group)
        for note in read.notes:
            self.findings.add(note.rule, self.header.row, column, self.header.cells[column], **note.words)
        return EncodedColumn(np.zeros(len(rows), dtype=np.int32), [read.meaning])

    def _of_ages(self, rows: Rows, pivoted: PivotedColumns) -> EncodedColumn[Any]:
        """What each row of the columns of one age group is about."""
        self._note_understanding(
            pivoted.head, f"ages {pivoted.age_group}: {_fields(pivoted)}", pivoted.row, pivoted.written
        )
        return self._each(rows, ("indicator",), lambda name: self.cells.measure(name, pivoted.age_group))

    def _note_understanding(
        self, column: int, meaning: str, row: int | None = None, written: str | None = None
    ) -> None:
        """Note how a column was understood, for the officer to confirm."""
        said = " ".join(self.header.cells[column].split()) if written is None else written
        self.findings.add("understood_as", row or self.header.row, column, said, meaning=meaning)

    def _times(self, rows: Rows, pivoted: PivotedColumns | None) -> EncodedColumn[Any]:
        """When each row is of: what its own columns say, or what stands above the columns of a period."""
        if pivoted is None or not pivoted.period:
            self._quarters_by_number(rows)
            return self._each(rows, ("period", "quarter", "year", "basis"), self.cells.period)
        fields = _fields(pivoted)
        if "year" in self.columns:
            meaning = f"{pivoted.period} of the year in column {column_letters(self.columns['year'])}: {fields}"
            self._note_understanding(pivoted.head, meaning, pivoted.row, pivoted.written)
            return self._each(
                rows, ("year", "basis"), lambda year, basis: self.cells.period("", pivoted.period, year, basis)
            )
        dated = pivoted.period
        if self.header.year and not re.search(r"20\d\d|\d\d[/-]\d\d|\b\d\d\b", dated):
            dated = f"{dated} {self.header.year}"
        found, month = read_period(dated, self.reference.today), month_of(dated)
        if isinstance(found, PeriodProblem):
            if found.rule == "bad_period" and month:
                self.findings.add(
                    "left_out", pivoted.row, pivoted.head, pivoted.written, reason="a month that ends no quarter"
                )
            else:
                self.findings.add(found.rule, pivoted.row, pivoted.head, pivoted.written, **found.words)
            return EncodedColumn(np.zeros(len(rows), dtype=np.int32), [None])
        whole = f"the year {dated}" if found.whole_year else f"{quarter_text(found.end)} (to {day_text(found.end)})"
        if month:
            whole += ", as the figure of the quarter and not of the month alone"
        self._note_understanding(pivoted.head, f"{whole}: {fields}", pivoted.row, pivoted.written)
        covered = self.cells.covered(found, "", pivoted.written, [])
        if "basis" in self.columns:
            return self._each(rows, ("basis",), lambda basis: self.cells.covered(found, basis, pivoted.written, []))
        for note in covered.notes:
            self.findings.add(note.rule, pivoted.row, pivoted.head, pivoted.written, **note.words)
        return EncodedColumn(np.zeros(len(rows), dtype=np.int32), [covered.meaning])

    def _quarters_by_number(self, rows: Rows) -> None:
        """Ask the officer to confirm that numbers next to a year are its quarters."""
        column, year = self.columns.get("quarter"), self.columns.get("year", self.columns.get("period"))
        if column is None or year is None or self.header.some_part:
            return
        numbers = encode_texts(rows, column).mask(lambda text: text.strip().removesuffix(".0").isdigit())
        if not numbers.any():
            return
        cells = rows[int(np.flatnonzero(numbers)[0])][1]
        found = read_part_of_year(cells[year], cells[column], self.reference.today) if year < len(cells) else None
        if isinstance(found, Period):
            example = f"“{cells[column].strip()}” next to “{cells[year].strip()}” as {quarter_text(found.end)}"
            self._note_understanding(
                column, f"the quarters of the financial year in column {column_letters(year)}: {example}"
            )

    def _basis_above(self) -> str:
        """The basis that the titles above the table name, where the table has no column for it."""
        if "basis" in self.columns:
            return ""
        for row, cells in self.sheet.rows[:SEARCHED_ROWS]:
            for column, cell in enumerate(cells):
                over_columns = row == self.header.row - 1 and any(pivoted.row == row for pivoted in self.header.pivoted)
                if row < self.header.row and not over_columns and (basis := basis_of_title(cell)):
                    self.findings.add("basis_above", row, column, " ".join(cell.split()), assumed=basis)
                    return basis
        return ""

    def _each(self, rows: Rows, fields: Sequence[str], read: Callable[..., Interpretation]) -> EncodedColumn[Any]:
        """What ``fields`` of each row mean together, with a finding for each row that has something to note."""
        texts = encode_cells(rows, [self.columns.get(name) for name in fields])
        found = texts.map(lambda cells: read(*(text.strip() for text in cells)))
        for i in np.flatnonzero(found.mask(lambda each: bool(each.notes))).tolist():
            for note in found[i].notes:
                column = self._column(note.column, fields)
                self.findings.add(note.rule, int(rows.lines[i]), column, note.found, **note.words)
        return found.map(lambda each: each.meaning)

    def _column(self, name: str, others: Iterable[str]) -> int | None:
        """The column of a field, or of one that is read with it where the file does not have that one."""
        return next((self.columns[field] for field in (name, *others) if field in self.columns), None)

    def _existing(self, rows: Rows, where: EncodedColumn[Any], when: EncodedColumn[Any]) -> EncodedColumn[Any]:
        """``where`` without the authorities of rows for a time in which they did not exist.

        Notes these rows and others of authorities that are no more.
        """
        both = encode_pairs(where, when)
        notes = both.map(lambda each: existence_note(*each))
        for i in np.flatnonzero(notes.mask(lambda note: note is not None)).tolist():
            line, cells = rows[i]
            columns = [self.columns[name] for name in AUTHORITY_FIELDS if name in self.columns]
            column = next(column for column in columns if column < len(cells) and cells[column].strip())
            if note := notes[i]:
                self.findings.add(note.rule, line, column, cells[column].strip(), **note.words)
        return EncodedColumn(
            both.codes,
            [
                None if note and note.rule == "authority_did_not_exist" else authority
                for (authority, _), note in zip(both.values, notes.values, strict=True)
            ],
        )

    # -- how many -----------------------------------------------------------------------------------------------------
    def _group(
        self,
        rows: Rows,
        columns: Mapping[str, int],
        where: EncodedColumn[Any],
        when: EncodedColumn[Any],
        what: EncodedColumn[Any],
    ) -> pd.DataFrame:
        """The figures of one set of columns; the last three arguments say whose, for when and of what each row is."""
        good = np.logical_and.reduce([each.mask(lambda meaning: meaning is not None) for each in (where, when, what)])
        if not good.all():
            # The numbers of rows that give no figure are checked too, so that everything is reported at once.
            self._numbers(rows.take(~good), columns, what.take(~good))
            rows, where, when, what = rows.take(good), where.take(good), when.take(good), what.take(good)
        content = self._numbers(rows, columns, what)
        return figure_frame(
            {
                "row": rows.lines,
                "indicator": categories(what.map(lambda measure: measure[0].id)),
                "age_group": categories(what.map(lambda measure: measure[1])),
                "area_code": categories(where.map(lambda authority: authority.code)),
                "period_end": when.to_numpy(lambda time: time[0], "datetime64[s]"),
                "frequency": categories(when.map(lambda time: "year" if time[1] == "full_year" else "quarter")),
                "basis": categories(when.map(lambda time: time[1])),
                "layer": repeated_text("", len(rows)),
                **content,
                "source": repeated_text("local", len(rows)),
                "release": repeated_text("", len(rows)),
                "note": categories(encode_texts(rows, columns.get("note")).map(_note)),
            }
        )

    def commas(self) -> Commas:
        """What a comma in a number may mean in this file."""
        if self.decimal_commas:
            return "decimals"
        return "either" if "semicolons" in self.sheet.how else "thousands"

    def _numbers(self, rows: Rows, columns: Mapping[str, int], what: EncodedColumn[Any]) -> dict[str, Any]:
        indicators = what.map(lambda measure: measure[0] if measure else None)
        return Numbers(
            rows, columns, indicators, self.sheet.percent, self.numbers, self.findings, self.commas()
        ).resolve_columns()


def _fields(pivoted: PivotedColumns) -> str:
    """Which field stands in which column: ``numerator in column D, denominator in column E``."""
    named = ((what, column) for what, column in pivoted.columns.items() if what != "note")
    return ", ".join(f"{what} in column {column_letters(column)}" for what, column in named)


def _filled(rows: Rows, columns: Mapping[str, int]) -> Mask:
    """The rows in which a column of a number is filled in, with more than a formula makes of empty cells."""
    filled: Mask = np.zeros(len(rows), dtype=bool)
    for name in FIELDS:
        if name in columns:
            there = rows.filled(columns[name])
            if name == "value" and (there & ~filled).any():
                # An error that a formula makes of empty cells is not a value.
                there &= encode_texts(rows, columns[name]).mask(lambda text: not read_number(text).error)
            filled |= there
    return filled


def _note(text: str) -> str:
    """An officer's note on one line, without control characters."""
    if text.isprintable():
        return text.strip()
    return "".join(character if character.isprintable() else " " for character in text).strip()
