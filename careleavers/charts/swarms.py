"""Dots in a row, moved aside so that they do not cover each other.

There are two ways: :func:`swarm` for the strip on Spread, and :func:`dense_swarm` for the rows on Inspections, where dots
may touch. They differ in the side they try first and in what happens when there is no room.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def swarm(positions: Sequence[float], *, size: float, most: float) -> list[float]:
    """Return how far each dot moves across its row so that no two overlap.

    The same positions always give the same answer.

    Parameters
    ----------
    positions
        Where the dots stand along the row, in pixels, in any order.
    size
        Diameter of a dot in pixels.
    most
        Farthest that a dot may move, in pixels. Where that is too little room, dots overlap as evenly as can be.

    Returns
    -------
    list of float
        Pixels from the middle of the row, in the order of ``positions``.
    """
    step = size / 2
    reach = int(most // step)
    tries = [0.0, *(sign * step * index for index in range(1, reach + 1) for sign in (-1, 1))]
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    offsets = [0.0] * len(positions)
    done: list[tuple[float, float]] = []
    for index in order:
        x = positions[index]
        near = [(px, py) for px, py in done if x - px < size]
        gaps = [min((math.hypot(x - px, y - py) for px, py in near), default=math.inf) for y in tries]
        fit = next((y for y, gap in zip(tries, gaps, strict=True) if gap >= size), None)
        offsets[index] = (
            fit if fit is not None else tries[max(range(len(tries)), key=lambda place: (gaps[place], -place))]
        )
        done.append((x, offsets[index]))
    return offsets


def dense_swarm(positions: Sequence[float], *, size: float, most: float) -> list[float]:
    """Return how far above (+) or below (-) the middle of its row each dot stands, so that dots lie side by side.

    Parameters
    ----------
    positions
        Where the dots stand along the row, in pixels. They are placed in this order: the first stays in the middle.
    size
        Diameter of a dot in pixels; dots may come as near as 0.95 of it.
    most
        Farthest that a dot may move, in pixels. Where that is too little room, dots overlap.

    Returns
    -------
    list[float]
        In pixels, a distance per dot, in the order given.
    """
    placed: list[tuple[float, float]] = []
    offsets = []
    tries = [0.0] + [sign * step * size / 2 for step in range(1, int(2 * most / size) + 1) for sign in (1, -1)]
    for x in positions:
        near = [place for place in placed if abs(place[0] - x) < size]
        offset = next(
            (y for y in tries if all((px - x) ** 2 + (py - y) ** 2 >= size**2 * 0.9 for px, py in near)),
            tries[len(placed) % len(tries)],
        )
        placed.append((x, offset))
        offsets.append(offset)
    return offsets
