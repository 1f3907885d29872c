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

from careleavers.disclosure.rounding import TOLERANCE, Flags, Numbers


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
    chains = _decompose_chains(_overlapping_chains(spans), spans, counts)
    kept = [at for chain in chains for at in chain.kept]
    uses = np.zeros((len(kept), sum(len(chain.pieces) for chain in chains)), dtype=bool)
    row = column = 0
    for chain in chains:
        rows, columns = chain.uses.shape
        uses[row : row + rows, column : column + columns] = chain.uses
        row, column = row + rows, column + columns
    pieces = tuple(piece for chain in chains for piece in chain.pieces)
    return Decomposition(kept, pieces, uses, np.vstack([chain.counts for chain in chains]))


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


def _decompose_chains(chains: Sequence[Sequence[int]], spans: Sequence[int], counts: Numbers) -> list[Decomposition]:
    """Take chains apart, those of the same shape at once: each year of quarters with its total is one shape."""
    found: list[Decomposition | None] = [None] * len(chains)
    shapes: dict[tuple[int, ...], list[tuple[int, list[int], int]]] = {}
    for number, chain in enumerate(chains):
        kept = sorted(chain, key=lambda at: (spans[at].bit_count(), spans[at]))
        low = min((spans[at] & -spans[at]).bit_length() - 1 for at in kept)
        shapes.setdefault(tuple(spans[at] >> low for at in kept), []).append((number, kept, low))
    for shape, alike in shapes.items():
        pieces, sum_of, uses = _pieces(shape)
        made, off = _counts_of_pieces(sum_of, uses, counts[[kept for _, kept, _ in alike]])
        contradicts: Flags = np.logical_or(off.any(axis=1), (made < -TOLERANCE).any(axis=(1, 2)))
        for (number, kept, low), mine, again in zip(alike, made, contradicts.tolist(), strict=True):
            found[number] = (
                _decompose_chain(kept, spans, counts)
                if again
                else Decomposition(kept, tuple(piece << low for piece in pieces), uses, mine)
            )
    return [each for each in found if each is not None]


def _decompose_chain(chain: Sequence[int], spans: Sequence[int], counts: Numbers) -> Decomposition:
    """Take overlapping spans apart, smallest first, leaving out one after another that contradicts the smaller ones."""
    kept = list(chain)
    while True:
        low = min((spans[at] & -spans[at]).bit_length() - 1 for at in kept)
        pieces, sum_of, uses = _pieces(tuple(spans[at] >> low for at in kept))
        (made,), (off,) = _counts_of_pieces(sum_of, uses, counts[[kept]])
        bad = set(np.flatnonzero(off).tolist())
        for piece in np.flatnonzero((made < -TOLERANCE).any(axis=1)).tolist():
            bad.add(int(np.flatnonzero(sum_of[piece] > 0).max()))
        if not bad:
            return Decomposition(kept, tuple(piece << low for piece in pieces), uses, made)
        kept = [at for place, at in enumerate(kept) if place != min(bad)]


def _counts_of_pieces(sum_of: Numbers, uses: Flags, counts: Numbers) -> tuple[Numbers, Flags]:
    """The counts of the pieces of several chains of one shape, and which spans are more or less than their pieces.

    ``counts`` has the axes chain, span and count.
    """
    missing = np.isnan(counts)
    filled = np.where(missing, 0.0, counts)
    unknown = (np.abs(sum_of) @ missing) > 0
    made = sum_of @ filled
    known = ~(uses @ unknown)
    off = np.abs(np.where(known, uses @ np.where(unknown, 0.0, made) - filled, 0)) > TOLERANCE
    contradicts: Flags = np.any(off & ~missing, axis=2)
    return np.where(unknown, np.nan, made), contradicts


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
