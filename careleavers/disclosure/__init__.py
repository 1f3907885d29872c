"""Local figures as viewers may see them: every count of young people is rounded, and so is everything calculated from it.

**What comes in**: raw local figures in force, as councils uploaded them; the official figures of the same authorities; and
how the indicators are related (which add up, which are parts of others, which count staff).

**What goes out**: the same rows with rounded counts, values worked out from these, and two more columns: ``hidden`` and
``rounded``.

**Who calls it**: :class:`careleavers.versions.Versions` for each data version and each preview, and nobody else. It is the
only way from the store to the tables that the pages ask.

**The promise**: from everything that viewers see of an authority, now or under an earlier data version, no count of one to
five young people can be told, however figures are added or subtracted. docs/DISCLOSURE.md states the rule in plain English,
what was tried to break it and what it cannot do; ``tests/attacker.py`` is the adversary, and shares no code with it.

Examples
--------
Sixty of 76 young people in education, employment or training, four not known and twelve neither::

    shown = protect(
        raw, published,
        families={name: ("eet", "neet", "activity_not_known") for name in ("eet", "neet", "activity_not_known")},
        units={"eet": "percent", "neet": "percent", "activity_not_known": "percent"},
    )
    shown[["indicator", "numerator", "denominator"]]
    #            indicator  numerator  denominator
    #                  eet       60.0         75.0
    #   activity_not_known        5.0         75.0
    #                 neet       10.0         75.0

How it works, module by module:

``cells``
    Figures become numbered cells; the ages and quarters that each covers become a set of bits, its *span*.
``spans``
    Overlapping spans are taken apart into pieces that can be rounded once each.
``people``
    The denominators, people among whom others are counted, are rounded piece by piece.
``rounding``, ``fitting``
    Counts are rounded so that they add up to these people, to the whole they are part of, and to the official year.
``families``
    What adds up with what.
``protection``
    All of it for one data version: what is hidden, what is shown.
"""

from careleavers.disclosure.protection import protect, without_partial_overlap
from careleavers.disclosure.rounding import few_below

__all__ = ["few_below", "protect", "without_partial_overlap"]
