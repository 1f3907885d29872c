"""What the server does not let in: a line on the log with a reference, and a sentence with the same for the person."""

import ipaddress
import logging
import secrets
import threading
import time
from html import escape

from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from careleavers import metrics
from careleavers.ui.pages import PRODUCT

log = logging.getLogger("careleavers.ui")

# A flood of attempts must not fill the disk, nor hide one kind of attempt behind another.
_LINES_A_MINUTE = 20
_LONGEST = 300
_lock = threading.Lock()
# For each kind of refusal, when its current minute began and how many there have been since.
_counted: dict[str, tuple[float, int]] = {}


def note(kind: str, about: str = "", address: str | None = None) -> str:
    """Log a refusal in one line; beyond 20 of a kind a minute, only how many there were.

    Parameters
    ----------
    kind
        What was refused, in a few words.
    about
        What came from outside.
    address
        The address that it came from, where that is known.

    Returns
    -------
    str
        The reference under which the log has it.
    """
    metrics.REFUSED.labels(kind).inc()
    reference = secrets.token_hex(3).upper()
    now, left_out = time.monotonic(), 0
    with _lock:
        began, lines = _counted.get(kind, (now, 0))
        if now - began >= 60:
            began, left_out, lines = now, max(lines - _LINES_A_MINUTE, 0), 0
        _counted[kind] = began, lines + 1
    if left_out:
        log.warning("%d more in the minute before: %s", left_out, kind)
    if lines < _LINES_A_MINUTE:
        whole = f"{kind}: {short(about)}" if about else kind
        log.warning("Reference %s: %s%s", reference, whole, f", from {network(address)}" if address else "")
    return reference


def network(address: str) -> str:
    """The network of an address: enough to see that many requests come from one place, too little to tell who it was.

    Parameters
    ----------
    address
        An address, as the connection or a proxy gives it.

    Returns
    -------
    str
        Without the last quarter of an IPv4 address, or all but the first three parts of an IPv6 one. This machine’s own
        addresses, and what is none, stay.
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return short(address)
    known = getattr(known, "ipv4_mapped", None) or known
    if known.is_loopback:
        return str(known)
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False).network_address)


def short(text: str) -> str:
    """Text that came from outside as part of one line: plain ASCII, of bounded length.

    Parameters
    ----------
    text
        Text that came from outside.

    Returns
    -------
    str
    """
    line = text.encode("ascii", "backslashreplace").decode()
    line = "".join(mark if mark.isprintable() else "?" for mark in line)
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def sentence(status: int, text: str, **headers: str) -> Response:
    """A page that says one sentence, never kept by a browser.

    Parameters
    ----------
    status
        Status code of HTTP.
    text
        The sentence.
    **headers
        Further headers, with _ for -.

    Returns
    -------
    Response
    """
    body = (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{PRODUCT}</title>'
        '<meta name="viewport" content="width=device-width"></head>'
        f'<body style="font:1.1rem/1.5 Arial,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem">'
        f"<h1>{PRODUCT}</h1><p>{escape(text)}</p></body></html>"
    )
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-store", **more})


def address_of(scope: Scope) -> str | None:
    """The address that a request comes from, as far as it is known; behind a proxy on this machine that it passes on.

    Parameters
    ----------
    scope
        The request, as ASGI describes it.

    Returns
    -------
    str or None
    """
    client = scope.get("client")
    return str(client[0]) if client else None
