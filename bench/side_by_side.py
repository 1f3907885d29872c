"""The Compare question asked in four ways over the same figures: this, plain pandas, DuckDB over the raw CSVs, and datasette.

The question: the share in education, employment or training, 19 to 21, 2025, of every authority with its name, best first, ranked,
and England's. ``python -m bench.side_by_side`` asks each at 1, 10 and 100 times the shipped rows, in a process of its own.
datasette pins other versions of what the dashboard needs, so it wants an environment of its own: ``--datasette`` names its command.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import psutil

from bench.server import ROOT
from careleavers import settings

FACTORS = (1, 10, 100)
WAYS = ("this", "pandas", "DuckDB over CSV", "datasette")
_EET = {"indicator": "eet", "age_group": "19-21", "period": "2025-03-31"}
_REPEATS = 15
# Seconds that a question may take before it is asked once only.
_LONG = 2.0


def write_copies(folder: Path, factor: int) -> None:
    """The observations as one CSV with every indicator copied, and the authorities beside them.

    Parameters
    ----------
    folder
        Where they are written.
    factor
        How many times the shipped rows.
    """
    source = settings.data_folder()
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT o.* REPLACE (indicator || CASE WHEN k = 0 THEN '' ELSE '_' || k END AS indicator)
            FROM read_csv('{source}/observations/*.csv', union_by_name = true, all_varchar = true) o
            CROSS JOIN range({factor}) t(k)) TO '{folder}/observations.csv'"""
        )
    shutil.copy(source / "authorities.csv", folder)


def _this(folder: Path, factor: int) -> Callable[[], object]:
    from bench.figures import multiplied

    # As the dashboard does: what is too much for memory is read from a file.
    large = (folder / "observations.csv").stat().st_size > settings.figures_in_memory()
    warehouse, _ = multiplied(factor, folder / "figures.duckdb" if large else None)
    return lambda: warehouse.query("compare", **_EET, authority="E08000035", scope="all", against="neighbours")


def _pandas(folder: Path, factor: int) -> Callable[[], object]:
    def ask() -> object:
        every = pd.read_csv(folder / "observations.csv", dtype={"release": str})
        names = pd.read_csv(folder / "authorities.csv")
        of = (every["indicator"] == "eet") & (every["age_group"] == "19-21") & (every["period_end"] == "2025-03-31")
        rows = every[of].merge(names, left_on="area_code", right_on="authority_code", how="left")
        return rows.assign(rank=rows["value"].rank(method="min", ascending=False)).sort_values("value", ascending=False)

    return ask


def _duckdb(folder: Path, factor: int) -> Callable[[], object]:
    connection = duckdb.connect(config={"threads": settings.threads()})
    sql = f"""SELECT o.*, a.authority_name, rank() OVER (ORDER BY o.value DESC)
        FROM read_csv('{folder}/observations.csv', types = {{'release': 'VARCHAR', 'value': 'DOUBLE'}}) o
        LEFT JOIN read_csv('{folder}/authorities.csv') a ON a.authority_code = o.area_code
        WHERE indicator = 'eet' AND age_group = '19-21' AND period_end = DATE '2025-03-31' ORDER BY o.value DESC"""
    return lambda: connection.execute(sql).df()


_DATASETTE = """SELECT o.*, a.authority_name, rank() OVER (ORDER BY o.value DESC) AS place FROM observations o
    LEFT JOIN authorities a ON a.authority_code = o.area_code
    WHERE indicator = 'eet' AND age_group = '19-21' AND period_end = '2025-03-31' ORDER BY o.value DESC"""


def _sqlite(folder: Path) -> Path:
    """The same in SQLite, with the index that whoever publishes it there would make."""
    path = folder / "figures.db"
    with sqlite3.connect(path) as connection:
        for name in ("observations", "authorities"):
            for part in pd.read_csv(folder / f"{name}.csv", dtype={"release": str}, chunksize=200_000):
                part.to_sql(name, connection, if_exists="append", index=False)
        connection.execute("CREATE INDEX by_measure ON observations (indicator, age_group, period_end)")
    return path


def _taken(ask: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Milliseconds of processor time for each question, which other programs on the machine hardly change."""
    ask()
    began = time.perf_counter()
    ask()
    repeats = _REPEATS if time.perf_counter() - began < _LONG else 1
    used = clock()
    for _ in range(repeats):
        ask()
    return 1000 * (clock() - used) / repeats


def examine(way: str, folder: Path, factor: int) -> dict[str, float]:
    """Ask in one way in this process.

    Parameters
    ----------
    way
        One of :data:`WAYS`.
    folder
        Where :func:`write_copies` wrote.
    factor
        How many times the shipped rows it wrote.

    Returns
    -------
    dict[str, float]
        ``ready`` (seconds of processor time before the first question), ``ms`` a question, and ``MB`` at most.
    """
    began = time.process_time()
    ask = {"this": _this, "pandas": _pandas, "DuckDB over CSV": _duckdb}[way](folder, factor)
    ready = time.process_time() - began
    ms = _taken(ask)
    return {"ready": ready, "ms": ms, "MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000}


def examine_datasette(command: str, folder: Path) -> dict[str, float]:
    """The same through a datasette of this machine.

    Parameters
    ----------
    command
        Its command.
    folder
        Where :func:`write_copies` wrote.

    Returns
    -------
    dict[str, float]
        As :func:`examine`; ``ready`` is the making of its database.
    """
    began = time.process_time()
    path = _sqlite(folder)
    ready = time.process_time() - began
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [command, "serve", str(path), "--port", str(port), "--setting", "sql_time_limit_ms", "60000", "--setting", "max_returned_rows", "5000"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/figures.json?{urllib.parse.urlencode({'sql': _DATASETTE, '_shape': 'array'})}"

    def ask() -> object:
        with urllib.request.urlopen(address, timeout=120) as answer:
            return json.load(answer)

    try:
        for _ in range(150):
            try:
                ask()
                break
            except OSError:
                time.sleep(0.2)
        measured = psutil.Process(process.pid)
        ms = _taken(ask, lambda: sum(measured.cpu_times()[:2]))
        return {"ready": ready, "ms": ms, "MB": measured.memory_info().rss / 1e6}
    finally:
        process.terminate()
        process.wait(20)


def lines(factors: tuple[int, ...], datasette: str) -> list[str]:
    """The table.

    Parameters
    ----------
    factors
        How many times the shipped rows.
    datasette
        The command; "" leaves it out.

    Returns
    -------
    list[str]
        Lines of Markdown.
    """
    found = ["| way | rows | before the first question | a question | memory |", "|---|---|---|---|---|"]
    for factor in factors:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_copies(folder, factor)
            for way in WAYS:
                if way == "datasette":
                    if not datasette:
                        continue
                    taken = examine_datasette(datasette, folder)
                else:
                    command = [
                        sys.executable,
                        "-m",
                        "bench.side_by_side",
                        "--way",
                        way,
                        "--folder",
                        name,
                        "--factors",
                        str(factor),
                    ]
                    answer = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
                    taken = json.loads(answer.stdout)
                found.append(
                    f"| {way} | {factor}× | {taken['ready']:.1f} s | {taken['ms']:.1f} ms | {taken['MB']:.0f} MB |"
                )
                print(found[-1], flush=True)
    return found


def main() -> None:
    """Measure and print the table."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument("--factors", type=int, nargs="*", default=list(FACTORS))
    asked.add_argument(
        "--datasette", default=shutil.which("datasette") or "", help="the command, where it is installed"
    )
    asked.add_argument("--way", default="", help=argparse.SUPPRESS)
    asked.add_argument("--folder", default="", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.way:
        print(json.dumps(examine(options.way, Path(options.folder), options.factors[0])))
    else:
        lines(tuple(options.factors), options.datasette)


if __name__ == "__main__":
    main()
