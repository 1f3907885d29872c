"""A briefing as a PDF: typst sets it in Liberation Sans, which comes with the product, on two sides of A4, tagged as PDF/UA-1 asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from careleavers.charts import sparkline_svg
from careleavers.charts.text import number
from careleavers.pictures import FONTS
from careleavers.views.at_a_glance.parts import Cell, MeasureTable, Shares
from careleavers.views.at_a_glance.words import MARKS
from careleavers.views.briefing.view import Briefing
from careleavers.views.commentary.words import heading, more_said
from careleavers.wording.formats import day_text

_HERE = Path(__file__).parent
_PRODUCT = "Care leaver outcomes"
PAGES = 2
# Sizes of text in points that are tried in turn, until everything stands on two pages. Nothing is smaller than 8 pt.
_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_READING = f"{MARKS} All percentages are drawn on one scale, 0 to 100%."


def pdf(briefing: Briefing) -> bytes:
    """Set a briefing.

    Parameters
    ----------
    briefing
        What it says.

    Returns
    -------
    bytes
        A PDF of two A4 pages; more only if the text does not fit on two in the smallest type size. The same briefing gives the
        same bytes.

    Raises
    ------
    typst.TypstError
        When it cannot be set, which is a fault of ours.
    """
    made = b""
    # What the council says takes what room there is: the last of it is left out, and named, before anything is too small.
    for count in range(len(briefing.comments), -1, -1):
        said = json.dumps(_said(briefing, count), ensure_ascii=False)
        for size in _SIZES if count in {0, len(briefing.comments)} else _SIZES[-1:]:
            made = _set(said, size)
            if _pages(made) <= PAGES:
                return made
    return made


def _set(said: str, size: float) -> bytes:
    made = typst.compile(
        str(_HERE / "briefing.typ"),
        root=str(_HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"briefing": said, "small": str(size)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def _pages(made: bytes) -> int:
    """How many pages a PDF of typst's has; what describes a page is not compressed."""
    return made.count(b"/Type/Page/")


def _said(briefing: Briefing, comments: int) -> dict[str, Any]:
    """The briefing with so many comments as JSON, in the shape that ``briefing.typ`` reads."""
    glance = briefing.glance
    shown, left = briefing.comments[:comments], briefing.comments[comments:]
    return {
        "title": glance.title,
        "description": f"Two-page briefing on the care leavers of {briefing.name}",
        "author": _PRODUCT,
        "product": _PRODUCT,
        "made": f"Briefing, {day_text(briefing.day)}",
        "day": [briefing.day.year, briefing.day.month, briefing.day.day],
        "foot": f"{_PRODUCT}, data version {briefing.version}" + (f" · {briefing.address}" if briefing.address else ""),
        "about": [{"text": run.text, "strong": run.strong} for run in glance.about],
        "compared": briefing.compared,
        "cards": [
            {
                "kind": card.kind,
                "title": card.title,
                "empty": card.empty,
                "lines": [
                    {
                        "size": line.size,
                        "counts": line.counts,
                        "notes": [note for note in (line.note, line.other_age) if note],
                    }
                    for line in card.lines
                ],
            }
            for card in glance.cards
        ],
        "questions_title": "Questions to ask" if len(glance.questions) > 1 else "A question to ask",
        "questions": [{"text": each.text, "evidence": each.evidence} for each in glance.questions],
        "shares": [_shares(each) for each in glance.shares],
        "tables": [_table(each) for each in glance.tables],
        "reading": _READING,
        "comments_title": heading(briefing.name),
        "comments": [{"about": each.about, "paragraphs": each.paragraphs, "by_line": each.by_line} for each in shown],
        "comments_left": more_said([each.about for each in left]) if left else "",
        "definitions": briefing.definitions,
        "sources": briefing.sources,
    }


def _shares(shown: Shares) -> dict[str, Any]:
    groups: dict[str, dict[str, dict[str, Any]]] = {}
    for row in shown.bars.to_dict("records"):
        bars = groups.setdefault(str(row["group"]), {})
        bar = bars.setdefault(
            str(row["bar"]), {"name": row["bar"], "role": row["role"], "reason": row["reason"], "parts": []}
        )
        bar["parts"].append({"value": number(row["value"]), "text": row["value_text"]})
    answers = shown.columns[2:]
    return {
        "heading": shown.heading,
        "alt": shown.chart.alt,
        "answers": answers,
        "key": " | ".join(answers),
        "groups": [{"name": name, "bars": list(bars.values())} for name, bars in groups.items()],
        "source": shown.footer.text(),
    }


def _table(shown: MeasureTable) -> dict[str, Any]:
    return {
        "caption": shown.caption,
        "ages": shown.ages,
        "comparator": shown.comparator,
        "span": shown.span,
        "rows": [
            {"title": row.title, "period": row.period, "cells": [cell and _cell(cell) for cell in row.cells]}
            for row in shown.rows
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "age": cell.age,
        "figure": cell.figure,
        "counted": cell.counted,
        "verdict": cell.verdict,
        "verdict_text": cell.verdict_text,
        "comparator": cell.comparator,
        "rank": cell.rank,
        "reason": cell.reason,
        "years_text": cell.years_text or "no figures",
        "svg": sparkline_svg(cell.years, cell.values, width=96, height=24, decimals=cell.decimals, scale=cell.scale),
    }
