"""Strip plot: one dot an authority, one row a group, with the group's middle half and median."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import placing as p
from careleavers.charts import template as t
from careleavers.charts.text import (
    is_percent,
    number,
    safe,
    safe_lines,
    text_width,
    tick_words,
    unit_words,
    words,
    wrap,
)

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_DOT = 9.0
_REACH = 27.0  # how far a dot may move from the middle of its row
_LABEL_ROOM = 190
_COLOURS = {"chosen": t.DARK_BLUE, "neighbour": t.TURQUOISE, "other": "#8F8F8F"}
_SIZES = {"chosen": 15, "neighbour": 10, "other": 8}


@dataclass(frozen=True)
class _Group:
    """One row: its dots, its quartiles, and its place in pixels from the top of the plotting area."""

    label: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    offsets: tuple[float, ...]
    q25: float | None
    median: float | None
    q75: float | None
    note: str
    label_top: float
    centre: float
    half: float
    bottom: float


def _records(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(words(row.get("group_name")) or "Group not given", []).append(
            {str(k): v for k, v in row.items()}
        )
    return groups


def _role(row: dict[str, Any]) -> str:
    role = words(row.get("role"))
    return role if role in _COLOURS else "other"


def _figure(row: dict[str, Any]) -> float | None:
    value = number(row.get("value"))
    return value if value is not None and abs(value) < 1e12 else None


def _hover(row: dict[str, Any], group: str) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>", safe(group)]
    facts.append(safe(", ".join(part for part in (words(row.get("value_text")), words(row.get("count_text"))) if part)))
    facts.append(safe(words(row.get("extra_text"))))
    return "<br>".join(fact for fact in facts if fact)


def strip(
    frame: pd.DataFrame,
    *,
    value_title: str,
    unit: str,
    centre: float | None,
    centre_text: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    polarity_words: str = "",
    width: t.Width = "wide",
) -> t.ChartResult:
    """Rows of dots, one a group, in the order of the frame; the picked-out authorities coloured, the chosen one named.

    Arguments
        frame: one row an authority in the order of groups with ``group_name, group_text`` (how many, and the median
            in words), ``group_q25, group_median, group_q75, authority_code, authority_name, value, value_text,
            count_text, role`` and, if any, ``extra_text`` for the hover. Rows without a value are not drawn.
        value_title, unit: what the axis shows; ``unit`` "per cent" writes % and keeps the axis within 0 to 100, "£" writes pounds.
        centre, centre_text: England's figure, drawn as a line, and how it is written.

    Clicking a dot gives the authority's code as the first entry of ``customdata``.
    """
    groups = _records(frame)
    figures = [value for rows in groups.values() for row in rows if (value := _figure(row)) is not None]
    if not figures:
        sentence = "No authority has a figure to draw here."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return t.ChartResult(
            fig, headline, f"{headline}. {sentence}", t.safe_filename(filename), int(fig.layout.height)
        )
    percent = is_percent(unit)
    wide = width == "wide"
    middle = number(centre)
    start, end, ticks = p.fit_axis(
        [*figures, *([middle] if middle is not None else [])], percent=percent, about=6 if wide else 4
    )
    left = right = t.PAD + 8
    if wide:
        names = [
            text_width(line, _SIZE, bold=True) for name in groups for line in wrap(name, _LABEL_ROOM, _SIZE, bold=True)
        ]
        notes_wide = [text_width(words(rows[0].get("group_text")), _SIZE) for rows in groups.values()]
        left = round(min(max(names + notes_wide), _LABEL_ROOM) + t.PAD + 18)
    across = float(t.FITS[width] - left - right)
    laid = _lay_out(groups, start, end, across, width)
    height = math.ceil(laid[-1].bottom)

    fig = go.Figure()
    dots = [(row, group, offset) for group in laid for row, offset in zip(group.rows, group.offsets, strict=True)]
    order = {"other": 0, "neighbour": 1, "chosen": 2}
    dots.sort(key=lambda dot: order[_role(dot[0])])
    fig.add_trace(
        go.Scatter(
            name="dots",
            x=[row["value"] for row, *_ in dots],
            y=[group.centre + offset for _, group, offset in dots],
            mode="markers",
            customdata=[[words(row.get("authority_code")), words(row.get("authority_name"))] for row, *_ in dots],
            hovertext=[_hover(row, words(row.get("group_name"))) for row, *_ in dots],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": [_COLOURS[_role(row)] for row, *_ in dots],
                "size": [_SIZES[_role(row)] for row, *_ in dots],
                "line": {"width": 1, "color": "#FFFFFF"},
                "opacity": 1,
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    )
    with_median = [group for group in laid if group.median is not None]
    fig.add_trace(
        go.Scatter(
            name="medians",
            x=[x for group in with_median for x in (group.median, group.median, None)],
            y=[y for group in with_median for y in (group.centre - group.half, group.centre + group.half, None)],
            mode="lines",
            line={"color": t.INK, "width": 3},
            hoverinfo="skip",
        )
    )
    shapes = [
        {
            "name": "grid", "type": "line", "xref": "x", "yref": "paper", "x0": tick, "x1": tick, "y0": 0, "y1": 1,
            "layer": "below", "line": {"color": t.HAIRLINE, "width": 1},
        }
        for tick in ticks
    ]  # fmt: skip
    shapes += [
        {
            "name": "middle half", "type": "rect", "xref": "x", "yref": "y", "x0": group.q25, "x1": group.q75,
            "y0": group.centre - group.half, "y1": group.centre + group.half, "layer": "below", "line": {"width": 0},
            "fillcolor": t.RANGE_GREY,
        }
        for group in laid
        if group.q25 is not None and group.q75 is not None
    ]  # fmt: skip
    notes = _labels(laid, left, wide)
    notes += _chosen_name(laid, start, end, across)
    if middle is not None:
        spans = [(group.centre - group.half - 2, group.centre + group.half + 2) for group in laid]
        fig.add_trace(
            go.Scatter(
                name="England",
                x=[x for _ in spans for x in (middle, middle, None)],
                y=[y for top, bottom in spans for y in (top, bottom, None)],
                mode="lines",
                line={"color": t.INK, "width": 1.5, "dash": "dash"},
                hoverinfo="skip",
            )
        )
        share = (middle - start) / (end - start)
        notes.append(
            t.note(
                "England", f"<b>{safe(centre_text)}</b>", x=middle, xref="x",
                xanchor="left" if share < 0.3 else "right" if share > 0.7 else "center", y=1, yref="paper",
                yanchor="bottom", yshift=1,
            )
        )  # fmt: skip
    title = wrap(f"{value_title}, {unit_words(unit)}".strip(", "), t.FITS[width] - left - t.PAD, _SIZE)
    notes.append(
        t.note(
            "axis title", safe_lines(title), x=0, xref="paper", xanchor="left", y=0, yref="paper", yanchor="top",
            yshift=-24, align="left",
        )
    )  # fmt: skip
    fig.update_xaxes(
        range=[start, end], tickmode="array", tickvals=ticks,
        ticktext=[tick_words(tick, unit) for tick in ticks], tickfont={"size": _SIZE}, ticks="outside",
        ticklen=4, ticklabeloverflow="allow", showgrid=False, showline=True, fixedrange=True,
    )  # fmt: skip
    fig.update_yaxes(range=[height, 0], showgrid=False, showticklabels=False, ticks="", fixedrange=True)
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        key=_key(laid, polarity_words),
        left=left,
        right=right,
        above=4 + (_LINE + 2 if middle is not None else 0),
        below=28 + t.lines_height(len(title), _SIZE),
        annotations=notes,
        shapes=shapes,
    )
    return t.ChartResult(
        fig, headline, _alt(laid, headline, centre_text), t.safe_filename(filename), int(fig.layout.height)
    )


def _lay_out(
    groups: dict[str, list[dict[str, Any]]], start: float, end: float, across: float, width: t.Width
) -> list[_Group]:
    laid = []
    top = 0.0
    for name, rows in groups.items():
        drawn = [{**row, "value": value} for row in rows if (value := _figure(row)) is not None]
        offsets = p.swarm([(row["value"] - start) / (end - start) * across for row in drawn], size=_DOT, most=_REACH)
        half = max([abs(offset) for offset in offsets] + [8.0]) + _DOT / 2 + 1
        note = words(rows[0].get("group_text"))
        named = _LINE + 2 if any(_role(row) == "chosen" for row in drawn) else 0
        if width == "wide":
            label = wrap(name, _LABEL_ROOM, _SIZE, bold=True)
            text_height = (len(label) + (1 if note else 0)) * _LINE
            height = max(2 * half + named, text_height) + 12
            centre = top + 6 + named + max(half, (text_height - named) / 2)
            label_top = centre - text_height / 2
        else:
            label = wrap(f"{name}: {note}" if note else name, across, _SIZE, bold=True)
            height = len(label) * _LINE + named + 2 * half + 16
            centre = top + 6 + len(label) * _LINE + named + half
            label_top = top + 6
        laid.append(
            _Group(
                label=tuple(label),
                rows=tuple(drawn),
                offsets=tuple(offsets),
                q25=number(rows[0].get("group_q25")),
                median=number(rows[0].get("group_median")),
                q75=number(rows[0].get("group_q75")),
                note=note,
                label_top=label_top,
                centre=centre,
                half=half,
                bottom=top + height,
            )
        )
        top += height
    return laid


def _labels(laid: Sequence[_Group], left: int, wide: bool) -> list[dict[str, Any]]:
    notes = []
    for group in laid:
        text = safe_lines(group.label, bold=True)
        if wide and group.note:
            text += f"<br>{safe(group.note)}"
        notes.append(
            t.note(
                "group", text, x=0, xref="paper", xanchor="left", xshift=t.PAD - left, y=group.label_top, yref="y",
                yanchor="top", align="left",
            )
        )  # fmt: skip
    return notes


def _chosen_name(laid: Sequence[_Group], start: float, end: float, across: float) -> list[dict[str, Any]]:
    """The chosen authority's name above its row, over its dot, with a short line down to it."""
    notes = []
    for group in laid:
        for row, offset in zip(group.rows, group.offsets, strict=True):
            if _role(row) != "chosen":
                continue
            text = ", ".join(part for part in (words(row.get("authority_name")), words(row.get("value_text"))) if part)
            half = text_width(text, _SIZE, bold=True) / 2
            x = (row["value"] - start) / (end - start) * across
            # Kept inside the plotting area at its narrowest; wider ones only give more room.
            shift = max(half - x, 0) + min(across - half - x, 0)
            notes.append(
                {
                    **t.note(
                        "chosen", f"<b>{safe(text)}</b>", x=row["value"], xref="x", y=group.centre + offset, yref="y",
                        xanchor="center", yanchor="bottom",
                    ),
                    "showarrow": True,
                    "arrowhead": 0,
                    "arrowwidth": 1,
                    "arrowcolor": t.INK,
                    "standoff": 7,
                    "ax": shift,
                    "ay": -(group.half + offset + 1),
                }
            )  # fmt: skip
    return notes


def _key(laid: Sequence[_Group], polarity_words: str) -> list[t.KeyItem]:
    roles = {_role(row) for group in laid for row in group.rows}
    key = []
    if "chosen" in roles:
        chosen = next(row for group in laid for row in group.rows if _role(row) == "chosen")
        key.append(t.KeyItem("●", t.DARK_BLUE, words(chosen.get("authority_name"))))
    if "neighbour" in roles:
        key.append(t.KeyItem("●", t.TURQUOISE, "statistical neighbours"))
    if "other" in roles:
        key.append(t.KeyItem("●", _COLOURS["other"], "one dot an authority"))
    key.append(t.KeyItem("|", t.INK, "median of the group"))
    if any(group.q25 is not None for group in laid):
        key.append(t.KeyItem("■", t.RANGE_GREY, "middle half of the group"))
    if polarity_words.strip():
        text = polarity_words.strip().rstrip(".")
        key.append(t.KeyItem("", t.INK, f"{text[:1].upper()}{text[1:]}"))
    return key


def _alt(laid: Sequence[_Group], headline: str, centre_text: str) -> str:
    parts = [f"{headline.rstrip('. ')}." if headline.strip() else ""]
    count = sum(len(group.rows) for group in laid)
    parts.append(f"Strip plot of {count} authorities in {len(laid)} groups.")
    for group in laid:
        name = " ".join(group.label)
        parts.append(f"{name}: {group.note}." if group.note and group.note not in name else f"{name}.")
    if centre_text:
        parts.append(f"{centre_text}.")
    return " ".join(part for part in parts if part)
