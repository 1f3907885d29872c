"""The shell around every page: navigation, the shared choices, the page itself, the footer.

Streamlit runs this script from top to bottom for every visit and every choice. It draws no figures.
"""

import streamlit as st

from careleavers.ui import (
    access,
    failures,
    figures,
    footer,
    masthead,
    notices,
    search,
    selection,
    state,
    top_bar,
    upload,
    version,
    widgets,
)
from careleavers.ui.pages import PAGES, PRODUCT, ROOT

UI = ROOT / "careleavers" / "ui"

# A local icon, set before st.navigation: otherwise the browser asks an outside host for one.
st.set_page_config(page_title=PRODUCT, page_icon=str(UI / "assets" / "icon.png"), layout="wide")

problem: Exception | None = None
officer = False
try:
    state.note_followed_link()
    version.select()
    officer = access.person().is_officer
except Exception as exc:  # whatever is wrong with the figures, the visitor gets a sentence
    problem = exc

page = masthead.navigation(PAGES, officer=officer)
if widgets.on_phone():
    masthead.menu(PAGES, officer=officer, current=page.url_path)
if problem is not None:
    failures.show_no_figures(problem)
    st.stop()

access.require_browsing()
with failures.handled():
    search.render(PAGES, officer=officer, current=page.url_path)
    top_bar.render()
    state.carry_choices(page.url_path)
    if page.url_path != "upload":
        upload.discard()
    chosen = selection.current()
    title = f"{page.title} – {PRODUCT}"
    st.set_page_config(page_title=f"{chosen.authority_name} – {title}" if chosen.authority_name else title)
    access.show_notice()
    notices.show("authority", "against", version.KEY)
    version.show_earlier()
    top_bar.reminder(chosen)

body = st.container()
with failures.handled():
    foot = footer.render()
with figures.collecting_releases() as named, body, failures.handled():
    page.run()
with failures.handled():
    footer.add_sources(foot, named)

with failures.handled():
    top_bar.screenshot()
figures.freeze_memory()
