"""A council's own figures quarter by quarter: its line with interval and target, other councils, the official figure.

Provisional figures are hollow and dotted, final ones filled and solid, and the two are not joined. The last official
annual figure stands apart from them at the right: it is of another kind and no point of the line.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.axes import line_axis, scale_words
from careleavers.charts.lanes import HALF_YEAR, gap_lane_of
from careleavers.charts.line_parts import (
    BAND_KEY,
    End,
    base_line,
    end_labels,
    gap_shades,
    interval_band,
    line_trace,
    nothing_drawn,
    time_axis,
    upright_axis,
)
from careleavers.charts.lines import Line, Look, Point, Scale, gaps_of, read_points
from careleavers.charts.text import is_percent, number, safe, text_width, tick_words, words, wrap

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_PLOT: dict[t.Width, int] = {"wide": 320, "narrow": 240}
_LABEL_ROOM = 150  # widest column of labels at the right of the wide layout
_HALF_QUARTER = dt.timedelta(days=46)
# Every second, fourth … quarter is written where there is no room for all, so that the same quarters stand out.
_SKIPS = (1, 2, 4, 8, 12, 16, 20, 40, 80)

_FOCUS = Look(t.DARK_BLUE, "circle", "●", 3.0, size=8.0)
_CHOSEN = (
    Look(t.DARK_PINK, "triangle-down", "▼", size=8.0),
    Look(t.ORANGE, "triangle-up", "▲", size=8.0),
    Look(t.LIGHT_PURPLE, "diamond", "◆", size=8.0),
    Look(t.MID_BLUE, "triangle-left", "◄", size=8.0),
)


@dataclass(frozen=True)
class Reference:
    """A figure of another kind that stands apart from the line: its value, and what it is with its value in words."""

    value: float
    text: str


@dataclass(frozen=True)
class _Area:
    """One council: the whole series, and its parts by layer as they are drawn."""

    whole: Line
    parts: tuple[Line, ...]

    @property
    def last(self) -> Point:
        return self.whole.known()[-1]


def _areas(frame: pd.DataFrame) -> list[_Area]:
    """The councils of the frame in its order, the authority first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        groups.setdefault(words(row["line"]), []).append({str(key): value for key, value in row.items()})
    areas: list[_Area] = []
    chosen = 0
    for key, rows in groups.items():
        focus = words(rows[0]["role"]) == "authority"
        look = _FOCUS if focus else _CHOSEN[chosen % len(_CHOSEN)]
        chosen += not focus
        whole = Line(key, "focus" if focus else "chosen", words(rows[0]["name"]), "final", read_points(rows), look)
        parts = []
        for layer, drawn in (
            ("final", look),
            ("provisional", replace(look, symbol=f"{look.symbol}-open", dash="dot", width=2.0)),
        ):
            points = read_points(row for row in rows if words(row["layer"]) == layer)
            parts.append(replace(whole, layer=layer, points=points, look=drawn))
        areas.append(_Area(whole, tuple(part for part in parts if part.known())))
    return areas


@dataclass(frozen=True)
class _Target:
    """A target and the periods in a row that it holds for."""

    first: dt.date
    last: dt.date
    value: float
    text: str


def _targets(rows: pd.DataFrame, half: dt.timedelta) -> list[_Target]:
    """The targets of the authority, oldest first; one entry for as long as it stays the same without a gap."""
    found: list[_Target] = []
    for row in rows.sort_values("day").to_dict("records"):
        value, day = number(row["target"]), pd.Timestamp(row["day"]).date()
        if value is None:
            continue
        before = found[-1] if found else None
        if before is not None and before.value == value and day - before.last <= 2 * half + dt.timedelta(days=2):
            found[-1] = replace(before, last=day)
        else:
            found.append(_Target(day, day, value, words(row["target_text"])))
    return found


def _labelled(days: Sequence[dt.date], scale: Scale, room: float, half: dt.timedelta) -> list[dt.date]:
    """The days that are written below the axis: the newest, and as many before it, evenly, as ``room`` allows."""
    newest = days[-1]
    each = scale.x(newest) - scale.x(newest - 2 * half)
    skip = next((skip for skip in _SKIPS if skip * each >= room), _SKIPS[-1])
    return [day for day in days if round((newest - day) / (2 * half)) % skip == 0]


def _end_words(area: _Area, newest: dt.date, whens: dict[dt.date, str]) -> str:
    """Name and last figure, with its period where it is not the newest: ``Leeds 46%``."""
    last = area.last
    when = f", {whens[last.day]}" if last.day < newest else ""
    return f"{area.whole.name} {last.text}{when}"


def _target_words(target: _Target, newest: dt.date, whens: dict[dt.date, str]) -> str:
    when = f", {whens[target.last]}" if target.last < newest else ""
    return f"Target {target.text}{when}"


def _flat(name: str, first: dt.date, last: dt.date, value: float, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "xref": "x",
        "yref": "y",
        "x0": first,
        "x1": last,
        "y0": value,
        "y1": value,
        "line": line,
    }


def _restated(points: Sequence[Point]) -> go.Scatter:
    return go.Scatter(
        name="restated",
        x=[point.day for point in points],
        y=[point.value for point in points],
        mode="markers",
        marker={
            "symbol": "square-open",
            "size": 16,
            "color": t.DARK_BLUE,
            "line": {"color": t.DARK_BLUE, "width": 1.5},
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def _key(areas: Sequence[_Area], *, ends: Sequence[t.KeyItem], banded: bool, restated: bool) -> list[t.KeyItem]:
    layers = {part.layer for area in areas for part in area.parts}
    key = list(ends)
    if "final" in layers:
        key.append(t.KeyItem("●", t.DARK_BLUE, "final"))
    if "provisional" in layers:
        key.append(t.KeyItem("○", t.DARK_BLUE, "provisional"))
    if banded:
        key.append(t.KeyItem("■", BAND_KEY, f"95% interval of {areas[0].whole.name}"))
    if restated:
        key.append(t.KeyItem("□", t.DARK_BLUE, "restated since first uploaded"))
    return key


def _alt(
    areas: Sequence[_Area], whens: dict[dt.date, str], *, headline: str, measure_title: str, scale: str,
    targets: Sequence[_Target], reference: Reference | None,
) -> str:  # fmt: skip
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    parts.append(f"Line chart of {measure_title}, a council’s own figures. {scale}.")
    for area in areas:
        layers = {point.day: part.layer for part in area.parts for point in part.points}
        if area.whole.role == "focus":
            said = [
                f"{whens[p.day]} {p.text} ({layers[p.day]})"
                if p.value is not None
                else f"{whens[p.day]} {p.reason or 'no figure'}"
                for p in area.whole.points
            ]
            parts.append(f"{area.whole.name}: {', '.join(said)}.")
        elif known := area.whole.known():
            first, last = known[0], known[-1]
            one = f"{last.text} in {whens[last.day]}"
            span = f"from {first.text} in {whens[first.day]} to {one}" if len(known) > 1 else one
            parts.append(f"{area.whole.name}: {span}.")
        else:
            parts.append(f"{area.whole.name}: no figure.")
    if targets:
        parts.append(f"Target: {'; '.join(f'{found.text} to {whens[found.last]}' for found in targets)}.")
    if reference is not None:
        parts.append(f"Apart from these: {reference.text}.")
    return " ".join(parts)


def quarters(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    decimals: int,
    from_zero: bool,
    axis_title: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    reference: Reference | None = None,
    width: t.Width = "wide",
) -> t.ChartResult:
    """A line of local figures for an authority and for others beside it, all of one basis.

    Arguments
        frame: one row a council and period, with ``line`` (unique), ``role`` (authority | chosen), ``name``, ``layer``
            (provisional | final; empty where nothing was uploaded), ``basis``, ``day``, ``when`` (the period in words),
            ``tick`` (the same in two short lines), ``value``, ``value_text``, ``lower``, ``upper``, ``reason`` (why
            there is no value), ``restated``, ``hover`` (plain text, a fact a line), ``target`` and ``target_text``.
            A period with a row but without a value is a gap: the line stops, and the authority's reason is written there.
        unit: ``per cent`` for percentages, ``£`` for pounds, anything else for plain numbers.
        from_zero: whether the axis starts at zero or fits what is drawn; the subtitle says which.
        axis_title: what a point of the time axis is ("The three months of a quarter").
        reference: the last official annual figure, drawn apart at the right.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    percent = is_percent(unit)
    areas = _areas(frame) if len(frame) else []
    drawn = [area for area in areas if area.parts]
    if not drawn:
        return nothing_drawn(
            [area.whole for area in areas],
            "period",
            headline=headline,
            subtitle=subtitle,
            footer=footer,
            filename=filename,
            width=width,
        )

    focus = next((area for area in areas if area.whole.role == "focus"), areas[0])
    whens = {pd.Timestamp(day).date(): words(when) for day, when in zip(frame["day"], frame["when"], strict=True)}
    ticks_of = {pd.Timestamp(day).date(): words(tick) for day, tick in zip(frame["day"], frame["tick"], strict=True)}
    days = sorted(whens)
    newest = days[-1]
    half = HALF_YEAR if words(frame["basis"].iloc[0]) == "full_year" else _HALF_QUARTER
    targets = _targets(frame[frame["line"].map(words) == focus.whole.key], half)

    extent = [point.value for area in drawn for point in area.whole.known() if point.value is not None]
    extent += [x for point in focus.whole.known() for x in (point.lower, point.upper) if x is not None]
    extent += [target.value for target in targets] + ([reference.value] if reference else [])
    start, end, ticks = line_axis(extent, percent=percent, from_zero=from_zero, decimals=decimals)
    scale_said = scale_words(start, end, unit)
    left = t.PAD + math.ceil(max(text_width(tick_words(tick, unit), _SIZE) for tick in ticks)) + 8
    tick_room = max(text_width(line, _SIZE) for tick in ticks_of.values() for line in tick.split("\n")) + 8

    # What is named at the right, or on a phone in the key: (mark, colour, text, day, value, whether it is the authority).
    named = [(a.whole.look.glyph, a.whole.look.colour, _end_words(a, newest, whens), a.last, a is focus) for a in drawn]
    target = targets[-1] if targets else None
    apart = newest + half
    last = apart + 1.2 * half if reference else apart
    ends: list[tuple[t.KeyItem, dt.date, float, bool]] = [
        (t.KeyItem(glyph, colour, text), point.day, point.value or 0.0, bold)
        for glyph, colour, text, point, bold in named
    ]
    if target is not None:
        item = t.KeyItem("- -", t.INK, _target_words(target, newest, whens))
        ends.append((item, target.last + half, target.value, False))
    if reference is not None:
        ends.append((t.KeyItem("—", t.DARK_GREY, reference.text), last, reference.value, False))

    height = float(_PLOT[width])
    wrapped: list[list[str]] = []
    if width == "wide":
        wrapped = [wrap(item.meaning, _LABEL_ROOM, _SIZE, bold=bold) for item, _, _, bold in ends]
        right = math.ceil(max(text_width(line, _SIZE, bold=True) for text in wrapped for line in text)) + t.PAD + 12
        height = max(height, sum(len(text) * _LINE + 4 for text in wrapped) + 8.0)
    else:
        right = t.PAD + math.ceil(tick_room / 2)
    scale = Scale(days[0] - half, last, start, end, float(t.FITS[width] - left - right), height)

    fig = go.Figure()
    bands = [band for part in focus.parts if (band := interval_band(part)) is not None]
    fig.add_traces(bands)
    for area in reversed(drawn):
        fig.add_traces([line_trace(part) for part in area.parts])
    restated = [point for point in focus.whole.known() if point.restated]
    if restated:
        fig.add_trace(_restated(restated))

    shapes = [
        _flat("target", found.first - half, found.last + half, found.value, {"color": t.INK, "width": 1.5, "dash": "dash"})
        for found in targets
    ]  # fmt: skip
    if reference is not None:
        shapes.append(_flat("reference", apart, last, reference.value, {"color": t.DARK_GREY, "width": 4}))
    notes: list[dict[str, Any]] = []
    if width == "wide":
        notes, ties = end_labels(
            [
                # From what ended earlier the tie is grey, or it would look as if the line went on.
                End(tuple(text), day, value, item.colour if day >= newest else t.FOCUS_GREY, bold=bold)
                for (item, day, value, bold), text in zip(ends, wrapped, strict=True)
            ],
            scale,
        )
        shapes += ties

    gaps = gaps_of(focus.whole)
    lane = gap_lane_of(gaps, scale, half)
    total = math.ceil(height + lane.height)

    def paper(pixels: float) -> float:
        """A distance from the top of the plotting area as plotly's share of it from the bottom."""
        return 1 - pixels / total

    notes += [{**note, "y": paper(height + note["y"])} for note in lane.notes]
    title = wrap(axis_title, t.FITS[width] - left - t.PAD, _SIZE)
    notes.append({**t.axis_title(title), "yshift": -(24 + _LINE)})
    labelled = _labelled(days, scale, tick_room, half)
    texts = ["<br>".join(safe(line) for line in ticks_of[day].split("\n")) for day in labelled]
    fig.update_layout(
        xaxis=time_axis(scale, labelled, texts, 0.0, ticks=not gaps),
        yaxis=upright_axis((start, end), ticks, paper(height), unit),
    )
    t.finish(
        fig,
        headline,
        f"{subtitle.rstrip('. ')}. {scale_said}.",
        footer,
        total,
        width=width,
        key=_key(
            [focus, *(area for area in drawn if area is not focus)],
            ends=[] if width == "wide" else [item for item, *_ in ends],
            banded=bool(bands),
            restated=bool(restated),
        ),
        left=left,
        right=right,
        below=26 + (1 + len(title)) * _LINE,
        annotations=notes,
        shapes=[*shapes, *gap_shades(gaps, scale, half, 0.0), base_line(paper(height))],
    )
    alt = _alt(
        areas,
        whens,
        headline=headline,
        measure_title=measure_title,
        scale=scale_said,
        targets=targets,
        reference=reference,
    )
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))
