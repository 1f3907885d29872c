"""Three letters for each authority, for a tile too small for its name: unique, and as near to the name as possible.

Made from the names alone, so that a new authority needs nothing but its row in the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

_SMALL = {"and", "of", "on", "the", "upon", "with", "to"}
# Letters that would be read as a word nobody wants on a council's map.
_AVOID = {"ass", "bum", "cum", "dum", "fag", "fat", "pig", "poo", "sex", "tit", "wee"}


def _words(name: str) -> list[str]:
    """The words of a name that matter, letters only, the main one first: "Bristol, City of" is Bristol."""
    main = re.sub(r", (City|County) of$", "", re.sub(r"\s*\(.*\)$", "", name))
    words = [re.sub(r"[^A-Za-zÀ-ÿ]", "", part) for part in re.split(r"[\s,\-/]+", main)]
    kept = [word for word in words if word and word.lower() not in _SMALL]
    return kept or [re.sub(r"\W", "", name) or "X"]


def _candidates(name: str) -> Iterator[str]:
    """Abbreviations of a name, the most telling first."""
    words = _words(name)
    if len(words) >= 3:
        yield "".join(word[0].upper() for word in words[:3])
    if len(words) >= 2:
        first, last = words[0], words[-1]
        yield first[0].upper() + last[:2].capitalize()
        yield first[:2].capitalize() + last[0].upper()
        for letter in last[2:]:
            yield first[0].upper() + last[0].upper() + letter.lower()
    whole = "".join(words)
    if len(words) == 1 and whole.lower().endswith("shire") and len(whole) > 7:
        yield whole[0].upper() + whole[1].lower() + "s"
    if len(words) == 1:
        yield whole[:3].capitalize()
    for second, third in combinations(whole[1:].lower(), 2):
        yield whole[0].upper() + second + third
    for number in range(1000):
        yield f"{whole[0].upper()}{number:02}"


def tile_names(names: Iterable[str]) -> dict[str, str]:
    """An abbreviation for each name; shorter names choose first.

    Parameters
    ----------
    names
        The names of all tiles.

    Returns
    -------
    dict[str, str]
        Two or three characters for each name, no two alike.
    """
    taken: set[str] = set()
    found: dict[str, str] = {}
    for name in sorted(set(names), key=lambda text: (len(text), text)):
        short = next(text for text in _candidates(name) if text.casefold() not in taken | _AVOID)
        taken.add(short.casefold())
        found[name] = short
    return found
