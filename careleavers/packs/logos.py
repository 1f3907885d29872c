"""A council's logo, cleaned: of an SVG only drawing is kept, of a PNG only the picture."""

from __future__ import annotations

import re
import struct
import zlib
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from careleavers import pictures
from careleavers.errors import Refused

MOST_BYTES = 300_000
_MOST_PIXELS = 4000
_MOST_ELEMENTS = 5000
_SVG = "http://www.w3.org/2000/svg"
_PNG = b"\x89PNG\r\n\x1a\n"
# Chunks that say what is seen; what else a file says (names, places, comments) is dropped.
_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"pHYs"}
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "use",
        "symbol",
        "mask",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "id",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "preserveAspectRatio",
        "transform",
        "fill",
        "fill-rule",
        "fill-opacity",
        "stroke",
        "stroke-width",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-opacity",
        "opacity",
        "offset",
        "stop-color",
        "stop-opacity",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "clip-path",
        "clip-rule",
        "mask",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "version",
        "fx",
        "fy",
        "dx",
        "dy",
        "color",
        "letter-spacing",
    ]
)
# The only reference that a value may make is to a part of the same picture.
_REFERENCE = re.compile(r"url\s*\(", re.IGNORECASE)
_OWN = re.compile(r"url\(\s*['\"]?#[A-Za-z0-9_.\-]+['\"]?\s*\)")
_NUMBER = re.compile(r"\s*([0-9.]+)\s*(?:px|pt|mm|cm|in)?\s*")


def cleaned(content: bytes) -> bytes:
    """A logo without anything that does not draw.

    Parameters
    ----------
    content
        A PNG or SVG file.

    Returns
    -------
    bytes
        The same picture.

    Raises
    ------
    Refused
        For another kind of file, one that is too large, and one that is damaged.
    """
    if len(content) > MOST_BYTES:
        raise Refused(f"The logo is larger than {MOST_BYTES // 1000} kB. Save it smaller.")
    if content.startswith(_PNG):
        return _clean_png(content)
    if b"<svg" in content[:4096]:
        return _clean_svg(content)
    raise Refused("The logo must be a PNG or an SVG picture.")


def as_png(logo: bytes) -> bytes:
    """A cleaned logo as PNG.

    Parameters
    ----------
    logo
        PNG or SVG.

    Returns
    -------
    bytes
    """
    return logo if logo.startswith(_PNG) else pictures.png(logo)


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG in pixels.

    Parameters
    ----------
    png
        The picture.

    Returns
    -------
    tuple[int, int]
    """
    wide, high = struct.unpack(">II", png[16:24])
    return int(wide), int(high)


def _clean_png(content: bytes) -> bytes:
    damaged = Refused("The logo is a damaged PNG. Open it and save it again.")
    kept, place, kinds = [_PNG], len(_PNG), []
    while place + 12 <= len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind, end = content[place + 4 : place + 8], place + 12 + length
        if (
            end > len(content)
            or zlib.crc32(content[place + 4 : end - 4]) != struct.unpack(">I", content[end - 4 : end])[0]
        ):
            raise damaged
        if kind in _CHUNKS:
            kept.append(content[place:end])
            kinds.append(kind)
        place = end
        if kind == b"IEND":
            break
    if not kinds or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise damaged
    made = b"".join(kept)
    if not all(0 < side <= _MOST_PIXELS for side in size(made)):
        raise Refused(f"The logo has more than {_MOST_PIXELS} pixels on a side. Save it smaller.")
    return made


def _clean_svg(content: bytes) -> bytes:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError):
        raise Refused("The logo is not an SVG that can be read. Save it as “plain SVG”, or as PNG.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Refused("The logo is not an SVG that can be read. Save it as “plain SVG”, or as PNG.")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise Refused("The logo is a very detailed drawing. Save it simpler, or as PNG.")
    made = _copy(root, 0)
    if made is None or not len(made):
        raise Refused("The logo draws nothing once everything but drawing is taken out of it. Save it as PNG.")
    if "viewBox" not in made.attrib:
        sides = [_NUMBER.fullmatch(made.get(side, "")) for side in ("width", "height")]
        if not all(sides):
            raise Refused("The logo does not say how large it is. Save it as PNG.")
        made.set("viewBox", "0 0 " + " ".join(side[1] for side in sides if side))
    ElementTree.register_namespace("", _SVG)
    return bytes(ElementTree.tostring(made, encoding="utf-8"))


def _copy(element: ElementTree.Element, depth: int) -> ElementTree.Element | None:
    """An element with what is allowed of it; None for one that is not."""
    if not isinstance(element.tag, str) or depth > 50:
        return None
    space, _, name = element.tag[1:].partition("}")
    if space != _SVG or name not in _ELEMENTS:
        return None
    made = ElementTree.Element(element.tag)
    for key, value in element.attrib.items():
        if key in {"{http://www.w3.org/1999/xlink}href", "href"} and name == "use":
            if re.fullmatch(r"#[A-Za-z0-9_.\-]+", value):
                made.set("href", value)
        elif key == "style":
            _set_style(made, value)
        elif key in _ATTRIBUTES and _harmless(value):
            made.set(key, value)
    if name in {"text", "tspan", "title", "desc"}:
        made.text = element.text
    for child in element:
        kept = _copy(child, depth + 1)
        if kept is not None:
            kept.tail = child.tail if name in {"text", "tspan"} else None
            made.append(kept)
    return made


def _set_style(made: ElementTree.Element, style: str) -> None:
    """Properties of a style as attributes, as far as they are allowed."""
    for part in style.split(";"):
        key, _, value = part.partition(":")
        if key.strip() in _ATTRIBUTES and _harmless(value):
            made.set(key.strip(), value.strip())


def _harmless(value: str) -> bool:
    return (
        not _REFERENCE.search(_OWN.sub("", value))
        and "\\" not in value
        and "&" not in value
        and "javascript:" not in value.lower()
    )
