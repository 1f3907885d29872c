"""What the History page says of uploads, of what was done with them, and of the values that figures have had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.access.people import with_channel
from careleavers.intake.report import printable
from careleavers.store import ErasureResult
from careleavers.views.local_figures.words_newest import BASES
from careleavers.views.upload.words import KINDS, effect_headline, one_line
from careleavers.wording.formats import (
    count_text,
    day_text,
    join_words,
    missing,
    period_text,
    sentence_case,
    value_text,
    with_age,
)

STATES = {
    "in force": "in force",
    "proposed": "waits for a second officer",
    "withdrawn": "withdrawn",
    "declined": "declined",
    "erased": "erased",
}


# What can be done with an upload in each state, and what the button says.
ACTIONS: dict[str, dict[str, str]] = {
    "in force": {"withdraw": "Withdraw"},
    "proposed": {"approve": "Approve", "decline": "Decline"},
    "withdrawn": {"restore": "Put back"},
    "declined": {},
    "erased": {},
}


DONE = {
    "withdraw": "Upload {number} is withdrawn: every figure is what it would be without it.",
    "restore": "Upload {number} is back: every figure is what it was before it was withdrawn.",
    "approve": "Upload {number} is approved and shows from now on.",
    "decline": "Upload {number} is declined: none of its figures was ever shown.",
}


ABOUT_VALUES = (
    "Choose a figure to see each value that was ever uploaded for it, from which file, and whether it is in force, and below "
    "them each value that the department published. Uploaded counts are shown here as they came, small ones included: they "
    "are for officers only."
)


WOULD_CHANGE = "What approving it would change"


SHOW_CHANGES = "Show what it changed, figure by figure"


NOTHING_YET = "Nothing uploaded yet for your authorities."


ERASING = "Erasing it from the store and from the backups that can be reached"


ABOUT_ERASING = (
    "For what the law requires to be erased. Its figures, its note and the file that was kept are deleted for good from the store "
    "and from the backups that can be reached; no earlier data version will show them again. The record that there was an upload, "
    "who sent it, and who erased it, when and why, is kept. This cannot be undone; to take figures back only, withdraw it."
)


AS_AT = "See the figures right after the last of these"


def uploads_table(uploads: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The uploads as a table, in their order.

    Parameters
    ----------
    uploads
        Rows of :meth:`careleavers.store.Store.uploads`.
    names
        The name of each authority by its code.

    Returns
    -------
    pandas.DataFrame
        Columns: Upload, State, What, Rows, File, Uploaded, Note.
    """
    rows = uploads.to_dict("records")
    return pd.DataFrame(
        {
            "Upload": uploads["upload"].astype(int),
            "State": [sentence_case(STATES[row["state"]]) for row in rows],
            "What": [upload_title(row, names) for row in rows],
            "Rows": [f"{int(row['rows']):,}" for row in rows],
            "File": [printable(row["file_name"]) for row in rows],
            "Uploaded": [sentence_case(uploaded_by(row)) for row in rows],
            "Note": [one_line(row["note"]) for row in rows],
        }
    )


def about_list(total: int, shown: int) -> str:
    """How many uploads there are, and how many of them are listed.

    Parameters
    ----------
    total, shown
        How many there are, and how many are listed.

    Returns
    -------
    str
    """
    if total == shown:
        return f"{total:,} {'upload' if total == 1 else 'uploads'}, newest first."
    return f"The newest {shown:,} of {total:,} uploads. The list that you can download has all of them."


def layer_words(upload: Mapping[Any, Any]) -> str:
    """``provisional local figures``, ``a release of the department``.

    Parameters
    ----------
    upload
        A row of :meth:`careleavers.store.Store.uploads`.

    Returns
    -------
    str
    """
    words = KINDS[str(upload["kind"])]
    return f"{upload['layer']} {words}" if upload["kind"] == "local" else words


def upload_title(upload: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """``Provisional local figures of Leeds``.

    Parameters
    ----------
    upload
        A row of :meth:`careleavers.store.Store.uploads`.
    names
        The name of each authority by its code.

    Returns
    -------
    str
    """
    of = areas_text(upload["areas"], names)
    return f"{sentence_case(layer_words(upload))}{f' of {of}' if of else ''}"


def uploaded_by(upload: Mapping[Any, Any]) -> str:
    """``by Ann Ames on 21 November 2026, 14:05 UTC``.

    Parameters
    ----------
    upload
        A row of :meth:`careleavers.store.Store.uploads`.

    Returns
    -------
    str
    """
    name = with_channel(printable(upload["added_name"]), upload["added_issuer"], printable(upload["added_subject"]))
    return f"by {name or 'somebody'} on {moment_text(upload['added_at'])}"


def areas_text(areas: Any, names: Mapping[str, str], most: int = 3) -> str:
    """The names of a few authorities, or how many they are.

    Parameters
    ----------
    areas
        Codes of authorities.
    names
        The name of each authority by its code.
    most
        How many are named at most.

    Returns
    -------
    str
    """
    known = sorted(names.get(str(code), str(code)) for code in areas)
    return join_words(known) if len(known) <= most else f"{len(known)} authorities"


def moment_text(at: Any) -> str:
    """``21 November 2026, 14:05 UTC``.

    Parameters
    ----------
    at
        A moment in UTC.

    Returns
    -------
    str
    """
    return f"{day_text(at)}, {pd.Timestamp(at):%H:%M} UTC"


def awaiting_approval(numbers: list[int]) -> str:
    """``Upload 12 waits for a second officer``.

    Parameters
    ----------
    numbers
        Numbers of uploads.

    Returns
    -------
    str
    """
    what = f"Upload {numbers[0]} waits" if len(numbers) == 1 else f"Uploads {join_words(map(str, numbers))} wait"
    return f"{what} for a second officer. Choose it below to approve or decline it."


def upload_label(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    """An upload in a list of them: ``12: provisional local figures, Leeds, leeds-q2.csv (in force)``.

    Parameters
    ----------
    row
        A row of :meth:`careleavers.store.Store.uploads`.
    names
        The name of each authority by its code.

    Returns
    -------
    str
    """
    of = areas_text(row["areas"], names)
    file = printable(row["file_name"])
    return f"{int(row['upload'])}: {layer_words(row)}{f', {of}' if of else ''}, {file} ({STATES[row['state']]})"


def about_upload(row: Mapping[str, Any], names: Mapping[str, str]) -> pd.DataFrame:
    """What there is to know of one upload.

    Parameters
    ----------
    row
        A row of :meth:`careleavers.store.Store.uploads`.
    names
        The name of each authority by its code.

    Returns
    -------
    pandas.DataFrame
        Columns: What, and the number of the upload as ``Upload 12``.
    """
    if row["state"] == "erased":
        lines = {
            "State": "Erased: nothing of it is kept; below is who did so and why",
            "What it was": upload_title(row, names),
            "Uploaded": sentence_case(uploaded_by(row)),
        }
        return pd.DataFrame({"What": list(lines), f"Upload {int(row['upload'])}": list(lines.values())})
    counts = {key: int(count) for key, count in row["effect"].items()}
    found = [
        f"{title} ({count:,})" for severity in ("please confirm", "for information")
        for title, count in row["checks"].get(severity, {}).items()
    ]  # fmt: skip
    lines = {
        "State": sentence_case(STATES[row["state"]]),
        "What it is": f"{upload_title(row, names)}, {int(row['rows']):,} {'row' if int(row['rows']) == 1 else 'rows'}",
        "Uploaded": sentence_case(uploaded_by(row)),
        "Note": one_line(row["note"]) or "No note",
        "Effect": effect_headline(counts, counts.get("hidden", 0)) if counts else "Not kept",
        "Checks": join_words(found) or "Nothing was found",
        "File": f"{printable(row['file_name'])}, {int(row['size']):,} bytes{retention_note(row['checks'])}",
        "Fingerprint (SHA-256)": row["sha256"],
    }
    return pd.DataFrame({"What": list(lines), f"Upload {int(row['upload'])}": list(lines.values())})


def download_label(checks: Mapping[str, Any]) -> str:
    """What the button says that gives the file back: the original, or what is kept of it.

    Parameters
    ----------
    checks
        What the store keeps of the checks: the cell ``checks`` of an upload.

    Returns
    -------
    str
    """
    return "Download the columns that are kept (CSV)" if "kept" in checks else "Download the original file"


def retention_note(checks: Mapping[str, Any]) -> str:
    """What follows the size of a file: which parts are kept, where that is not everything.

    Parameters
    ----------
    checks
        What the store keeps of the checks: the cell ``checks`` of an upload.

    Returns
    -------
    str
    """
    if "kept" not in checks:
        return ""
    count = int(checks["kept"].get("columns left out", 0))
    left = (
        f"; {count:,} {'column' if count == 1 else 'columns'} that {'was' if count == 1 else 'were'} not used left out"
        if count
        else ""
    )
    return f" (kept as CSV with the rows and columns that were used{left}; the fingerprint is that of the whole file)"


def erase_phrase(number: int) -> str:
    """What an administrator types to erase an upload.

    Parameters
    ----------
    number
        The number of the upload.

    Returns
    -------
    str
    """
    return f"erase {number}"


def erased(number: int, done: ErasureResult) -> list[str]:
    """What came of erasing an upload, and what is left to do.

    Parameters
    ----------
    number
        The number of the upload.
    done
        What the store did.

    Returns
    -------
    list[str]
        A sentence each.
    """
    backups = [f"It was erased from the backup {name}, too." for name in done.backups]
    return [f"Upload {number} is erased. That it was here stays in the ledger.", *backups, *done.left]


def downloads_table(taken: pd.DataFrame) -> pd.DataFrame:
    """Who downloaded what, as a table, in the order given.

    Parameters
    ----------
    taken
        Rows of :meth:`careleavers.store.Store.downloads`.

    Returns
    -------
    pandas.DataFrame
        Columns: On, By, What, Upload.
    """
    rows = taken.to_dict("records")
    return pd.DataFrame(
        {
            "On": [moment_text(row["at"]) for row in rows],
            "By": [printable(with_channel(row["name"], row["issuer"], row["subject"])) for row in rows],
            "What": [sentence_case(one_line(row["what"])) for row in rows],
            "Upload": ["" if missing(row["upload"]) else str(int(row["upload"])) for row in rows],
        }
    )


def about_downloads(total: int, shown: int) -> str:
    """How many downloads there were, and how many of them are listed.

    Parameters
    ----------
    total, shown
        How many there were, and how many are listed.

    Returns
    -------
    str
    """
    if total == shown:
        return f"{total:,} {'download' if total == 1 else 'downloads'}, newest first."
    return f"The newest {shown:,} of {total:,} downloads. The ledger that you can download has all of them."


def entries_table(entries: pd.DataFrame) -> pd.DataFrame:
    """Entries of the ledger as a table, in the order given.

    Parameters
    ----------
    entries
        Rows of :meth:`careleavers.store.Store.ledger`.

    Returns
    -------
    pandas.DataFrame
        Columns: Data version, Done, By, On, Reason.
    """
    return pd.DataFrame(
        {
            "Data version": entries["entry"].astype(int),
            "Done": [sentence_case(str(action)) for action in entries["action"]],
            "By": [
                printable(with_channel(name, issuer, subject))
                for name, issuer, subject in zip(entries["name"], entries["issuer"], entries["subject"], strict=True)
            ],
            "On": [moment_text(at) for at in entries["at"]],
            "Reason": [one_line(reason) for reason in entries["reason"]],
        }
    )


def measure_choices(indicators: pd.DataFrame, uploaded: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The measures of an authority with uploads; one that is no longer defined is called by its id.

    Parameters
    ----------
    indicators
        Rows of ``queries/indicators.sql``, whose order is kept.
    uploaded
        The answer of :meth:`careleavers.store.Store.measures_uploaded`.

    Returns
    -------
    dict[tuple[str, str], str]
        Label by indicator and age group.
    """
    wanted = set(uploaded[["indicator", "age_group"]].itertuples(index=False, name=None))
    known = {
        (row["indicator"], row["age_group"]): with_age(str(row["short_title"]), str(row["age_group"]))
        for row in indicators.to_dict("records")
        if (row["indicator"], row["age_group"]) in wanted
    }
    return known | {pair: with_age(*pair) for pair in sorted(wanted - set(known))}


def values_table(values: pd.DataFrame, unit: str, decimals: int) -> pd.DataFrame:
    """Every uploaded value of a figure, as a table.

    Parameters
    ----------
    values
        Rows of :meth:`careleavers.store.Store.history`.
    unit, decimals
        How the measure's figures are written.

    Returns
    -------
    pandas.DataFrame
        Columns: Period, Value, Counts, Target, State, From, Note.
    """
    rows = values.to_dict("records")
    return pd.DataFrame(
        {
            "Period": [_covered(row["period_end"], row["basis"]) for row in rows],
            "Value": [value_text(row["value"], unit, decimals, row["status"]) for row in rows],
            "Counts": [count_text(row["numerator"], row["denominator"], unit) for row in rows],
            "Target": ["" if missing(row["target"]) else value_text(row["target"], unit, decimals) for row in rows],
            "State": [sentence_case(STATES.get(row["state"], row["state"])) for row in rows],
            "From": [
                f"Upload {int(row['upload'])}, {row['layer']}, {printable(row['file_name'])}, {uploaded_by(row)}"
                for row in rows
            ],
            "Note": ["" if missing(row["note"]) else one_line(row["note"]) for row in rows],
        }
    )


def _covered(period_end: Any, basis: str) -> str:
    """``Quarter to 30 September 2025``, ``Snapshot on 30 September 2025``, ``Year to 31 March 2025``."""
    when = period_text(period_end, basis)
    return f"{BASES[basis]} {when}" if basis in {"snapshot", "year_to_date"} else sentence_case(when)


def more_values(count: int) -> str:
    """That a table of values is cut, and where the rest is.

    Parameters
    ----------
    count
        How many values the table leaves out.

    Returns
    -------
    str
    """
    return f"And {count:,} earlier {'value' if count == 1 else 'values'}; the files to download have all of them."


def in_force(history: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """The history of a figure with the state that uploaded values of releases have among all other releases.

    Parameters
    ----------
    history
        Rows of :meth:`careleavers.store.Store.history`, which knows the uploads alone.
    published
        Rows of ``queries/published_values.sql``, which know what is shown.

    Returns
    -------
    pandas.DataFrame
        The rows of ``history``, with ``state`` put right.
    """
    same = ["period_end", "numerator", "denominator", "value", "status"]
    shown = pd.MultiIndex.from_frame(published.loc[published["state"] == "in force", same])
    lost = (history["layer"] == "published") & (history["state"] == "in force")
    lost &= ~pd.MultiIndex.from_frame(history[same]).isin(shown)
    return history.assign(state=history["state"].mask(lost, "replaced"))


def published_table(values: pd.DataFrame) -> pd.DataFrame:
    """Every published value of a figure, as a table.

    Parameters
    ----------
    values
        Rows of ``queries/published_values.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: Period, Value, Counts, State, Publication, Release.
    """
    rows = values.to_dict("records")
    return pd.DataFrame(
        {
            "Period": [day_text(row["period_end"]) for row in rows],
            "Value": [value_text(row["value"], row["unit"], int(row["decimals"]), row["status"]) for row in rows],
            "Counts": [count_text(row["numerator"], row["denominator"], row["unit"]) for row in rows],
            "State": [row["state"] for row in rows],
            "Publication": [row["title"] for row in rows],
            "Release": [row["release"] for row in rows],
        }
    )
