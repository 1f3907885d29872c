"""How a count is rounded: to the nearest multiple, or to a neighbouring one where counts have to add up to a total."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Numbers that differ by less than this are the same: counts are whole, but their sums are floating point.
TOLERANCE = 1e-6


def few_below(step: int) -> int:
    """The number of young people below which nothing is shown of them: the least that rounds to five steps.

    Parameters
    ----------
    step
        Counts are shown as multiples of this.

    Returns
    -------
    int
        23 for a step of 5.

    Examples
    --------
    >>> few_below(5)
    23
    """
    return -(-9 * step // 2)


def nearest(numbers: Numbers, step: int) -> Numbers:
    """Round to the nearest multiples, halves up.

    Parameters
    ----------
    numbers
        Counts; NaN stays NaN.
    step
        Counts are shown as multiples of this.

    Returns
    -------
    array of float
        In the shape of ``numbers``.
    """
    rounded: Numbers = step * np.floor(numbers / step + 0.5)
    return rounded


def fit_rows(counts: Numbers, totals: Numbers, step: int) -> Numbers:
    """Round counts so that each row adds up to its total.

    Each count is rounded to the nearest multiple. Where a row does not add up, the counts that are nearest to another
    multiple take that one; of two that are equally near the greater does, because it matters less there.

    Parameters
    ----------
    counts
        True counts, a row each; NaN for what is not there.
    totals
        Multiples of ``step`` to which the rows have to add up, one each; NaN where a row need not add up.
    step
        Counts are shown as multiples of this.

    Returns
    -------
    array of float
        The counts as shown, in the shape of ``counts``.
    """
    shown = nearest(counts, step)
    while True:
        off = np.nan_to_num(totals - np.nansum(shown, axis=1))
        move = step * np.sign(off)[:, None]
        cost = np.where(np.isnan(shown) | (shown + move < 0), np.inf, np.abs(shown + move - counts))
        cost = cost - np.nan_to_num(counts) * TOLERANCE
        rows = np.flatnonzero((off != 0) & np.isfinite(cost).any(axis=1))
        if not len(rows):
            return shown
        best = cost[rows].argmin(axis=1)
        shown[rows, best] += move[rows, 0]


def balance_columns(shown: Numbers, counts: Numbers, totals: Numbers, step: int) -> None:
    """Change rounded counts, in place, so that columns add up to their totals and rows to what they add up to already.

    One step is moved at a time, between the two counts of a row that come to lie nearest to their true numbers. What
    cannot be made to agree with a public total is not shown: all of ``shown`` then becomes NaN.

    Parameters
    ----------
    shown
        Rounded counts, a row per piece of time and a column per indicator; changed in place.
    counts
        The true counts, in the same shape.
    totals
        What each column has to add up to; NaN where it may add up to anything.
    step
        Counts are shown as multiples of this.
    """
    for _ in range(shown.size * 4):
        off = np.nan_to_num(totals - np.nansum(shown, axis=0))
        more, less = off > 0, off < 0
        if not (more.any() or less.any()):
            return
        more, less = (some if some.any() else np.isnan(totals) for some in (more, less))
        known = ~np.isnan(shown)
        up = np.where(known & more, np.abs(shown + step - counts), np.inf)
        down = np.where(known & less & (shown >= step), np.abs(shown - step - counts), np.inf)
        cost = up[:, :, None] + down[:, None, :]
        row, above, below = np.unravel_index(cost.argmin(), cost.shape)
        if not np.isfinite(cost[row, above, below]):
            break
        shown[row, above] += step
        shown[row, below] -= step
    shown[:] = np.nan


class RowFits:
    """Rows of counts that have to add up to totals, gathered from many subjects so that all are fitted at once."""

    def __init__(self) -> None:
        self._given: list[tuple[Numbers, Numbers]] = []
        self._into: list[tuple[Numbers, list[int]] | None] = []

    def add(
        self,
        counts: Numbers,
        rest: Numbers,
        complete: Flags,
        totals: Numbers,
        into: tuple[Numbers, list[int]] | None = None,
    ) -> None:
        """Add the rows of one subject.

        Parameters
        ----------
        counts
            True counts, a row per piece and a column per indicator; NaN for what is not known.
        rest
            What the counts leave of the true total, one per row. It is rounded with them, though it is not shown.
        complete
            Whether the counts of a row are all there is, so that nothing is left of the total.
        totals
            What the rows have to add up to as shown.
        into
            A matrix, and its columns, that take the result where it is known.
        """
        # Counts that exceed the total they belong to contradict it and are not fitted to it.
        totals = np.where(rest < -TOLERANCE, np.nan, totals)
        rest = np.where((rest < -TOLERANCE) | (complete & (np.abs(rest) < TOLERANCE)), np.nan, rest)
        self._given.append((np.column_stack([counts, rest]), totals))
        self._into.append(into)

    def fitted(self, step: int) -> list[Numbers]:
        """Fit everything that was added.

        Parameters
        ----------
        step
            Counts are shown as multiples of this.

        Returns
        -------
        list of array
            The counts of each subject as shown, without the rest, in the order in which they were added.
        """
        if not self._given:
            return []
        width = max(counts.shape[1] for counts, _ in self._given)
        stacked = np.full((sum(len(counts) for counts, _ in self._given), width), np.nan)
        at, found = 0, []
        for counts, _ in self._given:
            stacked[at : at + len(counts), : counts.shape[1]] = counts
            at += len(counts)
        made, at = fit_rows(stacked, np.concatenate([totals for _, totals in self._given]), step), 0
        for (counts, _), into in zip(self._given, self._into, strict=True):
            mine = made[at : at + len(counts), : counts.shape[1] - 1]
            if into is not None:
                result, columns = into
                result[:, columns] = np.where(np.isnan(mine), result[:, columns], mine)
            found.append(mine)
            at += len(counts)
        return found
