"""The search in the masthead: a field, and links to what it finds. Nothing of what is typed is kept or logged."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from careleavers.ui import access, figures, links, markdown
from careleavers.ui.pages import PageEntry
from careleavers.views.search import view as search_view
from careleavers.views.search import words


def render(pages: Sequence[PageEntry], *, officer: bool, current: str) -> None:
    """Draw the search.

    Parameters
    ----------
    pages
        Every page.
    officer
        Whether the visitor may upload; who may not does not find the pages for it.
    current
        Name of the page shown.
    """
    # Each view has its own search box, so that following a result leaves it closed and empty.
    view = f"{current}-{zlib.crc32(urlencode(sorted(st.query_params.to_dict().items())).encode()):x}"
    with st.popover("Search", icon=":material/search:", key=f"search-{view}"):
        _field(places(pages, officer=officer), view)


def places(pages: Sequence[PageEntry], *, officer: bool) -> tuple[search_view.PageLink, ...]:
    """The pages that the search finds.

    Parameters
    ----------
    pages
        Every page.
    officer
        Whether the visitor may upload.

    Returns
    -------
    tuple[PageLink, ...]
        Those that the visitor may open, in the order of the menu.
    """
    return tuple(
        search_view.PageLink(entry.name, entry.title, entry.everyday)
        for entry in pages
        if officer or not entry.for_officers
    )


@access.fragment
def _field(found_pages: tuple[search_view.PageLink, ...], view: str) -> None:
    """The field and what it finds. A fragment: what is typed redraws this part only."""
    text = st.text_input(
        words.LABEL,
        key=f"searched-{view}",
        type="search",
        placeholder=words.PLACEHOLDER,
        autocomplete="off",
        live=True,
    )
    if not text or not text.strip():
        st.caption(words.HINT)
        return
    index = figures.cached_view(search_view.build_index, found_pages)
    found = search_view.find(index, text, age=st.session_state.get("_carried", {}).get("age") or "")
    if not found:
        st.markdown(words.NOT_FOUND)
        return
    if unknown := search_view.not_understood(index, text):
        st.caption(words.not_understood(unknown))
    with st.container(gap=None, key="found"):
        for each in found:
            links.link(each.page, markdown.escaped(words.result(each.label, each.page_title)), **each.choices)
