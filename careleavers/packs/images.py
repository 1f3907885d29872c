"""The picture of each chart of a pack: the page's own where a browser can draw it, a simple one of its data elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from careleavers import pictures
from careleavers.packs import drawn
from careleavers.packs.blocks import Pack, Picture

# Told how many pictures are done, of how many.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Image:
    """A picture.

    Attributes
    ----------
    svg, png
        The same twice.
    height
        In pixels of the page, at a width of 720.
    own
        Whether it is the page's own picture, not a simple one of its data.
    """

    svg: bytes
    png: bytes
    height: int
    own: bool


def _nobody(done: int, total: int) -> None:
    """Nobody watches."""


def draw(
    pack: Pack, progress: Progress = _nobody, *, dots: bool = True, wanted: Callable[[Picture], bool] = lambda _: True
) -> tuple[Image | None, ...]:
    """Draw the charts of a pack.

    Parameters
    ----------
    pack
        The pack.
    progress
        Told before the first picture and after each.
    dots
        Whether they are needed as PNG too; else that is empty.
    wanted
        Whether a chart is needed as a picture.

    Returns
    -------
    tuple[Image or None, ...]
        In the order of the pack; None for a chart that is not wanted, or cannot be drawn without a browser.
    """
    charts = pack.pictures()
    progress(0, len(charts))
    done = itertools.count(1)

    def drawn_one(picture: Picture) -> Image | None:
        found = _one(picture, dots) if wanted(picture) else None
        progress(next(done), len(charts))
        return found

    # While one picture is put into dots, the browser draws the next.
    with ThreadPoolExecutor(2, thread_name_prefix="pack pictures") as both:
        return tuple(both.map(drawn_one, charts))


def _one(picture: Picture, dots: bool) -> Image | None:
    if pictures.available():
        try:
            own = pictures.svg(picture.chart)
            return Image(own, pictures.png(own) if dots else b"", picture.chart.picture[0], own=True)
        except pictures.NoBrowser:
            pass
    if picture.native is None:
        return None
    simple, height = drawn.svg(picture.native, picture.headline, picture.caption, picture.source)
    content = simple.encode()
    return Image(content, pictures.png(content) if dots else b"", height, own=False)
