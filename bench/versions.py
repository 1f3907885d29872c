"""Versions: how soon an upload of another process is seen, and whether pages are slower with many uploads."""

import datetime as dt
import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
import pandas as pd

from bench.figures import QUESTIONS, times
from bench.server import ROOT
from careleavers.access.people import Person
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.store import NewUpload, Store
from careleavers.store.address import read_address
from careleavers.versions import Versions

UPLOADS, ROWS = 1000, 60
_OFFICER = Person("bench", "1", "Bench", "administrator")
_ASKED = ("trends", "at_a_glance", "compare", "local_latest", "local_quarters")
_DAYS = [
    dt.date(year, *day) for year in (2023, 2024, 2025) for day in ((6, 30), (9, 30), (12, 31)) if (year, day) != (2025, (12, 31))
]  # fmt: skip


@dataclass(frozen=True)
class VersionTimes:
    """How long the figures of a data version take to be there, and what they cost. Times are in milliseconds.

    Attributes
    ----------
    start, start_cpu
        From a store to the figures at the start of a process: on the clock, and of the processor.
    picked_up, picked_up_cpu
        The same after another process has accepted an upload.
    made_ahead
        How long a visitor waits who arrives after the server has already looked.
    earlier
        An earlier version that a link names.
    before, kept, ten_more
        Memory in MB: of the process without local figures; of those; and of ten more versions.
    base, crowded
        p50 of each question, without uploads and with all of them.
    """

    start: float
    start_cpu: float
    picked_up: list[float]
    picked_up_cpu: list[float]
    made_ahead: list[float]
    earlier: float
    before: float
    kept: float
    ten_more: float
    base: dict[str, float]
    crowded: dict[str, float]


def quarter(area: str, number: int, chance: random.Random) -> pd.DataFrame:
    """Sixty figures of one council for one quarter: families that add up, most of them with no small count.

    Parameters
    ----------
    area
        The council's code.
    number
        Which quarter.
    chance
        What the figures are drawn from.
    """
    rows: list[dict[str, object]] = []

    def add(indicator: str, age_group: str, numerator: int, denominator: int) -> None:
        rows.append(
            {
                "row": len(rows) + 2, "indicator": indicator, "age_group": age_group, "area_code": area,
                "period_end": _DAYS[number % len(_DAYS)], "frequency": "quarter", "basis": "quarter",
                "layer": "provisional", "numerator": numerator, "denominator": denominator,
                "value": 100 * numerator / denominator, "status": "ok", "source": "local", "release": "",
            }
        )  # fmt: skip

    families = {
        ("17-18", "19-21"): (
            ("eet", "neet", "activity_not_known"),
            ("suitable_accommodation", "unsuitable_accommodation", "accommodation_not_known"),
            ("in_touch", "not_in_touch", "refuses_contact", "no_longer_requires_services"),
            *((one,) for one in ("higher_education", "apprenticeship", "pathway_plan_in_date", "health_history_given",
                                 "personal_adviser_allocated", "in_touch_eight_weeks", "bed_and_breakfast",
                                 "local_offer_take_up", "in_custody")),
        ),
        ("22", "23", "24", "25"): (
            ("eet_22_25", "neet_22_25", "not_in_touch_activity_22_25"),
            ("supported_22_25", "not_in_touch_22_25"),
        ),
    }  # fmt: skip
    for ages, members in families.items():
        for age_group in ages:
            base = chance.randint(60, 400)
            for family in members:
                left = base
                for place, member in enumerate(family, start=1):
                    last = len(family) > 1 and place == len(family)
                    count = left if last else chance.randint(min(2, left), left)
                    left -= count
                    add(member, age_group, count, base)
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS)).head(ROWS)


def upload(area: str, number: int) -> NewUpload:
    """A council's upload of one quarter.

    Parameters
    ----------
    area
        The council's code.
    number
        Which upload, and so which quarter.
    """
    figures = quarter(area, number, random.Random(number))
    return NewUpload(
        kind="local", layout="long", layer="provisional", file_name=f"{number}.csv", content=figures.to_csv().encode(),
        figures=figures.assign(period_end=pd.to_datetime(figures["period_end"])),
    )  # fmt: skip


def fill(path: Path, areas: list[str], uploads: int = UPLOADS) -> None:
    """A store with so many uploads, written at once: one after the other would take a minute.

    Parameters
    ----------
    path
        The file of the store.
    areas
        Codes of councils, which take turns.
    uploads
        How many.
    """
    Store(read_address(str(path))).accept(upload(areas[0], 0), _OFFICER)
    made = [upload(areas[number % len(areas)], number) for number in range(1, uploads)]
    figures = pd.concat(
        [
            one.figures.assign(upload=number, source="local", release=str(number))
            for number, one in enumerate(made, start=2)
        ]
    )
    entries = pd.DataFrame(
        [
            {"entry": number, "upload": number, "areas": one.areas[0], "file_name": one.file_name, "sha256": one.sha256}
            for number, one in enumerate(made, start=2)
        ]
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("made_figures", figures)
        connection.register("made_entries", entries)
        connection.execute(
            """
            INSERT INTO figures BY NAME SELECT * FROM made_figures;
            INSERT INTO ledger SELECT entry, upload, 'accepted', now()::TIMESTAMP, 'bench', '1', 'Bench', '' FROM made_entries;
            INSERT INTO uploads SELECT upload, 'local', 'long', 'provisional', file_name, sha256, 1000, 60, areas, '', '{}', '{}'
            FROM made_entries;
            UPDATE head SET length = (SELECT max(entry) FROM ledger);
            """
        )


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _accept_elsewhere(path: Path, area: str, number: int) -> None:
    """Another process accepts an upload."""
    subprocess.run(
        [sys.executable, "-m", "bench.versions", "accept", str(path), area, str(number)], check=True, cwd=ROOT
    )


def _measured(path: Path, areas: list[str]) -> VersionTimes:
    empty = Versions(Store(read_address(str(path.with_name("none.duckdb")))))
    base = {name: times(lambda n=name: empty.newest().query(n, **QUESTIONS[n]), 30)[0] for name in _ASKED}  # type: ignore[misc]
    gc.collect()
    before = _resident()
    versions = Versions(Store(read_address(str(path))))
    began, began_cpu = time.perf_counter(), time.process_time()
    versions.newest()
    start, start_cpu = 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - began_cpu)
    gc.collect()
    kept = _resident() - before
    picked_up, picked_up_cpu = [], []
    for number in range(10):
        _accept_elsewhere(path, areas[number], UPLOADS + number)
        # A file changed within the last moment is read again on every check.
        time.sleep(0.12)
        began, began_cpu = time.perf_counter(), time.process_time()
        versions.newest()
        picked_up.append(1000 * (time.perf_counter() - began))
        picked_up_cpu.append(1000 * (time.process_time() - began_cpu))
    gc.collect()
    ten_more = _resident() - before - kept
    crowded = {name: times(lambda n=name: versions.newest().query(n, **QUESTIONS[n]), 30)[0] for name in _ASKED}  # type: ignore[misc]
    versions.start_refreshing()
    made_ahead = []
    for number in range(10, 15):
        _accept_elsewhere(path, areas[number], UPLOADS + number)
        time.sleep(1.5)
        began = time.perf_counter()
        versions.newest()
        made_ahead.append(1000 * (time.perf_counter() - began))
    began = time.perf_counter()
    versions.select_version(UPLOADS // 2)
    earlier = 1000 * (time.perf_counter() - began)
    return VersionTimes(
        start, start_cpu, picked_up, picked_up_cpu, made_ahead, earlier, before, kept, ten_more, base, crowded
    )


def measure() -> VersionTimes:
    """All measurements of this module, in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.versions", "measure", str(Path(folder) / "uploads.duckdb")]
        result = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE)
    return VersionTimes(**json.loads(result.stdout))


def lines() -> list[str]:
    """The section of the report on versions."""
    taken = measure()
    report = [
        "",
        "## Versions",
        "",
        f"With {UPLOADS:,} uploads of {ROWS} figures by 150 councils in the ledger.",
        "",
        f"- From the store to the figures, at the start of a process: {taken.start:.0f} ms "
        f"({taken.start_cpu:.0f} ms of processor time).",
        f"- After another process accepted {ROWS} figures: {statistics.median(taken.picked_up):.0f} ms (p50; "
        f"{max(taken.picked_up):.0f} ms the slowest of {len(taken.picked_up)}; aim under 50 ms; processor time "
        f"{statistics.median(taken.picked_up_cpu):.0f} ms). The server looks once a second by itself: a visitor who comes "
        f"after it has waits {statistics.median(taken.made_ahead):.1f} ms (the slowest of {len(taken.made_ahead)}: "
        f"{max(taken.made_ahead):.1f} ms).",
        f"- An earlier version that a link names: {taken.earlier:.0f} ms.",
        f"- Memory: {taken.kept:.0f} MB for the local figures, {taken.ten_more:.0f} MB more after ten more versions.",
        "",
        "| question | no uploads | all of them |",
        "|---|---|---|",
    ]
    report += [f"| {name} | {taken.base[name]:.1f} ms | {taken.crowded[name]:.1f} ms |" for name in _ASKED]
    return report


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["accept"]:
        _, path, area, number = arguments
        Store(read_address(path)).accept(upload(area, int(number)), _OFFICER)
    elif arguments[:1] == ["measure"]:
        store = Path(arguments[1])
        frame = Versions(Store(read_address(str(store.with_name("none.duckdb"))))).newest().query("known_authorities")
        areas = frame.loc[frame["closed"].isna(), "authority_code"].tolist()[:150]
        fill(store, areas)
        print(json.dumps(asdict(_measured(store, areas))))
    else:
        print(f"load {os.getloadavg()[0]:.1f}")
        print("\n".join(lines()))


if __name__ == "__main__":
    _main(sys.argv[1:])
