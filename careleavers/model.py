"""What every layer speaks of: words and shapes that belong to no layer in particular. Imports nothing of the package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# What an authority is compared with.
Against = Literal["neighbours", "region", "england"]

# The words stand in the address bar, so changing one breaks the links people have kept.
AGAINST: Mapping[str, str] = {
    "neighbours": "Statistical neighbours",
    "region": "Region",
    "england": "England",
}


@dataclass(frozen=True)
class Indicator:
    """One row of the catalogue, with its age groups in order; ``held`` says whether any figure of it is held.

    ``total``: it is how many there are in all, or how much, so an authority's is never set beside a wider area's.
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
    held: bool = True
    not_known_phrase: str = ""
    total: bool = False
