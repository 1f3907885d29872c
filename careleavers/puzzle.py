"""Which further figures have to be hidden so that hidden ones cannot be worked out: one puzzle at a time.

A puzzle is a set of cells that share people: measures of one subject and one authority whose ages and quarters overlap,
in the layers provisional, final and published. :mod:`careleavers.recovery` says what can be worked out; here is what
the cells have to do with one another, and the choice of what to hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import combinations, pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np

from careleavers.recovery import Flags, Numbers, Recovery

Span = tuple[int, int]
# One age range and one stretch of quarters that no figure of the puzzle divides further.
Place = tuple[Span, Span]
# Whose people are counted: ("count", indicator), ("base", name), what is left of a base ("rest", name) or of a whole
# ("beyond", indicator).
Who = tuple[str, str]

# An unknown (who, in which layer, where) and how often it counts in a sum.
Term = tuple[Who, str, Place, int]
Rule = list[Term]

# Answers by puzzle: an upload leaves most of an authority's puzzles as they are, and what was previewed is then accepted.
_SETTLED: dict[bytes, tuple[bytes, bytes]] = {}
_SETTLING = Lock()
_KEPT = 5_000

EVERYBODY: Span = (0, 10_000)
PUBLISHED = "published"


@dataclass(frozen=True)
class Ties:
    """What indicators have to do with one another.

    ``families``: indicator to all members of its family, which add to their shared denominator. ``units``: indicator to
    its unit. ``parts``: indicator to others that are counted within it and do not overlap.
    """

    families: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]

    def family(self, indicator: str) -> tuple[str, ...]:
        """All indicators whose counts add to the denominator; the indicator alone where they do not."""
        return self.families.get(indicator, (indicator,))

    def base(self, indicator: str) -> str:
        """What the denominator of an indicator is called."""
        return min(self.family(indicator))

    def subjects(self, indicators: Iterable[str]) -> dict[str, str]:
        """Indicator to the name of everything that its count is tied to: its family, its whole and its parts."""
        names = {indicator: self.base(indicator) for indicator in indicators}
        for whole, parts in self.parts.items():
            tied = {self.base(one) for one in (whole, *parts)} | {names[one] for one in (whole, *parts) if one in names}
            names = {one: min(tied) if name in tied else name for one, name in names.items()}
        return names


class Cell(NamedTuple):
    """One figure: whose it is, where it stands and the true counts (NaN where nobody knows)."""

    indicator: str
    base: str
    unit: str
    ages: Span
    quarters: Span
    layer: str
    n: float
    d: float


@dataclass
class _Quantity:
    """A number that viewers see or do not: one sum of unknowns, in one cell or in several that must agree."""

    who: Who
    layer: str
    places: frozenset[Place]
    value: float
    shown: bool
    cells: list[int] = field(default_factory=list)

    @property
    def order(self) -> tuple[bool, bool, float, str, str, list[Place]]:
        """The least harmful to hide first: counts before denominators, people before nobody, few before many."""
        return (
            self.who[0] == "base",
            not self.value > 0,
            self.value,
            self.who[1],
            self.layer,
            sorted(self.places),
        )


def same_people(cells: Sequence[Cell]) -> dict[str, str]:
    """Denominators by the first one that counts the same people: equal wherever both stand, and somewhere they do."""
    said: dict[str, dict[tuple[Span, Span, str], float]] = defaultdict(dict)
    for cell in cells:
        values = said[cell.base]
        if not np.isnan(cell.d):
            values.setdefault((cell.ages, cell.quarters, cell.layer), cell.d)
    people: dict[str, str] = {}
    for base, values in said.items():
        for first in dict.fromkeys(people.values()):
            both = values.keys() & said[first].keys()
            if both and all(values[at] == said[first][at] for at in both):
                people[base] = first
                said[first] |= values
                break
        people.setdefault(base, base)
    return people


def settle(cells: Sequence[Cell], n_hidden: Flags, d_hidden: Flags, ties: Ties, limit: int) -> tuple[Flags, Flags]:
    """For each cell, whether its count and whether its denominator must be hidden so that nothing hidden comes out.

    What comes in hidden stays hidden. What official figures give away by themselves is past protecting and is left.
    ``limit`` is the difference up to which the provisional and the final value of a cell are taken for the same people.
    """
    known = _digest(cells, n_hidden, d_hidden, ties, limit)
    with _SETTLING:
        found = _SETTLED.pop(known, None)
    if found is None:
        counts, bases = _Puzzle(cells, n_hidden, d_hidden, ties, limit).settled()
        found = counts.tobytes(), bases.tobytes()
    with _SETTLING:
        # The one asked for last stands last.
        _SETTLED[known] = found
        while len(_SETTLED) > _KEPT:
            del _SETTLED[next(iter(_SETTLED))]
    counts, bases = (np.frombuffer(flags, dtype=bool) for flags in found)
    return counts, bases


def _digest(cells: Sequence[Cell], n_hidden: Flags, d_hidden: Flags, ties: Ties, limit: int) -> bytes:
    """Tells puzzles apart: everything that the answer depends on, and no count of young people is kept with it."""
    indicators = {cell.indicator for cell in cells}
    about = (
        cells,
        {base: ties.family(base) for base in sorted({cell.base for cell in cells})},
        [(whole, parts) for whole, parts in sorted(ties.parts.items()) if indicators.intersection((whole, *parts))],
        limit,
    )
    return blake2b(repr(about).encode() + n_hidden.tobytes() + d_hidden.tobytes(), digest_size=16).digest()


class _Puzzle:
    def __init__(self, cells: Sequence[Cell], n_hidden: Flags, d_hidden: Flags, ties: Ties, limit: int) -> None:
        self.cells, self.ties, self.limit = cells, ties, limit
        self.ages = _undivided([cell.ages for cell in cells if cell.ages != EVERYBODY]) or [EVERYBODY]
        self.quarters = _undivided([cell.quarters for cell in cells])
        self.people = same_people(cells)
        self.unknowns: dict[tuple[Who, str, Place], int] = {}
        self.quantities: dict[tuple[Who, str, frozenset[Place]], _Quantity] = {}
        self.counts: list[_Quantity | None] = []
        self.bases: list[_Quantity | None] = []
        for at, cell in enumerate(cells):
            count, base = ("count", cell.indicator), ("base", self.people[cell.base])
            self.counts.append(self._quantity(at, cell, count, cell.n, bool(n_hidden[at])))
            self.bases.append(self._quantity(at, cell, base, cell.d, bool(d_hidden[at])))

    def _quantity(self, at: int, cell: Cell, who: Who, value: float, hidden: bool) -> _Quantity | None:
        if np.isnan(value) and not hidden:
            return None
        places = self._places(cell)
        for place in places:
            self.unknowns.setdefault((who, cell.layer, place), len(self.unknowns))
        found = self.quantities.setdefault(
            (who, cell.layer, places), _Quantity(who, cell.layer, places, value, not hidden)
        )
        found.shown &= not hidden
        found.value = value if np.isnan(found.value) else found.value
        found.cells.append(at)
        return found

    def _places(self, cell: Cell) -> frozenset[Place]:
        ages = [one for one in self.ages if cell.ages[0] <= one[0] and one[1] <= cell.ages[1]]
        quarters = [one for one in self.quarters if cell.quarters[0] <= one[0] and one[1] <= cell.quarters[1]]
        return frozenset((age, quarter) for age in ages for quarter in quarters)

    # ------------------------------------------------------------------ what is known without being shown

    def _rules(self) -> list[Rule]:
        """Sums that come to nothing: each whole less its parts."""
        counted: dict[str, set[str]] = defaultdict(set)
        stood: dict[str, set[tuple[str, Place]]] = defaultdict(set)
        for cell in self.cells:
            if cell.unit in ("percent", "per_10000"):
                counted[cell.base].add(cell.indicator)
                stood[cell.base] |= {(cell.layer, place) for place in self._places(cell)}
        rules: list[Rule] = []
        for base, members in counted.items():
            family = self.ties.family(base)
            rest = [] if len(family) > 1 and members >= set(family) else [("rest", base)]
            parts = [("count", one) for one in sorted(members)] + rest
            rules += [_whole(("base", self.people[base]), parts, *at) for at in sorted(stood[base])]
        present: dict[Who, set[tuple[str, Place]]] = defaultdict(set)
        for who, layer, place in self.unknowns:
            present[who].add((layer, place))
        for one, within in self.ties.parts.items():
            held = [("count", part) for part in within if ("count", part) in present]
            if held:
                rules += [_whole(("count", one), [*held, ("beyond", one)], *at) for at in sorted(present["count", one])]
        return rules

    def _links(self) -> list[Rule]:
        """The same people in two layers, unless what the layers say of them is clearly different.

        The provisional and the final value of one cell may differ by a few and still tell one from the other. An
        official figure that differs at all is another count.
        """
        if len({cell.layer for cell in self.cells}) == 1:
            return []
        said: dict[tuple[Who, str], dict[frozenset[Place], float]] = defaultdict(dict)
        for quantity in self.quantities.values():
            if not np.isnan(quantity.value):
                said[quantity.who, quantity.layer][quantity.places] = quantity.value
        for values in said.values():
            _add_differences(values)
        stood: dict[tuple[Who, Place], set[str]] = defaultdict(set)
        for who, layer, place in self.unknowns:
            stood[who, place].add(layer)
        links: list[Rule] = []
        for (who, place), layers in stood.items():
            for one, other in combinations(sorted(layers), 2):
                allowed = 0 if PUBLISHED in (one, other) else self.limit
                here, there = said[who, one], said[who, other]
                both = [places for places in here.keys() & there.keys() if place in places]
                nearest = min(both, key=lambda places: (len(places), sorted(places)), default=None)
                if nearest is None or abs(here[nearest] - there[nearest]) <= allowed:
                    links.append([(who, one, place, 1), (who, other, place, -1)])
        return links

    # ------------------------------------------------------------------ the choice

    def settled(self) -> tuple[Flags, Flags]:
        """See :func:`settle`."""
        listed = sorted(self.quantities.values(), key=lambda one: one.order)
        shown = np.array([one.shown for one in listed])
        ours = np.array([one.layer != PUBLISHED for one in listed])
        if not (shown & ours).any() or shown.all():
            return self._flags(listed, shown)
        rules, links = self._rules(), self._links()
        for who, layer, place, _ in (term for rule in rules for term in rule):
            self.unknowns.setdefault((who, layer, place), len(self.unknowns))
        sums = self._matrix([[(one.who, one.layer, place, 1) for place in one.places] for one in listed])
        values = np.array([one.value for one in listed])
        known, linked = self._matrix(rules), self._matrix(links)
        recovery = Recovery(sums, values, known, linked, shown)
        official = _Official(sums, values, known, linked, shown & ~ours, recovery.start)
        safe = shown | recovery.others(~shown)
        while not safe.all():
            found = int(np.argmin(safe))
            if official.tell(found):
                safe[found] = True
                continue
            differs, givers = recovery.other(found)
            safe |= differs
            if safe[found]:
                continue
            # The rows are listed with the least harmful first.
            ready = (int(one) for one in givers if shown[one] and ours[one] and not official.tell(int(one)))
            pick = next(ready, None)
            if pick is None:
                safe[found] = True
                continue
            for row in self._hidden_with(listed, pick):
                recovery.hide(row)
                shown[row] = safe[row] = False
        return self._flags(listed, shown)

    def _matrix(self, rules: Sequence[Rule]) -> Numbers:
        matrix = np.zeros((len(rules), len(self.unknowns)))
        for row, rule in enumerate(rules):
            for who, layer, place, sign in rule:
                matrix[row, self.unknowns[who, layer, place]] += sign
        return matrix

    def _hidden_with(self, listed: Sequence[_Quantity], pick: int) -> list[int]:
        """What goes when a quantity does: with a denominator the counts of its cells."""
        gone = {id(self.counts[at]) for at in listed[pick].cells} if listed[pick].who[0] == "base" else set()
        return [pick, *(row for row, one in enumerate(listed) if id(one) in gone)]

    def _flags(self, listed: list[_Quantity], shown: Flags) -> tuple[Flags, Flags]:
        n_hidden, d_hidden = np.zeros((2, len(self.cells)), dtype=bool)
        for one in (one for one, is_shown in zip(listed, shown, strict=True) if not is_shown):
            (d_hidden if one.who[0] == "base" else n_hidden)[one.cells] = True
        return n_hidden | d_hidden, d_hidden


class _Official:
    """What official figures tell by themselves: it can be neither protected nor used to protect."""

    def __init__(
        self, sums: Numbers, values: Numbers, rules: Numbers, links: Numbers, shown: Flags, start: Numbers
    ) -> None:
        self._args = sums, values, rules, links, shown, start
        self._open = np.zeros(len(values), dtype=bool)
        self._told: set[int] = set()

    @cached_property
    def _recovery(self) -> Recovery | None:
        """Made when something is asked: mostly nothing has to be."""
        if not self._args[4].any():
            return None
        made = Recovery(*self._args)
        self._open |= made.others(np.ones(len(self._open), dtype=bool))
        return made

    def tell(self, row: int) -> bool:
        """Whether a sum can be worked out from the official ones."""
        recovery = self._recovery
        if recovery is None or self._open[row]:
            return False
        if row not in self._told:
            differs, _ = recovery.other(row)
            self._open |= differs
            if differs.any():
                return False
            self._told.add(row)
        return True


def _whole(whole: Who, parts: Sequence[Who], layer: str, place: Place) -> Rule:
    return [(whole, layer, place, 1), *((part, layer, place, -1) for part in parts)]


def _undivided(spans: Iterable[Span]) -> list[Span]:
    """The stretches that none of the spans divides, within what they cover."""
    held = set(spans)
    edges = sorted({first for first, _ in held} | {last + 1 for _, last in held})
    pieces = [(first, after - 1) for first, after in pairwise(edges)]
    return [piece for piece in pieces if any(first <= piece[0] and piece[1] <= last for first, last in held)]


def _add_differences(values: dict[frozenset[Place], float]) -> None:
    """Add what one figure less another says: the year to date less that of the quarter before is a quarter."""
    by_size = sorted(values, key=lambda places: (len(places), sorted(places)))
    for small, large in combinations(by_size, 2):
        if small < large:
            values.setdefault(large - small, values[large] - values[small])
