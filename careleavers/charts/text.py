"""Measuring and wrapping text, because plotly draws text but never wraps it.

Widths are those of Arial (Liberation Sans has the same metrics), in thousandths of the font size.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

_REGULAR: dict[int, str] = {
    191: "'",
    222: "ijl‘’",
    260: "|",
    278: " \u00a0!,./:;I[\\]ft·íìîï",
    333: "()-`r“”",
    334: "{}",
    350: "•",
    355: '"',
    389: "*",
    400: "°",
    469: "^",
    494: "◊",
    500: "Jcksvxyzçŷ",
    549: "÷≤≥",
    556: "#$0123456789?L_abdeghnopqu£§éèêáàâóòôúùûñöüäëô–",
    584: "+<=>~×−",
    604: "■□○●",
    611: "FTZ",
    667: "&ABEKPSVXYÉ",
    722: "CDHNRUwŵ",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…←→▲►▼◄△▽@",
}
_BOLD: dict[int, str] = {
    238: "'",
    278: " \u00a0,./I\\ijl·íìîï‘’",
    280: "|",
    333: "!()-:;[]`ft",
    350: "•",
    389: "*r{}",
    400: "°",
    474: '"',
    494: "◊",
    500: "z“”",
    549: "÷≤≥",
    556: "#$0123456789J_aceksvxy£§éèêáàâçäëŷ–",
    584: "+<=>^~×−",
    604: "■□○●",
    611: "?FLTZbdghnopquóòôúùûñöüô",
    667: "EPSVXYÉ",
    722: "&ABCDHKNRU",
    778: "GOQwŵ",
    833: "M",
    889: "%m",
    944: "W",
    1000: "—…←→▲►▼◄△▽@",
}
# A character outside the tables is taken as wide as a capital W, so that a guess can only leave room to
# spare.
_UNKNOWN = 944


def _per_character(table: dict[int, str]) -> dict[str, int]:
    return {character: width for width, characters in table.items() for character in characters}


_WIDTHS = {False: _per_character(_REGULAR), True: _per_character(_BOLD)}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels of one line of plain text in Arial at ``size`` pixels."""
    widths = _WIDTHS[bold]
    return sum(widths.get(character, _UNKNOWN) for character in text) * size / 1000


def _pack(pieces: Iterable[str], gap: str, width: float, size: float, bold: bool) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and text_width(f"{lines[-1]}{gap}{piece}", size, bold=bold) <= width:
            lines[-1] = f"{lines[-1]}{gap}{piece}"
        else:
            lines.append(piece)
    return lines


def _split_long(word: str, width: float, size: float, bold: bool) -> list[str]:
    """One word as pieces that each fit; only for a word wider than the whole line (an address, say)."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"(\d{{1,2}}) ({_MONTHS})(?: (\d{{4}}))?")
_AGED = re.compile(r"\b(aged?|n =) (\d)")


def _glue(text: str) -> str:
    """Spaces made ordinary, then those inside dates and ages made unbreakable."""
    text = " ".join(text.split())
    text = _DATE.sub(lambda found: "\u00a0".join(part for part in found.groups() if part), text)
    return _AGED.sub("\\1\u00a0\\2", text)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """``text`` as lines that each fit ``width`` pixels at ``size`` pixels.

    Nothing is ever cut off: a word wider than a line is broken. Empty text gives an empty list.
    """
    unbroken = [word for word in _glue(text).split(" ") if word]
    pieces = [piece for word in unbroken for piece in _split_long(word, width, size, bold)]
    # Once the lines are made the glue has done its work; plain spaces keep the text searchable in a picture.
    return [line.replace("\u00a0", " ") for line in _pack(pieces, " ", width, size, bold)]


def wrap_even(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """As :func:`wrap`, with no more lines, but of about equal length (for headlines and labels)."""
    lines = wrap(text, width, size, bold=bold)
    if len(lines) < 2:
        return lines
    narrow = text_width(text, size, bold=bold) / len(lines)
    while narrow < width:
        candidate = wrap(text, narrow, size, bold=bold)
        if len(candidate) == len(lines) and candidate[-1] and " ".join(candidate) == " ".join(lines):
            return candidate
        narrow += size / 2
    return lines


def safe(text: str) -> str:
    """Plain text made harmless for plotly, which reads ``<b>`` and the like as markup."""
    return html.escape(text, quote=False)


def safe_lines(lines: Sequence[str], *, bold: bool = False) -> str:
    """Lines of plain text as plotly text with ``<br>`` between them."""
    body = "<br>".join(safe(line) for line in lines)
    return f"<b>{body}</b>" if bold and body else body


def number(value: Any) -> float | None:
    """A finite float, or None for anything that is not one (NA, NaN, None, infinity, text)."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def words(value: Any) -> str:
    """A cell as text: empty for None, NaN and NA."""
    return "" if value is None or value is pd.NaT or pd.isna(value) else str(value)


def is_percent(unit: str) -> bool:
    """Whether the unit that a chart is given means percentages, however it is written."""
    return unit.strip().lower() in {"%", "percent", "per cent", "percentage"}


def unit_words(unit: str) -> str:
    """What the title of an axis says of the unit: ``per cent``, ``£``; empty for none."""
    return "per cent" if is_percent(unit) else unit.strip()


def tick_words(tick: float, unit: str) -> str:
    """A tick of an axis as shown: ``40%``, ``1,200``, ``0.5``; pounds are ``£2,500``, ``£1.2m``.

    Only round numbers are ticks, so that nothing is lost where a million is written short.
    """
    if is_percent(unit):
        return f"{tick:g}%"
    if unit.strip() != "£":
        return f"{tick:,.10g}"
    sign, size = "−" if tick < 0 else "", abs(tick)
    return f"{sign}£{size / 1e6:,.10g}m" if size >= 1e6 else f"{sign}£{size:,.10g}"
