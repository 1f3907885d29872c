"""Funnel plot: authorities' figures by their base, with the limits within which chance keeps most (the page Spread)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_past, axis_title, axis_to_fit, level_axis, tick_texts, upright_axis
from careleavers.charts.labels import Name, name_notes, place_names, spaced_positions
from careleavers.charts.styles import FUNNEL_DOTS, FUNNEL_OUTSIDE, ROLES, role_of
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import (
    figure_words,
    frame_records,
    is_percent,
    lower_first,
    number,
    safe,
    safe_lines,
    text_width,
    words,
    wrap,
    wrap_even,
)

_HEIGHT: dict[template.Width, int] = {"wide": 440, "phone": 500, "narrow": 500}
_NAME_ROOM: dict[template.Width, int] = {"wide": 190, "phone": 130, "narrow": 118}
_OUTSIDE_NAMED = 8  # up to this many authorities outside the limits are named as well, where there is room
_LIMITS = ("lower_998", "lower_95", "upper_95", "upper_998")


def _drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that have a base and a figure; those picked out come last, so that they lie on top."""
    kept = []
    for row in frame_records(frame):
        value, base = number(row.get("value")), number(row.get("base"))
        if value is None or base is None or base <= 0 or abs(value) > 1e12 or base > 1e12:
            continue
        kept.append({**row, "value": value, "base": base, "role": role_of(row.get("role"))})
    return sorted(kept, key=lambda row: ROLES.index(row["role"]))


def _curves(limits: pd.DataFrame) -> list[dict[str, float]]:
    rows = []
    for row in limits.to_dict("records"):
        found = {key: number(row.get(key)) for key in ("base", *_LIMITS)}
        if all(value is not None for value in found.values()):
            rows.append({key: float(value) for key, value in found.items() if value is not None})
    return sorted(rows, key=lambda row: row["base"])


def _outside(row: dict[str, Any]) -> bool:
    return words(row.get("side")) in {"above_998", "below_998"}


def _hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>", safe(words(row.get("region")))]
    facts.append(safe(figure_words(row)))
    facts.append(safe(words(row.get("side_text"))))
    return "<br>".join(fact for fact in facts if fact)


@template.pictured
def funnel(
    frame: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    value_title: str,
    base_title: str,
    unit: str,
    centre: float | None,
    centre_text: str,
    widening_text: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    alt: str = "",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw authorities by base and figure between the control limits around England.

    The chosen authority and its neighbours are named, and those outside the outer limits where there is room.
    Clicking a dot gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per return. Rows without a base or a figure are not drawn. Columns:

        ``authority_code``, ``authority_name``, ``region`` (str)
            Which authority.
        ``base`` (int)
            How many people the figure is about.
        ``value`` (float)
            Figure, in ``unit``.
        ``value_text``, ``count_text`` (str)
            The figure and its counts as shown.
        ``role`` (str)
            ``chosen``, ``neighbour`` or ``other``.
        ``side``, ``side_text`` (str)
            Where it lies (``inside``, ``above 95%``, ``below 99.8%`` …), and the same in words.
    limits
        The limits by base: ``base``, ``lower_998``, ``lower_95``, ``upper_95``, ``upper_998``, in the unit of the
        figure.
    value_title, base_title
        Titles of the upright and the level axis.
    unit
        ``per cent`` keeps the axis within 0 to 100.
    centre
        England's figure, drawn as a line.
    centre_text
        The same as written: ``England 54%``.
    widening_text
        Whether and why the limits were widened, shown in the picture.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    alt
        What the text alternative begins with; the headline where empty.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so.
    """
    rows, curves = _drawn(frame), _curves(limits)
    if not rows:
        sentence = "No authority has both a figure and a count to draw here."
        return template.sentence_chart(
            sentence, f"{headline}. {sentence}", headline, subtitle, footer, filename, width=width
        )
    percent = is_percent(unit)
    ceiling = 100.0 if percent else float("inf")
    wide = width == "wide"
    middle = number(centre)
    height = _HEIGHT[width]

    bases = axis_past(max(row["base"] for row in rows), about=6 if wide else 3)
    x_end = bases.end
    # At the smallest bases the limits lie far beyond any figure. The axis fits the figures and the limits at all but
    # the smallest quarter of the bases, where the curves may leave the picture.
    typical = sorted(row["base"] for row in rows)[len(rows) // 4]
    reach = [row["value"] for row in rows] + ([middle] if middle is not None else [])
    reach += [row[key] for row in curves if row["base"] >= typical for key in ("lower_998", "upper_998")]
    low, high = min(reach), max(reach)
    room = max((high - low) * 0.05, 1e-9)
    if percent and low >= 0 and high <= 100:
        low, high = max(low - room, -1.5), min(high + room, 101.5)
    else:
        low, high = low - room, high + room
    start, end, y_ticks = axis_to_fit(
        [max(low, 0.0) if percent else low, min(high, 100.0) if percent else high], percent=percent
    )
    y0, y1 = min(low, max(start, low)), max(high, min(end, high))
    y_ticks = [tick for tick in y_ticks if y0 <= tick <= y1]

    y_texts = tick_texts(y_ticks, unit)
    left = round(max((text_width(text, TEXT_SIZE) for text in y_texts), default=20) + template.PAD + 10)
    limit = " limit" if wide else ""
    labels = [
        ("lower_998", f"outer{limit}"),
        ("lower_95", f"inner{limit}"),
        ("upper_95", f"inner{limit}"),
        ("upper_998", f"outer{limit}"),
    ]
    england_lines = wrap(centre_text, 104 if wide else 60, TEXT_SIZE, bold=True) if middle is not None else []
    right = round(
        max(
            [text_width(text, TEXT_SIZE) for _, text in labels]
            + [text_width(line, TEXT_SIZE, bold=True) for line in england_lines]
        )
        + 8
        + template.PAD
    )
    across = float(template.FITS[width] - left - right)

    fig = go.Figure()
    _draw_limits(fig, curves, max(y0, 0.0), min(y1, ceiling))
    if middle is not None:
        fig.add_trace(
            go.Scatter(
                name="England", x=[0, x_end], y=[middle, middle], mode="lines", hoverinfo="skip",
                line={"color": template.INK, "width": 1.5},
            )
        )  # fmt: skip
    ringed = [row for row in rows if _outside(row)]
    fig.add_trace(
        go.Scatter(
            name="outside",
            x=[row["base"] for row in ringed],
            y=[row["value"] for row in ringed],
            mode="markers",
            hoverinfo="skip",
            marker={
                "symbol": FUNNEL_OUTSIDE.symbol,
                "color": FUNNEL_OUTSIDE.colour,
                "size": [FUNNEL_DOTS[row["role"]].size + FUNNEL_OUTSIDE.size for row in ringed],
                "line": {"width": 1.5},
            },
            cliponaxis=False,
        )
    )
    fig.add_trace(
        go.Scatter(
            name="dots",
            x=[row["base"] for row in rows],
            y=[row["value"] for row in rows],
            mode="markers",
            customdata=[[words(row.get("authority_code")), words(row.get("authority_name"))] for row in rows],
            hovertext=[_hover(row) for row in rows],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": [FUNNEL_DOTS[row["role"]].colour for row in rows],
                "size": [FUNNEL_DOTS[row["role"]].size for row in rows],
                "symbol": [FUNNEL_DOTS[row["role"]].symbol for row in rows],
                "line": {"width": 1, "color": [FUNNEL_DOTS[row["role"]].outline for row in rows]},
                "opacity": 1,
            },
            # A click selects an authority; it must not fade the others while the page redraws.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
        )
    )
    notes = _limit_labels(curves, labels, england_lines, middle, y0, y1, ceiling, height)
    notes += _names(rows, x_end, y0, y1, across, height, width)
    y_lines = wrap_even(value_title, template.FITS[width] - 2 * template.PAD, TEXT_SIZE)
    x_lines = wrap(base_title, across + right - template.PAD, TEXT_SIZE)
    notes.append(
        template.note(
            "axis title", safe_lines(y_lines), x=0, xref="paper", xanchor="left", xshift=template.PAD - left, y=1, yref="paper",
            yanchor="bottom", yshift=8, align="left",
        )
    )  # fmt: skip
    notes.append(axis_title(x_lines))
    x_texts = tick_texts(bases.ticks, "")
    fig.update_xaxes(level_axis((0, x_end), bases.ticks, x_texts, ticklabeloverflow="allow", showline=True))
    fig.update_yaxes(upright_axis((y0, y1), y_ticks, y_texts, ticks=""))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        key=_key(rows, widening_text),
        left=left,
        right=right,
        above=14 + template.lines_height(len(y_lines), TEXT_SIZE),
        below=28 + template.lines_height(len(x_lines), TEXT_SIZE),
        annotations=notes,
    )
    chosen = next((row for row in rows if row["role"] == "chosen"), None)
    spoken = alt or f"{headline}."
    spoken += f" Funnel plot of {len(rows)} authorities by {lower_first(base_title)}."
    if chosen is not None:
        spoken += f" {words(chosen.get('authority_name'))}: {words(chosen.get('value_text'))}, {lower_first(words(chosen.get('side_text')))}."
    return template.result(fig, headline, spoken, filename)


def _draw_limits(fig: go.Figure, curves: Sequence[dict[str, float]], y0: float, y1: float) -> None:
    for key in _LIMITS:
        inner = key.endswith("95")
        fig.add_trace(
            go.Scatter(
                name=key,
                x=[row["base"] for row in curves],
                # A limit held at 0% or 100% says nothing, and beyond the axis nothing is visible.
                y=[row[key] if y0 < row[key] < y1 else None for row in curves],
                mode="lines",
                line={"color": template.MID_GREY, "width": 1.5, "dash": "dash" if inner else "solid"},
                hoverinfo="skip",
            )
        )


def _limit_labels(
    curves: Sequence[dict[str, float]],
    labels: Sequence[tuple[str, str]],
    england_lines: Sequence[str],
    middle: float | None,
    y0: float,
    y1: float,
    ceiling: float,
    height: float,
) -> list[dict[str, Any]]:
    """The names of the curves and of England's line at their ends, moved apart where they would overlap."""
    items: list[tuple[float, str, str]] = []
    if curves:
        items += [
            (curves[-1][key], safe(text), "limit")
            for key, text in labels
            if max(y0, 0.0) < curves[-1][key] < min(y1, ceiling)
        ]
    if middle is not None and england_lines:
        items.append((middle, safe_lines(england_lines, bold=True), "England"))
    # England's name may take two lines, and then needs the space of two labels.
    wanted = [(y1 - value) / (y1 - y0) * height for value, *_ in items]
    gap = float(LINE_HEIGHT + 1)
    if len(england_lines) > 1:
        expanded = [*wanted[:-1], wanted[-1] - LINE_HEIGHT / 2, wanted[-1] + LINE_HEIGHT / 2]
        found = spaced_positions(expanded, gap, 0, height)
        places = [*found[:-2], (found[-2] + found[-1]) / 2]
    else:
        places = spaced_positions(wanted, gap, 0, height)
    return [
        template.note(
            kind, text, colour=template.INK if kind == "England" else template.SOFT_INK, x=1, xref="paper", xanchor="left", xshift=6,
            y=1 - place / height, yref="paper", yanchor="middle", align="left",
        )
        for (_, text, kind), place in zip(items, places, strict=True)
    ]  # fmt: skip


def _names(
    rows: Sequence[dict[str, Any]],
    x_end: float,
    y0: float,
    y1: float,
    across: float,
    height: float,
    width: template.Width,
) -> list[dict[str, Any]]:
    dots = [(row["base"] / x_end * across, (y1 - row["value"]) / (y1 - y0) * height) for row in rows]
    asked: list[Name] = []
    for role in ("chosen", "neighbour"):
        for index, row in enumerate(rows):
            if row["role"] == role:
                # On a phone ten names do not all fit: one without room of its own would cover the dots that it is about.
                no_room = width != "wide" and role == "neighbour"
                asked.append(_name(row, index, width, bold=role == "chosen", optional=no_room))
    outside = [
        _name(row, index, width, optional=True)
        for index, row in enumerate(rows)
        if row["role"] == "other" and _outside(row)
    ]
    if len(outside) <= _OUTSIDE_NAMED:
        asked += outside
    places = place_names(dots, asked, width=across, height=height)
    return name_notes([row["base"] for row in rows], [row["value"] for row in rows], asked, places)


def _name(
    row: dict[str, Any], index: int, width: template.Width, *, bold: bool = False, optional: bool = False
) -> Name:
    name = words(row.get("authority_name")) or words(row.get("authority_code")) or "Name not given"
    lines = wrap_even(name, _NAME_ROOM[width], TEXT_SIZE, bold=bold)
    return Name(index, tuple(lines), bold=bold, optional=optional)


def _key(rows: Sequence[dict[str, Any]], widening_text: str) -> list[template.KeyItem]:
    key = []
    chosen = next((row for row in rows if row["role"] == "chosen"), None)
    if chosen is not None:
        key.append(FUNNEL_DOTS["chosen"].key(words(chosen.get("authority_name"))))
    if any(row["role"] == "neighbour" for row in rows):
        key.append(FUNNEL_DOTS["neighbour"].key("statistical neighbours"))
    if any(row["role"] == "other" for row in rows):
        key.append(FUNNEL_DOTS["other"].key("other authorities"))
    if any(_outside(row) for row in rows):
        key.append(FUNNEL_OUTSIDE.key("ringed: outside the usual range"))
    if widening_text.strip():
        key.append(template.KeyItem("", template.INK, widening_text.strip()))
    return key
