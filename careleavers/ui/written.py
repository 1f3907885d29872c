"""On the History page: what a council wrote here, who wrote which version, and the ways to take it back, put it back or erase it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from careleavers.access.people import NotAllowed, Person
from careleavers.errors import CareLeaversError
from careleavers.store import Document, StoreProblem, StoreUnavailable
from careleavers.store.document import may_write
from careleavers.ui import commentary, figures, markdown, selection
from careleavers.ui.short_tables import short_table
from careleavers.views.commentary import words
from careleavers.views.commentary.history import documents_table, name_of, versions_table

_OUTCOME = "_written_outcome"
_MOST_LISTED = 50
_ACTIONS = {"withdraw": ("Withdraw it", words.WITHDRAWN), "restore": ("Put it back", words.RESTORED)}


def show(who: Person) -> None:
    """Draw the list of what was written, the versions of one, and what can be done with it.

    Parameters
    ----------
    who
        An officer.
    """
    held = [
        document
        for document in commentary.documents().every(who, withdrawn=True)
        if may_write(who, document.authority_code)
    ]
    if code := selection.current().authority_code:
        held = [document for document in held if document.authority_code in {code, ""}]
    st.header("Comments, answers, reports and plans", anchor="written")
    st.markdown(words.ABOUT_HISTORY)
    if text := st.session_state.pop(_OUTCOME, None):
        st.success(markdown.escaped(text))
    if not held:
        st.markdown("Nothing has been written yet.")
        return
    _table(
        documents_table(held[:_MOST_LISTED], selection.authority_names(), figures.indicators()),
        "What was written, newest first",
    )
    by_number = {document.document: document for document in held}
    number = st.selectbox(
        "Choose one",
        list(by_number),
        format_func=lambda each: name_of(by_number[each], selection.authority_names(), figures.indicators()),
        key="_written",
    )
    chosen = by_number[number]
    try:
        _table(versions_table(commentary.documents().history(number, who)), "Every version, newest first")
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return
    if not chosen.erased:
        _act(chosen, who)
    if who.is_administrator:
        _erase(chosen, who)


def _table(table: pd.DataFrame, alt: str) -> None:
    short_table(table, alt=alt, long=("What", "About", "Text", "Reason"), cards=True)


def _act(document: Document, who: Person) -> None:
    action = "withdraw" if document.in_force else "restore"
    label, outcome = _ACTIONS[action]
    # What the officer has before them from the first look on: somebody who changes it in between is noticed.
    opened = st.session_state.setdefault(_opened_key(document), document.version)
    with st.form(f"_written/{action}/{document.document}", border=False):
        reason = st.text_input(
            "Reason (for the history)", max_chars=300, key=f"_written/{action}/{document.document}/{opened}/reason"
        )
        pressed = st.form_submit_button(label)
    if pressed:
        documents = commentary.documents()
        done = documents.withdraw if action == "withdraw" else documents.restore
        st.session_state.pop(_opened_key(document), None)
        _done(lambda: done(document.document, who, reason, expected=opened), outcome)


def _opened_key(document: Document) -> str:
    return f"_written/opened/{document.document}"


def _erase(document: Document, who: Person) -> None:
    with st.expander("Erase this for good"), st.form(f"_written/erase/{document.document}", border=False):
        st.markdown(
            "Everything that it says is removed from the store and from the backups that can be reached, in every version. The "
            "record that it was here, and who wrote it, is kept."
        )
        typed = st.text_input(f"Type {document.document} to erase it", key=f"_written/erase/{document.document}/number")
        reason = st.text_input(
            "Why (say nothing that is to be erased)", max_chars=300, key=f"_written/erase/{document.document}/why"
        )
        pressed = st.form_submit_button("Erase it")
    if not pressed:
        return
    if typed.strip() != str(document.document):
        st.warning(f"Type the number {document.document}, so that nothing else is erased by mistake.")
        return

    def erase() -> str:
        gone = commentary.documents().erase(document.document, who, reason)
        return " ".join(
            ["It was erased.", *(f"Erased from the backup {name}, too." for name in gone.backups), *gone.left]
        )

    _done(erase)


def _done(act: Callable[[], object], outcome: str = "") -> None:
    try:
        said = act()
    except (StoreProblem, StoreUnavailable, NotAllowed, CareLeaversError) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    st.session_state[_OUTCOME] = outcome or str(said)
    st.rerun()
