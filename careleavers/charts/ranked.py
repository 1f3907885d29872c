"""Authorities side by side: one horizontal bar each, best at the top."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.placing import nice_step
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
    wrap_even,
)

_SIZE = t.TEXT_SIZE
_LINE = t.lines_height(1, _SIZE)
_MANY = 40  # above this many rows they are drawn closer together
_LABEL_ROOM = 224  # widest label column of the wide layout; a longer name takes two lines
_NEIGHBOUR_MARK = "◊"
_CHOSEN_MARK = "►"


@dataclass(frozen=True)
class _Row:
    """One authority as it is drawn; ``top`` and ``height`` in pixels from the top of the plotting area."""

    code: str
    name: str
    label: tuple[str, ...]
    note: tuple[str, ...]  # the reason, for a row without a figure
    value: float | None
    lower: float | None
    upper: float | None
    right: str
    hover: str
    role: str  # chosen | neighbour | other
    why: str  # why its figure is not ranked, '' where it is
    top: float
    height: float
    bar_centre: float
    bar_height: float


def value_axis(values: Sequence[float], *, percent: bool) -> tuple[float, float, list[float]]:
    """Start, end and ticks of a bar axis: always from zero, and for percentages never past 100.

    ``values`` are everything that must fit (figures, interval ends, England). Returns (start, end, ticks).
    """
    # The bound keeps a nonsensical figure from overflowing the arithmetic below.
    low, high = max(min([0.0, *values]), -1e300), min(max([0.0, *values]), 1e300)
    # A span that a fifth of is nothing in this arithmetic is none.
    if high - low <= 1e-300:
        high = low + (100.0 if percent else 1.0)
    step = nice_step(high - low)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if percent and low >= 0:
        end = min(end, 100.0) if high <= 100 else end
    count = round((end - start) / step)
    ticks = [round(start + step * index, 10) for index in range(count + 1)]
    return start, end, [tick for tick in ticks if tick <= end]


def _role(code: str, authority_code: str, neighbours: Collection[str]) -> str:
    if code == authority_code:
        return "chosen"
    return "neighbour" if code in neighbours else "other"


def _marked_name(name: str, role: str) -> str:
    mark = {"chosen": f"{_CHOSEN_MARK} ", "neighbour": f"{_NEIGHBOUR_MARK} "}.get(role, "")
    return mark + name


def _hover(row: dict[str, Any], ranked_words: bool) -> str:
    """Everything known of a row, one fact a line."""
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>"]
    if region := words(row.get("region")):
        facts.append(safe(region))
    value = words(row.get("value_text"))
    count = words(row.get("count_text"))
    if number(row.get("value")) is None:
        facts.append(safe(words(row.get("status_text")) or "No figure"))
        return "<br>".join(facts)
    facts.append(safe(", ".join(part for part in (value, count) if part)))
    if interval := _interval_words(row):
        facts.append(interval)
    if why := words(row.get("unknown_text")):
        facts.append(f"Not ranked: {safe(why)}")
    if ranked_words and (rank := words(row.get("rank_text"))):
        facts.append(f"Rank: {safe(rank)}")
    if ranked_words and (band := words(row.get("band"))):
        facts.append(f"Quarter: {safe(band)} (A is best)")
    if (status := words(row.get("status_text"))) and words(row.get("status")) not in {"", "ok"}:
        facts.append(safe(status))
    return "<br>".join(facts)


def _interval_words(row: dict[str, Any]) -> str:
    lower, upper = number(row.get("lower")), number(row.get("upper"))
    if lower is None or upper is None:
        return ""
    return f"95% interval: {lower:,.1f} to {upper:,.1f}"


def _in_order(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with a figure in the order given, or by their rank where all have one; then the rows without."""
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    with_value = [row for row in rows if number(row.get("value")) is not None]
    ranks = [number(row.get("rank")) for row in with_value]
    if all(rank is not None for rank in ranks):
        with_value.sort(key=lambda row: number(row.get("rank")) or 0.0)
    return with_value + [row for row in rows if number(row.get("value")) is None]


def _lay_out(
    records: Sequence[dict[str, Any]],
    *,
    width: t.Width,
    authority_code: str,
    neighbours: Collection[str],
    ranked_words: bool,
    label_room: float,
    row_room: float,
) -> list[_Row]:
    """Give every row its place; ``label_room`` and ``row_room`` are the pixels for a name and for a row."""
    many = len(records) > _MANY
    bar = 13.0 if many else 17.0
    gap = 5.0 if many else 9.0
    rows: list[_Row] = []
    top = 0.0
    for record in records:
        code = words(record.get("authority_code"))
        name = words(record.get("authority_name")) or code or "Name not given"
        role = _role(code, authority_code, neighbours)
        bold = role == "chosen"
        value = number(record.get("value"))
        right = ""
        note: list[str] = []
        if value is None:
            note = wrap(words(record.get("status_text")) or "No figure", row_room, _SIZE)
        else:
            parts = [words(record.get("value_text")) or f"{value:g}", words(record.get("count_text"))]
            right = "  ".join(part for part in parts if part)
        if width == "wide":
            label = wrap_even(_marked_name(name, role), label_room, _SIZE, bold=bold)
            height = max(bar + gap, max(len(label), len(note)) * _LINE + 2)
            centre = top + height / 2
        else:
            room = label_room - (text_width(right, _SIZE, bold=True) + 12 if right else 0)
            label = wrap(_marked_name(name, role), max(room, 90), _SIZE, bold=bold)
            height = (len(label) + len(note)) * _LINE + (bar if value is not None else 0) + gap
            centre = top + len(label) * _LINE + 2 + bar / 2
        rows.append(
            _Row(
                code=code,
                name=name,
                label=tuple(label),
                note=tuple(note),
                value=value,
                lower=number(record.get("lower")),
                upper=number(record.get("upper")),
                right=right,
                hover=_hover(record, ranked_words),
                role=role,
                why=words(record.get("unknown_text")) if value is not None else "",
                top=top,
                height=height,
                bar_centre=centre,
                bar_height=bar,
            )
        )
        top += height
    return rows


_BAR_COLOURS = {"chosen": t.DARK_BLUE, "neighbour": t.TURQUOISE, "other": t.FOCUS_GREY}


def _draw_bars(fig: go.Figure, drawn: Sequence[_Row]) -> None:
    has_interval = [row.lower is not None and row.upper is not None for row in drawn]
    fig.add_trace(
        go.Bar(
            name="bars",
            orientation="h",
            x=[row.value for row in drawn],
            y=[row.bar_centre for row in drawn],
            width=[row.bar_height for row in drawn],
            customdata=[[row.code, row.name] for row in drawn],
            hovertext=[row.hover for row in drawn],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "color": ["#FFFFFF" if row.why else _BAR_COLOURS[row.role] for row in drawn],
                # What is not ranked is outlined and hatched: a bar that ends early is no merit there.
                "line": {
                    "width": [1 if row.why else 0 for row in drawn],
                    "color": [_BAR_COLOURS[row.role] for row in drawn],
                },
                "pattern": {
                    "shape": ["/" if row.why else "" for row in drawn],
                    "fgcolor": [_BAR_COLOURS[row.role] for row in drawn],
                    "fillmode": "overlay",
                    "size": 6,
                    "solidity": 0.3,
                },
            },
            # A click selects an authority; it must not fade the others while the page redraws.
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [
                    max((row.upper or 0) - (row.value or 0), 0) if known else None
                    for row, known in zip(drawn, has_interval, strict=True)
                ],
                "arrayminus": [
                    max((row.value or 0) - (row.lower or 0), 0) if known else None
                    for row, known in zip(drawn, has_interval, strict=True)
                ],
                "visible": any(has_interval),
                "color": t.INK,
                "thickness": 1,
                "width": 2,
            },
        )
    )


def _interval_inside(fig: go.Figure, drawn: Sequence[_Row]) -> None:
    """The part of the chosen authority's interval that lies in its dark bar, in white so that it shows."""
    inside = [
        row for row in drawn if row.role == "chosen" and not row.why and row.lower is not None and row.upper is not None
    ]
    xs = [x for row in inside for x in (row.lower, min(row.value or 0, row.upper or 0), None)]
    ys = [y for row in inside for y in (row.bar_centre, row.bar_centre, None)]
    fig.add_trace(
        go.Scatter(
            name="interval inside",
            x=xs,
            y=ys,
            mode="lines",
            line={"color": "#FFFFFF", "width": 1.5},
            hoverinfo="skip",
        )
    )


def _leaders(fig: go.Figure, drawn: Sequence[_Row], end: float) -> None:
    """Hairlines from a bar's end to its figures, so that the eye does not change rows on the way."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row in drawn:
        from_x = max(row.value or 0, row.upper or 0)
        if from_x < end:
            xs += [from_x, end, None]
            ys += [row.bar_centre, row.bar_centre, None]
    fig.add_trace(
        go.Scatter(
            name="leaders",
            x=xs,
            y=ys,
            mode="lines",
            line={"color": "#D0D0D0", "width": 1, "dash": "dot"},
            hoverinfo="skip",
        )
    )


def _bold_if(text: str, bold: bool) -> str:
    return f"<b>{text}</b>" if bold and text else text


def _labels(fig: go.Figure, rows: Sequence[_Row], start: float, end: float, width: t.Width) -> None:
    """Names, figures and reasons, as text traces: hundreds of tick labels or annotations are slow to draw."""
    wide = width == "wide"
    after = "\u00a0" if wide else ""
    names = [
        (
            start,
            row.bar_centre if wide else row.top + _LINE * len(row.label) / 2,
            # The no-break space keeps right-aligned names off the axis; plotly would drop an ordinary one.
            _bold_if("<br>".join(safe(line) + after for line in row.label), row.role == "chosen"),
        )
        for row in rows
    ]
    _text(fig, "names", names, "middle left" if wide else "middle right")
    figures = [
        (
            end,
            row.bar_centre if wide else row.top + _LINE * len(row.label) / 2,
            _bold_if(("\u00a0" if wide else "") + safe(row.right), row.role == "chosen"),
        )
        for row in rows
        if row.value is not None
    ]
    _text(fig, "figures", figures, "middle right" if wide else "middle left")
    reasons = [
        (
            start,
            row.bar_centre if wide else row.top + _LINE * (len(row.label) + len(row.note) / 2),
            "<br>".join("\u00a0" + safe(line) for line in row.note) if wide else safe_lines(row.note),
        )
        for row in rows
        if row.value is None
    ]
    _text(fig, "reasons", reasons, "middle right", colour=t.SOFT_INK)


def _text(
    fig: go.Figure,
    name: str,
    items: Sequence[tuple[float, float, str]],
    position: str,
    *,
    colour: str = t.INK,
) -> None:
    if items:
        fig.add_trace(
            go.Scatter(
                name=name,
                x=[x for x, _, _ in items],
                y=[y for _, y, _ in items],
                text=[text for _, _, text in items],
                mode="text",
                textposition=position,
                textfont={"family": t.FONT, "size": _SIZE, "color": colour},
                cliponaxis=False,
                hoverinfo="skip",
            )
        )


def _shade(
    cuts: Sequence[float], start: float, end: float, polarity: str, bottom: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Colour the best and the weakest quarter of the axis, and say which is which above: (shapes, notes)."""
    low_cut, high_cut = min(max(cuts[0], start), end), min(max(cuts[2], start), end)
    low_best = polarity == "low"
    low_words = "Best quarter" if low_best else "Lowest quarter"
    high_words = "Highest quarter" if low_best else "Best quarter"
    shapes = [
        {
            "name": "best quarter" if best else "weakest quarter",
            "type": "rect",
            "xref": "x",
            "yref": "y",
            "x0": x0,
            "x1": x1,
            "y0": 0,
            "y1": bottom,
            "layer": "below",
            "line": {"width": 0},
            "fillcolor": t.BEST_SHADE if best else t.WORST_SHADE,
        }
        for x0, x1, best in ((start, low_cut, low_best), (high_cut, end, not low_best))
    ]
    notes = [
        t.note(
            "quarter",
            text,
            colour=t.SOFT_INK,
            x=x,
            xref="paper",
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=_LINE + 2,
        )
        for text, x, anchor in ((f"← {low_words}", 0, "left"), (f"{high_words} →", 1, "right"))
    ]
    return shapes, notes


def _england_line(
    fig: go.Figure,
    england: float,
    text: str,
    start: float,
    end: float,
    spans: Sequence[tuple[float, float]],
) -> dict[str, Any]:
    """England's value, as a line over each of ``spans`` (top, bottom); returns its label, above the bars."""
    fig.add_trace(
        go.Scatter(
            name="England",
            x=[x for _ in spans for x in (england, england, None)],
            y=[y for top, bottom in spans for y in (top, bottom, None)],
            mode="lines",
            line={"color": t.INK, "width": 1.5, "dash": "dash" if len(spans) == 1 else "solid"},
            hoverinfo="skip",
        )
    )
    share = (england - start) / (end - start)
    return t.note(
        "England",
        f"<b>{safe(text)}</b>",
        x=england,
        xref="x",
        xanchor="left" if share < 0.3 else "right" if share > 0.7 else "center",
        y=1,
        yref="paper",
        yanchor="bottom",
        yshift=1,
    )


def _alt(rows: Sequence[_Row], *, headline: str, indicator_title: str, england_text: str, neutral: bool) -> str:
    drawn = [row for row in rows if row.value is not None]
    parts = [headline.rstrip(". ") + "."] if headline.strip() else []
    order = "highest first" if neutral else "best first"
    plural = "authority" if len(drawn) == 1 else "authorities"
    parts.append(f"Bar chart of {indicator_title} for {len(drawn)} {plural}, {order}")
    if drawn:
        parts[-1] += f", from {drawn[0].name} ({drawn[0].right}) to {drawn[-1].name} ({drawn[-1].right})"
    parts[-1] += "."
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        aside = f", not ranked: {chosen.why}" if chosen.why else ""
        parts.append(f"{chosen.name}: {chosen.right or ' '.join(chosen.note)}{aside}.")
    if hatched := sum(bool(row.why) for row in rows):
        parts.append(f"{hatched} hatched and not ranked: many are not known, or the base is hidden.")
    if england_text:
        parts.append(f"{england_text}.")
    if missing := len(rows) - len(drawn):
        parts.append(f"{missing} without a figure, listed at the bottom with the reason.")
    return " ".join(parts)


def ranked(
    frame: pd.DataFrame,
    *,
    indicator_title: str,
    unit: str,
    decimals: int,
    polarity: str,
    polarity_words: str,
    authority_code: str,
    neighbour_codes: Collection[str],
    england: float | None,
    cuts: Sequence[float] | None,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    england_text: str = "",
    width: t.Width = "wide",
) -> t.ChartResult:
    """Bars from zero, one an authority, best at the top; rows without a figure last, with their reason.

    Arguments
        frame: one row an authority in the order to draw, with ``authority_code, authority_name, region,
            value, lower, upper, rank, band, status, status_text, value_text, count_text, rank_text`` and
            ``unknown_text`` (why a figure is not ranked, which hatches its bar).
            Values are in ``unit``; a missing value is NA and is never drawn. An empty frame gives a figure
            that says so.
        polarity: ``high``, ``low`` or ``neutral``; a neutral indicator gets no shading and no rank words.
        polarity_words: for example "higher is better", shown in the picture.
        england: England's value, drawn as a labelled line, or None.
        england_text: England's value as shown elsewhere ("54%"); without it, ``england`` to ``decimals``
            places.
        cuts: the three quartile cuts in rising order, or None for no shading.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.

    Clicking a bar gives the authority's code as the first entry of ``customdata``.
    """
    if frame.empty:
        sentence = "There are no authorities to show for this choice."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return t.ChartResult(
            fig, headline, f"{headline} {sentence}".strip(), t.safe_filename(filename), int(fig.layout.height)
        )

    percent = is_percent(unit)
    neutral = polarity not in {"high", "low"}
    neighbours = set(neighbour_codes)
    records = _in_order(frame)
    england_value = number(england)
    england_words = ""
    if england_value is not None:
        shown = england_text or f"{england_value:,.{max(decimals, 0)}f}{'%' if percent else ''}"
        england_words = f"England {shown}"

    left = right = t.PAD
    if width == "wide":
        names = [
            text_width(
                _marked_name(words(row.get("authority_name")), "neighbour"),
                _SIZE,
                bold=words(row.get("authority_code")) == authority_code,
            )
            for row in records
        ]
        label_room = float(min(max([*names, 60.0]) + 8, _LABEL_ROOM))
        left = round(label_room) + t.PAD + 8
        figures = [f"{words(row.get('value_text'))}  {words(row.get('count_text'))}" for row in records]
        right = round(min(max([text_width(text, _SIZE, bold=True) for text in figures] + [40.0]) + 16, 260))
        row_room = float(t.FITS[width] - left - 16)
    else:
        right = 20  # half of the last tick's label
        label_room = row_room = float(t.FITS[width] - left - right - 4)
    rows = _lay_out(
        records,
        width=width,
        authority_code=authority_code,
        neighbours=neighbours,
        ranked_words=not neutral,
        label_room=label_room,
        row_room=row_room,
    )
    drawn = [row for row in rows if row.value is not None]
    extent = [
        x
        for row in drawn
        for x in (row.value, row.upper if row.lower is not None else None, row.lower)
        if x is not None
    ]
    if england_value is not None:
        extent.append(england_value)
    start, end, ticks = value_axis(extent, percent=percent)

    bottom = drawn[-1].top + drawn[-1].height if drawn else rows[-1].top + rows[-1].height
    fig = go.Figure()
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    _leaders(fig, drawn, end)
    _draw_bars(fig, drawn)
    _interval_inside(fig, drawn)
    good_cuts = [cut for cut in (number(cut) for cut in cuts or ()) if cut is not None]
    shaded = len(good_cuts) == 3 and not neutral and bool(drawn)
    if shaded:
        shapes, notes = _shade(sorted(good_cuts), start, end, polarity, bottom)
    if drawn:
        shapes += t.grid(ticks, bottom)
    if england_value is not None:
        # On a phone names and figures stand between the bars: the line keeps out of them.
        spans = (
            [(0.0, bottom)]
            if width == "wide"
            else [(row.bar_centre - row.bar_height / 2 - 2, row.bar_centre + row.bar_height / 2 + 2) for row in drawn]
        )
        notes.append(_england_line(fig, england_value, england_words, start, end, spans))
    plot_height = math.ceil(rows[-1].top + rows[-1].height)
    fig.update_xaxes(
        range=[start, end],
        tickmode="array",
        tickvals=ticks,
        ticktext=[tick_words(tick, unit) for tick in ticks],
        tickfont={"size": _SIZE},
        ticks="outside",
        ticklen=4,
        ticklabeloverflow="allow",
        showgrid=False,
        fixedrange=True,
    )
    fig.update_yaxes(
        range=[plot_height, 0],
        showgrid=False,
        showticklabels=False,
        ticks="",
        showline=start == 0,
        fixedrange=True,
    )
    fig.update_layout(bargap=0)
    _labels(fig, rows, start, end, width)
    axis_lines = wrap(f"{indicator_title}, {unit_words(unit)}".strip(", "), t.FITS[width] - left - 16, _SIZE)
    notes.append(t.axis_title(axis_lines))
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(rows, polarity_words, neutral, intervals=any(row.lower is not None for row in drawn)),
        left=left,
        right=right,
        above=4 + (_LINE if england_value is not None or shaded else 0) + (_LINE if shaded else 0),
        below=28 + t.lines_height(len(axis_lines), _SIZE),
        annotations=notes,
        shapes=shapes,
    )
    alt = _alt(rows, headline=headline, indicator_title=indicator_title, england_text=england_words, neutral=neutral)
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _key(rows: Sequence[_Row], polarity_words: str, neutral: bool, *, intervals: bool) -> list[t.KeyItem]:
    key = []
    chosen = next((row for row in rows if row.role == "chosen"), None)
    if chosen is not None:
        key.append(t.KeyItem(f"{_CHOSEN_MARK}■", t.DARK_BLUE, chosen.name))
    if any(row.role == "neighbour" for row in rows):
        key.append(t.KeyItem(f"{_NEIGHBOUR_MARK}■", t.TURQUOISE, "statistical neighbours"))
    if any(row.role == "other" for row in rows):
        key.append(t.KeyItem("■", t.FOCUS_GREY, "other authorities"))
    if any(row.why for row in rows):
        key.append(t.KeyItem("▨", t.MID_GREY, "not ranked: many not known, or base hidden"))
    if intervals:
        key.append(t.KeyItem("├┤", t.INK, "95% interval"))
    if polarity_words.strip():
        end = "" if neutral else ", best at the top"
        text = polarity_words.strip().rstrip(".")
        key.append(t.KeyItem("", t.INK, f"{text[:1].upper()}{text[1:]}{end}"))
    return key
