"""An idle server draws where most visits begin, for every authority, before anybody asks: what is drawn is kept in files.

It gives way to visitors and to other programs: nothing is begun while a visitor waits or has just been, or while the machine is
busy, and between two drawings it rests for longer than it worked. Servers that share the folder share the work.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

from careleavers.ui.kept_drawings import drawings
from careleavers.ui.server.sessions import SESSIONS

log = logging.getLogger("careleavers.ui")

# Seconds without a visitor before anything is drawn, and between two looks whether there is anything to draw.
QUIET, _LOOK = 5.0, 20.0
# How long it rests for each second that it worked: it takes a quarter of a processor.
_RESTS = 3.0


def start() -> threading.Thread:
    """Draw in the background from now on, for each new version of the figures and each new day.

    Returns
    -------
    threading.Thread
        It ends with the process.
    """
    thread = threading.Thread(target=_work, name="draw-ahead", daemon=True)
    thread.start()
    return thread


def _work() -> None:
    done: tuple[str, dt.date] | None = None
    while True:
        time.sleep(_LOOK if done else QUIET)
        try:
            now = _state()
            if now != done and drawings().usable:
                drawn = draw_all(until=lambda now=now: _state() != now)  # type: ignore[misc]
                if _state() == now:
                    done = now
                    if drawn:
                        log.info("%s pages of version %s were drawn ahead", drawn, now[0])
        except Exception:
            log.exception("Pages cannot be drawn ahead")
            time.sleep(600)


def _state() -> tuple[str, dt.date]:
    from careleavers.ui import figures

    return figures.versions().newest().version, dt.date.today()


def draw_all(until: Callable[[], bool] = lambda: False, wait: Callable[[float], None] | None = None) -> int:
    """Draw all that is not kept yet.

    Parameters
    ----------
    until
        Asked before each drawing whether to stop.
    wait
        Waits until the next may be drawn, given the seconds that the last one took.

    Returns
    -------
    int
        How many were drawn.
    """
    drawn, took = 0, 0.0
    for draw in _beginnings():
        (wait or _give_way)(took)
        if until():
            break
        began = time.perf_counter()
        drawn += draw() is not None
        took = time.perf_counter() - began
    return drawn


def _give_way(took: float) -> None:
    time.sleep(_RESTS * took)
    while (left := QUIET - SESSIONS.idle_for()) > 0 or _is_busy():
        time.sleep(max(left, 1.0))


def _is_busy() -> bool:
    """Whether more programs want this machine's processors than it has; not known on Windows."""
    return hasattr(os, "getloadavg") and os.getloadavg()[0] > (os.cpu_count() or 1)


def _beginnings() -> Iterator[Callable[[], object]]:
    """At a glance and the first page of Compare of every authority of today, as the pages ask for them."""
    from careleavers.ui import choices, figures, selection
    from careleavers.views.at_a_glance import view as at_a_glance_view
    from careleavers.views.compare import view as compare_view

    names = list(selection.authority_codes())
    # Servers that start together begin at different places.
    random.shuffle(names)
    for name in names:
        chosen = selection.meant(name, "")
        if not (chosen.is_current and chosen.has_data):
            continue
        code, against, region = str(chosen.authority_code), chosen.against, chosen.region
        yield partial(figures.draw_ahead, at_a_glance_view.build_view, code, name, against, region, "wide")
        picked = choices.meant({}, code)
        yield partial(
            figures.draw_ahead, compare_view.build_view, picked.indicator.id, picked.age_group, picked.period, code, name,
            region, "all", against, False, "wide",
        )  # fmt: skip
