"""Two tables that Streamlit has no component for: a figure with its counts, rank, findings and notes in each row.

Built as plain HTML tables, so that they are read by screen readers, printed, and turned into cards on a phone
(``style.css``). Nothing is computed: findings come from the query, their words from :mod:`careleavers.wording.findings`, other texts from
:mod:`careleavers.wording.formats`.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from careleavers.views.local_figures import words_newest
from careleavers.wording.findings import BAND_WORDS, verdict_text
from careleavers.wording.formats import (
    count_text,
    missing,
    period_label,
    rank_text,
    sentence_case,
    value_text,
)
from careleavers.wording.tables import row_note


def _span(name: str, text: str) -> str:
    return f'<span class="cl-{name}">{html.escape(text)}</span>' if text else ""


def _cell(label: str, *parts: str) -> str:
    body = "".join(parts)
    # The label is drawn by the style sheet before the cell when the table becomes cards.
    return f'<td data-label="{html.escape(label)}">{body or "&nbsp;"}</td>'


def workforce_table(rows: Sequence[dict[str, Any]], *, caption: str, region: str, authority_name: str) -> str:
    """The workforce as an HTML table: the figure, its rank and quarter; the neighbours’, the region’s and England’s next to it.

    Each comparison has what a test says, or “not compared”. Each row is headed by a link to its Compare page.

    Parameters
    ----------
    rows
        The newest rows of ``queries/workforce.sql``, with ``last_text``.
    caption
        The name of the table, for those who do not see the heading above it.
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
        said = row[f"verdict_{verdict}"] if not missing(row["value"]) else ""
        return _cell(
            label,
            _span("small", value_text(row[column], row["unit"], int(row["decimals"]))),
            f'<span class="cl-verdict cl-{said or "none"}">{verdict_text(said, too_few=row[f"too_few_{verdict}"])}</span>',
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
                "neighbours",
                f"mean of {count} of 10"
                if not missing(row["neighbours_mean"])
                else f"not shown: {count} of 10 have one",
            )
            + comparison_cell(row, region, "region_value", "region")
            + comparison_cell(row, "England", "england", "england")
            + "</tr>"
        )
    return (
        f'<table class="cl-glance"><caption class="cl-hidden">{html.escape(caption)}</caption>'
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
