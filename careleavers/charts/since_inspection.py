"""Time since the last full inspection, one dot per authority (the page Inspections)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import axis_title, hidden_axis, level_axis
from careleavers.charts.labels import line_name
from careleavers.charts.row_parts import upright_line
from careleavers.charts.styles import CHOSEN_MARK, SINCE_DOTS
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import frame_records, number, safe, safe_lines, text_width, words, wrap, wrap_even

_DOT = 9  # pixels across
_STEPS = (1, 2, 3, 6, 12)  # months that a column of dots may stand for
# Names of the traces by role.
_TRACES = {"other": "others", "neighbour": "neighbours", "chosen": "chosen"}


@template.pictured
def since_inspection(
    frame: pd.DataFrame,
    *,
    as_at_text: str,
    median_months: int | None,
    median_text: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw every authority as a dot, in columns by the months since its last full inspection.

    Clicking a dot gives the authority's code as the first entry of ``customdata``.

    Parameters
    ----------
    frame
        One row per authority. Columns:

        ``authority_code``, ``authority_name`` (str)
            Which authority.
        ``months`` (int or missing)
            Whole months since the inspection began. One without is not drawn, and counted in the key.
        ``since_text``, ``date_text`` (str)
            The same in words, and the day it began.
        ``is_chosen``, ``is_neighbour`` (bool)
            Its role.
    as_at_text
        The day that time is counted to: ``31 March 2025``.
    median_months
        Where the line of the median stands.
    median_text
        What it is called.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.

    Returns
    -------
    ChartResult
        Without any inspection, a sentence that says so.
    """
    given = frame_records(frame)
    timed = [row for row in given if number(row.get("months")) is not None]
    if not timed:
        sentence = "No authority has had a full inspection to count from."
        alt = f"{headline}. {sentence}"
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)

    room = template.text_room(width) - 8
    longest = max(number(row["months"]) or 0 for row in timed)
    end = max(12.0, math.ceil((longest + 1) / 12) * 12)
    step = next((months for months in _STEPS if end / months * (_DOT + 2) <= room), _STEPS[-1])
    places = _places(timed, step)
    highest = max(level for _, level, _ in places)

    fig = go.Figure()
    chosen_row: dict[str, Any] | None = None
    label_top = 0.0
    notes: list[dict[str, Any]] = []
    for role, style in SINCE_DOTS.items():
        drawn = [place for place in places if _role(place[2]) == role]
        if not drawn:
            continue
        fig.add_trace(
            go.Scatter(
                name=_TRACES[role],
                x=[x for x, _, _ in drawn],
                y=[y for _, y, _ in drawn],
                mode="markers",
                customdata=[[words(row.get("authority_code"))] for _, _, row in drawn],
                hovertext=[_hover(row) for _, _, row in drawn],
                hovertemplate="%{hovertext}<extra></extra>",
                marker={
                    "symbol": style.symbol,
                    "size": style.size,
                    "color": style.colour,
                    "line": {"width": 0.5, "color": style.outline},
                },
                cliponaxis=False,
            )
        )
    found = [place for place in places if _role(place[2]) == "chosen"]
    if found:
        chosen_row = found[0][2]
        label, lifted, label_top = _chosen_label(found[0], places, step, end, room, number(median_months))
        notes.append(label)
        x, y, _ = found[0]
        if lifted > y:
            line = {"color": SINCE_DOTS["chosen"].colour, "width": 1}
            fig.add_trace(upright_line("leader", x, (y + 0.6, lifted + 0.8), line))
    plot_height = round(max(highest + 1.5, label_top + 0.3) * (_DOT + 3))
    top_level = plot_height / (_DOT + 3)
    middle = number(median_months)
    if middle is not None:
        dashed = {"color": template.INK, "width": 1.5, "dash": "dash"}
        fig.add_trace(upright_line("median", middle, (0, top_level), dashed))
        notes.append(line_name("median", median_text, middle, middle / end))
    years = range(int(end // 12) + 1)
    fig.update_xaxes(level_axis((0, end), [12 * year for year in years], [str(year) for year in years], showline=True))
    fig.update_yaxes(hidden_axis(0, top_level))
    axis = wrap(f"Years from the start of the last full inspection to {as_at_text}", room, TEXT_SIZE)
    notes.append(axis_title(axis))
    key = [SINCE_DOTS["chosen"].key(words(chosen_row.get("authority_name")))] if chosen_row else []
    if any(_role(row) == "neighbour" for row in timed):
        key.append(SINCE_DOTS["neighbour"].key("its statistical neighbours"))
    key.append(
        SINCE_DOTS["other"].key(
            "other authorities" if chosen_row else "one dot for each authority",
        )
    )
    absent = len(given) - len(timed)
    if absent:
        key.append(template.KeyItem("", template.INK, f"{absent} not drawn: no full inspection since 2018"))
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=key,
        left=template.PAD + 8,
        right=template.PAD + 8,
        above=4 + (LINE_HEIGHT if middle is not None else 0),
        below=28 + template.lines_height(len(axis), TEXT_SIZE),
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
    return template.result(fig, headline, alt, filename)


_Place = tuple[float, int, dict[str, Any]]  # months, level in the column from 1, row of the frame


def _places(timed: Sequence[dict[str, Any]], step: int) -> list[_Place]:
    """Where the dots stand: in columns of ``step`` months, one above the other."""
    columns: dict[int, list[dict[str, Any]]] = {}
    for row in timed:
        columns.setdefault(int(max(number(row["months"]) or 0, 0) // step), []).append(row)
    places: list[_Place] = []
    for column, members in columns.items():
        # The chosen authority comes last, at the top of its column, where there is room for its name.
        members.sort(key=lambda row: (bool(row.get("is_chosen")), bool(row.get("is_neighbour"))))
        places += [((column + 0.5) * step, level, row) for level, row in enumerate(members, start=1)]
    return places


def _chosen_label(
    place: _Place, places: Sequence[_Place], step: int, end: float, room: float, median: float | None
) -> tuple[dict[str, Any], int, float]:
    """The name of the chosen authority, the level it stands above, and the level at its top."""
    x, _, row = place
    text = f"{CHOSEN_MARK} {words(row.get('authority_name'))}, {words(row.get('since_text'))}"
    gap = 6 * end / room
    # It keeps to its side of the line of the median, on as many lines of text as that takes.
    own_side = end if median is None else median - gap if x < median else end - median - gap
    label = wrap_even(text, min(0.6, max(own_side / end, 0.25)) * room, TEXT_SIZE, bold=True)
    share = x / end
    across = max(text_width(line, TEXT_SIZE, bold=True) for line in label) * end / room
    # The label is shifted into the picture, and placed above every column that it covers.
    start = x if share < 0.4 else x - across if share > 0.6 else x - across / 2
    side = "left" if share < 0.4 else "right" if share > 0.6 else "center"
    stands = x
    if median is not None and start - gap < median < start + across + gap and across <= own_side:
        side, stands = ("right", median - gap) if x < median else ("left", median + gap)
        start = stands - across if x < median else stands
    lifted = max(level for other, level, _ in places if start - step <= other <= start + across + step)
    note = template.note(
        "chosen",
        safe_lines(label, bold=True),
        x=stands,
        xref="x",
        xanchor=side,
        y=lifted + 0.8,
        yref="y",
        yanchor="bottom",
        align=side,
        bgcolor="rgba(255,255,255,0.85)",
    )
    return note, lifted, lifted + 0.8 + len(label) * LINE_HEIGHT / (_DOT + 3)


def _role(row: dict[str, Any]) -> str:
    if bool(row.get("is_chosen")):
        return "chosen"
    return "neighbour" if bool(row.get("is_neighbour")) else "other"


def _hover(row: dict[str, Any]) -> str:
    facts = [f"<b>{safe(words(row.get('authority_name')))}</b>"]
    facts.append(safe(f"{words(row.get('since_text'))}, since {words(row.get('date_text'))}"))
    if _role(row) == "neighbour":
        facts.append("statistical neighbour")
    return "<br>".join(facts)
