"""What the cells of one row of a local table mean: whose figure it is, when, and of what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from careleavers.intake.basis import BASES, basis_conflict, read_basis
from careleavers.intake.column_names import AUTHORITY_FIELDS
from careleavers.intake.header import Header, missing_column_words
from careleavers.intake.model import Findings
from careleavers.intake.period_problems import PeriodProblem, conflicting_periods, missing_quarter, quarter_or_month
from careleavers.intake.periods import Period, read_part_of_year, read_period
from careleavers.intake.reference import ReferenceData
from careleavers.intake.values import read_age_group
from careleavers.model import Authority, Indicator
from careleavers.quarters import financial_year
from careleavers.wording.formats import age_label, day_text, join_words, quarter_text

# How many unknown names are compared with known ones; more would only take time.
_MOST_GUESSES = 100


@dataclass(frozen=True)
class RowNote:
    """A finding that every row with the same cells has.

    Attributes
    ----------
    rule
        The id of the rule.
    column
        The field of the template that it is about.
    found
        What stands in the cell.
    words
        The other words that the rule's templates need.
    """

    rule: str
    column: str
    found: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Interpretation:
    """What some cells of a row mean together: ``meaning`` is None when they mean nothing that can be used."""

    meaning: Any
    notes: tuple[RowNote, ...] = ()


class CellReader:
    """Interprets the cells of the rows of one table. Callers should ask about each distinct text once."""

    def __init__(self, header: Header, reference: ReferenceData, findings: Findings, covers: str) -> None:
        """Remember what the cells are read against.

        Parameters
        ----------
        header
            That of the table.
        reference
            Authorities, indicators and the day that bounds periods.
        findings
            Receives the one finding that belongs to no row: that a column for the ages is missing.
        covers
            The basis that a title above the table names; "" where none does.
        """
        self.header, self.columns, self.reference, self.findings = header, header.columns, reference, findings
        self.covers = covers
        self.guesses = 0
        self.told_ages = False

    def _may_guess(self) -> bool:
        """Whether one more name that is not known is still compared with those that are."""
        self.guesses += 1
        return self.guesses <= _MOST_GUESSES

    def authority(self, *texts: str) -> Interpretation:
        """Whose figure a row is. The first cell filled in says so; the others must not contradict it.

        Parameters
        ----------
        *texts
            The cells of :data:`AUTHORITY_FIELDS`, in order.

        Returns
        -------
        Reading
            An :class:`Authority`, or None, and what to note.
        """
        given = {name: text for name, text in zip(AUTHORITY_FIELDS, texts, strict=True) if text}
        if not given:
            has_column = any(name in self.columns for name in AUTHORITY_FIELDS)
            return Interpretation(None, (RowNote("missing_authority", "authority_code"),) if has_column else ())
        gazetteer = self.reference.gazetteer
        notes: list[RowNote] = []
        chosen: Authority | None = None
        by = ""
        for name, text in given.items():
            if chosen is None:
                place = gazetteer.find(text, guess=False)
                if place.authority is None:
                    if self._may_guess():
                        place = gazetteer.find(text)
                    # A name can contradict a code, but cannot stand in for one that is not known.
                    return Interpretation(None, (RowNote("unknown_authority", name, text, {"hint": place.hint}),))
                chosen, by = place.authority, text
                if place.former_code:
                    notes.append(
                        RowNote("recoded_authority", name, text, {"authority": chosen.name, "code": chosen.code})
                    )
                continue
            unknown = gazetteer.find(text, guess=False).authority is None
            other = gazetteer.contradicts(text, chosen, guess=unknown and self._may_guess())
            if other is not None:
                words = {"code": by, "by_code": chosen.name, "name": text, "by_name": other.name}
                return Interpretation(None, (*notes, RowNote("code_and_name_differ", name, text, words)))
        return Interpretation(chosen, tuple(notes))

    def period(self, period: str, quarter: str, year: str, basis: str) -> Interpretation:
        """The period of a row, and what its figure covers of it.

        Parameters
        ----------
        period
            The cell that may hold a whole period.
        quarter
            The cell for a part of the year.
        year
            The cell for the financial year.
        basis
            The cell that says what the figure covers.

        Returns
        -------
        Reading
            (last day, basis), or None, and what to note.
        """
        if not (period or quarter or year):
            given = {"period", "quarter", "year"} & self.columns.keys()
            return Interpretation(None, (RowNote("missing_period", "period"),) if given else ())
        covers = read_basis(basis) if basis else None
        found = self._period_of(period, quarter, year, covers == "full_year")
        together = " ".join(text for text in (year, period, quarter) if text)
        if isinstance(found, PeriodProblem):
            at = next(name for name, text in (("period", period), ("quarter", quarter), ("year", year)) if text)
            said = {"period": period, "quarter": quarter, "year": year}[at] if not year else together
            notes = [RowNote(found.rule, at, said, found.words)]
            if basis and covers is None:
                notes.append(RowNote("bad_basis", "basis", basis, {"choices": _alternatives(BASES)}))
            return Interpretation(None, tuple(notes))
        return self.covered(found, basis, together, [])

    def covered(self, found: Period, basis: str, written: str, notes: list[RowNote]) -> Interpretation:
        """A period with what the figure covers of it.

        Parameters
        ----------
        found
            The period.
        basis
            The cell for the basis; may be empty.
        written
            The period as written.
        notes
            What was noted of the period.

        Returns
        -------
        Reading
            (last day, basis), or None, and what to note.
        """
        if basis:
            covers = read_basis(basis)
            if covers is None:
                return Interpretation(
                    None, (*notes, RowNote("bad_basis", "basis", basis, {"choices": _alternatives(BASES)}))
                )
            if found.basis == "year_to_date" and covers != found.basis:
                hint = f"Write year_to_date as the basis, or {quarter_text(found.end)} alone as the period."
                words = {"basis": covers, "period": written, "hint": hint}
                return Interpretation(None, (*notes, RowNote("basis_does_not_fit", "basis", basis, words)))
        else:
            covers = found.basis or ("full_year" if found.whole_year else self.covers or "quarter")
            if not self.covers or covers != self.covers:
                notes.append(RowNote("basis_assumed", "basis", "", {"assumed": covers}))
        if problem := basis_conflict(found, covers):
            return Interpretation(None, (*notes, RowNote(problem.rule, "basis", basis or written, problem.words)))
        return Interpretation((found.end, covers), tuple(notes))

    def _period_of(self, period: str, quarter: str, year: str, whole: bool) -> Period | PeriodProblem:
        """The period that up to three cells of a row say together. ``whole``: the basis says that it is a whole year."""
        today = self.reference.today
        first, part = (year, period or quarter) if year else (period, quarter)
        if not first or not part:
            found = read_period(first or part, today)
            has_part = "quarter" in self.columns or {"year", "period"} <= self.columns.keys()
            if first and has_part and not whole and _may_be_full_year(found):
                return missing_quarter(first, today)
            return found
        if not year:
            found = read_period(period, today)
            if isinstance(found, Period) and not found.whole_year:
                # The first cell has the whole period; the quarter next to it must agree.
                return self._same(found, read_part_of_year(financial_year(found.end), quarter, today))
        if (self.header.some_part or (period and year)) and part.removesuffix(".0").isdigit():
            return quarter_or_month(part, first, today)
        found = read_part_of_year(first, part, today)
        if not (year and period and quarter):
            return found
        other = read_part_of_year(year, quarter, today)
        return other if isinstance(found, Period) and found.whole_year else self._same(found, other)

    def _same(self, found: Period | PeriodProblem, other: Period | PeriodProblem) -> Period | PeriodProblem:
        """What two cells say of a period: the first, unless the other says another one."""
        if isinstance(found, Period) and isinstance(other, Period) and found.end != other.end:
            return conflicting_periods(quarter_text(found.end), quarter_text(other.end), self.reference.today)
        return found

    def measure(self, name: str, age_group: str) -> Interpretation:
        """Which measure a row is of.

        Parameters
        ----------
        name
            The cell for the indicator.
        age_group
            The cell for the ages.

        Returns
        -------
        Reading
            (:class:`Indicator`, age group), or None, and what to note.
        """
        if not name:
            return Interpretation(
                None, (RowNote("missing_indicator", "indicator"),) if "indicator" in self.columns else ()
            )
        indicator = self.reference.indicator(name)
        if indicator is None:
            near = self.reference.indicators_like(name) if self._may_guess() else []
            hint = f"Did you mean {' or '.join(near)}?" if near else "Use the id of an indicator, such as eet."
            return Interpretation(None, (RowNote("unknown_indicator", "indicator", name, {"hint": hint}),))
        return self.measure_of(indicator, age_group, "age_group", age_group)

    def measure_of(self, indicator: Indicator, text: str, name: str, found: str) -> Interpretation:
        """Which age group of an indicator a row is of.

        Parameters
        ----------
        indicator
            The indicator.
        text
            The ages, as written.
        name
            The field that says the ages, to place the finding.
        found
            What stands in its cell.

        Returns
        -------
        Reading
            (:class:`Indicator`, age group), or None, and what to note.
        """
        ages = indicator.age_groups
        if not text and len(ages) == 1:
            notes = (
                (RowNote("age_group_assumed", name, "", {"assumed": age_label(ages[0])}),) if ages != ("all",) else ()
            )
            return Interpretation((indicator, ages[0]), notes)
        age_group = read_age_group(text)
        if age_group in ages:
            return Interpretation((indicator, age_group))
        if not text and "age_group" not in self.columns and not self.header.wide:
            # One finding for the file: there is no cell in which each row could have it.
            if not self.told_ages:
                self.findings.add(
                    "missing_column", self.header.row, None, "", **missing_column_words("local", "age_group")
                )
            self.told_ages = True
            return Interpretation(None)
        older = self.reference.indicators.get(f"{indicator.id}_22_25")
        shown = join_words(ages) + (
            f"; for ages 22 to 25 use {older.id}" if older and age_group in older.age_groups else ""
        )
        return Interpretation(
            None, (RowNote("unknown_age_group", name, found, {"indicator": indicator.id, "ages": shown}),)
        )


def _may_be_full_year(found: Period | PeriodProblem) -> bool:
    """Whether a period is that of a whole year, or of one that could be read so."""
    return found.whole_year if isinstance(found, Period) else found.rule == "future_period"


def existence_note(authority: Authority | None, time: tuple[dt.date, str] | None) -> RowNote | None:
    """What to note of a figure of an authority that did not exist at the time, or that has been abolished since.

    Parameters
    ----------
    authority
        The authority, if it was read.
    time
        (Last day, basis), if they were read.

    Returns
    -------
    Note or None
        None where there is nothing to note.
    """
    if authority is None or time is None or (authority.closed is None and authority.existed(time[0])):
        return None
    return _existed(authority, time[0])


def _existed(authority: Authority, day: dt.date) -> RowNote:
    existed = f"until {day_text(authority.closed)}" if authority.closed else f"from {day_text(authority.opened)}"
    if authority.existed(day):
        successors = (
            f"{join_words(authority.successors)} came after it" if authority.successors else "it has no successor here"
        )
        return RowNote(
            "abolished_code",
            "authority_code",
            "",
            {"authority": authority.name, "existed": existed, "successors": successors},
        )
    after = authority.closed is not None and day > authority.closed
    others = authority.successors if after else authority.predecessors
    instead = f"Then there {'were' if len(others) > 1 else 'was'} {join_words(others)}." if others else ""
    words = {"authority": authority.name, "existed": existed, "instead": instead}
    return RowNote("authority_did_not_exist", "authority_code", quarter_text(day), words)


def _alternatives(choices: Sequence[str]) -> str:
    """``quarter, snapshot or full_year``."""
    return f"{', '.join(choices[:-1])} or {choices[-1]}"
