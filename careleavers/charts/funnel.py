"""Funnel plot: each authority by how many it rests on, with the limits that chance would keep most of them within."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import placing as p
from careleavers.charts import template as t
from careleavers.charts.text import number, safe, safe_lines, text_width, tick_words, words, wrap, wrap_even

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_HEIGHT: dict[t.Width, int] = {"wide": 440, "narrow": 440}
_NAME_ROOM: dict[t.Width, int] = {"wide": 190, "narrow": 118}
_OUTSIDE_NAMED = 8  # so many authorities outside the limits are named beside the ones picked out, where there is room
_COLOURS = {"chosen": t.DARK_BLUE, "neighbour": t.TURQUOISE, "other": t.FOCUS_GREY}
_EDGES = {"chosen": "#FFFFFF", "neighbour": t.INK, "other": t.MID_GREY}
_SIZES = {"chosen": 14, "neighbour": 10, "other": 8}
_LIMITS = ("lower_998", "lower_95", "upper_95", "upper_998")


def _drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows that have a base and a figure, the picked-out ones last so that they lie on top."""
    order = {"other": 0, "neighbour": 1, "chosen": 2}
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    kept = []
    for row in rows:
        value, base = number(row.get("value")), number(row.get("base"))
        if value is None or base is None or base <= 0 or abs(value) > 1e12 or base > 1e12:
            continue
        role = words(row.get("role"))
        kept.append({**row, "value": value, "base": base, "role": role if role in order else "other"})
    return sorted(kept, key=lambda row: order[row["role"]])


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
    facts.append(safe(", ".join(part for part in (words(row.get("value_text")), words(row.get("count_text"))) if part)))
    facts.append(safe(words(row.get("side_text"))))
    return "<br>".join(fact for fact in facts if fact)


def _x_axis(most: float, width: t.Width) -> tuple[float, list[float]]:
    step = p.nice_step(max(most, 1.0), 6 if width == "wide" else 3)
    end = max(most, 1.0) * 1.03
    return end, [round(step * k, 10) for k in range(int(end / step + 1e-9) + 1)]


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
    footer: t.Footer,
    filename: str,
    alt: str = "",
    width: t.Width = "wide",
) -> t.ChartResult:
    """Dots of authorities by base and figure, between limit curves around England; picked-out ones are named.

    Arguments
        frame: one row a return with ``authority_code, authority_name, region, base, value, value_text, count_text,
            role`` ("chosen", "neighbour" or "other"), ``side`` and ``side_text``. Rows without a base or a figure are
            not drawn.
        limits: rows by base with ``base, lower_998, lower_95, upper_95, upper_998`` in the unit of the figure.
        value_title, base_title: what the upright and the level axis show.
        unit: "per cent" for percentages (axis with % and kept within 0 to 100), else anything.
        centre, centre_text: England's figure and how it is written ("England 54%").
        widening_text: whether and why the limits were widened, shown in the picture.

    Clicking a dot gives the authority's code as the first entry of ``customdata``.
    """
    rows, curves = _drawn(frame), _curves(limits)
    if not rows:
        sentence = "No authority has both a figure and a count to draw here."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return t.ChartResult(
            fig, headline, f"{headline}. {sentence}", t.safe_filename(filename), int(fig.layout.height)
        )
    percent = unit.strip().lower() == "per cent"
    ceiling = 100.0 if percent else float("inf")
    wide = width == "wide"
    middle = number(centre)
    height = _HEIGHT[width]

    x_end, x_ticks = _x_axis(max(row["base"] for row in rows), width)
    # Where bases are smallest the limits reach far beyond any figure: the axis fits the figures, and the limits of
    # most bases, and lets those few leave the picture.
    typical = sorted(row["base"] for row in rows)[len(rows) // 4]
    reach = [row["value"] for row in rows] + ([middle] if middle is not None else [])
    reach += [row[key] for row in curves if row["base"] >= typical for key in ("lower_998", "upper_998")]
    low, high = min(reach), max(reach)
    room = max((high - low) * 0.05, 1e-9)
    if percent and low >= 0 and high <= 100:
        low, high = max(low - room, -1.5), min(high + room, 101.5)
    else:
        low, high = low - room, high + room
    start, end, y_ticks = p.fit_axis(
        [max(low, 0.0) if percent else low, min(high, 100.0) if percent else high], percent=percent
    )
    y0, y1 = min(low, max(start, low)), max(high, min(end, high))
    y_ticks = [tick for tick in y_ticks if y0 <= tick <= y1]

    tick_texts = [tick_words(tick, percent=percent) for tick in y_ticks]
    left = round(max((text_width(text, _SIZE) for text in tick_texts), default=20) + t.PAD + 10)
    labels = [
        ("lower_998", "99.8% limit"),
        ("lower_95", "95% limit"),
        ("upper_95", "95% limit"),
        ("upper_998", "99.8% limit"),
    ]
    if not wide:
        labels = [(key, text.removesuffix(" limit")) for key, text in labels]
    england_lines = wrap(centre_text, 84 if wide else 52, _SIZE, bold=True) if middle is not None else []
    right = round(
        max([text_width(text, _SIZE) for _, text in labels] + [text_width(s, _SIZE, bold=True) for s in england_lines])
        + 8
        + t.PAD
    )
    across = float(t.FITS[width] - left - right)

    fig = go.Figure()
    _draw_limits(fig, curves, max(y0, 0.0), min(y1, ceiling))
    if middle is not None:
        fig.add_trace(
            go.Scatter(
                name="England", x=[0, x_end], y=[middle, middle], mode="lines", hoverinfo="skip",
                line={"color": t.INK, "width": 1.5},
            )
        )  # fmt: skip
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
                "color": [
                    t.DARK_GREY if row["role"] == "other" and _outside(row) else _COLOURS[row["role"]] for row in rows
                ],
                "size": [_SIZES[row["role"]] + (3 if _outside(row) else 0) for row in rows],
                "symbol": ["diamond" if _outside(row) else "circle" for row in rows],
                "line": {"width": 1, "color": [_EDGES[row["role"]] for row in rows]},
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
    y_lines = wrap_even(value_title, t.FITS[width] - 2 * t.PAD, _SIZE)
    x_lines = wrap(base_title, across + right - t.PAD, _SIZE)
    notes.append(
        t.note(
            "axis title", safe_lines(y_lines), x=0, xref="paper", xanchor="left", xshift=t.PAD - left, y=1, yref="paper",
            yanchor="bottom", yshift=8, align="left",
        )
    )  # fmt: skip
    notes.append(
        t.axis_title(x_lines)
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, x_end], tickmode="array", tickvals=x_ticks, ticktext=[f"{tick:,.10g}" for tick in x_ticks],
        tickfont={"size": _SIZE}, ticks="outside", ticklen=4, ticklabeloverflow="allow", showgrid=False, showline=True,
        fixedrange=True,
    )  # fmt: skip
    fig.update_yaxes(
        range=[y0, y1], tickmode="array", tickvals=y_ticks, ticktext=tick_texts, tickfont={"size": _SIZE},
        ticks="", showgrid=True, fixedrange=True,
    )  # fmt: skip
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        height,
        width=width,
        key=_key(rows, widening_text),
        left=left,
        right=right,
        above=14 + t.lines_height(len(y_lines), _SIZE),
        below=28 + t.lines_height(len(x_lines), _SIZE),
        annotations=notes,
    )
    chosen = next((row for row in rows if row["role"] == "chosen"), None)
    spoken = alt or f"{headline}."
    spoken += f" Funnel plot of {len(rows)} authorities by {base_title[:1].lower()}{base_title[1:]}."
    if chosen is not None:
        spoken += f" {words(chosen.get('authority_name'))}: {words(chosen.get('value_text'))}, {words(chosen.get('side_text'))}."
    return t.ChartResult(fig, headline, spoken, t.safe_filename(filename), int(fig.layout.height))


def _draw_limits(fig: go.Figure, curves: Sequence[dict[str, float]], y0: float, y1: float) -> None:
    for key in _LIMITS:
        inner = key.endswith("95")
        fig.add_trace(
            go.Scatter(
                name=key,
                x=[row["base"] for row in curves],
                # A limit that is cut off at 0 or 100% limits nothing, and beyond the axis there is nothing to see.
                y=[row[key] if y0 < row[key] < y1 else None for row in curves],
                mode="lines",
                line={"color": t.MID_GREY, "width": 1.5, "dash": "dash" if inner else "solid"},
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
    """The names of the curves and of England's line where they end, moved apart where they end close together."""
    items: list[tuple[float, str, str]] = []
    if curves:
        items += [
            (curves[-1][key], safe(text), "limit")
            for key, text in labels
            if max(y0, 0.0) < curves[-1][key] < min(y1, ceiling)
        ]
    if middle is not None and england_lines:
        items.append((middle, safe_lines(england_lines, bold=True), "England"))
    # England's name may take two lines: it gets the room of two.
    wanted = [(y1 - value) / (y1 - y0) * height for value, *_ in items]
    gap = float(_LINE + 1)
    if len(england_lines) > 1:
        expanded = [*wanted[:-1], wanted[-1] - _LINE / 2, wanted[-1] + _LINE / 2]
        found = p.apart(expanded, gap, 0, height)
        places = [*found[:-2], (found[-2] + found[-1]) / 2]
    else:
        places = p.apart(wanted, gap, 0, height)
    return [
        t.note(
            kind, text, colour=t.INK if kind == "England" else t.SOFT_INK, x=1, xref="paper", xanchor="left", xshift=6,
            y=1 - place / height, yref="paper", yanchor="middle", align="left",
        )
        for (_, text, kind), place in zip(items, places, strict=True)
    ]  # fmt: skip


def _names(
    rows: Sequence[dict[str, Any]], x_end: float, y0: float, y1: float, across: float, height: float, width: t.Width
) -> list[dict[str, Any]]:
    dots = [(row["base"] / x_end * across, (y1 - row["value"]) / (y1 - y0) * height) for row in rows]
    asked: list[p.Name] = []
    for role in ("chosen", "neighbour"):
        for index, row in enumerate(rows):
            if row["role"] == role:
                asked.append(_name(row, index, width, bold=role == "chosen"))
    outside = [
        _name(row, index, width, optional=True)
        for index, row in enumerate(rows)
        if row["role"] == "other" and _outside(row)
    ]
    if width == "wide" and len(outside) <= _OUTSIDE_NAMED:
        asked += outside
    places = p.place_names(dots, asked, width=across, height=height)
    return p.name_notes([row["base"] for row in rows], [row["value"] for row in rows], asked, places)


def _name(row: dict[str, Any], index: int, width: t.Width, *, bold: bool = False, optional: bool = False) -> p.Name:
    name = words(row.get("authority_name")) or words(row.get("authority_code")) or "Name not given"
    lines = wrap_even(name, _NAME_ROOM[width], _SIZE, bold=bold)
    return p.Name(index, tuple(lines), bold=bold, optional=optional)


def _key(rows: Sequence[dict[str, Any]], widening_text: str) -> list[t.KeyItem]:
    key = []
    chosen = next((row for row in rows if row["role"] == "chosen"), None)
    if chosen is not None:
        key.append(t.KeyItem("●", t.DARK_BLUE, words(chosen.get("authority_name"))))
    if any(row["role"] == "neighbour" for row in rows):
        key.append(t.KeyItem("●", t.TURQUOISE, "statistical neighbours"))
    if any(row["role"] == "other" for row in rows):
        key.append(t.KeyItem("●", t.FOCUS_GREY, "other authorities"))
    if any(_outside(row) for row in rows):
        key.append(t.KeyItem("◆", t.DARK_GREY, "outside the 99.8% limits"))
    if widening_text.strip():
        key.append(t.KeyItem("", t.INK, widening_text.strip()))
    return key
