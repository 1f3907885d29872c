"""Charts as pictures made on the server: what the page's own buttons save, without a visitor's browser.

What comes in
    A :class:`~careleavers.charts.ChartResult`, in whichever layout.

What goes out
    :func:`svg`: the picture as SVG, 720 pixels wide and 16 cm on paper. :func:`png`: an SVG as PNG at 300 dots an inch.
    The same figure gives the same bytes. Both are kept by what they show, and the last ones are given again.

What it needs
    Plotly draws in a browser only. One Chrome, Chromium or Edge of the system is started with the first picture, draws one picture
    at a time for whoever waits, and is closed after some idle minutes (:mod:`.browser`). It may reach no other machine (:mod:`.private`).
    Where there is none, :func:`svg` raises :class:`NoBrowser`, which says how to get one; :func:`available` tells beforehand.
    A PNG is drawn by typst, in the Liberation fonts that come with the product (:mod:`.bitmap`).

Who calls it
    The first page of an address (``careleavers/ui/server/first_page.py``) and report packs.

Examples
--------
::

    from careleavers import pictures

    if pictures.available():
        drawn = pictures.svg(view.chart)
        open("compare.png", "wb").write(pictures.png(drawn))
"""

from careleavers.pictures.bitmap import FONTS
from careleavers.pictures.browser import NoBrowser, available, prepare
from careleavers.pictures.kept_pictures import busy, forget, kept, key, png, svg

__all__ = ["FONTS", "NoBrowser", "available", "busy", "forget", "kept", "key", "png", "prepare", "svg"]
