"""What happens between the start of the server and its first visitor: limits, figures, the log, memory."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from careleavers import settings
from careleavers.access.loopback import is_loopback_name
from careleavers.errors import CareLeaversError
from careleavers.figures.warehouse import discard_ahead
from careleavers.store import open_store
from careleavers.store.address import read_address
from careleavers.store.model import StoreProblem
from careleavers.ui.pages import PAGES
from careleavers.ui.server import connections, draw_ahead, logs, stopping, upload_token
from careleavers.ui.server.first_page import FirstPages
from careleavers.ui.server.sessions import SESSIONS

log = logging.getLogger("careleavers.ui")

# The pages whose first pages are made before anybody comes: where most visits begin.
_AHEAD = ("at_a_glance", "compare")
_first: list[FirstPages] = []


def make_ahead(first: FirstPages) -> None:
    """Have these first pages made, and their charts drawn, when the server has started.

    Parameters
    ----------
    first
        The first pages of the application that is put together now.
    """
    _first[:] = [first]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Load the figures before the first visitor; if that fails, say file, line and reason on the log.

    Parameters
    ----------
    app
        The application that starts.

    Returns
    -------
    AsyncIterator[dict[str, Any] or None]
    """
    _check_settings()
    logs.set_up()
    _check_store_setting()
    SESSIONS.limits = connections.configure(_limits())
    loaded = await asyncio.to_thread(_load)
    # In the background, so that a visitor waiting for the figures need not wait for this too.
    warming = asyncio.create_task(_warm(loaded))
    stopping.listen(settings.stop_seconds())
    yield None
    await warming
    # An upload that outlasted the time for stopping ends here: in force, or not there at all.
    await asyncio.to_thread(open_store().finish)


def _check_settings() -> None:
    """Refuse to start with a setting of the log, of stopping or of the metrics that cannot be meant."""
    try:
        settings.log_format(), settings.stop_seconds(), settings.metrics_token()
    except CareLeaversError as exc:
        print(f"Not started. {exc}", file=sys.stderr)  # noqa: T201  # there is no log yet
        sys.tracebacklimit = 0
        raise SystemExit(1) from None


def _check_store_setting() -> None:
    """Refuse to start where ``STORE_URL`` names no kind of store: nothing that is tried later would mend it."""
    try:
        read_address(settings.store_url())
    except StoreProblem as exc:
        log.error("Not started. %s", exc)
        # The server would add a traceback, which would not help whoever has to correct the setting.
        sys.tracebacklimit = 0
        raise SystemExit(1) from None


def _limits() -> settings.Limits:
    try:
        return settings.limits()
    except CareLeaversError as exc:
        log.error("%s The limits that are usual are used instead.", exc)
        return settings.Limits()


def _load() -> bool:
    """Load the figures; whether that went well. If not, the reason is on the log."""
    # Imported here because cached functions must be declared after Streamlit's runtime has started.
    from careleavers.ui import access, figures

    try:
        figures.warehouse()
        # Anything wrong with sign-in is logged from the start.
        host, port = connections.listens_on()
        if not access.setup_reference() and not access.sign_in_offered() and is_loopback_name(host):
            log.info(
                "To upload, open %s on this machine. The address is for you alone.",
                upload_token.address(host or "", port),
            )
    except CareLeaversError as exc:
        log.error("The figures could not be loaded, so the pages have nothing to show: %s", exc)
    except Exception:
        log.exception("The figures could not be loaded, so the pages have nothing to show")
    else:
        return True
    finally:
        discard_ahead()
    return False


async def _warm(loaded: bool) -> None:
    """Draw once what is heaviest, follow the store from then on, and have what is in memory left alone."""
    from careleavers.ui import figures

    if loaded:
        try:
            await asyncio.to_thread(_draw_heaviest_pages)
            for first in _first:
                await first.prepare(_AHEAD)
            await asyncio.to_thread(_index_search)
            figures.versions().start_refreshing()
            if settings.draws_ahead():
                draw_ahead.start()
        except Exception:
            log.exception("The first pages could not be drawn ahead")
    # A full collection after each script run would walk everything loaded so far: 70 ms per click.
    await asyncio.to_thread(gc.collect)
    gc.freeze()


def _index_search() -> None:
    """Have the search ready, which takes longer than a visitor types."""
    from careleavers.ui import figures, search
    from careleavers.views.search import view as search_view

    figures.cached_view(search_view.build_index, search.places(PAGES, officer=False))


def _draw_heaviest_pages() -> None:
    """Draw the two heaviest pages, so that all the code they load is there before memory is settled."""
    from careleavers.ui import figures, selection
    from careleavers.views.at_a_glance import view as at_a_glance_view
    from careleavers.views.compare import view as compare_view

    row = selection.authorities().iloc[0]
    code, name, region = str(row["authority_code"]), str(row["authority_name"]), str(row["region"])
    context = figures.context()
    figures_of = at_a_glance_view.build_view(context, code, name, "neighbours", region, "wide")
    newest = figures_of.download.iloc[0]
    compare_view.build_view(
        context, str(newest["indicator"]), str(newest["age_group"]), f"{newest['period_end']:%Y-%m-%d}",
        code, name, region, "all", "neighbours", False, "wide",
    )  # fmt: skip
