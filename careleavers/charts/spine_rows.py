"""Rows of the spine chart: where their marks stand, and room for names, figures, verdicts and reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.charts import template
from careleavers.charts.styles import VerdictStyle, verdict_style
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import number, safe, text_width, words, wrap
from careleavers.model import THEMES

_LABEL_ROOM = 208


def spine_position(
    value: float | None, *, england: float | None, minimum: float | None, maximum: float | None, polarity: str
) -> float | None:
    """Return where a value stands on a spine: 0 is England, 1 the better end, -1 the worse end.

    The wider of the two distances (England to the lowest, England to the highest authority) is one unit, so
    that England is always in the middle.

    Parameters
    ----------
    value, england, minimum, maximum
        The figure, England's, and those of the lowest and the highest authority, in one unit.
    polarity
        ``low`` mirrors the row; ``neutral`` has low at -1 and high at 1.

    Returns
    -------
    float or None
        None when a figure is missing; 0 when every authority equals England.

    Examples
    --------
    >>> spine_position(46, england=54, minimum=38, maximum=60, polarity="high")
    -0.5
    """
    if value is None or england is None or minimum is None or maximum is None:
        return None
    half = max(england - minimum, maximum - england)
    if half <= 0:
        return 0.0
    share = min(max((value - england) / half, -1.0), 1.0)
    return -share + 0.0 if polarity == "low" else share


@dataclass(frozen=True)
class SpineMarks:
    """Where the marks of one row stand, each from -1 to 1 or None.

    Attributes
    ----------
    full, middle
        Left and right end of the range of authorities, and of their middle half.
    value, comparator
        The authority and the comparator.
    """

    full: tuple[float, float] | None
    middle: tuple[float, float] | None
    value: float | None
    comparator: float | None


def spine_marks(row: dict[str, Any]) -> SpineMarks:
    """Return where the marks of one row stand.

    Parameters
    ----------
    row
        ``value``, ``minimum``, ``q25``, ``q75``, ``maximum``, ``england``, ``comparator_value`` and ``polarity``, as
        in the frame of :func:`careleavers.charts.spine.spine`.

    Returns
    -------
    SpineMarks
        On the axis of the chart.
    """
    polarity = words(row.get("polarity"))
    england, minimum, maximum = (number(row.get(name)) for name in ("england", "minimum", "maximum"))

    def place(name: str) -> float | None:
        return spine_position(
            number(row.get(name)), england=england, minimum=minimum, maximum=maximum, polarity=polarity
        )

    def pair(low: str, high: str) -> tuple[float, float] | None:
        a, b = place(low), place(high)
        return None if a is None or b is None else (min(a, b), max(a, b))

    return SpineMarks(pair("minimum", "maximum"), pair("q25", "q75"), place("value"), place("comparator_value"))


@dataclass(frozen=True)
class SpineRow:
    """One indicator as it is drawn.

    Attributes
    ----------
    label, note
        Its name, and the reason for a missing mark, wrapped.
    value_text, verdict_word
        The figure and the verdict as written; empty where there is none.
    verdict
        How its mark looks.
    marks
        Where its marks stand.
    hover
        What is shown when the mark is pointed at, as plotly text.
    neutral
        Whether neither end is better.
    label_y, y
        Pixels from the top of the plot to the middle of the name and of the marks.
    alt
        The row in the text alternative.
    """

    label: tuple[str, ...]
    value_text: str
    verdict: VerdictStyle
    verdict_word: str
    note: tuple[str, ...]
    marks: SpineMarks
    hover: str
    neutral: bool
    label_y: float
    y: float
    alt: str


def _note(row: dict[str, Any], marks: SpineMarks) -> str:
    if number(row.get("value")) is None:
        return words(row.get("status_text")) or "No figure"
    if marks.value is None:
        return "No England figure to compare with"
    return ""


def _hover(row: dict[str, Any], label: str, authority_name: str, note: str, verdict_word: str) -> str:
    if given := words(row.get("hover")):
        return given
    facts = [f"<b>{safe(label)}</b>"]
    if note:
        facts.append(safe(note))
    else:
        facts.append(safe(f"{authority_name}: {words(row.get('value_text'))}"))
        facts.append(safe(verdict_word))
    return "<br>".join(facts)


def _group(given: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows under their headings, in the order given within each; an unknown theme comes last."""
    known = set(THEMES)
    groups = [
        (heading, [row for row in given if words(row.get("theme")) == theme]) for theme, heading in THEMES.items()
    ]
    groups.append(("Other", [row for row in given if words(row.get("theme")) not in known]))
    return [(heading, rows) for heading, rows in groups if rows]


@dataclass(frozen=True)
class Columns:
    """The room for texts around the spine, in pixels.

    Attributes
    ----------
    label, value
        Left of the spine: the measure's name, and its figure.
    verdict
        Right of it.
    note
        Across the spine, where a reason stands in place of a mark.
    """

    label: float
    value: float
    verdict: float
    note: float


def columns_of(given: Sequence[dict[str, Any]], width: template.Width) -> Columns:
    """Return the room that the texts of the rows need; the narrow layout has one column.

    Parameters
    ----------
    given
        Rows of the frame of :func:`careleavers.charts.spine.spine`; ``row_label`` and ``value_text`` are measured.
    width
        The layout.

    Returns
    -------
    Columns
        In the layouts for phones ``value`` and ``verdict`` are 0.
    """
    if width != "wide":
        room = float(template.text_room(width) - 8)
        return Columns(room, 0, 0, room)
    label = min(
        max([text_width(words(row.get("row_label")), TEXT_SIZE) for row in given] + [text_width("Outcomes", 15), 90])
        + 8,
        _LABEL_ROOM,
    )
    value = min(max([text_width(words(row.get("value_text")), TEXT_SIZE, bold=True) for row in given] + [24]) + 14, 110)
    return Columns(label, value, 118, template.FITS[width] - label - value - 2 * template.PAD)


def lay_out(
    given: Sequence[dict[str, Any]], authority_name: str, columns: Columns, width: template.Width, row_height: float
) -> tuple[list[SpineRow], list[tuple[str, float]], float]:
    """Place every row and heading.

    Parameters
    ----------
    given
        Rows of the frame.
    authority_name
        The chosen authority.
    columns
        Room for texts.
    width
        The layout.
    row_height
        The least height of a row of the wide layout in pixels.

    Returns
    -------
    (list of SpineRow, list of (str, float), float)
        Rows, headings with their y, and the height of the plot, all in pixels from its top.
    """
    rows: list[SpineRow] = []
    headings: list[tuple[str, float]] = []
    top = 0.0
    for heading, members in _group(given):
        headings.append((heading, top + 12))
        top += 23
        for record in members:
            label = words(record.get("row_label")) or "Unnamed indicator"
            neutral = words(record.get("polarity")) not in {"high", "low"}
            marks = spine_marks(record)
            note = _note(record, marks)
            verdict = verdict_style(record.get("verdict"))
            value_text = words(record.get("value_text"))
            has_value = number(record.get("value")) is not None
            verdict_word = words(record.get("verdict_text")) or verdict.word
            note_lines = wrap(note, columns.note, TEXT_SIZE)
            if width == "wide":
                lines = wrap(label, columns.label, TEXT_SIZE)
                if neutral:
                    lines += wrap("(no better or worse)", columns.label, TEXT_SIZE)
                most = max(len(lines), len(note_lines))
                height = max(row_height, most * LINE_HEIGHT + min(1, row_height - LINE_HEIGHT))
                label_y = y = top + height / 2
            else:
                shown = value_text if has_value else ""
                beside = f"{shown} {verdict.mark} {verdict_word}" if shown and not note else shown
                room = columns.label - (text_width(beside, TEXT_SIZE, bold=True) + 16)
                lines = wrap(f"{label} (no better or worse)" if neutral else label, max(room, 110), TEXT_SIZE)
                label_y = top + len(lines) * LINE_HEIGHT / 2
                body = max(20, len(note_lines) * LINE_HEIGHT if not has_value or note else 0)
                y = top + len(lines) * LINE_HEIGHT + body / 2 + 1
                height = len(lines) * LINE_HEIGHT + body + 10
            rows.append(
                SpineRow(
                    label=tuple(lines),
                    value_text=value_text if has_value else "",
                    verdict=verdict,
                    verdict_word=verdict_word if has_value and not note else "",
                    note=tuple(note_lines),
                    marks=marks,
                    hover=_hover(record, label, authority_name, note, verdict_word),
                    neutral=neutral,
                    label_y=label_y,
                    y=y,
                    alt=f"{label}: {note.lower() or f'{value_text}, {verdict_word}'}"
                    if not (note and has_value)
                    else f"{label}: {value_text}",
                )
            )
            top += height
        top += 4
    return rows, headings, top
