"""What a measure is made of, such as the reasons for NEET, as a table and a caution: rows of ``queries/parts.sql``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from careleavers.model import ENGLAND_CODE
from careleavers.views.context import Context
from careleavers.wording.formats import count_text, in_period, missing, value_text, with_age
from careleavers.wording.status import status
from careleavers.wording.tables import records


@dataclass(frozen=True)
class PartsView:
    """A measure and its parts.

    Attributes
    ----------
    subject
        What they are of: measure, ages and period.
    table
        A row for the whole and for each part.
    alt
        What the table holds, for those who cannot see it.
    caution
        How to read them together.
    """

    subject: str
    table: pd.DataFrame
    alt: str
    caution: str


def build_view(
    context: Context, indicator: str, age_group: str, period: str, code: str | None, name: str | None
) -> PartsView | None:
    """A measure and its parts in one period, for an authority or, where none is chosen, for England.

    Parameters
    ----------
    context
        What the view is made from.
    indicator, age_group, period
        The measure, or one of its parts, and the last day of the period (ISO).
    code, name
        The authority; None for England.

    Returns
    -------
    PartsView or None
        None for a measure without parts, and in a period in which none of them was counted.
    """
    rows = context.query("parts", indicator=indicator, age_group=age_group, area=code or ENGLAND_CODE, period=period)
    if rows.empty:
        return None
    whole = context.indicators[str(rows["indicator"].iloc[0])]
    when = in_period(dt.date.fromisoformat(period), str(rows["basis"].iloc[0]))
    return PartsView(
        subject=f"{with_age(whole.title, age_group)}, {when}:",
        table=parts_table(rows, name or "England"),
        alt=f"{whole.short_title} and what it includes",
        caution=parts_caution(rows),
    )


def parts_table(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The whole, then each part.

    Parameters
    ----------
    rows
        Rows of ``queries/parts.sql``, at least one.
    name
        The area.

    Returns
    -------
    pandas.DataFrame
        Columns: Measure, the name of the area (figure with its counts), England, Note (why there is none). England
        only where the area is another, Note only where there is one.
    """
    table = []
    for row in records(rows):
        unit, decimals = str(row["unit"]), int(row["decimals"])
        figure = value_text(row["value"], unit, decimals, row["status"])
        counted = count_text(row["numerator"], row["denominator"], unit)
        cells = {
            "Measure": row["short_title"],
            name: f"{figure} ({counted})" if counted and not missing(row["value"]) else figure,
        }
        if name != "England":
            cells["England"] = value_text(row["england"], unit, decimals)
        table.append(cells | {"Note": status(str(row["status"])).reason})
    frame = pd.DataFrame(table)
    return frame if frame["Note"].any() else frame.drop(columns="Note")


def parts_caution(rows: pd.DataFrame) -> str:
    """How to read a measure and its parts together.

    Parameters
    ----------
    rows
        Rows of ``queries/parts.sql``, the whole among them.

    Returns
    -------
    str
        A sentence or two.
    """
    whole = str(rows.loc[rows["is_whole"], "short_title"].iloc[0])
    together = (
        f"Together they are everybody counted under “{whole}”. "
        if rows["adds_up"].any()
        else f"They are part of “{whole}”, and are shares of the same young people. "
    )
    return f"{together}Counts are small: a few young people can change a figure a lot, and many councils’ are hidden to protect privacy."
