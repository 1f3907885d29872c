"""The masthead: the pages in their groups. Its looks, and the product's name in it, are in the style sheet."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import streamlit as st

from careleavers.ui.pages import PageEntry

# Streamlit's page, as ``st.navigation`` returns it.
Page = Any


def navigation(pages: Sequence[PageEntry], *, officer: bool) -> Page:
    """Register every page and draw the navigation.

    What only officers may use is left out for others. That is no guard: the pages have their own.

    Parameters
    ----------
    pages
        Every page.
    officer
        Whether the visitor may upload.

    Returns
    -------
    Page
        The page that was asked for.
    """
    groups: dict[str, list[Page]] = {}
    for entry in pages:
        visible = officer or not entry.for_officers
        groups.setdefault(entry.group, []).append(
            st.Page(
                entry.file,
                title=entry.title,
                default=entry is pages[0],
                visibility="visible" if visible else "hidden",
            )
        )
    return st.navigation(groups, position="top")


def menu(pages: Sequence[PageEntry], *, officer: bool, current: str) -> None:
    """Draw the same pages for a phone, where Streamlit would put its own list into a panel at the side.

    For visits that begin in a narrow window. One that is made narrow later has Streamlit’s.

    Parameters
    ----------
    pages
        Every page.
    officer
        Whether the visitor may upload.
    current
        Name of the page shown; each has a menu of its own, so that a choice closes it.
    """
    with st.popover("Menu", icon=":material/menu:", key=f"menu-{current}", on_change="rerun") as opened:
        if not opened.open:
            return
        # page.js gives the links the choices to carry into another tab.
        with st.container(gap=None, key="every-page"):
            for group, entries in groupby(pages, key=lambda entry: entry.group):
                shown = [entry for entry in entries if officer or not entry.for_officers]
                if group and shown:
                    st.markdown(f"**{group}**")
                for entry in shown:
                    st.page_link(entry.file, label=entry.title)
