"""The versions of a document of a council, for its officers: listed, gone back to, and withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from careleavers.access.people import NotAllowed, Person
from careleavers.store import Document, DocumentChanged, StoreProblem, StoreUnavailable
from careleavers.store.documents import DocumentKind, may_write
from careleavers.ui import figures, markdown
from careleavers.ui.short_tables import short_table

_LONGEST_REASON = 300
PUT_BACK = "The version is back in force."


def show(
    kind: DocumentKind,
    code: str,
    key: str,
    who: Person,
    *,
    what: str,
    table: Callable[[Sequence[Document]], pd.DataFrame],
    withdrawn: str,
    outcome: str,
) -> None:
    """Draw the versions and the ways to act on them; nothing where the person may not write the document or there is none.

    Parameters
    ----------
    kind, code, key
        The document: its kind, its authority and what tells it from others.
    who
        Who looks.
    what
        What it is called: ``the plan``.
    table
        Makes a table of the versions, the newest first.
    withdrawn
        What is said once it is withdrawn.
    outcome
        Where the session keeps what is said in the next run.
    """
    if not may_write(who, code):
        return
    documents = figures.versions().store.documents
    newest = documents.find(kind, code, key, who, withdrawn=True)
    if newest is None:
        return
    st.subheader("Versions", anchor="versions")
    try:
        history = documents.history(newest.document, who)
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return
    short_table(table(history), alt=f"The versions of {what}, newest first", long=("By", "For", "Note"), cards=True)
    earlier = [
        each.version for each in history if each.in_force and (each.version != newest.version or not newest.in_force)
    ]
    with st.form(f"{kind}-versions", border=True):
        version = None
        if earlier:
            version = st.selectbox("Version to go back to", earlier, format_func=lambda each: f"Version {each}")
        reason = st.text_input("Reason (kept with the version)", max_chars=_LONGEST_REASON)
        with st.container(horizontal=True):
            back = bool(earlier) and st.form_submit_button("Go back to it")
            withdraw = newest.in_force and st.form_submit_button(f"Withdraw {what}")
    if not (back or withdraw):
        return
    try:
        if back:
            documents.restore(newest.document, who, reason.strip(), version=version)
        else:
            documents.withdraw(newest.document, who, reason.strip(), expected=newest.version)
    except (DocumentChanged, StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    st.session_state[outcome] = PUT_BACK if back else withdrawn
    st.rerun()
