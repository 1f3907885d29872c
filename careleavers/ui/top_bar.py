"""The bar at the top of every page: which authority, compared with whom, and who is looking."""

import streamlit as st

from careleavers.access.people import Person
from careleavers.model import AGAINST
from careleavers.ui import access, markdown, notices, selection, state, version
from careleavers.ui.pages import ROOT
from careleavers.wording.formats import join_words


def render() -> None:
    """Draw the choices that every page shares; they are kept in the address bar and carry over pages."""
    with st.container(key="shared", horizontal=True, vertical_alignment="bottom"):
        _authority()
        if st.session_state.get("authority"):
            _against()
        else:
            # Nothing is compared yet. It is drawn all the same, unseen, so that the address keeps the choice.
            with st.container(key="nothing-compared"):
                _against()
        version.render()
        st.toggle(
            "Screenshot view",
            key="screenshot",
            help="Keeps the title, the finding, the chart and where it comes from, for a picture of the screen or a "
            "slide, and hides the rest.",
            bind="query-params",
        )
        _sign_in()


def _authority() -> None:
    state.resolve_shared(
        "authority",
        selection.authority_names(),
        aliases=selection.former_codes(),
        what="authority",
        instead="no authority",
    )
    st.selectbox(
        "Authority",
        list(selection.authority_codes()),
        index=None,
        key="authority",
        placeholder="Type a name to search",
        help="Current authorities come first, then those that have been abolished.",
        on_change=notices.remove,
        args=("authority",),
        bind="query-params",
        width=320,
    )


def _against() -> None:
    labels = list(AGAINST.values())
    state.resolve_shared("against", AGAINST, what="comparison", instead=labels[0])
    st.selectbox(
        "Compared with",
        labels,
        key="against",
        on_change=notices.remove,
        args=("against",),
        bind="query-params",
        filter_mode=None,  # only three options, so that no keyboard appears on a phone
        width=230,
    )


def _sign_in() -> None:
    """Where sign-in is set up: the way in, or who is signed in with which role, and the way out."""
    if reference := access.setup_reference():
        st.markdown(f"Nobody can sign in at the moment. Reference: {reference}.")
    if not access.sign_in_offered():
        return
    who = access.person()
    if not who.subject:
        access.sign_in_button("strip")
        return
    with st.popover(f"{markdown.escaped(who.name)} ({who.role})", icon=":material/person:", key="person"):
        st.markdown(f"Signed in as {markdown.escaped(who.name)} ({markdown.escaped(_role(who))})")
        if not who.is_officer:
            st.markdown("**Do you need another role?**")
            access.show_identity(who)
        if st.button("Sign out", icon=":material/logout:"):
            st.logout()


def _role(who: Person) -> str:
    """The role of a person in words, with the authorities of an officer while they are few."""
    if who.role != "officer":
        return who.role
    if who.everywhere:
        return "officer for all authorities"
    names = [name for code, name in selection.authority_names().items() if code in who.authorities]
    return f"officer for {join_words(names) if len(names) <= 3 else f'{len(names)} authorities'}"


def screenshot() -> None:
    """In the screenshot view: the style sheet that hides the rest, and the way back below the picture."""
    if not st.session_state.get("screenshot"):
        return
    st.html(ROOT / "careleavers" / "ui" / "screenshot.css")
    with st.container(key="screenshot-on"):
        st.button("Leave the screenshot view", on_click=_leave_screenshot)


def _leave_screenshot() -> None:
    st.session_state["screenshot"] = False


def reminder(chosen: selection.Selection) -> None:
    """The line that says on paper what is shown, where there are no controls.

    Parameters
    ----------
    chosen
        What is chosen in the top bar.
    """
    if chosen.authority_name is None:
        text = "No authority chosen."
    else:
        text = f"Showing **{chosen.authority_name}**, compared with {chosen.against_words}."
    with st.container(key="showing"):
        st.markdown(text)
