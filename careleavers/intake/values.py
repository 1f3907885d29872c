"""Numbers, marks and age groups as officers write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careleavers.wording.status import STATUSES

# Marks of other producers and of spreadsheets, besides the codes of careleavers.wording.status. A dash is not read as
# 0: it may mean 0, nobody or not known.
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
# Grouped thousands do not begin with 0: "0,273" has a decimal comma.
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?|[1-9]\d{0,2}(?: \d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
# "1,012" and "15,125" are thousands to some and decimals to others; "1.012" is so for whoever writes decimal commas.
_COMMA = re.compile(r"[1-9]\d{0,2},\d{3}")
_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
# Written by nobody who groups thousands with commas.
_DECIMAL_COMMA = re.compile(
    r"\s*-?(?:\d+,(?:\d{1,2}|\d{4,})|\d{4,},\d{3}|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|0,\d+)\s*(?:%|per ?cent)?\s*"
)
_PER_CENT = re.compile(r"\s*(?:%|per ?cent|pct\.?)$")
# What a spreadsheet shows where a formula divides by 0 or finds nothing.
_ERRORS = frozenset(
    {"#div/0!", "#n/a", "#value!", "#ref!", "#num!", "#name?", "#null!", "#spill!", "#calc!", "err:502", "err:503"}
)
_LINES = re.compile(r"\S[ \t]*[\n\r\t\v\f\u2028\u2029]\s*\S|\S {2,}\S")
# How a program writes a very small or very large number.
_EXPONENT = re.compile(r"\d(?:\.\d+)?e[+-]?\d{1,3}", re.IGNORECASE)
LARGEST = 1e9
# A share calculated by a program may miss a whole number by this much.
_NEARLY = 1e-9

_AGE = re.compile(
    r"(?:aged?s?\s+)?(?P<first>\d{1,2})(?:\.0+)?(?:\s*(?:y(?:ea)?rs?|s)?\s*(?:-|to)\s*(?P<last>\d{1,2}))?"
    r"\s*(?:s|year\s?olds?|years?(?:\s+olds?)?|yrs?|y\.?o\.?)?"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
# "17 & 18", "19, 20 and 21", "17/18": each age named.
_EACH_AGE = re.compile(r"(?<=\d)\s*(?:,\s*and\b|,|&|\+|/|\band\b|\bor\b)\s*(?=\d)")
_ALL_AGES = frozenset({"all", "all ages", "total", "all age groups", "any", "any age"})


@dataclass(frozen=True)
class Number:
    """What a cell holds: a number with the ``decimals`` it was written with, or a ``mark`` (a code of a status).

    ``percent``: it was written with a percent sign. ``wrong``: the rule that it breaks, 'not_a_number', 'negative' or
    'too_large'; nothing else is known of it then. ``error``: it is what a spreadsheet shows for a formula that gives
    nothing, which is wrong where a number is needed. ``comma``, ``point``: one of these separates three digits from those
    before them, so that it could be a sign of thousands or of decimals. All are empty for an empty cell.
    """

    number: float | None = None
    mark: str = ""
    wrong: str = ""
    percent: bool = False
    decimals: int = 0
    error: bool = False
    comma: bool = False
    point: bool = False

    @property
    def blank(self) -> bool:
        """Whether the cell is empty."""
        return self.number is None and not self.mark and not self.wrong


EMPTY = Number()


def read_number(text: str) -> Number:
    """The number or the mark of a cell.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    Number
    """
    said = " ".join(text.split()).lower()
    if not said:
        return EMPTY
    bare = said[1:-1].strip() if said.startswith("[") and said.endswith("]") else said
    if mark := _MARKS.get(bare) or _MARKS.get(said):
        return Number(mark=mark)
    if _UNDER.fullmatch(said):
        return Number(mark="c")
    if said in _ERRORS:
        return Number(wrong="not_a_number", error=True)
    if _LINES.search(text.strip()):
        # Two lines in a cell are two numbers, not thousands grouped by a space.
        return Number(wrong="not_a_number")
    sign = _PER_CENT.search(said)
    percent = sign is not None
    digits = said[: sign.start()] if sign else said
    # Spreadsheets write a negative number with one of several minus signs or in brackets.
    inner = digits[1:-1].strip() if digits.startswith("(") and digits.endswith(")") else digits.lstrip("-−–")
    number = _plain_number(inner)
    if number is None:
        return Number(wrong="not_a_number")
    if inner != digits and number:
        return Number(wrong="negative")
    if number >= LARGEST:
        return Number(wrong="too_large")
    return Number(
        number,
        percent=percent,
        decimals=len(inner.partition(".")[2]),
        comma=_COMMA.fullmatch(inner) is not None,
        point=_POINT.fullmatch(inner) is not None,
    )


def has_decimal_comma(text: str) -> bool:
    """Whether a cell holds a number with a decimal comma that can be nothing else: ``45,5``,
    ``1.012,5``.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    bool
    """
    return "," in text and _DECIMAL_COMMA.fullmatch(text.lower()) is not None


_TARGET_BEFORE = re.compile(
    r"^(?:>=?|≥|<=?|≤|=|at least|at most|more than|less than|over|above|under|below|min(?:imum)?\.?|max(?:imum)?\.?|up to)\s*(?:of )?(?=[\d.])"
)
_TARGET_AFTER = re.compile(
    r"(?<=[\d%])\s*(?:\+|(?:or|and) (?:more|less|above|over|below|higher|lower|fewer|better)|min(?:imum)?|max(?:imum)?)$"
)
_NO_TARGET = frozenset({
    "tbc", "tba", "tbd", "to be confirmed", "to be agreed", "to be set", "none", "no target", "no target set", "not set", "nil set", "n/a",
    "na", "n.a.", "-", "–", "—", "--", "not applicable", "monitor", "monitor only", "monitoring", "monitored", "baseline",
    "baseline year", "contextual", "not targeted", ".", "..", "x", "z", ":", "?", "pending",
})  # fmt: skip


def read_target(text: str) -> Number | None:
    """The number of a target, which may be written as a bound: ``≥55%``, ``90% or more``.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    Number or None
        None for “TBC” and the like.
    """
    said = " ".join(text.split()).lower()
    if said in _NO_TARGET:
        return None
    bare = _TARGET_AFTER.sub("", _TARGET_BEFORE.sub("", said))
    number = read_number(bare)
    return Number(wrong="not_a_number") if number.mark else number


def _plain_number(text: str) -> float | None:
    if not text.isascii():
        return None
    if _GROUPED.fullmatch(text):
        return float(text.replace(",", "").replace(" ", ""))
    if _PLAIN.fullmatch(text) or _EXPONENT.fullmatch(text):
        return float(text)
    return None


def as_whole_number(number: float) -> float | None:
    """The number as a whole number, allowing for a program's rounding error.

    Parameters
    ----------
    number
        Any number.

    Returns
    -------
    float or None
        None when it is none.
    """
    nearest = round(number)
    return float(nearest) if abs(number - nearest) <= _NEARLY else None


def read_age_group(text: str) -> str:
    """The age group of a cell.

    Ages named one by one are a group when none between them is left out: ``19, 20 and 21``, not ``19 and 21``.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    str
        As the catalogue writes it: ``17-18``, ``22``, ``all``; "" when it is none.
    """
    said = _DASHES.sub("-", " ".join(text.split()).lower())
    if said in _ALL_AGES:
        return "all"
    named = _EACH_AGE.sub("&", said)
    if re.search(r"\d&\d", named):
        first, *others = re.findall(r"\d{1,2}(?!\d)", named)
        if [int(age) for age in others] != list(range(int(first) + 1, int(first) + 1 + len(others))):
            return ""
        said = re.sub(r"\d{1,2}(?:&\d{1,2})+", f"{first}-{others[-1]}", named)
    match = _AGE.fullmatch(said)
    if match is None:
        return ""
    return f"{int(match['first'])}-{int(match['last'])}" if match["last"] else str(int(match["first"]))
