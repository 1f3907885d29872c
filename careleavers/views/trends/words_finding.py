"""The finding about one measure over the years: the newest figure, how it has moved, and what stands behind it.

From the rows of ``queries/trends.sql``. Words only: change, trend, interval and verdict are columns of those rows.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.model import Indicator
from careleavers.wording.changes import (
    SPANS,
    ChangeWords,
    clear_spans,
    explain_once,
    longer_changes,
    longest_change,
    not_compared,
    not_known,
    trend,
    trend_code,
    trend_is_told,
    year_before,
)
from careleavers.wording.findings import (
    CHANGE_WORDS,
    CLEAR,
    TREND_VERDICTS,
    over_five_years,
    than_comparator,
)
from careleavers.wording.formats import (
    Row,
    chance_text,
    count_text,
    in_period,
    interval_text,
    join_words,
    missing,
    said_in_period,
    sentence_case,
    size_text,
    value_text,
    with_age,
)
from careleavers.wording.sentences import comparator_words, part_of_england
from careleavers.wording.status import reason, status
from careleavers.wording.tables import records

NO_TREND = {"", "no_clear_trend"}


def newest(frame: pd.DataFrame, series: str) -> dict[str, Any] | None:
    """The last annual published row of a series; None where it has none.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``.
    series
        ``authority`` or ``england``.

    Returns
    -------
    dict[str, Any] or None
        A row of ``queries/trends.sql`` as a dictionary.
    """
    rows = frame[(frame["layer"] == "published") & (frame["series"] == series)]
    return next(iter(records(rows.tail(1))), None)


def change_phrase(row: Row, indicator: Indicator) -> ChangeWords:
    """What happened since the year before, in words that agree with the test.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``, such as :func:`newest` gives.
    indicator
        The measure.

    Returns
    -------
    ChangeWords
    """
    clear = year_before({**row, "unit": indicator.unit, "decimals": indicator.decimals})
    if clear.explained and not row["base_hidden"] and not missing(row["change"]):
        return clear
    said = _unclear(row, indicator)
    return ChangeWords(said, said)


def _unclear(row: Row, indicator: Indicator) -> str:
    """The same where no test says that the figure has changed."""
    verdict = str(row["change_verdict"])
    if row["base_hidden"]:
        return "not compared with other years, because its base is not published"
    if missing(row["change"]) or not verdict:
        return "no figure for the year before to compare with"
    if verdict == "no_clear_change":
        return f"{CHANGE_WORDS[verdict]} on the year before"
    size = size_text(row["change"], indicator.unit, indicator.decimals)
    direction = "up" if float(row["change"]) > 0 else "down"
    return (
        "the same as the year before"
        if float(row["change"]) == 0
        else f"{direction} {size} on the year before (not tested for chance)"
    )


def trend_phrase(row: Row, indicator: Indicator) -> ChangeWords:
    """The five-year trend in words: empty where the measure has no counts to test.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``, such as :func:`newest` gives.
    indicator
        The measure.

    Returns
    -------
    ChangeWords
    """
    if not indicator.tested:
        return ChangeWords("", "")
    code = trend_code(row)
    if code not in NO_TREND:
        return trend(row)
    said = over_five_years(code) if code else "too few years in a row to test for a trend"
    return ChangeWords(said, said)


def movement(row: Row, indicator: Indicator) -> str:
    """Change and trend as one phrase: ``no clear change on the year before and no statistically clear trend …``.

    A clear change over two or five years is named with its size, and the trend then only where it is clear too.

    Parameters
    ----------
    row
        A row of ``queries/trends.sql``, such as :func:`newest` gives.
    indicator
        The measure.

    Returns
    -------
    str
    """
    since, sloping = change_phrase(row, indicator), trend_phrase(row, indicator)
    if row["base_hidden"] or not sloping.explained:
        return since.explained
    measured = {**row, "unit": indicator.unit, "decimals": indicator.decimals}
    over = longer_changes(measured)
    verdict, moving = str(row["change_verdict"]), trend_code(row)
    if not moving and not verdict and not over.explained:
        looked = [words for span, words in SPANS if row[f"change{span}_verdict"]]
        if looked:
            return f"no figure for the year before, and no more than chance over {join_words(looked, last='or')}"
        return "too few years in a row to say whether it has changed"
    change, longer, along = explain_once([since, over, sloping])
    if longer:
        along = longer + (f"; {along}" if moving not in NO_TREND and not trend_is_told(measured) else "")
    clear_change, clear_later = verdict in CLEAR, bool(longer) or moving not in NO_TREND
    ways = {verdict, TREND_VERDICTS[moving]}
    ways |= {str(row[f"change{span}_verdict"]) for span in clear_spans(row) if span}
    turned = {"better", "worse"} <= ways
    return f"{change}{', but' if clear_change != clear_later or turned else ' and'} {along}"


def _foremost(row: Row, indicator: Indicator) -> ChangeWords:
    """The one change for the title: the clear one over the longest span, else the trend; empty where neither is clear."""
    if row["base_hidden"]:
        return ChangeWords("", "")
    longest = longest_change({**row, "unit": indicator.unit, "decimals": indicator.decimals})
    return longest if longest.alone or trend_code(row) in NO_TREND else trend_phrase(row, indicator)


def headline(row: Row | None, name: str, indicator: Indicator, age_group: str) -> str:
    """The finding of the page: the newest figure, and the one change that is more than chance over the longest time.

    Every other change stands in :func:`detail`. Where the title says how many are not known, how that has moved stands there too.

    Parameters
    ----------
    row
        What :func:`newest` gave; None where there is no figure at all.
    name
        The authority, or England.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.

    Returns
    -------
    str
    """
    if row is None:
        return f"{name}: there are no figures for “{with_age(indicator.short_title, age_group)}”"
    when = in_period(row["period_end"], row["basis"])
    if missing(row["value"]):
        return f"{name}: no figure for “{sentence_case(indicator.short_title)}” {when} ({status(row['status']).short})"
    value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
    said = indicator.phrase.replace("{value}", value)
    unknown = not_known(row, first=row["not_known_first_england"])
    said = said_in_period(said, row["period_end"], row["basis"])
    change = _foremost(row, indicator)
    moved = (change.alone if unknown else change.explained) or movement(row, indicator)
    return f"{name}: {said}{f', with {unknown}' if unknown else ''}; {moved}"


def detail(row: Row | None, frame: pd.DataFrame, indicator: Indicator, against: str, region: str | None) -> str:
    """What stands behind the newest figure: its changes, count, interval, comparison; or the last figure there is.

    Parameters
    ----------
    row
        What :func:`newest` gave; None where there is no figure at all.
    frame
        Rows of ``queries/trends.sql``.
    indicator
        The measure.
    against, region
        The comparator: its code, and the name of the authority's region (None without one).

    Returns
    -------
    str
    """
    if row is None:
        return ""
    if missing(row["value"]):
        shown = frame[
            (frame["area_code"] == row["area_code"]) & (frame["layer"] == "published") & frame["value"].notna()
        ]
        why = reason(row)
        if shown.empty:
            return f"{why} There is no figure in any of the years."
        last = records(shown.tail(1))[0]
        value = value_text(last["value"], indicator.unit, indicator.decimals, last["status"])
        return f"{why} The last figure is {value}, {in_period(last['period_end'], last['basis'])}."
    parts = []
    change, moved = _foremost(row, indicator), movement(row, indicator)
    if change.alone and moved not in change:
        parts.append(f"Over the years: {moved}.")
    counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
    between = interval_text(row["lower"], row["upper"], indicator.unit, indicator.decimals)
    if counted and between and row["series"] == "authority":
        parts.append(f"{sentence_case(counted)}. {chance_text(between, row['denominator'], row.get('rounded'))}.")
    elif counted:
        parts.append(f"{sentence_case(counted)}.")
    column = {"england": "england", "region": "region_value", "neighbours": "neighbours_mean"}[against]
    if row["series"] == "authority" and not missing(row[column]):
        value = value_text(row[column], indicator.unit, indicator.decimals)
        own = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
        verdict = str(row[f"verdict_{against}"])
        if own == value and verdict not in {"", "similar"}:
            value = value_text(row[column], indicator.unit, indicator.decimals + 1)
        beside = comparator_words(against, region, value)
        why = not_compared({**row, "polarity": indicator.polarity}, first=row[f"not_known_first_{against}"])
        not_said = f"Not compared with {beside}: {why}." if why and not verdict else ""
        if verdict:
            said = sentence_case(
                f"{than_comparator(verdict, beside, too_few=row[f'too_few_{against}'], same=own == value)}."
            )
        else:
            said = f"For reference: {beside}."
        parts.append(not_said or said)
    if row["series"] == "authority" and (part := part_of_england(row, indicator.unit, indicator.decimals)):
        parts.append(f"{sentence_case(part)}.")
    return " ".join(parts)
