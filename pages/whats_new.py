"""What is new: releases, uploads, inspections and restated figures by date, for all authorities or one."""

import datetime as dt

import streamlit as st

from careleavers.ui import figures, markdown, notices, selection, state, whats_new, widgets
from careleavers.views.whats_new import view as whats_new_view

WHOSE = {"all": "All authorities", "own": "This authority"}
_READING_WIDTH = 760

chosen = selection.current()

with st.container(width=_READING_WIDTH):
    st.title("What is new")
    whose = "all"
    if chosen.authority_code:
        whose = state.choose("news", "Show", WHOSE, default="all", what="choice of authorities", control="buttons")
    asked = whats_new.since()
    notices.show(whats_new.KEY)
    day = asked or widgets.today() - dt.timedelta(days=365)
    code = chosen.authority_code if whose == "own" and chosen.authority_code else ""
    shown = figures.cached_view(whats_new_view.build_view, code, chosen.authority_name or "", day)
    if shown.due:
        st.warning("  \n".join(shown.due))
    st.markdown(shown.introduction)
    if not shown.months:
        st.info("Nothing is new since that day.")
    for month, events in shown.months.items():
        st.header(month, anchor=False)
        st.markdown(
            "\n".join(
                f"- **{markdown.escaped(event.title)}**  \n  {markdown.escaped(event.detail)}" for event in events
            )
        )
    address = f"./feed.xml?authority={code}" if code else "./feed.xml"
    st.markdown(f"[Follow this page as an Atom feed]({address}) in a news reader or mail program.")
