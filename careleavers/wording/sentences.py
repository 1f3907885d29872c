"""Findings in plain sentences, from the rows that the queries answer. Words only: every finding is a column already."""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.wording.changes import (
    BASE_HIDDEN,
    changes_sentence,
    not_compared,
    not_known,
    share_not_known,
)
from careleavers.wording.findings import (
    ENDS,
    comparator_name,
    in_quarter,
    than,
    verdict_word,
)
from careleavers.wording.formats import (
    Row,
    chance_text,
    count_text,
    interval_text,
    join_words,
    missing,
    period_text,
    plain_number,
    rank_text,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import reason, status
from careleavers.wording.tables import records


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
        return f"the {value} of {region or 'its region'}"
    return f"its neighbours’ mean of {value}"


def figure_phrase(row: Row) -> str:
    """The figure in the words of its indicator: ``46% in education, employment or training``.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/glance.sql``, with the measure's titles, phrase, unit and
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
        A row of ``queries/compare.sql`` or ``queries/glance.sql``, with the measure's titles, phrase, unit and
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
        A row of ``queries/compare.sql`` or ``queries/glance.sql``, with the measure's titles, phrase, unit and
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
        return f"{authority_name}: {sentence_case(str(row['short_title']))} is {status(row['status']).short}"
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
    whole = row.get("england_total")
    return "" if missing(whole) else f"of England’s {value_text(whole, unit, decimals)}"


def _compared(row: Row, against: str, region: str | None) -> str:
    """The figure, what is not known, and what it is compared with, as one phrase."""
    own, other = figure_pair(row)
    said = str(row["phrase"]).replace("{value}", own)
    if not missing(row["comparator"]):
        beside = comparator_words(str(row.get("compared_with") or against), region, other)
        said += f", {than(row['verdict'], too_few=row['too_few'])} {beside}"
    elif whole := part_of_england(row, row["unit"], int(row["decimals"])):
        said += f", {whole}"
    why = not_compared(row) if row["verdict"] == "" else ""
    if why:
        return f"{said}; not compared: {why}"
    return f"{said}, with {not_known(row)}" if not_known(row) else said


def subtitle(row: Row, area: str) -> str:
    """Measure, ages, area and period of a chart: what a reader of a pasted picture needs.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/glance.sql``, with the measure's titles, phrase, unit and
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


def spine_headline(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """The finding of the spine chart: on how many measures better, similar, too few to tell and worse.

    Parameters
    ----------
    rows
        Rows of ``queries/glance.sql``.
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
    rated = rows[(rows["theme"] != "context") & rows["value"].notna()]
    beside = comparator_name(against, region)
    looked = (("better", False), ("similar", False), ("similar", True), ("worse", False))
    counts = {
        verdict_word(verdict, too_few=few): int(((rated["verdict"] == verdict) & (rated["too_few"] == few)).sum())
        for verdict, few in looked
    }
    if not sum(counts.values()):
        return f"{authority_name}: no headline measure can be tested against {beside}"
    parts = [f"{word} on {number}" for word, number in counts.items() if number]
    return f"{authority_name} against {beside}: {join_words(parts)} of {sum(counts.values())} measures"


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
    """What stands behind one figure: count, interval, rank and quarter, change, trend; a sentence a part.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql`` or ``queries/glance.sql``, with the measure's titles, phrase, unit and
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
            f"Not ranked: {share_not_known(row)}, so it is the least that the figure can be and not a good result."
        )
    parts.append(changes_sentence(row))
    return " ".join(part for part in parts if part)


def n_words(own: Row | None, rows: pd.DataFrame) -> str:
    """What n is in a chart's footer: the base of the authority, or how many authorities have a figure.

    Parameters
    ----------
    own
        The row of the chosen authority; None where none is chosen or it is not among the rows.
    rows
        Rows of ``queries/compare.sql``.

    Returns
    -------
    str
    """
    shown = int(rows["value"].notna().sum())
    authorities = f"{shown} authorities"
    if own is None or missing(own["denominator"]):
        return authorities
    return f"{plain_number(own['denominator'])} in this authority, {authorities}"


def without_figure(rows: pd.DataFrame) -> str:
    """The authorities without a figure by why there is none: ``Rutland (suppressed); Devon and Kent (not supplied)``.

    More than a dozen of one kind are counted: the table names them.

    Parameters
    ----------
    rows
        Rows of an answer with one row an authority: ``authority_name``, ``value`` and ``status`` are read.
    """
    named: dict[str, list[str]] = {}
    for row in records(rows[rows["value"].isna()]):
        named.setdefault(status(row["status"]).short, []).append(str(row["authority_name"]))
    return "; ".join(
        f"{join_words(names) if len(names) <= 12 else f'{len(names)} authorities, named in the table'} ({why})"
        for why, names in named.items()
    )


def cautions(own: Row | None, rows: pd.DataFrame, indicator: Any) -> list[str]:
    """What a reader must bear in mind about a comparison, a sentence each; first what concerns the authority.

    Parameters
    ----------
    own
        The row of the chosen authority; None where none is chosen or it is not among the rows.
    rows
        Rows of ``queries/compare.sql``.
    indicator
        The indicator of the catalogue.

    Returns
    -------
    list[str]
    """
    notes = []
    if own is not None and bool(own["small_cohort"]) and not missing(own["value"]):
        notes.append(
            f"A small group: {count_text(own['numerator'], own['denominator'], indicator.unit)}. One person more or "
            "less moves the figure, so look at several years."
        )
    if own is not None and bool(own["joint"]):
        notes.append("This authority sends one return together with another: the figure is of both, and ranked once.")
    if own is not None and bool(own["restated"]):
        notes.append("The department has restated this figure since it first published it; the newest is shown.")
    if indicator.total:
        notes.append(
            "It is a total and grows with the size of a place: no authority’s is compared with England’s or its neighbours’."
        )
    elif own is not None and not missing(own["neighbours_mean"]):
        mean, median = (
            value_text(own[key], indicator.unit, indicator.decimals) for key in ("neighbours_mean", "neighbours_median")
        )
        text = f"Its neighbours’ figure is the plain mean of {int(own['neighbours_count'])} of 10: {mean}; their median is {median}"
        if not missing(own["neighbours_pooled"]):
            pooled = value_text(own["neighbours_pooled"], indicator.unit, indicator.decimals)
            text += f", and all their young people together {pooled}" if indicator.tested else f", and pooled {pooled}"
        notes.append(text + ".")
    elif own is not None:
        notes.append(
            f"Its neighbours’ figure is not shown: only {int(own['neighbours_count'])} of 10 have one, and 5 are needed."
        )
    unranked, bases = int((rows["low_is_no_merit"] & rows["value"].notna()).sum()), int(rows["base_hidden"].sum())
    if unranked:
        notes.append(
            f"{unranked} of the {len(rows)} authorities listed {'is' if unranked == 1 else 'are'} given no rank or quarter, because more than 10% of their "
            "young people, or clearly more than elsewhere, are not known: a low figure is then no merit. They keep "
            "their place in the order, so nobody else’s rank is the better for it."
        )
    if bases:
        notes.append(
            f"{bases} of the {len(rows)} {'has a figure whose base is' if bases == 1 else 'have figures whose bases are'} not published: shown, but not counted in ranks, "
            "quarters or “of how many”."
        )
    if (rows["value"].isna()).any():
        notes.append(f"No figure, and none drawn as zero: {without_figure(rows)}.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def reading_ranked(*, tested: bool) -> str:
    """How to read the ranked chart and what can be done with it.

    Parameters
    ----------
    tested
        Whether the dots have intervals.

    Returns
    -------
    str
    """
    text = "Click a dot to switch to that authority."
    if tested:
        text += " The line through a dot is its 95% interval: how far the figure moves by chance."
    return text
