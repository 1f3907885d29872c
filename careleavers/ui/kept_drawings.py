"""Drawn pages in files, so that the next start and other replicas need not draw them again.

Only what anybody may see is here: pages of the newest figures, by arguments that an address holds. A file is read with a short
list of types that may be in it, so that whoever could write to the folder could not have the server run anything.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import pickle
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import is_dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import Any

import plotly.graph_objects as go

from careleavers.charts import ChartResult
from careleavers.charts.private import Finished
from careleavers.charts.template import PHONES
from careleavers.kept_files import KeptFiles, in_folder, name_of

log = logging.getLogger("careleavers.ui")

# The pages that take long to draw; a function of their views whose last argument is the width.
PAGES = frozenset({"at_a_glance", "compare", "inspections", "map", "spread", "together", "trends", "workforce"})
_VIEWS = "careleavers.views."
# Drawings that wait to be written; any more are not kept.
_WAITING = 32
# What frames, arrays and dates are put together from again. Classes of our own are allowed where they are dataclasses.
_ALLOWED = {
    "builtins": {"bytearray", "frozenset", "set", "slice"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "numpy": {"dtype", "ndarray"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.numeric": {"_frombuffer"},
    "pandas": {
        "BooleanDtype", "DataFrame", "DatetimeIndex", "Float64Dtype", "Index", "Int32Dtype", "Int64Dtype", "RangeIndex", "Series",
        "StringDtype",
    },
    "pandas.arrays": {"ArrowStringArray", "BooleanArray", "DatetimeArray", "FloatingArray", "IntegerArray"},
    "pandas._libs.arrays": {"__pyx_unpickle_NDArrayBacked"},
    "pandas._libs.internals": {"_unpickle_block"},
    "pandas._libs.missing": {"NA", "NAType", "_NAType"},
    "pandas._libs.tslibs.nattype": {"_nat_unpickle"},
    "pandas._libs.tslibs.timestamps": {"_unpickle_timestamp"},
    "pandas.core.indexes.base": {"_new_Index"},
    "pandas.core.indexes.datetimes": {"_new_DatetimeIndex"},
    "pandas.core.internals.managers": {"BlockManager", "SingleBlockManager"},
    "pyarrow.lib": {"_restore_array", "chunked_array", "large_string", "py_buffer", "string", "type_for_alias"},
}  # fmt: skip


class KeptDrawings:
    """Drawings by name in files. Safe to use from many threads.

    Parameters
    ----------
    files
        Where they are kept.
    """

    def __init__(self, files: KeptFiles) -> None:
        self._files = files
        self._writer = ThreadPoolExecutor(1, "keep-drawings")
        self._places = BoundedSemaphore(_WAITING)

    @property
    def usable(self) -> bool:
        """Whether anything can be kept at the moment."""
        return self._files.usable

    def has(self, name: str) -> bool:
        """Whether a drawing is kept.

        Parameters
        ----------
        name
            What :func:`name` gives.

        Returns
        -------
        bool
        """
        return self._files.has(name)

    def get(self, name: str) -> Any:
        """A drawing; None where it is not kept.

        Parameters
        ----------
        name
            What :func:`name` gives.

        Returns
        -------
        Any
        """
        content = self._files.get(name)
        if content is None:
            return None
        try:
            return _Reader(io.BytesIO(zlib.decompress(content))).load()
        except Exception:
            # Drawn again, and written over.
            log.warning("A drawing that was kept cannot be read", exc_info=True)
            return None

    def put(self, name: str, drawing: object) -> None:
        """Keep a drawing, soon: nobody waits until it is written.

        Parameters
        ----------
        name
            What :func:`name` gives.
        drawing
            It must not be changed afterwards.
        """
        if self._files.usable and self._places.acquire(blocking=False):
            self._writer.submit(self._write, name, drawing)

    def _write(self, name: str, drawing: object) -> None:
        try:
            out = io.BytesIO()
            _Writer(out, protocol=5).dump(drawing)
            self._files.put(name, zlib.compress(out.getvalue(), 1))
        except Exception:
            log.warning("A drawing cannot be kept", exc_info=True)
        finally:
            self._places.release()


@cache
def drawings() -> KeptDrawings:
    """The drawings of this installation."""
    return KeptDrawings(in_folder("drawn"))


def name(function: Callable[..., Any], arguments: tuple[Any, ...], version: str, ledger: str, day: dt.date) -> str:
    """A name for a drawing; "" where it is not to be kept.

    Parameters
    ----------
    function, arguments
        What makes it.
    version
        The version of the figures.
    ledger
        What tells this version’s uploads from those of another store with as many entries; "" keeps nothing.
    day
        The day that the drawing says it was made on.

    Returns
    -------
    str
    """
    folder = function.__module__.removeprefix(_VIEWS).removesuffix(".view")
    # On a phone a drawing carries what draws it again in another layout, which is not data.
    if not ledger or folder not in PAGES or any(layout in arguments for layout in PHONES) or not _are_plain(arguments):
        return ""
    return name_of(function.__module__, function.__qualname__, arguments, version, ledger, day.isoformat())


def _are_plain(values: tuple[Any, ...]) -> bool:
    return all(
        value is None
        or isinstance(value, str | int | bool | dt.date)
        or (isinstance(value, tuple) and _are_plain(value))
        for value in values
    )


def _figure(whole: dict[str, Any]) -> go.Figure:
    return Finished.of(whole)


def _chart(figure: go.Figure, headline: str, alt: str, filename: str, height: int) -> ChartResult:
    return ChartResult(figure, headline, alt, filename, height)


class _Writer(pickle.Pickler):
    """Writes charts as the plain values that are sent, without what was worked out from them since."""

    def reducer_override(self, each: Any) -> Any:
        if isinstance(each, go.Figure):
            return _figure, (each.to_dict(),)
        if isinstance(each, ChartResult) and each.wide is None:
            return _chart, (each.figure, each.headline, each.alt, each.filename, each.height)
        return NotImplemented


class _Reader(pickle.Unpickler):
    """Reads nothing but data."""

    def find_class(self, module: str, name: str) -> Any:
        if module == __name__:
            return {"_figure": _figure, "_chart": _chart}[name]
        if name in _ALLOWED.get(module, ()):
            return super().find_class(module, name)
        if module.startswith("careleavers.") and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a drawing")
