"""Several measures of one authority over the years: one small panel per measure, three lines in each (Workforce)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_from_zero, every_few_years, tick_texts
from careleavers.charts.labels import spread_out
from careleavers.charts.styles import PANEL_LINES, LineStyle, comparator_role
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import frame_records, is_percent, number, safe, safe_lines, text_width, words, wrap

_PANEL = 132  # height in pixels of one panel's plotting area
_TITLE = 26  # above it: the measure's name
_TICKS = 30  # below it: the years, and some space
_LABEL_ROOM = (100, 150)  # right of it, least and most: the labels at the ends of the lines
_TICK_ROOM = 36


@dataclass(frozen=True)
class _Line:
    """One of the lines of a panel: the columns of its figures and of their texts, and how it is drawn."""

    column: str
    text: str
    style: LineStyle


def _lines(names: dict[str, str]) -> list[_Line]:
    """The lines that have a name, from back to front."""
    roles = {"england": "england", "comparator": comparator_role(names["comparator"]), "value": "value"}
    return [_Line(column, f"{column}_text", PANEL_LINES[role]) for column, role in roles.items() if names[column]]


@dataclass(frozen=True)
class _Label:
    """The label at the end of a line: its text, wrapped; the year and figure it names; where it belongs in pixels."""

    line: _Line
    name: tuple[str, ...]
    x: float
    y: float
    wanted: float

    @property
    def height(self) -> float:
        return len(self.name) * LINE_HEIGHT

    def html(self) -> str:
        mark = f'<span style="color:{self.line.style.colour}">{self.line.style.mark}</span> '
        body = safe_lines(self.name)
        return mark + (f"<b>{body}</b>" if self.line.column == "value" else body)


def _label_room(lines: Sequence[_Line], names: dict[str, str]) -> int:
    """Pixels for the labels: as wide as the longest word of any name, within limits, so that few words are broken."""
    mark = text_width("● ", TEXT_SIZE)
    longest = max(
        mark + text_width(word, TEXT_SIZE, bold=line.column == "value")
        for line in lines
        for word in [*names[line.column].split(), "100.0%"]
    )
    return math.ceil(min(max(longest + 4, _LABEL_ROOM[0]), _LABEL_ROOM[1]))


def _year(value: Any) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _runs(marks: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Years without a figure as (first, last, mark), with consecutive years that share a mark in one entry."""
    runs: list[tuple[int, int, str]] = []
    for year, mark in sorted(marks):
        if runs and runs[-1][2] == mark and runs[-1][1] == year - 1:
            runs[-1] = (runs[-1][0], year, mark)
        else:
            runs.append((year, year, mark))
    return runs


@template.pictured
def measure_panels(
    frame: pd.DataFrame,
    *,
    authority_name: str,
    comparator_name: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    note: str = "",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a small panel for each measure: the lines of the authority, of England and of the comparator.

    The wide layout has two columns of panels, the narrow one has one.

    Parameters
    ----------
    frame
        One row per measure and year; panels come in the order of their first rows. Columns:

        ``indicator``, ``panel_title`` (str)
            The measure, and the title of its panel.
        ``unit`` (str)
            ``percent`` or another unit of the catalogue.
        ``year`` (int)
            In which the period ends.
        ``value``, ``england``, ``comparator`` (float or missing)
            Figures of the authority, of England and of the comparator. A line breaks where one is missing.
        ``value_text``, ``england_text``, ``comparator_text`` (str)
            The same as shown.
        ``gap_mark``, ``gap_reason`` (str)
            What stands in a gap of the authority (``[x]``; nothing where empty), and what it means.
        ``hover`` (str), optional
            What else is shown when the authority's line is pointed at.
    authority_name
        The authority of ``value``; empty draws England alone.
    comparator_name
        What ``comparator`` is: ``Neighbours’ mean``. Empty or ``England`` draws no third line.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    note
        What else the reader must know, for the key: ``Lower is better on all``.

    Returns
    -------
    ChartResult
        Without any row, a sentence that says so.
    """
    given = [record for record in frame_records(frame) if _year(record.get("year")) is not None]
    if not given:
        sentence = "There are no workforce figures to show."
        alt = f"{headline} {sentence}".strip()
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    names = {"england": "England", "comparator": comparator_name.strip(), "value": authority_name.strip()}
    if names["comparator"].casefold() == "england":
        names["comparator"] = ""
    lines = _lines(names)
    panels: dict[str, list[dict[str, Any]]] = {}
    for record in given:
        panels.setdefault(words(record.get("indicator")), []).append(record)

    columns = 2 if width == "wide" else 1
    rows = -(-len(panels) // columns)
    room = _label_room(lines, names)
    left, right = template.PAD + _TICK_ROOM, room + template.PAD
    across = template.FITS[width] - left - right
    share = 1.0 if columns == 1 else (across - room - _TICK_ROOM - 14) / 2 / across
    step = _PANEL + _TITLE + _TICKS
    plot_height = rows * step - _TITLE - _TICKS

    fig = go.Figure()
    notes: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    alts: list[str] = []
    for index, panel in enumerate(panels.values()):
        row, column = divmod(index, columns)
        top = 1 - row * step / plot_height
        place = _Panel(
            number="" if index == 0 else str(index + 1),
            x=(0.0, share) if column == 0 else (1 - share, 1.0),
            y=(max(top - _PANEL / plot_height, 0.0), top),
            width=across * share,
            label_room=float(room),
        )
        notes += _draw_panel(fig, place, panel, lines, names, axes, reasons)
        alts.append(_panel_alt(panel, lines, names))
    fig.update_layout(axes)
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(lines, names, reasons, note),
        left=left,
        right=right,
        above=_TITLE + 2,
        below=24,
        annotations=notes,
    )
    start = headline.rstrip(". ") + ". " if headline.strip() else ""
    alt = f"{start}{len(panels)} small line charts over the years. {' '.join(alts)}"
    return template.result(fig, headline, alt, filename)


@dataclass(frozen=True)
class _Panel:
    """Where one panel stands: its axes' number, its share of the plotting area, its width and label room in pixels."""

    number: str
    x: tuple[float, float]
    y: tuple[float, float]
    width: float
    label_room: float


def _draw_panel(
    fig: go.Figure,
    place: _Panel,
    panel: Sequence[dict[str, Any]],
    lines: Sequence[_Line],
    names: dict[str, str],
    axes: dict[str, Any],
    reasons: dict[str, str],
) -> list[dict[str, Any]]:
    years = [int(_year(record["year"]) or 0) for record in panel]
    first, last = min(years), max(years)
    unit = words(panel[0].get("unit"))
    percent = is_percent(unit)
    values = [v for record in panel for line in lines if (v := number(record.get(line.column))) is not None]
    start, end, ticks = axis_from_zero(values, percent=percent)
    if len(ticks) > 6:
        ticks = ticks[::2]
    pad = 0.35
    xref, yref = f"x{place.number}", f"y{place.number}"
    for line in lines:
        drawn = {year: number(record.get(line.column)) for year, record in zip(years, panel, strict=True)}
        span = list(range(first, last + 1))
        texts = {year: _hover(record, line, names[line.column]) for year, record in zip(years, panel, strict=True)}
        fig.add_trace(
            go.Scatter(
                name=line.column,
                x=span,
                # A year without a row leaves a gap, just like a year without a figure.
                y=[drawn.get(year) for year in span],
                mode="lines+markers",
                connectgaps=False,
                cliponaxis=False,
                line={"color": line.style.colour, "width": line.style.width, "dash": line.style.dash},
                marker={"color": line.style.colour, "size": line.style.size, "symbol": line.style.symbol},
                hovertext=[texts.get(year, "") for year in span],
                hovertemplate="%{hovertext}<extra></extra>",
                xaxis=xref,
                yaxis=yref,
            )
        )
    axes.update(
        {
            f"xaxis{place.number}": {
                "domain": list(place.x),
                "anchor": yref,
                "range": [first - pad, last + pad],
                "tickvals": every_few_years(first, last, place.width),
                "tickformat": "d",
                "tickfont": {"size": TEXT_SIZE},
                "ticks": "outside",
                "ticklen": 4,
                "showgrid": False,
                "fixedrange": True,
            },
            f"yaxis{place.number}": {
                "domain": list(place.y),
                "anchor": xref,
                "range": [start, end],
                "tickvals": ticks,
                "ticktext": tick_texts(ticks, unit),
                "tickfont": {"size": TEXT_SIZE},
                "showgrid": True,
                "fixedrange": True,
            },
        }
    )
    title = words(panel[0].get("panel_title"))
    notes = [
        template.note(
            "panel title",
            f"<b>{safe(title)}</b>",
            size=15,
            x=place.x[0],
            xref="paper",
            xanchor="left",
            xshift=-_TICK_ROOM,
            y=place.y[1],
            yref="paper",
            yanchor="bottom",
            yshift=7,
        )
    ]
    scale = _PANEL / (end - start)
    labels = [label for line in lines if (label := _label(panel, years, line, names, place, scale, start))]
    centres = spread_out([label.wanted for label in labels], [label.height for label in labels], -8, _PANEL + 10)
    for label, centre in zip(labels, centres, strict=True):
        notes.append(
            template.note(
                "line label",
                label.html(),
                x=last + pad,
                xref=xref,
                xanchor="left",
                xshift=2,
                y=label.y,
                yref=yref,
                yanchor="middle",
                yshift=round(centre - label.wanted, 1),
                align="left",
            )
        )
    if names["value"]:
        notes += _gaps(panel, years, place, xref, yref, start, last - first + 2 * pad, reasons)
    return notes


def _label(
    panel: Sequence[dict[str, Any]],
    years: Sequence[int],
    line: _Line,
    names: dict[str, str],
    place: _Panel,
    scale: float,
    start: float,
) -> _Label | None:
    """The label of a line at its newest figure, with the year if that is not the newest of the panel."""
    known = [
        (year, value, record)
        for year, record in zip(years, panel, strict=True)
        if (value := number(record.get(line.column))) is not None
    ]
    if not known:
        return None
    year, value, record = max(known, key=lambda found: found[0])
    text = f"{names[line.column]} {words(record.get(line.text))}".strip()
    if year != max(years):
        text += f" in {year}"
    room = place.label_room - text_width(f"{line.style.mark} ", TEXT_SIZE)
    lines = wrap(text, room, TEXT_SIZE, bold=line.column == "value")
    return _Label(line, tuple(lines), float(year), value, (value - start) * scale)


def _gaps(
    panel: Sequence[dict[str, Any]],
    years: Sequence[int],
    place: _Panel,
    xref: str,
    yref: str,
    start: float,
    span: float,
    reasons: dict[str, str],
) -> list[dict[str, Any]]:
    """The mark of each missing figure, at the bottom of the panel below its year; consecutive years share one."""
    marks = []
    for year, record in zip(years, panel, strict=True):
        mark = words(record.get("gap_mark"))
        if mark and number(record.get("value")) is None:
            marks.append((year, mark))
            reasons.setdefault(mark, words(record.get("gap_reason")))
    notes = []
    taken: list[tuple[float, float, int]] = []
    for first, last, mark in _runs(marks):
        centre = (first + last) / 2
        long = f"{mark} {first} to {last}"
        if last > first and text_width(long, TEXT_SIZE) <= (last - first + 0.7) / span * place.width:
            mark = long
        half = text_width(mark, TEXT_SIZE) / 2 + 1
        middle = (centre - min(years)) / span * place.width
        level = 0
        while any(level == row and middle - half < end and middle + half > begin for begin, end, row in taken):
            level += 1
        taken.append((middle - half, middle + half, level))
        notes.append(
            template.note(
                "gap",
                safe(mark),
                colour=template.SOFT_INK,
                x=centre,
                xref=xref,
                xanchor="center",
                y=start,
                yref=yref,
                yanchor="bottom",
                yshift=1 + level * LINE_HEIGHT,
            )
        )
    return notes


def _hover(record: dict[str, Any], line: _Line, name: str) -> str:
    year = _year(record["year"])
    text = words(record.get(line.text))
    facts = [f"<b>{safe(name)}</b>, {year}: {safe(text)}"]
    if line.column == "value" and (more := words(record.get("hover"))):
        facts.append(safe(more))
    return "<br>".join(facts)


def _key(lines: Sequence[_Line], names: dict[str, str], reasons: dict[str, str], note: str) -> list[template.KeyItem]:
    key = [line.style.key(names[line.column]) for line in reversed(lines)]
    key += [template.KeyItem("", template.INK, f"{mark} {reason}".strip()) for mark, reason in reasons.items()]
    if note.strip():
        key.append(template.KeyItem("", template.INK, note.strip()))
    return key


def _panel_alt(panel: Sequence[dict[str, Any]], lines: Sequence[_Line], names: dict[str, str]) -> str:
    """The newest figure of each line, the authority's first and with its oldest; its gaps with their reasons."""
    parts = []
    for line in reversed(lines):
        known = [
            (int(_year(record["year"]) or 0), words(record.get(line.text)))
            for record in panel
            if number(record.get(line.column)) is not None
        ]
        if not known:
            parts.append(f"{names[line.column]} no figure")
            continue
        (first, oldest), (last, newest) = min(known), max(known)
        since = f", from {oldest} in {first}" if line.column == "value" and first != last else ""
        parts.append(f"{names[line.column]} {newest} in {last}{since}")
    gaps = [
        f"{_year(record['year'])} {words(record.get('gap_reason'))}"
        for record in panel
        if names["value"] and words(record.get("gap_mark")) and number(record.get("value")) is None
    ]
    text = f"{words(panel[0].get('panel_title'))}: {'; '.join(parts)}"
    return f"{text}; without a figure: {', '.join(gaps)}." if gaps else f"{text}."
