"""Pictures by what they show: worked out once, kept for a while, each caller given their own."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import weakref
from collections import OrderedDict

from careleavers.charts import ChartResult
from careleavers.charts.template import REPORT_CM, picture_json
from careleavers.pictures import bitmap, browser, private

# Bytes of all pictures that are kept; some hundreds of them.
_ROOM = 24 * 1024 * 1024
_SIZE = re.compile(r'(<svg\b[^>]*?) width="([\d.]+)" height="([\d.]+)"')


class _PictureCache:
    """The pictures used last, within a limit of bytes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._held = 0
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        with self._lock:
            if name not in self._pictures:
                return None
            self._pictures.move_to_end(name)
            return self._pictures[name]

    def put(self, name: str, picture: bytes) -> None:
        with self._lock:
            self._held += len(picture) - len(self._pictures.pop(name, b""))
            self._pictures[name] = picture
            while self._held > self._room:
                self._held -= len(self._pictures.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._pictures.clear()
            self._held = 0


_pictures = _PictureCache(_ROOM)
# The key of a chart, for as long as the chart lives.
_keys: dict[int, str] = {}


def svg(result: ChartResult) -> bytes:
    """The picture of a chart, as the page's button saves it.

    Callers wait for each other: one picture is drawn at a time, in the order of asking.

    Parameters
    ----------
    result
        The chart. One that was drawn for a phone is drawn again for the picture.

    Returns
    -------
    bytes
        SVG, 720 units and 16 cm wide. The same figure gives the same bytes.

    Raises
    ------
    NoBrowser
        If there is no browser, or it does not start.
    careleavers.errors.CareLeaversError
        If the browser does not draw it in time, twice.
    """
    name = key(result)
    found = _pictures.get(name)
    if found is not None:
        return found
    figure, height = _specification(result)

    def finished(text: str) -> bytes:
        made = private.with_stable_names(_on_paper(text), name).encode()
        _pictures.put(name, made)
        return made

    return browser.draw(json.loads(figure), height, finished, lambda: _pictures.get(name))


def png(svg: bytes) -> bytes:
    """A picture as PNG: 1,890 pixels wide, which are 16 cm at 300 dots an inch.

    Parameters
    ----------
    svg
        What :func:`svg` returned.

    Returns
    -------
    bytes
        The same SVG gives the same bytes.

    Raises
    ------
    typst.TypstError
        If it is no SVG.
    """
    name = f"png {hashlib.sha256(svg).hexdigest()}"
    made = _pictures.get(name)
    if made is None:
        made = bitmap.png_of(svg)
        _pictures.put(name, made)
    return made


def key(result: ChartResult) -> str:
    """What names the picture of a chart: 32 hexadecimal digits, of all that it shows.

    Parameters
    ----------
    result
        The chart.

    Returns
    -------
    str
    """
    known = _keys.get(id(result))
    if known is None:
        figure, height = _specification(result)
        known = hashlib.sha256(f"{height} {figure}".encode()).hexdigest()[:32]
        weakref.finalize(result, _keys.pop, id(result), None)
        _keys[id(result)] = known
    return known


def kept(name: str) -> bytes | None:
    """The SVG that a key names, if it is kept: nothing is drawn.

    Parameters
    ----------
    name
        What :func:`key` returned.

    Returns
    -------
    bytes or None
    """
    return _pictures.get(name)


def forget() -> None:
    """Forget every picture that is kept, because something in them was erased."""
    _pictures.clear()


def busy() -> bool:
    """Whether somebody waits for a picture now."""
    return browser.waiting() > 0


def _specification(result: ChartResult) -> tuple[str, int]:
    """The figure of the picture as JSON, and its height in pixels."""
    height, figure = result.picture
    return figure or picture_json(result.figure), height


def _on_paper(text: str) -> str:
    """The SVG with its size on paper in its first tag, as the page writes it (``page.js``)."""
    return _SIZE.sub(
        lambda tag: f'{tag[1]} width="{REPORT_CM:g}cm" height="{REPORT_CM * float(tag[3]) / float(tag[2]):.2f}cm"',
        text,
        count=1,
    )
