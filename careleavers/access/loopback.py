"""Whether a visit comes from the machine that the server runs on, and from nowhere else."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from urllib.parse import urlsplit

_FORWARDED = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-", "x-forwarded", "true-client-ip", "cf-")
_NOT_ALONE = "the server listens to other machines as well"


@dataclass(frozen=True)
class Arrival:
    """What the server knows about how a visit reached it.

    ``configured``: the address that the server is set to listen on; None for all. ``listening``: asked for the addresses
    on which it does, on the visit's port; none where the system does not tell, and then the visit does not count. It is
    asked last, for it takes a while on a busy machine. ``server`` and ``client``: the two ends of the connection.
    ``headers``: those of the request, names in lower case.
    """

    configured: str | None
    listening: Callable[[], Set[str]]
    server: str | None
    client: str | None
    headers: Mapping[str, str]


def why_not_local(arrival: Arrival) -> str:
    """Why a visit may not count as one from this machine, to follow "because"; "" when it does. Plain ASCII."""
    if not is_loopback_name(arrival.configured):
        return _NOT_ALONE
    if not is_loopback_name(arrival.client) or not is_loopback_name(arrival.server):
        return "this visit comes from another machine"
    if any(name.startswith(_FORWARDED) for name in arrival.headers):
        return "this visit comes through a proxy"
    host = arrival.headers.get("host", "")
    # A name elsewhere can be made to lead here, so that another site's page speaks to this server.
    if not is_loopback_name(_host_name(host)):
        return "the address in the browser does not name this machine"
    origin = arrival.headers.get("origin")
    if origin not in {None, f"http://{host}", f"https://{host}"}:
        return "the page that asks is not this dashboard's"
    listening = arrival.listening()
    if not listening:
        return "this system does not tell to which machines the server listens"
    return "" if all(map(is_loopback_name, listening)) else _NOT_ALONE


def is_loopback_name(name: str | None) -> bool:
    """Whether an address or host name (without port) stands for this machine: 127.0.0.0/8, ::1 or localhost."""
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
