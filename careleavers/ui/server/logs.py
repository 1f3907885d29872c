"""The log: lines for people, or JSON for programs (``CARELEAVERS_LOG=json``), each with the request that it belongs to.

Neither has names, addresses or anything else about persons in it, with the one exception that docs/DATA_PROTECTION.md names.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import TextIO

import streamlit as st
from pythonjsonlogger.json import JsonFormatter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careleavers import metrics, settings
from careleavers.ui import private

HEADER = "x-request-id"
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_request: ContextVar[str] = ContextVar("request", default="")


def set_up(stream: TextIO = sys.stderr) -> None:
    """Send the log somewhere, in the form that is set, and count its lines. Once for each process.

    Parameters
    ----------
    stream
        Where it goes.
    """
    logger = logging.getLogger("careleavers")
    if logger.handlers:
        return
    handler = logging.StreamHandler(stream)
    handler.addFilter(_noted)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if settings.log_format() == "json":
        form = JsonFormatter(
            ["asctime", "levelname", "name", "request", "message"],
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger", "exc_info": "exception"},
        )
        form.converter, form.default_time_format, form.default_msec_format = (
            time.gmtime,
            "%Y-%m-%dT%H:%M:%S",
            "%s.%03dZ",
        )
        for each in {handler} | _others():
            each.setFormatter(form)


def _others() -> set[logging.Handler]:
    """What writes the server's own lines, as far as it has been made by now."""
    return {
        handler for name in (None, *logging.root.manager.loggerDict) for handler in logging.getLogger(name).handlers
    }


def _noted(record: logging.LogRecord) -> bool:
    """Count a line, and give it the request that it belongs to."""
    metrics.LOGGED.labels(record.levelname.lower()).inc()
    record.request = request()
    return True


def request() -> str:
    """The id of the request that is being answered, or of the page's connection that a script runs for; "" elsewhere."""
    if private.session() is not None:
        return str(st.context.headers.get(HEADER, ""))
    return _request.get()


class RequestIds:
    """Gives each request an id, which the log and the answer carry: that of a proxy in front, or one of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its id, and count its answer."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        given = Headers(raw=scope["headers"]).get(HEADER, "")
        own = given if _ID.fullmatch(given) else secrets.token_hex(16)
        kept = [pair for pair in scope["headers"] if pair[0].lower() != HEADER.encode()]
        scope = {**scope, "headers": [*kept, (HEADER.encode(), own.encode())]}
        _request.set(own)

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                metrics.REQUESTS.labels(f"{message['status'] // 100}xx").inc()
                headers = MutableHeaders(raw=list(message["headers"]))
                headers[HEADER] = own
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, sent)
