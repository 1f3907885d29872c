"""The words of findings. The queries give codes; the text for each of them is here and nowhere else.

The codes are listed in ``queries/rules/1_macros.sql``, and those that only one query gives in
``queries/rules/4_funnel.sql`` and at the head of that query; ``tests/test_findings.py`` holds the two together. Nothing
here decides a finding, and no text written here is ever read back as a code.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from careleavers.wording.formats import missing

# Against a comparator.
VERDICT_MARKS = {"better": "▲", "similar": "●", "worse": "▼", "higher": "△", "lower": "▽", "": "○"}
VERDICT_WORDS = {
    "better": "better",
    "similar": "similar",
    "worse": "worse",
    "higher": "higher",
    "lower": "lower",
    "": "not compared",
}
# Comes before the comparator. A figure that is not compared is only given with it.
THAN = {
    "better": "better than",
    "worse": "worse than",
    "similar": "similar to",
    "higher": "higher than",
    "lower": "lower than",
    "": "against",
}

# The only verdict on a group so small that one or two people decide its figure (``too_few``).
TOO_FEW, THAN_TOO_FEW = "too few to tell", "too few people to say whether it differs from"
# Where both figures read the same: “92%, differs from England’s 92%” would puzzle.
THE_SAME_TOO_FEW = "much the same as {}, but with too few people to be sure"

# Since one, two or five years before: the verdicts that a test calls a change, in the order in which they are named.
CLEAR = ("better", "worse", "higher", "lower")
CHANGE_WORDS = {
    "better": "better",
    "worse": "worse",
    "higher": "higher",
    "lower": "lower",
    "no_clear_change": "no clear change",
    "not_tested": "not tested",
    "": "",
}

# Over five years: for a table, for a narrow place, and the two parts that a trend is made of; :func:`over_five_years` has the sentence.
TREND_WORDS = {
    "increasing_better": "rising, better",
    "increasing_worse": "rising, worse",
    "decreasing_better": "falling, better",
    "decreasing_worse": "falling, worse",
    "increasing": "rising",
    "decreasing": "falling",
    "no_clear_trend": "no statistically clear trend",
    "": "",
}
TREND_BRIEF = {
    "increasing_better": "getting better",
    "increasing_worse": "getting worse",
    "decreasing_better": "getting better",
    "decreasing_worse": "getting worse",
    "increasing": "rising",
    "decreasing": "falling",
    "no_clear_trend": "no clear five-year trend",
    "": "",
}
TREND_DIRECTIONS = {
    "increasing_better": "rising",
    "increasing_worse": "rising",
    "decreasing_better": "falling",
    "decreasing_worse": "falling",
    "increasing": "rising",
    "decreasing": "falling",
    "no_clear_trend": "",
    "": "",
}
TREND_VERDICTS = {
    "increasing_better": "better",
    "increasing_worse": "worse",
    "decreasing_better": "better",
    "decreasing_worse": "worse",
    "increasing": "",
    "decreasing": "",
    "no_clear_trend": "",
    "": "",
}
# How the share of those not known moved, where that may explain the figure's change.
NOT_KNOWN_TREND_WORDS = {"increasing": "rising", "decreasing": "falling", "": ""}

# The quarter of authorities that a figure lies in.
BAND_WORDS = {"A": "top quarter", "B": "second quarter", "C": "third quarter", "D": "bottom quarter", "": ""}
# The same in a column that is headed “Quarter”.
QUARTER_WORDS = {"A": "top", "B": "second", "C": "third", "D": "bottom", "": ""}
# Those worth a word in a sentence.
ENDS = ("A", "D")

# A council's own aim.
TARGET_WORDS = {"met": "met", "not_met": "not met", "": ""}

# Where a figure lies in a funnel: in a download, and in words. The usual range is what the wider limits enclose.
SIDE_WORDS = {
    "above_998": "above",
    "above_95": "near the upper edge",
    "inside": "inside",
    "below_95": "near the lower edge",
    "below_998": "below",
    "": "",
}
SIDE_PLACES = {
    "above_998": "above the usual range",
    "above_95": "near the upper edge of the usual range",
    "inside": "inside the usual range",
    "below_95": "near the lower edge of the usual range",
    "below_998": "below the usual range",
    "": "not on the chart",
}
# Those outside the wider limits, and how a list of them begins.
SIDE_LISTS = {"above_998": "Above the usual range", "below_998": "Below the usual range"}

# How two measures go together.
STRENGTH_WORDS = {"very_weak": "very weak", "weak": "weak", "moderate": "moderate", "strong": "strong", "": ""}
# What a link of that strength means for somebody who looks at one authority.
STRENGTH_MEANS = {
    "very_weak": "Either figure says next to nothing about the other.",
    "weak": "Either figure says little about the other: many authorities do not follow the pattern.",
    "moderate": "Either figure says something about the other, but many authorities do not follow the pattern.",
    "strong": "Either figure says a good deal about the other, though some authorities do not follow the pattern.",
    "": "",
}
DIRECTION_WORDS = {
    "together": "where one is higher, the other tends to be higher too",
    "opposite": "where one is higher, the other tends to be lower",
    "unclear": "and there may be none",
    "": "",
}

# A neighbour's figure compared with the authority's own, where neither is tested.
OWN_SIDE_WORDS = {
    "higher": "with a higher figure",
    "lower": "with a lower figure",
    "same": "with the same figure",
    "": "",
}

# The columns of findings that a download or an export gives in words.
_IN_DOWNLOADS: Mapping[str, Mapping[str, str]] = {
    "change_verdict": CHANGE_WORDS,
    "change_2_verdict": CHANGE_WORDS,
    "change_5_verdict": CHANGE_WORDS,
    "trend": TREND_WORDS,
    "not_known_trend": NOT_KNOWN_TREND_WORDS,
    "target_met": TARGET_WORDS,
    "side": SIDE_WORDS,
    "band": BAND_WORDS,
}


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a query with words in place of the codes of changes, trends, targets, sides and quarters, for readers outside.

    The codes of verdicts are words already.

    Parameters
    ----------
    frame
        The answer to a query; of its columns those with codes of findings are replaced.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns.

    Raises
    ------
    KeyError
        For a code that has no words.
    """
    given = {column: words for column, words in _IN_DOWNLOADS.items() if column in frame.columns}
    return frame.assign(
        **{
            column: [code if missing(code) else words[code] for code in frame[column]]
            for column, words in given.items()
        }
    )


def over_five_years(code: str) -> str:
    """``falling over five years, which is worse``; ``no statistically clear trend over five years``. ``code`` is not empty.

    Parameters
    ----------
    code
        The code of a five-year trend, not empty.

    Returns
    -------
    str
    """
    verdict = TREND_VERDICTS[code]
    return f"{TREND_DIRECTIONS[code] or TREND_WORDS[code]} over five years" + (
        f", which is {verdict}" if verdict else ""
    )


def in_quarter(band: str) -> str:
    """``in the bottom quarter``; empty where there is no quarter.

    Parameters
    ----------
    band
        The code of a quarter, ``A`` (the top) to ``D``; empty where there is none.

    Returns
    -------
    str
    """
    return f"in the {BAND_WORDS[band]}" if band else ""


def comparators_name(against: str) -> str:
    """What authorities are compared with, in a sentence about many: ``their neighbours’ mean``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.

    Returns
    -------
    str
    """
    return {"neighbours": "their neighbours’ mean", "region": "their region", "england": "England"}[against]


def verdict_title(against: str) -> str:
    """The heading of verdicts of many authorities: ``Against its own neighbours``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.

    Returns
    -------
    str
    """
    return {
        "neighbours": "Against its own neighbours",
        "region": "Against its own region",
        "england": "Against England",
    }[against]


def verdict_label(against: str) -> str:
    """:func:`verdict_title` where a column on a small screen has room for no more: ``vs own neighbours``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.

    Returns
    -------
    str
    """
    return {"neighbours": "vs own neighbours", "region": "vs own region", "england": "vs England"}[against]


def verdict_word(verdict: str, *, too_few: bool = False) -> str:
    """The word of a verdict: ``better``; ``too few to tell``.

    Parameters
    ----------
    verdict
        The code of a verdict; empty where nothing is compared.
    too_few
        The column of that name: whether it is ``similar`` because the group is small.

    Returns
    -------
    str
    """
    return TOO_FEW if too_few else VERDICT_WORDS[verdict]


def than(verdict: str, *, too_few: bool = False) -> str:
    """What comes before the comparator: ``better than``; ``too few people to say whether it differs from``.

    Parameters
    ----------
    verdict
        The code of a verdict; empty where nothing is compared.
    too_few
        The column of that name: whether it is ``similar`` because the group is small.

    Returns
    -------
    str
    """
    return THAN_TOO_FEW if too_few else THAN[verdict]


def than_comparator(verdict: str, comparator: str, *, too_few: bool = False, same: bool = False) -> str:
    """A verdict with its comparator: ``better than England’s 54%``; ``much the same as England’s 92%, but with too few people …``.

    Parameters
    ----------
    verdict
        The code of a verdict; empty where nothing is compared.
    comparator
        What is compared with, in words.
    too_few
        The column of that name: whether it is ``similar`` because the group is small.
    same
        Whether both figures read the same. A decimal more would say nothing of a few people.

    Returns
    -------
    str
    """
    if too_few and same:
        return THE_SAME_TOO_FEW.format(comparator)
    return f"{than(verdict, too_few=too_few)} {comparator}"


def verdict_text(verdict: str, why: str = "", *, too_few: bool = False) -> str:
    """Mark and word: ``▲ better``; ``○ not compared``, with why where that is said: ``○ not compared: 66% not known``.

    Parameters
    ----------
    verdict
        The code of a verdict; empty where nothing is compared.
    why
        Why it is not compared; empty where that is not said.
    too_few
        The column of that name: whether it is ``similar`` because the group is small.

    Returns
    -------
    str
    """
    word = verdict_word(verdict, too_few=too_few)
    return f"{VERDICT_MARKS[verdict]} {word}" + (f": {why}" if why and not verdict else "")
