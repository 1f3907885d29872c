"""What stands behind the headline measures of one authority, as a table: rows of ``queries/at_a_glance_detail.sql``."""

from __future__ import annotations

import pandas as pd

from careleavers.wording.changes import BASE_HIDDEN, change_text, share_not_known
from careleavers.wording.formats import (
    Row,
    count_text,
    join_words,
    missing,
    period_name,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records

HOMELESSNESS = "homelessness"


def detail_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per measure and age group.

    Parameters
    ----------
    rows
        Rows of ``queries/at_a_glance_detail.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: Measure (with age and period), Figure (with its counts), A year before (and what has happened
        since), England, Note (why there is none, or a small group).
    """
    table = []
    for row in records(rows):
        unit, decimals = row["unit"], int(row["decimals"])
        figure = value_text(row["value"], unit, decimals, row["status"])
        counted = count_text(row["numerator"], row["denominator"], unit)
        when = period_name(row["period_end"], row["basis"])
        before = ""
        if not missing(row["before"]):
            since = change_text(row["value"] - row["before"], row["change_verdict"], unit, decimals)
            before = f"{value_text(row['before'], unit, decimals)}: {since}"
        table.append(
            {
                "Measure": f"{with_age(row['short_title'], row['age_group'])}, {when}",
                "Figure": f"{figure} ({counted})" if counted and not missing(row["value"]) else figure,
                "A year before": before,
                "England": _england(row),
                "Note": _note(row),
            }
        )
    return pd.DataFrame(table)


def _england(row: Row) -> str:
    """England's figure; of a total, which is not compared, that it is of all England."""
    whole, unit, decimals = row["england_total"], row["unit"], int(row["decimals"])
    return (
        value_text(row["england"], unit, decimals) if missing(whole) else f"{value_text(whole, unit, decimals)} in all"
    )


def _note(row: Row) -> str:
    """Why there is no figure; else what to bear in mind about it: who is not known, a base that is hidden, a small group."""
    if missing(row["value"]):
        return status(row["status"]).reason
    parts = [sentence_case(BASE_HIDDEN) if row["base_hidden"] else ""]
    if share_not_known(row):
        parts.append(
            share_not_known(row) + (", so a low figure may not be good news" if row["low_is_no_merit"] else "")
        )
    parts.append("Small group" if row["small_cohort"] else "")
    return " ".join(f"{part}." for part in parts if part)


def detail_caution(rows: pd.DataFrame) -> str:
    """What to bear in mind about all of them together.

    Parameters
    ----------
    rows
        Rows of ``queries/at_a_glance_detail.sql``.

    Returns
    -------
    str
        A sentence or two.
    """
    said = [
        "None of these is among the headline measures: they help to explain them. A small group, or a count of a few "
        "households, can move a long way by chance."
    ]
    if (rows["family"] == HOMELESSNESS).any():
        said.append(
            "Homelessness: more recorded need can mean better recording as well as more homelessness, so neither high nor "
            "low is better, and no authority is ranked."
        )
    untested = rows.loc[(rows["unit"] == "percent") & (rows["interval"] == "none"), "short_title"].drop_duplicates()
    if len(untested):
        said.append(
            f"No counts are published, so these cannot be tested: {join_words(f'“{title}”' for title in untested)}."
        )
    return " ".join(said)
