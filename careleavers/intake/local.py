"""Local figures: the rows of an officer's table, long or wide, as figures in the project's words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from careleavers.formats import age_label, day_text, listed, quarter_text
from careleavers.intake.frames import categories, compact, figure_frame, no_figures, repeated
from careleavers.intake.header import SEARCHED_ROWS, Header, Spread, missing_words, need
from careleavers.intake.known import Indicator, Known
from careleavers.intake.meanings import Meanings, Truths, cells_of, pairs, texts_of
from careleavers.intake.model import Findings, Progress, Sheet, column_letters
from careleavers.intake.numbers import COUNTS, FIELDS, Commas, Numbers
from careleavers.intake.periods import (
    BASES,
    Period,
    Problem,
    basis_of_title,
    differing,
    financial_year,
    misfit,
    month_of,
    no_part,
    read_basis,
    read_beside_year,
    read_period,
    some_part,
)
from careleavers.intake.places import Authority
from careleavers.intake.rows import Rows
from careleavers.intake.table_rows import table_rows
from careleavers.intake.values import Number, has_decimal_comma, read_age_group, read_number

_PLACES = ("authority_code", "department_code", "authority_name")
# So many names that are not known are compared with those that are; after that it would only take time.
_MOST_GUESSES = 100


@dataclass(frozen=True)
class _Note:
    """A finding that every row with the same cells has."""

    rule: str
    field: str
    found: str = ""
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass
class _Group:
    """The columns of a figure by field; of one measure (indicator and age group) or period where that is theirs alone."""

    columns: dict[str, int]
    measure: tuple[str, str] | None = None
    spread: Spread | None = None


@dataclass(frozen=True)
class _Read:
    """What some cells of a row mean together: ``meaning`` is None when they mean nothing that can be used."""

    meaning: Any
    notes: tuple[_Note, ...] = ()


def read_local(sheet: Sheet, header: Header, known: Known, findings: Findings, progress: Progress) -> pd.DataFrame:
    """The figures of an officer's table (columns :data:`FIGURE_COLUMNS`), in the order of its rows.

    Rows whose authority, indicator, age group, period or basis cannot be read give no figure; one whose numbers cannot
    be read gives a figure with the status ``missing`` and no number. ``source`` is ``local``; layer and release are
    empty until the file is accepted. Adds to ``findings``.
    """
    _need(header, findings)
    rows = table_rows(sheet, header, findings)
    return _Table(sheet, header, known, findings).figures(rows, progress)


def _need(header: Header, findings: Findings) -> None:
    if not any(name in header.columns for name in _PLACES):
        need(header, ["authority_code"], findings)
    if not any(spread.period for spread in header.spread) and not {"period", "quarter", "year"} & header.columns.keys():
        need(header, ["period"], findings)
    if header.wide:
        return
    need(header, ["indicator"], findings)
    if "value" not in header.columns and not header.spread:
        need(header, COUNTS, findings)


class _Table:
    """One table being read. Every distinct text is understood once, however many rows it stands in."""

    def __init__(self, sheet: Sheet, header: Header, known: Known, findings: Findings) -> None:
        self.sheet, self.known, self.findings = sheet, known, findings
        self.header, self.columns = header, header.columns
        self.guesses = 0
        self.told_ages = False
        self.numbers: dict[str, Number] = {}
        self.decimal_commas = False
        self.covers = self._basis_above()

    def figures(self, rows: Rows, progress: Progress) -> pd.DataFrame:
        groups = self._groups()
        if not any(name in FIELDS for group in groups for name in group.columns):
            return no_figures()
        filled = np.logical_or.reduce([_filled(rows, group.columns) for group in groups])
        for line in rows.lines[~filled].tolist():
            self.findings.add("unfilled", line)
        rows = rows.take(filled)
        if not rows:
            if not self.findings.blocking:
                self.findings.add("no_rows")
            return no_figures()
        self.decimal_commas = any(
            texts_of(rows, group.columns[name]).true(has_decimal_comma).any()
            for group in groups
            for name in (*FIELDS, "target")
            if name in group.columns
        )
        progress(0.5, "Reading authorities and periods")
        where = self._each(rows, _PLACES, self._where)
        progress(0.6, "Reading the figures")
        parts = []
        groups = [group for group in groups if len(groups) == 1 or _filled(rows, group.columns).any()]
        if "target" in self.columns and any(spread.period for spread in self.header.spread):
            # One column of targets is of the last period that has figures.
            groups[-1].columns.setdefault("target", self.columns["target"])
        if all(group.measure is None and not (group.spread and group.spread.age_group) for group in groups):
            what = self._each(rows, ("indicator", "age_group"), self._what)
        whens: dict[int, tuple[Meanings[Any], Meanings[Any]]] = {}
        for group in groups:
            mine = _filled(rows, group.columns) if len(groups) > 1 else np.ones(len(rows), dtype=bool)
            period = group.spread.head if group.spread and group.spread.period else -1
            if period not in whens:
                when = self._times(rows, group.spread)
                whens[period] = when, self._existing(rows, where, when)
            when, there = whens[period]
            some = rows.take(mine)
            if group.measure is not None:
                measures = self._measures(some, *group.measure)
            elif group.spread and group.spread.age_group:
                measures = self._of_ages(some, group.spread)
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
        if header.spread:
            return [_Group({**notes, **spread.columns}, spread=spread) for spread in header.spread]
        if not header.wide:
            return [_Group(shared)]
        measures: dict[tuple[str, str], _Group] = {}
        for (name, age_group, what), column in header.wide.items():
            group = measures.setdefault((name, age_group), _Group(dict(notes), (name, age_group)))
            group.columns[what] = column
        return list(measures.values())

    def _measures(self, rows: Rows, name: str, age_group: str) -> Meanings[Any]:
        """What each row of the columns of one measure is about."""
        indicator = self.known.indicators[name]
        column = min(at for (of, age, _), at in self.header.wide.items() if (of, age) == (name, age_group))
        if not age_group and "age_group" in self.columns:
            self._understood(
                column, f"“{indicator.short_title}”, of the ages in column {column_letters(self.columns['age_group'])}"
            )
            return self._each(rows, ("age_group",), lambda age: self._known_age(indicator, age, "age_group", age))
        read = self._known_age(indicator, age_group, "indicator", age_group)
        for note in read.notes:
            self.findings.add(note.rule, self.header.row, column, self.header.cells[column], **note.words)
        return Meanings(np.zeros(len(rows), dtype=np.int32), [read.meaning])

    def _of_ages(self, rows: Rows, spread: Spread) -> Meanings[Any]:
        """What each row of the columns of one age group is about."""
        self._understood(spread.head, f"ages {spread.age_group}: {_fields(spread)}", spread.row, spread.written)
        return self._each(rows, ("indicator",), lambda name: self._what(name, spread.age_group))

    def _understood(self, column: int, meaning: str, row: int | None = None, written: str | None = None) -> None:
        """Note how a column was understood, for the officer to confirm."""
        said = " ".join(self.header.cells[column].split()) if written is None else written
        self.findings.add("understood_as", row or self.header.row, column, said, meaning=meaning)

    def _times(self, rows: Rows, spread: Spread | None) -> Meanings[Any]:
        """When each row is of: what its own columns say, or what stands above the columns of a period."""
        if spread is None or not spread.period:
            self._quarters_by_number(rows)
            return self._each(rows, ("period", "quarter", "year", "basis"), self._when)
        fields = _fields(spread)
        if "year" in self.columns:
            meaning = f"{spread.period} of the year in column {column_letters(self.columns['year'])}: {fields}"
            self._understood(spread.head, meaning, spread.row, spread.written)
            return self._each(rows, ("year", "basis"), lambda year, basis: self._when("", spread.period, year, basis))
        dated = spread.period
        if self.header.year and not re.search(r"20\d\d|\d\d[/-]\d\d|\b\d\d\b", dated):
            dated = f"{dated} {self.header.year}"
        found, month = read_period(dated, self.known.today), month_of(dated)
        if isinstance(found, Problem):
            if found.rule == "bad_period" and month:
                self.findings.add(
                    "left_out", spread.row, spread.head, spread.written, reason="a month that ends no quarter"
                )
            else:
                self.findings.add(found.rule, spread.row, spread.head, spread.written, **found.words)
            return Meanings(np.zeros(len(rows), dtype=np.int32), [None])
        whole = f"the year {dated}" if found.whole_year else f"{quarter_text(found.end)} (to {day_text(found.end)})"
        if month:
            whole += ", as the figure of the quarter and not of the month alone"
        self._understood(spread.head, f"{whole}: {fields}", spread.row, spread.written)
        covered = self._covered(found, "", spread.written, [])
        if "basis" in self.columns:
            return self._each(rows, ("basis",), lambda basis: self._covered(found, basis, spread.written, []))
        for note in covered.notes:
            self.findings.add(note.rule, spread.row, spread.head, spread.written, **note.words)
        return Meanings(np.zeros(len(rows), dtype=np.int32), [covered.meaning])

    def _quarters_by_number(self, rows: Rows) -> None:
        """Have the officer confirm that numbers beside a year are its quarters."""
        column, year = self.columns.get("quarter"), self.columns.get("year", self.columns.get("period"))
        if column is None or year is None or self.header.some_part:
            return
        numbers = texts_of(rows, column).true(lambda text: text.strip().removesuffix(".0").isdigit())
        if not numbers.any():
            return
        cells = rows[int(np.flatnonzero(numbers)[0])][1]
        found = read_beside_year(cells[year], cells[column], self.known.today) if year < len(cells) else None
        if isinstance(found, Period):
            example = f"“{cells[column].strip()}” beside “{cells[year].strip()}” as {quarter_text(found.end)}"
            self._understood(column, f"the quarters of the financial year in column {column_letters(year)}: {example}")

    def _basis_above(self) -> str:
        """The basis that the titles above the table name, where the table has no column for it."""
        if "basis" in self.columns:
            return ""
        for row, cells in self.sheet.rows[:SEARCHED_ROWS]:
            for column, cell in enumerate(cells):
                over_columns = row == self.header.row - 1 and any(spread.row == row for spread in self.header.spread)
                if row < self.header.row and not over_columns and (basis := basis_of_title(cell)):
                    self.findings.add("basis_above", row, column, " ".join(cell.split()), assumed=basis)
                    return basis
        return ""

    def _each(self, rows: Rows, fields: Sequence[str], read: Callable[..., _Read]) -> Meanings[Any]:
        """What ``fields`` of each row mean together, with a finding for each row that has something to note."""
        texts = cells_of(rows, [self.columns.get(name) for name in fields])
        found = texts.map(lambda cells: read(*(text.strip() for text in cells)))
        for i in np.flatnonzero(found.true(lambda each: bool(each.notes))).tolist():
            for note in found[i].notes:
                column = self._column(note.field, fields)
                self.findings.add(note.rule, int(rows.lines[i]), column, note.found, **note.words)
        return found.map(lambda each: each.meaning)

    def _column(self, name: str, others: Iterable[str]) -> int | None:
        """The column of a field, or of one that is read with it where the file does not have that one."""
        return next((self.columns[field] for field in (name, *others) if field in self.columns), None)

    def _may_guess(self) -> bool:
        """Whether one more name that is not known is still compared with those that are."""
        self.guesses += 1
        return self.guesses <= _MOST_GUESSES

    # -- whose figure -------------------------------------------------------------------------------------------------
    def _where(self, *texts: str) -> _Read:
        given = {name: text for name, text in zip(_PLACES, texts, strict=True) if text}
        if not given:
            has_column = any(name in self.columns for name in _PLACES)
            return _Read(None, (_Note("missing_authority", "authority_code"),) if has_column else ())
        gazetteer = self.known.gazetteer
        notes: list[_Note] = []
        chosen: Authority | None = None
        by = ""
        for name, text in given.items():
            if chosen is None:
                place = gazetteer.find(text, guess=False)
                if place.authority is None:
                    if self._may_guess():
                        place = gazetteer.find(text)
                    # A name may still say whose figures these are not, but not whose they are.
                    return _Read(None, (_Note("unknown_authority", name, text, {"hint": place.hint}),))
                chosen, by = place.authority, text
                if place.former_code:
                    notes.append(
                        _Note("recoded_authority", name, text, {"authority": chosen.name, "code": chosen.code})
                    )
                continue
            unknown = gazetteer.find(text, guess=False).authority is None
            other = gazetteer.contradicts(text, chosen, guess=unknown and self._may_guess())
            if other is not None:
                words = {"code": by, "by_code": chosen.name, "name": text, "by_name": other.name}
                return _Read(None, (*notes, _Note("code_and_name_differ", name, text, words)))
        return _Read(chosen, tuple(notes))

    def _existing(self, rows: Rows, where: Meanings[Any], when: Meanings[Any]) -> Meanings[Any]:
        """``where`` without the authorities of rows for a time in which they were not.

        Notes these rows and others of authorities that are no more.
        """
        both = pairs(where, when)
        notes = both.map(lambda each: _not_now(*each))
        for i in np.flatnonzero(notes.true(lambda note: note is not None)).tolist():
            line, cells = rows[i]
            columns = [self.columns[name] for name in _PLACES if name in self.columns]
            column = next(column for column in columns if column < len(cells) and cells[column].strip())
            if note := notes[i]:
                self.findings.add(note.rule, line, column, cells[column].strip(), **note.words)
        return Meanings(
            both.which,
            [
                None if note and note.rule == "authority_did_not_exist" else authority
                for (authority, _), note in zip(both.found, notes.found, strict=True)
            ],
        )

    # -- when ---------------------------------------------------------------------------------------------------------
    def _when(self, period: str, quarter: str, year: str, basis: str) -> _Read:
        if not (period or quarter or year):
            given = {"period", "quarter", "year"} & self.columns.keys()
            return _Read(None, (_Note("missing_period", "period"),) if given else ())
        covers = read_basis(basis) if basis else None
        found = self._period(period, quarter, year, covers == "full_year")
        together = " ".join(text for text in (year, period, quarter) if text)
        if isinstance(found, Problem):
            at = next(name for name, text in (("period", period), ("quarter", quarter), ("year", year)) if text)
            said = {"period": period, "quarter": quarter, "year": year}[at] if not year else together
            notes = [_Note(found.rule, at, said, found.words)]
            if basis and covers is None:
                notes.append(_Note("bad_basis", "basis", basis, {"choices": _one_of(BASES)}))
            return _Read(None, tuple(notes))
        return self._covered(found, basis, together, [])

    def _covered(self, found: Period, basis: str, written: str, notes: list[_Note]) -> _Read:
        """A period with what the figure covers of it."""
        if basis:
            covers = read_basis(basis)
            if covers is None:
                return _Read(None, (*notes, _Note("bad_basis", "basis", basis, {"choices": _one_of(BASES)})))
            if found.basis == "year_to_date" and covers != found.basis:
                hint = f"Write year_to_date as the basis, or {quarter_text(found.end)} alone as the period."
                words = {"basis": covers, "period": written, "hint": hint}
                return _Read(None, (*notes, _Note("basis_does_not_fit", "basis", basis, words)))
        else:
            covers = found.basis or ("full_year" if found.whole_year else self.covers or "quarter")
            if not self.covers or covers != self.covers:
                notes.append(_Note("basis_assumed", "basis", "", {"assumed": covers}))
        if problem := misfit(found, covers):
            return _Read(None, (*notes, _Note(problem.rule, "basis", basis or written, problem.words)))
        return _Read((found.end, covers), tuple(notes))

    def _period(self, period: str, quarter: str, year: str, whole: bool) -> Period | Problem:
        """The period that up to three cells of a row say together. ``whole``: the basis says that it is a whole year."""
        today = self.known.today
        first, part = (year, period or quarter) if year else (period, quarter)
        if not first or not part:
            found = read_period(first or part, today)
            has_part = "quarter" in self.columns or {"year", "period"} <= self.columns.keys()
            if first and has_part and not whole and _may_be_whole(found):
                return no_part(first, today)
            return found
        if not year:
            found = read_period(period, today)
            if isinstance(found, Period) and not found.whole_year:
                # The period is there as a whole; the quarter beside it must be the same.
                return self._same(found, read_beside_year(financial_year(found.end), quarter, today))
        if (self.header.some_part or (period and year)) and part.removesuffix(".0").isdigit():
            return some_part(part, first, today)
        found = read_beside_year(first, part, today)
        if not (year and period and quarter):
            return found
        other = read_beside_year(year, quarter, today)
        return other if isinstance(found, Period) and found.whole_year else self._same(found, other)

    def _same(self, found: Period | Problem, other: Period | Problem) -> Period | Problem:
        """What two cells say of a period: the first, unless the other says another one."""
        if isinstance(found, Period) and isinstance(other, Period) and found.end != other.end:
            return differing(quarter_text(found.end), quarter_text(other.end), self.known.today)
        return found

    # -- of what ------------------------------------------------------------------------------------------------------
    def _what(self, name: str, age_group: str) -> _Read:
        if not name:
            return _Read(None, (_Note("missing_indicator", "indicator"),) if "indicator" in self.columns else ())
        indicator = self.known.indicator(name)
        if indicator is None:
            near = self.known.indicators_like(name) if self._may_guess() else []
            hint = f"Did you mean {' or '.join(near)}?" if near else "Use the id of an indicator, such as eet."
            return _Read(None, (_Note("unknown_indicator", "indicator", name, {"hint": hint}),))
        return self._known_age(indicator, age_group, "age_group", age_group)

    def _known_age(self, indicator: Indicator, text: str, name: str, found: str) -> _Read:
        ages = indicator.age_groups
        if not text and len(ages) == 1:
            notes = (_Note("age_group_assumed", name, "", {"assumed": age_label(ages[0])}),) if ages != ("all",) else ()
            return _Read((indicator, ages[0]), notes)
        age_group = read_age_group(text)
        if age_group in ages:
            return _Read((indicator, age_group))
        if not text and "age_group" not in self.columns and not self.header.wide:
            # Said once: there is no cell that each row could have it in.
            if not self.told_ages:
                self.findings.add("missing_column", self.header.row, None, "", **missing_words("local", "age_group"))
            self.told_ages = True
            return _Read(None)
        older = self.known.indicators.get(f"{indicator.id}_22_25")
        shown = listed(ages) + (
            f"; for ages 22 to 25 use {older.id}" if older and age_group in older.age_groups else ""
        )
        return _Read(None, (_Note("unknown_age_group", name, found, {"indicator": indicator.id, "ages": shown}),))

    # -- how many -----------------------------------------------------------------------------------------------------
    def _group(
        self,
        rows: Rows,
        columns: Mapping[str, int],
        where: Meanings[Any],
        when: Meanings[Any],
        what: Meanings[Any],
    ) -> pd.DataFrame:
        """The figures of one set of columns; the last three arguments say whose, for when and of what each row is."""
        good = np.logical_and.reduce([each.true(lambda meaning: meaning is not None) for each in (where, when, what)])
        if not good.all():
            # Numbers of rows that give no figure are looked at too, so that everything is said at once.
            self._numbers(rows.take(~good), columns, what.take(~good))
            rows, where, when, what = rows.take(good), where.take(good), when.take(good), what.take(good)
        content = self._numbers(rows, columns, what)
        return figure_frame(
            {
                "row": rows.lines,
                "indicator": categories(what.map(lambda measure: measure[0].id)),
                "age_group": categories(what.map(lambda measure: measure[1])),
                "area_code": categories(where.map(lambda authority: authority.code)),
                "period_end": when.array(lambda time: time[0], "datetime64[s]"),
                "frequency": categories(when.map(lambda time: "year" if time[1] == "full_year" else "quarter")),
                "basis": categories(when.map(lambda time: time[1])),
                "layer": repeated("", len(rows)),
                **content,
                "source": repeated("local", len(rows)),
                "release": repeated("", len(rows)),
                "note": categories(texts_of(rows, columns.get("note")).map(_note)),
            }
        )

    def commas(self) -> Commas:
        """What a comma in a number may mean in this file."""
        if self.decimal_commas:
            return "decimals"
        return "either" if "semicolons" in self.sheet.how else "thousands"

    def _numbers(self, rows: Rows, columns: Mapping[str, int], what: Meanings[Any]) -> dict[str, Any]:
        indicators = what.map(lambda measure: measure[0] if measure else None)
        return Numbers(
            rows, columns, indicators, self.sheet.percent, self.numbers, self.findings, self.commas()
        ).settle()


def _fields(spread: Spread) -> str:
    """Which field stands in which column: ``numerator in column D, denominator in column E``."""
    named = ((what, column) for what, column in spread.columns.items() if what != "note")
    return ", ".join(f"{what} in column {column_letters(column)}" for what, column in named)


def _filled(rows: Rows, columns: Mapping[str, int]) -> Truths:
    """The rows in which a column of a number is filled in, with more than a formula makes of empty cells."""
    filled: Truths = np.zeros(len(rows), dtype=bool)
    for name in FIELDS:
        if name in columns:
            there = rows.filled(columns[name])
            if name == "value" and (there & ~filled).any():
                # What a formula makes of empty cells is no value.
                there &= texts_of(rows, columns[name]).true(lambda text: not read_number(text).error)
            filled |= there
    return filled


def _may_be_whole(found: Period | Problem) -> bool:
    """Whether a period is that of a whole year, or of one that could be read so."""
    return found.whole_year if isinstance(found, Period) else found.rule == "future_period"


def _not_now(authority: Authority | None, time: tuple[dt.date, str] | None) -> _Note | None:
    """What to note of a figure of an authority for a time in which it was not, or that is no more."""
    if authority is None or time is None or (authority.closed is None and authority.existed(time[0])):
        return None
    return _existed(authority, time[0])


def _existed(authority: Authority, day: dt.date) -> _Note:
    existed = f"until {day_text(authority.closed)}" if authority.closed else f"from {day_text(authority.opened)}"
    if authority.existed(day):
        successors = f"{listed(authority.after)} came after it" if authority.after else "it has no successor here"
        return _Note(
            "abolished_code",
            "authority_code",
            "",
            {"authority": authority.name, "existed": existed, "successors": successors},
        )
    after = authority.closed is not None and day > authority.closed
    others = authority.after if after else authority.before
    instead = f"Then there {'were' if len(others) > 1 else 'was'} {listed(others)}." if others else ""
    words = {"authority": authority.name, "existed": existed, "instead": instead}
    return _Note("authority_did_not_exist", "authority_code", quarter_text(day), words)


def _one_of(choices: Sequence[str]) -> str:
    """``quarter, snapshot or full_year``."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}"


def _note(text: str) -> str:
    """An officer's note on one line, without control characters."""
    if text.isprintable():
        return text.strip()
    return "".join(character if character.isprintable() else " " for character in text).strip()
