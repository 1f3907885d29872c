"""What is typed into the search taken apart into words, and what the search says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from careleavers.wording.formats import join_words

LABEL = "Search for a measure, a council or a page"
PLACEHOLDER = "Such as homeless Leeds"
HINT = "Try a subject (“jobs”, “NEET”, “agency staff”), a council (“Kent”, “383”), or both: “homeless Leeds”."
NOT_FOUND = "Nothing found. Try one plain word, such as “jobs”, “housing” or “agency”, or part of a council’s name."


def not_understood(unknown: Sequence[str]) -> str:
    """What is said above results that were found without some of the words.

    Parameters
    ----------
    unknown
        The words, one at least.

    Returns
    -------
    str
        A sentence.
    """
    named = join_words([f"“{word}”" for word in unknown])
    return f"{named} {'was' if len(unknown) == 1 else 'were'} not understood."


# Words that do not help to tell authorities' names apart.
_JOINING = frozenset(["and", "the", "of", "with", "upon", "on", "in"])
# Words that people add to a council's name.
_CALLED = frozenset(["council", "councils", "borough", "metropolitan", "mbc", "unitary", "la", "authority"])
# Words that do not help to tell measures or pages apart.
_EMPTY = _CALLED | frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "with",
        "and",
        "or",
        "is",
        "are",
        "was",
        "were",
        "be",
        "has",
        "have",
        "had",
        "by",
        "as",
        "it",
        "its",
        "who",
        "how",
        "what",
        "which",
        "do",
        "does",
        "did",
        "my",
        "our",
        "their",
        "they",
        "your",
        "show",
        "me",
        "please",
        "figure",
        "figures",
        "data",
        "statistic",
        "statistics",
        "rate",
        "percentage",
        "percent",
        "proportion",
        "number",
        "many",
        "much",
        "care",
        "leaver",
        "leavers",
        "young",
        "people",
        "person",
        "persons",
        "year",
        "years",
        "aged",
        "age",
        "ages",
        "old",
        "city",
        "county",
    ]
)
_AGES = re.compile(r"(?<!\d)(1[78]|19|2[0-4])\s*(?:-|–|to|and|/|or)\s*(18|2[0-5])(?!\d)")


def split(text: str) -> list[str]:
    """The words of a text, without case, accents and punctuation.

    Parameters
    ----------
    text
        A name, or what was typed.

    Returns
    -------
    list[str]
        In their order; "&" is "and", and an apostrophe joins.
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[a-z0-9]+", re.sub(r"['’‘]", "", plain))


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name of an authority that tell it from others.

    Parameters
    ----------
    text
        A name or code of an authority.

    Returns
    -------
    tuple[str, ...]
        In the order of the name; without “council”, “borough” and the like.
    """
    parts = split(re.sub(r"\(to \d{4}\)", "", text))
    return tuple(part for part in parts if part not in _JOINING | _CALLED)


def telling(parts: list[str]) -> list[str]:
    """Those of some words that tell measures and pages apart, each in the singular; all of them where none does.

    Parameters
    ----------
    parts
        Words, as :func:`split` gives them.

    Returns
    -------
    list[str]
    """
    return [singular(part) for part in parts if part not in _EMPTY] or [singular(part) for part in parts]


def singular(word: str) -> str:
    """A word without the s of its plural.

    Parameters
    ----------
    word
        A word in lower case, as :func:`split` gives it.

    Returns
    -------
    str
    """
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def is_empty(word: str) -> bool:
    """Whether a word tells no two measures or pages apart.

    Parameters
    ----------
    word
        A word in lower case, as :func:`split` gives it.

    Returns
    -------
    bool
    """
    return word in _EMPTY


def is_joining(word: str) -> bool:
    """Whether a word tells no two names of authorities apart.

    Parameters
    ----------
    word
        A word in lower case, as :func:`split` gives it.

    Returns
    -------
    bool
    """
    return word in _JOINING or word in _CALLED


def ages_said(text: str) -> tuple[str, str]:
    """The age group that a text names, as the catalogue writes it, and the text without it.

    Parameters
    ----------
    text
        What was typed.

    Returns
    -------
    tuple[str, str]
        ``("17-18", "neet")`` of “NEET 17 to 18”. Ages 22 to 25 are part of the measures' names and stay.
    """
    found = _AGES.search(text)
    if not found or found[2] == "25":
        return "", text
    return f"{found[1]}-{found[2]}", f"{text[: found.start()]} {text[found.end() :]}"


def result(label: str, page_title: str) -> str:
    """What the link to one thing found says.

    Parameters
    ----------
    label
        What it is.
    page_title
        The page that shows it.

    Returns
    -------
    str
    """
    return label if label.startswith(page_title) else f"{label} – {page_title}"
