"""Many indicators for one authority: each row scaled so that England is in the middle and better is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.text import number, safe, safe_lines, text_width, words, wrap

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_THEMES = (("outcome", "Outcomes"), ("enabler", "Enablers"), ("context", "Context"))
_LABEL_ROOM = 208
_EDGE = 1.04  # the axis runs a little past -1 and 1 so that a mark at the end is whole


@dataclass(frozen=True)
class Verdict:
    """How a verdict is drawn: a character for text, a plotly marker, its fill and outline, and the word."""

    mark: str
    symbol: str
    fill: str
    outline: str
    word: str


VERDICTS: dict[str, Verdict] = {
    "better": Verdict("▲", "triangle-up", t.DARK_BLUE, "#FFFFFF", "better"),
    "similar": Verdict("●", "circle", t.MID_GREY, "#FFFFFF", "similar"),
    "worse": Verdict("▼", "triangle-down", t.ORANGE, t.INK, "worse"),
    "higher": Verdict("△", "triangle-up", "#FFFFFF", t.GREY_BLUE, "higher"),
    "lower": Verdict("▽", "triangle-down", "#FFFFFF", t.GREY_BLUE, "lower"),
    "": Verdict("○", "circle", "#FFFFFF", t.INK, "not compared"),
}


def verdict_style(verdict: Any) -> Verdict:
    """The style of a verdict; anything unknown is drawn as not compared."""
    return VERDICTS.get(words(verdict), VERDICTS[""])


def spine_position(
    value: float | None, *, england: float | None, minimum: float | None, maximum: float | None, polarity: str
) -> float | None:
    """Where a value stands on a spine: 0 is England, 1 the better end, -1 the worse end.

    The wider of the two distances (England to the lowest, England to the highest authority) is one unit, so
    that England is always in the middle. For ``low`` polarity the row is mirrored; for ``neutral`` -1 is
    low and 1 high. None when a needed figure is missing. When every authority equals England the position
    is 0.
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
    """One row's places on the spine, each from -1 to 1 or None: range and middle half as (left, right)."""

    full: tuple[float, float] | None
    middle: tuple[float, float] | None
    value: float | None
    comparator: float | None


def spine_marks(row: dict[str, Any]) -> SpineMarks:
    """The places of one row's marks, from its columns ``value, minimum, q25, q75, maximum, england,
    comparator_value, polarity``."""
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
class _Row:
    label: tuple[str, ...]
    value_text: str
    verdict: Verdict
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


def _group(records: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows under their headings, in the order given within each; an unknown theme comes last."""
    known = {theme for theme, _ in _THEMES}
    groups = [(heading, [r for r in records if words(r.get("theme")) == theme]) for theme, heading in _THEMES]
    groups.append(("Other", [r for r in records if words(r.get("theme")) not in known]))
    return [(heading, rows) for heading, rows in groups if rows]


@dataclass(frozen=True)
class _Columns:
    """Room in pixels left of the spine for the label and the value, and right of it for the verdict word."""

    label: float
    value: float
    verdict: float
    note: float


def _columns(records: Sequence[dict[str, Any]], width: t.Width) -> _Columns:
    if width == "narrow":
        room = float(t.text_room(width) - 8)
        return _Columns(room, 0, 0, room)
    label = min(
        max([text_width(words(r.get("row_label")), _SIZE) for r in records] + [text_width("Outcomes", 14), 90]) + 8,
        _LABEL_ROOM,
    )
    value = min(max([text_width(words(r.get("value_text")), _SIZE, bold=True) for r in records] + [24]) + 14, 110)
    return _Columns(label, value, 92, t.FITS[width] - label - value - 2 * t.PAD)


def _lay_out(
    records: Sequence[dict[str, Any]], authority_name: str, columns: _Columns, width: t.Width
) -> tuple[list[_Row], list[tuple[str, float]], float]:
    """Place every row and heading; returns rows, (heading, y) pairs and the height in pixels."""
    rows: list[_Row] = []
    headings: list[tuple[str, float]] = []
    top = 0.0
    for heading, members in _group(records):
        headings.append((heading, top + 15))
        top += 28
        for record in members:
            label = words(record.get("row_label")) or "Unnamed indicator"
            neutral = words(record.get("polarity")) not in {"high", "low"}
            marks = spine_marks(record)
            note = _note(record, marks)
            verdict = verdict_style(record.get("verdict"))
            value_text = words(record.get("value_text"))
            has_value = number(record.get("value")) is not None
            verdict_word = words(record.get("verdict_text")) or verdict.word
            note_lines = wrap(note, columns.note, _SIZE)
            if width == "wide":
                lines = wrap(label, columns.label, _SIZE)
                if neutral:
                    lines += wrap("(no better or worse)", columns.label, _SIZE)
                height = max(26.0, len(lines) * _LINE + 6, len(note_lines) * _LINE + 6)
                label_y = y = top + height / 2
            else:
                shown = value_text if has_value else ""
                beside = f"{shown} {verdict.mark} {verdict_word}" if shown and not note else shown
                room = columns.label - (text_width(beside, _SIZE, bold=True) + 16)
                lines = wrap(f"{label} (no better or worse)" if neutral else label, max(room, 110), _SIZE)
                label_y = top + len(lines) * _LINE / 2
                body = max(20, len(note_lines) * _LINE if not has_value or note else 0)
                y = top + len(lines) * _LINE + body / 2 + 1
                height = len(lines) * _LINE + body + 10
            rows.append(
                _Row(
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
        top += 6
    return rows, headings, top


def _bars(fig: go.Figure, name: str, rows: Sequence[_Row], height: float, colour: str, *, middle: bool) -> None:
    spans = [(row, span) for row in rows if (span := row.marks.middle if middle else row.marks.full) and not row.note]
    fig.add_trace(
        go.Bar(
            name=name,
            orientation="h",
            base=[span[0] for _, span in spans],
            x=[span[1] - span[0] for _, span in spans],
            y=[row.y for row, _ in spans],
            width=height,
            marker={"color": colour, "line": {"width": 0}},
            hoverinfo="skip",
        )
    )


def _text(
    name: str,
    items: Sequence[tuple[float, str, str]],
    *,
    xshift: float,
    xanchor: str,
    at: int,
    size: int = _SIZE,
) -> list[dict[str, Any]]:
    """Text, as (y, html, colour), at a fixed pixel distance from the left (0) or right (1) edge."""
    return [
        t.note(
            name,
            text,
            size=size,
            colour=colour,
            x=at,
            xref="paper",
            xanchor=xanchor,
            xshift=xshift,
            y=y,
            yref="y",
            yanchor="middle",
            align="left" if xanchor == "left" else "right",
        )
        for y, text, colour in items
    ]


def _directions() -> list[dict[str, Any]]:
    return [
        t.note(
            "direction",
            f"<b>{text}</b>",
            x=x,
            xref="paper",
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=2,
        )
        for text, x, anchor in (("◄ Worse", 0, "left"), ("England", 0.5, "center"), ("Better ►", 1, "right"))
    ]


def _key(rows: Sequence[_Row], comparator_name: str, verdict_against: str, *, diamond: bool) -> list[t.KeyItem]:
    shown = {row.verdict.word for row in rows if row.marks.value is not None}
    key = []
    for style in VERDICTS.values():
        if style.word in shown:
            than = {
                "better": f" than {verdict_against}",
                "similar": f" to {verdict_against}",
                "worse": f" than {verdict_against}",
                "higher": f" than {verdict_against}",
                "lower": f" than {verdict_against}",
            }.get(style.word, "")
            colour = style.fill if style.fill != "#FFFFFF" else style.outline
            key.append(t.KeyItem(style.mark, colour, style.word + than))
    if diamond:
        key.append(t.KeyItem("◊", t.INK, comparator_name))
    key += [
        t.KeyItem("■", t.MIDDLE_GREY, "middle half of authorities"),
        t.KeyItem("■", "#D5D5D5", "lowest to highest authority"),
    ]
    if any(row.neutral for row in rows):
        key.append(t.KeyItem("", t.INK, "No better or worse: low on the left, high on the right"))
    return key


def spine(
    frame: pd.DataFrame,
    *,
    authority_name: str,
    comparator_name: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    verdict_against: str = "England",
    width: t.Width = "wide",
) -> t.ChartResult:
    """One row an indicator: range of authorities, middle half, England in the middle, this authority's mark.

    Arguments
        frame: one row an indicator in the order to draw, with ``row_label, theme (outcome | enabler |
            context), polarity, value, value_text, minimum, q25, median, q75, maximum, england,
            comparator_value, verdict, status, status_text`` and optionally ``hover`` (ready plotly text)
            and ``verdict_text``. Figures of one row share one unit. A row without a value shows
            ``status_text`` and no mark.
        comparator_name: what the hollow diamond is ("mean of neighbours"); no diamond when it is England.
        verdict_against: what ``verdict`` compares with, in words for the key.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    if frame.empty:
        sentence = "There are no indicators to show for this choice."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return t.ChartResult(
            fig, headline, f"{headline} {sentence}".strip(), t.safe_filename(filename), int(fig.layout.height)
        )
    records: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    columns = _columns(records, width)
    rows, headings, height = _lay_out(records, authority_name, columns, width)
    left = round(t.PAD + columns.label + columns.value) if width == "wide" else t.PAD
    right = round(columns.verdict + t.PAD) if width == "wide" else t.PAD
    placed = [row for row in rows if row.marks.value is not None]

    fig = go.Figure()
    bar = 14.0 if width == "wide" else 12.0
    _bars(fig, "lowest to highest authority", rows, bar, t.RANGE_GREY, middle=False)
    _bars(fig, "middle half of authorities", rows, bar, t.MIDDLE_GREY, middle=True)
    centred = [row for row in rows if row.marks.full is not None and not row.note]
    fig.add_trace(
        go.Scatter(
            name="England",
            x=[x for _ in centred for x in (0, 0, None)],
            y=[y for row in centred for y in (row.y - bar / 2 - 4, row.y + bar / 2 + 4, None)],
            mode="lines",
            line={"color": t.INK, "width": 1.5},
            hoverinfo="skip",
        )
    )
    is_england = comparator_name.strip().lower() == "england"
    compared = [] if is_england else [r for r in rows if r.marks.comparator is not None and not r.note]
    fig.add_trace(
        go.Scatter(
            name="comparator",
            x=[row.marks.comparator for row in compared],
            y=[row.y for row in compared],
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 10,
                "color": "rgba(255,255,255,0.85)",
                "line": {"color": t.INK, "width": 1.3},
            },
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            name="authority",
            x=[row.marks.value for row in placed],
            y=[row.y for row in placed],
            mode="markers",
            customdata=[[" ".join(row.label), row.verdict.word] for row in placed],
            hovertext=[row.hover for row in placed],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "symbol": [row.verdict.symbol for row in placed],
                "color": [row.verdict.fill for row in placed],
                "size": 13,
                "line": {"color": [row.verdict.outline for row in placed], "width": 1.3},
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    label_shift = t.PAD - left if width == "wide" else 0
    texts = _text(
        "heading",
        [(y, f"<b>{safe(h)}</b>", t.INK) for h, y in headings],
        xshift=label_shift,
        xanchor="left",
        at=0,
        size=14,
    )
    texts += _text(
        "row label",
        [(row.label_y, safe_lines(row.label), t.INK) for row in rows],
        xshift=label_shift,
        xanchor="left",
        at=0,
    )
    noted = [row for row in rows if row.note]
    if width == "wide":
        texts += _text(
            "value",
            [(r.y, f"<b>{safe(r.value_text)}</b>", t.INK) for r in rows if r.value_text],
            xshift=-10,
            xanchor="right",
            at=0,
        )
        texts += _text(
            "verdict",
            [(r.y, safe(f"{r.verdict.mark} {r.verdict_word}"), t.INK) for r in rows if r.verdict_word],
            xshift=8,
            xanchor="left",
            at=1,
        )
    else:
        texts += _text(
            "value",
            [
                (
                    r.label_y,
                    f"<b>{safe(r.value_text)}</b>"
                    + (f" {r.verdict.mark} {safe(r.verdict_word)}" if r.verdict_word else ""),
                    t.INK,
                )
                for r in rows
                if r.value_text
            ],
            xshift=0,
            xanchor="right",
            at=1,
        )
    texts += _text(
        "reason",
        [(r.y, safe_lines(r.note), t.SOFT_INK) for r in noted],
        xshift=0,
        xanchor="left",
        at=0,
    )
    texts += _directions()
    plot_height = math.ceil(height)
    fig.update_xaxes(range=[-_EDGE, _EDGE], visible=False, fixedrange=True)
    fig.update_yaxes(range=[plot_height, 0], visible=False, fixedrange=True)
    fig.update_layout(barmode="overlay", bargap=0)
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(rows, comparator_name, verdict_against, diamond=bool(compared)),
        left=left,
        right=right,
        above=_LINE + 8,
        below=0,
        annotations=texts,
    )
    start = headline.rstrip(". ") + ". " if headline.strip() else ""
    alt = (
        f"{start}Spine chart of {len(rows)} {'indicator' if len(rows) == 1 else 'indicators'} for "
        f"{authority_name}, compared with {verdict_against}. {'; '.join(row.alt for row in rows)}."
    )
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))
