"""The HTTP side of the product: what every request passes through before Streamlit sees it, and where it is put together."""

from starlette.middleware import Middleware

from careleavers.ui import connections, private
from careleavers.ui.compression import CompressedFiles
from careleavers.ui.doorway import Doorway
from careleavers.ui.front_end import FrontEnd
from careleavers.ui.headers import SecurityHeaders, content_security_policy
from careleavers.ui.routes import ClosedPaths, routes
from careleavers.ui.visits import Gate
from careleavers.ui.warm_up import lifespan

__all__ = ["lifespan", "middleware", "routes"]


def middleware() -> list[Middleware]:
    """What every request passes through before Streamlit sees it, outermost first."""
    front = FrontEnd(private.static_folder())
    return [
        Middleware(connections.Started),
        Middleware(SecurityHeaders, policy=content_security_policy(front.index)),
        Middleware(ClosedPaths),
        Middleware(Doorway),
        Middleware(Gate),
        Middleware(CompressedFiles, front=front),
    ]
