"""The chart of every measure’s place among authorities in words: its rows, its headline, and the same as a table."""

from __future__ import annotations

import pandas as pd

from careleavers.wording.changes import not_compared
from careleavers.wording.comparators import comparator_name
from careleavers.wording.findings import verdict_word
from careleavers.wording.formats import Row, count_text, join_words, missing, rank_text, value_text, with_age
from careleavers.wording.status import status
from careleavers.wording.tables import records


def spine_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of ``queries/at_a_glance.sql`` with the text columns of the spine chart.

    Adds ``row_label, value_text, count_text, rank_text, verdict_text, status_text``. What cannot be compared has no place between
    worse and better: it gets words in place of a mark.

    Parameters
    ----------
    frame
        Rows of ``queries/at_a_glance.sql``.

    Returns
    -------
    pandas.DataFrame
        The same rows with six more columns; ``value`` is missing where it has no place.
    """
    rows = records(frame)
    values = [value_text(r["value"], r["unit"], int(r["decimals"]), r["status"]) for r in rows]
    return frame.assign(
        row_label=[with_age(str(r["short_title"]), r["age_group"]) for r in rows],
        value=frame["value"].mask(pd.Series([_out_of_place(r) for r in rows], index=frame.index, dtype=bool)),
        value_text=values,
        count_text=[count_text(r["numerator"], r["denominator"], r["unit"]) for r in rows],
        rank_text=[rank_text(r["rank"], r["rank_tied"], r["of"]) for r in rows],
        verdict_text=[verdict_word(r["verdict"], too_few=r["too_few"]) for r in rows],
        status_text=[
            f"{text}, not compared: {not_compared(r)}" if _out_of_place(r) else status(r["status"]).short
            for r, text in zip(rows, values, strict=True)
        ],
    )


def _out_of_place(row: Row) -> bool:
    """Whether a figure has no place between worse and better, because so many are not known or its base is hidden.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``.

    Returns
    -------
    bool
    """
    return not missing(row["value"]) and row["verdict"] == "" and bool(not_compared(row))


def places_table(frame: pd.DataFrame, comparator: str) -> pd.DataFrame:
    """The figures behind the spine chart as texts, a row per measure.

    Parameters
    ----------
    frame
        Rows of ``queries/at_a_glance.sql``.
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


def spine_headline(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """The finding of the spine chart: on how many measures better, similar and worse, and on how many too few people
    are counted to tell.

    Parameters
    ----------
    rows
        Rows of ``queries/at_a_glance.sql``.
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
    # A few people decide the figure of a small group: its verdict stands in the tables and is no finding about the authority.
    small = rated["small_cohort"] & (rated["verdict"] != "")
    counts = {
        verdict_word(verdict): int(((rated["verdict"] == verdict) & ~small).sum())
        for verdict in ("better", "similar", "worse")
    }
    if not sum(counts.values()):
        why = (
            "too few people to say how it compares with" if small.any() else "no headline measure can be tested against"
        )
        return f"{authority_name}: {why} {beside}"
    parts = [f"{word} on {number}" for word, number in counts.items() if number]
    said = f"{authority_name} against {beside}: {join_words(parts)} of {sum(counts.values())} measures"
    return f"{said}; too few people to tell on {int(small.sum())} more" if small.any() else said
