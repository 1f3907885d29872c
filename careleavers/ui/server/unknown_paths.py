"""What is answered where there is nothing: a page that says so, and not Streamlit's own first page with the status 200."""

from __future__ import annotations

import html
from collections.abc import Collection
from pathlib import Path

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from careleavers.ui import private
from careleavers.ui.pages import PRODUCT
from careleavers.ui.server.paths import PICTURES, base_path, path_of

# Paths that Streamlit, or whoever keeps the pictures, answers with a 404 of its own where there is nothing.
_ANSWERED = (PICTURES, private.STREAMLIT, private.MEDIA, private.STATIC, "/component/", "/app/static/", "/auth/")
_SINGLE = {"/", "/index.html", "/oauth2callback"}


class UnknownPaths:
    """Answers 404 for a path that is no page, no route and no file, and leads from a page's name with a slash to the page."""

    def __init__(self, app: ASGIApp, pages: Collection[str], routed: Collection[str], folder: Path) -> None:
        """Arguments as they are known when the server starts.

        Parameters
        ----------
        app
            What answers known paths.
        pages
            The names of the pages, as they stand in addresses.
        routed
            The paths that have a route of their own, such as ``/readyz``.
        folder
            Where Streamlit keeps its first page; the files beside that are served by their names.
        """
        self.app = app
        self.pages = {f"/{name}" for name in pages}
        files = {f"/{path.name}" for path in folder.iterdir() if path.is_file()}
        self.known = self.pages | _SINGLE | set(routed) | files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for an unknown path; hand every other one on."""
        answer = self._answer(scope) if scope["type"] == "http" else None
        await (answer or self.app)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        path = path_of(scope)
        if path in self.known or path.startswith(_ANSWERED):
            return None
        if path.rstrip("/") in self.pages and scope["method"] in {"GET", "HEAD"}:
            query = scope["query_string"].decode("latin-1")
            address = f"{base_path()}{path.rstrip('/')}" + (f"?{query}" if query else "")
            return RedirectResponse(address, status_code=308, headers={"Cache-Control": "no-cache"})
        return HTMLResponse(page(f"{base_path()}/"), status_code=404, headers={"Cache-Control": "no-cache"})


def page(home: str) -> str:
    """The page that says that there is none at this address, with a link to ``home``.

    Parameters
    ----------
    home
        Path of the home page.

    Returns
    -------
    str
    """
    title, link = html.escape(PRODUCT), html.escape(home, quote=True)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Page not found – {title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>body{font:18px/1.5 Arial,'Liberation Sans',sans-serif;margin:2rem;max-width:40rem}</style></head>"
        f'<body><main><h1>Page not found</h1><p>There is no page at this address: start from the <a href="{link}">home page'
        "</a>.</p></main></body></html>"
    )
