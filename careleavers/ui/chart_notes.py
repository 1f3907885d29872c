"""A chart with its words beside it: the finding is the chart's title, and what the chart does not say stands to its right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from careleavers.charts import ChartResult
from careleavers.charts.template import FITS
from careleavers.ui import widgets

CLICK = "Click a dot to switch to that authority."


@contextmanager
def chart_with_notes(
    result: ChartResult, *, key: str, on_select: Callable[[], None] | None = None, click: str = CLICK
) -> Iterator[None]:
    """Draw a chart, and what is drawn inside the ``with`` to its right, or under it where there is no room.

    The chart comes first, so that nothing pushes it off the first screen. Where it leaves the words 300 pixels they stand
    beside it: the style sheet decides, because the window may be made narrower.

    Parameters
    ----------
    result
        The chart of a view; its title says the finding, which the words do not repeat.
    key
        A name that no other chart of the page has.
    on_select
        Called when a mark is clicked.
    click
        What a click does, said last and not on paper; where a click does nothing, nothing is said.

    Returns
    -------
    Iterator[None]
    """
    wide = widgets.width() == "wide"
    with st.container(horizontal=wide, key=f"finding-{key}"):
        with st.container(key=f"drawn-{key}", width=FITS["wide"] if wide else "stretch"):
            widgets.chart(result, key=key, on_select=on_select)
        with st.container(key=f"notes-{key}"):
            yield
            if on_select is not None:
                with st.container(key=f"on-screen-{key}"):
                    st.markdown(click)
