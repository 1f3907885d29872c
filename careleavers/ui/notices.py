"""Notices that a link asked for something unknown, kept in the session until the visitor chooses.

Each belongs to one choice, by the name that the choice has in the address.
"""

from collections.abc import Mapping

import streamlit as st

from careleavers.ui import markdown

_NOTICES = "_notices"


def add(key: str, text: str) -> None:
    """Keep a notice about ``key``, in place of the one that it has.

    Parameters
    ----------
    key
        The name of the choice in the address.
    text
        Markdown. What a link brought goes through :func:`careleavers.ui.markdown.escaped` first.
    """
    _stored()[key] = text


def add_unknown(key: str, what: str, asked: str, shown: str) -> None:
    """Keep a notice that the link asked for something unknown, to be shown with :func:`show`.

    Parameters
    ----------
    key
        The name of the choice in the address.
    what
        What the notice calls it (“age group”).
    asked
        What the link asked for.
    shown
        What is shown in its place.
    """
    short = markdown.escaped(asked if len(asked) <= 60 else asked[:59] + "…")
    add(key, f"The link asked for the {what} “{short}”, which is not one we know. Showing {shown} instead.")


def show(*keys: str) -> None:
    """Show what was wrong with the link for these keys, until the visitor chooses for themselves.

    Parameters
    ----------
    *keys
        What the notices are about.
    """
    for key in keys:
        if text := _stored().get(key):
            st.warning(text)


def remove(key: str) -> None:
    """Drop the notice about ``key``, because the visitor has now chosen.

    Parameters
    ----------
    key
        What the notice is about.
    """
    _stored().pop(key, None)


def current() -> Mapping[str, str]:
    """The notices that are kept, by key."""
    return _stored()


def _stored() -> dict[str, str]:
    notices: dict[str, str] = st.session_state.setdefault(_NOTICES, {})
    return notices
