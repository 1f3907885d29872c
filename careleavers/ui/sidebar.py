"""The choices that every page shares: which authority, and compared with whom."""

import streamlit as st

from careleavers.formats import listed
from careleavers.people import Person
from careleavers.ui import access, state
from careleavers.ui.pages import PRODUCT, ROOT


def render() -> None:
    """Draw the shared choices; both are kept in the address bar and carry over pages."""
    st.markdown(f"**{PRODUCT}**  \nEnglish councils, side by side")
    state.settle_shared(
        "authority",
        state.authority_names(),
        aliases=state.former_codes(),
        what="authority",
        instead="no authority",
    )
    st.selectbox(
        "Authority",
        list(state.authority_codes()),
        index=None,
        key="authority",
        placeholder="Type a name to search",
        help="Current authorities come first, then those that have been abolished.",
        on_change=state.forget_notice,
        args=("authority",),
        bind="query-params",
    )
    labels = list(state.AGAINST.values())
    state.settle_shared("against", state.AGAINST, what="comparison", instead=labels[0])
    st.radio(
        "Compare with",
        labels,
        key="against",
        on_change=state.forget_notice,
        args=("against",),
        bind="query-params",
    )
    st.toggle(
        "Screenshot view",
        key="screenshot",
        help="Hides this panel, the other pages and the controls, and keeps the title, the finding, the chart and "
        "where it comes from, for a picture of the screen or a slide.",
        bind="query-params",
    )


def sign_in() -> None:
    """Where sign-in is set up: the way in, or who is signed in with which role, and the way out."""
    if reference := access.setup_reference():
        st.markdown(f"Nobody can sign in at the moment. Reference: {reference}.")
    if not access.sign_in_offered():
        return
    who = access.person()
    if not who.subject:
        access.sign_in_button("sidebar")
        return
    st.markdown(f"Signed in as {state.as_text(who.name)} ({state.as_text(_role(who))})")
    if not who.is_officer:
        with st.expander("Do you need another role?"):
            access.show_identity(who)
    if st.button("Sign out", icon=":material/logout:"):
        st.logout()


def _role(who: Person) -> str:
    """The role of a person in words, with the authorities of an officer while they are few."""
    if who.role != "officer":
        return who.role
    if who.everywhere:
        return "officer for all authorities"
    names = [name for code, name in state.authority_names().items() if code in who.authorities]
    return f"officer for {listed(names) if len(names) <= 3 else f'{len(names)} authorities'}"


def screenshot() -> None:
    """In the screenshot view: the style sheet that hides the rest, and the way back below the picture."""
    if not st.session_state.get("screenshot"):
        return
    st.html(ROOT / "careleavers" / "ui" / "screenshot.css")
    with st.container(key="screenshot-on"):
        st.button("Leave the screenshot view", on_click=_leave_screenshot)


def _leave_screenshot() -> None:
    st.session_state["screenshot"] = False


def reminder(chosen: state.Selection) -> None:
    """The line that says what is shown, for when the sidebar is out of sight: on a phone and on paper."""
    if chosen.authority_name is None:
        text = "No authority chosen yet."
    else:
        text = f"Showing **{chosen.authority_name}**, compared with {chosen.against_words}."
    with st.container(key="showing"):
        st.markdown(
            f"{text} The :material/keyboard_double_arrow_right: button at the top left changes this and "
            "opens the other pages."
        )
