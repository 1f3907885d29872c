"""What is said about authorities on one measure: chart texts, sentences, the table and the download, from ``queries/compare.sql``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.charts.styles import marked_name
from careleavers.model import AGAINST, Indicator
from careleavers.wording.changes import change_text, not_compared
from careleavers.wording.findings import BAND_WORDS, QUARTER_WORDS, TREND_WORDS, in_words, verdict_text, verdict_title
from careleavers.wording.formats import (
    Row,
    count_text,
    figure_column,
    join_words,
    missing,
    plain_number,
    rank_text,
    rounded_column,
    sentence_case,
    value_text,
)
from careleavers.wording.status import NOBODY, status
from careleavers.wording.tables import brief_note, records, table_places

# Pixels of the columns that the page shows at first, which fill a screen. The other columns are shown on request.
WIDTHS = {
    "Rank": 54, "Authority": 190, "Figure (%)": 82, "Number": 82, "Average": 82, "Per 10,000": 92, "Figure (£)": 82,
    "Count": 60, "Base": 60, "Quarter": 68, **dict.fromkeys(map(verdict_title, AGAINST), 130),
    "Since the year before": 156, "Note": 144,
}  # fmt: skip


def with_texts(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Rows of ``queries/compare.sql`` with the text columns a chart draws.

    Adds ``value_text, count_text, rank_text, band_text, status_text, unknown_text`` (why a figure is not ranked).

    Parameters
    ----------
    frame
        Rows of ``queries/compare.sql``.
    indicator
        The indicator of the catalogue.

    Returns
    -------
    pandas.DataFrame
        The same rows with six more columns.
    """
    rows = records(frame)
    return frame.assign(
        value_text=[value_text(r["value"], indicator.unit, indicator.decimals, r["status"]) for r in rows],
        count_text=[count_text(r["numerator"], r["denominator"], indicator.unit) for r in rows],
        rank_text=[rank_text(r["rank"], r["rank_tied"], r["of"]) for r in rows],
        band_text=[sentence_case(BAND_WORDS[r["band"]]) for r in rows],
        status_text=[status(r["status"]).short for r in rows],
        unknown_text=[
            not_compared(
                {**r, "polarity": indicator.polarity, "not_known_first": r["not_known_first"] or r["low_is_no_merit"]}
            )
            for r in rows
        ],
    )


def comparison_table(frame: pd.DataFrame, indicator: Indicator, against: str) -> pd.DataFrame:
    """The table shown with the ranked chart: one row per authority, figures as numbers so that it sorts, findings as words.

    The chosen authority comes first, marked. What does not apply to the measure is left out.

    Parameters
    ----------
    frame
        Rows of ``queries/compare.sql``.
    indicator
        The indicator of the catalogue.
    against
        What is compared with: ``england``, ``region`` or ``neighbours``.

    Returns
    -------
    pandas.DataFrame
        Rank, Authority, Region, the figure with its unit, Count, Base, From, To (the 95% interval), Quarter, Against…,
        Not known (%), Since the year before, Over two years, Over five years, Five-year trend, Note.
    """
    figure = figure_column(indicator.unit)
    beside = verdict_title(against)
    frame = frame.sort_values("is_chosen", ascending=False, kind="stable").reset_index(drop=True)
    rows = records(frame)
    table = pd.DataFrame(
        {
            "Rank": frame["rank"].astype("Int64"),
            "Authority": [marked_name(r["authority_name"], "chosen" if r["is_chosen"] else "other") for r in rows],
            "Region": frame["region"],
            figure: rounded_column(frame["value"], table_places(indicator)),
            "Count": frame["numerator"],
            "Base": frame["denominator"],
            "Interval from": rounded_column(frame["lower"], 1),
            "Interval to": rounded_column(frame["upper"], 1),
            "Quarter": [QUARTER_WORDS[band] for band in frame["band"]],
            beside: [
                verdict_text(r["verdict"], not_compared({**r, "polarity": indicator.polarity}), too_few=r["too_few"])
                for r in rows
            ],
            "Not known (%)": rounded_column(frame["not_known_share"], 1),
            "Since the year before": [
                change_text(r["change"], r["change_verdict"], indicator.unit, indicator.decimals) for r in rows
            ],
            "Over two years": [
                change_text(r["change_2"], r["change_2_verdict"], indicator.unit, indicator.decimals) for r in rows
            ],
            "Over five years": [
                change_text(r["change_5"], r["change_5_verdict"], indicator.unit, indicator.decimals) for r in rows
            ],
            "Five-year trend": [TREND_WORDS[r["trend"]] for r in rows],
            "Note": [brief_note(r) for r in rows],
        }
    )
    if indicator.polarity == "neutral":
        table = table.drop(columns=["Rank", "Quarter"])
    if not indicator.not_known_phrase:
        table = table.drop(columns=["Not known (%)"])
    if not indicator.tested:
        table = table.drop(columns=["Interval from", "Interval to", beside, "Five-year trend"])
    if indicator.total:
        table = table.drop(columns=["Count", "Base"])
    return table


def download_table(frame: pd.DataFrame, indicator: Indicator, age_group: str) -> pd.DataFrame:
    """The rows as they are exported, with ids: exact values, findings, source and release in columns of their own.

    Parameters
    ----------
    frame
        Rows of ``queries/compare.sql``.
    indicator
        The indicator of the catalogue.
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``age_group``, then those columns of the query that the file keeps.
    """
    columns = [
        "authority_code", "authority_name", "region", "period_end", "numerator", "denominator", "value",
        "published_value", "status", "base_hidden", "not_known_share", "low_is_no_merit", "rank", "rank_tied", "of", "band", "lower",
        "upper", "england", "england_total", "neighbours_mean", "neighbours_count", "compared_with", "verdict", "too_few", "change", "change_verdict",
        "change_2", "change_2_verdict", "change_5", "change_5_verdict", "trend", "layer", "source", "release",
    ]  # fmt: skip
    kept = in_words(frame[[column for column in columns if column in frame.columns]])
    kept.insert(0, "indicator", indicator.id)
    kept.insert(1, "age_group", age_group)
    return kept


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
    if not own["denominator"]:
        return f"{authorities}; {NOBODY} in this authority"
    return f"{plain_number(own['denominator'])} in this authority, {authorities}"


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
            "less changes the figure a lot, so look at several years."
        )
    if own is not None and bool(own["joint"]):
        notes.append(
            "This authority sends one return together with another: the figure covers both, and is ranked once."
        )
    if own is not None and bool(own["restated"]):
        notes.append("The department has restated this figure since it first published it; the newest is shown.")
    if indicator.total:
        notes.append(
            "It is a total, so it is larger in larger places: it is not compared with England or with neighbours."
        )
    elif own is not None and not missing(own["neighbours_mean"]):
        mean, median = (
            value_text(own[key], indicator.unit, indicator.decimals) for key in ("neighbours_mean", "neighbours_median")
        )
        text = f"Its neighbours’ figure is the plain average (mean) of {_of_ten(own['neighbours_count'])}: {mean}; the middle one (median) is {median}"
        if not missing(own["neighbours_pooled"]):
            pooled = value_text(own["neighbours_pooled"], indicator.unit, indicator.decimals)
            text += (
                f", and all their young people together {pooled}"
                if indicator.tested
                else f", and taken all together {pooled}"
            )
        notes.append(text + ".")
    elif own is not None:
        notes.append(
            f"Its neighbours’ figure is not shown: only {int(own['neighbours_count'])} of 10 have one, and 5 are needed."
        )
    unranked, bases = int((rows["low_is_no_merit"] & rows["value"].notna()).sum()), int(rows["base_hidden"].sum())
    if unranked:
        notes.append(
            f"{unranked} of the {len(rows)} authorities listed {'is' if unranked == 1 else 'are'} given no rank or quarter, because more than 10% of their "
            "young people, or clearly more than elsewhere, are not known, so a low figure may not be good news. They keep "
            "their place in the order, so nobody else’s rank is the better for it."
        )
    if bases:
        notes.append(
            f"{bases} of the {len(rows)} {'has a figure whose base is' if bases == 1 else 'have figures whose bases are'} not published: shown, but not counted in ranks, "
            "quarters or “of how many”."
        )
    if (rows["value"].isna()).any():
        notes.append(f"No figure, so not drawn: {without_figure(rows)}.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def _of_ten(count: object) -> str:
    """``all 10``; ``9 of 10``."""
    return "all 10" if int(count) == 10 else f"{int(count)} of 10"  # type: ignore[call-overload]


def without_figure(rows: pd.DataFrame) -> str:
    """The authorities without a figure by why there is none: ``Rutland (suppressed); Devon and Kent (not supplied)``.

    More than a dozen of one kind are counted: the table names them.

    Parameters
    ----------
    rows
        Rows of an answer with one row per authority: ``authority_name``, ``value`` and ``status`` are read.

    Returns
    -------
    str
    """
    named: dict[str, list[str]] = {}
    for row in records(rows[rows["value"].isna()]):
        named.setdefault(status(row["status"]).short, []).append(str(row["authority_name"]))
    return "; ".join(
        f"{join_words(names) if len(names) <= 12 else f'{len(names)} authorities, named in the table'} ({why})"
        for why, names in named.items()
    )


def reading(*, tested: bool) -> str:
    """How to read the ranked chart.

    Parameters
    ----------
    tested
        Whether the dots have intervals.

    Returns
    -------
    str
        A sentence; "" where there is nothing to explain.
    """
    return "The line through a dot is its 95% interval: how far the figure moves by chance." if tested else ""
