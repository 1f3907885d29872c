"""SVG as PNG: typst draws it, at the size and resolution of the pictures that the page saves."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from pathlib import Path

import typst

from careleavers.charts.template import DOTS_PER_INCH, REPORT_CM

# Liberation Sans, in regular and bold, and the marks of charts that it lacks (scripts/marks_font.py).
FONTS = Path(__file__).parent / "fonts"
_PAGE = f"""
#set page(width: {REPORT_CM:g}cm, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)
""".encode()
# The signature and the chunk IHDR, after which other chunks may stand.
_HEAD = 33


def png_of(svg: bytes) -> bytes:
    """Draw an SVG as a PNG that is 16 cm wide at 300 dots an inch, and says so.

    Parameters
    ----------
    svg
        The picture; its fonts are Liberation Sans, whatever the system has.

    Returns
    -------
    bytes
        The same SVG gives the same bytes.

    Raises
    ------
    typst.TypstError
        If it is no SVG.
    """
    made = typst.compile(
        _PAGE,
        font_paths=_fonts(),
        format="png",
        ppi=DOTS_PER_INCH,
        sys_inputs={"svg": svg.decode("utf-8")},
        timestamp=0,
    )
    return _sized(bytes(made))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)])


def _sized(png: bytes) -> bytes:
    """The PNG with its resolution: a chunk pHYs, in dots a metre."""
    each = round(DOTS_PER_INCH / 0.0254)
    chunk = b"pHYs" + struct.pack(">IIB", each, each, 1)
    return png[:_HEAD] + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[_HEAD:]
