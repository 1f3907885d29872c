"""Many indicators for one authority, each scaled so that England is in the middle and better is right (At a glance)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from careleavers.charts import template
from careleavers.charts.axes import hidden_axis
from careleavers.charts.row_parts import upright_lines
from careleavers.charts.spine_rows import SpineRow, columns_of, lay_out
from careleavers.charts.styles import COMPARATOR_DOTS, VERDICTS, WHITE, comparator_role
from careleavers.charts.template import LINE_HEIGHT, TEXT_SIZE
from careleavers.charts.text import frame_records, safe, safe_lines

# Pixels of a row on a wide chart, and where the picture would be too high with that.
_ROW, _CLOSE_ROW = 20.5, 19.0
_EDGE = 1.04  # the axis runs a little past -1 and 1 so that a mark at the end is whole


def _bars(fig: go.Figure, name: str, rows: Sequence[SpineRow], height: float, colour: str, *, middle: bool) -> None:
    spans = [(row, span) for row in rows if (span := row.marks.middle if middle else row.marks.full) and not row.note]
    fig.add_trace(
        go.Bar(
            name=name,
            orientation="h",
            base=[span[0] for _, span in spans],
            x=[span[1] - span[0] for _, span in spans],
            y=[row.y for row, _ in spans],
            width=height,
            marker={"color": colour, "line": {"width": 0}},
            hoverinfo="skip",
        )
    )


def _text(
    name: str,
    items: Sequence[tuple[float, str, str]],
    *,
    xshift: float,
    xanchor: str,
    at: int,
    size: float = TEXT_SIZE,
) -> list[dict[str, Any]]:
    """Text, as (y, html, colour), at a fixed pixel distance from the left (0) or right (1) edge."""
    return [
        template.note(
            name,
            text,
            size=size,
            colour=colour,
            x=at,
            xref="paper",
            xanchor=xanchor,
            xshift=xshift,
            y=y,
            yref="y",
            yanchor="middle",
            align="left" if xanchor == "left" else "right",
        )
        for y, text, colour in items
    ]


def _directions() -> list[dict[str, Any]]:
    return [
        template.note(
            "direction",
            f"<b>{text}</b>",
            x=x,
            xref="paper",
            xanchor=anchor,
            y=1,
            yref="paper",
            yanchor="bottom",
            yshift=2,
        )
        for text, x, anchor in (("◄ Worse", 0, "left"), ("England", 0.5, "center"), ("Better ►", 1, "right"))
    ]


def _key(
    rows: Sequence[SpineRow], comparator_name: str, verdict_against: str, *, compared: bool
) -> list[template.KeyItem]:
    # A row may have a word of its own, such as “too few to tell”, for the same mark.
    shown: dict[str, set[str]] = {}
    for row in rows:
        if row.marks.value is not None:
            shown.setdefault(row.verdict.word, set()).add(row.verdict_word or row.verdict.word)
    key = []
    for style in VERDICTS.values():
        if style.word in shown:
            beside = {"similar": f" to {verdict_against}", "not compared": ""}.get(
                style.word, f" than {verdict_against}"
            )
            said = [style.word + beside] * (style.word in shown[style.word])
            colour = style.fill if style.fill != WHITE else style.outline
            key.append(
                template.KeyItem(style.mark, colour, " or ".join([*said, *sorted(shown[style.word] - {style.word})]))
            )
    if compared:
        key.append(COMPARATOR_DOTS[comparator_role(comparator_name)].key(comparator_name))
    key += [
        template.KeyItem("■", template.MIDDLE_GREY, "middle half of authorities"),
        template.KeyItem("■", "#D5D5D5", "lowest to highest authority"),
    ]
    if any(row.neutral for row in rows):
        key.append(template.KeyItem("", template.INK, "No better or worse: low on the left, high on the right"))
    return key


@template.pictured
def spine(
    frame: pd.DataFrame,
    *,
    authority_name: str,
    comparator_name: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    verdict_against: str = "England",
    width: template.Width = "wide",
) -> template.ChartResult:
    """Draw a row for each indicator: range of authorities, middle half, England in the middle, the authority's mark.

    Parameters
    ----------
    frame
        One row per indicator, in the order to draw under the heading of its theme. Columns:

        ``row_label`` (str)
            The indicator and its age group.
        ``theme`` (str)
            ``outcome``, ``enabler`` or ``context``.
        ``polarity`` (str)
            ``high``, ``low`` or ``neutral``.
        ``value``, ``england``, ``comparator_value`` (float or missing)
            Figures of the authority, of England and of the comparator, in the unit of the row. A row without a value
            shows ``status_text`` and no mark.
        ``minimum``, ``q25``, ``median``, ``q75``, ``maximum`` (float or missing)
            How the authorities of England are spread.
        ``value_text``, ``status``, ``status_text`` (str)
            The figure as shown; its kind, and why there is none.
        ``verdict`` (str)
            ``better``, ``similar``, ``worse``, ``higher``, ``lower`` or empty.
        ``verdict_text``, ``hover`` (str), optional
            The verdict in other words; what is shown when the mark is pointed at, as plotly text.
    authority_name
        The chosen authority.
    comparator_name
        What the mark beside the authority’s is: ``mean of neighbours``. No such mark when it is England.
    headline, subtitle, footer, filename, width
        See :mod:`careleavers.charts`.
    verdict_against
        What ``verdict`` compares with, in words for the key.

    Returns
    -------
    ChartResult
        From an empty frame, a sentence that says so.
    """
    if frame.empty:
        sentence = "There are no indicators to show for this choice."
        alt = f"{headline} {sentence}".strip()
        return template.sentence_chart(sentence, alt, headline, subtitle, footer, filename, width=width)
    drawn = partial(
        _draw,
        frame_records(frame),
        authority_name=authority_name,
        comparator_name=comparator_name,
        headline=headline,
        subtitle=subtitle,
        footer=footer,
        filename=filename,
        verdict_against=verdict_against,
        width=width,
    )
    chart = drawn(row_height=_ROW)
    # Long words over and under the rows take more room than others, which is only known once they are drawn.
    return drawn(row_height=_CLOSE_ROW) if width == "wide" and chart.height > template.MOST_HEIGHT else chart


def _draw(
    given: Sequence[dict[str, Any]],
    *,
    authority_name: str,
    comparator_name: str,
    headline: str,
    subtitle: str,
    footer: template.Footer,
    filename: str,
    verdict_against: str,
    width: template.Width,
    row_height: float,
) -> template.ChartResult:
    columns = columns_of(given, width)
    rows, headings, height = lay_out(given, authority_name, columns, width, row_height)
    left = round(template.PAD + columns.label + columns.value) if width == "wide" else template.PAD
    right = round(columns.verdict + template.PAD) if width == "wide" else template.PAD
    placed = [row for row in rows if row.marks.value is not None]

    fig = go.Figure()
    bar = 14.0 if width == "wide" else 12.0
    _bars(fig, "lowest to highest authority", rows, bar, template.RANGE_GREY, middle=False)
    _bars(fig, "middle half of authorities", rows, bar, template.MIDDLE_GREY, middle=True)
    centred = [row for row in rows if row.marks.full is not None and not row.note]
    england = [(0, row.y - bar / 2 - 4, row.y + bar / 2 + 4) for row in centred]
    fig.add_trace(upright_lines("England", england, {"color": template.INK, "width": 1.5}))
    is_england = comparator_name.strip().lower() == "england"
    compared = [] if is_england else [row for row in rows if row.marks.comparator is not None and not row.note]
    beside = COMPARATOR_DOTS[comparator_role(comparator_name)]
    fig.add_trace(
        go.Scatter(
            name="comparator",
            x=[row.marks.comparator for row in compared],
            y=[row.y for row in compared],
            mode="markers",
            marker={
                "symbol": beside.symbol,
                "size": beside.size,
                "color": beside.colour,
                "line": {"color": beside.outline, "width": 1.3},
            },
            hoverinfo="skip",
        )
    )
    fig.add_trace(
        go.Scatter(
            name="authority",
            x=[row.marks.value for row in placed],
            y=[row.y for row in placed],
            mode="markers",
            customdata=[[" ".join(row.label), row.verdict.word] for row in placed],
            hovertext=[row.hover for row in placed],
            hovertemplate="%{hovertext}<extra></extra>",
            marker={
                "symbol": [row.verdict.symbol for row in placed],
                "color": [row.verdict.fill for row in placed],
                "size": 13,
                "line": {"color": [row.verdict.outline for row in placed], "width": 1.3},
            },
            selected={"marker": {"opacity": 1}},
            unselected={"marker": {"opacity": 1}},
        )
    )
    label_shift = template.PAD - left if width == "wide" else 0
    texts = _text(
        "heading",
        [(y, f"<b>{safe(title)}</b>", template.INK) for title, y in headings],
        xshift=label_shift,
        xanchor="left",
        at=0,
        size=15,
    )
    texts += _text(
        "row label",
        [(row.label_y, safe_lines(row.label), template.INK) for row in rows],
        xshift=label_shift,
        xanchor="left",
        at=0,
    )
    noted = [row for row in rows if row.note]
    if width == "wide":
        texts += _text(
            "value",
            [(row.y, f"<b>{safe(row.value_text)}</b>", template.INK) for row in rows if row.value_text],
            xshift=-10,
            xanchor="right",
            at=0,
        )
        texts += _text(
            "verdict",
            [(row.y, safe(f"{row.verdict.mark} {row.verdict_word}"), template.INK) for row in rows if row.verdict_word],
            xshift=8,
            xanchor="left",
            at=1,
        )
    else:
        texts += _text(
            "value",
            [
                (
                    row.label_y,
                    f"<b>{safe(row.value_text)}</b>"
                    + (f" {row.verdict.mark} {safe(row.verdict_word)}" if row.verdict_word else ""),
                    template.INK,
                )
                for row in rows
                if row.value_text
            ],
            xshift=0,
            xanchor="right",
            at=1,
        )
    texts += _text(
        "reason",
        [(row.y, safe_lines(row.note), template.SOFT_INK) for row in noted],
        xshift=0,
        xanchor="left",
        at=0,
    )
    texts += _directions()
    plot_height = math.ceil(height)
    fig.update_xaxes(hidden_axis(-_EDGE, _EDGE))
    fig.update_yaxes(hidden_axis(plot_height, 0))
    fig.update_layout(barmode="overlay", bargap=0)
    template.finish(
        fig,
        headline,
        subtitle,
        footer,
        plot_height,
        width=width,
        key=_key(rows, comparator_name, verdict_against, compared=bool(compared)),
        left=left,
        right=right,
        above=LINE_HEIGHT + 8,
        below=0,
        annotations=texts,
    )
    start = headline.rstrip(". ") + ". " if headline.strip() else ""
    alt = (
        f"{start}Spine chart of {len(rows)} {'indicator' if len(rows) == 1 else 'indicators'} for "
        f"{authority_name}, compared with {verdict_against}. {'; '.join(row.alt for row in rows)}."
    )
    return template.result(fig, headline, alt, filename)
