"""Headers that keep a browser from loading, framing or guessing what it should not."""

import base64
import hashlib
import logging
import re
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careleavers.ui.server import refusals

log = logging.getLogger("careleavers.ui")

# What every answer has beside its policy.
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Of a line of plain text that is sent before any of this is asked: to what is no request, or comes too late.
OF_A_LINE = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'", **ALWAYS}
_FAILED = (
    "Something went wrong on our side, and it has been recorded. Reloading may help; if it happens again, tell the person who "
    "looks after this dashboard the reference {}."
)


def content_security_policy(page: str) -> str:
    """The policy for all answers: everything from here, and of inline scripts only those of ``page`` (HTML), by their hash.

    Parameters
    ----------
    page
        The first page as HTML.

    Returns
    -------
    str
        The value of the header.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}".strip(),
            # Streamlit and Plotly write their styles into the page.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers that keep a browser from loading, framing or guessing what it should not.

    An answer that fails before it begins is given here, as nothing outside of this would add them to it.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        every = {"content-security-policy": policy, **ALWAYS}
        self.headers = [(name.encode(), value.encode()) for name, value in every.items()]
        self.names = {name for name, _ in self.headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal begun
            begun = True
            # A websocket that is refused is answered as a request is.
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in self.names]
                message["headers"] = kept + self.headers
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            if begun or scope["type"] != "http":
                raise
            reference = secrets.token_hex(3).upper()
            log.exception("Reference %s: a request could not be answered", reference)
            await refusals.sentence(500, _FAILED.format(reference))(scope, receive, send_with_headers)
