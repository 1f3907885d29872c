"""The parts of the page as HTML, in which every text is escaped. Streamlit has no component for them."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from itertools import groupby

from careleavers.charts import sparkline_svg
from careleavers.views.at_a_glance.parts import Card, Cell, MeasureTable, Run, Shares
from careleavers.views.questions.view import Question


def about(runs: Sequence[Run]) -> str:
    """The line under the title.

    Parameters
    ----------
    runs
        Its pieces in order, spaces included; those that are ``strong`` stand in bold.

    Returns
    -------
    str
        A paragraph of HTML.
    """
    body = "".join(f"<b>{html.escape(run.text)}</b>" if run.strong else html.escape(run.text) for run in runs)
    return f'<p class="cl-about">{body}</p>'


def cards(shown: Sequence[Card]) -> str:
    """The three cards side by side.

    Parameters
    ----------
    shown
        The cards, from left to right.

    Returns
    -------
    str
        HTML: a section per card, each line a link to its Compare page.
    """
    return f'<div class="cl-standing">{"".join(_card(card) for card in shown)}</div>'


_MARKS = {"strong": "▲ ", "weak": "▼ "}


def _card(card: Card) -> str:
    lines = "".join(
        f"<li><b>{html.escape(line.size)}</b>"
        f'<a href="{html.escape(line.link)}" target="_self">{html.escape(line.counts)}</a>'
        + "".join(f'<span class="cl-note">{html.escape(note)}</span>' for note in (line.note, line.other_age) if note)
        + "</li>"
        for line in card.lines
    )
    body = f"<ul>{lines}</ul>" if lines else f"<p>{html.escape(card.empty)}</p>"
    mark = f'<span aria-hidden="true">{_MARKS[card.kind]}</span>' if card.kind in _MARKS else ""
    return f'<section class="cl-card cl-{card.kind}"><h2>{mark}{html.escape(card.title)}</h2>{body}</section>'


def questions(asked: Sequence[Question]) -> str:
    """The questions, numbered, each with the figures behind it.

    Parameters
    ----------
    asked
        The most pressing first.

    Returns
    -------
    str
        An ordered list in HTML.
    """
    body = "".join(
        f"<li><b>{html.escape(each.text)}</b><span>{html.escape(each.evidence)}</span></li>" for each in asked
    )
    return f'<ol class="cl-questions">{body}</ol>'


def shares_table(shown: Shares) -> str:
    """The figures of a picture of shares.

    Parameters
    ----------
    shown
        The picture whose ``columns`` and ``table`` are shown; areas head the rows, under a line for each age.

    Returns
    -------
    str
        A table in HTML.
    """
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in shown.columns[1:])
    body = ""
    for age, rows in groupby(shown.table, key=lambda row: row[0]):
        body += f'<tbody><tr><th colspan="{len(shown.columns) - 1}" scope="rowgroup">{html.escape(age)}</th></tr>'
        for _, area, *texts in rows:
            cells = "".join(f"<td>{_counted(text)}</td>" for text in texts)
            body += f'<tr><th scope="row">{html.escape(area)}</th>{cells}</tr>'
        body += "</tbody>"
    return f'<div class="cl-short cl-shares"><table><thead><tr>{head}</tr></thead>{body}</table></div>'


def _counted(text: str) -> str:
    """A figure with its counts, which stand on a line of their own where the column is narrow, in place of in brackets."""
    figure, _, counts = text.partition("(")
    return html.escape(figure) + (f"<span>{html.escape(counts.removesuffix(')'))}</span>" if counts else "")


def measures(table: MeasureTable) -> str:
    """Measures as a table: both ages side by side or, where there is one age, rank and change in columns of their own.

    Parameters
    ----------
    table
        The measures of one theme. ``ages`` decides which of the two it is.

    Returns
    -------
    str
        A table in HTML.
    """
    return _aged(table) if table.ages else _plain(table)


def _aged(table: MeasureTable) -> str:
    columns = ("Figure", table.comparator, table.span)
    ages = "".join(f'<th colspan="3" scope="colgroup">{html.escape(age)}</th>' for age in table.ages)
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for _ in table.ages for column in columns)
    body = ""
    for row in table.rows:
        cells = "".join(
            _aged_cells(cell, place, age, table)
            for place, (cell, age) in enumerate(zip(row.cells, table.ages, strict=True), 1)
        )
        body += f"<tr>{_named(row.title, row.link, row.period)}{cells}</tr>"
    return (
        f'<table class="cl-measures cl-aged"><caption>{html.escape(table.caption)}</caption><thead>'
        f'<tr><td></td>{ages}</tr><tr><th scope="col">Measure</th>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def _named(title: str, link: str, period: str) -> str:
    small = f'<span class="cl-small">{html.escape(period)}</span>' if period else ""
    return f'<th scope="row"><a href="{html.escape(link)}" target="_self">{html.escape(title)}</a>{small}</th>'


def _aged_cells(cell: Cell | None, place: int, age: str, table: MeasureTable) -> str:
    label = html.escape(age)
    if cell is None:
        return f'<td colspan="3" class="cl-at{place} cl-none" data-label="{label}">not counted at this age</td>'
    if cell.reason:
        said = ", ".join(part for part in (cell.age, cell.period, cell.figure) if part)
        return f'<td colspan="3" class="cl-at{place} cl-none" data-label="{label}">{html.escape(said)} {html.escape(cell.reason)}</td>'
    return (
        f'<td class="cl-at{place} cl-first" data-label="{label}">{_figure(cell)}</td>'
        f'<td class="cl-at{place} cl-second" data-label="{html.escape(table.comparator)}">{_verdict(cell)}'
        f"{_small(cell.rank)}{_small(cell.why)}</td>"
        f'<td class="cl-at{place} cl-third">{_years(cell)}{_small(cell.change)}</td>'
    )


def _plain(table: MeasureTable) -> str:
    columns = ("Measure", "Figure", table.comparator, "Rank", "Change", table.span)
    head = "".join(f'<th scope="col">{html.escape(column)}</th>' for column in columns)
    body = ""
    for row in table.rows:
        for cell in row.cells:
            if cell is None:
                continue
            named = _named(row.title, row.link, row.period)
            if cell.reason:
                body += f'<tr>{named}<td colspan="5" class="cl-none">{html.escape(cell.figure)} {html.escape(cell.reason)}</td></tr>'
                continue
            body += (
                f'<tr>{named}<td data-label="Figure">{_figure(cell)}</td>'
                f'<td data-label="{html.escape(table.comparator)}">{_verdict(cell)}{_small(cell.why)}</td>'
                f'<td data-label="Rank">{_small(cell.rank)}</td><td data-label="Change">{_small(cell.change)}</td>'
                f'<td class="cl-third">{_years(cell)}</td></tr>'
            )
    return (
        f'<table class="cl-measures cl-unaged"><caption>{html.escape(table.caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _figure(cell: Cell) -> str:
    note = ", ".join(part for part in (cell.age, cell.period, cell.note) if part)
    return f'<b>{html.escape(cell.figure)}</b> <span class="cl-of">{html.escape(cell.counted)}</span>{_small(note)}'


def _verdict(cell: Cell) -> str:
    said = html.escape(cell.verdict_text)
    figure = f' <span class="cl-of">{html.escape(cell.comparator)}</span>' if cell.comparator else ""
    return f'<span class="cl-said cl-{cell.verdict or "uncompared"}">{said}</span>{figure}'


def _small(text: str) -> str:
    return f'<span class="cl-small">{html.escape(text)}</span>' if text else ""


def _years(cell: Cell) -> str:
    """The line of years as a picture, and the same in words for those who cannot see it."""
    svg = sparkline_svg(cell.years, cell.values, width=96, height=28, decimals=cell.decimals, scale=cell.scale)
    data = base64.b64encode(svg.encode()).decode()
    return (
        f'<img alt="" width="96" height="28" src="data:image/svg+xml;base64,{data}">'
        f'<span class="cl-hidden">{html.escape(cell.years_text)}</span>'
    )
