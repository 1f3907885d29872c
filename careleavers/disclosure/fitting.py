"""Counts fitted to the people they are counted among, to the whole they are part of, and to the official year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from careleavers.disclosure.cells import PRECEDENCE, Cells, number_groups, split_by
from careleavers.disclosure.families import Relations, complete_families, parts_by_column
from careleavers.disclosure.people import ROUNDS, Totals
from careleavers.disclosure.rounding import TOLERANCE, Numbers, Places, RowFits, balance_columns, fit_rows
from careleavers.disclosure.spans import Decomposition, decompose


def shown_counts(
    cells: Cells, relations: Relations, counts: Numbers, people: Numbers, total: Totals, step: int
) -> Numbers:
    """Round counts so that those of a piece of time add up to the people they are counted among.

    Parameters
    ----------
    cells
        The figures.
    relations
        How the indicators are related.
    counts
        The true count of each figure; NaN where it is not known or is hidden.
    people
        The true number of people it is counted among; NaN where it is not counted among people.
    total
        What is shown of the people of a span (:func:`careleavers.disclosure.people.shown_people`).
    step
        Counts are shown as multiples of this.

    Returns
    -------
    array of float
        The counts as shown; NaN where a count has to stay hidden.
    """
    fitting = _Fitting(cells, relations, counts, people, total, step, np.full(len(counts), np.nan))
    order = np.lexsort((people, counts, cells.precedence, cells.indicator, cells.span, cells.subject, cells.authority))
    left = order[~np.isnan(counts[order])]
    where = number_groups(cells.authority, cells.subject)
    for _ in range(ROUNDS):
        if not len(left):
            break
        subjects, contradicting = [], []
        for rows in split_by(left, where[left]):
            subject, others = fitting.decomposed(rows)
            subjects.append(subject)
            contradicting.append(others)
        fitting.show(subjects)
        left = np.concatenate(contradicting)
    return fitting.shown


@dataclass
class _Subject:
    """The counts of one subject of one authority in pieces.

    ``counts`` has a row per piece and a column per indicator; ``people`` are the true people of each piece and ``totals``
    those shown. ``rows`` are the figures, ``span_of`` and ``column_of`` their places in the matrices. ``indicators`` are
    the ids of the columns and ``numbers`` their places in the cells; ``parts`` the columns of wholes and of their parts.
    """

    pieces: Decomposition
    rows: Places
    span_of: Places
    column_of: Places
    numbers: list[int]
    indicators: list[str]
    parts: list[tuple[int, list[int]]]
    counts: Numbers
    people: Numbers
    totals: Numbers


@dataclass
class _Fitting:
    """What the steps of :func:`shown_counts` share; ``shown`` takes the result."""

    cells: Cells
    relations: Relations
    counts: Numbers
    people: Numbers
    total: Totals
    step: int
    shown: Numbers

    def decomposed(self, rows: Places) -> tuple[_Subject, Places]:
        """The figures of one subject that agree with each other, in pieces; and the rest."""
        cells, counts, people = self.cells, self.counts, self.people
        spans, span_of = np.unique(cells.span[rows], return_inverse=True)
        numbers, column_of = np.unique(cells.indicator[rows], return_inverse=True)
        held = np.full((len(spans), len(numbers) + 1), np.nan)
        # Written backwards, so that of several the first final one stays, or the first.
        backwards = np.argsort(cells.precedence[rows], kind="stable")[::-1]
        held[span_of[backwards], -1] = people[rows[backwards]]
        same = np.isclose(held[span_of, -1], people[rows], rtol=0, atol=TOLERANCE, equal_nan=True)
        backwards = backwards[same[backwards]]
        held[span_of[backwards], column_of[backwards]] = counts[rows[backwards]]
        same &= np.abs(held[span_of, column_of] - counts[rows]) <= TOLERANCE
        apart = decompose([cells.masks[span] for span in spans], held)
        kept = np.full(len(spans), -1)
        kept[apart.kept] = np.arange(len(apart.kept))
        same &= kept[span_of] >= 0
        first = int(rows[same][0])
        people_of = apart.counts[:, -1]
        totals = [self.total(first, piece, number) for piece, number in zip(apart.pieces, people_of, strict=True)]
        names = [cells.indicators[number] for number in numbers]
        subject = _Subject(
            pieces=apart,
            rows=rows[same],
            span_of=kept[span_of[same]],
            column_of=column_of[same],
            numbers=numbers.tolist(),
            indicators=names,
            parts=parts_by_column(self.relations, names),
            counts=apart.counts[:, :-1],
            people=people_of,
            totals=np.array(totals),
        )
        return subject, rows[~same]

    def show(self, subjects: Sequence[_Subject]) -> None:
        """Write what is shown: first of those who are counted among people, then of the parts of these."""
        among_people, among_wholes = RowFits(), RowFits()
        for subject in subjects:
            known = ~np.isnan(subject.counts)
            is_part = np.zeros_like(known)
            for whole, parts in subject.parts:
                is_part[:, parts] = known[:, [whole]]
            counted = np.where(is_part, np.nan, subject.counts)
            rest = subject.people - np.nansum(counted, axis=1)
            complete = complete_families(self.relations, subject.indicators, known)
            among_people.add(counted, rest, complete, subject.totals)
        fitted = among_people.fitted(self.step)
        for subject, mine in zip(subjects, fitted, strict=True):
            self._agree_with_official(
                subject, mine, subject.counts, subject.people, subject.totals, list(range(mine.shape[1]))
            )
        for subject, mine in zip(subjects, fitted, strict=True):
            for whole, parts in subject.parts:
                some = np.where(np.isnan(subject.counts[:, [whole]]), np.nan, subject.counts[:, parts])
                rest = subject.counts[:, whole] - np.nansum(some, axis=1)
                among_wholes.add(some, rest, np.zeros(len(some), dtype=bool), mine[:, whole], (mine, parts))
        among_wholes.fitted(self.step)
        for subject, mine in zip(subjects, fitted, strict=True):
            for whole, parts in subject.parts:
                some = mine[:, parts]
                self._agree_with_official(
                    subject, some, subject.counts[:, parts], subject.counts[:, whole], mine[:, whole], parts
                )
                mine[:, parts] = some
            self._write(subject, mine)

    def _write(self, subject: _Subject, mine: Numbers) -> None:
        """Write the sums of the pieces; where a count is known of a whole and not of its pieces, fit it to the others."""
        uses = subject.pieces.uses
        sums = np.where((uses @ np.isnan(mine)) > 0, np.nan, uses @ np.nan_to_num(mine))
        self.shown[subject.rows] = sums[subject.span_of, subject.column_of]
        not_of_pieces = np.isnan(self.shown[subject.rows])
        if not not_of_pieces.any():
            return
        true = np.where(np.isnan(sums), np.nan, uses @ np.nan_to_num(subject.counts))
        for span in np.unique(subject.span_of[not_of_pieces]).tolist():
            told = {
                number: (true[span, at], sums[span, at])
                for at, number in enumerate(subject.numbers)
                if not np.isnan(sums[span, at])
            }
            self._show_of_whole_only(subject.rows[not_of_pieces & (subject.span_of == span)], subject.rows, told)

    def _agree_with_official(
        self, subject: _Subject, shown: Numbers, counts: Numbers, among: Numbers, totals: Numbers, columns: list[int]
    ) -> None:
        """Change counts of pieces, in place, so that those of an official year add up to the official count, rounded.

        Otherwise quarters that are all rounded down could be told from an official count that says by how much.
        """
        official = self.cells.precedence[subject.rows] == PRECEDENCE["official"]
        for span in np.unique(subject.span_of[official]).tolist():
            pieces = np.flatnonzero(subject.pieces.uses[span])
            told = set(subject.column_of[official & (subject.span_of == span)].tolist())
            known = np.array([column in told for column in columns]) & ~np.isnan(shown[pieces]).any(axis=0)
            if len(pieces) < 2 or not known.any() or np.isnan(totals[pieces]).any():
                continue
            left = totals[pieces] - np.nansum(shown[pieces], axis=1)
            rest = among[pieces] - np.nansum(counts[pieces], axis=1)
            nothing_left = (left == 0).all() and (np.abs(rest) < TOLERANCE).all()
            both = np.column_stack([shown[pieces], np.full(len(pieces), np.nan) if nothing_left else left])
            true = np.column_stack([counts[pieces], rest])
            sums = np.where(known, counts[pieces].sum(axis=0), np.nan)
            others = among[pieces].sum() - np.nansum(sums)
            aim = np.append(sums, others if others > TOLERANCE or not nothing_left else np.nan)
            aim = fit_rows(aim[None], totals[pieces].sum(keepdims=True), self.step)[0]
            balance_columns(both, true, np.append(aim[:-1], np.nan), self.step)
            shown[pieces] = both[:, :-1]

    def _show_of_whole_only(self, rows: Places, of_subject: Places, told: dict[int, tuple[float, float]]) -> None:
        """Write what is shown of counts that are known of a whole and not of its pieces.

        ``rows`` are figures of one span, ``of_subject`` all of their subject. ``told`` has the counts that follow from
        those of the pieces, true and as shown, by number of the indicator. A count that overlaps with another one of its
        indicator stays hidden: what both have in common could not be rounded once.
        """
        cells = self.cells
        span = cells.masks[cells.span[rows[0]]]
        overlapping = [
            int(cells.indicator[at])
            for at in of_subject
            if cells.precedence[at] != PRECEDENCE["official"]
            and cells.masks[cells.span[at]] != span
            and cells.masks[cells.span[at]] & span
        ]
        known = {
            int(cells.indicator[at]): float(self.counts[at])
            for at in rows
            if int(cells.indicator[at]) not in overlapping
        }
        number_of = {one: at for at, one in enumerate(cells.indicators)}
        whole_of = {
            number_of[part]: number_of[whole]
            for whole, parts in self.relations.parts.items()
            for part in parts
            if part in number_of and number_of.get(whole) in known.keys() | told.keys()
        }
        people = float(self.people[rows[0]])
        everybody = people, self.total(int(rows[0]), span, people)
        # First those that are counted among everybody, then the parts of these.
        for whole in [None, *dict.fromkeys(whole_of.values())]:
            asked = [one for one in known if whole_of.get(one) == whole]
            if not asked:
                continue
            others = [told[one] for one in told if whole_of.get(one) == whole]
            number, among = everybody if whole is None else told[whole]
            rest = number - sum(known[one] for one in asked) - sum(true for true, _ in others)
            row = np.array([*(known[one] for one in asked), rest if rest > TOLERANCE else np.nan])
            fitted = fit_rows(row[None], np.array([among - sum(seen for _, seen in others)]), self.step)[0]
            told |= {one: (known[one], float(seen)) for one, seen in zip(asked, fitted, strict=False)}
        for at in rows:
            self.shown[at] = told.get(int(cells.indicator[at]), (0.0, np.nan))[1]
