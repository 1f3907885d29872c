"""What a council has one of, for its officers: saved, approved by a second officer where two have to agree, gone back to, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from careleavers.access.people import Person
from careleavers.errors import CareLeaversError
from careleavers.store import Document, StoreUnavailable
from careleavers.store.documents import may_write
from careleavers.ui import access, commentary, markdown, state
from careleavers.ui.short_tables import short_table
from careleavers.views import keeping
from careleavers.views.keeping import Place, Proposal
from careleavers.wording.formats import day_text

LONGEST_NOTE = 300
CONFIRM = "I have checked what needs confirming, and it is right"
NOT_CONFIRMED = "Check what needs confirming above, tick the box, and press the button again."
_SECOND = "A second officer has to approve it on this page before everybody can read it."
_PROPOSED = "It waits for a second officer, who approves it on this page."
_TO_APPROVE = "A version waits for a second officer: look at it further down, and approve or decline it."
_APPROVED = "It is approved, and everybody can read it."
_DECLINED = "It is declined; it stays in the history."


def opened(place: Place, code: str, who: Person) -> int:
    """The version that an officer had before them when they came to the page, so that nobody else's is overwritten unseen.

    Parameters
    ----------
    place, code
        What, and whose.
    who
        Who looks.

    Returns
    -------
    int
        0 for none.
    """
    key, asked = _opened_key(place), (code, who.identity)
    held: tuple[tuple[Any, ...], int] | None = st.session_state.get(key)
    if state.first_draw_on_page(key) or held is None or held[0] != asked:
        held = st.session_state[key] = asked, keeping.expected(commentary.documents(), place, code, who)
    return held[1]


def _opened_key(place: Place) -> str:
    return f"_{place.kind}_opened"


def act(place: Place, change: Callable[[], object], said: str) -> None:
    """Do something with the document, and draw the page anew with what is there then; a refusal is said and nothing is done.

    Parameters
    ----------
    place
        What it is.
    change
        Does it.
    said
        What is said in the next run.
    """
    # Whatever comes of it, the next press is against what the page shows then.
    st.session_state.pop(_opened_key(place), None)
    try:
        change()
    except CareLeaversError as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    st.session_state[f"_{place.kind}_outcome"] = said
    st.rerun()


def show_outcome(place: Place, code: str, who: Person) -> None:
    """Say, once, what the last button did; and, to officers, that a version waits for one of them.

    Parameters
    ----------
    place, code
        What, and whose.
    who
        Who looks.
    """
    if text := st.session_state.pop(f"_{place.kind}_outcome", None):
        st.success(text)
    proposal = keeping.waiting(commentary.documents(), place, code, who) if may_write(who, code) else None
    if proposal is not None and proposal.may_be_approved_by(who):
        st.info(_TO_APPROVE)


def choose_readers(place: Place, code: str, *, public: bool) -> bool:
    """Draw the choice of who may read a version.

    Parameters
    ----------
    place, code
        What, and whose.
    public
        Whether everybody may at first.

    Returns
    -------
    bool
        Whether everybody may.
    """
    everybody = commentary.choose_readers(f"_{place.kind}_readers/{code}", public=public)
    if access.approval() == "second-person":
        st.caption(_SECOND)
    return everybody


def save(
    place: Place,
    code: str,
    content: Mapping[str, Any],
    who: Person,
    *,
    public: bool,
    said: str,
    note: str = "",
    news: bool = True,
    done: Callable[[], None] | None = None,
) -> None:
    """Keep the next version, or let it wait for a second officer where two have to agree on what everybody reads.

    Parameters
    ----------
    place, code
        What, and whose.
    content
        What it says.
    who
        Who saves it.
    public
        Whether everybody may read it.
    said
        What is said in the next run where it is in force.
    note
        What colleagues should know.
    news
        Whether readers get to see anything that they have not seen.
    done
        Called once it is kept.
    """
    before = opened(place, code, who)
    waits = public and news and access.approval() == "second-person"

    def change() -> None:
        if waits:
            keeping.propose(commentary.documents(), place, code, content, who, base=before, note=note)
        else:
            keeping.save(commentary.documents(), place, code, content, who, public=public, expected=before, note=note)
        if done is not None:
            done()

    act(place, change, _PROPOSED if waits else said)


def show_waiting(place: Place, code: str, who: Person, draw: Callable[[Proposal], None]) -> None:
    """For officers of the authority: the version that waits for a second one, and the ways to approve and to decline it.

    Parameters
    ----------
    place, code
        What, and whose.
    who
        Who looks.
    draw
        Draws what approving it would change.
    """
    if not may_write(who, code) or (proposal := keeping.waiting(commentary.documents(), place, code, who)) is None:
        return
    held = proposal.document
    st.header("Waits for a second officer", anchor="waiting")
    st.markdown(
        markdown.escaped(
            f"{held.name or 'An officer'} proposed a version of {place.what} on {day_text(held.at)}, for everybody to read."
            + (f" Note: {proposal.note}" if proposal.note else "")
        )
    )
    if proposal.outdated:
        st.warning("Another version was saved since. Decline this one and propose it again.")
    else:
        draw(proposal)
    may_approve = proposal.may_be_approved_by(who) and not proposal.outdated
    if not proposal.may_be_approved_by(who):
        st.caption("You proposed it: a second officer has to approve it. You can take it back.")
    with st.form(f"{place.kind}-waiting", border=True):
        reason = st.text_input("Reason, if you decline it (kept in the history)", max_chars=LONGEST_NOTE)
        with st.container(horizontal=True):
            approved = may_approve and st.form_submit_button("Approve it", type="primary")
            declined = st.form_submit_button("Decline it" if proposal.may_be_approved_by(who) else "Take it back")
    if approved:
        act(place, lambda: keeping.approve(commentary.documents(), place, proposal, who), _APPROVED)
    elif declined:
        act(place, lambda: keeping.decline(commentary.documents(), proposal, who, reason.strip()), _DECLINED)


def show_versions(
    place: Place, code: str, who: Person, *, table: Callable[[Sequence[Document]], pd.DataFrame], withdrawn: str
) -> None:
    """Draw the versions and the ways to act on them; nothing where the person may not write the document or there is none.

    Parameters
    ----------
    place, code
        What, and whose.
    who
        Who looks.
    table
        Makes a table of the versions, the newest first.
    withdrawn
        What is said once it is withdrawn.
    """
    if not may_write(who, code):
        return
    newest = commentary.documents().find(place.kind, code, place.key, who, withdrawn=True)
    if newest is None:
        return
    st.header("Versions", anchor="versions")
    try:
        history = commentary.documents().history(newest.document, who)
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return
    short_table(
        table(history), alt=f"The versions of {place.what}, newest first", long=("By", "For", "Note"), cards=True
    )
    before = opened(place, code, who)
    earlier = {
        each.version: each
        for each in history
        if each.in_force and (each.version != newest.version or not newest.in_force)
    }
    with st.form(f"{place.kind}-versions", border=True):
        version = None
        if earlier:
            version = st.selectbox(
                "Version to go back to",
                list(earlier),
                format_func=lambda each: f"Version {each}, {_for(earlier[each])}",
            )
        reason = st.text_input("Reason (kept with the version)", max_chars=LONGEST_NOTE)
        with st.container(horizontal=True):
            back = version is not None and st.form_submit_button("Go back to it")
            withdraw = newest.in_force and st.form_submit_button(f"Withdraw {place.what}")
    if back and version is not None:
        act(
            place,
            lambda: commentary.documents().restore(
                newest.document, who, reason.strip(), version=version, expected=before
            ),
            f"Version {version} is back in force, {_for(earlier[version])}.",
        )
    elif withdraw:
        act(
            place,
            lambda: commentary.documents().withdraw(newest.document, who, reason.strip(), expected=before),
            withdrawn,
        )


def _for(version: Document) -> str:
    return "for everybody to read" if version.public else "for officers of this council only"
