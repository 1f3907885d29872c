"""The one table that Streamlit has no component for: figures, findings, a line of years and a spread in each row.

Built as a plain HTML table, so that it is read by screen readers, printed, and turned into cards on a phone
(``style.css``). Nothing is computed: findings come from the query, their words from :mod:`careleavers.wording.findings`, other texts from
:mod:`careleavers.wording.formats`.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from careleavers.charts import shared_scales, sparkline_svg, spine_svg
from careleavers.views.local_figures import words_newest
from careleavers.wording.changes import BASE_HIDDEN, change_text, longer_changes_short, not_compared, not_known
from careleavers.wording.findings import BAND_WORDS, TREND_BRIEF, verdict_text
from careleavers.wording.formats import (
    age_text,
    count_text,
    missing,
    period_label,
    rank_text,
    sentence_case,
    value_text,
)
from careleavers.wording.tables import out_of_place, row_note, short_note


def _span(name: str, text: str) -> str:
    return f'<span class="cl-{name}">{html.escape(text)}</span>' if text else ""


def _cell(label: str, *parts: str) -> str:
    body = "".join(parts)
    # The label is drawn by the style sheet before the cell when the table becomes cards.
    return f'<td data-label="{html.escape(label)}">{body or "&nbsp;"}</td>'


def _picture(svg: str, width: int, height: int) -> str:
    """An SVG as an image: Streamlit strips inline SVG from HTML. Decorative, so without a text alternative."""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="" width="{width}" height="{height}" src="data:image/svg+xml;base64,{data}">'


def _years(row: dict[str, Any], scale: tuple[float, float] | None) -> str:
    years, values = row["years"], row["values"]
    texts = [
        f"{year} {value_text(value, row['unit'], int(row['decimals'])) if not missing(value) else 'no figure'}"
        for year, value in zip(years, values, strict=True)
    ]
    picture = _picture(sparkline_svg(years, values, decimals=int(row["decimals"]), scale=scale), 96, 24)
    return picture + f'<span class="cl-hidden">{html.escape("; ".join(texts))}</span>'


def _row(row: dict[str, Any], link: str, comparator_label: str, scale: tuple[float, float] | None) -> str:
    unit, decimals = row["unit"], int(row["decimals"])
    about = ", ".join(part for part in (age_text(row["age_group"]), period_label(row["period_end"])) if part)
    name = (
        f'<th scope="row"><a href="{html.escape(link)}" target="_self">{html.escape(str(row["short_title"]))}</a>'
        f"{_span('small', sentence_case(about))}</th>"
    )
    absent = missing(row["value"])
    figure = _span("figure", value_text(row["value"], unit, decimals, row["status"])) + _span(
        "small", row_note(row) if absent else _counted(row)
    )
    if absent:
        return f"<tr>{name}{_cell('Figure', figure).replace('<td', '<td colspan=6', 1)}</tr>"
    verdict = row["verdict"]
    compared = _span("small", f"{comparator_label} {value_text(row['comparator'], unit, decimals)}") if not missing(
        row["comparator"]
    ) else _span("small", "no figure to compare with")  # fmt: skip
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    why = _span("small", sentence_case(not_compared(row) if verdict == "" else not_known(row)))
    return (
        f"<tr>{name}"
        + _cell("Figure", figure, _span("small", short_note(row)))
        + _cell("Compared", f'<span class="cl-verdict cl-{verdict or "none"}">{verdict_text(verdict)}</span>', why, compared)
        + _cell("Rank", _span("rank", ranked or "not ranked" if row["polarity"] != "neutral" else ""), _span("small", BAND_WORDS[row["band"]]))
        + _cell("Change", *_moves(row))
        + _cell("Years", _years(row, scale))
        + _cell("All authorities", _picture(spine_svg(row | {"value": None} if out_of_place(row) else row, width=128), 128, 22))
        + "</tr>"
    )  # fmt: skip


def _counted(row: dict[str, Any]) -> str:
    """``273 of 600``; says so when a percentage of young people is published without its base, or for nobody with one."""
    if text := count_text(row["numerator"], row["denominator"], row["unit"]):
        return text
    if row["base_hidden"]:
        return "base not published"
    return "published without counts" if row["interval"] == "wilson" else ""


def _moves(row: dict[str, Any]) -> list[str]:
    """Since the year before, then what has clearly moved over two or five years, then the trend."""
    if row["base_hidden"]:
        return [_span("small", f"not compared: {BASE_HIDDEN}")]
    change = change_text(row["change"], row["change_verdict"], row["unit"], int(row["decimals"]))
    if not change:
        earlier = any(
            not missing(value)
            for year, value in zip(row["years"], row["values"], strict=True)
            if year < row["period_end"].year
        )
        change = "no figure for the year before" if earlier else "no earlier figure"
    trend = _trend(row["trend"], row["interval"] == "wilson" and not missing(row["denominator"]))
    return [_span("change", change), _span("small", longer_changes_short(row)), _span("small", trend)]


def _trend(trend: str, tested: bool) -> str:
    """The five-year trend in as few words as a column holds; nothing where there are no counts to test."""
    if not trend:
        return "too few years for a trend" if tested else ""
    brief = TREND_BRIEF[trend]
    return brief if trend == "no_clear_trend" else f"{brief} over five years"


def glance_table(
    rows: Sequence[dict[str, Any]], *, caption: str, comparator_label: str, link_choices: dict[str, str]
) -> str:
    """The newest figures of an authority as an HTML table, each row headed by a link to its Compare page.

    Parameters
    ----------
    rows
        Rows of ``queries/glance.sql``.
    caption
        The name of the table.
    comparator_label
        What is written before the comparator’s value: "Neighbours", "England".
    link_choices
        The shared choices that every link carries (authority, against).

    Returns
    -------
    str
        A ``<table>`` whose texts are escaped.
    """
    scales = shared_scales(rows)
    head = "".join(
        f'<th scope="col">{text}</th>'
        for text in (
            "Measure",
            "Figure",
            "Compared",
            "Rank",
            "Change",
            "Years",
            "All authorities",
        )
    )
    body = "".join(
        _row(
            row,
            "compare?" + urlencode({**link_choices, "indicator": row["indicator"], "age": row["age_group"]}),
            comparator_label,
            scales.get((row["family"], row["unit"])),
        )
        for row in rows
    )
    return (
        f'<table class="cl-glance"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def workforce_table(rows: Sequence[dict[str, Any]], *, caption: str, region: str, authority_name: str) -> str:
    """The workforce as an HTML table: the figure, its rank and quarter; the neighbours’, the region’s and England’s next to it.

    Each comparison has what a test says, or “not compared”. Each row is headed by a link to its Compare page. Where lower is
    better the lowest figures are not bad ones, so the quarters are called best and worst.

    Parameters
    ----------
    rows
        The newest rows of ``queries/workforce.sql``, with ``last_text``.
    caption
        The name of the table.
    region
        The name of the authority’s region, which heads a column.
    authority_name
        The authority, for the links.

    Returns
    -------
    str
        A ``<table>`` whose texts are escaped.
    """
    columns = ("Measure", "Figure", "Rank", "Neighbours’ mean", region, "England")
    widths = (26, 17, 14, 15, 14, 14)
    head = "".join(
        f'<th scope="col" style="width:{wide}%">{html.escape(name)}</th>'
        for name, wide in zip(columns, widths, strict=True)
    )

    def comparison_cell(row: dict[str, Any], label: str, column: str, verdict: str, more: str = "") -> str:
        if missing(row[column]):
            return _cell(label, _span("small", more or "no figure"))
        said = row[verdict] if not missing(row["value"]) else ""
        return _cell(
            label,
            _span("small", value_text(row[column], row["unit"], int(row["decimals"]))),
            f'<span class="cl-verdict cl-{said or "none"}">{verdict_text(said)}</span>',
            _span("small", more),
        )

    body = ""
    for row in rows:
        link = "compare?" + urlencode({"authority": authority_name, "indicator": row["indicator"]})
        absent = missing(row["value"])
        counted = count_text(row["numerator"], row["denominator"], row["unit"])
        figure = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"] or "missing")
        under = f"{row_note(row)} {row['last_text']}".strip() if absent and row["status"] else ""
        count = int(row["neighbours_count"])
        body += (
            f'<tr><th scope="row"><a href="{html.escape(link)}" target="_self">{html.escape(str(row["short_title"]))}</a>'
            + _span("small", sentence_case(period_label(row["period_end"])))
            + "</th>"
            + _cell(
                "Figure", _span("figure", figure), _span("small", under if absent else counted and f"{counted} FTE")
            )
            + _cell(
                "Rank",
                _span("rank", rank_text(row["rank"], row["rank_tied"], row["of"]) or "not ranked"),
                _span("small", BAND_WORDS[row["band"]]),
            )
            + comparison_cell(
                row,
                "Neighbours’ mean",
                "neighbours_mean",
                "verdict_neighbours",
                f"mean of {count} of 10" if count >= 5 else f"not shown: {count} of 10 have one",
            )
            + comparison_cell(row, region, "region_value", "verdict_region")
            + comparison_cell(row, "England", "england", "verdict_england")
            + "</tr>"
        )
    return (
        f'<table class="cl-glance"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def local_table(rows: Sequence[dict[str, Any]], *, caption: str, link_choices: dict[str, str]) -> str:
    """Local figures as an HTML table, each row headed by a link to its quarters further down.

    A target and the official figures are plain text: neither is a comparison that a test supports.

    Parameters
    ----------
    rows
        Rows of ``queries/local_latest.sql``.
    caption
        The name of the table.
    link_choices
        The shared choices that every link carries.

    Returns
    -------
    str
        A ``<table>`` whose texts are escaped.
    """
    columns = {
        "Measure": 25, "Figure": 15, "A year earlier": 13, "What changed": 18, "Target": 12, "Last official year": 17,
    }  # fmt: skip
    head = "".join(f'<th scope="col" style="width:{wide}%">{name}</th>' for name, wide in columns.items())
    body = ""
    shared = len({row["layer"] for row in rows if row["is_newest"]}) == 1
    for row in rows:
        choices = {"indicator": row["indicator"], "age": row["age_group"], "basis": row["basis"]}
        link = f"local_figures?{urlencode({**link_choices, **choices})}#quarters"
        absent = missing(row["value"])
        counted = "" if absent else count_text(row["numerator"], row["denominator"], row["unit"], row["rounded"])
        earlier = _span("small", "none")
        if not missing(row["previous_status"]):
            text = words_newest.figure_text(row, "previous_value", "previous_status")
            base = count_text(
                row["previous_numerator"], row["previous_denominator"], row["unit"], row["previous_rounded"]
            )
            earlier = _span("small", text) + _span("small", "" if missing(row["previous_value"]) else base)
        official, when = words_newest.official_text(row)
        body += (
            f'<tr><th scope="row"><a href="{html.escape(link)}" target="_self">{html.escape(str(row["short_title"]))}</a>'
            + _span("small", words_newest.row_about(row, shared))
            + "</th>"
            + _cell(
                "Figure",
                _span("figure", words_newest.figure_text(row)),
                _span("small", counted),
                _span("small", words_newest.note(row)),
            )
            + _cell("A year earlier", earlier)
            + _cell("What changed", _span("change", words_newest.change_words(row)))
            + _cell("Target", _span("small", words_newest.target_text(row) or "none set"))
            + _cell(
                "Last official year", _span("small", official or "not published"), _span("small", sentence_case(when))
            )
            + "</tr>"
        )
    return (
        f'<table class="cl-glance"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
