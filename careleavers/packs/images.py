"""The picture of each chart of a pack: the page's own where a browser can draw it, a simple one of its data elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

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


class Drawing:
    """The pictures of a pack, drawn in threads of their own while the rest of the pack is still put together.

    ::

        with Drawing() as drawing:
            pack = build_pack(context, settings, subject, begin=drawing.begin)
            images = drawing.finish(pack)

    Parameters
    ----------
    progress
        Told once the pack is there, and after each picture from then on.
    dots
        Whether they are needed as PNG too; else that is empty.
    wanted
        Whether a chart is needed as a picture.
    """

    def __init__(
        self,
        progress: Progress = _nobody,
        *,
        dots: bool = True,
        wanted: Callable[[Picture], bool] = lambda _: True,
    ) -> None:
        self._progress, self._dots, self._wanted = progress, dots, wanted
        # While one picture is put into dots, the browser draws the next.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="pack pictures")
        self._begun: dict[int, tuple[Picture, Future[Image | None]]] = {}
        self._done = self._total = 0
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Where the pack cannot be made, nobody needs what is still to be drawn.
        self._threads.shutdown(cancel_futures=True)

    def begin(self, picture: Picture) -> None:
        """Begin to draw a picture that will be in the pack.

        Parameters
        ----------
        picture
            The picture.
        """
        if id(picture) not in self._begun:
            # The picture is held with it, so that no other gets its id.
            self._begun[id(picture)] = picture, self._threads.submit(self._draw, picture)

    def finish(self, pack: Pack) -> tuple[Image | None, ...]:
        """The pictures of a pack, once all are drawn.

        Parameters
        ----------
        pack
            The pack.

        Returns
        -------
        tuple[Image or None, ...]
            In the order of the pack; None for a chart that is not wanted, or cannot be drawn without a browser.
        """
        charts = pack.pictures()
        with self._counting:
            self._total = len(charts)
            self._progress(min(self._done, self._total), self._total)
        for picture in charts:
            self.begin(picture)
        return tuple(self._begun[id(picture)][1].result() for picture in charts)

    def _draw(self, picture: Picture) -> Image | None:
        found = _one(picture, self._dots) if self._wanted(picture) else None
        with self._counting:
            self._done += 1
            if self._total:
                self._progress(min(self._done, self._total), self._total)
        return found


def _one(picture: Picture, dots: bool) -> Image | None:
    if pictures.available():
        try:
            own = pictures.svg(picture.chart)
            return Image(own, pictures.png(own) if dots else b"", picture.chart.picture[0], own=True)
        except pictures.NoBrowser:
            pass
    if picture.native is None:
        return None
    simple, height = drawn.svg(picture.native, picture.headline, picture.simple_caption, picture.simple_source)
    content = simple.encode()
    return Image(content, pictures.png(content) if dots else b"", height, own=False)
