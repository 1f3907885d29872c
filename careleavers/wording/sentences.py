"""Findings on one figure in plain sentences, wherever it is shown. Words only: every finding is a column already."""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.wording.changes import BASE_HIDDEN, changes_sentence, not_compared, not_known, share_not_known
from careleavers.wording.findings import ENDS, in_quarter, than_comparator
from careleavers.wording.formats import (
    Row,
    chance_text,
    count_text,
    interval_text,
    missing,
    period_text,
    rank_text,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import reason, status


def comparator_words(against: str, region: str | None, value: str) -> str:
    """What is compared with and its value: ``England’s 54%``, ``its neighbours’ mean of 55%``.

    Parameters
    ----------
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.
    region
        The authority's region by name; None for “its region”.
    value
        The comparator's figure as text.

    Returns
    -------
    str
    """
    if against == "england":
        return f"England’s {value}"
    if against == "region":
        return f"{_with_article(region) if region else 'its region'}’s {value}"
    return f"its neighbours’ mean of {value}"


def _with_article(region: str) -> str:
    """``the South East``, ``London``."""
    return region if region.startswith("Yorkshire") or region.endswith("London") else f"the {region}"


def figure_phrase(row: Row) -> str:
    """The figure in the words of its indicator: ``46% in education, employment or training``.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/at_a_glance.sql``, with the measure's titles, phrase, unit and
        decimals.

    Returns
    -------
    str
    """
    value = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
    return str(row["phrase"]).replace("{value}", value)


def figure_pair(row: Row) -> tuple[str, str]:
    """The figure's and its comparator's value as text.

    Where a test distinguishes two values that round to the same text, both get one more decimal: “worse than 54%”
    must not stand next to 54%.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/at_a_glance.sql``, with the measure's titles, phrase, unit and
        decimals.

    Returns
    -------
    tuple[str, str]
        The figure's text, then the comparator's.
    """
    decimals = int(row["decimals"])
    own = value_text(row["value"], row["unit"], decimals, row["status"])
    other = value_text(row["comparator"], row["unit"], decimals)
    if own == other and row["verdict"] not in {"", "similar"}:
        own = value_text(row["value"], row["unit"], decimals + 1, row["status"])
        other = value_text(row["comparator"], row["unit"], decimals + 1)
    return own, other


def headline(row: Row, authority_name: str, against: str, region: str | None) -> str:
    """One sentence on one figure of an authority, agreeing with the verdict in every state.

    ``row``: phrase, short_title, age_group, unit, decimals, value, status, comparator, verdict, too_few; compared_with stands
    in for ``against`` where the query compared with something else, and how many are not known is said where that
    comes first.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/at_a_glance.sql``, with the measure's titles, phrase, unit and
        decimals.
    authority_name
        The authority as it is named on pages.
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.
    region
        The authority's region by name; None where it has none.

    Returns
    -------
    str
    """
    if missing(row["value"]):
        return f"{authority_name}: no figure for “{sentence_case(str(row['short_title']))}” ({status(row['status']).short})"
    return f"{authority_name}: {_compared(row, against, region)}"


def part_of_england(row: Row, unit: str, decimals: int) -> str:
    """Of a total, what it is a part of: ``of England’s 7,380``; empty for what is compared, and where England has none.

    Parameters
    ----------
    row
        A row with ``england_total``.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.

    Returns
    -------
    str
    """
    whole = england_whole(row, unit, decimals)
    return f"of England’s {whole}" if whole else ""


def england_whole(row: Row, unit: str, decimals: int) -> str:
    """England's total: ``7,380``; empty for what is compared, and where England has none.

    Parameters
    ----------
    row
        A row with ``england_total``.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.

    Returns
    -------
    str
    """
    whole = row.get("england_total")
    return "" if missing(whole) else value_text(whole, unit, decimals)


def _compared(row: Row, against: str, region: str | None) -> str:
    """The figure, what is not known, and what it is compared with, as one phrase."""
    own, other = figure_pair(row)
    said = str(row["phrase"]).replace("{value}", own)
    if not missing(row["comparator"]):
        beside = comparator_words(str(row.get("compared_with") or against), region, other)
        too_few, same = row["too_few"], own == other
        compared = than_comparator(row["verdict"], beside, too_few=too_few, same=same)
        said += f", {'with ' if too_few and not same else ''}{compared}"
    elif whole := part_of_england(row, row["unit"], int(row["decimals"])):
        said += f", {whole}"
    why = not_compared(row) if row["verdict"] == "" else ""
    if why:
        return f"{said}; not compared: {why}"
    return f"{said}, {'and' if row['too_few'] else 'with'} {not_known(row)}" if not_known(row) else said


def subtitle(row: Row, area: str) -> str:
    """Measure, ages, area and period of a chart: what a reader of a pasted picture needs.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/at_a_glance.sql``, with the measure's titles, phrase, unit and
        decimals.
    area
        What the chart covers, in words.

    Returns
    -------
    str
    """
    return ". ".join(
        sentence_case(part)
        for part in (
            with_age(str(row["title"]), row["age_group"]),
            area,
            period_text(row["period_end"], row["basis"]),
        )
        if part
    )


def range_headline(rows: pd.DataFrame, indicator: Any, age_group: str) -> str:
    """The finding of a ranked chart when no authority is picked out: England's figure and the lowest and highest.

    Parameters
    ----------
    rows
        Rows of ``queries/compare.sql``.
    indicator
        The indicator of the catalogue.
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.

    Returns
    -------
    str
    """
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{with_age(indicator.title, age_group)}: no authority has a figure"
    england, whole = rows["england"].iloc[0], rows["england_total"].iloc[0]
    low, high = shown["value"].min(), shown["value"].max()
    span = (
        f"from {value_text(low, indicator.unit, indicator.decimals)} to "
        f"{value_text(high, indicator.unit, indicator.decimals)} among authorities"
    )
    if not missing(whole):
        said = indicator.phrase.replace("{value}", value_text(whole, indicator.unit, indicator.decimals))
        return f"England: {said} in all, {span}"
    if missing(england):
        return f"{with_age(indicator.short_title, age_group)}: {span}"
    said = indicator.phrase.replace("{value}", value_text(england, indicator.unit, indicator.decimals))
    return f"England: {said}, {span}"


def detail(row: Row) -> str:
    """What stands behind one figure: count, interval, rank and quarter, change, trend; a sentence per part.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/at_a_glance.sql``, with the measure's titles, phrase, unit and
        decimals.

    Returns
    -------
    str
    """
    if missing(row["value"]):
        return reason(row)
    parts = []
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    between = interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"]))
    if counted and between:
        parts.append(f"{counted}. {chance_text(between, row['denominator'])}.")
    elif counted:
        parts.append(f"{counted}.")
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    if ranked:
        quarter = f", {in_quarter(row['band'])}" if row["band"] in ENDS else ""
        parts.append(f"Ranked {ranked} authorities{quarter}.")
    elif row["base_hidden"]:
        parts.append(f"Not ranked or compared: {BASE_HIDDEN}.")
    elif row["low_is_no_merit"]:
        parts.append(
            f"Not ranked: {share_not_known(row)}, so the true figure may be higher: this is no sign of a good result."
        )
    parts.append(changes_sentence(row))
    return " ".join(part for part in parts if part)
