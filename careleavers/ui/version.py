"""Which version of the figures a visit shows: the newest, or an earlier one that a link names with ``as_at``.

A report that is a year old has to be explained from the figures that it was written from. Each entry of the ledger of
uploads makes a version; ``?as_at=12`` shows the figures as they were after the twelfth.
"""

import streamlit as st

from careleavers.errors import UnknownChoice
from careleavers.ui import figures, notices
from careleavers.wording.formats import day_text, join_words

KEY = "as_at"


def select() -> None:
    """At the start of a run: take the version that the address or the control asks for, else the newest.

    An unknown version is named under the shared choices, and the newest is shown. Raises a ``CareLeaversError`` when the
    figures cannot be read.
    """
    asked = _requested()
    notices.remove(KEY)
    if not asked:
        figures.select_version(None)
        return
    try:
        with st.spinner("Fetching the figures as they were then"):
            figures.select_version(int(asked) if asked.isdecimal() and len(asked) < 10 else -1)
    except UnknownChoice:
        figures.select_version(None)
        notices.add_unknown(KEY, "data version", asked, "the newest")


def earlier() -> int | None:
    """The earlier version that is shown; None for the newest."""
    asked = _requested()
    return int(asked) if asked and KEY not in notices.current() else None


def render() -> None:
    """In the top bar, while an earlier version is asked for: which one. The address bar holds it on every page."""
    if _requested():
        st.text_input("Figures as at data version", key=KEY, bind="query-params", width=230)


def show_earlier() -> None:
    """Above the page, while an earlier version is shown: that it is one, from when, and the way back."""
    number = earlier()
    if number is None:
        return
    with st.container(key="earlier-version", border=True):
        st.markdown(f"**Earlier figures.** These are the figures {_when(number)}; what was uploaded since is left out.")
        if gone := _erased_since(number):
            st.markdown(gone)
        st.button("Show the newest figures", on_click=_newest)


def _when(number: int) -> str:
    if number == 0:
        return "before anything was uploaded (data version 0)"
    last = figures.versions().store.ledger(number).iloc[-1]
    return f"as they were on {day_text(last['at'])} at {last['at']:%H:%M} UTC (data version {number})"


def _erased_since(number: int) -> str:
    uploads = figures.versions().store.uploads(number)
    gone = sorted(uploads.loc[(uploads["state"] == "erased") & uploads["position"].notna(), "upload"].astype(int))
    if not gone:
        return ""
    which = f"Upload {gone[0]} was" if len(gone) == 1 else f"Uploads {join_words(map(str, gone))} were"
    return f"{which} erased since, for good: these are the figures without {'it' if len(gone) == 1 else 'them'}."


def _requested() -> str:
    return str(st.session_state.get(KEY, st.query_params.get(KEY)) or "").strip()


def _newest() -> None:
    st.session_state[KEY] = ""
