"""How new the figures are and which release is due, in words: rows of ``queries/releases_due.sql``."""

from __future__ import annotations

import pandas as pd

from careleavers.wording.formats import Row, missing


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
    return [_due_note({str(key): cell for key, cell in row.items()}) for row in late.to_dict("records")]


def due_text(rows: pd.DataFrame) -> str:
    """The sentences of :func:`due_notes` as a paragraph of Markdown with the line break after it; "" where there are none.

    Parameters
    ----------
    rows
        Rows of ``queries/releases_due.sql``.

    Returns
    -------
    str
    """
    notes = due_notes(rows)
    return f"**Due:** {' '.join(notes)}\n\n" if notes else ""


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
