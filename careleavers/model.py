"""The nouns that every layer shares: an indicator of the catalogue, an authority, and what it is compared with.

This is the lowest layer: it imports nothing of the package. The figures are read into these by
:func:`careleavers.figures.catalogue.from_rows` (indicators), :mod:`careleavers.importer.areas` (authorities of published files)
and :mod:`careleavers.intake.reference` (authorities that an upload may name).

Example::

    leeds = Authority("E08000035", "Leeds", "383", opened=dt.date(1974, 4, 1))
    leeds.existed(dt.date(2025, 3, 31))  # True
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

# The comparator chosen on the pages.
Against = Literal["neighbours", "region", "england"]

# The words stand in the address bar, so changing one breaks the links people have kept.
AGAINST: Mapping[str, str] = {
    "neighbours": "Statistical neighbours",
    "region": "Region",
    "england": "England",
}
ENGLAND_CODE = "E92000001"
# Of the official figures, and of what is made from them here.
LICENCE_NAME = "Open Government Licence v3.0"
ATTRIBUTION = f"Contains public sector information licensed under the {LICENCE_NAME}."
# The themes of the catalogue and their names, in the order of every list of measures.
THEMES = {"outcome": "Outcomes", "enabler": "Services behind them", "context": "Context"}


def counts_are_fractional(numerator_counts: str, denominator_counts: str, unit: str) -> bool:
    """Whether an indicator's counts need not be whole numbers: staff are counted in full-time equivalents, money in pence.

    Parameters
    ----------
    numerator_counts, denominator_counts
        What each counts, as the catalogue says it.
    unit
        ``percent``, ``per_10000``, ``ratio``, ``pounds`` or ``count``.

    Returns
    -------
    bool
        True for an average (``ratio``), for ``pounds`` and wherever the catalogue speaks of full-time equivalents.
    """
    return unit in {"ratio", "pounds"} or "full-time equivalent" in f"{numerator_counts} {denominator_counts}"


def plain_name(name: str) -> str:
    """The name of an authority without the year that tells an abolished one from a later one: ``Dorset``.

    Parameters
    ----------
    name
        As the figures have it: ``Dorset (to 2019)``.

    Returns
    -------
    str
    """
    return re.sub(r" \(to \d{4}\)$", "", name)


@dataclass(frozen=True)
class Indicator:
    """One row of the catalogue (``data/indicators.csv``), with its age groups in order.

    Attributes
    ----------
    id, title, short_title
        How it is named: ``eet``, in full, and in a table.
    phrase
        A clause with ``{value}`` where the figure goes.
    theme, sub_theme
        ``outcome``, ``enabler`` or ``context``, and the group within it.
    family
        The indicators that share its denominator.
    unit
        ``percent``, ``per_10000``, ``ratio``, ``pounds`` or ``count``.
    polarity
        ``high`` (higher is better), ``low`` or ``neutral``.
    decimals
        How many are shown.
    headline
        Whether it is one of the figures at a glance.
    tested
        Whether it has Wilson intervals, and so verdicts.
    target
        Whether a council may set a target for it.
    age_groups
        Those it is published for: ``17-18``, ``19-21``, ``all``.
    numerator_counts, denominator_counts, caveats, source
        As in the catalogue.
    held
        Whether any figure of it is held.
    total
        It is how many there are in all, or how much, so an authority's is never compared with a wider area's.
    everyday
        What it is called every day, apart from its titles.
    not_known_phrase
        How the people whose answer is not known are worded; "" where the figure leaves nobody unknown.
    """

    id: str
    title: str
    short_title: str
    phrase: str
    theme: str
    sub_theme: str
    family: str
    unit: str
    polarity: str
    decimals: int
    headline: bool
    tested: bool
    age_groups: tuple[str, ...]
    numerator_counts: str
    denominator_counts: str
    caveats: str
    source: str
    everyday: tuple[str, ...] = ()
    held: bool = True
    not_known_phrase: str = ""
    total: bool = False
    target: bool = True

    @property
    def fractional(self) -> bool:
        """Whether its counts need not be whole: see :func:`counts_are_fractional`."""
        return counts_are_fractional(self.numerator_counts, self.denominator_counts, self.unit)


class CodeSpell(NamedTuple):
    """The days on which an authority had one GSS code.

    Attributes
    ----------
    code
        The code.
    opened, closed
        The first and the last of the days; ``closed`` is None for the code of today.
    """

    code: str
    opened: dt.date
    closed: dt.date | None


@dataclass(frozen=True, eq=False)
class Authority:
    """One authority as one series, however often its GSS code changed. Two are the same only if they are one object.

    Attributes
    ----------
    code, department_code
        The newest GSS code, and the department's three-digit code, which stays.
    name
        An abolished authority's has the year it ended in: ``Dorset (to 2019)``.
    opened, closed
        The first and last day of the series; ``closed`` is None while it exists.
    region_code
        Its region, by GSS code.
    codes
        Each GSS code it has had, oldest first; () where nobody asked for them.
    successors, predecessors
        Names of the authorities that came after it and before it.
    """

    code: str
    name: str
    department_code: str
    opened: dt.date
    closed: dt.date | None = None
    region_code: str = ""
    codes: tuple[CodeSpell, ...] = ()
    successors: tuple[str, ...] = ()
    predecessors: tuple[str, ...] = ()

    def existed(self, day: dt.date) -> bool:
        """Whether it existed on a day, its first and last included.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        bool
        """
        return self.opened <= day and (self.closed is None or day <= self.closed)

    @property
    def plain_name(self) -> str:
        """Its name without the year that tells an abolished authority from a later one: ``Dorset``."""
        return plain_name(self.name)
