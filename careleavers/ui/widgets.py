"""How wide the visitor's window is, so that charts are laid out for it, and drawing a chart with all it needs."""

from __future__ import annotations

import datetime as dt
import html
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import streamlit as st

from careleavers.charts import ChartResult, chart_config
from careleavers.charts.template import FITS, Width, layout_of
from careleavers.model import AGAINST
from careleavers.ui.pages import WIDTH_COOKIE
from careleavers.views.plain_table import plain_table
from careleavers.wording.exports import copied_line, csv_bytes, xlsx_bytes
from careleavers.wording.findings import verdict_label, verdict_title
from careleavers.wording.formats import file_name
from careleavers.wording.tables import column_places, note_key

# Of the tables that a button can copy, the last one above it.
NEAREST = ""


def width() -> Width:
    """The chart layout that fits the window the visit began in; ``wide`` when the browser did not say."""
    return layout_of(st.context.cookies.get(WIDTH_COOKIE))


def on_phone() -> bool:
    """Whether the visit began in a window so narrow that the page is laid out for a phone."""
    return width() != "wide"


def today() -> dt.date:
    """The day that pictures and downloads say they were taken on."""
    return dt.date.today()


def chart(
    result: ChartResult,
    *,
    key: str,
    on_select: Callable[[], None] | None = None,
    layout: Width | None = None,
    actions: bool = True,
) -> None:
    """Draw a chart: its own look, its text alternative, one labelled download button with a fixed size.

    Parameters
    ----------
    result
        The chart of a view.
    key
        A name that no other chart of the page has.
    on_select
        Called when a mark is clicked; the points are in the session state under ``key``.
    layout
        The width that the chart was drawn for, where that is not the window’s.
    actions
        Whether it has buttons to save and copy it.
    """
    selecting: dict[str, Any] = {}
    if on_select is not None:
        selecting = {"on_select": on_select, "selection_mode": "points"}
    layout = layout or width()
    high, _ = result.picture if actions else (result.height, "")
    # The style sheet finds the container by this name: in a small window a wide chart scrolls in its own box.
    with st.container(key=f"{layout}-chart-{key}"):
        st.plotly_chart(
            result.finished,
            width=FITS["wide"] if layout == "wide" else "stretch",
            height=result.height,
            theme=None,
            key=key,
            config=chart_config(result.filename, high) | ({} if actions else {"displayModeBar": False}),
            alt=result.alt,
            **selecting,
        )
        if actions:
            markup(_actions(result, key))


class _Markup(str):
    """HTML to send as it is: Streamlit would go through every line of a long table to indent it less."""

    def _repr_html_(self) -> str:
        return str(self)


def markup(text: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Show our own HTML, whose texts are escaped already.

    Parameters
    ----------
    text
        The HTML.
    width
        ``content`` where it stands in a row with other elements.
    """
    st.html(_Markup(text), width=width)


def _actions(result: ChartResult, key: str) -> str:
    """The buttons under a chart. What they do is in ``assets/page.js``: it happens in the browser alone."""
    sentence = html.escape(f"{result.headline}.", quote=True)
    _, figure = result.picture
    # A phone shows its own layout; the figure for the picture is sent with the page but drawn only for a picture.
    drawn = f' data-cl-figure="{html.escape(figure, quote=True)}"' if figure else ""
    buttons = (
        ("png", "", "Download PNG"),
        ("svg", "", "Download SVG"),
        ("picture", "", "Copy picture"),
        ("text", f' data-cl-text="{sentence}"', "Copy sentence"),
        ("link", "", "Copy link"),
    )
    return (
        f'<div class="cl-actions"{drawn}>'
        + "".join(
            f'<button type="button" class="cl-button" data-cl-action="{action}" data-cl-chart="{html.escape(key)}"{more}>'
            f"{label}</button>"
            for action, more, label in buttons
        )
        + "</div>"
    )


def downloads(
    table: pd.DataFrame,
    about: Mapping[str, str],
    title: str,
    name: Sequence[str],
    what: str = "the table",
    given: Callable[[], object] | None = None,
    copied: str | None = NEAREST,
) -> None:
    """Draw buttons that save a table as CSV and as an Excel workbook, and one that copies it as the page shows it.

    A file is made when its button is pressed.

    Parameters
    ----------
    table
        What is saved.
    about
        Where it comes from, label by label; it stands in both files.
    title
        The title in the workbook.
    name
        The words of the file name.
    what
        Completes “Download …” on the buttons.
    given
        Called before a file is made.
    copied
        Which tables the page copies: a CSS selector, ``NEAREST`` for the last one above the buttons; None for no such button.
    """
    stem = file_name(*name)

    def made(write: Callable[[], bytes]) -> bytes:
        if given:
            given()
        return write()

    with st.container(horizontal=True):
        st.download_button(
            f"Download {what} (CSV)",
            lambda: made(lambda: csv_bytes(table, about)),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            f"Download {what} (Excel)",
            lambda: made(lambda: xlsx_bytes(table, about, title)),
            file_name=f"{stem}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
        )
        if copied is not None:
            copy_table(title, about, copied)


def copy_table(title: str, about: Mapping[str, str], tables: str = NEAREST) -> None:
    """Draw a button that copies a table of the page for Word and Excel. It happens in the browser (``assets/page.js``).

    Parameters
    ----------
    title
        What the table holds; with period and source it stands above the table where that is pasted.
    about
        Where it comes from, label by label.
    tables
        Which tables are copied: a CSS selector; by default the last one above the button.
    """
    of, line = (html.escape(text, quote=True) for text in (tables, copied_line(title, about)))
    markup(
        f'<div class="cl-actions"><button type="button" class="cl-button" data-cl-action="table" data-cl-tables="{of}" '
        f'data-cl-text="{line}">Copy table</button></div>',
        width="content",
    )


def table(frame: pd.DataFrame, *, key: str, alt: str, **options: Any) -> None:
    """Draw a sortable table whose empty cells are empty; why a figure is missing stands in a column of words.

    Parameters
    ----------
    frame
        The table; it must not be changed afterwards.
    key
        A name that no other table of the page has.
    alt
        What the table holds.
    **options
        Passed on to :func:`streamlit.dataframe`.
    """
    arrow, printed, decimal = _sent(frame, alt)
    # Every number of a column has as many decimals as the others.
    given = dict(options.pop("column_config", {}))
    for name in decimal:
        width = given.get(name, {}).get("width")
        given[name] = st.column_config.NumberColumn(width=width, format="%.1f")
    st.dataframe(
        arrow, hide_index=True, width="stretch", key=key, alt=alt, column_config=given, **{"placeholder": "", **options}
    )
    # Nothing scrolls on paper, so print also gets all rows and columns as a plain table.
    markup(printed)


def notes_of(frame: pd.DataFrame) -> None:
    """Say under a table what the short notes in it mean.

    Parameters
    ----------
    frame
        The table; it may have a column Note.
    """
    if said := note_key(frame):
        st.caption(said)


def widths(pixels: Mapping[str, int]) -> dict[str, Any]:
    """How wide columns of :func:`table` are; a window of 1,440 pixels leaves 1,118 for all of them, one of 1,024 leaves 944.

    Verdicts are headed in short, so that the last column is seen in the smaller of the two.

    Parameters
    ----------
    pixels
        Pixels by column. All grow alike where there is more room.

    Returns
    -------
    dict[str, Any]
        For the option ``column_config``.
    """
    short = {verdict_title(against): verdict_label(against) for against in AGAINST}
    return {name: st.column_config.Column(short.get(name), width=each) for name, each in pixels.items()}


# Keyed by the frame's identity for as long as it lives, because the same table is sent many times.
_made: dict[int, tuple[pa.Table, str, tuple[str, ...]]] = {}


def _sent(frame: pd.DataFrame, alt: str) -> tuple[pa.Table, str, tuple[str, ...]]:
    """The frame as it is sent for the screen and for paper, and its columns of numbers with a decimal; made once."""
    made = _made.get(id(frame))
    if made is None:
        decimal = tuple(
            str(name) for name in frame if pd.api.types.is_float_dtype(frame[name]) and column_places(frame[name])
        )
        made = pa.Table.from_pandas(frame), f'<div class="cl-paper">{plain_table(frame, alt)}</div>', decimal
        weakref.finalize(frame, _made.pop, id(frame), None)
        _made[id(frame)] = made
    return made
