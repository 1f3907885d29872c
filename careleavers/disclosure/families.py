"""How indicators are related: families that add up, wholes and their parts, and whose counts are the denominators of others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from careleavers.disclosure.rounding import Flags


@dataclass(frozen=True)
class Relations:
    """How the indicators of the catalogue are related to one another.

    Attributes
    ----------
    families
        Indicator to all members of its family, whose counts add up to the denominator they share.
    units
        Indicator to its unit: ``percent``, ``count``, ``ratio``, ``average``, ``per_10000`` or ``pounds``.
    parts
        Indicator to others that are counted within it and do not overlap.
    bases
        Indicators that count the people who are other indicators' denominator, such as all care leavers.
    """

    families: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]
    bases: frozenset[str] = frozenset()

    def family(self, indicator: str) -> tuple[str, ...]:
        """The indicators that add up to a shared denominator.

        Parameters
        ----------
        indicator
            Its id.

        Returns
        -------
        tuple of str
            All members of the family; the indicator alone where it has none.
        """
        return self.families.get(indicator, (indicator,))

    def subjects(self, indicators: Iterable[str]) -> dict[str, str]:
        """Group indicators whose counts constrain each other.

        Parameters
        ----------
        indicators
            The indicators of an upload.

        Returns
        -------
        dict
            Indicator to the name of its subject: one name for a family, its wholes and its parts.
        """
        names = {indicator: min(self.family(indicator)) for indicator in indicators}
        for whole, parts in self.parts.items():
            tied = {min(self.family(one)) for one in (whole, *parts)} | {
                names[one] for one in (whole, *parts) if one in names
            }
            names = {one: min(tied) if name in tied else name for one, name in names.items()}
        return names


def parts_by_column(relations: Relations, names: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Where wholes and their parts stand among the columns of a matrix of counts.

    Parameters
    ----------
    relations
        How the indicators are related.
    names
        The indicator of each column.

    Returns
    -------
    list of tuple
        The column of a whole and those of its parts, for each whole that has both, in the catalogue's order.
    """
    column = {name: at for at, name in enumerate(names)}
    return [
        (column[whole], within)
        for whole, parts in relations.parts.items()
        if whole in column and (within := [column[part] for part in parts if part in column])
    ]


def complete_families(relations: Relations, names: Sequence[str], known: Flags) -> Flags:
    """Whether some family of several members is known in full, for each piece.

    Parameters
    ----------
    relations
        Which indicators make up a family.
    names
        The indicator of each column.
    known
        Which counts are known: a row per piece, a column per indicator.

    Returns
    -------
    array of bool
        One for each row of ``known``.
    """
    complete = np.zeros(len(known), dtype=bool)
    for family in {relations.family(name) for name in names}:
        if len(family) > 1 and set(family) <= set(names):
            complete |= known[:, [names.index(one) for one in family]].all(axis=1)
    return complete
