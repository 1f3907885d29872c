"""What the path of a request means: which prefix the product stands under, and whether a path is a page's."""

import re

import streamlit as st
from starlette.types import Scope

# Under which pictures of charts stand.
PICTURES = "/picture/"
_PAGE = re.compile(r"[A-Za-z][A-Za-z_]*")
# Names that look like a page's and have a route of their own.
_routed = {"livez", "metrics", "readyz"}


def base_path() -> str:
    """The prefix that the product is served under, as "/prefix"; "" where there is none."""
    prefix = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{prefix}" if prefix else ""


def path_of(scope: Scope) -> str:
    """The request's path inside the product, without the prefix it may be served under.

    Parameters
    ----------
    scope
        The request, as ASGI describes it.

    Returns
    -------
    str
    """
    path: str = scope["path"]
    base = base_path()
    if base and (path == base or path.startswith(f"{base}/")):
        path = path[len(base) :]
    return path or "/"


def is_page(path: str) -> bool:
    """Whether Streamlit would answer this path with its first page: the home page or one page name.

    Parameters
    ----------
    path
        The request's path inside the product.

    Returns
    -------
    bool
    """
    name = path[1:]
    return name in {"", "index.html"} or (name not in _routed and bool(_PAGE.fullmatch(name)))


def has_route(name: str) -> None:
    """Note that ``/name`` has a route of its own, so that it is no page.

    Parameters
    ----------
    name
        The first part of the path, without slashes.
    """
    _routed.add(name)
