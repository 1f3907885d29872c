"""A small chart of one measure for areas of the reader's own choosing: bars for one period, lines for several."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template as t
from careleavers.charts.inspections import fitted_axis
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
# More lines than these cannot be told apart by colour and mark: the rest are drawn grey.
MOST_NAMED = 6
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "triangle-down")
_SYMBOL_MARKS = ("●", "■", "◆", "▲", "×", "▼")


def _result(fig: go.Figure, headline: str, alt: str, filename: str) -> t.ChartResult:
    return t.ChartResult(fig, headline, alt, t.safe_filename(filename), int(fig.layout.height))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _kind(row: dict[str, Any]) -> str:
    if bool(row.get("is_chosen")):
        return "chosen"
    level = words(row.get("level"))
    return "authority" if level in {"", "authority"} else "wider"


_COLOURS = {"chosen": t.DARK_BLUE, "authority": t.LIGHT_BLUE, "wider": t.MID_GREY}


def bars(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    polarity_words: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    width: t.Width = "narrow",
) -> t.ChartResult:
    """Horizontal bars from zero in the order given, one an area; those without a figure last, with the reason.

    Arguments
        frame: one row an area with ``area_name, level, is_chosen, value, lower, upper, value_text, count_text,
            status_text``. A missing value is never drawn.
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.
    """
    records = _records(frame)
    rows = [row for row in records if number(row.get("value")) is not None]
    rows += [row for row in records if number(row.get("value")) is None]
    drawn = [row for row in rows if number(row.get("value")) is not None]
    if not rows:
        sentence = "There are no areas to show for this choice."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return _result(fig, headline, f"{headline}. {sentence}", filename)

    percent, wide = is_percent(unit), width == "wide"
    extent = [x for row in drawn for x in (number(row["value"]), number(row.get("upper"))) if x is not None]
    start, end, ticks = value_axis(extent or [0.0], percent=percent)
    rights = ["  ".join(p for p in (words(r.get("value_text")), words(r.get("count_text"))) if p) for r in drawn]
    names = [words(row.get("area_name")) or "Name not given" for row in rows]
    if wide:
        label_room = min(max([text_width(f"{_CHOSEN_MARK} {name}", _SIZE, bold=True) for name in names]) + 8, 224.0)
        left = round(label_room) + t.PAD + 8
        right = round(min(max([text_width(text, _SIZE, bold=True) for text in rights] + [40.0]) + 16, 260))
    else:
        left, right = t.PAD + 2, 20
        label_room = float(t.FITS[width] - left - right)
    bar, gap = (15.0, 7.0) if len(rows) > 15 else (17.0, 9.0)

    top = 0.0
    texts: dict[str, list[tuple[float, float, str]]] = {"names": [], "figures": [], "reasons": []}
    centres: list[float] = []
    for row, name in zip(rows, names, strict=True):
        bold = _kind(row) == "chosen"
        label = f"{_CHOSEN_MARK} {name}" if bold else name
        value = number(row.get("value"))
        figure = rights[len(centres)] if value is not None else ""
        note = wrap(words(row.get("status_text")) or "No figure", label_room if not wide else 320, _SIZE)
        if wide:
            lines = wrap_even(label, label_room, _SIZE, bold=bold)
            height = max(bar + gap, len(lines) * _LINE + 2, (len(note) * _LINE + 2) if value is None else 0)
            middle = top + height / 2
            texts["names"].append((start, middle, _bold("<br>".join(safe(line) + "\u00a0" for line in lines), bold)))
        else:
            room = label_room - (text_width(figure, _SIZE, bold=True) + 12 if figure else 0)
            lines = wrap(label, max(room, 90), _SIZE, bold=bold)
            texts["names"].append((start, top + len(lines) * _LINE / 2, _bold(safe_lines(lines), bold)))
            head = len(lines) * _LINE
            height = head + (bar if value is not None else len(note) * _LINE) + gap
            middle = top + head + 2 + bar / 2
        if value is None:
            at = middle if wide else top + len(lines) * _LINE + len(note) * _LINE / 2
            texts["reasons"].append((start, at, "<br>".join(("\u00a0" if wide else "") + safe(line) for line in note)))
        else:
            at = middle if wide else top + len(lines) * _LINE / 2
            texts["figures"].append((end, at, _bold(("\u00a0" if wide else "") + safe(figure), bold)))
            centres.append(middle)
        top += height
    plot_height = math.ceil(top)

    fig = go.Figure()
    bounds = [(number(row.get("lower")), number(row.get("upper"))) for row in drawn]
    values = [number(row["value"]) or 0.0 for row in drawn]
    known = [low is not None and high is not None for low, high in bounds]
    if drawn:
        fig.add_trace(
            go.Bar(
                name="bars",
                orientation="h",
                x=values,
                y=centres,
                width=[bar] * len(drawn),
                hovertext=[_hover(row) for row in drawn],
                hovertemplate="%{hovertext}<extra></extra>",
                marker={"color": [_COLOURS[_kind(row)] for row in drawn], "line": {"width": 0}},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [max((high or 0) - x, 0) if ok else None for x, (_, high), ok in zip(values, bounds, known, strict=True)],
                    "arrayminus": [max(x - (low or 0), 0) if ok else None for x, (low, _), ok in zip(values, bounds, known, strict=True)],
                    "visible": any(known),
                    "color": t.INK,
                    "thickness": 1,
                    "width": 2,
                },
            )
        )  # fmt: skip
        dark = [i for i, row in enumerate(drawn) if known[i] and _kind(row) != "authority"]
        fig.add_trace(
            go.Scatter(
                # The part of an interval that lies in a dark bar, in white so that it shows.
                name="interval inside",
                x=[x for i in dark for x in (bounds[i][0], min(values[i], bounds[i][1] or 0), None)],
                y=[y for i in dark for y in (centres[i], centres[i], None)],
                mode="lines",
                line={"color": "#FFFFFF", "width": 1.5},
                hoverinfo="skip",
            )
        )
    for name, position, colour in (
        ("names", "middle left" if wide else "middle right", t.INK),
        ("figures", "middle right" if wide else "middle left", t.INK),
        ("reasons", "middle right", t.SOFT_INK),
    ):
        items = texts[name]
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
        showline=True,
        fixedrange=True,
    )
    fig.update_yaxes(range=[plot_height, 0], visible=False, fixedrange=True)
    fig.update_layout(bargap=0)
    axis = wrap(_with_unit(measure_title, unit), t.FITS[width] - left - 16, _SIZE)
    key = []
    if any(_kind(row) == "chosen" for row in drawn):
        key.append(t.KeyItem("■", t.DARK_BLUE, next(words(r["area_name"]) for r in drawn if _kind(r) == "chosen")))
    if any(_kind(row) == "authority" for row in drawn):
        key.append(t.KeyItem("■", t.LIGHT_BLUE, "authorities" if not key else "other authorities"))
    if any(_kind(row) == "wider" for row in drawn):
        key.append(t.KeyItem("■", t.MID_GREY, "England or region"))
    if any(known):
        key.append(t.KeyItem("├┤", t.INK, "95% interval"))
    if polarity_words.strip():
        key.append(t.KeyItem("", t.INK, _sentence(polarity_words)))
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
        below=28 + t.lines_height(len(axis), _SIZE),
        annotations=[t.axis_title(axis)],
    )
    facts = [f"{words(row.get('area_name'))} {words(row.get('value_text'))}" for row in drawn]
    facts += [f"{words(r.get('area_name'))} {words(r.get('status_text')) or 'no figure'}" for r in rows[len(drawn) :]]
    alt = f"{headline.rstrip('. ')}. Bar chart of {measure_title}: {'; '.join(facts)}."
    return _result(fig, headline, alt, filename)


def _bold(text: str, bold: bool) -> str:
    return f"<b>{text}</b>" if bold and text else text


def _sentence(text: str) -> str:
    return text.strip()[:1].upper() + text.strip()[1:]


def _with_unit(title: str, unit: str) -> str:
    return f"{title}, {unit_words(unit)}".strip(", ")


def _hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('area_name')))}</b>"]
    if when := words(row.get("period_text")):
        facts.append(safe(when))
    facts.append(safe(", ".join(p for p in (words(row.get("value_text")), words(row.get("count_text"))) if p)))
    return "<br>".join(facts)


def spread_out(wanted: Sequence[tuple[float, float]], bottom: float) -> list[float]:
    """Places for labels: each as near as can be to where it is wanted, none over another, all above ``bottom``.

    ``wanted`` are (middle, height) pairs in rising order of middle, in pixels from the top. Returns the middles. When
    together they are higher than ``bottom`` the last ones stand below it.
    """
    middles: list[float] = []
    edge = 0.0
    for middle, height in wanted:
        place = max(middle, edge + height / 2)
        middles.append(place)
        edge = place + height / 2
    limit = bottom
    for index in range(len(middles) - 1, -1, -1):
        height = wanted[index][1]
        middles[index] = max(min(middles[index], limit - height / 2), sum(h for _, h in wanted[:index]) + height / 2)
        limit = middles[index] - height / 2
    return middles


def lines(
    frame: pd.DataFrame,
    *,
    measure_title: str,
    unit: str,
    polarity_words: str,
    hidden_text: str,
    headline: str,
    subtitle: str,
    footer: t.Footer,
    filename: str,
    width: t.Width = "narrow",
) -> t.ChartResult:
    """A line an area over the periods, named at its end; a period without a figure is a gap and is never bridged.

    Arguments
        frame: one row an area and period, with ``area_code, area_name, level, is_chosen, year, value, value_text,
            count_text, period_text``. Areas are drawn in the order of their first row.
        hidden_text: what to say of the figures that cannot be drawn, or "".
        width: ``wide`` fits containers of 640 pixels and more, ``narrow`` 288 and more.

    Up to six areas have a colour, a mark and a name. Of more, the chosen authority and those wider than an
    authority are picked out, and the rest are grey.
    """
    records = _records(frame)
    series: dict[str, list[dict[str, Any]]] = {}
    for row in records:
        series.setdefault(words(row.get("area_code")), []).append(row)
    drawn = {code: rows for code, rows in series.items() if any(number(r.get("value")) is not None for r in rows)}
    if not drawn:
        sentence = hidden_text or "There is no figure to show for this choice."
        fig = t.sentence_figure(sentence, headline, subtitle, footer, width=width)
        return _result(fig, headline, f"{headline}. {sentence}", filename)

    percent = is_percent(unit)
    years = sorted({int(row["year"]) for row in records})
    values = [v for rows in drawn.values() for row in rows if (v := number(row.get("value"))) is not None]
    start, end, ticks = fitted_axis(values, percent=percent)
    codes = list(drawn)
    if len(codes) <= MOST_NAMED:
        named = codes
    else:
        first = [c for c in codes if _kind(drawn[c][0]) == "chosen"]
        named = (first + [c for c in codes if _kind(drawn[c][0]) == "wider"])[:MOST_NAMED]
    grey = [code for code in codes if code not in named]
    looks = {
        code: (t.CATEGORICAL[i % len(t.CATEGORICAL)], _SYMBOLS[i % len(_SYMBOLS)], _SYMBOL_MARKS[i % len(_SYMBOLS)])
        for i, code in enumerate(sorted(named, key=lambda c: _kind(drawn[c][0]) != "chosen"))
    }

    tick_texts = [tick_words(tick, unit) for tick in ticks]
    left = round(max(text_width(text, _SIZE) for text in tick_texts)) + t.PAD + 10
    most_room = 190.0 if width == "wide" else 104.0
    labels: dict[str, list[str]] = {}
    for code in named:
        last = [row for row in drawn[code] if number(row.get("value")) is not None][-1]
        text = f"{looks[code][2]} {words(last.get('area_name'))} {words(last.get('value_text'))}"
        if int(last["year"]) != years[-1]:
            text += f" ({int(last['year'])})"
        labels[code] = wrap(text, most_room, _SIZE, bold=_kind(last) == "chosen")
    right = t.PAD + 8
    if labels:
        right += 12 + round(max(text_width(line, _SIZE, bold=True) for found in labels.values() for line in found))
    heights = {code: len(found) * _LINE + 3.0 for code, found in labels.items()}
    plot_height = max(230 if width == "narrow" else 300, math.ceil(sum(heights.values())))

    fig = go.Figure()
    for code in [*grey, *reversed(named)]:
        rows = sorted(drawn[code], key=lambda row: int(row["year"]))
        by_year = {int(row["year"]): row for row in rows}
        found = [by_year.get(year) for year in years]
        colour, symbol, _ = looks.get(code, (t.FOCUS_GREY, "circle", ""))
        chosen = _kind(rows[0]) == "chosen"
        fig.add_trace(
            go.Scatter(
                name=words(rows[0].get("area_name")),
                x=years,
                y=[number(row.get("value")) if row is not None else None for row in found],
                mode="lines+markers",
                connectgaps=False,
                hovertext=[_hover(row) if row is not None else "" for row in found],
                hovertemplate="%{hovertext}<extra></extra>",
                line={
                    "color": colour,
                    "width": 3 if chosen else 1.25 if code in grey else 2,
                    "dash": "dash" if _kind(rows[0]) == "wider" else "solid",
                },
                marker={"symbol": symbol, "size": 4 if code in grey else 8, "color": colour},
                cliponaxis=False,
            )
        )
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    ends = []
    for code in named:
        last = [row for row in drawn[code] if number(row.get("value")) is not None][-1]
        share = (end - (number(last["value"]) or 0.0)) / (end - start)
        ends.append((share * plot_height, code, last))
    ends.sort(key=lambda item: item[0])
    middles = spread_out([(y, heights[code]) for y, code, _ in ends], float(plot_height))
    for (wanted, code, last), middle in zip(ends, middles, strict=True):
        colour = looks[code][0]
        body = [safe(line) for line in labels[code]]
        mark = looks[code][2]
        if body[0].startswith(mark):
            body[0] = f'<span style="color:{colour}">{mark}</span>' + body[0][len(mark) :]
        notes.append(
            t.note(
                "line label",
                _bold("<br>".join(body), _kind(last) == "chosen"),
                x=1,
                xref="paper",
                xanchor="left",
                xshift=18,
                y=1 - middle / plot_height,
                yref="paper",
                yanchor="middle",
                align="left",
            )
        )
        shapes.append(
            {
                "name": "leader",
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "xsizemode": "pixel",
                "xanchor": years[-1],
                "x0": 6,
                "x1": 16,
                "y0": 1 - wanted / plot_height,
                "y1": 1 - middle / plot_height,
                "line": {"color": colour, "width": 1},
            }
        )
    room = t.FITS[width] - left - right
    every = max(1, math.ceil(len(years) * (text_width("2025", _SIZE) + 10) / max(room, 1)))
    shown_years = years[::-1][::every][::-1]
    pad = 0.25 if len(years) > 1 else 0.5
    fig.update_xaxes(
        range=[years[0] - pad, years[-1]],
        tickmode="array",
        tickvals=shown_years,
        ticktext=[str(year) for year in shown_years],
        tickfont={"size": _SIZE},
        tickangle=0,
        ticks="outside",
        ticklen=4,
        ticklabeloverflow="allow",
        showline=True,
        showgrid=False,
        fixedrange=True,
    )
    fig.update_yaxes(
        range=[start, end],
        tickmode="array",
        tickvals=ticks,
        ticktext=tick_texts,
        tickfont={"size": _SIZE},
        showgrid=True,
        fixedrange=True,
    )
    axis_words = f"{_with_unit(measure_title, unit)}, by the year in which the period ends"
    if start != 0:
        axis_words += f". The axis starts at {tick_words(start, unit)}, not at 0"
    axis = wrap(axis_words, t.text_room(width), _SIZE)
    axis_note = t.axis_title(axis)
    axis_note["xshift"] = t.PAD - left
    key = []
    if grey:
        key.append(t.KeyItem("─", t.FOCUS_GREY, f"{len(grey)} other areas, named in the table"))
    if polarity_words.strip():
        key.append(t.KeyItem("", t.INK, _sentence(polarity_words)))
    if hidden_text:
        key.append(t.KeyItem("", t.INK, hidden_text))
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
        above=14,
        below=28 + t.lines_height(len(axis), _SIZE),
        annotations=[*notes, axis_note],
        shapes=shapes,
    )
    facts = []
    for code in codes:
        known = [row for row in drawn[code] if number(row.get("value")) is not None]
        facts.append(
            f"{words(known[0].get('area_name'))} "
            + ", ".join(f"{int(row['year'])} {words(row.get('value_text'))}" for row in known)
        )
    alt = f"{headline.rstrip('. ')}. Line chart of {measure_title}, {years[0]} to {years[-1]}: {'; '.join(facts)}."
    if hidden_text:
        alt += f" {hidden_text}."
    return _result(fig, headline, alt, filename)
