"""What the Upload page says of a file, of what was found in it, and of what accepting it would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.intake.report import RuleReport, cells_text, printable, shortened
from careleavers.model import Indicator
from careleavers.store import Entry
from careleavers.uploads import UploadCheck
from careleavers.views.local_figures.words_newest import BASES
from careleavers.wording.formats import day_text, join_words, missing, sentence_case, with_age

LAYERS = {"provisional": "Provisional", "final": "Final"}
INTRODUCTION = (
    "Upload your council’s figures for a quarter, or a release from the department. Every cell is checked, you see what "
    "would change before anything does, and an upload can be undone on the History page."
)
_WHAT_IS_TAKEN = (
    "CSV, Excel (.xlsx) or OpenDocument (.ods), up to {megabytes} MB and {rows:,} rows: the template, the department’s own files "
    "as published, a list of indicators of your own, or inspections and visits. **Totals only**: a file with names, dates "
    "of birth or other columns about individual young people is refused unread, and nothing of it is kept."
)
ABOUT_TEMPLATE = (
    "Fill in what you have and leave the rest empty: rows without a figure are skipped. Percentages need their "
    "numerator and denominator, because only counts can be rounded before viewers see them."
)
KINDS = {
    "local": "local figures",
    "release": "a release from the department",
    "catalogue": "indicators of the council’s own",
    "events": "inspections and visits",
}
SECTIONS = {
    "must fix": ("Must be fixed first", "Nothing in the file is kept until these are put right."),
    "please confirm": ("Please confirm", "Unusual, but possible. If they are right, say so when you accept the file."),
    "for information": ("For information", "Nothing to do: how some cells were understood."),
}
# Where to look once an upload of a kind is accepted: the page and the words of the link.
NEXT: dict[str, tuple[tuple[str, str], ...]] = {
    "local": (("local_figures", "See the local figures"), ("trends", "See them on Trends")),
    "release": (("at_a_glance", "See the figures at a glance"),),
    "catalogue": (("definitions", "See the definitions"),),
    "events": (("inspections", "See the inspections"),),
}
REFUSED = "The file was refused, and nothing of it is kept."
AGAIN = "Try again"
PREVIEWING = "Working out what every page would show"
WORKING = "Saving it and putting the new figures on every page"
# Findings of one rule that are listed on the page; all of them are in the checked file and the report.
MOST_LISTED = 200
EFFECTS = {
    "new": "New",
    "finalised": "Final over provisional",
    "restated": "Restated",
    "unchanged": "Unchanged",
    "same as published": "Same as published",
    "superseded": "Stay as they are",
}


def what_is_taken(most_bytes: int, most_rows: int) -> str:
    """Which files can be uploaded, as a paragraph.

    Parameters
    ----------
    most_bytes, most_rows
        Size of the largest file, and the most rows of one: settings of the dashboard.

    Returns
    -------
    str
    """
    return _WHAT_IS_TAKEN.format(megabytes=most_bytes // 1024**2, rows=most_rows)


def recognised(checked: UploadCheck) -> str:
    """What the file is and how it was read: ``local figures: 24 figures, header in row 1, read as UTF-8 …``.

    Parameters
    ----------
    checked
        The file as read and checked.

    Returns
    -------
    str
    """
    draft = checked.draft
    count, what = (len(draft.entries), "row") if len(draft.entries) else (len(draft.figures), "figure")
    sheet = f", sheet “{draft.sheet.sheet}”" if draft.sheet.sheet else ""
    left = join_words(f"{count:,} {what}{'s' if count != 1 else ''}" for what, count in draft.sheet.skipped.items())
    return (
        f"{KINDS[draft.kind]}: {count:,} {what}{'s' if count != 1 else ''}, header in row {draft.header_row}, read as "
        f"{draft.sheet.how}{sheet}{f'; left out: {left}' if left else ''}."
    )


def findings_table(rule: RuleReport) -> tuple[pd.DataFrame, str]:
    """The findings of one rule as a table, and how many more there are.

    Parameters
    ----------
    rule
        What one rule found.

    Returns
    -------
    tuple[pandas.DataFrame, str]
        Columns: Where, Found (only where anything was), Expected, How to fix it; and a sentence about those left out.
    """
    shown, more = rule.shown(MOST_LISTED)
    table = pd.DataFrame(
        [
            {
                "Where": sentence_case(cells_text(finding) or "the file"),
                "Found": shortened(finding.found),
                "Expected": printable(finding.expected),
                "How to fix it": printable(finding.fix),
            }
            for finding in shown
        ]
    )
    return (table if table["Found"].any() else table.drop(columns="Found")), more


def effect_headline(effects: Mapping[str, int], hidden: int) -> str:
    """What a file changes, in a sentence: how many figures of each effect, and how many of them viewers will not see.

    Parameters
    ----------
    effects
        How many figures there are of each effect, a key of :data:`EFFECTS`.
    hidden
        How many of them viewers will not see.

    Returns
    -------
    str
    """
    parts = [f"{count:,} {word.lower()}" for effect, word in EFFECTS.items() if (count := effects.get(effect, 0))]
    head = join_words(parts) or "nothing"
    return f"{head[:1].upper()}{head[1:]}" + (f"; {hidden:,} hidden from viewers." if hidden else ".")


def effect_table(table: pd.DataFrame, effect: str, *, release: bool) -> pd.DataFrame:
    """What a file changes, under the words of the page.

    Parameters
    ----------
    table
        Rows of :meth:`careleavers.intake.preview.Preview.table`.
    effect
        Which effect they have.
    release
        Whether they are of a release, which is not rounded: everybody may see what the department publishes.

    Returns
    -------
    pandas.DataFrame
        Columns: Row, Authority, Measure, Ages, Period, Was (not of what is new), Now, Viewers see it (not of a
        release).
    """
    names = {
        "row": "Row", "authority": "Authority", "measure": "Measure", "ages": "Ages", "period": "Period",
        "was": "Was", "now": "Now", "hidden": "Viewers see it",
    }  # fmt: skip
    table = table.rename(columns=names)
    if release:
        table = table.drop(columns="Viewers see it")
    else:
        table["Viewers see it"] = (
            table["Viewers see it"].map({True: "no, hidden", False: "yes, rounded"}).fillna("yes, rounded")
        )
    if effect == "superseded":
        return table.rename(columns={"Was": "Held, and stays", "Now": "In this file"})
    return table.drop(columns="Was") if effect == "new" else table


def entry_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of a catalogue or of events as a table of texts: Effect, then the columns that any row has something in.

    Parameters
    ----------
    frame
        The rows, each with its ``effect``.

    Returns
    -------
    pandas.DataFrame
        Columns of texts, one row per entry.
    """
    texts = frame.drop(columns="effect").map(lambda cell: "" if missing(cell) else one_line(_day(cell)))
    filled = texts.loc[:, [bool(texts[column].any()) for column in texts]]
    filled.insert(0, "Effect", [EFFECTS[effect] for effect in frame["effect"]])
    return filled.rename(columns=lambda name: sentence_case(str(name).replace("_", " ")))


def _day(cell: Any) -> str:
    return day_text(cell) if isinstance(cell, dt.date) else str(cell)


def every_authority(count: int) -> str:
    """The choice of a template for all authorities that an officer uploads for.

    Parameters
    ----------
    count
        How many there are.

    Returns
    -------
    str
    """
    return f"All {count} authorities"


def measure_label(row: Mapping[Any, Any]) -> str:
    """A measure with its ages and the time it covers, for a list: ``In touch with the council, aged 19 to 21 (quarter)``.

    Parameters
    ----------
    row
        A mapping with ``short_title``, ``age_group`` and ``basis``.

    Returns
    -------
    str
    """
    return f"{with_age(str(row['short_title']), str(row['age_group']))} ({BASES[str(row['basis'])].lower()})"


def drawable_measures(
    figures: pd.DataFrame, latest: pd.DataFrame | None, indicators: Mapping[str, Indicator]
) -> dict[tuple[str, str, str], str]:
    """The measures among an authority's figures of a file that can be drawn.

    Parameters
    ----------
    figures
        The authority's figures in the file.
    latest
        The answer of ``queries/local_latest.sql`` as it would be; None for a release.
    indicators
        The measures by id, as they would be.

    Returns
    -------
    dict[tuple[str, str, str], str]
        Label by indicator, age group and basis.
    """
    given = dict.fromkeys(figures[["indicator", "age_group", "basis"]].itertuples(index=False, name=None))
    if latest is None:
        return {key: with_age(indicators[key[0]].short_title, key[1]) for key in given if key[0] in indicators}
    rows = {(row["indicator"], row["age_group"], row["basis"]): row for row in latest.to_dict("records")}
    return {key: measure_label(row) for key, row in rows.items() if key in given}


def accept_label(checked: UploadCheck, second: bool) -> str:
    """What the last button says.

    Parameters
    ----------
    checked
        The file as read and checked.
    second
        Whether a second officer has to approve it.

    Returns
    -------
    str
    """
    what = f"as {checked.layer}" if checked.draft.kind == "local" else KINDS[checked.draft.kind]
    return f"Send {what} to be approved" if second else f"Accept {what}"


def accepted(entry: Entry, checked: UploadCheck, second: bool) -> str:
    """What happened when the button was pressed.

    Parameters
    ----------
    entry
        The entry that the store made of it.
    checked
        The file as read and checked.
    second
        Whether a second officer has to approve it.

    Returns
    -------
    str
    """
    rows = len(checked.draft.figures) + len(checked.draft.entries)
    head = f"Upload {entry.upload} with {rows:,} {'row' if rows == 1 else 'rows'}"
    return f"{head} waits for a second officer." if second else f"{head} is accepted and shows from now on."


def one_line(text: str) -> str:
    """The text on one line and without control characters. It is not escaped for a page.

    Parameters
    ----------
    text
        What somebody wrote.

    Returns
    -------
    str
    """
    return printable(" ".join(text.split()))
