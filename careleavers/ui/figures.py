"""The figures that a run shows, their version, and cached queries on them."""

import datetime as dt
import gc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import count
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd
import streamlit as st

from careleavers import kept_files, pictures
from careleavers.figures import catalogue
from careleavers.figures.warehouse import Warehouse
from careleavers.model import Indicator
from careleavers.packs.workshop import FILES
from careleavers.store import open_store
from careleavers.ui import kept_drawings, private
from careleavers.ui.cache import Cache
from careleavers.ui.kept_drawings import drawings
from careleavers.uploads import UploadService
from careleavers.versions import Versions
from careleavers.views.context import Context

P = ParamSpec("P")
R = TypeVar("R")

# Answers are a few hundred rows at most; 512 of them cover every authority's home page.
_answers = Cache(512)
# A drawn page is some hundred kilobytes; this many cover a council's working day.
_drawings = Cache(128)

# Where a run keeps the version it shows, so that a page never mixes two, and a fragment uses the version of its page.
_SHOWN = "_figures"
_instead: ContextVar[Warehouse | None] = ContextVar("instead", default=None)
# The releases named while something is drawn, as (source, release).
_named: ContextVar[set[tuple[str, str]] | None] = ContextVar("named", default=None)


@st.cache_resource(show_spinner=False)
def versions() -> Versions:
    """All versions of the figures, shared by all visitors of this process.

    Raises a ``CareLeaversError`` that names file, line and reason when the figures cannot be read. A failure
    is not remembered, so the pages work again once the files are repaired.
    """
    return Versions(open_store())


@st.cache_resource(show_spinner=False)
def upload_service() -> UploadService:
    """Where uploads are checked and accepted."""
    return UploadService(versions())


def select_version(as_at: int | None) -> None:
    """At the start of a run, decide which version it shows.

    Parameters
    ----------
    as_at
        How many entries of the ledger of uploads the version has; None for the newest.

    Raises
    ------
    CareLeaversError
        When the figures cannot be read or there is no such version.
    """
    st.session_state.pop(_SHOWN, None)
    st.session_state[_SHOWN] = versions().newest() if as_at is None else versions().select_version(as_at)


def warehouse() -> Warehouse:
    """The figures of this run. Raises a ``CareLeaversError`` when they cannot be read."""
    shown = _instead.get()
    if shown is None and private.session() is not None:
        shown = st.session_state.get(_SHOWN)
    return shown or versions().newest()


@contextmanager
def previewing(preview: Warehouse) -> Iterator[None]:
    """Draw what is inside from other figures than those of the run.

    Parameters
    ----------
    preview
        Figures with those of an upload that is not accepted yet.

    Returns
    -------
    Iterator[None]
    """
    token = _instead.set(preview)
    try:
        yield
    finally:
        _instead.reset(token)


def ask(name: str, **parameters: Any) -> pd.DataFrame:
    """Answer of ``queries/<name>.sql``, from memory where it is known.

    The data version is part of the key, so a new release never shows an old answer.

    Parameters
    ----------
    name
        The name of the file, without its ending.
    **parameters
        What its head comment names.

    Returns
    -------
    pandas.DataFrame
        The caller’s own copy.

    Raises
    ------
    CareLeaversError
        For an unknown query or parameter.
    """
    shown = warehouse()
    key = (name, shown.version, *((each, _hashable(parameters[each])) for each in sorted(parameters)))
    answer: pd.DataFrame = _answers.get(key, lambda: shown.query(name, **parameters))
    return answer.copy()


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def indicators() -> dict[str, Indicator]:
    """The indicators that have figures, by id in the catalogue's order. Shared by all visitors: read it only."""
    return cached(_indicators)


def _indicators() -> dict[str, Indicator]:
    every = catalogue.from_rows(ask("indicators"))
    return {key: indicator for key, indicator in every.items() if indicator.held}


def context() -> Context:
    """What a view of this run is made from."""
    return Context(
        query=ask, indicators=indicators(), version=warehouse().version, today=dt.date.today(), name_release=_name
    )


def context_of_one() -> Context:
    """What a view is made from that only some may see: nothing of it is kept for other visitors."""
    return replace(context(), query=warehouse().query)


def cached_view(make: Callable[Concatenate[Context, P], R], *arguments: P.args, **none: P.kwargs) -> R:
    """What ``make(context, *arguments)`` returns, made once for all visitors: see :func:`cached`.

    Parameters
    ----------
    make
        A function of a view: its first argument is the context, the others are hashable.
    *arguments
        The others, by position.
    **none
        Empty: the types require it, and a keyword argument would not be part of the key.

    Returns
    -------
    R
        Shared by everybody: read it only.
    """
    return _cached_result(make, arguments, lambda: make(context(), *arguments, **none))


def cached(make: Callable[..., R], *arguments: Hashable) -> R:
    """What ``make(*arguments)`` returns, made once for all visitors until the figures or the day change.

    A picture carries its day, so a new day draws a new one.

    Parameters
    ----------
    make
        A function of a module whose result depends on the figures and its arguments alone.
    *arguments
        Its arguments.

    Returns
    -------
    R
        Sentences, tables or a :class:`careleavers.charts.ChartResult`; shared by everybody: read it only.
    """
    return _cached_result(make, arguments, lambda: make(*arguments))


def _cached_result(function: Callable[..., Any], arguments: tuple[Any, ...], make: Callable[[], R]) -> R:
    key = (function.__module__, function.__qualname__, arguments, warehouse().version, dt.date.today())

    def draw() -> tuple[R, set[tuple[str, str]]]:
        name = _name_kept(function, arguments)
        found: tuple[R, set[tuple[str, str]]] | None = drawings().get(name) if name else None
        if found is None:
            with collecting_releases() as inside:
                found = make(), inside
            if name:
                drawings().put(name, found)
        return found

    result: R
    result, releases = _drawings.get(key, draw)
    if (named := _named.get()) is not None:
        named.update(releases)
    return result


def _name_kept(function: Callable[..., Any], arguments: tuple[Any, ...]) -> str:
    """Under which name a drawing is kept in a file; "" for one that is not: anything but the newest figures that everybody sees."""
    shown = warehouse()
    if not drawings().usable or shown is not versions().newest():
        return ""
    return kept_drawings.name(function, arguments, shown.version, versions().identity(shown), dt.date.today())


def draw_ahead(make: Callable[Concatenate[Context, P], R], *arguments: P.args, **none: P.kwargs) -> R | None:
    """Draw something of the newest figures for whoever asks first, and keep it in a file: memory is left to those who ask.

    Parameters
    ----------
    make
        As for :func:`cached_view`.
    *arguments
        As for :func:`cached_view`.
    **none
        Empty, as there.

    Returns
    -------
    R or None
        What was drawn; None where it was kept already, or is not to be kept.
    """
    name = _name_kept(make, arguments)
    if not name or drawings().has(name):
        return None
    with collecting_releases() as named:
        made = make(context_of_one(), *arguments, **none)
    drawings().put(name, (made, named))
    return made


@contextmanager
def collecting_releases() -> Iterator[set[tuple[str, str]]]:
    """Collect the releases, as (source, release), that charts and tables drawn inside say they come from.

    They count whether they are drawn now or were before. Charts and downloads ask ``queries/release.sql`` what to say
    of a release and are known by that; a table that names its sources nowhere else calls :meth:`Context.name_releases`.
    """
    named: set[tuple[str, str]] = set()
    token = _named.set(named)
    try:
        yield named
    finally:
        _named.reset(token)


def _name(source: str, release: str) -> None:
    if (named := _named.get()) is not None:
        named.add((source, release))


_clearings = 0


def clear_caches() -> None:
    """Forget every cached answer, picture and pack, because something in them was erased."""
    global _clearings
    _answers.clear()
    _drawings.clear()
    kept_files.forget()
    pictures.forget()
    FILES.clear()
    _clearings += 1


def clearings() -> int:
    """How often :func:`clear_caches` was called: whoever caches something else forgets it when this changes."""
    return _clearings


# Collect garbage in full only once in this many runs, because it walks over everything loaded.
_RUNS_A_WALK = 500
_runs = count(1)


def freeze_memory() -> None:
    """At the end of a run, set what is in memory aside from the garbage collector; now and then let it walk all.

    Streamlit collects fully after each run, which walks every object that is not set aside: half of a click's work.
    What is set aside is still freed when nothing holds it; only rings of objects wait for the next walk.
    """
    if next(_runs) % _RUNS_A_WALK == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()
