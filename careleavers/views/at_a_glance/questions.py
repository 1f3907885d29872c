"""Questions to ask, in a member’s words and with the counts behind them: rows of ``queries/at_a_glance.sql``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from careleavers.model import counts_are_fractional
from careleavers.views.at_a_glance import words
from careleavers.views.at_a_glance.parts import Question
from careleavers.wording.changes import not_known, not_known_moved
from careleavers.wording.findings import TREND_DIRECTIONS
from careleavers.wording.formats import Row, age_text, count_text, missing, plain_number, value_text


class _Asked(NamedTuple):
    """Of whom a measure is asked, and what they are or have: ``social workers``, ``are``, ``agency workers``."""

    who: str
    verb: str
    what: str


# For any other indicator the question uses its title.
_ASKED = {
    "eet": _Asked("care leavers", "are", "in education, work or training"),
    "neet": _Asked("care leavers", "are", "not in education, work or training"),
    "suitable_accommodation": _Asked("care leavers", "are", "in suitable accommodation"),
    "in_touch": _Asked("care leavers", "are", "in touch with us"),
    "staying_put": _Asked("young people", "are", "staying put with their former foster carers"),
    "three_or_more_placements": _Asked("children in care", "have", "lived in three or more places in a year"),
    "three_or_more_social_workers": _Asked("children in care", "have", "had three or more social workers in a year"),
    "same_carer_two_years": _Asked("children in long-term care", "have", "had the same carer for two years"),
    "agency_rate": _Asked("social workers", "are", "agency workers"),
    "vacancy_rate": _Asked("social worker posts", "are", "vacant"),
    "turnover_rate": _Asked("social workers", "have", "left in a year"),
}
_WHOLE = {
    "absence_rate": "Why do we lose {value} of our social workers’ working time to sickness?",
    "caseload": "Why does each of our social workers have {value} cases on average?",
}
# What is not known of them.
_UNKNOWN = {"activity_not_known": ("what", "are doing"), "accommodation_not_known": ("where", "live")}


def questions(
    findings: Sequence[Row], rows: dict[tuple[str, str], Row], against: str, region: str | None
) -> tuple[Question, ...]:
    """What to ask, the most pressing first.

    Parameters
    ----------
    findings
        Rows of ``queries/at_a_glance_findings.sql``.
    rows
        Rows of ``queries/at_a_glance.sql`` by indicator and age group.
    against, region
        What is compared with.

    Returns
    -------
    tuple[Question, ...]
    """
    return tuple(
        Question(
            question(subject),
            evidence(subject[0], against, region)
            if subject[0]["is_headline"]
            else _unknown_evidence(subject, against, region),
        )
        for subject in words.told(findings, rows, "question")
    )


def question(subject: Sequence[Row]) -> str:
    """The question to ask about one subject; it leads with the first of its figures.

    Parameters
    ----------
    subject
        Rows of ``queries/at_a_glance.sql`` about one subject, the leading one first.

    Returns
    -------
    str
        A sentence that ends with a question mark; counts are given where they are published.
    """
    row = subject[0]
    if row["indicator"] in _UNKNOWN:
        return _of_unknown(subject)
    figure = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
    if row["indicator"] in _WHOLE:
        return _WHOLE[row["indicator"]].replace("{value}", figure)
    age = f" {age_text(row['age_group'])}" if age_text(row["age_group"]) else ""
    if row["indicator"] not in _ASKED:
        return f"What lies behind our {figure} for “{words.lower(str(row['short_title']))}”{age and ','}{age}?"
    asked = _ASKED[row["indicator"]]
    fewer = "fewer" if row["polarity"] == "high" else "more"
    if _worse_since(row):
        since = f"than in {row['period_end'].year - int(row['span'])}"
        return (
            f"Why are {fewer} of our {asked.who}{age} {asked.what} {since}?"
            if asked.verb == "are"
            else f"Why {asked.verb} {fewer} of our {asked.who}{age} {asked.what} {since}?"
        )
    only = "only " if row["polarity"] == "high" else ""
    return f"Why {asked.verb} {only}{_some(row, figure)} {asked.who}{age} {asked.what}?"


def _worse_since(row: Row) -> bool:
    """Whether it is the worsening over a span that is asked about."""
    span = int(row["span"])
    return bool(span) and row[f"change{words.ENDINGS[span]}_verdict"] == "worse"


def _some(row: Row, figure: str) -> str:
    """``273 of our 600``; ``46% of our`` where they are not published or not counted whole, ``all of our``."""
    counted = not missing(row["numerator"]) and not missing(row["denominator"])
    if row["value"] == 100:
        return "all of our"
    if not counted or counts_are_fractional(row["numerator_counts"], row["denominator_counts"], row["unit"]):
        return f"{figure} of our"
    return f"{plain_number(row['numerator'])} of our {plain_number(row['denominator'])}"


def _of_unknown(subject: Sequence[Row]) -> str:
    row = subject[0]
    figure = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
    longer = "no longer know" if _worse_since(row) else "not know"
    what, do = _UNKNOWN[row["indicator"]]
    said = f"Why do we {longer} {what} {_some(row, figure)} care leavers {age_text(row['age_group'])} {do}"
    for other in subject[1:]:
        if other["age_group"] == row["age_group"] and other["indicator"] in _UNKNOWN:
            what, do = _UNKNOWN[other["indicator"]]
            many = (
                value_text(other["value"], other["unit"], int(other["decimals"]))
                if missing(other["numerator"])
                else plain_number(other["numerator"])
            )
            # The figures do not say who they are, so the two answers may not be missing for the same people.
            said += f", or {what} {many} {do}"
            break
    return f"{said}?"


def _unknown_evidence(subject: Sequence[Row], against: str, region: str | None) -> str:
    row, *others = subject
    parts = [f"{_own(row)} not known{_before(row)}", words.compared(row, against, region)]
    other = next((each for each in others if each["indicator"] == row["indicator"]), None)
    said = words.sentence(parts)
    if other is not None:
        said += f" {age_text(other['age_group']).capitalize()}: {_own(other)}{_counted(other)}."
    return said + _cautions(row)


def evidence(row: Row, against: str, region: str | None) -> str:
    """What a question rests on: the figure with its counts, what it was, what it is compared with, what is not known.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``.
    against, region
        The comparator: its code, and the name of the authority’s region.

    Returns
    -------
    str
    """
    parts = [f"{_own(row)}{_counted(row)}{_before(row)}", words.compared(row, against, region), not_known(row)]
    if int(row["span"]):
        parts.append(not_known_moved(row, words.ENDINGS[int(row["span"])]))
    said = words.sentence(parts)
    if not int(row["span"]) and (direction := TREND_DIRECTIONS[row["trend"]]):
        said += f" It has been {direction} over five years."
    return said + _cautions(row)


def _own(row: Row) -> str:
    return value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])


def _counted(row: Row) -> str:
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    return f" ({counted})" if counted else ""


def _before(row: Row) -> str:
    """``, 71% in 2020`` where the change since then is clear."""
    span = int(row["span"])
    if not span:
        return ""
    before = float(row["value"]) - float(row[f"change{words.ENDINGS[span]}"])
    text = value_text(before, row["unit"], int(row["decimals"]))
    return f", {text} in {row['period_end'].year - span}"


def _cautions(row: Row) -> str:
    said = " A small group: one person more or less moves it." if row["small_cohort"] else ""
    if row["joint_with"]:
        said += f" The figure is of a joint return with {row['joint_with']}."
    return said
