"""Who is looking, and what they may do: sign-in, roles and the guards of pages.

A page that only officers may use begins with ``person = access.need_officer("upload figures")``. Where figures are
written or raw rows read, the :class:`~careleavers.access.people.Person` goes along and is asked again (``person.need``).
"""

import functools
import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, ParamSpec

import streamlit as st

from careleavers.access.people import NOBODY, Person
from careleavers.access.roles import (
    Access,
    Approval,
    WrongConfiguration,
    display_name,
    read_access,
    this_machine,
)
from careleavers.ui import figures, markdown, private, secret_files, selection
from careleavers.ui.server.middleware import (
    EXPIRED,
    FAILED,
    LOCAL,
    NO_KEY,
    ORIGIN_HEADER,
    SIGN_IN_NOTICE,
    WRONG_TOKEN,
    grant_upload,
    revoke_upload,
)
from careleavers.ui.server.sessions import SESSION_HEADER, SESSIONS

P = ParamSpec("P")

log = logging.getLogger("careleavers.ui")

LOCAL_NOTICE = (
    "No sign-in is set up: uploads work only on this machine, in browsers that were opened with the address that the "
    "dashboard printed when it started, and whoever uses them counts as you."
)
_NOTICES = {
    EXPIRED: "Your sign-in has run out, so you have been signed out. Sign in again to go on.",
    FAILED: (
        "Signing in did not work. Try again; if it happens again, tell the person who looks after this dashboard "
        "when it happened."
    ),
}


@dataclass(frozen=True)
class _Configuration:
    """What the configuration allows in this run: ``wrong`` carries the log reference where it cannot be used."""

    access: Access
    wrong: str = ""
    browsing_closed: bool = False


def person() -> Person:
    """Who is looking, in this run.

    With sign-in: the person of the configured identity, a viewer if there is none, :data:`NOBODY` when not signed in.
    Without: whoever sits at this machine, as an administrator, if the visit provably comes from it, and from a browser
    that was opened with the token of this start; else nobody.
    A wrong configuration gives nobody. A sign-in that has run out is ended, and so is the run. What a download button
    calls runs outside any run, where there is nobody: pass it the person.
    """
    who = _current_person()
    session = private.session()
    if session is not None:
        visit = st.context.headers.get(SESSION_HEADER, "")
        if who.is_officer:
            grant_upload(session, visit, lambda: with_current_role(who).is_officer)
        else:
            revoke_upload(session, visit)
    return who


def with_current_role(who: Person) -> Person:
    """Somebody with the role that the configuration gives them at this moment.

    For what happens outside a run, such as the making of a file when its button is pressed.

    Parameters
    ----------
    who
        Somebody who was known in an earlier run.

    Returns
    -------
    Person
    """
    standing = _configuration()
    if standing.wrong:
        return NOBODY
    if standing.access.sign_in:
        return standing.access.person(who.issuer, who.subject, who.name)
    return who if who == this_machine() else NOBODY


def _current_person() -> Person:
    standing = _configuration()
    if standing.wrong:
        return NOBODY
    if standing.access.sign_in:
        return _signed_in(standing.access)
    return NOBODY if _why_not_local() else this_machine()


def notice() -> str:
    """What to say where uploading works without sign-in; "" elsewhere."""
    return LOCAL_NOTICE if not uploading_closed() and not sign_in_offered() else ""


def uploading_closed() -> str:
    """Why nobody at all can upload through this visit, as a sentence or two; "" where officers can."""
    standing = _configuration()
    if standing.wrong:
        return (
            "Uploading is closed: sign-in is not set up correctly. The person who looks after this dashboard can find "
            f"what is wrong in its log under the reference {standing.wrong}."
        )
    if not standing.access.sign_in and (reason := _why_not_local()):
        if reason == NO_KEY:
            return (
                "Uploading is closed in this browser: no sign-in is set up. Whoever started the dashboard can upload "
                "on its machine: open the address that ends in “?token=…”, which it printed when it started."
            )
        return (
            f"Uploading is closed: no sign-in is set up, and {reason}. The person who looks after this dashboard can "
            "set up sign-in, or run it on the machine of the one person who uploads."
        )
    return ""


def approval() -> Approval:
    """Whether a second person must agree before an upload shows."""
    return _configuration().access.approval


def sign_in_offered() -> bool:
    """Whether people can sign in here."""
    return _configuration().access.sign_in


def setup_reference() -> str:
    """The log reference under which it says what is wrong with sign-in or roles; "" where nothing is."""
    return _configuration().wrong


def need_officer(what: str = "upload figures") -> Person:
    """The person, if an officer or administrator; otherwise say why not and stop the page.

    Where it is allowed without sign-in, the page says so.

    Parameters
    ----------
    what
        Completes “To …, sign in”.

    Returns
    -------
    Person
    """
    who = person()
    if not who.is_officer:
        _refuse(who, what)
    if text := notice():
        st.info(text)
    return who


def _refuse(who: Person, what: str) -> NoReturn:
    """Say why somebody may not continue, and what they can do about it; stop the page."""
    if text := uploading_closed():
        st.warning(text)
    elif who.subject:
        st.info(f"To {what} you need the role of an officer, which {markdown.escaped(who.name)} does not have.")
        show_identity(who)
    else:
        st.info(f"To {what}, sign in as an officer.")
        sign_in_button("refused")
    st.stop()


def require_browsing() -> None:
    """Stop here, with a calm page, unless this visitor may look at the pages."""
    standing = _configuration()
    if standing.wrong and standing.browsing_closed:
        st.title("This dashboard is closed at the moment")
        st.info(
            "Who may look at it is not set up correctly. The person who looks after it can find what is wrong in its "
            f"log under the reference {standing.wrong}."
        )
        st.stop()
    if standing.access.browsing == "signed-in" and not person().subject:
        st.title("Sign in to see this dashboard")
        show_notice()
        st.write("It is open to people with an account of the council. After signing in you come back to this page.")
        sign_in_button("require_browsing")
        st.stop()


def browsing_open() -> bool:
    """Whether anybody may look at the pages, signed in or not."""
    standing = _configuration()
    return not (standing.wrong and standing.browsing_closed) and standing.access.browsing != "signed-in"


def fragment(draw: Callable[P, None], every: float | None = None) -> Callable[P, None]:
    """``st.fragment`` for pages.

    Streamlit runs a fragment without the shell, so it checks for itself who may look.

    Parameters
    ----------
    draw
        Draws a part of a page.
    every
        Seconds after which it is redrawn without anybody's doing, as long as the page shows it; None for never.

    Returns
    -------
    Callable[P, None]
        The same, redrawn on its own when a choice in it changes.
    """

    @functools.wraps(draw)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        require_browsing()
        draw(*args, **kwargs)

    return st.fragment(guarded, run_every=every)


def show_notice() -> None:
    """Say that a sign-in failed or ran out, until the person is signed in; it came with the address and leaves it."""
    asked = st.query_params.get(SIGN_IN_NOTICE)
    if asked is not None:
        del st.query_params[SIGN_IN_NOTICE]
        st.session_state["_sign_in_notice"] = asked
    kind, _, reference = st.session_state.get("_sign_in_notice", "").partition(".")
    if kind == WRONG_TOKEN:
        if not person().is_officer:
            st.warning(_about_token(reference))
    elif (text := _NOTICES.get(kind)) and sign_in_offered() and not person().subject:
        st.warning(text)


def _about_token(reference: str) -> str:
    """What to say to somebody whose address carried a token that is not this dashboard's, or is no longer."""
    found = f" Reference {reference}." if reference.isalnum() and len(reference) == 6 else ""
    if sign_in_offered():
        return f"The address that you opened carries a token, which is of no use here: sign in instead.{found}"
    return (
        "The token in the address that you opened is not this dashboard’s, or is from before it last started. To "
        f"upload, open the address that it printed when it started.{found}"
    )


def sign_in_button(key: str) -> None:
    """Draw a button that leads to the sign-in page of the council.

    Parameters
    ----------
    key
        Tells the button from others on the page.
    """
    if st.button("Sign in", key=f"sign_in_{key}", icon=":material/login:"):
        st.login()


def show_identity(who: Person) -> None:
    """What a person without a role passes on to be given one: the identity that their sign-in gives them.

    Parameters
    ----------
    who
        Who is looking.
    """
    st.write("To be given a role, send the person who looks after this dashboard these two lines:")
    st.code(f"issuer = {_toml(who.issuer)}\nsubject = {_toml(who.subject)}", language=None)


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _configuration() -> _Configuration:
    try:
        return _Configuration(_access())
    except WrongConfiguration as exc:
        return _Configuration(Access(), _reference(str(exc)), exc.closes_browsing)


def _access() -> Access:
    if st.get_option("server.trustedUserHeaders"):
        raise WrongConfiguration(
            ["server.trustedUserHeaders lets a request's headers say who somebody is; take it out."],
            closes_browsing=True,
        )
    secrets, known = _secrets(), figures.cached(_known_authorities)
    global _last_access
    last = _last_access
    if last is None or last[0] is not secrets or last[1] is not known:
        _last_access = last = (secrets, known, read_access(secrets, known))
    return last[2]


# The secrets and authorities last used, and the result. Compared by identity: a change always brings new objects.
_last_access: tuple[Mapping[str, Any], Mapping[str, str], Access] | None = None


def _secrets() -> Mapping[str, Any]:
    """All secrets; empty where there are none. Raises ``WrongConfiguration`` where they are there and unreadable."""
    try:
        return secret_files.read()
    except Exception as exc:
        raise WrongConfiguration([f"The secrets cannot be read: {exc}"], closes_browsing=True) from exc


def _known_authorities() -> dict[str, str]:
    names = selection.authority_codes()
    return {**selection.former_codes(), **names, **{code: code for code in names.values()}}


@functools.lru_cache(maxsize=64)
def _reference(problems: str) -> str:
    """Log what is wrong, once, and return the reference that the pages show."""
    reference = hashlib.sha256(problems.encode()).hexdigest()[:6].upper()
    log.error("Reference %s: sign-in and roles cannot be used as configured. %s", reference, problems)
    return reference


def _signed_in(access: Access) -> Person:
    user = st.user.to_dict()
    if user.get("is_logged_in") is not True:
        return NOBODY
    issuer, subject, expires = user.get("iss"), user.get("sub"), user.get("exp")
    # Streamlit keeps its cookie for a month and ignores the token's own expiry.
    if not isinstance(expires, int | float) or expires <= time.time():
        st.query_params[SIGN_IN_NOTICE] = EXPIRED
        st.warning(_NOTICES[EXPIRED])
        st.logout()
        st.stop()
    SESSIONS.until(st.context.headers.get(SESSION_HEADER, ""), expires)
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        log.error("A sign-in without issuer or subject was not accepted.")
        return NOBODY
    name = user.get("name") or user.get("preferred_username") or user.get("email")
    return access.person(issuer, subject, display_name(str(name or "")) or "Somebody without a name")


def _why_not_local() -> str:
    origin = st.context.headers.get(ORIGIN_HEADER)
    if origin == LOCAL:
        return ""
    return origin or "the server cannot tell where this visit comes from"
