"""Uploads: the time and memory it takes to read a file and check it against the figures held."""

import csv
import datetime as dt
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bench.server import ROOT
from careleavers import settings
from careleavers.access.people import Person
from careleavers.figures.warehouse import Warehouse, open_warehouse
from careleavers.intake.checks import check
from careleavers.intake.comparison import ComparisonDatabase, held_figures
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import reference_data
from careleavers.intake.report import report
from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.uploads import UploadService
from careleavers.versions import Versions
from careleavers.wording.formats import quarter_text

SIZES = (10_000, 100_000, 500_000)
_OFFICER = Person("bench", "1", "Bench", "administrator")
_COLUMNS = (
    "authority_code", "authority_name", "indicator", "age_group", "period", "basis", "numerator", "denominator", "value",
    "target", "note",
)  # fmt: skip
_NARROW = ("LA number", "indicator", "age", "quarter", "num", "den")
_TEMPLATE_ROWS = 250_000
_SHORT_MEASURES = 60
# One figure in a hundred differs from the one held.
_RESTATED = 100


@dataclass(frozen=True)
class FileCost:
    """What one file took in a process of its own.

    Attributes
    ----------
    rows, bytes
        Its size.
    reading, checking
        Seconds.
    before, peak
        Memory in MB, before and at most.
    found
        How many cells something was found in.
    """

    rows: int
    bytes: int
    reading: float
    checking: float
    before: float
    peak: float
    found: int


def csv_of(rows: int, warehouse: Warehouse) -> bytes:
    """A long CSV of that many figures: every authority and percentage, going back quarter by quarter from the last one.

    Each series stays near where it is, and the parts of a whole add up, as in the files that officers have. The largest
    has only the columns, and the measures with the shortest ids, with which so many rows are less than 20 MB.

    Parameters
    ----------
    rows
        How many figures.
    warehouse
        Where the authorities and measures come from.
    """
    narrow = rows > _TEMPLATE_ROWS
    chance = random.Random(rows)
    measures = warehouse.query("indicators").query("unit == 'percent'")
    if narrow:
        measures = measures.loc[measures["indicator"].str.len().sort_values().index[:_SHORT_MEASURES]]
    wholes = [
        (names["indicator"].tolist(), age_group, names["adds_up"].eq("yes").all())
        for (_, age_group), names in measures.groupby(["family", "age_group"])
    ]
    places = warehouse.query("known_authorities").query("closed.isna() and opened < '2010-01-01'")
    sizes = {place.authority_code: chance.randint(18, 97) for place in places.itertuples()}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n" if narrow else "\r\n")
    writer.writerow(_NARROW if narrow else _COLUMNS)
    quarter = pd.Timestamp(dt.date.today()).to_period("Q-MAR") - 1
    left = rows
    while left:
        period = quarter_text(quarter.end_time.date())
        short = f"{period[-2:]} {period[2:7]}"
        for place in places.itertuples():
            base = sizes[place.authority_code] + chance.randint(-2, 2)
            for members, age_group, adds in wholes:
                counts = (
                    _parts(base, len(members), chance) if adds else [base // 3 + chance.randint(-1, 1)] * len(members)
                )
                for indicator, count in zip(members[:left], counts, strict=False):
                    writer.writerow(
                        [place.department_code, indicator, age_group, short, count, base]
                        if narrow
                        else [place.authority_code, place.authority_name, indicator, age_group, period, "quarter",
                              count, base, "", "", ""]
                    )  # fmt: skip
                    left -= 1
        quarter -= 1
    return out.getvalue().encode("utf-8" if narrow else "utf-8-sig")


def _parts(base: int, number: int, chance: random.Random) -> list[int]:
    """Counts that add up to a whole, most of it in the first."""
    rest = [base // (3 * number) + chance.randint(-1, 1) for _ in range(number - 1)]
    return [base - sum(rest), *rest]


def held_from(figures: pd.DataFrame) -> pd.DataFrame:
    """The same figures as an upload in force, but one in a hundred.

    Parameters
    ----------
    figures
        The figures of a draft.
    """
    local = figures.drop(columns="row").assign(layer="provisional", upload=1)
    other = local.index % _RESTATED == 0
    local.loc[other, "numerator"] -= 1
    local.loc[other, "value"] = 100 * local.loc[other, "numerator"] / local.loc[other, "denominator"]
    return local


def examine(rows: int, beside: bool) -> FileCost:
    """Read and check a file in this process.

    Parameters
    ----------
    rows
        How many figures the file has.
    beside
        Whether it is held against the same figures in force.
    """
    warehouse = open_warehouse()
    reference = reference_data(warehouse, settings.data_folder())
    content = csv_of(rows, warehouse)
    before = _peak()
    began = time.perf_counter()
    draft = read_upload(content, "figures.csv", reference)
    reading = time.perf_counter() - began
    local = held_from(draft.figures) if beside else draft.figures.head(0).assign(upload=0)
    held = held_figures(draft, warehouse, local)
    began = time.perf_counter()
    with ComparisonDatabase(draft, held, "provisional") as comparison:
        findings = check(draft, _OFFICER, comparison)
    said = report(findings)
    checking = time.perf_counter() - began
    assert len(draft.figures) == rows, said.headline
    return FileCost(rows, len(content), reading, checking, before, _peak(), said.count)


def check_and_preview(rows: int) -> dict[str, float]:
    """All that the page does with a file before it asks whether to accept it, in this process: seconds and peak MB.

    Parameters
    ----------
    rows
        How many figures the file has.
    """
    with tempfile.TemporaryDirectory() as folder:
        service = UploadService(Versions(Store(read_address(str(Path(folder) / "uploads.duckdb")))))
        service.reference()
        content = csv_of(rows, service.versions.newest())
        began, worked = time.perf_counter(), time.process_time()
        checked = service.check_file(content, "figures.csv", _OFFICER, "provisional")
        seconds, processor = time.perf_counter() - began, time.process_time() - worked
    assert checked.effect is not None, checked.report.headline
    return {"seconds": seconds, "processor": processor, "peak": _peak(), "hidden": len(checked.hidden)}


def in_fresh_process(rows: int, how: str) -> dict[str, Any]:
    """:func:`examine` or :func:`check_and_preview` in a fresh process, so that its peak of memory is its own.

    Parameters
    ----------
    rows
        How many figures the file has.
    how
        'alone' or 'beside' for :func:`examine`, 'whole' for :func:`check_and_preview`.
    """
    command = [sys.executable, "-m", "bench.intake", str(rows), how]
    answer = subprocess.run(command, check=True, capture_output=True, cwd=ROOT, text=True)
    return dict(json.loads(answer.stdout))


def lines() -> list[str]:
    """The section of the report."""
    found = [
        "",
        "## Uploads",
        "",
        "A long CSV of made-up figures read, held against every rule and against what is in force, and its report grouped; "
        "each in a process of its own. “Beside as many” holds it against the same figures as an earlier upload in force, one "
        "in a hundred of them different. Aim: 10,000 rows under 1 s, 100,000 under 5 s, 500,000 under 400 MB.",
        "",
        "| rows | size | beside | read | checked | together | found | memory before / at most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for rows in SIZES:
        for beside in (False, True):
            taken = FileCost(**in_fresh_process(rows, "beside" if beside else "alone"))
            found.append(
                f"| {taken.rows:,} | {taken.bytes / 1e6:.1f} MB | {'as many' if beside else 'nothing'} | "
                f"{taken.reading:.2f} s | {taken.checking:.2f} s | {taken.reading + taken.checking:.2f} s | "
                f"{taken.found:,} | {taken.before:.0f} / {taken.peak:.0f} MB |"
            )
    found += [
        "",
        "All that the page does before it asks whether to accept: read, check, work out what viewers would not see, and "
        "preview. Nothing is in force before.",
        "",
        "| rows | seconds | of the processor | hidden | memory at most |",
        "|---|---|---|---|---|",
    ]
    for rows in SIZES:
        all_of_it = in_fresh_process(rows, "whole")
        found.append(
            f"| {rows:,} | {all_of_it['seconds']:.2f} s | {all_of_it['processor']:.2f} s | {all_of_it['hidden']:,} | {all_of_it['peak']:.0f} MB |"
        )
    return found


def _peak() -> float:
    """Peak memory of this process so far, in MB; ``ru_maxrss`` would include that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024 / 1e6


if __name__ == "__main__":
    number, kind = int(sys.argv[1]), sys.argv[2]
    print(json.dumps(check_and_preview(number) if kind == "whole" else vars(examine(number, kind == "beside"))))
