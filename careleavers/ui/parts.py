"""Under a measure: what it is made of, side by side, where the catalogue says that others are counted within it."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from careleavers import words_parts as words
from careleavers.formats import in_period, with_age
from careleavers.ui import choices, figures
from careleavers.ui.short_tables import short_table

_ENGLAND = "E92000001"


def show(indicator: str, age_group: str, period: str, code: str | None, name: str | None) -> None:
    """Draw the measure and its parts in one period for an authority, or for England where none is chosen.

    Draws nothing for a measure without parts or in a period in which none of them was counted.
    """
    if not period:
        return
    rows = figures.ask("parts", indicator=indicator, age_group=age_group, area=code or _ENGLAND, period=period)
    if rows.empty:
        return
    whole = choices.indicators()[str(rows["indicator"].iloc[0])]
    st.subheader("What is counted within it", anchor="parts")
    st.markdown(
        f"{with_age(whole.title, age_group)}, {in_period(dt.date.fromisoformat(period), str(rows['basis'].iloc[0]))}:"
    )
    short_table(
        words.parts_table(rows, name or "England"),
        long=("Note",),
        cards=True,
        alt=f"{whole.short_title} and what is counted within it",
    )
    st.caption(words.parts_caution(rows))
