"""What can be read from the store, and what is known of its version while it is busy or out of reach."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers.access.people import Person
from careleavers.store.address import Address
from careleavers.store.connection import Connection, Database
from careleavers.store.documents import Documents
from careleavers.store.model import (
    Snapshot,
    StoreBusy,
    StoreProblem,
    StoreUnavailable,
    VersionChanges,
)
from careleavers.store.rows import (
    NEWEST,
    ledger_length,
    run_query,
    unpack_cells,
)

_LOG = logging.getLogger("careleavers.store")
# Seconds for which asking for the version waits for other threads, and before a store that is out of reach is asked again.
VERSION_LOCK_TIMEOUT = 0.05
RETRY_AFTER = 5.0
# Seconds for which a store may be busy before officers are told.
BUSY_LIMIT = 10.0


@dataclass(frozen=True)
class KnownVersion:
    """The newest version known in this process and the store's change token when it was read: one thing, set at once."""

    version: int = 0
    change_token: tuple[object, ...] | None = None


class StoreReader:
    """What can be read from a store: see :class:`careleavers.store.Store`.

    Parameters
    ----------
    address
        Where the store is (:func:`careleavers.store.address.read_address`).
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._database = Database(address)
        self._known = KnownVersion()
        self._known_lock = threading.Lock()
        self._version_asked = False
        self._version_read = False
        self._busy_since: float | None = None
        self._retry_at = 0.0
        self._problem: StoreUnavailable | None = None
        self._documents = Documents(self._database, self._logging_failures)

    @property
    def where(self) -> str:
        """Where the uploads are kept, in words without machines or passwords: ``the file uploads.duckdb``."""
        return self._address.where

    @property
    def path(self) -> Path | None:
        """The file of a local store; None for one on a server."""
        return self._address.path

    @property
    def documents(self) -> Documents:
        """What councils write and keep here: comments, packs, answers, plans, watch lists."""
        return self._documents

    def exists(self) -> bool:
        """Whether there is a store where ``STORE_URL`` says; asking makes none.

        Raises
        ------
        StoreUnavailable
            When that cannot be found out, or the place holds something else.
        """
        with self._logging_failures():
            return self._database.exists()

    @property
    def problem(self) -> StoreUnavailable | None:
        """Why the store could not be read when it was last asked for its version; None when it could."""
        return self._problem

    def set_former_codes(self, former: Mapping[str, str]) -> None:
        """From now on give figures, events and areas under the codes that authorities have today.

        Parameters
        ----------
        former
            The code of today by each code that was given up (:func:`careleavers.versions.former_codes`).
        """
        self._database.set_former_codes(former)

    def version(self) -> int:
        """The length of the ledger, cheap enough to ask on every rerun.

        Returns
        -------
        int
            The number of entries; 0 where there is no store yet. While the store is busy or out of reach, the last number
            known in this process (0 where none is): this neither waits nor fails, and :attr:`problem` says why.
        """
        token, known = self._database.change_token(), self._known
        if token is not None and token == known.change_token:
            return known.version
        if self._problem and time.monotonic() < self._retry_at:
            return known.version
        timeout, lock_timeout = (0.0, VERSION_LOCK_TIMEOUT) if self._version_asked else (None, None)
        try:
            read, snapshot = self._database.read(
                lambda held: self._read_length(held, known), timeout=timeout, lock_timeout=lock_timeout
            )
        except StoreUnavailable as error:
            self._record_failure(error)
        else:
            self._problem, self._busy_since, self._version_read = None, None, True
            self._remember(known, KnownVersion(read, snapshot or token))
        self._version_asked = True
        return self._known.version

    def _remember(self, before: KnownVersion, now: KnownVersion) -> None:
        """Keep what was read, unless another thread has read something newer since ``before``."""
        with self._known_lock:
            if self._known is before:
                self._known = now

    def ledger(self, version: int | None = None) -> pd.DataFrame:
        """Every entry up to a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row per entry, oldest first: ``entry``, ``upload``, ``action`` (accepted, proposed, approved, declined,
            withdrawn, restored, erased), ``at`` (UTC), ``issuer``, ``subject``, ``name``, ``reason``.
        """
        return self._ask("ledger", version=_version_or_newest(version))

    def uploads(self, version: int | None = None) -> pd.DataFrame:
        """Every upload, with its state at a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row per upload, newest first: ``upload``, ``kind``, ``layout``, ``layer``, ``file_name``, ``sha256``,
            ``size`` (bytes), ``rows``, ``areas`` (list of codes), ``note``, ``checks`` and ``effect`` (dicts); ``state``
            (in force, proposed, withdrawn, declined, erased); ``position`` (the entry at which it first came into force;
            missing where it never did); ``added_at`` (UTC), ``added_issuer``, ``added_subject``, ``added_name`` (who
            uploaded it); ``entry``, ``action``, ``at``, ``issuer``, ``subject``, ``name``, ``reason`` (the last entry
            about it).
        """
        return _readable(self._ask("uploads", version=_version_or_newest(version)), self._database.former)

    def figures(
        self, version: int | None = None, areas: Iterable[str] | None = None, layers: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The raw figures in force at a version.

        Of several uploads in force the one that came into force last wins; of the department's releases the newest.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.
        areas
            Only figures of these area codes; by default of all.
        layers
            Only figures of these layers; by default of all.

        Returns
        -------
        pandas.DataFrame
            One row for each :data:`careleavers.intake.model.KEY`, in that order: ``upload``, then
            :data:`careleavers.intake.model.FIGURE_COLUMNS`. The ``release`` of a local figure is the number of its upload.
        """
        return self._ask(
            "figures_in_force",
            version=_version_or_newest(version),
            areas=_sorted_codes(areas),
            layers=_sorted_codes(layers),
        )

    def superseded(
        self, version: int | None = None, areas: Iterable[str] | None = None, layers: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The raw figures of uploads in force that another upload in force replaced: what :meth:`figures` leaves out.

        Parameters
        ----------
        version, areas, layers
            As for :meth:`figures`.

        Returns
        -------
        pandas.DataFrame
            One row per replaced figure: the columns of :meth:`figures`, and ``superseded_by`` (the upload in force).
        """
        return self._ask(
            "figures_superseded",
            version=_version_or_newest(version),
            areas=_sorted_codes(areas),
            layers=_sorted_codes(layers),
        )

    def local_figures_of_all_versions(self, version: int | None = None) -> pd.DataFrame:
        """The raw local figures that were in force at any version, whatever has become of them since.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row per figure of an upload, in the order of uploads: the columns of :meth:`figures`.
        """
        return self._ask("local_figures_of_all_versions", version=_version_or_newest(version))

    def catalogue(self, version: int | None = None) -> pd.DataFrame:
        """The indicators that councils added, in force at a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row per indicator, by id: ``upload``, then the columns of ``data/indicators.csv``.
        """
        return unpack_cells(self._ask("catalogue_in_force", version=_version_or_newest(version)), "indicators")

    def events(self, version: int | None = None) -> pd.DataFrame:
        """The uploaded inspections and visits in force at a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row for each :data:`EVENT_KEY`: ``upload``, then the columns of ``data/inspections.csv``.
        """
        return unpack_cells(
            self._ask("events_in_force", version=_version_or_newest(version)), "inspections", "authority_code"
        )

    def sources(self, version: int | None = None) -> pd.DataFrame:
        """The department's releases that were uploaded and are in force at a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        pandas.DataFrame
            One row per release: ``upload``, then the columns of ``data/sources.csv``.
        """
        return unpack_cells(self._ask("sources_in_force", version=_version_or_newest(version)), "sources")

    def releases(self, version: int | None = None) -> tuple[int, ...]:
        """The uploads that are releases of the department and in force at a version.

        Parameters
        ----------
        version
            The last entry to count; by default the newest.

        Returns
        -------
        tuple of int
            Their numbers, in order.
        """
        return tuple(
            int(number) for number in self._ask("releases_in_force", version=_version_or_newest(version))["upload"]
        )

    def snapshot(self, version: int, *, since: int | None = None) -> Snapshot:
        """Everything that the pages need of a version, read at one moment.

        Parameters
        ----------
        version
            The last entry to count.
        since
            Only the figures of authorities that entries after this version changed; by default of all.

        Returns
        -------
        Snapshot
        """

        def work(connection: Connection) -> Snapshot:
            former = self._database.former
            changed = None
            if since is not None:
                changed = _changed(run_query(connection, "uploads_changed", since=since, until=version), former)
            areas = sorted(changed.areas) if changed else None
            figures = run_query(connection, "local_figures_in_force", version=version, areas=areas)
            return Snapshot(
                changed=changed,
                figures=figures,
                uploads=_upload_authorities(connection, figures, former),
                catalogue=unpack_cells(run_query(connection, "catalogue_in_force", version=version), "indicators"),
                events=unpack_cells(
                    run_query(connection, "events_in_force", version=version), "inspections", "authority_code"
                ),
            )

        with self._logging_failures():
            return self._database.read(work)

    def history(
        self,
        indicator: str,
        age_group: str,
        area_code: str,
        period_end: dt.date | None,
        person: Person,
        *,
        basis: str | None = None,
        layer: str | None = None,
    ) -> pd.DataFrame:
        """Every value that was ever uploaded for a figure.

        Parameters
        ----------
        indicator, age_group, area_code
            Which figure.
        period_end
            The last day of its period; None for all periods.
        person
            Who asks.
        basis, layer
            Only values of this basis or layer; by default of all.

        Returns
        -------
        pandas.DataFrame
            One row per value, newest upload first: ``upload``, ``period_end``, ``basis``, ``layer``, ``numerator``,
            ``denominator``, ``value``, ``published_value``, ``status``, ``target``, ``note``, ``state`` (in force,
            replaced, proposed, withdrawn, declined), ``file_name``, ``added_at`` (UTC), ``added_issuer``,
            ``added_subject``, ``added_name``, ``entry``, ``action``, ``at``, ``name``, ``reason``.

        Raises
        ------
        NotAllowed
            Unless the person may upload for the authority, or only published figures are asked for.
        """
        if layer != "published":
            person.require([area_code], "see every value that was uploaded")
        return self._ask(
            "figure_history", indicator=indicator, age_group=age_group, area_code=area_code, period_end=period_end, basis=basis,
            layer=layer,
        )  # fmt: skip

    def measures_uploaded(self, area_code: str, person: Person) -> pd.DataFrame:
        """The measures for which an authority has ever uploaded a figure.

        Parameters
        ----------
        area_code
            The authority.
        person
            Who asks.

        Returns
        -------
        pandas.DataFrame
            One row per measure: ``indicator``, ``age_group``.

        Raises
        ------
        NotAllowed
            Unless the person may upload for the authority.
        """
        person.require([area_code], "see what was uploaded")
        return self._ask("measures_uploaded", area_code=area_code)

    # ------------------------------------------------------------------ within

    def _ask(self, name: str, **parameters: Any) -> pd.DataFrame:
        with self._logging_failures():
            return self._database.read(lambda connection: run_query(connection, name, **parameters))

    @contextmanager
    def _logging_failures(self) -> Iterator[None]:
        """Log the database's message for whoever runs the dashboard; callers get a sentence."""
        try:
            yield
        except StoreBusy as error:
            _LOG.warning("%s %s", error, error.detail)
            raise
        except StoreUnavailable as error:
            known = self._problem
            if known is not None and known.reference and known.detail == error.detail:
                # It is in the log already.
                raise known.again() from None
            _LOG.warning("Reference %s: %s %s", error.refer(), error, error.detail)
            raise

    def _upload_row(self, connection: Connection, upload: int) -> pd.Series[Any]:
        return _upload(connection, upload, self._database.former)

    def _read_length(self, connection: Connection, known: KnownVersion) -> tuple[int, tuple[object, ...] | None]:
        """The length of the ledger and, of a DuckLake, its snapshot: its tables are read only when that has changed."""
        if "ducklake" not in self._address.schemes:
            return ledger_length(connection), None
        snapshot = (int(run_query(connection, "ducklake_snapshot")["id"].iloc[0]),)
        return (known.version if snapshot == known.change_token else ledger_length(connection)), snapshot

    def _record_failure(self, error: StoreUnavailable) -> None:
        now, before = time.monotonic(), self._problem
        busy = isinstance(error, StoreBusy)
        if busy:
            self._busy_since = self._busy_since or now
            if not self._version_read or now - self._busy_since > BUSY_LIMIT:
                # A write takes a moment; whatever keeps a file for this long is another program. Of a server it is the answer
                # that does not come.
                said = (
                    "is in use by another program; nothing was changed. Whoever runs the dashboard has to close what has opened it."
                    if self.path
                    else "answers too slowly; nothing was changed. Try again in a few minutes; if it stays so, tell whoever runs the "
                    "dashboard."
                )
                error = StoreUnavailable(
                    f"{self.where[0].upper()}{self.where[1:]} with the uploads {said}", error.detail
                )
        if not isinstance(error, StoreBusy):
            if before is not None and before.detail == error.detail and type(before) is type(error):
                # It is in the log already, under its reference.
                error = before
            else:
                _LOG.warning(
                    "Reference %s: showing version %s meanwhile: %s %s",
                    error.refer(),
                    self._known.version,
                    error,
                    error.detail,
                )
        self._problem = error
        # A file is free again in a moment; waiting for a server that is gone costs every reader time.
        self._retry_at = time.monotonic() + (0 if busy else RETRY_AFTER)


def _version_or_newest(version: int | None) -> int:
    return NEWEST if version is None else version


def _sorted_codes(codes: Iterable[str] | None) -> list[str] | None:
    return None if codes is None else sorted(codes)


def _areas(text: str, former: Mapping[str, str]) -> list[str]:
    """Codes joined by ';' as those of today, each once."""
    return list(dict.fromkeys(former.get(code, code) for code in text.split(";") if code))


def _changed(frame: pd.DataFrame, former: Mapping[str, str]) -> VersionChanges:
    areas = frozenset(code for text in frame["areas"] for code in _areas(text, former))
    return VersionChanges(areas, frozenset(frame["kind"]))


def _upload_authorities(connection: Connection, figures: pd.DataFrame, former: Mapping[str, str]) -> pd.DataFrame:
    """Whose figures the uploads of ``figures`` hold (``areas`` as a list), and since when."""
    frame = run_query(connection, "upload_authorities", uploads=[int(number) for number in figures["upload"].unique()])
    areas = [_areas(text, former) for text in frame["areas"]]
    return frame.assign(areas=pd.Series(areas, frame.index, dtype=object))


def _readable(frame: pd.DataFrame, former: Mapping[str, str]) -> pd.DataFrame:
    """``areas``, ``checks`` and ``effect`` as lists and dicts."""
    parsed = {
        "areas": [_areas(text, former) for text in frame["areas"]],
        "checks": [json.loads(text) for text in frame["checks"]],
        "effect": [json.loads(text) for text in frame["effect"]],
    }
    return frame.assign(**{name: pd.Series(values, frame.index, dtype=object) for name, values in parsed.items()})


def _upload(connection: Connection, upload: int, former: Mapping[str, str]) -> pd.Series[Any]:
    """The row of one upload; raises :class:`StoreProblem` when there is none."""
    frame = run_query(connection, "uploads", version=NEWEST)
    found = _readable(frame[frame["upload"] == upload], former)
    if found.empty:
        raise StoreProblem(f"There is no upload {upload}.")
    return found.iloc[0]
