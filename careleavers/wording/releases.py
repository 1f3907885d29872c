"""How new the figures are and which release is due, in words: rows of ``queries/releases_due.sql``."""

from __future__ import annotations

import pandas as pd

from careleavers.wording.formats import Row, missing
from careleavers.wording.tables import records


def due_notes(rows: pd.DataFrame) -> list[str]:
    """A sentence for each release that is due or overdue and not held, each source once; [] where none is.

    Parameters
    ----------
    rows
        Rows of ``queries/releases_due.sql``.

    Returns
    -------
    list[str]
    """
    late = rows[rows["state"].isin(["due", "overdue"])].drop_duplicates("source")
    return [_due_note(row) for row in records(late)]


def late_sources(rows: pd.DataFrame) -> dict[str, str]:
    """What to add about the next release of each source that is due or overdue and not held: "next is due".

    Parameters
    ----------
    rows
        Rows of ``queries/releases_due.sql``.

    Returns
    -------
    dict[str, str]
        By source.
    """
    late = rows[rows["state"].isin(["due", "overdue"])]
    return {
        str(source): "next is due" if state == "due" else "next is late"
        for source, state in zip(late["source"], late["state"], strict=True)
    }


def _due_note(row: Row) -> str:
    when = f"{row['due_by']:%B %Y}"
    if row["state"] == "due":
        return f"The {when} release of “{row['title']}” is due now; its figures are not here yet."
    return f"The release of “{row['title']}” that was due by {when} is not here yet."


def next_release(row: Row) -> str:
    """When the next release of one measure is expected, and whether it is late: "expected November 2026; due now, not here yet".

    Parameters
    ----------
    row
        A row of ``queries/definitions.sql``: ``next_release`` and ``state``.

    Returns
    -------
    str
    """
    expected = "not known" if missing(row["next_release"]) or not row["next_release"] else str(row["next_release"])
    late = {"due": "due now, not here yet", "overdue": "overdue, not here yet"}.get(str(row["state"]), "")
    return f"{expected}; {late}" if late else expected
