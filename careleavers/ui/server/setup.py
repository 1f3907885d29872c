"""The HTTP side of the product: what every request passes through before Streamlit sees it, and where it is put together."""

from collections.abc import Collection

from starlette.middleware import Middleware

from careleavers.ui import private
from careleavers.ui.server import connections, warm_up
from careleavers.ui.server.compression import CompressedFiles
from careleavers.ui.server.first_page import FirstPages
from careleavers.ui.server.first_pictures import FirstPictures
from careleavers.ui.server.front_end import FrontEnd
from careleavers.ui.server.headers import SecurityHeaders, content_security_policy
from careleavers.ui.server.logs import RequestIds
from careleavers.ui.server.middleware import AuthMiddleware
from careleavers.ui.server.routes import ANSWERS, ClosedPaths, routes
from careleavers.ui.server.sessions import SessionGate
from careleavers.ui.server.unknown_paths import UnknownPaths
from careleavers.ui.server.warm_up import lifespan

__all__ = ["lifespan", "middleware", "routes"]


def middleware(pages: Collection[str] = ()) -> list[Middleware]:
    """What every request passes through before Streamlit sees it, outermost first.

    Parameters
    ----------
    pages
        The names of all pages. Where they are given, an address that leads nowhere is answered with 404.

    Returns
    -------
    list[Middleware]
    """
    folder = private.static_folder()
    front = FrontEnd(folder)
    first = FirstPages(front.page, pictures=FirstPictures())
    warm_up.make_ahead(first)
    known = [Middleware(UnknownPaths, pages=pages, routed=ANSWERS, folder=folder)] if pages else []
    return [
        Middleware(connections.Started),
        Middleware(RequestIds),
        Middleware(SecurityHeaders, policy=content_security_policy(front.index)),
        Middleware(ClosedPaths),
        Middleware(AuthMiddleware),
        Middleware(SessionGate),
        *known,
        Middleware(CompressedFiles, front=front, first=first),
    ]
