"""Whether a hidden count can be worked out from the sums that are shown.

Everything is a sum of unknowns: whole numbers of people, none below 0, one for each measure, age and quarter that the
figures tell apart. Whoever looks is taken to know, too, that a hidden count is not 0 where it is not, because hiding
begins at 1. A hidden sum is safe when another set of unknowns gives exactly what is shown and another hidden sum: nobody,
however clever, can then tell which of the two is true.
"""

from __future__ import annotations

import highspy
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_NOUGHT = 1e-6
# In the search for unknowns that fit the figures, a misfit with a figure counts this much more than one with a link.
_FIGURE_WEIGHT = 1000.0
# More people than any figure counts: an end for what nothing shown limits.
_LARGEST = 1e7
# With so many sums to look into, possibilities that change many of them at once are looked for first.
_MANY = 3
# What HiGHS calls the simplex that goes from possibility to possibility.
_PRIMAL = 4
_GOLDEN = 0.6180339887498949


class Recovery:
    """What somebody can work out who sees some of the sums.

    ``sums`` holds one row for each sum and one column for each unknown, ``values`` the true values (NaN where nobody
    knows). ``rules`` and ``links`` are sums that come to 0; a rule holds within what was counted, a link is an
    assumption (that two counts are of the same people). ``shown`` says which of the sums are seen; :meth:`hide` takes
    away more. Figures that contradict each other (parts that do not add up) have no unknowns that fit: then the nearest
    are taken, and the misfits are treated as if everybody knew them.
    """

    def __init__(
        self,
        sums: Numbers,
        values: Numbers,
        rules: Numbers,
        links: Numbers,
        shown: Flags,
        start: Numbers | None = None,
    ) -> None:
        self.sums = sums
        # What fits does not depend on what is shown: whoever looks at the same figures twice may hand it on.
        self.start = _starting_point(sums, values, rules, links) if start is None else start
        self._first = len(rules) + len(links)
        matrix = np.vstack([rules, links, sums])
        held = matrix @ self.start
        self._matrix, self._low, self._high = matrix, held, held.copy()
        for row in np.flatnonzero(~shown).tolist():
            self._free(row)
        self._solver = _solver(matrix, self._low, self._high)

    def hide(self, row: int) -> None:
        """Take a sum away from what is seen."""
        at = self._free(row)
        self._solver.changeRowBounds(at, self._low[at], self._high[at])

    def _free(self, row: int) -> int:
        at = self._first + row
        self._low[at], self._high[at] = min(self._low[at], 1.0), highspy.kHighsInf
        return at

    def others(self, wanted: Flags) -> Flags:
        """Sums that have another value in some possibility: cheaply, and so not all of them; ``wanted`` are looked for.

        A mixture of them, each weighing something else, is least where many of them are not what they are in truth.
        """
        found = np.zeros(len(wanted), dtype=bool)
        weights = 0.5 + (np.arange(len(wanted)) * _GOLDEN) % 1
        while (left := wanted & ~found).sum() >= _MANY:
            before = (found & wanted).sum()
            for sign in (1.0, -1.0):
                best = _least(self._solver, (sign * weights * left) @ self.sums)
                if best is not None and np.abs(best[0] - np.rint(best[0])).max() <= _NOUGHT:
                    found |= np.abs(self.sums @ (best[0] - self.start)) > 0.5
            if (found & wanted).sum() <= before:
                break
            # What is left is mixed in another way.
            weights = np.where(np.arange(len(wanted)) % 2, weights, -weights)
        return found

    def other(self, row: int) -> tuple[Flags, Places]:
        """Another possibility, if there is one, in which the sum ``row`` has another value than in truth.

        Gives which sums have another value in it (none where ``row`` can be worked out), and the sums from which its
        least and its greatest value follow.
        """
        givers: set[int] = set()
        for sign in (1.0, -1.0):
            found = _least(self._solver, sign * self.sums[row])
            if found is None:
                continue
            unknowns, weights = found
            # Less than one person away is no other whole number.
            if abs(float(self.sums[row] @ (unknowns - self.start))) > 1 - _NOUGHT:
                if np.abs(unknowns - np.rint(unknowns)).max() > _NOUGHT:
                    whole = _least(_solver(self._matrix, self._low, self._high, whole=True), sign * self.sums[row])
                    unknowns = self.start if whole is None else whole[0]
                differs = np.abs(self.sums @ (unknowns - self.start)) > 0.5
                if differs[row]:
                    return differs, np.array([], dtype=np.intp)
            givers.update(np.flatnonzero(np.abs(weights[self._first :]) > _NOUGHT).tolist())
        return np.zeros(len(self.sums), dtype=bool), np.array(sorted(givers), dtype=np.intp)


def _starting_point(sums: Numbers, values: Numbers, rules: Numbers, links: Numbers) -> Numbers:
    """Unknowns that give the true values, or the nearest."""
    held = ~np.isnan(values)
    exact = np.vstack([sums[held], rules])
    wanted = np.append(values[held], np.zeros(len(rules)))
    matrix, target = np.vstack([exact, links]), np.append(wanted, np.zeros(len(links)))
    for some, result in ((matrix, target), (exact, wanted)):
        found = _substituted(some, result)
        if found is not None:
            return found
    # Each row may miss its target, above or below, at a cost.
    weights = np.where(np.arange(len(matrix)) < len(exact), _FIGURE_WEIGHT, 1.0)
    slack = np.eye(len(matrix))
    cost = np.concatenate([np.zeros(matrix.shape[1]), weights, weights])
    for whole in (False, True):
        best = _least(_solver(np.hstack([matrix, slack, -slack]), target, target, whole=whole), cost)
        unknowns = np.zeros(matrix.shape[1]) if best is None else best[0][: matrix.shape[1]]
        if np.abs(unknowns - np.rint(unknowns)).max() < _NOUGHT:
            break
    return np.rint(unknowns)


def _substituted(matrix: Numbers, target: Numbers) -> Numbers | None:
    """Whole, non-negative unknowns by solving one row after another that has one unknown left; None if that fails."""
    found = np.full(matrix.shape[1], np.nan)
    used = matrix != 0
    while np.isnan(found).any():
        left = used & np.isnan(found)
        ready = np.flatnonzero(left.sum(axis=1) == 1)
        if not len(ready):
            return None
        column = left[ready].argmax(axis=1)
        rest = target[ready] - matrix[ready] @ np.nan_to_num(found)
        found[column] = rest / matrix[ready, column]
    whole: Numbers = np.rint(found)
    fits = np.abs(matrix @ whole - target).max(initial=0) < _NOUGHT
    return whole if fits and whole.min(initial=0) >= 0 else None


def _solver(matrix: Numbers, low: Numbers, high: Numbers, *, whole: bool = False) -> highspy.Highs:
    """A model of unknowns of at least 0 whose sums lie between ``low`` and ``high``."""
    rows, columns = matrix.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_, model.col_lower_ = np.zeros(columns), np.zeros(columns)
    model.col_upper_ = np.full(columns, _LARGEST)
    model.row_lower_, model.row_upper_ = low, high
    at_row, at_column = np.nonzero(matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.searchsorted(at_row, np.arange(rows + 1)).astype(np.int32)
    model.a_matrix_.index_ = at_column.astype(np.int32)
    model.a_matrix_.value_ = matrix[at_row, at_column]
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    # The unknowns of the last question are possible for the next one as well: only what is asked for has changed.
    solver.setOptionValue("simplex_strategy", _PRIMAL)
    solver.passModel(model)
    return solver


def _least(solver: highspy.Highs, cost: Numbers) -> tuple[Numbers, Numbers] | None:
    """The unknowns at which ``cost`` is least, and how much each sum weighs in that; None if there are none."""
    solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)
