"""Periods in the names of columns: ``Q1``, ``Sep 2025 numerator``, ``2025/26 Q2``."""

from __future__ import annotations

import datetime as dt
import re

from careleavers.intake.period_patterns import (
    DASHES,
    MONTH,
    MONTH_OF_YEAR,
    MONTH_PATTERNS,
    QUARTER,
)
from careleavers.intake.periods import LAST_YEAR, LONGEST, Period, month_number, read_day, read_period

_COLUMN_WORDS = {
    "numerator": r"numerator|num\.?|n",
    "denominator": r"denominator|denom\.?|den\.?|d",
    "value": r"value|%|per ?cent|percentage|actual|performance|result|outturn|rate",
    "target": r"target",
}


def looks_like_period(text: str) -> bool:
    """Whether a column's name is a period, with or without its year: ``Q1``, ``Sep``, ``2025/26 Q2``.

    Parameters
    ----------
    text
        The name.

    Returns
    -------
    bool
    """
    said = DASHES.sub("-", " ".join(text.split())).lower()
    if not said or len(said) > LONGEST or re.fullmatch(r"\d{1,2}\s*(?:-|/|to)\s*\d{1,2}|\d+(?:\.\d+)?", said):
        return False
    if re.fullmatch(rf"{QUARTER}|(?:{MONTH})\.?|(?:{MONTH})\s*(?:-|to)\s*(?:{MONTH})", said) or read_day(said):
        return True
    found = read_period(said, dt.date(LAST_YEAR, 12, 31))
    if isinstance(found, Period) or found.rule == "ambiguous_period":
        return True
    return any(pattern.fullmatch(said) for pattern in MONTH_PATTERNS)


def period_of_column(text: str) -> tuple[str, str] | None:
    """The period in the name of a column, and which field of it stands there.

    Parameters
    ----------
    text
        The name: ``Q1 num``.

    Returns
    -------
    tuple[str, str] or None
        The period as written and one of numerator, denominator, value and target (``value`` unless the name says so);
        None when the name has no period.
    """
    said = " ".join(text.split())
    if looks_like_period(said):
        return said, "value"
    for what, words in _COLUMN_WORDS.items():
        for pattern in (rf"(?P<period>.+?)[\s:_-]+(?:{words})", rf"(?:{words})[\s:_-]+(?P<period>.+)"):
            if (match := re.fullmatch(pattern, said, re.IGNORECASE)) and looks_like_period(match["period"]):
                return match["period"], what
    return None


def month_of(text: str) -> int | None:
    """The month that a text names together with its year.

    Parameters
    ----------
    text
        ``Sep 2025``, ``09/2025``.

    Returns
    -------
    int or None
        1 to 12; None when it is no month.
    """
    said = DASHES.sub("-", " ".join(text.split())).lower()
    for pattern in (*MONTH_PATTERNS, MONTH_OF_YEAR):
        if match := pattern.fullmatch(said):
            words = match.groupdict()
            month = month_number(words["name"]) if words.get("name") else int(words["month"])
            return month if 1 <= month <= 12 else None
    return None
