"""The types that go into the store and come out of it, and its errors."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

import pandas as pd

from careleavers.errors import CareLeaversError
from careleavers.figures.schema import TABLES
from careleavers.intake.model import FIGURE_COLUMNS, Draft, Kind
from careleavers.wording.formats import day_text, join_words

Action = Literal["accepted", "proposed", "approved", "declined", "withdrawn", "restored", "erased"]
State = Literal["in force", "proposed", "withdrawn", "declined", "erased"]

SOURCE_COLUMNS = tuple(TABLES["sources"])
# What makes two rows the same event.
EVENT_KEY = ("authority_code", "kind", "inspection_type", "inspection_date", "theme")


class StoreUnavailable(CareLeaversError):
    """The store cannot be reached, read or written just now; what was being written was not written.

    Parameters
    ----------
    message
        A sentence for a page.
    detail
        What the database said, without passwords: for the log, not for a page.

    Attributes
    ----------
    reference
        Leads from the sentence to the line of the log; given when that line is written.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail
        self.reference = ""

    def refer(self) -> str:
        """Give the error a reference, unless it has one; its sentence names it from now on.

        Returns
        -------
        str
            Six hexadecimal digits.
        """
        if not self.reference:
            self.reference = secrets.token_hex(3).upper()
            self.args = (f"{self} (Reference {self.reference}.)",)
        return self.reference

    def again(self) -> StoreUnavailable:
        """The same error to be raised once more.

        One object that is raised again and again would keep in its traceback what every caller had in hand, such as a file.

        Returns
        -------
        StoreUnavailable
        """
        made = type(self)(str(self), self.detail)
        made.reference = self.reference
        return made


class StoreBusy(StoreUnavailable):
    """Others are using the store at this moment; trying again later works."""


class StoreProblem(CareLeaversError):
    """The store was asked to do something impossible: an upload that is not there or in another state, a bad backup."""


class DuplicateUpload(StoreProblem):
    """The same file is in the store already; nothing was changed.

    Attributes
    ----------
    upload
        The number under which it is there.
    """

    def __init__(self, message: str, upload: int) -> None:
        super().__init__(message)
        self.upload = upload


def stored_file_name(file_name: str, checks: Mapping[str, Any]) -> str:
    """The name of the file of an upload as it is kept.

    Parameters
    ----------
    file_name
        The name of the file as it was sent in.
    checks
        The summary of its checks; it has the key ``kept`` where only the columns that were used are kept.

    Returns
    -------
    str
        The same name, or that of the CSV file of the columns that were used.
    """
    return f"{PurePath(file_name).stem} (columns used).csv" if "kept" in checks else file_name


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: who did what to which upload, and when.

    Attributes
    ----------
    entry
        Its number, from 1; the data version that it made.
    upload
        The upload that it is about: the number of the entry with which it came in.
    action
        What was done.
    at
        When, in UTC, without a time zone.
    issuer, subject
        Who, as their sign-in identifies them.
    name
        Their name, for reading only.
    reason
        Why, as they said it.
    """

    entry: int
    upload: int
    action: Action
    at: dt.datetime
    issuer: str
    subject: str
    name: str
    reason: str = ""


class PreviewOutdated(StoreProblem):
    """Others changed figures of the upload after its preview was made; nothing was written.

    Attributes
    ----------
    changes
        The entries made in between, each with the number of figures of this upload that it changed.
    version
        The version that a new preview has to be made against.
    """

    def __init__(self, changes: tuple[tuple[Entry, int], ...], version: int) -> None:
        self.changes, self.version = changes, version
        told = join_words(
            f"{entry.name or 'somebody'} ({entry.action} upload {entry.upload} on {day_text(entry.at)} at "
            f"{entry.at:%H:%M} UTC, {figures:,} of these {'row' if figures == 1 else 'rows'})"
            for entry, figures in changes
        )
        super().__init__(
            f"Some of these figures changed after the preview was made: {told}. Nothing was kept. "
            "Look at the preview again and accept it if it is still what you mean."
        )


@dataclass(frozen=True)
class ErasureResult:
    """What became of an upload that was erased.

    Attributes
    ----------
    entry
        Its last entry, which stays as a tombstone.
    backups
        The names of backups from which it was erased, too.
    left
        Sentences on where copies may still be and what to do about them.
    """

    entry: Entry
    backups: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class VersionChanges:
    """What differs between two versions.

    Attributes
    ----------
    areas
        Codes of the authorities whose figures came into force or went out of it.
    kinds
        The kinds of those uploads.
    """

    areas: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What the pages need of one version, raw.

    Attributes
    ----------
    changed
        What the figures were limited to; None where all were asked for.
    figures
        Local figures: the columns of :meth:`Store.figures`, and ``restated`` (whether another upload in force gave
        another value).
    uploads
        The uploads that these figures come from: ``upload``, ``areas`` (list of codes), ``added_at`` (UTC).
    catalogue, events
        As :meth:`Store.catalogue` and :meth:`Store.events` give them.
    """

    changed: VersionChanges | None
    figures: pd.DataFrame
    uploads: pd.DataFrame
    catalogue: pd.DataFrame
    events: pd.DataFrame


@dataclass(frozen=True, eq=False)
class NewUpload:
    """A checked file on its way into the store.

    Attributes
    ----------
    kind
        ``local``, ``release``, ``catalogue`` or ``events``.
    layout
        The layout by which the file was read.
    layer
        ``provisional`` or ``final`` for local figures, ``published`` for a release, '' otherwise.
    file_name
        The name of the file as it was sent in.
    content
        What is kept of the file.
    figures
        The columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
    entries
        Rows of the catalogue or of the inspections.
    sources
        What a new release adds to ``data/sources.csv``.
    note
        What the officer wants others to know.
    checks, effect
        Summaries of what was found and of what the upload changes, kept as JSON for the History page.
    sent_sha256, sent_size
        Fingerprint and bytes of the file as it was sent in, where ``content`` is only part of it.

    Raises
    ------
    ValueError
        When the parts do not go together, which a caller has to prevent.
    """

    kind: Kind
    layout: str
    layer: str
    file_name: str
    content: bytes
    figures: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FIGURE_COLUMNS)))
    entries: pd.DataFrame = field(default_factory=pd.DataFrame)
    sources: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SOURCE_COLUMNS)))
    note: str = ""
    checks: Mapping[str, Any] = field(default_factory=dict)
    effect: Mapping[str, Any] = field(default_factory=dict)
    # Of the file as it was sent in, where ``content`` is only part of it.
    sent_sha256: str = ""
    sent_size: int = 0

    def __post_init__(self) -> None:
        layers = {"local": ("provisional", "final"), "release": ("published",)}.get(self.kind, ("",))
        if self.layer not in layers:
            raise ValueError(f"an upload of kind {self.kind} cannot have the layer {self.layer!r}")
        if not self.figures.empty and (
            self.kind not in {"local", "release"} or set(self.figures["layer"]) != {self.layer}
        ):
            raise ValueError(f"the figures of an upload of kind {self.kind} must all have its layer")
        if self.kind in {"local", "release"} and not self.entries.empty:
            raise ValueError("an upload of figures has no other rows")
        if self.kind != "release" and not self.sources.empty:
            raise ValueError("only a release brings a source")
        if not self.rows:
            raise ValueError("an upload must have rows")

    @classmethod
    def of(
        cls,
        draft: Draft,
        content: bytes,
        *,
        layer: str = "",
        note: str = "",
        checks: Mapping[str, Any] | None = None,
        effect: Mapping[str, Any] | None = None,
    ) -> NewUpload:
        """Make an upload of a file as it was understood.

        Parameters
        ----------
        draft
            The file as it was read.
        content
            What is kept of it.
        layer
            What the officer said it is. Releases have the layer ``published`` in any case; catalogues and events none.
        note
            What the officer wants others to know.
        checks, effect
            Summaries for the History page.

        Returns
        -------
        NewUpload
        """
        layer = {"local": layer, "release": "published"}.get(draft.kind, "")
        source = draft.about.get("new_source")
        return cls(
            kind=draft.kind,
            layout=draft.layout,
            layer=layer,
            file_name=draft.file_name,
            content=content,
            figures=draft.figures.assign(layer=layer),
            entries=draft.entries,
            sources=pd.DataFrame([source] if source else [], columns=list(SOURCE_COLUMNS)),
            note=note,
            checks=checks or {},
            effect=effect or {},
            sent_sha256=draft.sha256,
            sent_size=draft.size,
        )

    @property
    def sha256(self) -> str:
        """The fingerprint of the file as it was sent in."""
        return self.sent_sha256 or hashlib.sha256(self.content).hexdigest()

    @property
    def size(self) -> int:
        """How many bytes the file had that was sent in."""
        return self.sent_size or len(self.content)

    @property
    def rows(self) -> int:
        """How many figures, indicators or events there are."""
        return len(self.figures) + len(self.entries)

    @property
    def areas(self) -> tuple[str, ...]:
        """The codes of the areas that the upload says something about, in order."""
        column = self.entries["authority_code"] if self.kind == "events" else self.figures["area_code"]
        return tuple(sorted(str(code) for code in column.unique()))

    @property
    def indicators(self) -> tuple[str, ...]:
        """The ids that a catalogue defines, in order; () for other kinds."""
        return tuple(sorted(self.entries["id"].astype(str).unique())) if self.kind == "catalogue" else ()
