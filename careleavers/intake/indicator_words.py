"""The words of what officers call an indicator that tell it from another. Everyday names are a column of the catalogue."""

from __future__ import annotations

import re

# The weight of a word that no indicator has.
RARE = 2.0
# Synonyms, and expressions that count as one word.
_SAME = [
    (re.compile(pattern), word)
    for pattern, word in (
        (r"not in (?:education|eet|ete)\b,?(?: employment,?)?(?: (?:or|and|&) training)?", "neet"),
        (
            r"(?:education|training),? (?:employment|training|work)(?: ?(?:,|or|and|&|/) ?(?:training|employment|education))*",
            "eet",
        ),
        (r"\b(?:ete|e\.e\.t\.)", "eet"),
        (r"\bpas?\b", "personal adviser"),
        (r"\b(?:unknown|not known)\b", "unknown"),
        (r"\bnot suitable\b|\bnot in suitable\b", "unsuitable"),
        (r"\bnot in touch\b|\bout of touch\b", "untouched"),
        (r"\bup[- ]to[- ]date\b|\bcurrent\b", "in date"),
        (r"\bhousing\b", "accommodation"),
        (r"\badvisors?\b|\badvisers?\b", "adviser"),
        (r"\bb ?(?:&|and) ?b\b", "bed breakfast"),
        # Two measures are still known by their national indicator numbers of 2008.
        (r"\bni[- ]?(\d{2,3})\b", r"ni\1"),
    )
]
_EMPTY = frozenset(
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
        "with",
        "who",
        "whom",
        "are",
        "is",
        "was",
        "were",
        "be",
        "has",
        "have",
        "had",
        "by",
        "and",
        "or",
        "their",
        "its",
        "la",
        "local",
        "authority",
        "council",
        "care",
        "leaver",
        "leavers",
        "cl",
        "cls",
        "young",
        "people",
        "person",
        "persons",
        "yp",
        "percent",
        "percentage",
        "pct",
        "proportion",
        "number",
        "no",
        "rate",
        "count",
        "total",
        "all",
        "aged",
        "age",
        "ages",
        "year",
        "years",
        "old",
        "olds",
        "17",
        "18",
        "19",
        "20",
        "21",
        "22",
        "25",
        "kpi",
        "pi",
        "cp",
        "former",
        "former",
        "relevant",
    ]
)


def distinguishing_words(text: str) -> frozenset[str]:
    """The words of a name that tell one indicator from another, each in one form.

    Parameters
    ----------
    text
        A name, as an officer writes it.

    Returns
    -------
    frozenset[str]
        Without articles, ages and words that most indicators share.
    """
    said = text.casefold()
    for pattern, word in _SAME:
        said = pattern.sub(f" {word} ", said)
    words = re.findall(r"[a-z0-9]+", said)
    return frozenset(
        word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words if word not in _EMPTY
    )
