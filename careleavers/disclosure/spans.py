"""What adds up over time and ages: overlapping spans taken apart into pieces that can be rounded once each.

The first quarter and the year to date give away the second quarter. So the rounding is done on the pieces that anybody can
work out from the figures of a subject, and a figure is shown as the sum of its pieces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

import numpy as np

from careleavers.disclosure.rounding import TOLERANCE, Flags, Numbers, Places


@dataclass
class Decomposition:
    """Spans that agree with each other, taken apart into pieces.

    Attributes
    ----------
    kept
        The places of the spans that agree.
    pieces
        The pieces, as bits, which do not overlap with each other unless nobody knows what they have in common.
    uses
        Which pieces make up each span: a row per kept span, a column per piece.
    counts
        The counts of the pieces: a row per piece, a column per count.
    """

    kept: list[int]
    pieces: tuple[int, ...]
    uses: Flags
    counts: Numbers


def decompose(spans: Sequence[int], counts: Numbers) -> Decomposition:
    """Take spans apart.

    Parameters
    ----------
    spans
        Ages and quarters as bits (:class:`careleavers.disclosure.cells.Cells`), each once.
    counts
        A row per span and a column per count; NaN where it is not known.

    Returns
    -------
    Decomposition
        Without the spans whose count contradicts that of smaller ones, such as a year to date that falls.
    """
    if sum(span.bit_count() for span in spans) == reduce(or_, spans).bit_count():
        return Decomposition(list(range(len(spans))), tuple(spans), np.eye(len(spans), dtype=bool), counts)
    plan = _plan(tuple(spans))
    made = np.empty((len(plan.pieces), counts.shape[1]))
    contradicting: list[tuple[int, int]] = []
    for shape in plan.shapes:
        of_pieces, first = _counts_of_pieces(shape.key, counts[shape.spans])
        made[shape.pieces] = of_pieces
        bad = np.flatnonzero(first < len(shape.key))
        contradicting += zip(shape.chains[bad].tolist(), first[bad].tolist(), strict=True)
    if not contradicting:
        return Decomposition(plan.kept, plan.pieces, plan.all_uses, made)
    return _joined(plan, _without_contradictions(plan, contradicting, spans, counts), made)


@dataclass
class _Shape:
    """Chains of spans that are the same but for the quarter in which they begin, such as each year of quarters with its total.

    ``key`` is the spans, shifted to begin at the first bit. ``chains`` are the numbers of the chains; ``spans`` and ``pieces`` have the
    places of the spans and of the pieces of each, a row per chain.
    """

    key: tuple[int, ...]
    chains: Places
    spans: Places
    pieces: Places


@dataclass
class _Plan:
    """All about spans that does not depend on their counts; ``kept``, ``pieces`` and ``all_uses`` if no count contradicts another.

    ``chains`` has the spans of each chain, smallest first, and ``pieces_of`` the places of its pieces.
    """

    shapes: list[_Shape]
    chains: list[list[int]]
    pieces_of: list[range]
    kept: list[int]
    pieces: tuple[int, ...]
    all_uses: Flags


# The same spans are taken apart for each authority and subject. Plans of many spans are large: a thousand take some megabytes.
@lru_cache(maxsize=1024)
def _plan(spans: tuple[int, ...]) -> _Plan:
    """Work out what spans overlap and which pieces they have."""
    begins = [(span & -span).bit_length() - 1 for span in spans]
    chains = [sorted(chain, key=lambda at: (spans[at].bit_count(), spans[at])) for chain in _overlapping_chains(spans)]
    alike: dict[tuple[int, ...], list[int]] = {}
    pieces: list[int] = []
    pieces_of = []
    uses_of = []
    for number, chain in enumerate(chains):
        low = min(begins[at] for at in chain)
        key = tuple(spans[at] >> low for at in chain)
        alike.setdefault(key, []).append(number)
        found, _, uses = _pieces(key)
        pieces_of.append(range(len(pieces), len(pieces) + len(found)))
        pieces += [piece << low for piece in found]
        uses_of.append(uses)
    shapes = []
    for key, numbers in alike.items():
        shapes.append(
            _Shape(
                key,
                np.array(numbers),
                np.array([chains[number] for number in numbers]),
                np.array([list(pieces_of[number]) for number in numbers]),
            )
        )
    kept = [at for chain in chains for at in chain]
    return _Plan(shapes, chains, pieces_of, kept, tuple(pieces), _diagonal(uses_of))


def _diagonal(blocks: Sequence[Flags]) -> Flags:
    """Matrices along the diagonal of a larger one."""
    whole = np.zeros((sum(len(block) for block in blocks), sum(block.shape[1] for block in blocks)), dtype=bool)
    row = column = 0
    for block in blocks:
        rows, columns = block.shape
        whole[row : row + rows, column : column + columns] = block
        row, column = row + rows, column + columns
    return whole


def _without_contradictions(
    plan: _Plan, contradicting: Sequence[tuple[int, int]], spans: Sequence[int], counts: Numbers
) -> dict[int, Decomposition]:
    """Chains whose counts contradict each other, taken apart without what contradicts: one span after another is left out.

    ``contradicting`` has the number of each chain and the place in it of the span that is left out first. Chains of the same shape
    are taken apart together.
    """
    found: dict[int, Decomposition] = {}
    todo = [
        (number, [at for place, at in enumerate(plan.chains[number]) if place != left])
        for number, left in contradicting
    ]
    while todo:
        alike: dict[tuple[int, ...], list[tuple[int, list[int], int]]] = {}
        for number, kept in todo:
            low = min((spans[at] & -spans[at]).bit_length() - 1 for at in kept)
            alike.setdefault(tuple(spans[at] >> low for at in kept), []).append((number, kept, low))
        todo = []
        for key, some in alike.items():
            pieces, _, uses = _pieces(key)
            made, first = _counts_of_pieces(key, counts[[kept for _, kept, _ in some]])
            for (number, kept, low), mine, left in zip(some, made, first.tolist(), strict=True):
                if left < len(key):
                    todo.append((number, [at for place, at in enumerate(kept) if place != left]))
                else:
                    found[number] = Decomposition(kept, tuple(piece << low for piece in pieces), uses, mine)
    return found


def _joined(plan: _Plan, apart: Mapping[int, Decomposition], made: Numbers) -> Decomposition:
    """The chains of a plan with the counts of their pieces, some of them replaced."""
    kept: list[int] = []
    pieces: list[int] = []
    uses_of, parts = [], []
    row = 0
    for number, chain in enumerate(plan.chains):
        of = plan.pieces_of[number]
        if number in apart:
            kept += apart[number].kept
            pieces += apart[number].pieces
            uses_of.append(apart[number].uses)
            parts.append(apart[number].counts)
        else:
            kept += chain
            pieces += plan.pieces[of.start : of.stop]
            uses_of.append(plan.all_uses[row : row + len(chain), of.start : of.stop])
            parts.append(made[of.start : of.stop])
        row += len(chain)
    return Decomposition(kept, tuple(pieces), _diagonal(uses_of), np.vstack(parts))


@lru_cache(maxsize=4096)
def _pieces(spans: tuple[int, ...]) -> tuple[tuple[int, ...], Numbers, Flags]:
    """The pieces that spans tell apart, such as the second quarter from the first and the year to date.

    Gives the pieces, how each is worked out from the spans (a row per piece), and which of them make up each span (a row per
    span). Spans that overlap by an unknown amount are pieces themselves.
    """
    found: dict[int, Numbers] = {}
    made_of: dict[int, list[int]] = {}
    todo = sorted(zip(spans, np.eye(len(spans)), strict=True), key=lambda one: (one[0].bit_count(), one[0]))
    while todo:
        span, sum_of = todo.pop(0)
        rest, within = span, []
        for piece in sorted(found, key=lambda one: (one.bit_count(), one)):
            if piece & rest == piece:
                rest ^= piece
                sum_of = sum_of - found[piece]
                within.append(piece)
        if rest:
            within.append(rest)
            larger = [one for one in found if one & rest == rest]
            found[rest] = sum_of
            todo += [(one, found.pop(one)) for one in larger]
        if within != [span]:
            made_of[span] = within

    def pieces_of(span: int) -> list[int]:
        return [span] if span not in made_of else [piece for one in made_of[span] for piece in pieces_of(one)]

    order = list(found)
    uses = np.array([[piece in pieces_of(span) for piece in order] for span in spans], dtype=bool)
    return tuple(order), np.array([found[piece] for piece in order]).reshape(len(order), len(spans)), uses


def _overlapping_chains(spans: Sequence[int]) -> list[list[int]]:
    """The places of the spans, in chains in which each overlaps with another one."""
    closed: list[list[int]] = []
    chains: list[tuple[int, list[int]]] = []
    for at in sorted(range(len(spans)), key=lambda at: spans[at] & -spans[at]):
        span, met, apart = spans[at], [at], []
        for covered, chain in chains:
            if covered & span:
                span, met = span | covered, chain + met
            elif covered.bit_length() < (spans[at] & -spans[at]).bit_length():
                closed.append(chain)
            else:
                apart.append((covered, chain))
        chains = [*apart, (span, met)]
    return closed + [chain for _, chain in chains]


def _counts_of_pieces(key: tuple[int, ...], counts: Numbers) -> tuple[Numbers, Places]:
    """The counts of the pieces of several chains of one shape, and the span to leave out first.

    ``counts`` has the axes chain, span and count. A span is left out if it is more or less than its pieces, or the larger one of a
    piece that is less than nothing, such as a year to date that falls; the number of spans stands for none.
    """
    _, sum_of, uses = _pieces(key)
    missing = np.isnan(counts)
    filled = np.where(missing, 0.0, counts)
    unknown = (np.abs(sum_of) @ missing) > 0
    made = sum_of @ filled
    known = ~(uses @ unknown)
    off = np.abs(np.where(known, uses @ np.where(unknown, 0.0, made) - filled, 0)) > TOLERANCE
    made = np.where(unknown, np.nan, made)
    contradicts: Flags = np.any(off & ~missing, axis=2)
    first = np.where(contradicts.any(axis=1), contradicts.argmax(axis=1), len(key))
    negative: Flags = np.any(made < -TOLERANCE, axis=2)
    if negative.any():
        largest = np.array([int(np.flatnonzero(row > 0).max()) for row in sum_of])
        first = np.minimum(first, np.where(negative, largest, len(key)).min(axis=1))
    return made, first


def shown_of_span(span: int, number: float, pieces: Mapping[int, tuple[float, float]]) -> float:
    """What is shown of a span that pieces make up.

    Parameters
    ----------
    span
        Ages and quarters as bits.
    number
        Its true number.
    pieces
        The true number and the one shown, by piece.

    Returns
    -------
    float
        The sum of the pieces as shown; NaN where they do not make up the span, or add up to another true number.
    """
    if span in pieces and abs(number - pieces[span][0]) <= TOLERANCE:
        return pieces[span][1]
    total = 0.0
    for piece, (true, shown) in pieces.items():
        if piece & span == piece:
            span, number, total = span ^ piece, number - true, total + shown
    return np.nan if span or abs(number) > TOLERANCE else total
