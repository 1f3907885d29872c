"""The key to uploading on one person's machine: a token in the address that is printed at the start, then a cookie.

That a visit comes from this machine proves little: a proxy here makes everybody's do so. Whoever has the token can read
what the server prints.
"""

import functools
import hashlib
import hmac
import logging
import secrets

import streamlit as st
from starlette.requests import HTTPConnection

from careleavers import settings
from careleavers.errors import CareLeaversError

log = logging.getLogger("careleavers.ui")

PARAMETER = "token"


@functools.cache
def token() -> str:
    """The token of this start: the one that is set, or one at random."""
    try:
        chosen = settings.token()
    except CareLeaversError as exc:
        log.error("%s One at random is used instead.", exc)
        chosen = ""
    return chosen or secrets.token_urlsafe(24)


def fits(text: str) -> bool:
    """Whether this is the token, in a time that does not depend on how much of it is right.

    Parameters
    ----------
    text
        What an address or a cookie carried.

    Returns
    -------
    bool
    """
    return hmac.compare_digest(text.encode("utf-8", "replace"), token().encode())


def cookie_name() -> str:
    """A browser does not tell the ports of a machine apart, so the name does."""
    return f"careleavers_key_{st.get_option('server.port')}"


def cookie_value() -> str:
    """What a browser keeps that was opened with the token; of no use after the next start."""
    return hmac.new(token().encode(), b"cookie", hashlib.sha256).hexdigest()


def is_held(cookies: str) -> bool:
    """Whether a request's ``Cookie`` header carries the key.

    Parameters
    ----------
    cookies
        The ``Cookie`` header.

    Returns
    -------
    bool
    """
    held = cookie(cookies, cookie_name())
    return hmac.compare_digest(held.encode("utf-8", "replace"), cookie_value().encode())


def cookies_in(header: str) -> dict[str, str]:
    """The cookies of a ``Cookie`` header by name, read as browsers write them: of two with one name the last.

    Parameters
    ----------
    header
        The header.

    Returns
    -------
    dict[str, str]
    """
    return HTTPConnection({"type": "http", "headers": [(b"cookie", header.encode("latin-1", "replace"))]}).cookies


def cookie(cookies: str, name: str) -> str:
    """One cookie of a ``Cookie`` header; "" where it is not there.

    Parameters
    ----------
    cookies
        The ``Cookie`` header.
    name
        Name of the cookie.

    Returns
    -------
    str
    """
    return cookies_in(cookies).get(name, "")


def address(host: str, port: int) -> str:
    """The address to open for uploading, as seen from this machine.

    Parameters
    ----------
    host, port
        Where the server listens.

    Returns
    -------
    str
    """
    host = f"[{host}]" if ":" in host else host
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}/" if base else "/"
    return f"{scheme}://{host}:{port}{path}?{PARAMETER}={token()}"
