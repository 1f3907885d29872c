"""Where uploads are kept: an append-only ledger, the figures and the original files, on anything DuckDB can attach."""

from careleavers.store.model import (
    EVENT_KEY,
    AlreadyThere,
    Changed,
    ChangedUnderPreview,
    Entry,
    Erased,
    NewUpload,
    Snapshot,
    StoreBusy,
    StoreProblem,
    StoreUnavailable,
    kept_name,
)
from careleavers.store.store import Store, open_store

__all__ = [
    "EVENT_KEY",
    "AlreadyThere",
    "Changed",
    "ChangedUnderPreview",
    "Entry",
    "Erased",
    "NewUpload",
    "Snapshot",
    "Store",
    "StoreBusy",
    "StoreProblem",
    "StoreUnavailable",
    "kept_name",
    "open_store",
]
