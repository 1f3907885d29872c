"""The figures at each length of the ledger: the newest for whoever looks now, earlier ones for links that ask for them.

The published figures are built once and shared. Local figures are laid beside them for each version, so that a new
upload is there on the next look without working out every rank of every authority again. What is read from the store
is raw; it passes ``disclosure.protect`` here, and nothing else carries it on to the pages.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from careleavers import disclosure
from careleavers.errors import UnknownChoice
from careleavers.formats import day_text, listed
from careleavers.intake.model import KEY
from careleavers.store import Snapshot, Store
from careleavers.warehouse import AddedReleases, Warehouse, open_warehouse

LOCAL_LAYERS = ("provisional", "final")
LICENCE = "The council's own figures, not official statistics"
# An earlier version is some hundred kilobytes of local figures.
_KEPT_VERSIONS = 8


@dataclass(frozen=True)
class _Latest:
    """The newest version that was built: the next one takes over what it leaves alone. ``hidden`` holds keys by authority."""

    version: int
    base: Warehouse
    warehouse: Warehouse
    hidden: dict[str, pd.DataFrame]


class Versions:
    """Every version of the figures of one data folder and one store. Safe to share between threads."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        """``folder`` holds the shipped figures (default: the configured one). Raises :class:`DataProblem`."""
        self.store = store
        self._folder = folder
        self._lock = threading.RLock()
        self._bases: dict[tuple[int, ...], Warehouse] = {(): open_warehouse(folder)}
        self._versions: dict[int, Warehouse] = {}
        self._evicted: list[Warehouse] = []
        self._latest: _Latest | None = None

    def newest(self) -> Warehouse:
        """The figures with every upload that is in force now. Quick when nothing was uploaded since the last look."""
        return self._at(self.store.version())

    def at(self, version: int) -> Warehouse:
        """The figures as they were when the ledger had ``version`` entries; raises :class:`UnknownChoice`."""
        newest = self.store.version()
        if not 0 <= version <= newest:
            raise UnknownChoice(f"There is no data version {version}: they go from 0 to {newest}.")
        return self._at(version)

    def base(self) -> Warehouse:
        """The published figures of the newest version, without local ones."""
        with self._lock:
            return self._base_of(self.store.version())

    def protected(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Raw local figures as viewers may see them: see :func:`careleavers.disclosure.protect`."""
        return self._protect(figures, self.base(), self.store.catalogue())

    def preview(self, figures: pd.DataFrame, name: str) -> Warehouse:
        """The newest figures with local ones laid over them that are not accepted yet, as viewers would see them.

        ``figures`` has the columns of ``intake.model.FIGURE_COLUMNS``; ``name`` tells this preview from others. Close it
        when it is not needed any more.
        """
        with self._lock:
            version = self.store.version()
            base, before = self._base_of(version), self._at(version)
            areas = sorted(figures["area_code"].unique())
            snapshot = self.store.snapshot(version, since=version)
            given = self._protect(self.together(figures, version), base, snapshot.catalogue).assign(restated=False)
            frames = self._frames(snapshot, given, _not_yet(figures))
            return base.with_local(
                frames, f"{before.version}-{name}", before=None if before is base else before, areas=areas
            )

    def together(self, figures: pd.DataFrame, version: int) -> pd.DataFrame:
        """Raw local figures with those in force of the same authorities that they do not replace."""
        held = self.store.figures(version, sorted(figures["area_code"].unique()), LOCAL_LAYERS)
        both = pd.concat([held[list(figures.columns)], figures], ignore_index=True)
        return both.drop_duplicates(list(KEY), keep="last", ignore_index=True)

    def _at(self, version: int) -> Warehouse:
        found = self._versions.get(version)
        if found is not None:
            return found
        with self._lock:
            found = self._versions.get(version)
            if found is None:
                found = self._versions[version] = self._build(version)
                if len(self._versions) > _KEPT_VERSIONS:
                    self._retire(next(old for old in self._versions if old not in {version, 0}))
            return found

    def _retire(self, version: int) -> None:
        """Let a version go, but not under whoever asks it at this moment: it is closed when later ones go."""
        self._evicted.append(self._versions.pop(version))
        if len(self._evicted) > _KEPT_VERSIONS:
            oldest = self._evicted.pop(0)
            if self._latest is None or oldest is not self._latest.warehouse:
                oldest.close()

    def _base_of(self, version: int) -> Warehouse:
        """The published figures of a version: the shipped ones, and what uploads of releases add or restate."""
        releases = self.store.releases(version) if version else ()
        if releases not in self._bases:
            published = [read(version, layers=["published"]) for read in (self.store.figures, self.store.superseded)]
            added = AddedReleases(str(releases), pd.concat(published, ignore_index=True), self.store.sources(version))
            self._bases[releases] = open_warehouse(self._folder, added=added)
        return self._bases[releases]

    def _build(self, version: int) -> Warehouse:
        base = self._base_of(version)
        if version == 0:
            return base
        name = f"{base.version}-{version}"
        if version < self.store.version():
            # What is hidden now is hidden in every version, or an earlier page would give it away.
            self.newest()
            now = list(self._latest.hidden.values()) if self._latest else []
            snapshot = self.store.snapshot(version)
            given = self._protect(snapshot.figures, base, snapshot.catalogue, pd.concat(now) if now else None)
            return base.with_local(self._frames(snapshot, given, snapshot.uploads), name)
        latest = self._latest if self._latest and self._latest.base is base else None
        snapshot = self.store.snapshot(version, since=latest.version if latest else None)
        if snapshot.changed and "catalogue" in snapshot.changed.kinds:
            # Figures that waited for their indicator may be anybody's.
            latest, snapshot = None, self.store.snapshot(version)
        areas = sorted(snapshot.changed.areas) if snapshot.changed else []
        given = self._protect(snapshot.figures, base, snapshot.catalogue)
        built = base.with_local(
            self._frames(snapshot, given, snapshot.uploads),
            name,
            before=latest.warehouse if latest else None,
            areas=areas,
        )
        hidden = {code: keys for code, keys in latest.hidden.items() if code not in areas} if latest else {}
        for code, rows in given[given["hidden"]].groupby("area_code"):
            hidden[str(code)] = rows[list(KEY)]
        self._latest = _Latest(version, base, built, hidden)
        return built

    def _protect(
        self, figures: pd.DataFrame, base: Warehouse, own: pd.DataFrame, also_hidden: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Raw local figures as viewers may see them; ``own`` are the indicators that councils added themselves.

        What those have to do with others is nobody's to say but ours, and none of them is taken to count staff: a word in
        an uploaded definition must not take figures out of protection.
        """
        if figures.empty:
            return figures.assign(hidden=False)
        published = base.query(
            "published_counts",
            authorities=",".join(sorted(figures["area_code"].unique())),
            since=pd.Timestamp(figures["period_end"].min()).date(),
        )
        ties = base.query("ties").to_dict("records")
        return disclosure.protect(
            figures,
            published,
            {str(tie["indicator"]): tuple(tie["members"]) for tie in ties if len(tie["members"])},
            units={str(tie["indicator"]): str(tie["unit"]) for tie in ties}
            | dict(zip(own["id"], own["unit"], strict=True)),
            staff=[str(tie["indicator"]) for tie in ties if tie["staff"]],
            parts={str(tie["indicator"]): tuple(tie["parts"]) for tie in ties if len(tie["parts"])},
            also_hidden=also_hidden,
        )

    def _frames(self, snapshot: Snapshot, given: pd.DataFrame, uploads: pd.DataFrame) -> dict[str, pd.DataFrame]:
        """What :meth:`Warehouse.with_local` lays beside the published figures; ``uploads`` are where ``given`` comes from."""
        return {
            "given": given,
            "catalogue": snapshot.catalogue,
            "events": snapshot.events,
            "sources_added": _source_rows(uploads, self._bases[()]),
        }


def _not_yet(figures: pd.DataFrame) -> pd.DataFrame:
    """The upload that a preview is of, as if it stood in the ledger today."""
    number = str(figures["release"].iloc[0])
    areas = sorted(figures["area_code"].unique())
    return pd.DataFrame({"upload": [number], "areas": [areas], "added_at": [pd.Timestamp.now("UTC")]})


def _source_rows(uploads: pd.DataFrame, base: Warehouse) -> pd.DataFrame:
    """Uploads of local figures as rows of ``sources``: whose figures they are, and since when they are here."""
    authorities = base.query("authorities")
    names = dict(zip(authorities["authority_code"], authorities["authority_name"], strict=True))
    rows = []
    for upload in uploads.to_dict("records"):
        councils = [names[code] for code in upload["areas"]]
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
