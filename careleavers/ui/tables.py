"""The one table that Streamlit has no component for: figures, findings, a line of years and a spread in each row.

Built as a plain HTML table, so that it is read by screen readers, printed, and turned into cards on a phone
(``style.css``). Nothing is computed: texts come from :mod:`careleavers.formats`, findings from the query.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from careleavers.charts import sparkline_svg, spine_svg
from careleavers.display import row_note, short_note, verdict_text
from careleavers.formats import (
    age_text,
    change_text,
    count_text,
    missing,
    period_label,
    rank_text,
    sentence_case,
    value_text,
)

BAND_WORDS = {"A": "best quarter", "B": "second quarter", "C": "third quarter", "D": "lowest quarter", "": ""}


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


def _years(row: dict[str, Any]) -> str:
    years, values = row["years"], row["values"]
    texts = [
        f"{year} {value_text(value, row['unit'], int(row['decimals'])) if not missing(value) else 'no figure'}"
        for year, value in zip(years, values, strict=True)
    ]
    picture = _picture(sparkline_svg(years, values, decimals=int(row["decimals"])), 96, 24)
    return picture + f'<span class="cl-hidden">{html.escape("; ".join(texts))}</span>'


def _row(row: dict[str, Any], link: str, comparator_label: str) -> str:
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
    change = change_text(row["change"], row["change_verdict"], unit, decimals)
    return (
        f"<tr>{name}"
        + _cell("Figure", figure, _span("small", short_note(row)))
        + _cell("Compared", f'<span class="cl-verdict cl-{verdict or "none"}">{verdict_text(verdict)}</span>', compared)
        + _cell("Rank", _span("rank", rank_text(row["rank"], row["rank_tied"], row["of"])), _span("small", BAND_WORDS[row["band"]]))
        + _cell("Change", _span("change", change or "no earlier figure"), _span("small", _trend(row["trend"], row["interval"] == "wilson")))
        + _cell("Years", _years(row))
        + _cell("All authorities", _picture(spine_svg(row, width=128), 128, 22))
        + "</tr>"
    )  # fmt: skip


def _counted(row: dict[str, Any]) -> str:
    """``273 of 600``; says so when a percentage of young people is published without its base."""
    text = count_text(row["numerator"], row["denominator"], row["unit"])
    return text or ("base not published" if row["interval"] == "wilson" else "")


def _trend(trend: str, tested: bool) -> str:
    """The five-year trend in as few words as a column holds; nothing where there are no counts to test."""
    if not trend:
        return "too few years for a trend" if tested else ""
    if trend.startswith("no "):
        return "no clear five-year trend"
    return f"{trend.split(' and ')[-1]} over five years"


def glance_table(
    rows: Sequence[dict[str, Any]], *, caption: str, comparator_label: str, link_choices: dict[str, str]
) -> str:
    """Rows of ``queries/glance.sql`` as an HTML table, each row headed by a link to its Compare page.

    ``caption`` names the table; ``comparator_label`` stands before the comparator's value ("Neighbours", "England");
    ``link_choices`` are the shared choices that every link carries (authority, against).
    """
    head = "".join(
        f'<th scope="col">{text}</th>'
        for text in (
            "Measure",
            "Figure",
            "Compared",
            "Rank",
            "Since the year before",
            "Years",
            "All authorities",
        )
    )
    body = "".join(
        _row(
            row,
            "compare?" + urlencode({**link_choices, "indicator": row["indicator"], "age": row["age_group"]}),
            comparator_label,
        )
        for row in rows
    )
    return (
        f'<table class="cl-glance"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
