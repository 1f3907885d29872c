"""What is said about a council's own figures of its newest quarter: the finding, texts for the table, cautions, downloads.

From the rows of ``queries/local_latest.sql``. Words only: change, target and order are columns of those rows already.
Local figures are never called better or worse than official ones.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from careleavers.quarters import financial_year_start
from careleavers.wording.changes import change_text, not_known
from careleavers.wording.findings import CLEAR, TARGET_WORDS, VERDICT_WORDS, in_words
from careleavers.wording.formats import (
    MONTHS,
    Row,
    age_text,
    day_text,
    join_words,
    missing,
    published_text,
    sentence_case,
    taken_text,
    value_text,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records, upload_words

# In the order in which they are offered.
BASES = {
    "quarter": "Quarter",
    "year_to_date": "Year to date",
    "rolling_12m": "Rolling 12 months",
    "snapshot": "Snapshot",
    "full_year": "Whole year",
}
NOT_OFFICIAL = "the council’s own figures, not official statistics"
TABLE_NOTE = (
    "A change since the same quarter of last year is named only where a test says it is more than chance. A target is the "
    "council’s own. The last official year is given for reference: it is counted differently and not compared."
)
LAYERS = {"provisional": "provisional: they may change", "final": "final"}
_NOT_UPLOADED = "nothing was uploaded"


def period_words(period_end: Any, basis: str) -> str:
    """The time that a figure is about: ``July to September 2025``, ``12 months to September 2025``, ``30 September 2025``.

    Parameters
    ----------
    period_end, basis
        The last day of the period, and what a figure covers: a day, a quarter, twelve months.

    Returns
    -------
    str
    """
    day = pd.Timestamp(period_end)
    month, year = MONTHS[day.month - 1], day.year
    if basis == "snapshot":
        return day_text(day)
    if basis == "full_year":
        return f"year to {day_text(day)}"
    if basis == "rolling_12m":
        return f"12 months to {month} {year}"
    if basis == "year_to_date":
        began = financial_year_start(day.date())
        return f"April to {month} {year}" if began == year else f"April {began} to {month} {year}"
    return f"{MONTHS[(day.month - 3) % 12]} to {month} {year}"


def in_period(period_end: Any, basis: str) -> str:
    """The same in a sentence: ``in July to September 2025``, ``on 30 September 2025``, ``in the year to 31 March 2025``.

    Parameters
    ----------
    period_end, basis
        The last day of the period, and what a figure covers: a day, a quarter, twelve months.

    Returns
    -------
    str
    """
    said = period_words(period_end, basis)
    if basis == "snapshot":
        return f"on {said}"
    return f"in the {said}" if basis in {"full_year", "rolling_12m"} else f"in {said}"


def reason(row: Row) -> str:
    """Why there is no figure, in a few words.

    Parameters
    ----------
    row
        A row with ``status``.

    Returns
    -------
    str
    """
    return _NOT_UPLOADED if row["status"] == "missing" else status(row["status"]).short


def figure_text(row: Row, column: str = "value", code: str = "status", more: int = 0) -> str:
    """A figure as shown, or a mark in its place.

    Parameters
    ----------
    row
        A row with ``unit`` and ``decimals``.
    column
        Where the figure is.
    code
        Where the status is that gives the mark; "" for no mark.
    more
        Decimals beyond those of the measure.

    Returns
    -------
    str
    """
    if code and missing(row[code]):
        return ""
    rounded_to = row.get({"value": "rounded", "previous_value": "previous_rounded"}.get(column, ""))
    return value_text(row[column], row["unit"], int(row["decimals"]) + more, row[code] if code else "ok", rounded_to)


def note(row: Row) -> str:
    """What a reader must know about one figure, in few words: why it is missing, that it is small or restated.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    str
    """
    parts = [reason(row)] if missing(row["value"]) else []
    if not_known(row) and not missing(row["value"]):
        parts.append(not_known(row) + (" (so a low figure may not be good news)" if row["low_is_no_merit"] else ""))
    if row["small_cohort"] and not missing(row["value"]):
        parts.append("small group")
    if row["restated"]:
        parts.append("restated")
    return ", ".join(parts)


def target_text(row: Row) -> str:
    """The target and whether the figure reaches it: ``55%: not met``; empty where there is none.

    Where the two round to the same text and yet the target is missed, the figure is given with it.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    str
    """
    if missing(row["target"]):
        return ""
    shown = figure_text(row, "target", "")
    if not row["target_met"]:
        return (
            f"{shown}: not judged, {not_known(row)}" if row["low_is_no_merit"] and not missing(row["value"]) else shown
        )
    beside = f" ({figure_text(row, more=1)})" if row["target_met"] == "not_met" and shown == figure_text(row) else ""
    return f"{shown}: {TARGET_WORDS[row['target_met']]}{beside}"


def change_words(row: Row) -> str:
    """What changed since a year earlier, with an arrow only where a test supports one; why it cannot be said.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    str
    """
    if missing(row["value"]):
        return "cannot be said"
    said = change_text(row["change"], row["change_verdict"], row["unit"], int(row["decimals"]))
    if said:
        return said
    return "no figure a year earlier" if missing(row["previous_status"]) else "the earlier figure is not shown"


def official_text(row: Row) -> tuple[str, str]:
    """The last official figure with England's, and the period of both: ``46%, England 54%``; empty where none is.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    tuple[str, str]
        Two empty texts where none is published.
    """
    if missing(row["official_period"]):
        return "", ""
    own = figure_text(row, "official_value", "official_status")
    england = f", England {figure_text(row, 'official_england', '')}" if not missing(row["official_england"]) else ""
    return f"{own}{england}", period_words(row["official_period"], row["official_basis"])


def _layer_words(rows: Sequence[Row]) -> str:
    layers = sorted({str(row["layer"]) for row in rows}, reverse=True)
    return " and ".join(layers)


def _when(rows: Sequence[Row]) -> str:
    """The newest quarter in words, or the period itself where none of the figures is of a quarter."""
    bases = {row["basis"] for row in rows}
    basis = bases.pop() if len(bases) == 1 else "quarter"
    return period_words(rows[0]["period_end"], basis)


def newest(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The figures that the headline counts: of the newest quarter, one per measure and age.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.

    Returns
    -------
    list[dict[str, Any]]
        Rows of ``queries/local_latest.sql`` as dictionaries.
    """
    return records(frame[frame["is_newest"] & frame["is_main"]])


def headline(frame: pd.DataFrame, name: str) -> str:
    """The finding on the newest quarter of an authority, from the rows of ``queries/local_latest.sql``.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.
    name
        The council.

    Returns
    -------
    str
    """
    rows = newest(frame)
    return f"{name}, {_when(rows)} (local figures, {_layer_words(rows)}): {_finding(rows)}"


def _finding(rows: Sequence[Row]) -> str:
    shown = [row for row in rows if not missing(row["value"])]
    if not shown:
        one = len(rows) == 1
        return "the only figure cannot be shown" if one else f"none of the {len(rows)} figures can be shown"
    tested = [row for row in shown if row["change_verdict"] not in {"", "not_tested"}]
    if not tested:
        one = len(shown) == 1
        return f"{len(shown)} {'figure' if one else 'figures'}, {'which' if one else 'none of which'} can{'not' if one else ''} be tested against a year ago"
    counts = {verdict: sum(row["change_verdict"] == verdict for row in tested) for verdict in CLEAR}
    moved: list[str] = []
    for verdict, count in counts.items():
        if count:
            moved.append(f"{VERDICT_WORDS[verdict]}{'' if moved else ' than a year ago'} on {count}")
    still = sum(row["change_verdict"] == "no_clear_change" for row in tested)
    measures = f"{len(tested)} {'measure' if len(tested) == 1 else 'measures'}"
    if not still:
        return f"{join_words(moved)} of {measures}"
    if not moved:
        return f"none of {measures} has moved more than chance would explain"
    return f"{still} of {measures} {'has' if still == 1 else 'have'} moved no more than chance would explain; {', '.join(moved)}"


def caption(frame: pd.DataFrame, name: str) -> str:
    """What heads the table: what most of its rows share, so that a row says only what differs (:func:`row_about`).

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.
    name
        The council.

    Returns
    -------
    str
    """
    rows = newest(frame)
    return f"{name}, {_when(rows)}: local figures, {_layer_words(rows)}"


def row_about(row: Row, shared: bool) -> str:
    """Ages, and the period where it is not the table's: ``Aged 19 to 21``, ``12 months to September 2025, final``.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.
    shared
        Whether all rows of the newest quarter are of one layer (provisional or final).

    Returns
    -------
    str
    """
    parts = [age_text(row["age_group"])]
    if not row["is_newest"] or row["basis"] != "quarter":
        parts.append(period_words(row["period_end"], row["basis"]))
    if not shared or not row["is_newest"]:
        parts.append(str(row["layer"]))
    return sentence_case(", ".join(part for part in parts if part))


def detail(frame: pd.DataFrame) -> str:
    """What the headline leaves out, a sentence per part: whose figures, targets, what is not tested, hidden or older.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.

    Returns
    -------
    str
    """
    rows = newest(frame)
    layers = {str(row["layer"]) for row in rows}
    kind = f" They are {LAYERS[layers.pop()]}." if len(layers) == 1 else " Some are final, others provisional."
    parts = [f"These are {NOT_OFFICIAL}.{kind}"]
    aimed = [row for row in rows if row["target_met"]]
    if aimed:
        met = sum(row["target_met"] == "met" for row in aimed)
        if len(aimed) == 1:
            parts.append(f"The one target that is set is {TARGET_WORDS[aimed[0]['target_met']]}.")
        else:
            parts.append(f"{met} of {len(aimed)} targets are met.")
    shown = [row for row in rows if not missing(row["value"])]
    untested = [row for row in shown if row["change_verdict"] in {"", "not_tested"}]
    if untested and len(untested) < len(shown):
        parts.append(
            f"{len(untested)} more cannot be tested: there is no figure from a year ago, or no counts to test with."
        )
    if hidden := len(rows) - len(shown):
        parts.append(f"{hidden} of {len(rows)} figures cannot be shown; each row says why.")
    older = int((frame["is_main"] & ~frame["is_newest"]).sum())
    if older:
        parts.append(f"{older} {'measure has' if older == 1 else 'measures have'} no figure for this quarter: the newest earlier one comes last in the table.")  # fmt: skip
    return " ".join(parts)


def cautions(frame: pd.DataFrame) -> list[str]:
    """What to bear in mind about local figures, a sentence or two each; what concerns these rows comes last.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.

    Returns
    -------
    list[str]
    """
    notes = [
        "Local figures are the council’s own. Nobody outside it has checked them, and the department has not published them.",
        "A quarter is compared with the same quarter of last year only, because the time of year alone moves many figures. "
        "A change is named only where a test says it is more than chance.",
        "Four quarters do not add up to the official year: the department counts young people around their birthday in the "
        "year, and a council may count all at the end of a quarter. The official figures are shown for reference, not to compare.",
        "A target is the council’s own aim. It is met or missed by the figure as it stands, which chance can move either way.",
    ]
    if frame["small_cohort"].any():
        notes.append(
            "“Small group”: the base is under the number below which one person more or less changes the figure a lot. Look at "
            "several quarters."
        )
    if frame["rounded"].notna().any():
        notes.append(rounding_words(frame))
    if (frame["status"] == "few").any():
        notes.append(
            "[few] There are too few young people for a figure to be shown. It is not shown on any page or in any download."
        )
    if (frame["status"] == "c").any():
        notes.append(
            "[c] A figure is hidden where the council or the department has hidden it, or where it comes as a percentage "
            "without its counts. It is hidden on every page and in every download."
        )
    if frame["restated"].any():
        notes.append("“Restated”: the council has replaced a figure that it uploaded before; the newest is shown.")
    return notes


def rounding_words(frame: pd.DataFrame) -> str:
    """Why the numbers are not exactly the council's.

    Parameters
    ----------
    frame
        Rows that have the column ``rounded``.

    Returns
    -------
    str
    """
    step = f"{frame['rounded'].dropna().iloc[0]:.0f}"
    return (
        f"Counts of young people are rounded to {step}, whether small or large, so that nobody can be recognised from them; "
        "percentages, intervals and changes are worked out from the rounded counts. “Few or none” need not be none, and "
        "100% need not be all."
    )


def download(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are exported, with ids: exact values, findings, source, upload.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns of the query that a reader can use, codes in words.
    """
    return in_words(frame.drop(columns=["position", "phrase", "theme", "decimals", "interval", "caveats", "newest_period", "is_newest", "is_main", "concern"]))  # fmt: skip


def releases(frame: pd.DataFrame, prefix: str = "") -> list[tuple[str, str]]:
    """The uploads or releases that rows come from.

    Parameters
    ----------
    frame
        Rows with ``source`` and ``release``.
    prefix
        "official_" for the releases of the official figures shown with them; "" for the uploads.

    Returns
    -------
    list[tuple[str, str]]
        Source and release.
    """
    held = frame[frame[f"{prefix}release"].notna()]
    pairs = held[[f"{prefix}source", f"{prefix}release"]].drop_duplicates()
    found = [(str(source), str(number)) for source, number in pairs.itertuples(index=False, name=None)]
    # Uploads are numbered, so that 9 comes before 10.
    return sorted(found, key=lambda pair: (pair[0], len(pair[1]), pair[1]))


def about(
    subject: Mapping[str, str], names: Sequence[str], found: Sequence[Row], official: Sequence[Row], taken: dt.date,
    version: str,
) -> dict[str, str]:  # fmt: skip
    """The lines that describe a downloaded table.

    Parameters
    ----------
    subject
        Its first lines, such as Authority and Period.
    names
        The councils whose figures these are.
    found, official
        Rows of ``queries/release.sql``: of the uploads, and of the official figures shown with them.
    taken
        The day on which it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label.
    """
    said = {
        **subject,
        "Kind": f"Local figures: {NOT_OFFICIAL}",
        "Source": f"{join_words(names)}, {upload_words(found)}",
        "Licence": "; ".join(dict.fromkeys(str(row["licence"]) for row in found)),
    }
    if official:
        said["Official figures"] = "; ".join(
            f"{row['publisher']}, {row['title']}, release {row['release']} ({published_text(row['published'])}), {row['licence']}"
            for row in official
        )
    return {
        **said,
        "Caveats": " ".join(
            (
                "Compare a quarter with the same quarter of last year only; quarters and official years are counted differently.",
                "Counts of young people are multiples of the number in the column rounded, to protect privacy; percentages are "
                "worked out from them. 0 need not be nobody, and 100% need not be all. "
                "A status of c means hidden to protect privacy, few that there are too few young people.",
            )
        ),
        "Taken": taken_text(taken, version),
    }


def council_links(names: Sequence[str], choices: Mapping[str, str]) -> str:
    """Links, as HTML, to this page of each council that has local figures.

    Parameters
    ----------
    names
        The councils.
    choices
        What every link keeps, as the address has it.

    Returns
    -------
    str
    """
    links = [
        f'<a href="local_figures?{html.escape(urlencode({**choices, "authority": name}))}" target="_self" style="color: inherit">{html.escape(name)}</a>'
        for name in names
    ]
    return f"<p>Councils that have uploaded figures: {join_words(links)}.</p>"


def empty_text(name: str) -> str:
    """What would be here, and who provides it.

    Parameters
    ----------
    name
        The council, escaped already where the text is read as Markdown.

    Returns
    -------
    str
    """
    return (
        f"{name} has not uploaded figures of its own yet. This page would show each quarter’s figures: what has changed since the "
        "same quarter of last year, what meets its target, and a chart of the quarters. A performance officer of the "
        "council uploads them within weeks of the end of each quarter; the official figures come out once a year, in November."
    )
