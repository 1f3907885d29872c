"""The young people that others are counted among, as they are shown: one number for the same people everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from careleavers.disclosure.cells import PRECEDENCE, Cells, number_groups, split_by
from careleavers.disclosure.rounding import Numbers, fit_rows, nearest
from careleavers.disclosure.spans import decompose, shown_of_span

# How often figures that contradict others are tried again as figures of other people; what is left then is hidden.
ROUNDS = 20
# (Place of a figure, span, true number) to the number that is shown of the people in that span.
Totals = Callable[[int, int, float], float]


def shown_people(cells: Cells, people: Numbers, step: int) -> tuple[Numbers, Totals]:
    """Round the people among whom others are counted.

    Indicators whose people agree wherever both are known are of the same people, and share pieces: the same people have
    the same number whatever is counted among them.

    Parameters
    ----------
    cells
        The figures.
    people
        How many people each figure is counted among; NaN where that is not known or not shown.
    step
        Counts are shown as multiples of this.

    Returns
    -------
    shown : array of float
        The people of each figure as shown; NaN where they are not known, or contradict all others.
    total : callable
        What is shown of the people of another span of the same figures.
    """
    entry = number_groups(cells.authority, cells.base, cells.span, people)
    order = np.lexsort((people, cells.precedence, cells.span, cells.base, cells.authority))
    order = order[~np.isnan(people[order])]
    firsts = order[np.sort(np.unique(entry[order], return_index=True)[1])]
    shown = np.full(int(entry.max(initial=-1)) + 1, np.nan)
    public = np.zeros(len(shown), dtype=bool)
    public[entry[cells.precedence == PRECEDENCE["official"]]] = True
    sets: dict[int, dict[int, tuple[float, float]]] = {}
    for some in split_by(firsts, cells.authority[firsts]):
        left = some.tolist()
        for _ in range(ROUNDS):
            if not left:
                break
            groups: list[dict[int, list[int]]] = []
            again: list[int] = []
            for held in split_by(np.array(left), cells.base[left]):
                mine: dict[int, int] = {}
                for at in held.tolist():
                    if people[mine.setdefault(cells.masks[cells.span[at]], at)] != people[at]:
                        again.append(at)
                if public[entry[[*mine.values()]]].any():
                    # An official figure may be of other people, and then says nothing about these.
                    fits = decompose(list(mine), np.array([[people[at]] for at in mine.values()])).kept
                    other = [
                        span
                        for place, (span, at) in enumerate(mine.items())
                        if place not in fits and cells.precedence[at] == PRECEDENCE["official"] and len(mine) > 1
                    ]
                    again += [mine.pop(span) for span in other]
                group = next((group for group in groups if _are_same_people(cells, people, group, mine)), None)
                if group is None:
                    groups.append(group := {})
                for span, at in mine.items():
                    group.setdefault(span, []).append(at)
            for group in groups:
                spans = list(group)
                apart = decompose(spans, np.array([[people[group[span][0]]] for span in spans]))
                numbers = apart.counts[:, 0]
                rounded = nearest(numbers, step)
                for place, uses in zip(apart.kept, apart.uses, strict=True):
                    if uses.sum() > 1 and any(public[entry[at]] for at in group[spans[place]]):
                        # From an exact official number somebody could tell that all pieces were rounded down, and by how much.
                        rounded[uses] = fit_rows(
                            numbers[None, uses], nearest(numbers[uses].sum(keepdims=True), step), step
                        )[0]
                found = {
                    piece: (true, seen)
                    for piece, true, seen in zip(apart.pieces, numbers.tolist(), rounded.tolist(), strict=True)
                }
                for place, number in zip(apart.kept, apart.uses @ rounded, strict=True):
                    for at in group[spans[place]]:
                        shown[entry[at]], sets[int(entry[at])] = number, found
                again += [at for place in set(range(len(spans))) - set(apart.kept) for at in group[spans[place]]]
            at_first = {at: place for place, at in enumerate(left)}
            left = sorted(again, key=at_first.__getitem__)

    def total(at: int, span: int, number: float) -> float:
        if int(entry[at]) not in sets:
            return np.nan
        of_pieces = shown_of_span(span, number, sets[int(entry[at])])
        return float(nearest(np.array(number), step)) if np.isnan(of_pieces) else of_pieces

    return np.where(np.isnan(people), np.nan, shown[entry]), total


def _are_same_people(cells: Cells, people: Numbers, group: Mapping[int, list[int]], mine: Mapping[int, int]) -> bool:
    """Whether figures (by span) may be of the people of a group: of the same ages, and nowhere of another number."""
    if any(people[group[span][0]] != people[at] for span, at in mine.items() if span in group):
        return False
    if mine.keys() <= group.keys():
        return True
    theirs, ours = (
        {cells.ages[cells.span[at]] for at in some} for some in ((one[0] for one in group.values()), mine.values())
    )
    if not (theirs <= ours or ours <= theirs):
        return False
    both = {span: people[at] for span, at in mine.items()} | {span: people[some[0]] for span, some in group.items()}
    return len(decompose(list(both), np.array(list(both.values()))[:, None]).kept) == len(both)
