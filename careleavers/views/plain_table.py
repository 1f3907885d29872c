"""A frame as a plain HTML table: for paper, where a table does not scroll, and for whoever reads before scripts run."""

from __future__ import annotations

import html

import pandas as pd

from careleavers.wording.formats import missing
from careleavers.wording.tables import column_places


def plain_table(frame: pd.DataFrame, caption: str, columns: int | None = None) -> str:
    """Write out every row of a table.

    Parameters
    ----------
    frame
        The table. Its first column names the row.
    caption
        What it holds, for those who do not see it.
    columns
        How many columns to write out, from the left; all of them by default.

    Returns
    -------
    str
        HTML in which every text is escaped. A missing cell is empty.
    """
    frame = frame.iloc[:, :columns]
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame)
    places = [column_places(frame.iloc[:, place]) for place in range(len(frame.columns))]
    rows = (
        "".join(
            f"<td>{cell(each, of)}</td>" if place else f'<tr><th scope="row">{cell(each, of)}</th>'
            for place, (each, of) in enumerate(zip(row, places, strict=True))
        )
        + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    return (
        f'<table><caption class="cl-hidden">{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def cell(value: object, places: int = 0) -> str:
    """A cell as HTML: empty where nothing is there, a number with its thousands parted.

    Parameters
    ----------
    value
        Text or a number.
    places
        The decimals of its column (:func:`careleavers.wording.tables.column_places`).

    Returns
    -------
    str
    """
    if missing(value):
        return ""
    return html.escape(f"{value:,.{places}f}" if isinstance(value, float) else str(value))
