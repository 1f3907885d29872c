"""A day of visits in minutes: whether a server that is looked at all day grows.

``python -m bench.day`` has a few people come, look around and go, again and again, and prints the server's memory as it goes. Each
looks at another authority, so every cache is filled and turned over; then its size shows whether it is bounded.
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import ExitStack

from bench.load import Servers, measure
from bench.server import running


def main() -> None:
    """Visit, and print a table of the memory."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument("--url", default="", help="a running server of this machine")
    asked.add_argument("--minutes", type=float, default=10, help="how long, an hour at most")
    asked.add_argument("--people", type=int, default=5, help="how many are there at once")
    options = asked.parse_args()
    with ExitStack() as stack:
        url = options.url.rstrip("/") or stack.enter_context(running()).url
        servers = Servers([url])
        measure([url], 1, think=(0.1, 0.2), ramp=0.1)
        began, visits, seen, errors = time.monotonic(), 0, [], 0
        print("| minutes | choices | errors | memory |\n|---|---|---|---|")
        while time.monotonic() - began < 60 * min(options.minutes, 60):
            taken = measure([url], options.people, think=(0.05, 0.3), ramp=0.5, seed=visits)
            visits, errors = visits + taken.visits, errors + len(taken.errors)
            seen.append(((time.monotonic() - began) / 60, visits, servers.memory()))
            if len(seen) == 1 or visits // 250 > seen[-2][1] // 250:
                print(f"| {seen[-1][0]:.1f} | {visits:,} | {errors} | {seen[-1][2]:.0f} MB |", flush=True)
    late = seen[len(seen) // 2 :]
    if len(late) > 2:
        slope = statistics.linear_regression([n for _, n, _ in late], [mb for _, _, mb in late]).slope
        print(f"In the second half: {1000 * slope:+.2f} MB for each 1,000 choices.")


if __name__ == "__main__":
    main()
