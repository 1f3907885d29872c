"""Under a measure: its parts, side by side, where the catalogue says that others are counted within it."""

from __future__ import annotations

import streamlit as st

from careleavers.ui import figures
from careleavers.ui.short_tables import short_table
from careleavers.views import parts


def show(indicator: str, age_group: str, period: str, code: str | None, name: str | None) -> None:
    """Draw a measure and its parts for an authority, or for England where none is chosen.

    Draws nothing without a period, and where :func:`careleavers.views.parts.build_view` finds no parts.

    Parameters
    ----------
    indicator, age_group, period
        The measure and the last day of its period (ISO; "" for none).
    code, name
        The authority; None for England.
    """
    # A small table and no chart: cheaper to make again than to cache with the charts.
    shown = parts.build_view(figures.context(), indicator, age_group, period, code, name) if period else None
    if shown is None:
        return
    st.header("What it includes", anchor="parts")
    st.markdown(shown.subject)
    short_table(shown.table, long=("Note",), cards=True, alt=shown.alt)
    st.caption(shown.caution)
