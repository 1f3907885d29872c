"""The figures at each length of the ledger: the newest for whoever looks now, earlier ones for links that ask for them.

The published figures are built once and shared. Local figures are laid beside them for each version, so that a new
upload is there on the next look without working out every rank of every authority again. What is read from the store
is raw; it passes ``disclosure.protect`` here, and nothing else carries it on to the pages.
"""

from __future__ import annotations

import dataclasses
import logging
import secrets
import threading
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from careleavers import disclosure, settings
from careleavers.access.people import Person
from careleavers.errors import UnknownChoice
from careleavers.figures.schema import ALLOWED
from careleavers.figures.warehouse import AddedReleases, Warehouse, open_warehouse
from careleavers.intake.model import KEY, UNDATED
from careleavers.store import Snapshot, Store, StoreBusy, StoreUnavailable
from careleavers.wording.formats import day_text, listed, missing
from careleavers.wording.uploaded_text import inert_frame

log = logging.getLogger("careleavers.versions")

LOCAL_LAYERS = ("provisional", "final")
LICENCE = "The council's own figures, not official statistics"
# Beyond these few, versions that somebody still looks at are kept by whoever looks.
_KEPT_EARLIER = 8
_KEPT_BASES = 2
# Seconds that a look waits for another one that is making a new version, before it takes the one before.
_PATIENCE = 0.2
# Seconds that a store is left alone of which a new version could not be read.
_QUIET = 5.0
# Seconds before a version that could not be made, for another reason than that, is tried again.
_QUIET_FAILED = 60.0
# What makes two raw figures the same.
_SAME = [*KEY, "numerator", "denominator", "value", "status"]
# What viewers see of a figure.
_SEEN = ["numerator", "denominator", "value", "published_value", "status", "hidden", "rounded"]


class _Base:
    """The published figures with some releases added, and what of them is asked for each version."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    @cached_property
    def ties(self) -> dict[str, Any]:
        """The arguments of ``disclosure.protect`` that say what indicators have to do with one another."""
        rows = self.warehouse.query("ties").to_dict("records")
        return {
            "families": {str(row["indicator"]): tuple(row["members"]) for row in rows if len(row["members"])},
            "units": {str(row["indicator"]): str(row["unit"]) for row in rows},
            "staff": [str(row["indicator"]) for row in rows if row["staff"]],
            "parts": {str(row["indicator"]): tuple(row["parts"]) for row in rows if len(row["parts"])},
            "bases": [str(row["indicator"]) for row in rows if row["everybody"]],
        }

    @cached_property
    def ages(self) -> dict[str, frozenset[str]]:
        """Indicator to its age groups."""
        rows = self.warehouse.query("indicators")
        return {str(name): frozenset(ages) for name, ages in rows.groupby("indicator")["age_group"]}

    @cached_property
    def names(self) -> dict[str, str]:
        """Authority code to name."""
        rows = self.warehouse.query("authorities")
        return dict(zip(rows["authority_code"], rows["authority_name"], strict=True))

    def protect(self, figures: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
        """Raw local figures as viewers may see them; ``own`` are the indicators that councils added themselves.

        What those have to do with others is nobody's to say but ours, and none of them is taken to count staff: a word in
        an uploaded definition must not take figures out of protection.
        """
        if figures.empty:
            return figures.assign(hidden=False, rounded=float("nan"))
        published = self.warehouse.query(
            "published_counts",
            authorities=",".join(sorted(figures["area_code"].unique())),
            since=pd.Timestamp(figures["period_end"].min()).date(),
        )
        units = dict(zip(own["id"], own["unit"], strict=True)) | self.ties["units"]
        return disclosure.protect(figures, published, **{**self.ties, "units": units})

    def beside(
        self, then: pd.DataFrame, raw: pd.DataFrame, now: pd.DataFrame, raw_now: pd.DataFrame, ever: pd.DataFrame
    ) -> pd.DataFrame:
        """Protected figures of an earlier version as they may stand beside those of all others.

        ``now`` are the protected figures of the newest version, ``raw`` and ``raw_now`` the unprotected ones of both, ``ever``
        all that were in force at some time. What is the same today is shown as it is today. Anything else is shown only where
        nothing that was ever uploaded of its subject overlaps with it in part: two figures that were rounded in different
        company may say more together than each.
        """
        unchanged = pd.MultiIndex.from_frame(raw[_SAME]).isin(pd.MultiIndex.from_frame(raw_now[_SAME]))
        today = then[list(KEY)].merge(now, on=list(KEY), how="left").set_axis(then.index)
        shown = {column: then[column].mask(unchanged, today[column]) for column in _SEEN}
        alone = disclosure.alone(raw, ever, self.ties["families"], self.ties["parts"])
        told = then[["numerator", "denominator", "value"]].notna().any(axis=1)
        gone = told & ~unchanged & ~alone & ~then["indicator"].isin(self.ties["staff"])
        blank = {column: shown[column].mask(gone) for column in _SEEN}
        blank |= {"status": shown["status"].mask(gone, "c"), "hidden": shown["hidden"].mask(gone, True).astype(bool)}
        return then.assign(**blank)


@dataclass(frozen=True)
class _Newest:
    """The newest version that was made: the next one takes over what it leaves alone.

    ``given`` holds its protected local figures by authority: the columns of ``KEY`` and ``_SEEN``. ``left_out`` counts
    what of the store could not be used, as :func:`_usable` does.
    """

    version: int
    base: _Base
    warehouse: Warehouse
    given: Mapping[str, pd.DataFrame]
    left_out: pd.DataFrame


@dataclass(frozen=True)
class _Stuck:
    """A version that could not be made: which, why in a sentence, and the reference under which the log says it."""

    version: int
    reason: str
    reference: str
    error: str


class Versions:
    """Every version of the figures of one data folder and one store. Safe to share between threads."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        """``folder`` holds the shipped figures (default: the configured one). Raises :class:`DataProblem`."""
        # A setting that nobody may choose is refused at the start, not when the first figures come.
        settings.rounding_step()
        self.store = store
        self._folder = folder
        self._making = threading.RLock()
        self._looking_back = threading.Lock()
        self._bases: dict[tuple[int, ...], _Base] = {(): _Base(open_warehouse(folder))}
        store.know(former_codes(self._bases[()].warehouse))
        self._newest: _Newest | None = None
        self._stuck: _Stuck | None = None
        self._quiet_until = 0.0
        # By version and by the newest version beside which it may be shown.
        self._earlier: dict[tuple[int, int], Warehouse] = {}

    def newest(self) -> Warehouse:
        """The figures with every upload that is in force now. Quick when nothing was uploaded since the last look.

        Nobody waits long: while another look makes a new version, or the store cannot be read, it is the one before.
        """
        return self._now(_PATIENCE).warehouse

    def at(self, version: int) -> Warehouse:
        """The figures as they were when the ledger had ``version`` entries; raises :class:`UnknownChoice`.

        What is the same today is shown as today, and what would say more beside today's figures is not shown.
        """
        newest = self._now()
        if not 0 <= version <= newest.version:
            raise UnknownChoice(f"There is no data version {version}: they go from 0 to {newest.version}.")
        if version == newest.version:
            return newest.warehouse
        with self._looking_back:
            asked = version, newest.version
            if asked not in self._earlier:
                made = self._earlier_or_not(version, newest)
                # What was shown beside an older newest version may say more than it may beside this one.
                kept = [key for key in self._earlier if key[1] == newest.version][1 - _KEPT_EARLIER :]
                self._earlier = {key: self._earlier[key] for key in kept}
                self._earlier[asked] = made
            return self._earlier[asked]

    def notices(self, person: Person | None = None) -> tuple[str, ...]:
        """What officers have to know about the version that is shown, as sentences; () where it is the whole newest one.

        ``person`` is told of what was left out of their own authorities only; without one, of all.
        """
        told = []
        held, stuck, problem = self._newest, self._stuck, self.store.problem
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
            told += _left_out_sentences(rows, held.base.names)
        return tuple(told)

    def notice(self) -> str:
        """What everybody has to know who looks for local figures: that they may be missing; "" where they are not."""
        problem, stuck = self.store.problem, self._stuck
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
        """One line for whoever watches the server: the version that is shown and, after "but", what is not shown of the store."""
        shown = self.newest()
        held, stuck, problem = self._newest, self._stuck, self.store.problem
        line = f"ready {shown.version}"
        if problem is not None and not isinstance(problem, StoreBusy):
            return f"{line}, but the uploads cannot be read: {problem}"
        if stuck is not None:
            entry = held.version if held else 0
            return f"{line}, but uploads after entry {entry} cannot be shown (reference {stuck.reference})"
        return line

    def keep_up(self, every: float = 1.0) -> threading.Thread:
        """Make each new version as it comes, so that hardly anybody who looks waits for it; returns the thread that does.

        ``every`` are the seconds between two questions to the store. It ends with these versions or with the process, and
        leaves it to whoever looks to be told what is wrong with the store.
        """
        thread = threading.Thread(target=_keep_up, args=(weakref.ref(self), every), name="versions", daemon=True)
        thread.start()
        return thread

    def protected(self, figures: pd.DataFrame, own: pd.DataFrame | None = None) -> pd.DataFrame:
        """Raw local figures as viewers may see them: see :func:`careleavers.disclosure.protect`.

        ``own`` are the councils' own indicators (``store.catalogue()``), for whoever asks again and again.
        """
        return self._now().base.protect(figures, self.store.catalogue() if own is None else own)

    def preview(self, figures: pd.DataFrame, name: str) -> Warehouse:
        """The newest figures with local ones laid over them that are not accepted yet, as viewers would see them.

        ``figures`` has the columns of ``intake.model.FIGURE_COLUMNS``; ``name`` tells this preview from others.
        """
        newest = self._now()
        snapshot = self.store.snapshot(newest.version, since=newest.version)
        given = newest.base.protect(self.together(figures, newest.version), snapshot.catalogue)
        return newest.base.warehouse.with_local(
            _frames(newest.base, snapshot, given.assign(restated=False), _not_yet(figures)),
            f"{newest.warehouse.version}-{name}",
            before=newest.warehouse if newest.version else None,
            areas=sorted(figures["area_code"].unique()),
        )

    def preview_release(self, figures: pd.DataFrame, sources: pd.DataFrame, name: str) -> Warehouse:
        """The published figures as they would be with a release of the department that is not accepted yet.

        ``figures`` has the columns of ``intake.model.FIGURE_COLUMNS``, ``sources`` those of ``sources.csv``. Takes a second
        and a hundred megabytes: close it. Without local figures, which a release leaves alone.
        """
        version = self._now().version
        return self._opened(self.store.releases(version), version, (name, figures.assign(upload=version + 1), sources))

    def together(self, figures: pd.DataFrame, version: int) -> pd.DataFrame:
        """Raw local figures with those in force of the same authorities that they do not replace."""
        return self.over(self.store.figures(version, sorted(figures["area_code"].unique()), LOCAL_LAYERS), figures)

    @staticmethod
    def over(held: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
        """Raw local figures with those of ``held`` that they do not replace."""
        both = pd.concat([held[list(figures.columns)], figures], ignore_index=True)
        return both.drop_duplicates(list(KEY), keep="last", ignore_index=True)

    # ------------------------------------------------------------------ the newest

    def _now(self, patience: float = -1) -> _Newest:
        """The newest version, made if it is new; the one before while that takes another look more than ``patience``."""
        version, held = self.store.version(), self._newest
        if held is not None and held.version == version:
            return held
        if not self._making.acquire(timeout=-1 if held is None else patience):
            assert held is not None  # noqa: S101
            return held
        try:
            held = self._newest
            if held is None:
                held = self._newest = self._bare()
            if held.version == version:
                self._stuck = None
                return held
            tried = self._stuck is not None and self._stuck.version == version
            # A store that went back, as after a backup was put in its place, is not what this process has shown.
            if held.version < version and not (tried and time.monotonic() < self._quiet_until):
                held = self._newest = self._make_or_keep(version, held)
            return held
        finally:
            self._making.release()

    def _make_or_keep(self, version: int, held: _Newest) -> _Newest:
        """The newest version; where it cannot be made, for whatever reason, the last one that can be shown."""
        try:
            made = self._make(version, held)
        except StoreUnavailable as error:
            if self._stuck is None or self._stuck.version != version:
                log.warning(
                    "Reference %s: version %s is not shown yet: %s %s", error.refer(), version, error, error.detail
                )
                self._stuck = _Stuck(version, str(error), error.reference, error.detail)
            self._quiet_until = time.monotonic() + _QUIET
            return held
        except Exception as error:
            self._tell_stuck(version, error)
            self._quiet_until = time.monotonic() + _QUIET_FAILED
            return self._last_good(version, held)
        self._stuck = None
        return made

    def _tell_stuck(self, version: int, error: Exception) -> None:
        said = f"{type(error).__name__}: {error}"
        if self._stuck is not None and (self._stuck.version, self._stuck.error) == (version, said):
            return
        reference = secrets.token_hex(3).upper()
        log.error(
            "Reference %s: version %s cannot be made; the last good one is shown", reference, version, exc_info=error
        )
        self._stuck = _Stuck(
            version,
            "Withdraw what was uploaded last, or tell the person who looks after this dashboard; its log says why under the "
            f"reference {reference}.",
            reference,
            said,
        )

    def _last_good(self, version: int, held: _Newest) -> _Newest:
        """What to show instead of a version that cannot be made: the one that is shown, or the latest that can be made.

        The one that is shown must not go on being shown where something of it was erased since; and a process that has just
        started has none.
        """
        try:
            since = self.store.ledger(version)
            erased = ((since["action"] == "erased") & (since["entry"] > held.version)).any()
            if held.version and not erased:
                return held
            bare = self._bare()
            found, low, high = bare, 0, version
            while high - low > 1:
                middle = (low + high) // 2
                try:
                    found, low = self._make(middle, bare), middle
                except StoreUnavailable:
                    raise
                except Exception:
                    high = middle
            return found
        except StoreUnavailable as error:
            log.warning("no earlier version could be read either: %s %s", error, error.detail)
            return self._bare()

    def _bare(self) -> _Newest:
        """The published figures alone: whatever becomes of the uploads, these can be shown."""
        base = self._base_of(0)
        return _Newest(0, base, base.warehouse, {}, _NOTHING_LEFT_OUT)

    def _make(self, version: int, before: _Newest) -> _Newest:
        """The newest version, from the one before as far as that is unchanged."""
        kept = before if before.version else None
        snapshot = self.store.snapshot(version, since=before.version if kept else None)
        if snapshot.changed and snapshot.changed.kinds & {"release", "catalogue"}:
            # Other official figures may give away other local ones, and a measure that comes or goes may be anybody's.
            kept, snapshot = None, self.store.snapshot(version)
        base = kept.base if kept else self._base_of(version)
        snapshot, left_out = _usable(base, snapshot)
        given = base.protect(snapshot.figures, snapshot.catalogue)
        areas = sorted(snapshot.changed.areas) if snapshot.changed else []
        made = base.warehouse.with_local(
            _frames(base, snapshot, given, snapshot.uploads),
            f"{base.warehouse.version}-{version}",
            before=kept.warehouse if kept else None,
            areas=areas,
        )
        seen = {code: rows for code, rows in kept.given.items() if code not in areas} if kept else {}
        seen |= {str(code): rows for code, rows in given[[*KEY, *_SEEN]].groupby("area_code")}
        if kept:
            # Inspections are read whole each time, figures of these areas only.
            same = kept.left_out[(kept.left_out["what"] == "figure") & ~kept.left_out["area_code"].isin(areas)]
            left_out = pd.concat([same, left_out], ignore_index=True)
        return _Newest(version, base, made, seen, left_out)

    def _earlier_or_not(self, version: int, newest: _Newest) -> Warehouse:
        try:
            return self._make_earlier(version, newest)
        except StoreUnavailable:
            raise
        except Exception as error:
            reference = secrets.token_hex(3).upper()
            log.exception("Reference %s: the earlier version %s cannot be made", reference, version)
            raise UnknownChoice(f"Data version {version} cannot be shown (reference {reference}).") from error

    def _make_earlier(self, version: int, newest: _Newest) -> Warehouse:
        base = self._base_of(version)
        if version == 0:
            return base.warehouse
        snapshot, _ = _usable(base, self.store.snapshot(version))
        given = base.protect(snapshot.figures, snapshot.catalogue)
        now = pd.concat(newest.given.values()) if newest.given else given[[*KEY, *_SEEN]].head(0)
        raw_now = self.store.figures(newest.version, layers=LOCAL_LAYERS)
        given = base.beside(given, snapshot.figures, now, raw_now, self.store.ever(newest.version))
        return base.warehouse.with_local(
            _frames(base, snapshot, given, snapshot.uploads), f"{base.warehouse.version}-{version}.{newest.version}"
        )

    def _base_of(self, version: int) -> _Base:
        """The published figures of a version: the shipped ones, and what uploads of releases add or restate."""
        releases = self.store.releases(version) if version else ()
        with self._making:
            found = self._bases.pop(releases, None) or _Base(self._opened(releases, version))
            # The one asked for last stands last. One that is let go stays with those who still look at it.
            self._bases = dict([*list(self._bases.items())[1 - _KEPT_BASES :], (releases, found)])
            return found

    def _opened(
        self, releases: tuple[int, ...], version: int, more: tuple[str, pd.DataFrame, pd.DataFrame] | None = None
    ) -> Warehouse:
        """The published figures with releases in force at a version, and one ``more`` (name, figures, sources)."""
        if not releases and more is None:
            return open_warehouse(self._folder)
        published = [read(version, layers=["published"]) for read in (self.store.figures, self.store.superseded)]
        sources, name = [_with_dates(self.store.sources(version), self.store.ledger(version))], str(releases)
        if more is not None:
            name = f"{name} {more[0]}"
            published, sources = [*published, more[1]], [*sources, more[2]]
        held = [rows for rows in published if len(rows)]
        # What a file does not say of its release is empty text, also where a date would stand.
        listed_sources = pd.concat(sources, ignore_index=True).replace("", pd.NA)
        added = AddedReleases(name, pd.concat(held, ignore_index=True), listed_sources)
        return open_warehouse(self._folder, added=added)


def _with_dates(sources: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Releases that uploads brought (``Store.sources``), with the day of the upload where their own is not known."""
    days = {int(row["entry"]): day_text(row["at"]) for row in ledger.to_dict("records")}
    published = [
        f"{said}; uploaded on {days[int(upload)]}" if said == UNDATED else said
        for said, upload in zip(sources["published"], sources["upload"], strict=True)
    ]
    return sources.assign(published=published)


def former_codes(warehouse: Warehouse) -> dict[str, str]:
    """The code of today by each that an authority has given up."""
    rows = warehouse.query("former_codes")
    return dict(zip(rows["former_code"], rows["authority_code"], strict=True))


_LEFT_OUT = ("area_code", "upload", "reason", "what", "rows")
_NOTHING_LEFT_OUT = pd.DataFrame(columns=list(_LEFT_OUT))
_SEVERAL = {"figure": "figures", "inspection or visit": "inspections or visits"}
# Why a row of the store is not used, by the column that says so.
_REASONS = {
    "area_code": "the authority {} is not one of those that the dashboard has",
    "indicator": "the measure “{}” is no longer in the catalogue",
    "age_group": "the measure has no ages “{}” any more",
    "layer": "“{}” is no kind of local figure",
    "frequency": "“{}” is no frequency",
    "basis": "“{}” is no time that a figure can cover",
    "status": "“{}” is no mark of a missing figure",
    "period_end": "it has no period",
}


def _usable(base: _Base, snapshot: Snapshot) -> tuple[Snapshot, pd.DataFrame]:
    """A snapshot without rows that mean nothing to these published figures, and what was left out: columns ``_LEFT_OUT``.

    What was right when it was uploaded may name an authority, a measure, an age group or a layer that is no more.
    """
    figures, events = snapshot.figures, snapshot.events
    own = {
        str(row["id"]): frozenset(str(row["age_groups"]).split(";")) for row in snapshot.catalogue.to_dict("records")
    }
    ages = own | base.ages
    pairs = pd.MultiIndex.from_tuples([(name, age) for name, several in ages.items() for age in several])
    wrong: dict[str, Any] = {
        "area_code": ~figures["area_code"].isin(base.names),
        "indicator": ~figures["indicator"].isin(ages),
        "age_group": ~pd.MultiIndex.from_frame(figures[["indicator", "age_group"]]).isin(pairs),
        "layer": ~figures["layer"].isin(LOCAL_LAYERS),
        **{column: ~figures[column].isin(ALLOWED[column]) for column in ("frequency", "basis", "status")},
        "period_end": figures["period_end"].isna(),
    }
    told, good = [], pd.Series(True, index=figures.index)
    for column, bad in wrong.items():
        told.append(_counted(figures[good & bad], column, "figure"))
        good &= ~bad
    known = events["authority_code"].isin(base.names)
    told.append(
        _counted(events[~known].rename(columns={"authority_code": "area_code"}), "area_code", "inspection or visit")
    )
    if good.all() and known.all():
        return snapshot, _NOTHING_LEFT_OUT
    kept = dataclasses.replace(
        snapshot,
        figures=figures[good].reset_index(drop=True),
        uploads=snapshot.uploads[snapshot.uploads["upload"].isin(figures.loc[good, "upload"])].reset_index(drop=True),
        events=events[known].reset_index(drop=True),
    )
    return kept, pd.concat([rows for rows in told if len(rows)], ignore_index=True)


def _counted(rows: pd.DataFrame, column: str, what: str) -> pd.DataFrame:
    if rows.empty:
        return _NOTHING_LEFT_OUT
    said = [_REASONS[column].format("nothing" if missing(value) else value) for value in rows[column]]
    counted = rows[["area_code", "upload"]].assign(reason=said, what=what)
    return (
        counted.groupby(["area_code", "upload", "reason", "what"], as_index=False)
        .size()
        .rename(columns={"size": "rows"})
    )


def _left_out_sentences(left_out: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """One sentence for each upload and reason."""
    told = []
    keys = ["upload", "reason", "what"]
    for upload, reason, what in left_out[keys].drop_duplicates().sort_values(keys).itertuples(index=False, name=None):
        rows = left_out[(left_out[keys] == [upload, reason, what]).all(axis=1)]
        count = int(rows["rows"].sum())
        several = f"{count:,} {what if count == 1 else _SEVERAL[what]}"
        whose = listed(names.get(code, code) for code in sorted(rows["area_code"].unique()))
        told.append(
            f"Upload {int(upload)}: {several} of {whose} {'is' if count == 1 else 'are'} left out, because {reason}."
        )
    return told


def _keep_up(held: weakref.ref[Versions], every: float) -> None:
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
            # It will not be better in a second, and the log is to stay readable.
            wait = max(every, 60.0)
        del versions


def _frames(base: _Base, snapshot: Snapshot, given: pd.DataFrame, uploads: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What :meth:`Warehouse.with_local` lays beside the published figures; ``uploads`` are where ``given`` comes from."""
    return {
        "given": given,
        "catalogue": inert_frame(snapshot.catalogue),
        "events": inert_frame(snapshot.events),
        "sources_added": _source_rows(uploads, base.names),
    }


def _not_yet(figures: pd.DataFrame) -> pd.DataFrame:
    """The upload that a preview is of, as if it stood in the ledger today."""
    number = str(figures["release"].iloc[0])
    areas = sorted(figures["area_code"].unique())
    return pd.DataFrame({"upload": [number], "areas": [areas], "added_at": [pd.Timestamp.now("UTC")]})


def _source_rows(uploads: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Uploads of local figures as rows of ``sources``: whose figures they are, and since when they are here."""
    rows = []
    for upload in uploads.to_dict("records"):
        councils = [names.get(code, code) for code in upload["areas"]]
        whose = listed(councils) if len(councils) <= 3 else f"{len(councils)} councils"
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
