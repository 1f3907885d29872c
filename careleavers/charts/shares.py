"""Stacked bars of the answers to one question, those not known among them, for an authority and those beside it (At a glance)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.styles import SHARE_COLOURS, ShareStyle
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import frame_records, lower_first, number, safe, safe_lines, text_width, words, wrap

_BAR = 30  # height in pixels of a bar
_GAP = 8  # between bars
_GROUP_GAP = 22  # between groups
_LABEL_ROOM = 8  # pixels that a label needs in addition to its text to fit in its part of a bar
_OUTSIDE_GAP = 5  # between a bar and a figure to its right
_NAME_ROOM = 150  # left of the bars in the wide layout: their names


@template.pictured
def shares(
    frame: pd.DataFrame,
    *,
    answers: Sequence[str],
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a bar for each area and group, divided into what its young people answer, from 0 to 100%.

    Those not known are hatched. A figure stands in its part of the bar where there is room for it; where a later
    part has none, its figure and those after it stand to the right of the bar. The table beside the chart has every figure.

    Parameters
    ----------
    frame
        One row per bar and part, in order. Columns:

        ``group`` (str)
            What heads the bars of it: ``Aged 19 to 21``.
        ``bar``, ``role`` (str)
            The name of the area; ``chosen``, ``neighbour`` or ``other``.
        ``part`` (str)
            ``good``, ``bad`` or ``not_known``.
        ``value`` (float or missing), ``value_text`` (str)
            The share in per cent, and as shown.
        ``reason`` (str)
            What is not there, and why; empty where all parts have a figure. A bar ends before the first part without one.
    answers
        What the parts are called, in the order in which they stand in a bar.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so.
    """
    given = frame_records(frame)
    if not any(number(row["value"]) is not None for row in given):
        sentence = "There are no figures to show."
        alt = f"{headline.rstrip('. ')}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    groups: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in given:
        groups.setdefault(words(row["group"]), {}).setdefault(words(row["bar"]), []).append(row)

    left = template.PAD + (_NAME_ROOM if width == "wide" else 0)
    right, across = _right_and_across(groups, left, width)
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    bars: dict[tuple[str, str], dict[str, list[Any]]] = {}
    y = 0.0
    for place, (group, areas) in enumerate(groups.items()):
        y += _GROUP_GAP if place else 0
        notes.append(_at(safe(group), y, "group", bold=True, x=0, xanchor="left", xshift=template.PAD - left))
        y += LINE_HEIGHT + 6
        drawn = next((parts for parts in areas.values() if _known(parts)), None)
        if drawn is not None:
            notes += _headings(drawn, answers, across, right - template.PAD, y)
            y += LINE_HEIGHT + 3
        for area, parts in areas.items():
            y = _bar(bars, notes, area, parts, y, left, across, width)
    height = round(y)
    fig = go.Figure()
    for (role, part), found in bars.items():
        fig.add_trace(_trace(SHARE_COLOURS[role, part], f"{role} {part}".replace("_", " "), found))
    for each in [*notes, *shapes]:
        # From pixels below the top to the axis, which counts upwards.
        each["y"] = height - each["y"]
    for trace in fig.data:
        trace.y = [height - place for place in trace.y]
    fig.update_layout(barmode="overlay", bargap=0)
    fig.update_xaxes(range=[0, 100], visible=False, fixedrange=True)
    fig.update_yaxes(range=[0, height], visible=False, fixedrange=True)
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        left=left,
        right=right,
        above=4,
        below=0,
        annotations=notes,
        shapes=shapes,
    )
    return template.result(fig, headline, _alt(headline, groups, answers), filename)


def _known(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a bar up to the first that has no figure."""
    return list(takewhile(lambda part: number(part["value"]) is not None, parts))


def _right_and_across(
    groups: dict[str, dict[str, list[dict[str, Any]]]], left: int, width: template.Width
) -> tuple[int, float]:
    """The room right of the bars, for the figures that stand there, and the width that is left for the bars."""
    right = template.PAD
    # Shorter bars may have room for fewer figures: twice is enough for the room to be that of all of them.
    for _ in range(2):
        across = template.FITS[width] - left - right
        outside = [_outside(_known(parts), across) for areas in groups.values() for parts in areas.values()]
        widest = max((text_width(text, TEXT_SIZE, bold=True) for text in outside if text), default=0.0)
        right = max(right, template.PAD + round(widest + 2 * _OUTSIDE_GAP) if widest else 0)
    return right, template.FITS[width] - left - right


def _fits(part: dict[str, Any], across: float) -> bool:
    """Whether a part of a bar has room for its figure."""
    wide = (number(part["value"]) or 0.0) / 100 * across
    return text_width(words(part["value_text"]), TEXT_SIZE, bold=True) + _LABEL_ROOM <= wide


def _outside(known: Sequence[dict[str, Any]], across: float) -> str:
    """The figures from the first part on that has no room for its own, in their order; empty where each has room."""
    # The first part is never among them: right of the bar its figure would be taken for that of the last.
    after = list(dropwhile(lambda part: _fits(part, across), known[1:]))
    return ", ".join(words(part["value_text"]) for part in after)


def _at(
    text: str, y: float, name: str, *, bold: bool = False, colour: str = template.INK, **place: Any
) -> dict[str, Any]:
    """Text whose top is ``y`` pixels below that of the plot."""
    return template.note(
        name,
        f"<b>{text}</b>" if bold else text,
        colour=colour,
        **{"xref": "paper", "y": y, "yref": "y", "yanchor": "top", "align": "left", **place},
    )


def _headings(
    parts: Sequence[dict[str, Any]], answers: Sequence[str], across: float, beyond: int, y: float
) -> list[dict[str, Any]]:
    """What the parts are called, above the first bar: the first at its left, the last at the right edge, the other between."""
    first, *between, last = answers
    room = (text_width(first, TEXT_SIZE) + 12, across + beyond - text_width(last, TEXT_SIZE) - 12)
    notes = [
        _at(safe(first), y, "answer", colour=template.SOFT_INK, x=0, xanchor="left"),
        _at(safe(last), y, "answer", colour=template.SOFT_INK, x=1, xanchor="right", xshift=beyond),
    ]
    start = number(parts[0]["value"]) or 0.0
    for answer, part in zip(between, parts[1:], strict=False):
        size = text_width(answer, TEXT_SIZE)
        # At the left edge of its part, or as near as the other two labels allow.
        middle = min(max(start / 100 * across + size / 2, room[0] + size / 2), room[1] - size / 2)
        notes.append(_at(safe(answer), y, "answer", colour=template.SOFT_INK, x=middle / across, xanchor="center"))
        start += number(part["value"]) or 0.0
    return notes


def _bar(
    bars: dict[tuple[str, str], dict[str, list[Any]]],
    notes: list[dict[str, Any]],
    area: str,
    parts: Sequence[dict[str, Any]],
    y: float,
    left: float,
    across: float,
    width: template.Width,
) -> float:
    """One bar with its name and labels; returns where the next one starts."""
    bold = parts[0]["role"] == "chosen"
    room = left - template.PAD - 10 if width == "wide" else across
    lines = wrap(area, room, TEXT_SIZE, bold=bold)
    tall = len(lines) * LINE_HEIGHT
    name = safe_lines(lines, bold=bold)
    if width == "wide":
        step = max(_BAR, tall)
        middle = y + step / 2
        notes.append(_at(name, middle, "name", x=0, xanchor="left", xshift=template.PAD - left, yanchor="middle"))
    else:
        notes.append(_at(name, y, "name", x=0, xanchor="left"))
        y += tall + 2
        step = _BAR
        middle = y + step / 2
    known = _known(parts)
    start = 0.0
    outside = _outside(known, across)
    inside = len(known) - len(outside.split(", ")) if outside else len(known)
    for place, part in enumerate(known):
        value = number(part["value"]) or 0.0
        style = SHARE_COLOURS[part["role"], part["part"]]
        kept = bars.setdefault((part["role"], part["part"]), {"x": [], "base": [], "y": [], "text": []})
        kept["x"].append(min(value, 100 - start))
        kept["base"].append(start)
        kept["y"].append(middle)
        kept["text"].append(f"<b>{safe(area)}</b><br>{safe(words(part['answer']))}: {safe(words(part['value_text']))}")
        text = words(part["value_text"])
        if place < inside and _fits(part, across):
            notes.append(
                _at(
                    f"<b>{safe(text)}</b>", middle, "label", colour=style.ink, x=(start + value / 2) / 100, xanchor="center",
                    yanchor="middle", align="center", bgcolor="#FFFFFF" if style.hatched else None,
                )
            )  # fmt: skip
        start += value
    if outside:
        notes.append(
            _at(
                f"<b>{safe(outside)}</b>", middle, "outside", x=min(start, 100) / 100, xanchor="left", xshift=_OUTSIDE_GAP,
                yanchor="middle",
            )
        )  # fmt: skip
    reason = words(parts[0]["reason"])
    if not reason:
        return y + step + _GAP
    lines = wrap(reason, across - 8, TEXT_SIZE)
    if known:
        y += step + 2
        notes.append(_at(safe_lines(lines), y, "reason", colour=template.SOFT_INK, x=0, xanchor="left"))
        return y + len(lines) * LINE_HEIGHT + _GAP
    notes.append(
        _at(safe_lines(lines), middle, "reason", colour=template.SOFT_INK, x=0, xanchor="left", yanchor="middle")
    )
    return y + max(step, len(lines) * LINE_HEIGHT) + _GAP


def _trace(style: ShareStyle, name: str, found: dict[str, list[Any]]) -> go.Bar:
    marker: dict[str, Any] = {"color": style.fill, "line": {"color": style.outline, "width": 1}}
    if style.hatched:
        marker["pattern"] = {
            "shape": "/",
            "fgcolor": template.MID_GREY,
            "bgcolor": "#FFFFFF",
            "size": 6,
            "solidity": 0.25,
        }
    return go.Bar(
        name=name,
        orientation="h",
        x=found["x"],
        base=found["base"],
        y=found["y"],
        width=[_BAR] * len(found["x"]),
        marker=marker,
        hovertext=found["text"],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _alt(headline: str, groups: dict[str, dict[str, list[dict[str, Any]]]], answers: Sequence[str]) -> str:
    said = []
    for group, areas in groups.items():
        bars = []
        for area, parts in areas.items():
            reason = words(parts[0]["reason"])
            said_of = [
                f"{words(part['value_text'])} {lower_first(answer)}"
                for part, answer in zip(_known(parts), answers, strict=False)
            ]
            bars.append(f"{area}: {', '.join([*said_of, *([lower_first(reason)] if reason else [])])}")
        said.append(f"{group}: {'; '.join(bars)}.")
    return f"{headline.rstrip('. ')}. Stacked bars from 0 to 100%. {' '.join(said)}"
