"""What is new, in words: a title, a sentence and a link for each event of ``queries/whats_new.sql``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.importer.inspections import COMPILED
from careleavers.views.inspections.words import COMPILED_WORDS, event_date, event_name
from careleavers.wording.formats import Row, day_text, join_words, missing, published_text
from careleavers.wording.tables import records

FULL = "full"


@dataclass(frozen=True)
class NewsItem:
    """One thing that is new.

    Attributes
    ----------
    key
        What it is known by; it never changes. It begins with the kind and, for a release, the source: ``release:…``.
    day
        When it came out.
    title, detail
        What it is, and what is to be said of it.
    page, choices
        The page that shows it, and what its address says to do so.
    """

    key: str
    day: dt.date
    title: str
    detail: str
    page: str
    choices: Mapping[str, str]


def events(rows: pd.DataFrame) -> list[NewsItem]:
    """The events of ``queries/whats_new.sql``, in its order.

    Parameters
    ----------
    rows
        Rows of ``queries/whats_new.sql``.

    Returns
    -------
    list[NewsItem]
    """
    return [_event(row) for row in records(rows)]


def _event(row: Row) -> NewsItem:
    kind, day = str(row["kind"]), row["day"]
    key = ":".join([kind, str(row["source"]), str(row["release"])])
    page, choices = "definitions", {"part": "Data and licence"}
    if kind == "inspection":
        # An inspection may be taken from another source later; it is still the same inspection.
        key = ":".join([kind, str(row["authority_code"]), f"{_known_by(row):%Y-%m-%d}", str(row["inspection_type"])])
        page, choices = "inspections", {"authority": str(row["authority_name"])}
        title, detail = _inspection(row)
    elif kind == "upload":
        page, choices = "local_figures", {}
        title = f"Local figures of {row['publisher']}"
        detail = f"Uploaded on {row['published']}: the council’s own figures, not official statistics."
    elif kind == "release":
        title = f"Release: {row['title']}"
        detail = f"{row['publisher']}, {published_text(row['published'])}. {row['covers']}."
    elif kind == "restatement":
        page, choices = "trends", {}
        title = f"Earlier figures restated: {row['title']}"
        detail = f"The {row['release']} release changed {_figures(row)} for earlier years. The Trends page shows what they were before."
    else:
        page, choices = "trends", {}
        title = f"Different percentages: {row['title']}"
        detail = f"For {_figures(row)} it gives a different percentage from the release that has the counts; the release’s is shown."
    return NewsItem(key, day.date() if isinstance(day, pd.Timestamp) else day, title, detail, page, choices)


def _known_by(row: Row) -> Any:
    return row["publication_date"] if missing(row["inspection_date"]) else row["inspection_date"]


def _inspection(row: Row) -> tuple[str, str]:
    name = event_name(str(row["inspection_type"]))
    title = f"{row['authority_name']}: {name}"
    parts = [f"{name[:1].upper()}{name[1:]} of {event_date(row)}"]
    if not missing(row["inspection_date"]) and not missing(row["publication_date"]):
        parts.append(f"report published {day_text(row['publication_date'])}")
    detail = f"{', '.join(parts)}."
    if row["event"] == FULL:
        title += f", care leavers: {row['care_leavers']}"
        detail += f" Overall effectiveness: {row['overall_effectiveness']}."
    if row["source"] == COMPILED:
        detail += f" {COMPILED_WORDS[:1].upper()}{COMPILED_WORDS[1:]}."
    elif row["source"] == "local":
        detail += " Reported by the council."
    return title, detail


def _figures(row: Row) -> str:
    number, areas = int(row["figures"]), int(row["authorities"])
    figures = f"{number:,} figure{'' if number == 1 else 's'}"
    return f"{figures} of {areas} authorities" if areas > 1 else figures


def by_month(every: Iterable[NewsItem]) -> dict[str, list[NewsItem]]:
    """Events under "June 2026" and so on, in their order.

    Parameters
    ----------
    every
        The news, in the order in which it is shown.

    Returns
    -------
    dict[str, list[NewsItem]]
    """
    months: dict[str, list[NewsItem]] = {}
    for event in every:
        months.setdefault(f"{event.day:%B %Y}", []).append(event)
    return months


def since_line(rows: pd.DataFrame, name: str, since: dt.date) -> str:
    """What is new for one authority since a day, in one line of plain text.

    Parameters
    ----------
    rows
        Rows of ``queries/whats_new.sql``.
    name
        The authority as it is named on pages.
    since
        The day that the reader counts from.

    Returns
    -------
    str
    """
    found = records(rows)
    said = []
    for row in (each for each in found if each["kind"] == "inspection"):
        judged = f" (care leavers: {row['care_leavers']})" if row["event"] == FULL else ""
        said.append(f"Ofsted’s {event_name(str(row['inspection_type']))} of {event_date(row)}{judged}")
    counts = (
        (sum(row["kind"] == "upload" for row in found), "upload{} of local figures"),
        (sum(row["figures"] for row in found if row["kind"] == "restatement"), "restated figure{} of earlier years"),
        (sum(row["kind"] == "release" for row in found), "release{}"),
    )
    said += [f"{number:,} {words.format('' if number == 1 else 's')}" for number, words in counts if number]
    if not said:
        return f"Nothing new for {name} since {day_text(since)}: no release, upload, inspection or restated figure."
    return f"New for {name} since {day_text(since)}: {join_words(said)}."
