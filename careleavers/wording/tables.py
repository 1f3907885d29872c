"""Query rows as what people read: text columns for charts, tables on the page, and tables to download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.charts.styles import marked_name
from careleavers.charts.template import Footer
from careleavers.charts.text import records as frame_records
from careleavers.model import LICENCE_NAME, Indicator
from careleavers.wording.changes import BASE_HIDDEN, change_text, not_compared, share_not_known
from careleavers.wording.findings import (
    BAND_WORDS,
    QUARTER_WORDS,
    TREND_WORDS,
    in_words,
    verdict_text,
    verdict_title,
    verdict_word,
)
from careleavers.wording.formats import (
    LAYER_WORDS,
    POLARITY_WORDS,
    UNIT_WORDS,
    Row,
    count_text,
    day_text,
    figure_column,
    join_words,
    missing,
    period_text,
    published_text,
    rank_text,
    sentence_case,
    taken_text,
    value_text,
    with_age,
)
from careleavers.wording.status import reason, status


def records(frame: pd.DataFrame, indicator: Indicator | None = None, age_group: str = "") -> list[dict[str, Any]]:
    """The rows as dictionaries; with ``indicator`` each also carries its titles, phrase, unit and decimals.

    Parameters
    ----------
    frame
        The answer to a query.
    indicator
        The measure that all rows are of, where the rows do not say so themselves.
    age_group
        Its age group.

    Returns
    -------
    list[dict[str, Any]]
    """
    about: dict[str, Any] = {}
    if indicator is not None:
        about = {
            "title": indicator.title,
            "short_title": indicator.short_title,
            "phrase": indicator.phrase,
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "polarity": indicator.polarity,
            "age_group": age_group,
        }
    return [{**row, **about} for row in frame_records(frame)]


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


def spine_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``queries/glance.sql`` with the text columns of the spine chart: ``row_label, value_text, verdict_text, status_text``.

    What cannot be compared has no place between worse and better: it gets words in place of a mark.

    Parameters
    ----------
    frame
        Rows of ``queries/glance.sql``.

    Returns
    -------
    pandas.DataFrame
    """
    rows = records(frame)
    values = [value_text(r["value"], r["unit"], int(r["decimals"]), r["status"]) for r in rows]
    return frame.assign(
        row_label=[with_age(str(r["short_title"]), r["age_group"]) for r in rows],
        value=frame["value"].mask(pd.Series([out_of_place(r) for r in rows], index=frame.index, dtype=bool)),
        value_text=values,
        count_text=[count_text(r["numerator"], r["denominator"], r["unit"]) for r in rows],
        rank_text=[rank_text(r["rank"], r["rank_tied"], r["of"]) for r in rows],
        verdict_text=[verdict_word(r["verdict"], too_few=r["too_few"]) for r in rows],
        status_text=[
            f"{text}, not compared: {not_compared(r)}" if out_of_place(r) else status(r["status"]).short
            for r, text in zip(rows, values, strict=True)
        ],
    )


def out_of_place(row: Row) -> bool:
    """Whether a figure has no place between worse and better, because so many are not known or its base is hidden.

    Parameters
    ----------
    row
        A row of ``queries/glance.sql``.

    Returns
    -------
    bool
    """
    return not missing(row["value"]) and row["verdict"] == "" and bool(not_compared(row))


def comparison_table(frame: pd.DataFrame, indicator: Indicator, against: str) -> pd.DataFrame:
    """The table shown with the ranked chart: one row an authority, figures as numbers so that it sorts, findings as words.

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
            figure: frame["value"].round(max(indicator.decimals, 1)),
            "Count": frame["numerator"],
            "Base": frame["denominator"],
            "From": frame["lower"].round(1),
            "To": frame["upper"].round(1),
            "Quarter": [QUARTER_WORDS[band] for band in frame["band"]],
            beside: [
                verdict_text(r["verdict"], not_compared({**r, "polarity": indicator.polarity}), too_few=r["too_few"])
                for r in rows
            ],
            "Not known (%)": frame["not_known_share"].round(1),
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
            "Note": [row_note(r) for r in rows],
        }
    )
    if indicator.polarity == "neutral":
        table = table.drop(columns=["Rank", "Quarter"])
    if not indicator.not_known_phrase:
        table = table.drop(columns=["Not known (%)"])
    if not indicator.tested:
        table = table.drop(columns=["From", "To", beside, "Five-year trend"])
    if indicator.total:
        table = table.drop(columns=["Count", "Base"])
    return table


def row_note(row: Row) -> str:
    """What a reader must know about one figure: why it is missing, small, joint or restated.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql``.

    Returns
    -------
    str
    """
    notes = []
    if reason(row):
        notes.append(reason(row))
    if row.get("base_hidden"):
        notes.append(f"Not ranked or compared: {BASE_HIDDEN}.")
    elif row.get("low_is_no_merit") and not missing(row["value"]):
        notes.append(f"Not ranked: {share_not_known(row)}.")
    elif row.get("not_known_first") and not missing(row["value"]):
        notes.append(f"{share_not_known(row)}.")
    if row.get("small_cohort") and not missing(row["value"]):
        notes.append("Small group: the base is under the number below which one person moves it much.")
    if row.get("joint"):
        notes.append("Joint return of two authorities, ranked once.")
    if row.get("restated"):
        notes.append("Restated by the department since it was first published.")
    return " ".join(notes)


def short_note(row: Row) -> str:
    """The same in as few words as a table cell holds: ``small group, restated``.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql``.

    Returns
    -------
    str
    """
    words = {"small_cohort": "small group", "joint": "joint return", "restated": "restated"}
    return ", ".join(text for column, text in words.items() if row.get(column))


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


def about(
    indicator: Indicator,
    age_group: str,
    period_end: Any,
    basis: str,
    source: Row,
    taken: dt.date,
    version: str,
) -> dict[str, str]:
    """What a downloaded table says of itself: what is counted, unit, polarity, period, caveats, source, licence, date.

    Parameters
    ----------
    indicator
        The indicator of the catalogue.
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.
    period_end
        Last day of the period: a date, a timestamp or an ISO text.
    basis
        What the period covers: ``full_year``, ``snapshot``, ``quarter``, ``rolling_12m`` or ``year_to_date``.
    source
        A row of ``queries/release.sql``.
    taken
        The day of the download or picture.
    version
        The data version that the figures are of.

    Returns
    -------
    dict[str, str]
        Heading to text, in the order of the file.
    """
    return {
        "Indicator": with_age(indicator.title, age_group),
        "Period": sentence_case(period_text(period_end, basis)),
        "What is counted": f"{indicator.numerator_counts}, of {indicator.denominator_counts}"
        if indicator.denominator_counts
        else indicator.numerator_counts,
        "Unit": UNIT_WORDS[indicator.unit],
        "Which way is better": sentence_case(POLARITY_WORDS[indicator.polarity]),
        "Caveats": indicator.caveats,
        "Source": f"{source['publisher']}, {source['title']}",
        "Release": f"{source['release']} ({published_text(source['published'])})",
        "Licence": str(source["licence"]),
        "Taken": taken_text(taken, version),
    }


def chart_footer(source: Row, layer: str, n: str, taken: dt.date) -> Footer:
    """The foot of a picture: source, release, layer, the day it was taken, and what n is.

    Parameters
    ----------
    source
        A row of ``queries/release.sql``.
    layer
        Whose figures: ``published``, ``provisional`` or ``final``.
    n
        What was counted, and how many.
    taken
        The day of the download or picture.

    Returns
    -------
    Footer
    """
    return Footer(
        source=f"{source['publisher']}, {source['title']}",
        release=f"{source['release']} release, {published_text(source['published'])}",
        layer=LAYER_WORDS[layer],
        taken=day_text(taken),
        n=n,
    )


def upload_words(found: Sequence[Row]) -> str:
    """The uploads that figures come from: ``upload 12 (14 October 2025)``; the first and last of many.

    Parameters
    ----------
    found
        Rows of ``queries/release.sql``, one an upload.

    Returns
    -------
    str
    """
    said = [f"{row['release']} ({row['published']})" for row in found]
    if len(said) > 4:
        said = [f"{len(said)} between {said[0]}", said[-1]]
    return f"{'upload' if len(found) == 1 else 'uploads'} {join_words(said)}"


def mixed_footer(releases: Sequence[Row], layer: str, taken: dt.date) -> Footer:
    """The foot of a picture whose measures come from several releases (rows of ``queries/release.sql``).

    Parameters
    ----------
    releases
        Rows of ``queries/release.sql``.
    layer
        Whose figures: ``published``, ``provisional`` or ``final``.
    taken
        The day of the download or picture.

    Returns
    -------
    Footer
    """
    publishers = list(dict.fromkeys(str(r["publisher"]) for r in releases))
    titles = list(dict.fromkeys(str(r["title"]) for r in releases))
    numbers = [f"{r['release']} ({published_text(r['published'])})" for r in releases]
    return Footer(
        source=f"{join_words(publishers)}, {join_words(titles)}",
        release="; ".join(numbers),
        layer=LAYER_WORDS[layer],
        taken=day_text(taken),
        n="n differs by measure: see the table",
    )


def glance_download(frame: pd.DataFrame) -> pd.DataFrame:
    """The home page's rows as they are exported: ids, exact values, findings, source and release.

    Parameters
    ----------
    frame
        Rows of ``queries/glance.sql``.

    Returns
    -------
    pandas.DataFrame
    """
    inner = [
        "position",
        "is_headline",
        "span",
        "phrase",
        "years",
        "values",
        "numerator_counts",
        "denominator_counts",
        "concern",
        "asks",
        "not_known_phrase",
    ]
    return in_words(frame.drop(columns=inner))


def glance_about(
    authority_name: str, against_words: str, footer: Footer | None, taken: dt.date, version: str
) -> dict[str, str]:
    """What the home page's download says of itself.

    Parameters
    ----------
    authority_name
        The authority as it is named on pages.
    against_words
        The comparator in words.
    footer
        The foot of a picture of the same figures, which names their sources and releases; None where there is no figure.
    taken
        The day of the download or picture.
    version
        The data version that the figures are of.

    Returns
    -------
    dict[str, str]
    """
    return {
        "Authority": authority_name,
        "Compared with": against_words,
        **({"Source": footer.source, "Release": footer.release} if footer else {}),
        "Licence": LICENCE_NAME,
        "Caveats": "Outcomes are for the year to 31 March; the workforce is counted on 30 September. The definition and "
        "caveats of each measure are on the Definitions page.",
        "Taken": taken_text(taken, version),
    }


def spread_table(frame: pd.DataFrame, comparator: str) -> pd.DataFrame:
    """The figures behind the spine chart as texts, a row a measure.

    Parameters
    ----------
    frame
        Rows of ``queries/glance.sql``.
    comparator
        Heads the column of what the verdict compares with.

    Returns
    -------
    pandas.DataFrame
        Measure, Figure, England, the comparator, Lowest, Middle half from, Middle, Middle half to, Highest.
    """
    ends = {
        "Lowest": "minimum",
        "Middle half from": "q25",
        "Middle": "median",
        "Middle half to": "q75",
        "Highest": "maximum",
    }
    table: list[dict[str, str]] = []
    for row in records(frame):
        text = {"Figure": value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])}
        columns = {"England": "england", comparator: "comparator", **ends}
        for title, column in columns.items():
            absent = missing(row[column])
            text[title] = "" if absent else value_text(row[column], row["unit"], int(row["decimals"]))
        table.append({"Measure": with_age(str(row["short_title"]), row["age_group"]), **text})
    return pd.DataFrame(table)
