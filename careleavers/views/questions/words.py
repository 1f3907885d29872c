"""Questions to ask, in a member’s words and with the counts behind them.

``row`` is a row of ``queries/at_a_glance.sql``, ``ask`` one of ``queries/questions.sql``: the rule's words and what to fill in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from careleavers.model import counts_are_fractional
from careleavers.views.at_a_glance import words
from careleavers.views.inspections.words import judged_month
from careleavers.views.watch_list.words import distance_text, target_text
from careleavers.wording.changes import not_known, not_known_moved
from careleavers.wording.findings import TREND_DIRECTIONS, VERDICT_WORDS
from careleavers.wording.formats import (
    Row,
    age_text,
    count_text,
    join_words,
    missing,
    period_label,
    period_name,
    plain_number,
    rounded,
    sentence_case,
    value_text,
    with_age,
)

# To be asked after each answer.
CLASSICS = (
    "What do you know about this?",
    "How do you know it?",
    "What are you doing about it, and when will we see a difference?",
)
ABOUT = (
    "These questions come from the figures alone, by fixed rules: what is not known comes first, then what is worse than "
    "elsewhere and getting worse. They do not say why something is so: that is for the answer."
)
ABOUT_TARGETS = (
    "These questions come from the figures and from the targets of the watch list alone, by fixed rules: what is not known comes first, "
    "then what is worse than elsewhere and getting worse, then targets that are missed. They do not say why something is so: that is for "
    "the answer."
)
ALWAYS = "These three always help:"
NOTHING = "None of this council’s figures calls for a question under these rules."
CLOSED = "There is nobody to ask: this council no longer exists."
# How many measures a question about a small group lists.
_MOST_LISTED = 4


# By measure: rows of queries/watch_list.sql that call for a question.
Targets = Mapping[tuple[str, str], Row]
_WHOSE = {"local": "our own", "statutory": "the statutory", "national": "the national"}


def question(subject: Sequence[Row], asks: Sequence[Row], targets: Targets | None = None) -> str:
    """The question to ask about one subject; it leads with the first of its figures.

    Parameters
    ----------
    subject
        Rows of ``queries/at_a_glance.sql`` about one subject, the leading one first.
    asks
        The rows of ``queries/questions.sql`` that belong to them.
    targets
        The targets that are missed.

    Returns
    -------
    str
        A sentence that ends with a question mark; counts are given where they are published.
    """
    row, ask = subject[0], asks[0]
    if not missing(ask["instead"]) and ask["topic"] == "figure" and ask["rule"] in _PLAIN:
        return _filled(str(ask["instead"]), subject, asks, targets or {})
    known = not missing(ask["who"]) or ask["topic"] != "figure" or missing(ask["wording_other"])
    return _filled(str(ask["wording"] if known else ask["wording_other"]), [row, *subject[1:]], asks, targets or {})


# Rules that say no more than that a figure is poor: a measure with a question of its own is asked about with that.
_PLAIN = {"worse", "worse_trend", "bottom_quarter", "since", "trend", "worse_since"}


def _filled(wording: str, subject: Sequence[Row], asks: Sequence[Row], targets: Targets) -> str:
    row, ask = subject[0], asks[0]
    target = targets.get(_measure(row))
    age = age_text(row["age_group"])
    figure = own(row)
    given = {
        "figure": figure,
        "some": _some(row, figure),
        "who": str(ask["who"]) if not missing(ask["who"]) else "care leavers",
        "verb": str(ask["verb"]) if not missing(ask["verb"]) else "are",
        "what": str(ask["what"]) if not missing(ask["what"]) else "",
        "age": f" {age}" if age else "",
        "comma_age": f", {age}" if age else "",
        "since": f"than in {row['period_end'].year - int(row['span'])}" if int(row["span"]) else "than before",
        "title": words.lower(str(row["short_title"])),
        "unknown": _unknown(subject, asks) if ask["topic"] == "not_known" else "",
        "cohort": "" if missing(row["denominator"]) else plain_number(row["denominator"]),
        "joint_with": str(row["joint_with"]),
        "target": ""
        if target is None
        else f"{_WHOSE[target['kind']]} target is {target_text({**target, 'tolerance': 0})}",
    }
    return sentence_case(wording.format_map(given))


def _measure(row: Row) -> tuple[str, str]:
    return str(row["indicator"]), str(row["age_group"])


def _some(row: Row, figure: str) -> str:
    """``273 of our 600``; ``46% of our`` where they are not published or not counted whole, ``all of our``."""
    counted = not missing(row["numerator"]) and not missing(row["denominator"])
    if row["value"] == 100:
        return "all of our"
    if not counted or counts_are_fractional(row["numerator_counts"], row["denominator_counts"], row["unit"]):
        return f"{figure} of our"
    return f"{plain_number(row['numerator'])} of our {plain_number(row['denominator'])}"


def _unknown(subject: Sequence[Row], asks: Sequence[Row]) -> str:
    """``what 81 of our 600 care leavers aged 19 to 21 are doing, or where 81 live``."""
    row, ask = subject[0], asks[0]
    said = f"{ask['who']} {_some(row, own(row))} care leavers {age_text(row['age_group'])} {ask['verb']}"
    for other, asked in zip(subject[1:], asks[1:], strict=True):
        if other["age_group"] == row["age_group"]:
            many = own(other) if missing(other["numerator"]) else plain_number(other["numerator"])
            # The figures do not say who they are, so the two answers may not be missing for the same people.
            return f"{said}, or {asked['who']} {many} {asked['verb']}"
    return said


def evidence(
    subject: Sequence[Row],
    asks: Sequence[Row],
    against: str,
    region: str | None,
    every: dict[tuple[str, str], Row],
    targets: Targets | None = None,
) -> str:
    """What a question rests on, in a sentence or two.

    Parameters
    ----------
    subject, asks
        As for :func:`question`.
    against, region
        The comparator: its code, and the name of the authority’s region.
    every
        All rows of ``queries/at_a_glance.sql`` by indicator and age group.
    targets
        The targets that are missed.

    Returns
    -------
    str
    """
    row, ask = subject[0], asks[0]
    if ask["topic"] == "not_known":
        return _unknown_evidence(subject, against, region)
    if ask["topic"] == "small":
        return _small_evidence(subject)
    if ask["topic"] == "hidden":
        return f"Hidden to protect privacy: {_titles(subject, periods=True)}."
    if ask["topic"] == "joint":
        # Two of the measures cover a year, so the day below the question is not said of each.
        return f"{sentence_case(_titles(subject))}: each figure counts the social workers of both councils."
    # A measure that At a glance does not have is compared with nothing.
    said = figure_evidence(row, against, region) if "trend" in row else f"{own(row)}{_counted(row)}."
    if not missing(ask["before_value"]):
        said += f" {_since_inspection(row, ask)}"
    if not missing(ask["beside"]) and (beside := every.get((str(ask["beside"]), str(row["age_group"])))):
        said += f" {_beside(beside, against, region)}"
    return " ".join(
        [said, *(_missed(each, row, target) for each in subject if (target := (targets or {}).get(_measure(each))))]
    )


def _missed(row: Row, lead: Row, target: Row) -> str:
    """``Our own target, at least 50%, is missed: 4.5 points too low; it would take 27 more young people.``"""
    whose = f"{sentence_case(_WHOSE[target['kind']])} target"
    of = "" if row is lead else f" for {words.lower(with_age(str(row['short_title']), str(row['age_group'])))}"
    return f"{whose}{of}, {target_text(target)}, is missed: {distance_text(target)}."


def figure_evidence(row: Row, against: str, region: str | None) -> str:
    """What a question about a figure rests on: the figure with its counts, what it was, what it is compared with, what is not known.

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
    parts = [f"{own(row)}{_counted(row)}{_before(row)}", words.compared(row, against, region), not_known(row)]
    if int(row["span"]):
        parts.append(not_known_moved(row, words.ENDINGS[int(row["span"])]))
    said = words.sentence(parts)
    if not int(row["span"]) and (direction := TREND_DIRECTIONS[row["trend"]]):
        said += f" It has been {direction} over five years."
    return said + _cautions(row)


def others(subject: Sequence[Row], asks: Sequence[Row], against: str, region: str | None) -> str:
    """The same measure at the other ages, where it calls for the same question; "" where it does not.

    Parameters
    ----------
    subject, asks, against, region
        As for :func:`evidence`.

    Returns
    -------
    str
    """
    row = subject[0]
    if asks[0]["topic"] != "figure":
        return ""
    return " ".join(
        words.sentence(
            [
                f"{age_text(each['age_group'])}: {own(each)}{_counted(each)}{_before(each)}{_elsewhen(each, row)}",
                words.compared(each, against, region),
            ]
        )
        for each in subject[1:]
        if each["indicator"] == row["indicator"]
    )


def neighbour(row: Row, ask: Row) -> str:
    """Whom to ask how they do it: ``Ask Salford: at 61% it does best of the close neighbours.``; "" where nobody does better.

    Parameters
    ----------
    row, ask
        The leading figure of a subject, and what is asked about it.

    Returns
    -------
    str
    """
    if missing(ask["best_neighbour"]) or ask["topic"] not in {"figure", "not_known"}:
        return ""
    best = value_text(ask["best_value"], row["unit"], int(row["decimals"]))
    name = str(ask["best_neighbour"])
    for ending in (", City of", ", County of"):
        name = name.removesuffix(ending)
    at = f"with {best} not known" if ask["topic"] == "not_known" else f"at {best}"
    return f"Ask {name}: {at} it does best of the close neighbours."


def source(row: Row, title: str, release: str) -> str:
    """The period and the source of a question’s figure: ``Year to March 2025. Children looked after, 2025.``

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``.
    title, release
        The publication.

    Returns
    -------
    str
    """
    return f"{sentence_case(period_name(row['period_end'], row['basis']))}. {title}, {release}."


def asked_in(day: dt.date) -> str:
    """``Asked in July 2026``.

    Parameters
    ----------
    day
        The day of the meeting.

    Returns
    -------
    str
    """
    return f"Asked in {period_label(day)}"


def _unknown_evidence(subject: Sequence[Row], against: str, region: str | None) -> str:
    row, *rest = subject
    # Of two answers that are asked about together, the figures are those of the first.
    two = any(each["indicator"] != row["indicator"] and each["age_group"] == row["age_group"] for each in rest)
    share = f"{row['short_title']}: {own(row)}" if two else f"{own(row)} not known"
    parts = [f"{share}{_before(row)}", words.compared(row, against, region)]
    other = next((each for each in rest if each["indicator"] == row["indicator"]), None)
    said = words.sentence(parts)
    if other is not None:
        said += f" {age_text(other['age_group']).capitalize()}: {own(other)}{_counted(other)}{_elsewhen(other, row)}."
    return said + _cautions(row)


def _small_evidence(subject: Sequence[Row]) -> str:
    row = subject[0]
    shown = [
        f"{words.lower(str(each['short_title']))} {own(each)}{_counted(each)}{_elsewhen(each, row)}"
        for each in subject[:_MOST_LISTED]
    ]
    worth = rounded(100 / float(row["denominator"]), 0)
    return (
        f"{sentence_case('; '.join(shown))}. One young person more or less moves a percentage by about {worth} "
        f"{'point' if worth == '1' else 'points'}, so draw no conclusions from a difference or a change."
    )


def _since_inspection(row: Row, ask: Row) -> str:
    before = value_text(ask["before_value"], row["unit"], int(row["decimals"]))
    return (
        f"It was {before} in {period_label(ask['before_period'])}, the last figure from before Ofsted’s inspection in "
        f"{judged_month(ask)}; an average cannot be tested for chance."
    )


def _beside(row: Row, against: str, region: str | None) -> str:
    label = words.compared_label(str(row["compared_with"] or against), region)
    comparator = value_text(row["comparator"], row["unit"], int(row["decimals"]))
    return f"{row['short_title']}: {own(row)}{_counted(row)}, {VERDICT_WORDS[row['verdict']]} ({label} {comparator})."


def _titles(subject: Sequence[Row], *, periods: bool = False) -> str:
    shown = (
        words.lower(str(each["short_title"])) + (_elsewhen(each, subject[0], " (", ")") if periods else "")
        for each in subject
    )
    return join_words(dict.fromkeys(shown))


def _elsewhen(row: Row, lead: Row, before: str = ", ", after: str = "") -> str:
    """``, year to March 2024`` where that is not the period of the leading figure, which stands below the question."""
    if row["period_end"] == lead["period_end"]:
        return ""
    return f"{before}{period_name(row['period_end'], row['basis'])}{after}"


def own(row: Row) -> str:
    """The figure as shown.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``.

    Returns
    -------
    str
    """
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
    said = " A small group: one person more or less changes it a lot." if row["small_cohort"] else ""
    if row["joint_with"]:
        said += f" The figure comes from a joint return with {row['joint_with']}."
    return said
