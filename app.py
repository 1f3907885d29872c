"""Entry point: the server that shows the pages.

Run with ``streamlit run app.py`` (or ``make run``). The page that a visitor sees is drawn by
``careleavers/ui/shell.py``. It lives in a folder without a ``pages/`` next to it because Streamlit, on a fresh
process, runs a file in such a folder on its own, without the shell around it.
"""

import sys
from pathlib import Path

from careleavers.figures.warehouse import open_ahead

# Before the other imports, which take half as long as building the figures, so that two cores share the work. Whoever
# imports this file for its pages alone opens nothing.
if "streamlit.web.cli" in sys.modules:
    open_ahead()

import streamlit as st

from careleavers.ui import failures
from careleavers.ui.pages import PAGES
from careleavers.ui.server import setup

app = st.App(
    Path(__file__).resolve().parent / "careleavers" / "ui" / "shell.py",
    lifespan=setup.lifespan,
    routes=setup.routes(PAGES[0].name),
    middleware=setup.middleware([page.name for page in PAGES]),
    on_script_error=failures.on_script_error,
)
