"""Inspections: the time since each authority's last one, and the figures of authorities by judgement.

A judgement has a name and a place in the order, never a colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.ranked import value_axis
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
_CHOSEN_MARK = "►"
_NEIGHBOUR_MARK = "◊"
_DOT = 9
_STEPS = (1, 2, 3, 6, 12)  # months that a column of dots may stand for


def _result(fig: go.Figure, headline: str, alt: str, filename: str) -> t.ChartResult:
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def since_inspection(
    frame: pd.DataFrame,
    *,
    as_at_text: str,
    median_months: int | None,
    median_text: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    width: t.Width = "wide",
) -> t.ChartResult:
    """Every authority as a dot, in columns by the months since its last full inspection.

    Arguments
        frame: one row an authority with ``authority_code, authority_name, months, since_text, date_text,
            is_chosen, is_neighbour``. One without ``months`` is not drawn, and counted in a note.
        as_at_text: the day that time is counted to ("31 March 2025").
        median_months: where the line of the median stands, or None; ``median_text`` is its label.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    records = _records(frame)
    timed = [row for row in records if number(row.get("months")) is not None]
    if not timed:
        sentence = "No authority has had a full inspection to count from."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return _result(fig, headline, f"{headline}. {sentence}", filename)

    room = t.text_room(width) - 8
    longest = max(number(row["months"]) or 0 for row in timed)
    end = max(12.0, math.ceil((longest + 1) / 12) * 12)
    step = next((months for months in _STEPS if end / months * (_DOT + 2) <= room), _STEPS[-1])
    columns: dict[int, list[dict[str, Any]]] = {}
    for row in timed:
        columns.setdefault(int(max(number(row["months"]) or 0, 0) // step), []).append(row)
    places: list[tuple[float, int, dict[str, Any]]] = []
    for column, members in columns.items():
        # The authority looked at tops its column, where its name has room.
        members.sort(key=lambda row: (bool(row.get("is_chosen")), bool(row.get("is_neighbour"))))
        places += [((column + 0.5) * step, level, row) for level, row in enumerate(members, start=1)]
    highest = max(level for _, level, _ in places)

    fig = go.Figure()
    chosen_row: dict[str, Any] | None = None
    label_top = 0.0
    notes: list[dict[str, Any]] = []
    for name, symbol, colour, size in (
        ("others", "circle", t.FOCUS_GREY, _DOT),
        ("neighbours", "diamond", t.TURQUOISE, _DOT + 1),
        ("chosen", "circle", t.DARK_BLUE, _DOT + 3),
    ):
        drawn = [place for place in places if _role(place[2]) == name]
        if not drawn:
            continue
        fig.add_trace(
            go.Scatter(
                name=name,
                x=[x for x, _, _ in drawn],
                y=[y for _, y, _ in drawn],
                mode="markers",
                customdata=[[words(row.get("authority_code"))] for _, _, row in drawn],
                hovertext=[_since_hover(row) for _, _, row in drawn],
                hovertemplate="%{hovertext}<extra></extra>",
                marker={"symbol": symbol, "size": size, "color": colour, "line": {"width": 0.5, "color": t.DARK_GREY}},
                cliponaxis=False,
            )
        )
        if name == "chosen":
            x, y, chosen_row = drawn[0]
            label = wrap_even(
                f"{_CHOSEN_MARK} {words(chosen_row.get('authority_name'))}, {words(chosen_row.get('since_text'))}",
                room * 0.6,
                _SIZE,
                bold=True,
            )
            share = x / end
            across = max(text_width(line, _SIZE, bold=True) for line in label) * end / room
            # The label leans into the picture, and stands above every column that it covers.
            start = x if share < 0.4 else x - across if share > 0.6 else x - across / 2
            covered = [level for other, level, _ in places if start - step <= other <= start + across + step]
            lifted = max(covered)
            label_top = lifted + 0.8 + len(label) * _LINE / (_DOT + 3)
            if lifted > y:
                fig.add_trace(
                    go.Scatter(
                        name="leader",
                        x=[x, x],
                        y=[y + 0.6, lifted + 0.8],
                        mode="lines",
                        line={"color": t.DARK_BLUE, "width": 1},
                        hoverinfo="skip",
                    )
                )
            side = "left" if share < 0.4 else "right" if share > 0.6 else "center"
            notes.append(
                t.note(
                    "chosen",
                    safe_lines(label, bold=True),
                    x=x,
                    xref="x",
                    xanchor=side,
                    y=lifted + 0.8,
                    yref="y",
                    yanchor="bottom",
                    align=side,
                    bgcolor="rgba(255,255,255,0.85)",
                )
            )
    plot_height = round(max(highest + 1.5, label_top + 0.3) * (_DOT + 3))
    top_level = plot_height / (_DOT + 3)
    middle = number(median_months)
    if middle is not None:
        fig.add_trace(
            go.Scatter(
                name="median",
                x=[middle, middle],
                y=[0, top_level],
                mode="lines",
                line={"color": t.INK, "width": 1.5, "dash": "dash"},
                hoverinfo="skip",
            )
        )
        share = middle / end
        notes.append(
            t.note(
                "median",
                f"<b>{safe(median_text)}</b>",
                x=middle,
                xref="x",
                xanchor="left" if share < 0.3 else "right" if share > 0.7 else "center",
                y=1,
                yref="paper",
                yanchor="bottom",
                yshift=1,
            )
        )
    years = range(int(end // 12) + 1)
    fig.update_xaxes(
        range=[0, end],
        tickmode="array",
        tickvals=[12 * year for year in years],
        ticktext=[str(year) for year in years],
        tickfont={"size": _SIZE},
        ticks="outside",
        ticklen=4,
        showline=True,
        showgrid=False,
        fixedrange=True,
    )
    fig.update_yaxes(range=[0, top_level], visible=False, fixedrange=True)
    axis = wrap(f"Years from the start of the last full inspection to {as_at_text}", room, _SIZE)
    notes.append(t.axis_title(axis))
    key = [t.KeyItem("●", t.DARK_BLUE, words(chosen_row.get("authority_name")))] if chosen_row else []
    if any(_role(row) == "neighbours" for row in timed):
        key.append(t.KeyItem("◆", t.TURQUOISE, "its statistical neighbours"))
    key.append(t.KeyItem("●", t.FOCUS_GREY, "one other authority each" if chosen_row else "one authority each"))
    absent = len(records) - len(timed)
    if absent:
        key.append(t.KeyItem("", t.INK, f"{absent} not drawn: no full inspection since 2018"))
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=key,
        left=t.PAD + 8,
        right=t.PAD + 8,
        above=4 + (_LINE if middle is not None else 0),
        below=28 + t.lines_height(len(axis), _SIZE),
        annotations=notes,
    )
    last = max(timed, key=lambda row: number(row["months"]) or 0)
    first = min(timed, key=lambda row: number(row["months"]) or 0)
    alt = (
        f"{headline.rstrip('. ')}. Dot chart of {len(timed)} authorities by the time since their last full inspection, "
        f"from {words(first.get('since_text'))} ({words(first.get('authority_name'))}) to "
        f"{words(last.get('since_text'))} ({words(last.get('authority_name'))})."
    )
    if median_text:
        alt += f" {median_text}."
    return _result(fig, headline, alt, filename)


def _role(row: dict[str, Any]) -> str:
    if bool(row.get("is_chosen")):
        return "chosen"
    return "neighbours" if bool(row.get("is_neighbour")) else "others"


def _since_hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>"]
    facts.append(safe(f"{words(row.get('since_text'))}, since {words(row.get('date_text'))}"))
    if _role(row) == "neighbours":
        facts.append("statistical neighbour")
    return "<br>".join(facts)


def fitted_axis(values: Sequence[float], *, percent: bool) -> tuple[float, float, list[float]]:
    """Start, end and ticks of an axis for dots: from nought unless all values are far from it.

    Dots and lines show a place on the axis and not a length, so the axis may leave nought out; whoever draws it
    says so.
    """
    low, high = min(values), max(values)
    start, end, ticks = value_axis([low, high], percent=percent)
    if low <= 0 or low < 0.45 * high or high < 1e-6:
        return start, end, ticks
    span = max(high - low, 0.02 * high)
    _, _, offset = value_axis([span], percent=False)
    step = offset[1] - offset[0] if len(offset) > 1 else span
    start = math.floor(low / step + 1e-9) * step
    end = math.ceil(high / step - 1e-9) * step
    if end <= start:
        end = start + step
    if percent and high <= 100 < end:
        # There is nothing beyond 100: values that are all there need their room below it.
        start, end = min(start, 100.0 - step), 100.0
    count = math.floor((end - start) / step + 1e-9)
    return start, end, [round(start + step * index, 10) for index in range(count + 1)]


def _beeswarm(xs: Sequence[float], dot: float, most: float) -> list[float]:
    """How far above (+) or below (-) the middle each dot stands, in pixels, so that they lie beside each other."""
    placed: list[tuple[float, float]] = []
    offsets = []
    tries = [0.0] + [sign * step * dot / 2 for step in range(1, int(2 * most / dot) + 1) for sign in (1, -1)]
    for x in xs:
        near = [place for place in placed if abs(place[0] - x) < dot]
        offset = next(
            (y for y in tries if all((px - x) ** 2 + (py - y) ** 2 >= dot**2 * 0.9 for px, py in near)),
            tries[len(placed) % len(tries)],
        )
        placed.append((x, offset))
        offsets.append(offset)
    return offsets


def by_judgement(
    frame: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    indicator_title: str,
    unit: str,
    england: float | None,
    england_text: str,
    polarity_words: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    width: t.Width = "wide",
) -> t.ChartResult:
    """A row a judgement: every authority a dot, the middle half shaded, the median a line, n in words.

    Arguments
        frame: one row an authority with ``authority_code, authority_name, judgement, value, value_text, count_text,
            is_chosen``; a missing value is never drawn.
        groups: one row a judgement in the order to draw, with ``judgement, group_q25, group_median, group_q75``
            (missing where there are too few), and the texts ``label, count_text, median_text``.
        unit: "per cent" or the words that the axis adds; percentages get a % at the ticks.
        england: England's value, drawn as a labelled line, or None.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    records = _records(frame)
    drawn = [row for row in records if number(row.get("value")) is not None]
    if not drawn:
        sentence = "No authority has a figure to show for this choice."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return _result(fig, headline, f"{headline}. {sentence}", filename)

    percent = is_percent(unit)
    england_value = number(england)
    values = [number(row["value"]) or 0.0 for row in drawn] + ([england_value] if england_value is not None else [])
    start, end, ticks = fitted_axis(values, percent=percent)
    wide = width == "wide"
    bands = _records(groups)
    label_room = 168.0 if wide else float(t.FITS[width] - 2 * t.PAD - 16)
    left = round(label_room) + t.PAD + 10 if wide else t.PAD + 6
    right = 20
    plot_width = t.FITS[width] - left - right
    dot = 7.0 if wide else 6.0
    swarm = 25.0

    fig = go.Figure()
    shapes: list[dict[str, Any]] = []
    labels: list[tuple[float, str]] = []
    medians: list[tuple[float, float, float]] = []
    chosen_place: tuple[float, float, dict[str, Any]] | None = None
    dots: list[tuple[float, float, dict[str, Any]]] = []
    top = 0.0
    for band in bands:
        members = [row for row in drawn if words(row.get("judgement")) == words(band.get("judgement"))]
        lines = wrap_even(words(band.get("label")), label_room, _SIZE, bold=True)
        facts = f"{words(band.get('count_text'))}, {words(band.get('median_text'))}"
        fact_lines = wrap(facts, label_room, _SIZE)
        text = safe_lines(lines, bold=True) + "<br>" + safe_lines(fact_lines)
        text_height = (len(lines) + len(fact_lines)) * _LINE
        own = next((row for row in members if bool(row.get("is_chosen"))), None)
        named = wrap_even(_named(own), plot_width, _SIZE, bold=True) if own is not None else []
        above = len(named) * _LINE + 4 if named else 0
        body = 2 * swarm + dot + 8
        if wide:
            height = max(text_height + 8, body + above)
            centre = top + above + (height - above) / 2
            labels.append((top + height / 2, text))
        else:
            labels.append((top + text_height / 2, text))
            height = text_height + above + body
            centre = top + text_height + above + body / 2
        scale = (plot_width - 8) / (end - start)
        ordered = sorted(members, key=lambda row: (not bool(row.get("is_chosen")), number(row["value"]) or 0.0))
        offsets = _beeswarm([(number(row["value"]) or 0.0) * scale for row in ordered], dot, swarm)
        for row, offset in zip(ordered, offsets, strict=True):
            place = (number(row["value"]) or 0.0, centre - offset, row)
            if bool(row.get("is_chosen")):
                chosen_place = (place[0], centre - swarm - dot / 2 - 2, row)
            dots.append(place)
        low, high, middle = (number(band.get(name)) for name in ("group_q25", "group_q75", "group_median"))
        if low is not None and high is not None:
            shapes.append(_box(low, high, centre, swarm + 4))
        if middle is not None:
            medians.append((middle, centre - swarm - 4, centre + swarm + 4))
        top += height + 12
    bottom = top - 12

    shapes += t.grid(ticks if wide else (), bottom)
    notes: list[dict[str, Any]] = []
    if england_value is not None:
        fig.add_trace(
            go.Scatter(
                name="England",
                x=[england_value, england_value],
                y=[0, bottom],
                mode="lines",
                line={"color": t.MID_GREY, "width": 1.5, "dash": "dash"},
                hoverinfo="skip",
            )
        )
        share = (england_value - start) / (end - start)
        notes.append(
            t.note(
                "England",
                f"<b>{safe(england_text)}</b>",
                x=england_value,
                xref="x",
                xanchor="left" if share < 0.3 else "right" if share > 0.7 else "center",
                y=1,
                yref="paper",
                yanchor="bottom",
                yshift=1,
            )
        )
    fig.add_trace(
        go.Scatter(
            name="medians",
            x=[x for middle, _, _ in medians for x in (middle, middle, None)],
            y=[y for _, y0, y1 in medians for y in (y0, y1, None)],
            mode="lines",
            line={"color": t.INK, "width": 3},
            hoverinfo="skip",
        )
    )
    for name, colour, size in (("authorities", t.GREY_BLUE, dot), ("chosen", t.DARK_BLUE, dot + 5)):
        some = [place for place in dots if bool(place[2].get("is_chosen")) == (name == "chosen")]
        if some:
            fig.add_trace(
                go.Scatter(
                    name=name,
                    x=[x for x, _, _ in some],
                    y=[y for _, y, _ in some],
                    mode="markers",
                    customdata=[[words(row.get("authority_code"))] for _, _, row in some],
                    hovertext=[_outcome_hover(row) for _, _, row in some],
                    hovertemplate="%{hovertext}<extra></extra>",
                    marker={"size": size, "color": colour, "opacity": 1, "line": {"width": 0.5, "color": "#FFFFFF"}},
                    cliponaxis=False,
                )
            )
    fig.add_trace(
        go.Scatter(
            name="labels",
            x=[start for _ in labels],
            y=[y for y, _ in labels],
            text=[
                ("\u00a0\u00a0<br>".join(text.split("<br>")) + "\u00a0\u00a0") if wide else text for _, text in labels
            ],
            mode="text",
            textposition="middle left" if wide else "middle right",
            textfont={"family": t.FONT, "size": _SIZE, "color": t.INK},
            cliponaxis=False,
            hoverinfo="skip",
        )
    )
    if chosen_place is not None:
        x, y, row = chosen_place
        label = wrap_even(_named(row), plot_width, _SIZE, bold=True)
        across = max(text_width(line, _SIZE, bold=True) for line in label)
        # Over its dot where there is room, else as far aside as keeps it inside the narrowest picture.
        at = (x - start) / (end - start) * plot_width
        notes.append(
            t.note(
                "chosen",
                safe_lines(label, bold=True),
                x=x,
                xref="x",
                xanchor="left",
                xshift=max(min(at - across / 2, plot_width - across), 0) - at,
                y=y,
                yref="y",
                yanchor="bottom",
                align="left",
                bgcolor="rgba(255,255,255,0.85)",
            )
        )
    plot_height = math.ceil(bottom)
    fig.update_xaxes(
        range=[start, end],
        tickmode="array",
        tickvals=ticks,
        ticktext=[tick_words(tick, unit) for tick in ticks],
        tickfont={"size": _SIZE},
        ticks="outside",
        ticklen=4,
        showline=True,
        showgrid=False,
        fixedrange=True,
    )
    fig.update_yaxes(range=[plot_height, 0], visible=False, fixedrange=True)
    from_words = "" if start == 0 else f" (the axis starts at {tick_words(start, unit)})"
    axis = wrap(f"{indicator_title}, {unit_words(unit)}".strip(", ") + from_words, t.FITS[width] - left - 16, _SIZE)
    notes.append(t.axis_title(axis))
    key = [t.KeyItem("●", t.DARK_BLUE, words(chosen_place[2].get("authority_name")))] if chosen_place else []
    key.append(t.KeyItem("●", t.GREY_BLUE, "one authority each"))
    if medians:
        key += [t.KeyItem("┃", t.INK, "median"), t.KeyItem("■", t.MIDDLE_GREY, "middle half of the group")]
    if polarity_words.strip():
        key.append(t.KeyItem("", t.INK, polarity_words.strip()[:1].upper() + polarity_words.strip()[1:]))
    t.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=key,
        left=left,
        right=right,
        above=4 + (_LINE if england_value is not None else 0),
        below=28 + t.lines_height(len(axis), _SIZE),
        annotations=notes,
        shapes=shapes,
    )
    parts = [f"{headline.rstrip('. ')}. Dots of {len(drawn)} authorities by judgement."]
    parts += [
        f"{words(band.get('label'))}: {words(band.get('count_text'))}, {words(band.get('median_text'))}."
        for band in bands
    ]
    if chosen_place is not None:
        row = chosen_place[2]
        parts.append(
            f"{words(row.get('authority_name'))}, {words(row.get('judgement'))}: {words(row.get('value_text'))}."
        )
    if england_value is not None:
        parts.append(f"{england_text}.")
    return _result(fig, headline, " ".join(parts), filename)


def _named(row: dict[str, Any]) -> str:
    return f"{_CHOSEN_MARK} {words(row.get('authority_name'))} {words(row.get('value_text'))}"


def _box(low: float, high: float, centre: float, half: float) -> dict[str, Any]:
    return {
        "name": "middle half",
        "type": "rect",
        "xref": "x",
        "yref": "y",
        "x0": low,
        "x1": high,
        "y0": centre - half,
        "y1": centre + half,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": t.RANGE_GREY,
    }


def _outcome_hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>", safe(words(row.get("judgement")))]
    figure = ", ".join(part for part in (words(row.get("value_text")), words(row.get("count_text"))) if part)
    return "<br>".join([*facts, safe(figure)])
