"""What each column of a header means: a field of the file, figures of one measure, or figures of one period or age group."""

from __future__ import annotations

import re
from typing import Any

from careleavers.intake.column_names import (
    ALIASES,
    AUTHORITY_NAMES,
    FIELD_NAMES,
    FIGURE_FIELDS,
    LONGEST_NAME,
    MAYBE_ROW_NUMBERS,
    NEUTRAL_WORDS,
    NUMBER_FIELDS,
    ROW_NUMBERS,
    WEAK_NAMES,
    ageless_measure_columns,
    column_name,
    explanation,
    field_of,
    measure_columns,
)
from careleavers.intake.column_periods import looks_like_period, period_of_column
from careleavers.intake.header import SEARCHED_ROWS, Header, PivotedColumns
from careleavers.intake.model import Findings, Kind, Sheet, column_letters
from careleavers.intake.name_keys import name_key
from careleavers.intake.periods import read_day
from careleavers.intake.reference import ReferenceData
from careleavers.intake.template import wide_header
from careleavers.intake.values import read_age_group
from careleavers.wording.formats import MONTHS

# Names of columns that a council uses for the part of the year.
_PART = re.compile(r"\b(?:q|qtrs?|quarters?|fq|months?|mths?)\b")
_QUARTER = re.compile(r"\b(?:q|qtrs?|quarters?|fq)\b")
_SOME_PART = re.compile(r"\b(?:periods?|p|half|halves|h|term|weeks?|wk)\b")
_A_PART = re.compile(
    r"(?:[1-9]|1[0-2])(?:\.0+)?|(?:q|qtr|quarter|h|p|period|half|m|month)\.?\s*\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"|.*\d.*\b(?:q|qtr|quarter)\b.*|.*\b(?:q|qtr|quarter)\b.*\d.*",
    re.IGNORECASE,
)
_ANY = re.compile(r"")
_TIME = re.compile(
    r"\b(?:dates?|months?|ending|ended|waves?|census|seasons?|snapshots?|rounds?|returns?|sessions?|collections?|half|halves|terms?)\b"
)
_CERTAINLY_A_PART = re.compile(
    r"(?:q|qtr|quarter)\.?\s*[1-4]|[1-4](?:st|nd|rd|th) (?:quarter|qtr)|h[12]", re.IGNORECASE
)
# How many values of a column are read to see what it is about.
_LOOKED_AT = 200
_AGES = re.compile(
    r"(?:aged?\s*)?\d{1,2}\s*(?:-|–|to|&|and|/)\s*\d{1,2}(?:\s*(?:years?(?: olds?)?|yrs?))?", re.IGNORECASE
)
_AGES_AND_FIELD = (
    re.compile(rf"(?P<ages>{_AGES.pattern})[\s:_–-]+\(?(?P<field>[a-z%. ]+?)\)?", re.IGNORECASE),
    re.compile(rf"(?P<field>[a-z%. ]+?)[\s:_–-]*\(?(?P<ages>{_AGES.pattern})\)?", re.IGNORECASE),
)
# Columns that the product itself writes: the messages of a checked file, and the template's titles of measures.
_OURS = frozenset({"messages", "measuretitle"})


class ColumnMapper:
    """What the columns of a header mean. The template's own names come first, then other names, then doubtful ones."""

    def __init__(
        self, sheet: Sheet, row: int, cells: tuple[str, ...], kind: Kind, reference: ReferenceData, findings: Findings
    ) -> None:
        self.sheet, self.row, self.cells, self.kind, self.reference, self.findings = (
            sheet,
            row,
            cells,
            kind,
            reference,
            findings,
        )
        self.columns: dict[str, int] = {}
        self.wide: dict[tuple[str, str, str], int] = {}
        self.used: set[int] = set()
        self.pivoted: tuple[PivotedColumns, ...] = ()
        self.year = ""
        self.some_part = False

    def header(self) -> Header:
        """Decide what every column means, and note those that are not used.

        Returns
        -------
        Header
        """
        if self.kind == "local":
            self._wide_columns()
            self.year = self._year_above()
            self.pivoted = self._two_row_header()
            self.pivoted = self.pivoted or self._age_columns()
        self._map_by_name()
        if self.kind == "local":
            self._doubtful()
            self._ageless_columns()
            self._times()
            self._leave_out_pivoted_numbers()
            self._hidden_basis()
        for column, cell in enumerate(self.cells):
            said = " ".join(cell.split())
            if column not in self.used and said and name_key(cell) not in _OURS and self.kind != "release":
                self.findings.add("column_not_used", self.row, column, said)
        return Header(self.row, self.cells, self.kind, self.columns, self.wide, self.pivoted, self.year, self.some_part)

    def _claim(self, column: int, meaning: str, taken: dict[Any, int], key: Any) -> None:
        self.used.add(column)
        first = taken.setdefault(key, column)
        if first != column:
            self.findings.add(
                "duplicate_column", self.row, column, " ".join(self.cells[column].split()), name=meaning,
                other=column_letters(first),
            )  # fmt: skip

    def _wide_columns(self) -> None:
        for column, key in measure_columns(self.cells, self.reference).items():
            self._claim(column, wide_header(*key), self.wide, key)

    def _map_by_name(self) -> None:
        aliases = ALIASES[self.kind]
        exact = {name_key(name): name for name in FIELD_NAMES[self.kind]}
        names = {c: column_name(cell) for c, cell in enumerate(self.cells) if c not in self.used}
        plainly = {c: name_key(self.cells[c]) for c in names}
        own = {exact[name] for name in plainly.values() if name in exact}
        keys = [c for c, name in names.items() if aliases.get(name) in {"indicator", *AUTHORITY_NAMES}]
        for column, name in names.items():
            if self.pivoted and aliases.get(name) in NUMBER_FIELDS:
                # Columns under “England” next to those of the quarters: whose numbers those are is not known.
                continue
            if plainly[column] in exact:
                self._claim(column, exact[plainly[column]], self.columns, exact[plainly[column]])
            elif name in aliases and aliases[name] not in own and not (self.kind == "local" and name in WEAK_NAMES):
                if name in MAYBE_ROW_NUMBERS and column < max(keys, default=0) and _counts_up(self._values(column)):
                    continue
                whole = name == plainly[column]
                if not whole and any(
                    aliases.get(other) == aliases[name] for c, other in plainly.items() if c != column
                ):
                    # "Numerator (rounded)" next to "Num" is the council's own column.
                    continue
                self._claim(column, aliases[name], self.columns, aliases[name])
                if not whole and self.kind == "local" and aliases[name] in FIGURE_FIELDS:
                    self._explained_figure(column, aliases[name])

    def _explained_figure(self, column: int, field: str) -> None:
        """Ask the officer to confirm that a column holds the figure, where its name says more: ``Numerator (UASC)``."""
        words = set(re.findall(r"[a-z]+", explanation(self.cells[column])[1].lower()))
        if words - NEUTRAL_WORDS:
            said = " ".join(self.cells[column].split())
            self.findings.add("understood_as", self.row, column, said, meaning=f"the {field} of every row")

    def _doubtful(self) -> None:
        keys = [self.columns[name] for name in ("indicator", *AUTHORITY_NAMES) if name in self.columns]
        for column, cell in enumerate(self.cells):
            name = name_key(cell) if len(cell) <= LONGEST_NAME else ""
            if column in self.used or name not in WEAK_NAMES or WEAK_NAMES[name] in self.columns:
                continue
            if self.pivoted and WEAK_NAMES[name] in NUMBER_FIELDS:
                continue
            if name == "date" and "quarter" in self.columns:
                continue
            if name in ROW_NUMBERS and (column < max(keys, default=0) or _counts_up(self._values(column))):
                continue
            self._claim(column, WEAK_NAMES[name], self.columns, WEAK_NAMES[name])

    def _ageless_columns(self) -> None:
        if "age_group" not in self.columns or "indicator" in self.columns or self.wide:
            return
        for column, key in ageless_measure_columns(self.cells, self.reference).items():
            if column not in self.used:
                self._claim(column, " ".join((key[0], key[2])), self.wide, key)

    def _times(self) -> None:
        """Decide which columns say the period: one for it, or one for the year and one for a part of it."""
        columns = self.columns
        if "quarter" not in columns and {"year", "period"} & columns.keys():
            self._part_of_year()
        if "quarter" in columns:
            self.some_part = not _QUARTER.search(re.sub(r"[^a-z0-9]+", " ", self.cells[columns["quarter"]].lower()))
        if any(pivoted.period for pivoted in self.pivoted):
            return
        if not self.pivoted and not {"period", "quarter"} & columns.keys():
            self.pivoted = self._period_columns()
            if self.pivoted:
                return
        alone = [name for name in ("quarter", "year") if name in columns]
        if "period" not in columns and len(alone) == 1:
            # A column for the quarter or the year alone holds the whole period: "2025/26".
            columns["period"] = columns.pop(alone[0])
            if alone[0] == "year":
                self._confirm_full_years()

    def _leave_out_pivoted_numbers(self) -> None:
        """Leave out columns of numbers next to those of periods or ages, and a target for one age group only."""
        aside = NUMBER_FIELDS if any(pivoted.period for pivoted in self.pivoted) else (*NUMBER_FIELDS, "target")
        for name in aside if self.pivoted else ():
            if name in self.columns:
                self.used.discard(self.columns.pop(name))

    def _hidden_basis(self) -> None:
        """Ask the officer to confirm that figures are of the quarter where the column that says so is hidden."""
        if "basis" in self.columns or not any(reason.startswith("hidden column") for reason in self.sheet.skipped):
            return
        if any(field_of(cell) == "basis" for row in self.sheet.aside for cell in row):
            named = next((name for name in ("period", "quarter", "year") if name in self.columns), None)
            column = None if named is None else self.columns[named]
            said = "" if column is None else " ".join(self.cells[column].split())
            self.findings.add(
                "understood_as", self.row, column, said,
                meaning="the time that each figure covers, for the column “basis” is hidden",
            )  # fmt: skip

    def _confirm_full_years(self) -> None:
        """Ask the officer to confirm that years are whole ones where another column may name the part of them, or is hidden."""
        column = self.columns["period"]
        hidden = any(reason.startswith("hidden column") for reason in self.sheet.skipped)
        if hidden and any(field_of(cell) in {"quarter", "period"} for row in self.sheet.aside for cell in row):
            why = "for the column that names the part of the year is hidden"
        elif other := next(
            (c for c, cell in enumerate(self.cells) if c not in self.used and self._of_a_time(c, cell)), None
        ):
            why = f"whatever column {column_letters(other)}, “{' '.join(self.cells[other].split())}”, says"
        else:
            return
        said = " ".join(self.cells[column].split())
        self.findings.add("understood_as", self.row, column, said, meaning=f"whole years, {why}")

    def _of_a_time(self, column: int, cell: str) -> bool:
        """Whether a column of the council's own may say which part of the year a row is about."""
        values = self._values(column)
        if not values or len(cell) > LONGEST_NAME:
            return False
        return _TIME.search(re.sub(r"[^a-z0-9]+", " ", cell.lower())) is not None or all(map(read_day, values))

    def _part_of_year(self) -> None:
        """Find a column of the council's own that says which part of the year a row is about."""
        for pattern, part in ((_PART, _A_PART), (_SOME_PART, _A_PART), (_ANY, _CERTAINLY_A_PART)):
            for column, cell in enumerate(self.cells):
                words = re.sub(r"[^a-z0-9]+", " ", cell.lower())
                if column in self.used or len(cell) > LONGEST_NAME or not pattern.search(words):
                    continue
                values = self._values(column)
                if values and all(part.fullmatch(value) for value in values):
                    self._claim(column, "quarter", self.columns, "quarter")
                    return

    def _values(self, column: int) -> list[str]:
        """What stands in a column under the header, in the first rows that have something there."""
        rows = self.sheet.rows.take(self.sheet.rows.lines > self.row)[:_LOOKED_AT]
        return [cells[column].strip() for _, cells in rows if column < len(cells) and cells[column].strip()]

    def _year_above(self) -> str:
        """The financial year in the titles, if there is one and only one."""
        said = " ".join(cell for row, cells in self.sheet.rows[:SEARCHED_ROWS] if row < self.row for cell in cells)
        years = {
            f"{first}/{second[-2:]}"
            for first, second in re.findall(r"\b(20\d\d)\s*[-/–—]\s*((?:20)?\d\d)\b", said)
            if int(second[-2:]) == (int(first) + 1) % 100
        }
        return years.pop() if len(years) == 1 else ""

    def _two_row_header(self) -> tuple[PivotedColumns, ...]:
        """Periods in the row above the header, each over its columns of figures."""
        above = next((cells for row, cells in self.sheet.rows[:SEARCHED_ROWS] if row == self.row - 1), ())
        fields = {field_of(cell) for cell in self.cells}
        heads = {c: cell for c, cell in enumerate(above) if cell.strip() and looks_like_period(cell)}
        ages = {c: cell for c, cell in enumerate(above) if _AGES.fullmatch(cell.strip()) and read_age_group(cell)}
        if ages and "age_group" not in fields:
            heads = ages
        elif not heads or {"period", "quarter"} & fields:
            return ()
        by_age = heads is ages
        aliases, pivoted = ALIASES["local"], []
        ends = [*sorted(c for c, cell in enumerate(above) if cell.strip())[1:], len(self.cells)]
        for first, end in zip(sorted(c for c, cell in enumerate(above) if cell.strip()), ends, strict=True):
            if first not in heads:
                continue
            columns: dict[str, int] = {}
            for column in range(first, min(end, len(self.cells))):
                name = aliases.get(column_name(self.cells[column]), "")
                if name in {"numerator", "denominator", "value", "target"}:
                    self._claim(column, name, columns, name)
            if columns:
                written = heads[first].strip()
                period, age_group = ("", read_age_group(written)) if by_age else (self._period(written), "")
                pivoted.append(PivotedColumns(period, columns, self.row - 1, first, written, age_group))
        return tuple(pivoted)

    def _age_columns(self) -> tuple[PivotedColumns, ...]:
        """Columns whose name is an age group and a field: ``17-18 numerator``, ``Denominator (19-21)``."""
        fields = {field_of(cell) for cell in self.cells}
        if "age_group" in fields or "indicator" not in fields or self.wide:
            return ()
        found: dict[str, PivotedColumns] = {}
        for column, cell in enumerate(self.cells):
            said = " ".join(cell.split())
            if column in self.used or not 0 < len(said) <= LONGEST_NAME:
                continue
            match = next((match for pattern in _AGES_AND_FIELD if (match := pattern.fullmatch(said))), None)
            whole = _AGES.fullmatch(said)
            ages = read_age_group(match["ages"] if match else said if whole else "")
            words = match["field"].strip(" -–").removesuffix(" aged").strip(" -–") if match else ""
            what = "value" if whole else ALIASES["local"].get(name_key(words) or words, "")
            if ages and what in FIGURE_FIELDS:
                pivoted = found.setdefault(ages, PivotedColumns("", {}, self.row, column, said, ages))
                self._claim(column, what, pivoted.columns, what)
        return tuple(found.values())

    def _period_columns(self) -> tuple[PivotedColumns, ...]:
        """Columns whose name is a period, or a period and what the column has of it."""
        found: dict[str, PivotedColumns] = {}
        for column, cell in enumerate(self.cells):
            if column in self.used or not 0 < len(cell) <= LONGEST_NAME:
                continue
            head = period_of_column(cell)
            if head is None:
                continue
            period, what = head
            pivoted = found.setdefault(
                period.casefold(), PivotedColumns(self._period(period), {}, self.row, column, " ".join(cell.split()))
            )
            self._claim(column, what, pivoted.columns, what)
        return tuple(found.values())

    def _period(self, text: str) -> str:
        """A period of a column as it would be written in a cell: a first day of a month is that month."""
        day = read_day(text)
        if day is not None and day.day == 1:
            return f"{MONTHS[day.month - 1]} {day.year}"
        return " ".join(text.split())


def _counts_up(values: list[str]) -> bool:
    """Whether a column holds 1, 2, 3 and so on, as the numbers of rows do."""
    return len(values) > 1 and values == [str(number) for number in range(1, len(values) + 1)]
