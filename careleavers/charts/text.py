"""Measuring and wrapping text, because plotly draws text but never wraps it.

Widths are those of Arial (Liberation Sans has the same metrics), in thousandths of the font size.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
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
# A character outside the tables counts as wide as a capital W, so that a wrong guess only leaves room to
# spare.
_UNKNOWN = 944


def _per_character(table: dict[int, str]) -> dict[str, int]:
    return {character: width for width, characters in table.items() for character in characters}


_WIDTHS = {False: _per_character(_REGULAR), True: _per_character(_BOLD)}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width in pixels of one line of plain text in Arial.

    Parameters
    ----------
    text
        Plain text; a character that the tables do not have counts as wide as a capital W.
    size
        Of the font, in pixels.
    bold
        Whether it is drawn in bold.

    Returns
    -------
    float
        Pixels.
    """
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
    if text_width(word, size, bold=bold) <= width:
        return [word]
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size, bold=bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"(\d{{1,2}}) ({_MONTHS})(?: (\d{{4}}))?")
_AGED = re.compile(r"\b(aged?|n =) (\d)")


def _with_unbreakable_spaces(text: str) -> str:
    """Spaces made ordinary, then those inside dates and ages made unbreakable."""
    text = " ".join(text.split())
    text = _DATE.sub(lambda found: "\u00a0".join(part for part in found.groups() if part), text)
    return _AGED.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return ``text`` as lines that each fit.

    Nothing is cut off: a word wider than a line is broken. Dates ("31 March 2025") and ages stay on one line.

    Parameters
    ----------
    text
        Plain text.
    width
        Pixels that a line may take.
    size
        Of the font, in pixels.
    bold
        Whether it is drawn in bold.

    Returns
    -------
    list of str
        Empty for empty text.

    Examples
    --------
    >>> wrap("Bournemouth, Christchurch and Poole", 120, 12)
    ['Bournemouth,', 'Christchurch and', 'Poole']
    """
    unbroken = [word for word in _with_unbreakable_spaces(text).split(" ") if word]
    pieces = [piece for word in unbroken for piece in _split_long(word, width, size, bold)]
    # The no-break spaces have done their job once lines are broken; plain ones keep the text searchable in a picture.
    return [line.replace("\u00a0", " ") for line in _pack(pieces, " ", width, size, bold)]


def wrap_even(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return what :func:`wrap` does, in no more lines but of about equal length, for headlines and labels.

    >>> wrap("Bournemouth, Christchurch and Poole", 160, 12), wrap_even("Bournemouth, Christchurch and Poole", 160, 12)
    (['Bournemouth, Christchurch', 'and Poole'], ['Bournemouth,', 'Christchurch and Poole'])

    Parameters
    ----------
    text
        Plain text.
    width
        Pixels that a line may take.
    size
        Size of the text in pixels.
    bold
        Whether the text is bold.

    Returns
    -------
    list[str]
    """
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
    """Return plain text made harmless for plotly, which reads ``<b>`` and the like as markup.

    >>> safe("under <5 & over")
    'under &lt;5 &amp; over'

    Parameters
    ----------
    text
        Plain text.

    Returns
    -------
    str
    """
    return html.escape(text, quote=False)


def safe_lines(lines: Sequence[str], *, bold: bool = False) -> str:
    """Return lines of plain text as plotly text, with ``<br>`` between them.

    Parameters
    ----------
    lines
        Lines of plain text.
    bold
        Whether the text is bold.

    Returns
    -------
    str
    """
    body = "<br>".join(safe(line) for line in lines)
    return f"<b>{body}</b>" if bold and body else body


def number(value: Any) -> float | None:
    """Return a cell as a finite float, or None for anything that is not one (NA, NaN, None, infinity, text).

    Parameters
    ----------
    value
        A cell.

    Returns
    -------
    float or None
    """
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def words(value: Any) -> str:
    """Return a cell as text, empty for None, NaN and NA.

    Parameters
    ----------
    value
        A cell.

    Returns
    -------
    str
    """
    return "" if value is None or value is pd.NaT or pd.isna(value) else str(value)


def frame_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column name.

    Parameters
    ----------
    frame
        The frame.

    Returns
    -------
    list[dict[str, Any]]
        In plain values of Python; None for the ``NA`` of integers and truth values.
    """
    # As frame.to_dict("records"), which looks up each column by itself and takes five times as long.
    names = [str(name) for name in frame.columns]
    rows = frame.to_numpy(dtype=object).tolist()
    mixed = [place for place, dtype in enumerate(frame.dtypes) if _may_hold_other_values(dtype)]
    for row in rows if mixed else ():
        for place in mixed:
            value = row[place]
            if value is pd.NA:
                row[place] = None
            elif isinstance(value, np.generic):
                row[place] = value.item()
    return [dict(zip(names, row, strict=True)) for row in rows]


def _may_hold_other_values(dtype: Any) -> bool:
    """Whether a column of a type, as objects, may hold other values than Python's own and timestamps."""
    if isinstance(dtype, pd.api.extensions.ExtensionDtype):
        return not isinstance(dtype, pd.StringDtype)
    return bool(dtype.kind == "O")


def capitalised(text: str) -> str:
    """Return ``text`` without space around it and with a capital first letter; the rest stays as it is.

    Parameters
    ----------
    text
        Plain text.

    Returns
    -------
    str
    """
    text = text.strip()
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return ``text`` as it goes on within a sentence: with a small first letter; the rest stays as it is.

    Parameters
    ----------
    text
        Plain text.

    Returns
    -------
    str

    Examples
    --------
    >>> lower_first("14% not known"), lower_first("Small group")
    ('14% not known', 'small group')
    """
    return text[:1].lower() + text[1:]


def is_percent(unit: str) -> bool:
    """Return whether a unit is per cent, as the catalogue (``percent``) or an axis (``per cent``, ``%``) writes it.

    Parameters
    ----------
    unit
        Unit of the axis: ``percent``, ``per cent``, ``%``, ``£`` and the like; "" for none.

    Returns
    -------
    bool
    """
    return unit.strip().lower() in {"%", "percent", "per cent", "percentage"}


def unit_words(unit: str) -> str:
    """Return what the title of an axis says of the unit: ``per cent``, ``£``; empty for none.

    Parameters
    ----------
    unit
        Unit of the axis: ``percent``, ``per cent``, ``%``, ``£`` and the like; "" for none.

    Returns
    -------
    str
    """
    return "per cent" if is_percent(unit) else unit.strip()


def with_unit(title: str, unit: str) -> str:
    """Return the title of an axis: ``title``, and the unit where it has one.

    >>> with_unit("In custody", "%"), with_unit("Caseload", "")
    ('In custody, per cent', 'Caseload')

    Parameters
    ----------
    title
        Title of the measure.
    unit
        Unit of the axis: ``percent``, ``per cent``, ``%``, ``£`` and the like; "" for none.

    Returns
    -------
    str
    """
    return f"{title}, {unit_words(unit)}".strip(", ")


def figure_words(row: Mapping[str, Any], joint: str = ", ") -> str:
    """Return the figure and its counts as shown, from ``value_text`` and ``count_text`` of a row.

    >>> figure_words({"value_text": "46%", "count_text": "273 of 600"})
    '46%, 273 of 600'

    Parameters
    ----------
    row
        A row of the chart's frame.
    joint
        What stands between the figure and its counts.

    Returns
    -------
    str
    """
    return joint.join(part for part in (words(row.get("value_text")), words(row.get("count_text"))) if part)


def tick_words(tick: float, unit: str) -> str:
    """Return a tick of an axis as written; pounds from a million up are short.

    Only round numbers are ticks, so that nothing is lost where a million is written short.

    >>> tick_words(40, "per cent"), tick_words(1200, ""), tick_words(2500, "£"), tick_words(1.2e6, "£")
    ('40%', '1,200', '£2,500', '£1.2m')

    Parameters
    ----------
    tick
        The tick.
    unit
        Unit of the axis: ``percent``, ``per cent``, ``%``, ``£`` and the like; "" for none.

    Returns
    -------
    str
    """
    if is_percent(unit):
        return f"{tick:g}%"
    if unit.strip() != "£":
        return f"{tick:,.10g}"
    sign, size = "−" if tick < 0 else "", abs(tick)
    return f"{sign}£{size / 1e6:,.10g}m" if size >= 1e6 else f"{sign}£{size:,.10g}"
