"""Under a figure: what the council says of it, and for its officers a place to say it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from careleavers.access.people import THIS_MACHINE, NotAllowed, Person
from careleavers.store import Document, Documents, StoreProblem, StoreUnavailable
from careleavers.store.document import may_write
from careleavers.ui import access, figures, markdown, selection, widgets
from careleavers.views.commentary import checks, markup, view, words
from careleavers.views.commentary.view import PUBLISHED as PUBLISHED
from careleavers.views.commentary.view import FigureKey as FigureKey
from careleavers.views.keeping import READERS

_OUTCOME, _TURN = "_comment_outcome", "_comment_turn"


def documents() -> Documents:
    """What councils write and keep here."""
    return figures.versions().store.documents


def under(authority_code: str | None, authority: str | None, about: Sequence[FigureKey], *, more: bool = False) -> None:
    """Show what an authority says of figures of its own and, to officers who may, a place to write.

    Asked for anew in every run and for the person who looks: it is never part of what is kept for all visitors.

    Parameters
    ----------
    authority_code, authority
        The authority; None where none is chosen, and then nothing is drawn.
    about
        The figures that the page shows of it, the first being the one to write about at first; none draws nothing.
    more
        Whether what is said of the same measures in other periods is shown as well.
    """
    if authority_code is None or authority is None or not about:
        return
    who = access.person()
    measures = {figure.measure for figure in about}
    said = [
        each
        for each in view.comments(documents(), who, authority_code, figures.indicators())
        if each.figure in about or (more and each.figure.measure in measures)
    ]
    if said:
        widgets.markup(markup.comments(said, authority, one_figure=len(about) == 1 and not more))
    if text := st.session_state.pop(_OUTCOME, None):
        st.success(text)
    if may_write(who, authority_code):
        _write(who, authority_code, about, {each.figure for each in said})


def _write(who: Person, authority_code: str, about: Sequence[FigureKey], held: set[FigureKey]) -> None:
    """What unfolds for writing; it stays open while something is being written."""
    every = [*about, *sorted(held.difference(about))]
    several = len(every) > 1
    with st.expander(words.add_label(bool(held), several), key="comment", icon=":material/edit_note:"):
        figure = every[0]
        if several:
            names = {each: view.figure_words(each, figures.indicators()) for each in every}
            figure = st.selectbox("About", every, format_func=lambda each: names[each], key="_comment_about")
        document = documents().find("commentary", authority_code, figure.key, who, withdrawn=True)
        _editor(who, authority_code, figure, document)
        if document is not None and document.in_force:
            _withdrawing(who, document)


def _editor(who: Person, authority_code: str, figure: FigureKey, document: Document | None) -> None:
    # A turn ends with what was saved: the next one begins with boxes of its own.
    key = f"_comment/{st.session_state.setdefault(_TURN, 0)}/{authority_code}/{figure.key}"
    # What the officer has before them from the first look on: somebody who saves in between is noticed.
    opened = st.session_state.setdefault(f"{key}/opened", document.version if document else 0)
    standing = document if document is not None and document.in_force else None
    with st.form(key, border=False):
        text = st.text_area(
            words.PROMPT,
            value=str(standing.content.get("text", "")) if standing else "",
            max_chars=view.LONGEST,
            height=160,
            help=words.HELP,
            key=f"{key}/text",
        )
        public = choose_readers(f"{key}/readers", public=standing is not None and standing.public)
        name = ask_name(who, str(standing.content.get("name", "")) if standing else "", f"{key}/name")
        confirmed = ask_to_confirm(key)
        pressed = st.form_submit_button("Save the comment", type="primary")
    if not pressed:
        return
    if not view.paragraphs(text):
        st.warning(words.EMPTY)
        return
    if who.issuer == THIS_MACHINE and not name.strip():
        st.warning(words.NO_NAME)
        return
    try:
        found = checks.check_text(
            text,
            public=public,
            places=[*selection.authority_names().values(), name],
            hidden=checks.hidden_counts(figures.versions(), authority_code) if public else None,
            measure=None if figure.basis == PUBLISHED else figure.measure,
        )
        if not may_be_kept(key, text, found, confirmed=confirmed):
            return
        documents().save(
            "commentary", authority_code, figure.key, view.content(text, name), who, public=public, expected=opened
        )
    except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        # What was typed stays in the box; the next press is against what is there now.
        st.session_state.pop(f"{key}/opened", None)
        st.error(markdown.escaped(str(refusal)))
        return
    _finish(words.SAVED)


def choose_readers(key: str, *, public: bool) -> bool:
    """Draw the choice of who may read something.

    Parameters
    ----------
    key
        A name that no other control of the page has.
    public
        Whether everybody may at first.

    Returns
    -------
    bool
        Whether everybody may.
    """
    chosen = st.radio(
        "Who may read it",
        list(READERS),
        index=1 if public else 0,
        format_func=lambda code: READERS[code],
        key=key,
    )
    return chosen == "everybody"


def ask_name(who: Person, before: str, key: str) -> str:
    """Where nobody signs in, ask under which name readers see what is written.

    Parameters
    ----------
    who
        Who writes.
    before
        The name given before.
    key
        A name that no other control of the page has.

    Returns
    -------
    str
        "" for whoever has signed in: their sign-in says it.
    """
    if who.issuer != THIS_MACHINE:
        return ""
    return st.text_input("Your name, as readers see it", value=before, max_chars=view.LONGEST_NAME, key=key) or ""


def ask_to_confirm(key: str) -> bool:
    """Say what the writer has to look at again, with a tick for having done so; or why the last text was refused.

    Parameters
    ----------
    key
        The name of the form.

    Returns
    -------
    bool
        Whether it is ticked.
    """
    if refused := st.session_state.pop(f"{key}/refused", ""):
        st.error(markdown.escaped(refused))
    asked: tuple[str, tuple[str, ...]] | None = st.session_state.get(f"{key}/asked")
    return confirm(asked[1] if asked else (), f"{key}/confirmed")


def confirm(asked: Sequence[str], key: str) -> bool:
    """Say what the writer has to look at again, with a tick for having done so.

    Parameters
    ----------
    asked
        A sentence each; nothing is drawn where there is none.
    key
        A name that no other control of the page has.

    Returns
    -------
    bool
        Whether it is ticked.
    """
    for each in asked:
        st.warning(markdown.escaped(each))
    return st.checkbox(words.CONFIRM, key=key) if asked else False


def may_be_kept(key: str, text: str, found: checks.TextCheck, *, confirmed: bool) -> bool:
    """Whether a text may be kept; where not, the form is drawn anew with what there is to say of this text and of no other.

    Parameters
    ----------
    key
        The name of the form.
    text
        What was typed.
    found
        What was found in it.
    confirmed
        From :func:`ask_to_confirm`.

    Returns
    -------
    bool
    """
    asked = st.session_state.pop(f"{key}/asked", None)
    if found.refused:
        st.session_state[f"{key}/refused"] = found.refused
        st.rerun()
    if found.to_confirm and not (confirmed and asked == (text, found.to_confirm)):
        st.session_state[f"{key}/asked"] = text, found.to_confirm
        st.rerun()
    return True


def _withdrawing(who: Person, document: Document) -> None:
    key = f"_comment/withdraw/{st.session_state.setdefault(_TURN, 0)}/{document.document}"
    with st.form(key, border=False):
        reason = st.text_input("Reason for withdrawing it", max_chars=300, key=f"{key}/reason")
        pressed = st.form_submit_button("Withdraw the comment")
    if not pressed:
        return
    try:
        documents().withdraw(document.document, who, reason, expected=document.version)
    except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    _finish(words.WITHDRAWN)


def _finish(outcome: str) -> None:
    """Begin a new turn, and draw the page anew with what is there now."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    st.session_state[_OUTCOME] = outcome
    st.rerun()
