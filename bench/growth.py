"""How time and memory grow with rows, uploads, authorities and kept work: a table with the measured exponent.

``python -m bench.growth rows|file|uploads|authorities`` measures each size in a process of its own, in processor time, which can be
compared on a machine that others use. An exponent of 1 is in proportion, 0 does not grow. Viewers are measured by ``bench.load``.
``rows`` are held in memory, ``file`` has them read from a file, which ``--folder`` keeps for the next time.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.server import ROOT
from careleavers.figures.warehouse import Warehouse

SIZES = {"rows": (1, 10), "file": (1, 10, 100), "uploads": (1, 10, 100, 1000, 10_000), "authorities": (5, 50, 150)}
_ASKED = ("at_a_glance", "compare", "trends", "map")
# The answer to these is the catalogue or all of it that is held, so it grows with the number of measures.
OF_CATALOGUE = {
    "indicators",
    "definitions",
    "indicator_relations",
    "known_names",
    "releases_due",
    "search_names",
}
# Asked when a release is uploaded, and not by a page.
_OF_UPLOADS = {"published"}


def _processor(run: Callable[[], object], repeats: int = 1) -> float:
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def _memory() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def rows(factor: int) -> dict[str, float]:
    """So many times the shipped rows: seconds to build, ms of some questions, MB.

    Parameters
    ----------
    factor
        How many times.

    Returns
    -------
    dict[str, float]
        By what was measured.
    """
    from bench.figures import multiplied

    held: list[object] = []
    built = _processor(lambda: held.append(multiplied(factor)))
    return {"build, s": built, **_asked(held[0][0])}  # type: ignore[index]


def _asked(warehouse: Warehouse) -> dict[str, float]:
    """Milliseconds of some questions and of the slowest of all, and the memory after them."""
    from bench.figures import QUESTIONS

    taken = {
        name: 1000 * _processor(lambda n=name: warehouse.query(n, **QUESTIONS[n]), 7)  # type: ignore[misc]
        for name in sorted(QUESTIONS.keys() - OF_CATALOGUE - _OF_UPLOADS)
    }
    slowest = max(taken, key=lambda name: taken[name])
    print(f"slowest: {slowest}", file=sys.stderr)
    asked = {f"{name}, ms": taken[name] for name in _ASKED}
    return {**asked, "slowest question, ms": taken[slowest], "memory, MB": _memory()}


def file(factor: int, folder: Path) -> dict[str, float]:
    """So many times the shipped rows in a file: seconds and MB to build it and to open it, ms of some questions.

    Parameters
    ----------
    factor
        How many times.
    folder
        Where the file is; it is built unless it is there.

    Returns
    -------
    dict[str, float]
        By what was measured.
    """
    from bench.figures import multiplied

    path = folder / f"{factor}.duckdb"
    costs = path.with_suffix(".json")
    if not path.is_file():
        built = _processor(lambda: multiplied(factor, path)[0].close())
        costs.write_text(json.dumps({"build, s": built, "memory to build it, MB": _peak()}), encoding="utf-8")
        # Opened in a process that has not built it.
        again = [sys.executable, "-m", "bench.growth", "file", str(factor), "--here", "--folder", str(folder)]
        return dict(json.loads(subprocess.run(again, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout))
    held: list[object] = []
    opened = _processor(lambda: held.append(multiplied(factor, path)))
    asked = _asked(held[0][0])  # type: ignore[index]
    return {
        **(json.loads(costs.read_text(encoding="utf-8")) if costs.is_file() else {}),
        "file, MB": path.stat().st_size / 1e6,
        "open, s": opened,
        **asked,
    }


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024 / 1e6


def _start(uploads: int, authorities: int) -> dict[str, float]:
    from careleavers.store import Store
    from careleavers.store.address import read_address
    from careleavers.versions import Versions

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["CARELEAVERS_KEPT"] = str(folder / "kept")
        empty = Versions(Store(read_address(str(folder / "none.duckdb"))))
        frame = empty.newest().query("known_authorities")
        areas = frame.loc[frame["closed"].isna(), "authority_code"].tolist()[:authorities]
        # In a process of its own, so that what it takes is not what is measured.
        written = "import json, sys; from pathlib import Path; from bench.versions import fill; " + (
            "fill(Path(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]))"
        )
        arguments = [str(folder / "uploads.duckdb"), json.dumps(areas), str(uploads)]
        subprocess.run([sys.executable, "-c", written, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        before = _memory()
        store = read_address(str(folder / "uploads.duckdb"))
        first, again = Versions(Store(store)), Versions(Store(store))
        cold = _processor(first.newest)
        warm = _processor(again.newest)
        asked = {
            "local figures, ms": 1000 * _processor(lambda: again.newest().query("local_latest", authority=areas[0]), 7)
        }
        return {"first start, s": cold, "later starts, s": warm, **asked, "memory, MB": (_memory() - before) / 2}


def uploads(number: int) -> dict[str, float]:
    """So many uploads of 60 figures by up to 150 councils: seconds of the first and later starts, MB.

    Parameters
    ----------
    number
        How many.

    Returns
    -------
    dict[str, float]
        By what was measured.
    """
    return _start(max(number, 2), 150)


def authorities(number: int) -> dict[str, float]:
    """Seven uploads of each of so many councils.

    Parameters
    ----------
    number
        How many.

    Returns
    -------
    dict[str, float]
        By what was measured.
    """
    return _start(7 * number, number)


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The slope of a line through the logarithms: ``value`` grows as ``size`` to this power.

    Parameters
    ----------
    sizes, values
        What was measured at each size.

    Returns
    -------
    float
        NaN where a value is not above 0.
    """
    if len(sizes) < 2 or min(values) <= 0:
        return math.nan
    return statistics.linear_regression([math.log(n) for n in sizes], [math.log(value) for value in values]).slope


def lines(what: str, taken: Mapping[int, Mapping[str, float]]) -> list[str]:
    """A table of one kind of growth.

    Parameters
    ----------
    what
        What grew.
    taken
        What was measured at each size.

    Returns
    -------
    list[str]
        Lines of Markdown.
    """
    sizes = list(taken)
    found = [
        f"| {what} | " + " | ".join(f"{size:,}" for size in sizes) + " | exponent |",
        "|---|" + "---|" * (len(sizes) + 1),
    ]
    for name in next(iter(taken.values())):
        values = [taken[size][name] for size in sizes]
        found.append(
            f"| {name} | " + " | ".join(f"{value:,.3g}" for value in values) + f" | {exponent(sizes, values):.2f} |"
        )
    return found


def main() -> None:
    """Measure one kind of growth and print its table."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument("what", choices=list(SIZES))
    asked.add_argument("sizes", type=int, nargs="*")
    asked.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help="where the files of the kind “file” are kept for the next time")
    options = asked.parse_args()
    measure: Mapping[str, Callable[[int], dict[str, float]]] = {
        "rows": rows,
        "file": lambda size: file(size, options.folder),
        "uploads": uploads,
        "authorities": authorities,
    }
    if options.here:
        print(json.dumps(measure[options.what](options.sizes[0])))
        return
    taken = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        for size in options.sizes or SIZES[options.what]:
            command = [sys.executable, "-m", "bench.growth", options.what, str(size), "--here", "--folder", str(folder)]
            done = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            taken[size] = json.loads(done.stdout)
    print("\n".join(lines(options.what, taken)))


if __name__ == "__main__":
    main()
