"""The whole ledger as one table for audit: what was done, and who downloaded unprotected rows; and a list of documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.access.people import Person, channel
from careleavers.intake.report import printable
from careleavers.store import Store
from careleavers.store.document import DocumentKind, may_write

COLUMNS = (
    "record", "entry", "at", "action", "upload", "kind", "layer", "authorities", "file_name", "sha256", "rows", "name",
    "channel", "issuer", "subject", "reason",
)  # fmt: skip
DOCUMENT_COLUMNS = (
    "document", "kind", "authority", "key", "version", "state", "readers", "at", "name", "channel", "issuer", "subject",
    "reason", "content",
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


def documents_table(
    store: Store,
    person: Person,
    names: Mapping[str, str],
    kind: DocumentKind | None = None,
    authority_code: str | None = None,
) -> pd.DataFrame:
    """Put the documents that a person may write into one table, each as it is now.

    Parameters
    ----------
    store
        The store.
    person
        Who asks.
    names
        The name of each authority by its code.
    kind, authority_code
        Only documents of this kind or authority; by default of all.

    Returns
    -------
    pandas.DataFrame
        The columns :data:`DOCUMENT_COLUMNS`, the last written first. ``state``: ``in force``, ``withdrawn`` or ``erased``;
        ``readers``: ``everybody`` or ``officers``; ``at``: time in UTC as ISO text; ``content``: JSON. Texts are safe to print.

    Raises
    ------
    NotAllowed
        Unless the person is an officer; for an authority, one who may upload for it.
    StoreUnavailable
        When the documents cannot be read.
    """
    person.require([authority_code] if authority_code else [], "list documents")
    found = [
        each
        for each in store.documents.every(person, kind, authority_code, withdrawn=True)
        if may_write(person, each.authority_code)
    ]
    if store.documents.problem is not None:
        raise store.documents.problem
    rows = [
        {
            "document": each.document, "kind": each.kind,
            "authority": names.get(each.authority_code, each.authority_code), "key": printable(each.key),
            "version": each.version, "state": "in force" if each.in_force else "erased" if each.erased else "withdrawn",
            "readers": "everybody" if each.public else "officers", "at": each.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "name": printable(each.name), "channel": channel(each.issuer, each.subject) or "page", "issuer": each.issuer,
            "subject": printable(each.subject), "reason": printable(each.reason),
            "content": printable(json.dumps(each.content, ensure_ascii=False)),
        }
        for each in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(DOCUMENT_COLUMNS))


def _area_names(areas: Any, names: Mapping[str, str]) -> str:
    return "; ".join(names.get(code, code) for code in areas) if isinstance(areas, list) else ""
