"""Where uploads are kept: an append-only ledger, the figures and the original files, on anything DuckDB can attach.

Every upload, withdrawal and approval is an *entry* of the ledger; the number of entries is the *data version*. Which
figures are in force at a version follows from the entries up to it, so any earlier state can be read again. Nothing is
changed or removed, unless an administrator erases an upload. What is kept are **raw** counts: whoever shows them passes
them through :mod:`careleavers.disclosure` first.

Beside the ledger stand *documents*: what councils write here, such as comments on figures. They have entries of their own.

In: a :class:`NewUpload` and the :class:`~careleavers.access.people.Person` who acts. Out: the :class:`Entry` that was made, and frames
of what is in force. Called by :mod:`careleavers.versions`, :mod:`careleavers.uploads`, the pages for officers and the command line.

Examples
--------
::

    store = open_store("uploads.duckdb")          # nothing is made yet
    entry = store.accept(upload, officer)         # the first write makes the file
    store.version()                               # 1
    store.figures()                               # the figures in force now
    store.withdraw(entry.upload, officer, "wrong quarter")
    store.figures()                               # none
    store.figures(version=1)                      # as they were

The modules:

``store``, ``reading``
    :class:`Store`: what can be asked and done.
``documents``, ``document``
    :class:`Documents`, reached as ``store.documents``: what councils write and keep; and one of them.
``ledger``
    Everything that was done as one table, and a list of documents.
``guards``, ``conflicts``
    Who may do it, and what keeps it from being done.
``model``, ``rows``
    What goes in and comes out, and how it is written.
``connection``, ``address``, ``files``
    DuckDB attached to the place that ``STORE_URL`` names, one transaction at a time.
``backups``, ``moving``, ``erasing``
    The whole store in one file or in another place, and an upload or a document removed for good.

docs/STORE.md is for whoever runs it; the tables are described in ``queries/store/layout.sql``.
"""

from careleavers.store.document import Document, DocumentChanged
from careleavers.store.documents import Documents
from careleavers.store.model import (
    EVENT_KEY,
    DuplicateUpload,
    Entry,
    ErasureResult,
    NewUpload,
    PreviewOutdated,
    Snapshot,
    StoreBusy,
    StoreProblem,
    StoreUnavailable,
    VersionChanges,
    stored_file_name,
)
from careleavers.store.store import Store, open_store

__all__ = [
    "EVENT_KEY",
    "Document",
    "DocumentChanged",
    "Documents",
    "DuplicateUpload",
    "Entry",
    "ErasureResult",
    "NewUpload",
    "PreviewOutdated",
    "Snapshot",
    "Store",
    "StoreBusy",
    "StoreProblem",
    "StoreUnavailable",
    "VersionChanges",
    "open_store",
    "stored_file_name",
]
