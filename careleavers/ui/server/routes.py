"""Addresses beside Streamlit's own that the server answers: whether it is ready, what it counts, the feed, the icon; and those it closes."""

import asyncio
import hashlib
import hmac
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from careleavers import __version__, metrics, settings
from careleavers.errors import CareLeaversError
from careleavers.ui import private
from careleavers.ui.pages import PRODUCT, ROOT
from careleavers.ui.server import paths
from careleavers.ui.server.front_end import PICTURE
from careleavers.ui.server.sessions import SESSIONS
from careleavers.ui.server.stopping import STOPPING
from careleavers.views.whats_new import feed

ICON = ROOT / "careleavers" / "ui" / "assets" / "icon.png"
CARD = ROOT / "careleavers" / "ui" / "assets" / PICTURE

# Answers of Streamlit's that tell a stranger about the server and that the pages do not need. host-config
# stays open, because no page connects without it; client.allowedOrigins leaves it nothing to tell.
_CLOSED = (private.METRICS, private.AGENT)


def routes(home: str) -> list[Route]:
    """Routes beside Streamlit's own: whether the figures are loaded, the feed of what is new, the icon, and the home page by its name.

    Parameters
    ----------
    home
        The name of the first page. Streamlit serves it at ``/`` only and does not know it by its own name.

    Returns
    -------
    list[Route]
        Each route with and without the base path.
    """
    paths.has_route(home)
    answers = {**ANSWERS, f"/{home}": _home}
    # Streamlit puts its own routes under the prefix but not these, so they are added at both.
    prefixes = dict.fromkeys(("", paths.base_path()))
    return [Route(prefix + path, answer) for prefix in prefixes for path, answer in answers.items()]


async def _home(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}", status_code=307)


async def _live(request: Request) -> Response:
    """200 as long as the server answers at all: for whoever restarts one that does not."""
    return PlainTextResponse("alive\n", headers={"Cache-Control": "no-store"})


async def _metrics(request: Request) -> Response:
    """What is counted, for whoever has the token that is set; without one set there is no such address."""
    try:
        token = settings.metrics_token()
    except CareLeaversError:  # said on the log at the start
        token = ""
    if not token:
        return PlainTextResponse("Not found\n", status_code=404)
    given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return PlainTextResponse("This needs the token.\n", status_code=401, headers={"WWW-Authenticate": "Bearer"})
    metrics.PAGES.set(len(SESSIONS.open))
    content, media_type = await asyncio.to_thread(_metrics_text)
    return Response(content, headers={"Content-Type": media_type, "Cache-Control": "no-store"})


def _metrics_text() -> tuple[bytes, str]:
    from careleavers.ui import figures

    with suppress(CareLeaversError):
        metrics.ABOUT.info({"version": __version__, "figures": figures.versions().newest().version})
    return metrics.text()


async def _ready(request: Request) -> Response:
    """200 "ready" with the data version once the figures are loaded, 503 with one line until then and when it is leaving.

    Uploads that cannot be read or shown are named after a "but", with 200: every replica has the same store, and the figures
    that were published can be looked at all the same.
    """
    from careleavers.ui import figures

    if STOPPING.begun:
        return PlainTextResponse("not ready: stopping\n", status_code=503, headers={"Cache-Control": "no-store"})
    try:
        line = await asyncio.to_thread(lambda: figures.versions().readiness())
    except Exception:  # the reason is for the log, which has it from the start
        return PlainTextResponse("not ready: the figures could not be loaded\n", status_code=503)
    # For monitoring that looks at the status alone: /readyz?whole is 503 as well while anything is amiss.
    amiss = "whole" in request.query_params and ", but " in line
    return PlainTextResponse(f"{line}\n", status_code=503 if amiss else 200, headers={"Cache-Control": "no-store"})


async def _feed(request: Request) -> Response:
    """What is new as an Atom feed, of all authorities or (``?authority=`` name or code) one: as anybody may see it.

    A request for it has no person, so where browsing needs signing in it is closed.
    """
    from careleavers.ui import access, figures, selection
    from careleavers.views.whats_new import view as whats_new_view

    def answer() -> Response:
        if not access.browsing_open():
            return PlainTextResponse("The feed is closed: this dashboard needs signing in.\n", status_code=403)
        asked, code, name = request.query_params.get("authority", "").strip(), "", ""
        if asked:
            code = selection.authority_code(asked) or ""
            if not code:
                return PlainTextResponse("There is no such authority.\n", status_code=404)
            name = selection.authority_names()[code]
        content = figures.cached_view(whats_new_view.document, code, name, f"{PRODUCT}: what is new")
        # A hash of the content, not the version: an unchanged feed need not be fetched again after an unrelated upload.
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=feed.MEDIA_TYPE, headers=headers)

    try:
        return await asyncio.to_thread(answer)
    except CareLeaversError:  # the reason is for the log, which has it from the start
        return PlainTextResponse("The figures could not be loaded.\n", status_code=503)


async def _icon(request: Request) -> Response:
    return FileResponse(ICON, headers={"Cache-Control": "public, max-age=86400"})


async def _picture(request: Request) -> Response:
    return FileResponse(CARD, headers={"Cache-Control": "public, max-age=86400"})


# The routes that every dashboard has in addition to Streamlit's own.
ANSWERS = {
    "/livez": _live,
    "/readyz": _ready,
    "/metrics": _metrics,
    "/feed.xml": _feed,
    "/favicon.png": _icon,
    f"/{PICTURE}": _picture,
}


class ClosedPaths:
    """Answers 404 for the paths in ``_CLOSED``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the path or hand the request on."""
        if scope["type"] == "http" and paths.path_of(scope).startswith(_CLOSED):
            await PlainTextResponse("Not found\n", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
