"""What keeps an upload from being accepted, approved or withdrawn, because of what the store holds already."""

from __future__ import annotations

from careleavers.store.connection import Connection
from careleavers.store.model import (
    DuplicateUpload,
    NewUpload,
    PreviewOutdated,
    StoreProblem,
)
from careleavers.store.rows import (
    entries_of,
    ledger_length,
    run_query,
)
from careleavers.wording.formats import day_text


def refuse_duplicate(connection: Connection, new: NewUpload) -> None:
    """Refuse a file that is in the store already.

    Parameters
    ----------
    connection
        To the store, within a transaction.
    new
        The checked file.

    Raises
    ------
    DuplicateUpload
        When the same file was uploaded as the same kind and layer, and was neither declined nor erased.
    """
    found = run_query(connection, "duplicate_file", sha256=new.sha256, kind=new.kind, layer=new.layer)
    if found.empty:
        return
    first = found.iloc[0]
    number = int(first["upload"])
    what = {
        "in force": f"It is in force. To correct a figure, change it in the file and upload that; to undo it, withdraw upload {number}.",
        "proposed": "It waits for a second person's approval.",
        "withdrawn": f"{first['name'] or 'Somebody'} withdrew it on {day_text(first['at'])}. To have it back, restore upload {number}.",
    }[first["state"]]
    raise DuplicateUpload(
        f"This very file is here already: {first['added_name'] or 'somebody'} uploaded it on {day_text(first['added_at'])} as "
        f"“{first['file_name']}”, upload {number}. {what} Nothing was changed.",
        number,
    )


def refuse_outdated_preview(connection: Connection, expected: int | None, upload: int) -> None:
    """Refuse an upload whose preview no longer holds.

    Parameters
    ----------
    connection
        To the store, within a transaction, with the rows of the upload staged (:mod:`careleavers.store.rows`).
    expected
        The version that the preview was made against; None where there was none.
    upload
        The number of the upload, where it is in the store already; else 0.

    Raises
    ------
    PreviewOutdated
        When entries after ``expected`` changed figures, indicators or events that the upload has, too.
    """
    if expected is None:
        return
    conflicts = run_query(connection, "conflicting_entries", since=expected, upload=upload)
    if not conflicts.empty:
        changes = tuple(zip(entries_of(conflicts), (int(count) for count in conflicts["figures"]), strict=True))
        raise PreviewOutdated(changes, ledger_length(connection) - 1)


def refuse_indicators_in_use(connection: Connection, upload: int, become: str = "withdrawn") -> None:
    """Refuse to take a catalogue out of force while figures in force need its indicators.

    Parameters
    ----------
    connection
        To the store, within a transaction.
    upload
        The number of the catalogue.
    become
        What it was to become: ``withdrawn`` or ``erased``.

    Raises
    ------
    StoreProblem
        When no other catalogue in force defines an indicator that figures in force need.
    """
    needed = run_query(connection, "indicators_in_use", upload=upload)
    if not needed.empty:
        ids = ", ".join(sorted(needed["id"].unique()))
        uploads = ", ".join(str(number) for number in sorted(needed["upload"].unique()))
        raise StoreProblem(
            f"Upload {upload} cannot be {become} while figures need it: {ids} in upload {uploads}. Withdraw these first. "
            "Nothing was changed."
        )
