"""Small numbers of young people in what councils write, in figures or in words: ``3 young people``, ``two of them``.

A net and no guarantee: the writer knows what is meant, is asked, and says so.
"""

from __future__ import annotations

import re

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(_WORDS)}"
# What follows a number that counts something else, or is part of a share or a time: 5%, two thirds, three years.
_NOT_A_COUNT = (
    r"\s*(?:%|per ?cent|points?|quarters?|thirds?|fifths?|halves|half|years?|months?|weeks?|days?|hours?|times|in every|"
    r"in (?:\d|two|three|four|five|ten))\b"
)
_PEOPLE = re.compile(
    rf"\b(?P<number>{_NUMBER})\b(?!{_NOT_A_COUNT}|[.,/:–-]\d|\s*[%–])"
    r"(?:[ -](?!and\b|but\b|or\b)[a-z’']+){0,3}?"
    r"[ -](?:young (?:people|persons?|men|man|women|woman|adults?|parents?)|care[ -]leavers?|child(?:ren)?|boys?|girls?|"
    r"individuals?|persons?|teenagers?|(?:of )?(?:them|these|those))\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(r"(?<![\d.,/£])\b(?P<number>\d+) (?:out )?of (?:our |the |all )?\d+\b(?!\s*%)", re.IGNORECASE)


def small_counts(text: str, most: int) -> list[str]:
    """Small numbers of young people in a text.

    Parameters
    ----------
    text
        What somebody wrote.
    most
        The largest number that is small.

    Returns
    -------
    list of str
        As they stand there, each once: ``3 young people``, ``2 of 7``.
    """
    found = [
        " ".join(match.group().split())
        for pattern in (_PEOPLE, _OUT_OF)
        for match in pattern.finditer(text)
        if 1 <= _number(match["number"]) <= most
    ]
    return list(dict.fromkeys(found))


def _number(text: str) -> int:
    lower = text.lower()
    return _WORDS.index(lower) + 1 if lower in _WORDS else int(lower.replace(",", ""))
