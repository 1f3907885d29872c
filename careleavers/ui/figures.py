"""The figures that a run shows, of which version, and the cached way to ask them."""

import datetime as dt
import gc
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from careleavers.desk import UploadService
from careleavers.kept import Kept
from careleavers.store import open_store
from careleavers.versions import Versions
from careleavers.warehouse import Warehouse

R = TypeVar("R")

# Answers are a few hundred rows at most; 512 of them cover every authority's home page.
_answers = Kept(512)
# A drawn page is some hundred kilobytes; these many cover a council's working day.
_drawings = Kept(128)

# Where a run keeps the version it shows: a page never mixes two, and a fragment draws what its page has drawn.
_SHOWN = "_figures"
_instead: ContextVar[Warehouse | None] = ContextVar("instead", default=None)
# The releases that are asked for while something is drawn, as (source, release).
_named: ContextVar[set[tuple[str, str]] | None] = ContextVar("named", default=None)


@st.cache_resource(show_spinner=False)
def versions() -> Versions:
    """All versions of the figures, shared by all visitors of this process.

    Raises a ``CareLeaversError`` that names file, line and reason when the figures cannot be read. A failure
    is not remembered, so the pages work again once the files are mended.
    """
    return Versions(open_store())


@st.cache_resource(show_spinner=False)
def upload_service() -> UploadService:
    """Where uploads are checked and accepted."""
    return UploadService(versions())


def settle(as_at: int | None) -> None:
    """At the start of a run: decide which version it shows, the newest or the one that ``as_at`` names.

    Raises a ``CareLeaversError`` when the figures cannot be read or there is no such version.
    """
    st.session_state.pop(_SHOWN, None)
    st.session_state[_SHOWN] = versions().newest() if as_at is None else versions().select_version(as_at)


def warehouse() -> Warehouse:
    """The figures of this run. Raises a ``CareLeaversError`` when they cannot be read."""
    shown = _instead.get()
    if shown is None and get_script_run_ctx(suppress_warning=True) is not None:
        shown = st.session_state.get(_SHOWN)
    return shown or versions().newest()


@contextmanager
def using(preview: Warehouse) -> Iterator[None]:
    """Draw what is inside from other figures: those of an upload that is not accepted yet."""
    token = _instead.set(preview)
    try:
        yield
    finally:
        _instead.reset(token)


def ask(name: str, **params: Any) -> pd.DataFrame:
    """Answer of ``queries/<name>.sql`` for these parameters, from memory where it is known.

    The data version is part of the key, so a new release never shows an old answer. The frame is the caller's own
    copy. Raises a ``CareLeaversError`` for an unknown query or parameter.
    """
    shown = warehouse()
    key = (name, shown.version, *((each, _hashable(params[each])) for each in sorted(params)))
    if name == "release":
        _name(params["source"], params["release"])
    answer: pd.DataFrame = _answers.get(key, lambda: shown.query(name, **params))
    return answer.copy()


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value


def drawn(make: Callable[..., R], *arguments: Hashable) -> R:
    """What ``make(*arguments)`` returns, drawn once for all visitors until the figures or the day change.

    ``make`` is a module's function whose result depends on the figures and its arguments alone and is never changed
    by who gets it (sentences, tables, :class:`careleavers.charts.ChartResult`). A picture carries its day, so a new
    day draws anew.
    """
    key = (make.__module__, make.__qualname__, arguments, warehouse().version, dt.date.today())

    def draw() -> tuple[R, set[tuple[str, str]]]:
        with naming() as inside:
            return make(*arguments), inside

    result: R
    result, releases = _drawings.get(key, draw)
    if (named := _named.get()) is not None:
        named.update(releases)
    return result


@contextmanager
def naming() -> Iterator[set[tuple[str, str]]]:
    """Collect the releases, as (source, release), that charts and tables drawn inside say they come from.

    They count whether they are drawn now or were before. Charts and downloads ask ``queries/release.sql`` what to say
    of a release and are known by that; a table that names its sources nowhere else calls :func:`name_releases`.
    """
    named: set[tuple[str, str]] = set()
    token = _named.set(named)
    try:
        yield named
    finally:
        _named.reset(token)


def name_releases(rows: pd.DataFrame) -> None:
    """Count in the releases of rows that are shown: those of ``rows`` (``source``, ``release``, ``value``) with a value."""
    for source, release in set(
        rows.loc[rows["value"].notna(), ["source", "release"]].itertuples(index=False, name=None)
    ):
        _name(source, release)


def _name(source: object, release: object) -> None:
    if (named := _named.get()) is not None:
        named.add((str(source), str(release)))


def forget() -> None:
    """Let go of everything that was asked and drawn, because something of it was erased."""
    _answers.clear()
    _drawings.clear()


# How many runs share one walk over everything that is loaded.
_RUNS_A_WALK = 500
_runs = count(1)


def settle_memory() -> None:
    """At the end of a run, set what is in memory aside from the garbage collector; now and then let it walk all.

    Streamlit collects fully after each run, which walks every object that is not set aside: half of a click's work.
    What is set aside is still freed when nothing holds it; only rings of objects wait for the next walk.
    """
    if next(_runs) % _RUNS_A_WALK == 0:
        gc.unfreeze()
        gc.collect()
    gc.freeze()
