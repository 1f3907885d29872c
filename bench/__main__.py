"""``python -m bench``: measure everything and write ``bench/RESULTS.md``."""

import datetime as dt
import os
import platform
import statistics
import tempfile
from pathlib import Path

from bench import browser, crowd, figures, intake, packs, store, versions
from bench.server import running

RESULTS = Path(__file__).with_name("RESULTS.md")
CROWD = ["Leeds", "Nottingham", "Reading", "Kent", "Barnsley", "Cumberland", "City of London", "Surrey"]


def main() -> None:
    """Run every measurement in turn and write the report."""
    starts = []
    for _ in range(5):
        with running() as server:
            starts.append((server.listening, server.ready))
    listening, ready = (statistics.median(values) for values in zip(*starts, strict=True))
    build = figures.build_times()
    questions, rows = figures.question_times()
    with running() as server:
        one = crowd.time_together(server, 1, CROWD)
        fifty = crowd.time_together(server, 50, CROWD)
        costs = crowd.processor_times(server)
    with tempfile.TemporaryDirectory() as folder:
        seen = browser.measure(Path(folder) / "constants.json")

    lines = [
        "# Measurements",
        "",
        f"Written by `make bench` on {dt.date.today():%-d %B %Y}: Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f} at the end. Times compare with each other, not with another machine. The peers are the "
        "Local Authority Interactive Tool (LAIT) and the Children's Social Care dashboard (CSC), measured on 2 cores with a "
        "cold browser.",
        "",
        "## Beside the peers",
        "",
        "| same work | LAIT | CSC | aim | this |",
        "|---|---|---|---|---|",
        f"| server start to listening / to figures ready | 4.8 s | 4.8 s | under 3 s | {listening:.1f} s / {ready:.1f} s |",
        f"| fresh load to EET of one authority, table and chart, by link | 13.3 s | 12.1 s | under 3 s | "
        f"{seen['loads']['Compare (all authorities)']['ms'] / 1000:.1f} s |",
        f"| authority changed to redrawn, one viewer (At a glance) | 1.9–2.5 s | 0.8 s | under 0.4 s | "
        f"{seen['redraws']['at_a_glance']['p50'] / 1000:.2f} s |",
        f"| the same, many at once | 47.6 s (5) | 3.6 s (5) | under 1 s (50) | {fifty['p50'] / 1000:.2f} s median, "
        f"{fifty['max'] / 1000:.2f} s the last (50) |",
        f"| bytes for the first load | 2.9 MB, 91 requests | 3.1 MB, 56 requests | under 2.5 MB | "
        f"{seen['loads']['Compare (all authorities)']['bytes'] / 1e6:.2f} MB, "
        f"{seen['loads']['Compare (all authorities)']['requests']:.0f} requests |",
        f"| memory, one / five viewers | 600 / 884 MB | 489 / 671 MB | under 350 / 400 MB | "
        f"{seen['memory'][1]:.0f} / {seen['memory'][5]:.0f} MB |",
        "",
        "Many at once is measured without browsers: sessions that speak the server's protocol, from asking to the end of the "
        f"answer. One such session alone: {one['p50']:.0f} ms.",
        "",
        "Processor time of the server for a visit, while 50 viewers change authority and everything is drawn already:",
        "",
        "| page | milliseconds |",
        "|---|---|",
        *(f"| {page or 'at_a_glance'} | {used:.1f} |" for page, used in costs.items()),
        "",
        "## Warehouse",
        "",
        f"Built from the shipped files in {build[0]:.0f} ms (p50; p95 {build[1]:.0f} ms).",
        "",
        "## Questions",
        "",
        "Milliseconds, p50 / p95, with every indicator copied until there are 10 and 100 times the shipped rows.",
        "",
        "| question | " + " | ".join(f"{factor}× ({rows[factor]:,} rows)" for factor in rows) + " |",
        "|---|" + "---|" * len(rows),
    ]
    for name, by_factor in questions.items():
        lines.append(f"| {name} | " + " | ".join(f"{p50:.1f} / {p95:.1f}" for p50, p95 in by_factor.values()) + " |")
    lines += [
        "",
        "## Pages",
        "",
        "Authority changed in Chromium, from the click to the page redrawn, milliseconds. The floor is a Streamlit page that "
        "draws the same charts and texts from constants, without data grids; all in one run.",
        "",
        "| page | charts | p50 | p95 | floor p50 | ratio | empty page p50 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, taken in seen["redraws"].items():
        lines.append(
            f"| {name} | {seen['charts'][name]} | {taken['p50']:.0f} | {taken['p95']:.0f} | {taken['floor']:.0f} | "
            f"{taken['p50'] / taken['floor']:.2f} | {taken['empty']:.0f} |"
        )
    lines += ["", "## First load, cold", "", "| page | bytes | requests | first chart |", "|---|---|---|---|"]
    for title, load in seen["loads"].items():
        lines.append(f"| {title} | {load['bytes'] / 1e6:.2f} MB | {load['requests']:.0f} | {load['ms'] / 1000:.2f} s |")
    lines += [
        "",
        "## What is seen of a page, cold",
        "",
        "Milliseconds, all in one run in which the pages take turns; in brackets, times what the empty page takes until it is drawn. "
        "A chart is first seen as a picture where the server has one. Layout shift is the browser's own sum, which is good under 0.1.",
        "",
        "| page | readable | drawn by Streamlit | first chart seen | first chart by Plotly | layout shift |",
        "|---|---|---|---|---|---|",
    ]
    empty = seen["cold"]["empty Streamlit page"]["drawn"]
    for name, taken in seen["cold"].items():
        cells = [
            "none" if taken[what] is None else f"{taken[what]:.0f} ({taken[what] / empty:.2f})" for what in browser.WHAT
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {taken['shift']:.3f} |")
    lines += intake.lines()
    lines += store.lines(store.measure_all())
    lines += versions.lines()
    lines += packs.lines()
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
