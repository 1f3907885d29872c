"""A table of some ten rows as plain HTML: drawn at once, where a data grid is slow, read out by screen readers, printed whole."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

import pandas as pd

from careleavers.ui import widgets
from careleavers.views import plain_table
from careleavers.wording.tables import column_places


def short_table(frame: pd.DataFrame, *, alt: str, long: Collection[str] = (), cards: bool = False) -> None:
    """Draw every row of a table as text, headed by its first column.

    Nothing can be sorted: for more rows than fit a screen use :func:`careleavers.ui.widgets.table`.

    Parameters
    ----------
    frame
        The table.
    alt
        What the table holds.
    long
        Names of columns of sentences, which wrap where the others do not.
    cards
        On a phone, make a card of each row, where rows are read one by one; otherwise the table scrolls sideways.
    """
    wraps = [column in long for column in frame]
    head = "".join(f'<th scope="col">{plain_table.cell(column)}</th>' for column in frame)
    labels = [html.escape(str(column), quote=True) for column in frame] if cards else None
    places = [column_places(frame.iloc[:, place]) for place in range(len(frame.columns))]
    body = "".join(_row(row, wraps, places, labels) for row in frame.itertuples(index=False, name=None))
    label, kind = html.escape(alt, quote=True), "cl-short cl-cards" if cards else "cl-short"
    # In a small window the box scrolls, so keyboard users must be able to reach it.
    widgets.markup(
        f'<div class="{kind}" role="region" aria-label="{label}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[object], wraps: Sequence[bool], places: Sequence[int], labels: Sequence[str] | None) -> str:
    parts = []
    for place, (cell, long, decimals) in enumerate(zip(cells, wraps, places, strict=True)):
        text = plain_table.cell(cell, decimals)
        # The label is drawn by the style sheet before the cell when the table becomes cards.
        label = f' data-label="{labels[place]}"' if labels and text else ""
        kind = ' class="cl-long"' if long else ""
        parts.append(f"<td{kind}{label}>{text}</td>" if place else f'<th scope="row"{label}>{text}</th>')
    return f"<tr>{''.join(parts)}</tr>"
