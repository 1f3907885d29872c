"""Where a request comes from: whether it is from the machine that the server runs on, and from nowhere else."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

_FORWARDED = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-", "x-forwarded", "true-client-ip", "cf-")
_NOT_ALONE = "the server listens to other machines as well"


@dataclass(frozen=True)
class RequestOrigin:
    """What the server knows about where a request comes from.

    Attributes
    ----------
    configured
        The address that the server is set to listen on; None for all.
    listening
        Returns the addresses on which it listens on the port of the request; none where the system does not say, and
        then the request is not local. It is called last, because it takes a while on a busy machine.
    server, client
        The two ends of the connection.
    headers
        Those of the request, names in lower case.
    """

    configured: str | None
    listening: Callable[[], Set[str]]
    server: str | None
    client: str | None
    headers: Mapping[str, str]


def reason_not_local(origin: RequestOrigin) -> str:
    """Say why a request does not count as one from this machine.

    Parameters
    ----------
    origin
        Where it comes from.

    Returns
    -------
    str
        A clause to follow "because", in ASCII; empty where the request is from this machine.
    """
    if not is_loopback_name(origin.configured):
        return _NOT_ALONE
    if not is_loopback_name(origin.client) or not is_loopback_name(origin.server):
        return "this visit comes from another machine"
    if any(name.startswith(_FORWARDED) for name in origin.headers):
        return "this visit comes through a proxy"
    host = origin.headers.get("host", "")
    # Somebody else's host name can be made to resolve to this machine, so that a page of theirs can talk to this server.
    if not is_loopback_name(_host_name(host)):
        return "the address in the browser does not name this machine"
    page = origin.headers.get("origin")
    if page not in {None, f"http://{host}", f"https://{host}"}:
        return "the page that asks is not this dashboard's"
    listening = origin.listening()
    if not listening:
        return "this system does not tell to which machines the server listens"
    return "" if all(map(is_loopback_name, listening)) else _NOT_ALONE


def is_loopback_name(name: str | None) -> bool:
    """Whether an address or host name stands for this machine: 127.0.0.0/8, ::1 or localhost.

    Parameters
    ----------
    name
        Without a port; None where it is not known.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_loopback_name("127.0.0.1"), is_loopback_name("outcomes.example")
    (True, False)
    """
    if not name:
        return False
    if name.casefold() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _host_name(host: str) -> str:
    """The name in a Host header, without the port; "" where it is not one."""
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname or "" if parts.netloc == host and "@" not in host else ""
    except ValueError:
        return ""
