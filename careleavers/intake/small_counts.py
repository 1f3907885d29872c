"""Numbers of young people in what councils write, in figures or in words: ``3 young people``, ``two care leavers``.

A net and no guarantee: the writer knows what is meant, is asked, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = rf"\d{{1,3}}(?:,\d{{3}})+|\d+|{'|'.join(_WORDS)}"
# What follows a number that is part of a share or a time, and so counts nobody: 5%, two thirds, three years.
_SHARE_OR_TIME = (
    r"\s*(?:%|(?:per ?cent|percent|percentage|points?|pp|quarters?|thirds?|fifths?|tenths?|halves|half|years?|months?|weeks?|"
    r"days?|hours?|times|fold|per|st|nd|rd|th|pm|am)\b)"
)
_ODDS = r"\s*(?:out of|in every|in (?:\d|two|three|four|five|ten))\b"
_BETWEEN = (
    "of|our|the|these|those|its|their|such|more|other|former|older|younger|unaccompanied|eligible|relevant|disabled"
)
_PEOPLE = re.compile(
    rf"(?<![\d.,/£–-])(?<!\d in )(?<!one in )\b(?P<number>{_NUMBER})\b(?!{_SHARE_OR_TIME}|{_ODDS}|[.,/:–-]\d)"
    rf"(?:[ -](?:{_BETWEEN})\b){{0,3}}"
    r"[ -](?:young (?:people|persons?|men|man|women|woman|adults?|parents?|mothers?|fathers?)|care[ -]leavers?|"
    r"(?:(?:is|are|was|were) )?(?:in (?:custody|prison|hospital)|missing|pregnant|homeless|abroad)|"
    r"child(?:ren)?|boys?|girls?|individuals?|people|persons?|them|teenagers?|asylum[ -]seek(?:ers?|ing))\b",
    re.IGNORECASE,
)
_ANY_NUMBER = re.compile(rf"(?<![\d.,/£–-])\b(?P<number>{_NUMBER})\b(?!{_SHARE_OR_TIME}|[.,/:–-]\d)", re.IGNORECASE)
_PART = re.compile(
    rf"(?<![\d.,/£–-])\b(?P<number>{_NUMBER}) (?:out )?of (?:(?:our|the|all|these|its) ){{0,2}}(?P<whole>{_NUMBER})\b(?!\s*%)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class HiddenCounts:
    """Counts that a council uploaded and that readers see rounded or not at all.

    Attributes
    ----------
    by_measure
        Every such count, by indicator and age group.
    pairs
        Numerator and denominator of each figure in which one of them is.
    """

    by_measure: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    pairs: frozenset[tuple[int, int]] = frozenset()

    def told(self, text: str, measure: tuple[str, str] | None = None) -> list[str]:
        """What of them a text tells: ``21``, ``21 of 48``.

        Parameters
        ----------
        text
            What somebody wrote.
        measure
            What it is about, of which any such count is looked for; of other figures only both numbers together.

        Returns
        -------
        list of str
            As it stands there, each once.
        """
        own = self.by_measure.get(measure, frozenset()) if measure is not None else frozenset()
        found = [
            match.group().strip()
            for match in _PART.finditer(text)
            if (_number(match["number"]), _number(match["whole"])) in self.pairs
        ]
        found += [written for written, number in numbers(text) if number in own]
        return [
            each for each in dict.fromkeys(found) if not any(each in other.split() for other in found if other != each)
        ]


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
        As they stand there, each once: ``3 young people``.
    """
    return _small(_PEOPLE, text, most)


def small_parts(text: str, most: int) -> list[str]:
    """Small numbers that are part of another number, whoever they count: ``2 of 7``.

    Parameters
    ----------
    text, most
        As for :func:`small_counts`.

    Returns
    -------
    list of str
        As they stand there, each once.
    """
    return _small(_PART, text, most)


def numbers(text: str) -> list[tuple[str, int]]:
    """Every number in a text that may count somebody.

    Parameters
    ----------
    text
        What somebody wrote.

    Returns
    -------
    list of (str, int)
        As it stands there, and the number.
    """
    return [(match["number"], _number(match["number"])) for match in _ANY_NUMBER.finditer(text)]


def _small(pattern: re.Pattern[str], text: str, most: int) -> list[str]:
    found = [match.group().strip() for match in pattern.finditer(text) if 1 <= _number(match["number"]) <= most]
    return list(dict.fromkeys(found))


def _number(text: str) -> int:
    lower = text.lower()
    return _WORDS.index(lower) + 1 if lower in _WORDS else int(lower.replace(",", ""))
