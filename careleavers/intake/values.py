"""Numbers, marks and age groups as officers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careleavers.status import STATUSES

# Marks of other producers and of spreadsheets, beside the codes of careleavers.status themselves. A dash is not read as
# nought: it may mean nought, nobody or nothing known.
_MARKS = {
    "*": "c", "**": "c", "supp": "c", "suppressed": "c", "confidential": "c",
    "..": "x", "...": "x", "…": "x", ":": "x", "-": "x", "–": "x", "—": "x", "--": "x", "−": "x", "not available": "x",
    "unavailable": "x", "not known": "x", "no data": "x",
    "n/a": "z", "na": "z", "n.a.": "z", ".": "z", "not applicable": "z",
    "~": "low", "0~": "low", "<1": "low", "<1%": "low", "<0.5": "low", "<0.5%": "low",
}  # fmt: skip
_MARKS |= {code: code for code in STATUSES if code not in {"ok", "missing", "few"}}
# Counts that were hidden by saying only that they are small: "<5", "<=5", "≤5", "under 6".
_UNDER = re.compile(r"(?:<=?|≤|under |fewer than |less than )\s*(?:[2-9]|10)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
# How a program writes a very small or very large number.
_EXPONENT = re.compile(r"\d(?:\.\d+)?e[+-]?\d{1,3}", re.IGNORECASE)
LARGEST = 1e9
# A share that a program worked out may miss a whole number by this much.
_NEARLY = 1e-9

_AGE = re.compile(
    r"(?:aged?s?\s+)?(?P<first>\d{1,2})(?:\.0+)?(?:\s*(?:-|–|—|/|to|and)\s*(?P<last>\d{1,2}))?\s*(?:year\s?olds?|years?(?:\s+olds?)?|yrs?|y\.?o\.?)?"
)
_ALL_AGES = frozenset({"all", "all ages", "total", "all age groups", "any", "any age"})


@dataclass(frozen=True)
class Number:
    """What a cell holds: a number with the ``decimals`` it was written with, or a ``mark`` (a code of a status).

    ``percent``: it was written with a percent sign. ``wrong``: the rule that it breaks, 'not_a_number', 'negative' or
    'too_large'; nothing else is known of it then. All are empty for an empty cell.
    """

    number: float | None = None
    mark: str = ""
    wrong: str = ""
    percent: bool = False
    decimals: int = 0

    @property
    def blank(self) -> bool:
        """Whether the cell is empty."""
        return self.number is None and not self.mark and not self.wrong


EMPTY = Number()


def read_number(text: str) -> Number:
    """The number or the mark of a cell."""
    said = " ".join(text.split()).lower()
    if not said:
        return EMPTY
    bare = said[1:-1].strip() if said.startswith("[") and said.endswith("]") else said
    if mark := _MARKS.get(bare) or _MARKS.get(said):
        return Number(mark=mark)
    if _UNDER.fullmatch(said):
        return Number(mark="c")
    percent = said.endswith("%")
    digits = said.removesuffix("%").rstrip()
    # Spreadsheets write a negative number with a minus of several kinds or in brackets.
    inner = digits[1:-1].strip() if digits.startswith("(") and digits.endswith(")") else digits.lstrip("-−–")
    number = _plain_number(inner)
    if number is None:
        return Number(wrong="not_a_number")
    if inner != digits and number:
        return Number(wrong="negative")
    if number >= LARGEST:
        return Number(wrong="too_large")
    return Number(number, percent=percent, decimals=len(inner.partition(".")[2]))


def _plain_number(text: str) -> float | None:
    if not text.isascii():
        return None
    if _GROUPED.fullmatch(text):
        return float(text.replace(",", "").replace(" ", ""))
    if _PLAIN.fullmatch(text) or _EXPONENT.fullmatch(text):
        return float(text)
    return None


def whole(number: float) -> float | None:
    """The whole number that ``number`` is, a program's rounding aside; ``None`` when it is none."""
    nearest = round(number)
    return float(nearest) if abs(number - nearest) <= _NEARLY else None


def read_age_group(text: str) -> str:
    """The age group of a cell as the catalogue writes it (``17-18``, ``22``, ``all``); "" when it is none."""
    said = " ".join(text.split()).lower()
    if said in _ALL_AGES:
        return "all"
    match = _AGE.fullmatch(said)
    if match is None:
        return ""
    return f"{int(match['first'])}-{int(match['last'])}" if match["last"] else str(int(match["first"]))
