"""Query rows as what people read: text columns for charts, tables on the page, and tables to download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.charts.template import Footer
from careleavers.charts.text import frame_records, lower_first
from careleavers.model import Indicator
from careleavers.wording.changes import BASE_HIDDEN, share_not_known
from careleavers.wording.formats import (
    LAYER_WORDS,
    POLARITY_WORDS,
    UNIT_WORDS,
    Row,
    day_text,
    join_words,
    missing,
    period_text,
    published_text,
    sentence_case,
    taken_text,
    with_age,
)
from careleavers.wording.status import STATUSES, reason, status


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
    rows = frame_records(frame)
    return [{**row, **about} for row in rows] if about else rows


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
        notes.append("Small group: one person more or less changes the figure a lot.")
    if row.get("joint"):
        notes.append("Joint return of two authorities, ranked once.")
    if row.get("restated"):
        notes.append("Restated by the department since it was first published.")
    return " ".join(notes)


# Notes that a cell has room for, each with what it means, for a line under the table.
_BRIEF_NOTES = {
    "Small group": "Small group: one person more or less changes the figure a lot.",
    "Joint return": "Joint return: two authorities send their figures together; they are ranked once.",
    "Restated": "Restated: the department has changed the figure since it was first published.",
}


def brief_note(row: Row) -> str:
    """The same as :func:`row_note` in the few words that a cell of a table on the screen shows: ``14% not known, small group``.

    Parameters
    ----------
    row
        A row of ``queries/compare.sql``.

    Returns
    -------
    str
        What they mean is for :func:`note_key` to say.
    """
    held = not missing(row["value"])
    parts = [sentence_case(status(str(row["status"])).brief)] if row["status"] not in {"", "ok"} else []
    if row.get("base_hidden"):
        parts.append("Not ranked: base not published")
    elif held and row.get("low_is_no_merit"):
        parts.append(f"Not ranked: {share_not_known(row)}")
    elif held and row.get("not_known_first"):
        parts.append(share_not_known(row))
    marked = {
        "Small group": held and row.get("small_cohort"),
        "Joint return": row.get("joint"),
        "Restated": row.get("restated"),
    }
    parts += [name for name, applies in marked.items() if applies]
    return ", ".join([*parts[:1], *(lower_first(part) for part in parts[1:])])


def note_key(table: pd.DataFrame) -> str:
    """What the notes of a table mean, those of :func:`brief_note` that are in it.

    Parameters
    ----------
    table
        A table; it may have a column Note.

    Returns
    -------
    str
        Sentences; "" where no note needs one.
    """
    if "Note" not in table:
        return ""
    notes = "\n".join(map(str, table["Note"])).lower()
    said = {each.brief.lower(): each.reason for each in STATUSES.values() if each.brief}
    said |= {name.lower(): means for name, means in _BRIEF_NOTES.items()}
    return " ".join(means for name, means in said.items() if name in notes)


def table_places(indicator: Indicator) -> int:
    """How many decimals a table has of figures worked out from counts: enough to tell ranks apart; of sums of money none.

    Parameters
    ----------
    indicator
        The measure.

    Returns
    -------
    int
    """
    return 0 if indicator.unit == "pounds" else max(indicator.decimals, 1)


def column_places(values: pd.Series) -> int:
    """How many decimals all numbers of a column are shown with: one where any of them has more than none.

    Where only whole percentages are published, a column of them is whole.

    Parameters
    ----------
    values
        A column of a table; what is not a number with decimals does not count.

    Returns
    -------
    int
    """
    if not (values.dtype == object or pd.api.types.is_float_dtype(values)):
        return 0
    return int(any(isinstance(each, float) and each == each and round(each, 1) != round(each) for each in values))


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
        **provenance([source], taken, version),
    }


def provenance(sources: Sequence[Row], taken: dt.date, version: str) -> dict[str, str]:
    """Where downloaded figures come from: source, release, licence, and the day and data version they were taken at.

    Parameters
    ----------
    sources
        Rows of ``queries/release.sql``.
    taken
        The day of the download.
    version
        The data version that the figures are of.

    Returns
    -------
    dict[str, str]
        Heading to text, in the order of the file; several sources are parted by semicolons.
    """
    return {
        "Source": "; ".join(dict.fromkeys(f"{row['publisher']}, {row['title']}" for row in sources)),
        "Release": "; ".join(
            dict.fromkeys(f"{row['release']} ({published_text(row['published'])})" for row in sources)
        ),
        "Licence": join_words(dict.fromkeys(str(row["licence"]) for row in sources)),
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
        release=f"{source['release']}, {published_text(source['published'])}",
        layer=LAYER_WORDS[layer],
        taken=day_text(taken),
        n=n,
    )


def upload_words(found: Sequence[Row]) -> str:
    """The uploads that figures come from: ``upload 12 (14 October 2025)``; the first and last of many.

    Parameters
    ----------
    found
        Rows of ``queries/release.sql``, one per upload.

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
