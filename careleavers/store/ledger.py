"""The whole ledger as one table for audit: what was done, and who downloaded unprotected rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.access.people import Person, channel
from careleavers.intake.report import printable
from careleavers.store import Store

COLUMNS = (
    "record", "entry", "at", "action", "upload", "kind", "layer", "authorities", "file_name", "sha256", "rows", "name",
    "channel", "issuer", "subject", "reason",
)  # fmt: skip


def ledger_table(store: Store, person: Person, names: Mapping[str, str]) -> pd.DataFrame:
    """Put every entry of the ledger and every download of unprotected rows into one table.

    Parameters
    ----------
    store
        The store.
    person
        Who asks.
    names
        The name of each authority by its code.

    Returns
    -------
    pandas.DataFrame
        The columns :data:`COLUMNS`, oldest first. ``record``: ``entry`` or ``download``; ``at``: time in UTC as ISO text;
        ``sha256``: fingerprint of the file that was uploaded; ``channel``: how somebody acted without signing in, or
        ``page``. Texts are safe to print.

    Raises
    ------
    NotAllowed
        Unless the person is an administrator.
    StoreUnavailable
        When the store cannot be read.
    """
    taken = (
        store.downloads(person)
        .assign(record="download", entry=None, action="downloaded")
        .rename(columns={"what": "reason"})
    )
    done = store.ledger().assign(record="entry")
    uploads = store.uploads()[["upload", "kind", "layer", "areas", "file_name", "sha256", "rows"]]
    parts = [rows for rows in (done, taken) if len(rows)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    both = pd.concat(parts, ignore_index=True).sort_values("at", kind="stable").merge(uploads, "left", on="upload")
    table = both.assign(
        at=both["at"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        authorities=[_area_names(areas, names) for areas in both["areas"]],
        channel=[
            channel(issuer, subject) or "page" for issuer, subject in zip(both["issuer"], both["subject"], strict=True)
        ],
        **{column: both[column].astype("Int64") for column in ("entry", "upload", "rows")},
    )
    for column in ("file_name", "name", "reason", "channel", "subject"):
        table[column] = [printable(text) if isinstance(text, str) else "" for text in table[column]]
    return table[list(COLUMNS)].reset_index(drop=True)


def _area_names(areas: Any, names: Mapping[str, str]) -> str:
    return "; ".join(names.get(code, code) for code in areas) if isinstance(areas, list) else ""
