"""Entry point: which pages there are, and the server that shows them.

Run with ``streamlit run app.py`` (or ``make run``). The page that a visitor sees is drawn by
``careleavers/ui/shell.py``. It lives in a folder without a ``pages/`` beside it because Streamlit, on a fresh
process, runs a file in such a folder on its own, without the shell around it.
"""

import sys
from pathlib import Path

from careleavers.warehouse import open_ahead

# Before the other imports, which take half as long as building the figures: a second core does one beside the other. Who
# imports this file for its pages alone opens nothing.
if "streamlit.web.cli" in sys.modules:
    open_ahead()

import streamlit as st

from careleavers.ui import failures, server
from careleavers.ui.pages import PageEntry

# Adding a page is one file in pages/ and one line here; the first is the home page. Pages of one group stand together.
PAGES = (
    PageEntry("at_a_glance", "At a glance"),
    PageEntry("compare", "Compare", "Compare"),
    PageEntry("spread", "Spread", "Compare"),
    PageEntry("map", "Map", "Compare"),
    PageEntry("build_your_own", "Build your own", "Compare"),
    PageEntry("trends", "Trends", "Over time"),
    PageEntry("local_figures", "Local figures", "Over time"),
    PageEntry("workforce", "Workforce", "Services"),
    PageEntry("together", "Together", "Services"),
    PageEntry("inspections", "Inspections", "Services"),
    PageEntry("upload", "Upload", "Our data", for_officers=True),
    PageEntry("history", "History", "Our data", for_officers=True),
    PageEntry("whats_new", "What is new", "Definitions"),
    PageEntry("definitions", "Definitions", "Definitions"),
    PageEntry("accessibility", "Accessibility", "Definitions"),
)

app = st.App(
    Path(__file__).resolve().parent / "careleavers" / "ui" / "shell.py",
    lifespan=server.lifespan,
    routes=server.routes(PAGES[0].name),
    middleware=server.middleware(),
    on_script_error=failures.on_script_error,
)
