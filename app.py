"""Entry point: which pages there are, and the server that shows them.

Run with ``streamlit run app.py`` (or ``make run``). The page that a visitor sees is drawn by
``careleavers/ui/shell.py``. It lives in a folder without a ``pages/`` beside it because Streamlit, on a fresh
process, runs a file in such a folder on its own, without the shell around it.
"""

from pathlib import Path

import streamlit as st

from careleavers.ui import failures, server
from careleavers.ui.pages import PageEntry

# Adding a page is one file in pages/ and one line here; the first is the home page.
PAGES = (
    PageEntry("at_a_glance", "At a glance"),
    PageEntry("compare", "Compare"),
    PageEntry("trends", "Trends"),
    PageEntry("spread", "Spread"),
    PageEntry("map", "Map"),
    PageEntry("workforce", "Workforce"),
    PageEntry("together", "Together"),
    PageEntry("inspections", "Inspections"),
    PageEntry("build_your_own", "Build your own"),
    PageEntry("local_figures", "Local figures"),
    PageEntry("upload", "Upload", for_officers=True),
    PageEntry("history", "History", for_officers=True),
    PageEntry("whats_new", "What is new"),
    PageEntry("definitions", "Definitions"),
    PageEntry("accessibility", "Accessibility"),
)

app = st.App(
    Path(__file__).resolve().parent / "careleavers" / "ui" / "shell.py",
    lifespan=server.lifespan,
    routes=server.routes(PAGES[0].name),
    middleware=server.middleware(),
    on_script_error=failures.on_script_error,
)
