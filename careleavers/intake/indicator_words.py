"""What officers call indicators: everyday names, and the words of a name that tell one indicator from another."""

from __future__ import annotations

import re

# The weight of a word that no indicator has.
RARE = 2.0
# Two measures are still known by their national indicator numbers of 2008.
NATIONAL = {"ni147": "suitable_accommodation", "ni148": "eet"}
# Everyday names of measures that differ from the catalogue's.
EVERYDAY = {
    "eet": ("EET", "in EET", "in education, employment and training", "ETE", "in work or training"),
    "neet": ("NEET", "not in EET", "not in education employment and training"),
    "activity_not_known": ("EET not known", "activity unknown"),
    "suitable_accommodation": ("suitable accommodation", "suitable housing"),
    "unsuitable_accommodation": ("unsuitable accommodation", "not in suitable accommodation"),
    "in_touch": ("in touch", "LA in touch with"),
    "not_in_touch": ("not in touch", "lost contact"),
    "staying_put": ("staying put", "stay put"),
    "higher_education": ("university", "at university"),
    "pathway_plan_in_date": (
        "pathway plan up to date",
        "up to date pathway plan",
        "current pathway plan",
        "pathway plan",
    ),
    "personal_adviser_allocated": ("allocated PA", "with a personal adviser"),
    "personal_adviser_caseload": ("PA caseload", "personal adviser caseload"),
    "caseload": ("social worker caseload", "average caseload"),
    "three_or_more_placements": ("placement stability", "3 or more placements", "NI 62"),
    "same_carer_two_years": ("long term placement stability", "NI 63"),
    "care_leavers": ("care leaver cohort", "number of care leavers"),
    "bed_and_breakfast": ("B&B", "in B and B"),
    "health_history_given": ("health passport", "health history"),
}
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
