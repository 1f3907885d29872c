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

from careleavers.charts import template
from careleavers.charts.axes import axis_for_lines, every_few_periods, scale_words, tick_texts, time_axis, upright_axis
from careleavers.charts.axes import axis_title as axis_title_note
from careleavers.charts.lanes import HALF_YEAR, gap_lane_of
from careleavers.charts.line_parts import (
    BAND_KEY,
    MARK_ROOM,
    End,
    base_line,
    end_labels,
    gap_shades,
    interval_band,
    line_trace,
    nothing_drawn,
)
from careleavers.charts.lines import Line, Point, Scale, gaps_of, read_points
from careleavers.charts.styles import CHOSEN_LOCAL_LINES, FOCUS_LINE, provisional
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import frame_records, is_percent, number, safe, text_width, tick_words, words, wrap

_PLOT: dict[template.Width, int] = {"wide": 320, "phone": 240, "narrow": 240}
_LABEL_ROOM = 150  # widest column of labels at the right of the wide layout
_HALF_QUARTER = dt.timedelta(days=46)


@dataclass(frozen=True)
class Reference:
    """A figure of another kind that stands apart from the line: its value, and the words beside it."""

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
    """The councils of the frame, in its order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in frame_records(frame):
        groups.setdefault(words(row["line"]), []).append(row)
    areas: list[_Area] = []
    chosen = 0
    for key, rows in groups.items():
        focus = words(rows[0]["role"]) == "authority"
        style = FOCUS_LINE if focus else CHOSEN_LOCAL_LINES[chosen % len(CHOSEN_LOCAL_LINES)]
        chosen += not focus
        whole = Line(key, "focus" if focus else "chosen", words(rows[0]["name"]), "final", read_points(rows), style)
        parts = []
        for layer, drawn in (("final", style), ("provisional", provisional(style))):
            points = read_points(row for row in rows if words(row["layer"]) == layer)
            parts.append(replace(whole, layer=layer, points=points, style=drawn))
        areas.append(_Area(whole, tuple(part for part in parts if part.known())))
    return areas


@dataclass(frozen=True)
class _Target:
    """A target, and the first and last of the consecutive periods it holds for."""

    first: dt.date
    last: dt.date
    value: float
    text: str


def _targets(rows: pd.DataFrame, half: dt.timedelta) -> list[_Target]:
    """The authority's targets, oldest first: one entry for each stretch of periods with the same target."""
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
            "color": template.DARK_BLUE,
            "line": {"color": template.DARK_BLUE, "width": 1.5},
        },
        hoverinfo="skip",
        cliponaxis=False,
    )


def _key(
    areas: Sequence[_Area], *, ends: Sequence[template.KeyItem], banded: bool, restated: bool
) -> list[template.KeyItem]:
    layers = {part.layer for area in areas for part in area.parts}
    key = list(ends)
    if "final" in layers:
        key.append(template.KeyItem("●", template.DARK_BLUE, "final"))
    if "provisional" in layers:
        key.append(template.KeyItem("○", template.DARK_BLUE, "provisional"))
    if banded:
        key.append(template.KeyItem("■", BAND_KEY, f"95% interval of {areas[0].whole.name}"))
    if restated:
        key.append(template.KeyItem("□", template.DARK_BLUE, "restated since first uploaded"))
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
                f"{whens[point.day]} {point.text} ({layers[point.day]})"
                if point.value is not None
                else f"{whens[point.day]} {point.reason or 'no figure'}"
                for point in area.whole.points
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


@template.pictured
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
    footer: template.Footer,
    filename: str,
    reference: Reference | None = None,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw local figures of an authority over time, and of others beside it, all of one basis.

    Parameters
    ----------
    frame
        One row per council and period. A period with a row but without a value is a gap: the line stops, and the
        authority's reason is written there. Columns:

        ``line``, ``name`` (str)
            Tells the councils apart; what they are called.
        ``role`` (str)
            ``authority`` or ``chosen``.
        ``layer`` (str)
            ``provisional`` or ``final``; empty where nothing was uploaded.
        ``basis`` (str)
            ``quarter``, ``year_to_date``, ``rolling_12m``, ``full_year`` or ``snapshot``; one for all rows.
        ``day`` (date)
            Last day of the period.
        ``when``, ``tick`` (str)
            The period in words, and in two short lines for the axis.
        ``value``, ``lower``, ``upper`` (float or missing)
            Figure and 95% interval, in ``unit``.
        ``value_text``, ``reason`` (str)
            The figure as shown; why there is none.
        ``restated`` (bool)
            Whether a later upload changed it.
        ``hover`` (str)
            Plain text, one fact per line.
        ``target`` (float or missing), ``target_text`` (str)
            The authority's target for the period, and as shown.
    measure_title
        The measure and age group, for the text alternative.
    unit
        ``per cent`` for percentages, anything else for plain numbers.
    decimals
        Decimals of the figures as shown.
    from_zero
        Whether the axis starts at zero or fits what is drawn; the subtitle says which.
    axis_title
        What a point of the axis of time is: ``Three months of each quarter``.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    reference
        The last official annual figure, drawn apart at the right.

    Returns
    -------
    ChartResult
        Without any figure, a sentence that says so with the reasons.
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
    start, end, ticks = axis_for_lines(extent, percent=percent, from_zero=from_zero, decimals=decimals)
    scale_said = scale_words(start, end, unit)
    left = template.PAD + math.ceil(max(text_width(tick_words(tick, unit), TEXT_SIZE) for tick in ticks)) + 8
    tick_room = max(text_width(line, TEXT_SIZE) for tick in ticks_of.values() for line in tick.split("\n")) + 8

    # The labels at the right, or in the key on a phone: (mark, colour, text, day, value, whether it is the authority).
    named = [
        (
            area.whole.style.mark,
            area.whole.style.colour,
            _end_words(area, newest, whens),
            area.last,
            area is focus,
        )
        for area in drawn
    ]
    target = targets[-1] if targets else None
    apart = newest + half
    last = apart + 1.2 * half if reference else apart
    ends: list[tuple[template.KeyItem, dt.date, float, bool]] = [
        (template.KeyItem(mark, colour, text), point.day, point.value or 0.0, bold)
        for mark, colour, text, point, bold in named
    ]
    if target is not None:
        item = template.KeyItem("- -", template.INK, _target_words(target, newest, whens))
        ends.append((item, target.last + half, target.value, False))
    if reference is not None:
        ends.append((template.KeyItem("—", template.DARK_GREY, reference.text), last, reference.value, False))

    height = float(_PLOT[width])
    wrapped: list[list[str]] = []
    if width == "wide":
        wrapped = [wrap(item.meaning, _LABEL_ROOM, TEXT_SIZE, bold=bold) for item, _, _, bold in ends]
        right = (
            math.ceil(max(text_width(line, TEXT_SIZE, bold=True) for text in wrapped for line in text))
            + MARK_ROOM
            + template.PAD
            + 12
        )
        height = max(height, sum(len(text) * LINE_HEIGHT + 4 for text in wrapped) + 8.0)
    else:
        right = template.PAD + math.ceil(tick_room / 2)
    scale = Scale(days[0] - half, last, start, end, float(template.FITS[width] - left - right), height)

    fig = go.Figure()
    bands = [band for part in focus.parts if (band := interval_band(part)) is not None]
    fig.add_traces(bands)
    for area in reversed(drawn):
        fig.add_traces([line_trace(part) for part in area.parts])
    restated = [point for point in focus.whole.known() if point.restated]
    if restated:
        fig.add_trace(_restated(restated))

    shapes = [
        _flat("target", found.first - half, found.last + half, found.value, {"color": template.INK, "width": 1.5, "dash": "dash"})
        for found in targets
    ]  # fmt: skip
    if reference is not None:
        shapes.append(_flat("reference", apart, last, reference.value, {"color": template.DARK_GREY, "width": 4}))
    notes: list[dict[str, Any]] = []
    if width == "wide":
        notes = end_labels(
            [
                End(tuple(text), day, value, item.mark, item.colour, bold=bold)
                for (item, day, value, bold), text in zip(ends, wrapped, strict=True)
            ],
            scale,
        )

    gaps = gaps_of(focus.whole)
    lane = gap_lane_of(gaps, scale, half)
    total = math.ceil(height + lane.height)

    def paper(pixels: float) -> float:
        """A distance from the top of the plotting area, as plotly's share of its height from the bottom."""
        return 1 - pixels / total

    notes += [{**note, "y": paper(height + note["y"])} for note in lane.notes]
    title = wrap(axis_title, template.FITS[width] - left - template.PAD, TEXT_SIZE)
    notes.append(axis_title_note(title, yshift=-(24 + LINE_HEIGHT)))
    period = 2 * half
    labelled = every_few_periods(days, period, scale.x(newest) - scale.x(newest - period), tick_room)
    texts = ["<br>".join(safe(line) for line in ticks_of[day].split("\n")) for day in labelled]
    fig.update_layout(
        xaxis=time_axis((scale.first, scale.last), labelled, texts, 0.0, ticks=not gaps),
        yaxis=upright_axis((start, end), ticks, tick_texts(ticks, unit), domain=[max(paper(height), 0.0), 1], ticks=""),
    )
    template.finish(
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
        below=26 + (1 + len(title)) * LINE_HEIGHT,
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
    return template.result(fig, headline, alt, filename)
