"""Data versions: the figures as they are now, and as they were when the ledger had fewer entries.

The published figures are built once and shared. Local figures are added to them for each version, so that a new upload
shows on the next look without every rank of every authority being worked out again. What is read from the store is raw:
here it passes :func:`careleavers.disclosure.protect`, and nothing else carries it on to the pages.

Examples
--------
::

    versions = Versions(open_store())
    versions.newest().query("local_latest", authority="E08000035")   # as viewers see it now
    versions.select_version(12)                                      # after the twelfth entry of the ledger
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from careleavers import settings
from careleavers.access.people import Person
from careleavers.errors import UnknownChoice
from careleavers.figures.warehouse import AddedReleases, Warehouse, open_warehouse
from careleavers.intake.model import KEY, UNDATED
from careleavers.outdated_rows import LOCAL_LAYERS, NOTHING_LEFT_OUT, left_out_sentences, usable_rows
from careleavers.published import VIEWER_COLUMNS, PublishedFigures
from careleavers.store import Snapshot, Store, StoreBusy, StoreUnavailable
from careleavers.wording.formats import day_text, join_words
from careleavers.wording.uploaded_text import inert_frame

log = logging.getLogger("careleavers.versions")

LICENCE = "The council's own figures, not official statistics"
# Any more versions are kept only as long as somebody looks at them.
_EARLIER_KEPT = 8
_PUBLISHED_KEPT = 2
# Seconds to wait while another thread builds a new version, before the previous one is shown.
_BUILD_TIMEOUT = 0.2
# Seconds before a store is asked again after a new version could not be read from it.
_RETRY_STORE = 5.0
# Seconds before a version that could not be built for any other reason is built again.
_RETRY_FAILED = 60.0


@dataclass(frozen=True)
class _NewestVersion:
    """The newest version that was built; the next one takes over what it leaves unchanged.

    ``given`` holds its protected local figures by authority: the columns of ``KEY`` and ``VIEWER_COLUMNS``. ``left_out`` counts
    the stored rows that could not be used, as :func:`usable_rows` does.
    """

    version: int
    base: PublishedFigures
    warehouse: Warehouse
    given: Mapping[str, pd.DataFrame]
    left_out: pd.DataFrame


@dataclass(frozen=True)
class _FailedVersion:
    """A version that could not be built: why, in a sentence, and the reference under which the log says more."""

    version: int
    reason: str
    reference: str
    error: str


class Versions:
    """Every version of the figures of one data folder and one store. Safe to share between threads.

    Parameters
    ----------
    store
        The uploads.
    folder
        The folder with the shipped figures; by default the configured one.

    Raises
    ------
    DataProblem
        When the shipped figures cannot be read.
    CareLeaversError
        When the setting ``CARELEAVERS_ROUND_TO`` is out of range.
    """

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        # A setting that is out of range is refused at the start, not when the first figures are protected.
        settings.rounding_step()
        self.store = store
        self._folder = folder
        self._build_lock = threading.RLock()
        self._earlier_lock = threading.Lock()
        self._bases: dict[tuple[int, ...], PublishedFigures] = {(): PublishedFigures(open_warehouse(folder))}
        store.set_former_codes(former_codes(self._bases[()].warehouse))
        self._newest: _NewestVersion | None = None
        self._failed: _FailedVersion | None = None
        self._identity: tuple[_NewestVersion, str] | None = None
        self._retry_at = 0.0
        # By version, and the newest version together with which it may be shown.
        self._earlier: dict[tuple[int, int], Warehouse] = {}

    def newest(self) -> Warehouse:
        """The figures with every upload that is in force now.

        Quick when nothing was uploaded since the last look. Nobody waits long: while another thread builds a new version,
        or the store cannot be read, this is the previous one.

        Returns
        -------
        Warehouse
        """
        return self._newest_version(_BUILD_TIMEOUT).warehouse

    def identity(self, shown: Warehouse) -> str:
        """What tells the uploads of the newest version from those of any other store with as many entries.

        Parameters
        ----------
        shown
            What :meth:`newest` gave.

        Returns
        -------
        str
            "" where it is not known: the store cannot be read, or ``shown`` is not the newest version any longer.
        """
        held = self._newest
        if held is None or held.warehouse is not shown or self.store.problem is not None or self._failed is not None:
            return ""
        if self._identity is None or self._identity[0] is not held:
            try:
                ledger = self.store.ledger(held.version) if held.version else pd.DataFrame()
            except StoreUnavailable:
                return ""
            self._identity = held, hashlib.sha256(ledger.to_csv(index=False).encode()).hexdigest()
        return self._identity[1]

    def select_version(self, version: int) -> Warehouse:
        """The figures as they were at an earlier version.

        A figure that is the same today is shown as it is today; one that would say more together with today's figures is hidden.

        Parameters
        ----------
        version
            The number of entries that the ledger had.

        Returns
        -------
        Warehouse

        Raises
        ------
        UnknownChoice
            When there is no such version, or it cannot be shown.
        StoreUnavailable
            When the store cannot be read.
        """
        newest = self._newest_version()
        if not 0 <= version <= newest.version:
            raise UnknownChoice(f"There is no data version {version}: they go from 0 to {newest.version}.")
        if version == newest.version:
            return newest.warehouse
        with self._earlier_lock:
            asked = version, newest.version
            if asked not in self._earlier:
                made = self._build_earlier_or_refuse(version, newest)
                # What could be shown with an older newest version may say too much with this one.
                kept = [key for key in self._earlier if key[1] == newest.version][1 - _EARLIER_KEPT :]
                self._earlier = {key: self._earlier[key] for key in kept}
                self._earlier[asked] = made
            return self._earlier[asked]

    def notices(self, person: Person | None = None) -> tuple[str, ...]:
        """What officers have to know about the version that is shown.

        Parameters
        ----------
        person
            Who reads them: only what was left out of their own authorities is named. By default of all authorities.

        Returns
        -------
        tuple of str
            Sentences; none where everything up to the newest version is shown.
        """
        told = []
        held, stuck, problem = self._newest, self._failed, self.store.problem
        if problem is not None and not isinstance(problem, StoreBusy):
            told.append(f"The uploads cannot be read at the moment; what was read last is still shown. {problem}")
        elif stuck is not None:
            shown = held.version if held else 0
            what = (
                f"What was done after data version {shown} cannot be shown, so every page still has the figures of that version."
                if shown
                else "What councils uploaded cannot be shown, so every page has the published figures alone."
            )
            told.append(f"{what} {stuck.reason}")
        if held is not None:
            rows = held.left_out
            if person is not None:
                rows = rows[rows["area_code"].map(lambda code: person.may_upload_for(str(code))).astype(bool)]
            told += left_out_sentences(rows, held.base.names)
        return tuple(told)

    def notice(self) -> str:
        """A sentence for everybody who looks for local figures, where these may be missing; else empty."""
        problem, stuck = self.store.problem, self._failed
        if problem is not None and not isinstance(problem, StoreBusy):
            reference = problem.reference
        elif stuck is not None:
            reference = stuck.reference
        else:
            return ""
        return (
            "The figures that councils uploaded cannot be read at the moment, so the newest of them may be missing here. The "
            f"person who looks after this dashboard finds the reason in its log under the reference {reference}."
        )

    def readiness(self) -> str:
        """One line for monitoring: the version that is shown and, after "but", which stored rows are not shown."""
        shown = self.newest()
        held, stuck, problem = self._newest, self._failed, self.store.problem
        line = f"ready {shown.version}"
        if problem is not None and not isinstance(problem, StoreBusy):
            return f"{line}, but the uploads cannot be read: {problem}"
        if stuck is not None:
            entry = held.version if held else 0
            return f"{line}, but uploads after entry {entry} cannot be shown (reference {stuck.reference})"
        return line

    def start_refreshing(self, every: float = 1.0) -> threading.Thread:
        """Build each new version as it comes, in a thread, so that hardly anybody who looks has to wait for it.

        Parameters
        ----------
        every
            Seconds between two looks at the store.

        Returns
        -------
        threading.Thread
            It ends with these versions or with the process.
        """
        thread = threading.Thread(target=_refresh_loop, args=(weakref.ref(self), every), name="versions", daemon=True)
        thread.start()
        return thread

    def protected(self, figures: pd.DataFrame, own: pd.DataFrame | None = None) -> pd.DataFrame:
        """Protect raw local figures, given the newest published ones.

        Parameters
        ----------
        figures
            Raw local figures: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
        own
            The councils' own indicators (``store.catalogue()``), for a caller who asks repeatedly; by default read here.

        Returns
        -------
        pandas.DataFrame
            As :func:`careleavers.disclosure.protect` gives them.
        """
        return self._newest_version().base.protect(figures, self.store.catalogue() if own is None else own)

    def preview(self, figures: pd.DataFrame, name: str) -> Warehouse:
        """The newest figures with local ones that are not accepted yet, as viewers would see them.

        Parameters
        ----------
        figures
            Raw local figures of one upload: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
        name
            Tells this preview from others.

        Returns
        -------
        Warehouse
            To be closed when it is no longer needed.
        """
        newest = self._newest_version()
        snapshot = self.store.snapshot(newest.version, since=newest.version)
        given = newest.base.protect(self.with_figures_in_force(figures, newest.version), snapshot.catalogue)
        return newest.base.warehouse.with_local(
            _local_tables(newest.base, snapshot, given.assign(restated=False), _preview_upload(figures)),
            f"{newest.warehouse.version}-{name}",
            before=newest.warehouse if newest.version else None,
            areas=sorted(figures["area_code"].unique()),
        )

    def preview_release(self, figures: pd.DataFrame, sources: pd.DataFrame, name: str) -> Warehouse:
        """The published figures as they would be with a release of the department that is not accepted yet.

        Local figures are left out: a release does not change them. Takes about a second and a hundred megabytes.

        Parameters
        ----------
        figures
            The figures of the release: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
        sources
            What it adds to ``data/sources.csv``.
        name
            Tells this preview from others.

        Returns
        -------
        Warehouse
            To be closed when it is no longer needed.
        """
        version = self._newest_version().version
        return self._open_published(
            self.store.releases(version), version, (name, figures.assign(upload=version + 1), sources)
        )

    def with_figures_in_force(self, figures: pd.DataFrame, version: int) -> pd.DataFrame:
        """Add to raw local figures those in force of the same authorities that they do not replace.

        Parameters
        ----------
        figures
            Raw local figures: the columns of :data:`careleavers.intake.model.FIGURE_COLUMNS`.
        version
            The last entry to count.

        Returns
        -------
        pandas.DataFrame
            The columns of ``figures``.
        """
        return self.replace_figures(
            self.store.figures(version, sorted(figures["area_code"].unique()), LOCAL_LAYERS), figures
        )

    @staticmethod
    def replace_figures(held: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
        """Replace raw local figures by others with the same ``KEY``, and add those that are new.

        Parameters
        ----------
        held
            The figures that are in force.
        figures
            Those that replace them.

        Returns
        -------
        pandas.DataFrame
            The columns of ``figures``; one row for each ``KEY`` of either.
        """
        both = pd.concat([held[list(figures.columns)], figures], ignore_index=True)
        return both.drop_duplicates(list(KEY), keep="last", ignore_index=True)

    # ------------------------------------------------------------------ the newest

    def _newest_version(self, timeout: float = -1) -> _NewestVersion:
        """The newest version, built if it is new; the previous one where another thread builds for longer than ``timeout``."""
        version, held = self.store.version(), self._newest
        if held is not None and held.version == version:
            return held
        if not self._build_lock.acquire(timeout=-1 if held is None else timeout):
            assert held is not None  # noqa: S101
            return held
        try:
            held = self._newest
            if held is None:
                held = self._newest = self._published_only()
            if held.version == version:
                self._failed = None
                return held
            tried = self._failed is not None and self._failed.version == version
            # A store with fewer entries than before, as after a backup was restored, is not the one that this process has shown.
            if held.version < version and not (tried and time.monotonic() < self._retry_at):
                held = self._newest = self._build_or_keep(version, held)
            return held
        finally:
            self._build_lock.release()

    def _build_or_keep(self, version: int, held: _NewestVersion) -> _NewestVersion:
        """Build a version; where that fails, for whatever reason, give the last one that can be shown."""
        try:
            made = self._build(version, held)
        except StoreUnavailable as error:
            if self._failed is None or self._failed.version != version:
                log.warning(
                    "Reference %s: version %s is not shown yet: %s %s", error.refer(), version, error, error.detail
                )
                self._failed = _FailedVersion(version, str(error), error.reference, error.detail)
            self._retry_at = time.monotonic() + _RETRY_STORE
            return held
        except Exception as error:
            self._record_failure(version, error)
            self._retry_at = time.monotonic() + _RETRY_FAILED
            return self._last_buildable(version, held)
        self._failed = None
        return made

    def _record_failure(self, version: int, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if self._failed is not None and (self._failed.version, self._failed.error) == (version, said):
            return
        reference = secrets.token_hex(3).upper()
        log.error(
            "Reference %s: version %s cannot be made; the last good one is shown", reference, version, exc_info=error
        )
        self._failed = _FailedVersion(
            version,
            "Withdraw what was uploaded last, or tell the person who looks after this dashboard; its log says why under the "
            f"reference {reference}.",
            reference,
            said,
        )

    def _last_buildable(self, version: int, held: _NewestVersion) -> _NewestVersion:
        """What to show instead of a version that cannot be built: the one that is shown, or the latest that can be built.

        The one that is shown must not stay where something in it has been erased; and a process that has just started has
        none.
        """
        try:
            since = self.store.ledger(version)
            erased = ((since["action"] == "erased") & (since["entry"] > held.version)).any()
            if held.version and not erased:
                return held
            bare = self._published_only()
            found, low, high = bare, 0, version
            while high - low > 1:
                middle = (low + high) // 2
                try:
                    found, low = self._build(middle, bare), middle
                except StoreUnavailable:
                    raise
                except Exception:
                    high = middle
            return found
        except StoreUnavailable as error:
            log.warning("no earlier version could be read either: %s %s", error, error.detail)
            return self._published_only()

    def _published_only(self) -> _NewestVersion:
        """The published figures alone, which can be shown whatever is wrong with the uploads."""
        base = self._published_at(0)
        return _NewestVersion(0, base, base.warehouse, {}, NOTHING_LEFT_OUT)

    def _build(self, version: int, before: _NewestVersion) -> _NewestVersion:
        """Build a version, taking over from ``before`` the authorities that have not changed."""
        kept = before if before.version else None
        snapshot = self.store.snapshot(version, since=before.version if kept else None)
        if snapshot.changed and snapshot.changed.kinds & {"release", "catalogue"}:
            # Other official figures may give away other local ones, and a measure that is added or removed concerns every authority.
            kept, snapshot = None, self.store.snapshot(version)
        base = kept.base if kept else self._published_at(version)
        snapshot, left_out = usable_rows(base, snapshot)
        given = base.protect_in_force(snapshot.figures, snapshot.catalogue)
        areas = sorted(snapshot.changed.areas) if snapshot.changed else []
        made = base.warehouse.with_local(
            _local_tables(base, snapshot, given, snapshot.uploads),
            f"{base.warehouse.version}-{version}",
            before=kept.warehouse if kept else None,
            areas=areas,
        )
        seen = {code: rows for code, rows in kept.given.items() if code not in areas} if kept else {}
        seen |= {str(code): rows for code, rows in given[[*KEY, *VIEWER_COLUMNS]].groupby("area_code")}
        if kept:
            # Inspections are read in full each time, figures only of these areas.
            same = kept.left_out[(kept.left_out["what"] == "figure") & ~kept.left_out["area_code"].isin(areas)]
            left_out = pd.concat([same, left_out], ignore_index=True)
        return _NewestVersion(version, base, made, seen, left_out)

    def _build_earlier_or_refuse(self, version: int, newest: _NewestVersion) -> Warehouse:
        try:
            return self._build_earlier(version, newest)
        except StoreUnavailable:
            raise
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            log.exception("Reference %s: the earlier version %s cannot be made", reference, version)
            raise UnknownChoice(f"Data version {version} cannot be shown (reference {reference}).") from error

    def _build_earlier(self, version: int, newest: _NewestVersion) -> Warehouse:
        base = self._published_at(version)
        if version == 0:
            return base.warehouse
        snapshot, _ = usable_rows(base, self.store.snapshot(version))
        given = base.protect_in_force(snapshot.figures, snapshot.catalogue)
        now = pd.concat(newest.given.values()) if newest.given else given[[*KEY, *VIEWER_COLUMNS]].head(0)
        raw_now = self.store.figures(newest.version, layers=LOCAL_LAYERS)
        given = base.protect_earlier(
            given, snapshot.figures, now, raw_now, self.store.local_figures_of_all_versions(newest.version)
        )
        return base.warehouse.with_local(
            _local_tables(base, snapshot, given, snapshot.uploads),
            f"{base.warehouse.version}-{version}.{newest.version}",
        )

    def _published_at(self, version: int) -> PublishedFigures:
        """The published figures of a version: the shipped ones, and what uploads of releases add or restate."""
        releases = self.store.releases(version) if version else ()
        with self._build_lock:
            found = self._bases.pop(releases, None) or PublishedFigures(self._open_published(releases, version))
            # The most recently used comes last. One that is dropped here is freed when nobody looks at it any longer.
            self._bases = dict([*list(self._bases.items())[1 - _PUBLISHED_KEPT :], (releases, found)])
            return found

    def _open_published(
        self, releases: tuple[int, ...], version: int, more: tuple[str, pd.DataFrame, pd.DataFrame] | None = None
    ) -> Warehouse:
        """The published figures with releases in force at a version, and one ``more`` (name, figures, sources)."""
        if not releases and more is None:
            return open_warehouse(self._folder)
        published = [read(version, layers=["published"]) for read in (self.store.figures, self.store.superseded)]
        sources, name = [_with_upload_dates(self.store.sources(version), self.store.ledger(version))], str(releases)
        if more is not None:
            name = f"{name} {more[0]}"
            published, sources = [*published, more[1]], [*sources, more[2]]
        # If a file came twice, the last to come into force counts; a proposed one comes into force when it is approved.
        came = self.store.uploads(version).set_index("upload")["position"]
        held = [
            rows.assign(upload=rows["upload"].map(came).fillna(rows["upload"]).astype(int))
            for rows in published
            if len(rows)
        ]
        # What a file does not say about its release is empty text, even in the place of a date.
        listed_sources = pd.concat(sources, ignore_index=True).replace("", pd.NA)
        added = AddedReleases(name, pd.concat(held, ignore_index=True), listed_sources, kept=more is None)
        return open_warehouse(self._folder, added=added)


def _with_upload_dates(sources: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Uploaded releases (``Store.sources``), with the day of the upload where the file does not say its own."""
    days = {int(row["entry"]): day_text(row["at"]) for row in ledger.to_dict("records")}
    published = [
        f"{said}; uploaded on {days[int(upload)]}" if said == UNDATED else said
        for said, upload in zip(sources["published"], sources["upload"], strict=True)
    ]
    return sources.assign(published=published)


def former_codes(warehouse: Warehouse) -> dict[str, str]:
    """The codes that authorities have given up.

    Parameters
    ----------
    warehouse
        The published figures.

    Returns
    -------
    dict
        Former code to the code of today.
    """
    rows = warehouse.query("former_codes")
    return dict(zip(rows["former_code"], rows["authority_code"], strict=True))


def _refresh_loop(held: weakref.ref[Versions], every: float) -> None:
    wait = every
    while True:
        time.sleep(wait)
        versions = held()
        if versions is None:
            return
        try:
            versions.newest()
            wait = every
        except Exception:
            log.exception("a new version could not be made before somebody looks")
            # It will not be repaired within a second, and the log must stay readable.
            wait = max(every, 60.0)
        del versions


def _local_tables(
    base: PublishedFigures, snapshot: Snapshot, given: pd.DataFrame, uploads: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables that :meth:`Warehouse.with_local` takes; ``uploads`` are those that ``given`` comes from."""
    return {
        "given": given,
        "catalogue": inert_frame(snapshot.catalogue),
        "events": inert_frame(snapshot.events),
        "sources_added": _source_rows(uploads, base.names),
    }


def _preview_upload(figures: pd.DataFrame) -> pd.DataFrame:
    """A previewed file as an upload of today."""
    number = str(figures["release"].iloc[0])
    areas = sorted(figures["area_code"].unique())
    return pd.DataFrame({"upload": [number], "areas": [areas], "added_at": [pd.Timestamp.now("UTC")]})


def _source_rows(uploads: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Uploads of local figures as rows of ``sources``: whose figures they are, and when they were uploaded."""
    rows = []
    for upload in uploads.to_dict("records"):
        councils = [names.get(code, code) for code in upload["areas"]]
        whose = join_words(councils) if len(councils) <= 3 else f"{len(councils)} councils"
        rows.append(
            {
                "source": "local",
                "release": str(upload["upload"]),
                "title": "local figures",
                "publisher": whose,
                "published": day_text(upload["added_at"]),
                "licence": LICENCE,
            }
        )
    columns = ["source", "release", "title", "publisher", "published", "licence"]
    return pd.DataFrame(rows, columns=columns, dtype="str")
