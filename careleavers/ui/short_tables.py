"""A table of some ten rows as plain HTML: drawn at once where a data grid takes its time, read out, printed whole."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

import pandas as pd
import streamlit as st


def short_table(frame: pd.DataFrame, *, alt: str, long: Collection[str] = ()) -> None:
    """Draw every row of ``frame`` as text, headed by its first column.

    ``alt`` says what the table holds; ``long`` names columns of sentences, which wrap where the others do not. Nothing
    can be sorted: for more rows than one sees at once use :func:`careleavers.ui.view.table`.
    """
    wraps = [column in long for column in frame]
    head = "".join(f'<th scope="col">{_text(column)}</th>' for column in frame)
    body = "".join(_row(row, wraps) for row in frame.itertuples(index=False, name=None))
    label = html.escape(alt, quote=True)
    # The box scrolls where the window is small, so the keyboard must be able to reach it.
    st.html(
        f'<div class="cl-short" role="region" aria-label="{label}" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(cells: Sequence[object], wraps: Sequence[bool]) -> str:
    parts = [f'<tr><th scope="row">{_text(cells[0])}</th>']
    for cell, long in zip(cells[1:], wraps[1:], strict=True):
        parts.append(f'<td class="cl-long">{_text(cell)}</td>' if long else f"<td>{_text(cell)}</td>")
    return "".join([*parts, "</tr>"])


def _text(cell: object) -> str:
    return html.escape(str(cell))
