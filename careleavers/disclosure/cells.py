"""Figures as numbered cells: whose they are, what they count, and which ages and quarters they cover."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from careleavers.disclosure.families import Relations
from careleavers.disclosure.rounding import Places

# Of several figures of the same people the one with the lowest number counts.
PRECEDENCE = {"final": 0, "provisional": 1, "official": 2}
_AGES = re.compile(r"(\d+)(?:-(\d+))?")
# How many quarters before its last one a figure covers; the year to date begins in April.
_QUARTERS_BEFORE = {"rolling_12m": 3, "full_year": 3}


@dataclass
class Cells:
    """Figures as numbers, one element per figure.

    A **span** is a set of ages and quarters. It is an integer whose bits are single ages in single quarters, so that two
    spans overlap where ``a & b`` is not 0, and one lies within the other where ``a & b == a``.

    Attributes
    ----------
    authority
        Number of the authority; figures of days (snapshots) are kept apart from those of periods.
    subject
        Number of the group of indicators that constrain each other (:meth:`Relations.subjects`).
    base
        Number of the family, whose members share a denominator.
    indicator
        Place of the indicator in ``indicators``.
    span
        Place of the ages and quarters that it covers in ``masks``.
    precedence
        0 final, 1 provisional, 2 official: of several figures of the same thing the lowest counts.
    indicators
        The ids of the indicators, in order.
    masks
        The spans as bits.
    ages
        The bits of the ages of each span, in one quarter.
    """

    authority: Places
    subject: Places
    base: Places
    indicator: Places
    span: Places
    precedence: Places
    indicators: list[str]
    masks: list[int]
    ages: list[int]


def cells_of(figures: pd.DataFrame, relations: Relations) -> Cells:
    """Number the figures by what they are of.

    Parameters
    ----------
    figures
        Columns ``indicator``, ``area_code``, ``age_group``, ``period_end``, ``basis`` and ``layer``.
    relations
        How the indicators are related.

    Returns
    -------
    Cells
        One element per row of ``figures``, in the same order.
    """
    indicator, indicators = pd.factorize(figures["indicator"], sort=True)
    area, _ = pd.factorize(figures["area_code"])
    basis, bases = pd.factorize(figures["basis"])
    group, groups = pd.factorize(figures["age_group"])
    day = pd.DatetimeIndex(pd.to_datetime(figures["period_end"]))
    end = np.asarray(day.year * 4 + (day.month - 1) // 3, dtype=np.int64)
    before = np.array([_QUARTERS_BEFORE.get(name, 0) for name in bases], dtype=np.int64)[basis]
    before = np.where(np.array([name == "year_to_date" for name in bases], dtype=bool)[basis], (end - 1) % 4, before)
    subjects = relations.subjects(indicators)
    subject, _ = pd.factorize(np.array([subjects[one] for one in indicators], dtype=object))
    base, _ = pd.factorize(np.array([min(relations.family(one)) for one in indicators], dtype=object))
    authority = number_groups(area, np.array([name == "snapshot" for name in bases], dtype=bool)[basis])
    named = [age_range(name) for name in groups]
    edges = sorted({edge for span in named if span for edge in (span[0], span[1] + 1)})
    bits = [
        sum(1 << at for at, edge in enumerate(edges[:-1]) if span[0] <= edge <= span[1]) if span else 0
        for span in named
    ]
    ages = np.array(bits, dtype=np.int64)[group]
    # A group that names no ages is everybody that the indicator counts, including people of ages that no group names.
    of_subject = number_groups(authority, subject[indicator])
    everybody = np.zeros(int(of_subject.max(initial=-1)) + 1, dtype=np.int64)
    np.bitwise_or.at(everybody, of_subject, ages)
    everybody |= 1 << len(edges)
    ages, start = np.where(ages == 0, everybody[of_subject], ages), end - before
    _spans, first_of = np.unique(span := number_groups(ages, start, end), return_index=True)
    pieces, origin = len(edges) + 1, int(start.min()) if len(start) else 0
    masks = [
        sum(int(ages[at]) << (quarter - origin) * pieces for quarter in range(int(start[at]), int(end[at]) + 1))
        for at in first_of.tolist()
    ]
    return Cells(
        authority=authority,
        subject=subject[indicator],
        base=base[indicator],
        indicator=indicator.astype(np.int64),
        span=span,
        precedence=np.asarray(figures["layer"].map(PRECEDENCE).fillna(1), dtype=np.int64),
        indicators=[str(one) for one in indicators],
        masks=masks,
        ages=ages[first_of].tolist(),
    )


def age_range(age_group: str) -> tuple[int, int] | None:
    """Read an age group.

    Parameters
    ----------
    age_group
        Such as ``19-21`` or ``18``.

    Returns
    -------
    tuple of int, or None
        The first and the last age; None for a label that names no ages.
    """
    found = _AGES.fullmatch(age_group)
    return (int(found[1]), int(found[2] or found[1])) if found else None


def number_groups(*columns: NDArray[Any]) -> Places:
    """Number each distinct combination of values that some columns hold in a row, from 0, in order of first appearance.

    Parameters
    ----------
    *columns
        Arrays of one length, at least one; an element of each makes up a row.

    Returns
    -------
    Places
        For each row the number of its combination.
    """
    which = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, names = pd.factorize(column)
        which = pd.factorize(which * (len(names) + 1) + codes)[0].astype(np.int64)
    return which


def split_by(values: Places, by: NDArray[Any]) -> list[Places]:
    """Split values wherever neighbouring elements of another array differ.

    Parameters
    ----------
    values
        What is split.
    by
        An element for each value.

    Returns
    -------
    list of array
        The runs, in order; none of no values.
    """
    return np.split(values, np.flatnonzero(by[1:] != by[:-1]) + 1) if len(values) else []
