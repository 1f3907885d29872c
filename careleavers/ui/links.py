"""Links between pages, which carry the shared choices (authority, comparator, data version)."""

import streamlit as st

from careleavers.model import AGAINST
from careleavers.ui.pages import ROOT


def link(page: str, label: str, *, help: str | None = None, **choices: str) -> None:
    """Draw a link to a page with these choices made and the shared ones kept.

    The link is a real one: it can be opened in a new tab or copied, so it names the shared choices too.

    Parameters
    ----------
    page
        Name of the page: ``pages/<page>.py``.
    label
        The words of the link.
    help
        As in :func:`streamlit.page_link`.
    **choices
        Codes by key, to be chosen there.
    """
    st.page_link(page_file(page), label=label, help=help, query_params={**shared_choices(), **choices})


def shared_choices() -> dict[str, str]:
    """The choices that all pages share, as the address bar holds them."""
    values = {key: st.session_state.get(key) for key in ("authority", "against", "as_at")}
    if values["against"] == AGAINST["neighbours"]:
        del values["against"]
    return {key: str(value) for key, value in values.items() if value}


def page_file(page: str) -> str:
    """Absolute path of a page, as Streamlit's navigation wants it.

    Parameters
    ----------
    page
        Name of the page, as its file.

    Returns
    -------
    str
    """
    return str(ROOT / "pages" / f"{page}.py")
