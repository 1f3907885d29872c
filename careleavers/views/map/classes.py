"""A few round classes for a map: where they are cut, and which one a figure falls in.

Figures are put in classes as they are shown, rounded, so that a tile that says 54% never lies in "under 54%".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from careleavers.wording.formats import amount, missing, rounded

MOST = 4


def displayed_value(value: float, decimals: int) -> float:
    """The figure that a reader sees: rounded, halves up.

    Parameters
    ----------
    value
        The figure.
    decimals
        Decimals it is shown with.

    Returns
    -------
    float
    """
    return float(rounded(value, decimals).replace(",", "").replace("−", "-"))


def cuts(values: Iterable[Any], decimals: int) -> tuple[float, ...]:
    """Up to three round cuts around the median, spaced to part the middle four fifths of the figures about evenly.

    Cuts that would leave a class empty are left out, so there are fewer where figures are alike, and none where all are.

    Parameters
    ----------
    values
        The figures; missing ones are passed over.
    decimals
        The precision that a reader sees.

    Returns
    -------
    tuple[float, ...]
        From low to high. A cut is the least figure of the class above it.
    """
    shown = sorted(displayed_value(float(value), decimals) for value in values if not missing(value))
    if not shown:
        return ()
    unit = 10.0**-decimals
    low, high = (shown[round(share * (len(shown) - 1))] for share in (0.1, 0.9))
    step = max(_round_step((high - low) / MOST), unit)
    middle = math.floor(shown[len(shown) // 2] / step + 0.5) * step
    found = [round(middle + k * step, 10) for k in (-1, 0, 1)]
    parting = []
    floor = -math.inf
    for cut in found:
        if any(floor <= value < cut for value in shown) and any(value >= cut for value in shown):
            parting.append(cut)
            floor = cut
    return tuple(parting)


def _round_step(span: float) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) nearest to ``span``, as a ratio; 0 for no span."""
    if span <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(span))
    return min((power * factor for factor in (1, 2, 2.5, 5, 10)), key=lambda step: abs(math.log(step / span)))


def class_of(value: Any, found: Sequence[float], decimals: int) -> int | None:
    """Which class a figure is in.

    Parameters
    ----------
    value
        The figure, or nothing.
    found
        What :func:`cuts` returned.
    decimals
        The precision that a reader sees.

    Returns
    -------
    int or None
        From 0 for the lowest class; None without a figure.
    """
    if missing(value):
        return None
    return sum(displayed_value(float(value), decimals) >= cut for cut in found)


def class_words(found: Sequence[float], unit: str, decimals: int) -> list[str]:
    """Each class in words, lowest first.

    Parameters
    ----------
    found
        What :func:`cuts` returned.
    unit, decimals
        Unit and precision of the figures.

    Returns
    -------
    list[str]
        ``under 50%``, ``50% to 54%``, ``55% to 59%``, ``60% or more``.
    """
    step = 10.0**-decimals

    def amount_text(value: float) -> str:
        return amount(rounded(value, decimals), unit)

    if not found:
        return ["all figures"]
    between = [
        amount_text(low) if round((high - low) / step) <= 1 else f"{amount_text(low)} to {amount_text(high - step)}"
        for low, high in pairwise(found)
    ]
    top = amount_text(found[-1]) if unit == "percent" and found[-1] >= 100 else f"{amount_text(found[-1])} or more"
    return [f"under {amount_text(found[0])}", *between, top]
