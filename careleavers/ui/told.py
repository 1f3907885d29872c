"""Whoever has pressed a button that changes the store is told what came of it, also by a server that is about to stop.

Called by the pages that take uploads and act on them: ``st.button("Accept", on_click=told.pressed)``, and :func:`said` once the
page has said what came of it.
"""

from __future__ import annotations

from careleavers.ui import private
from careleavers.ui.server.stopping import STOPPING


def pressed() -> None:
    """A server that is told to stop waits from here on: the run may have to wait for the store before it comes to the button."""
    STOPPING.has_to_say(private.session() or "")


def said() -> None:
    """The page says what came of it, or that there was nothing to do."""
    STOPPING.has_said(private.session() or "")
