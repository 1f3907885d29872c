"""What is new: releases, uploads, inspections and restated figures by date, for all authorities or one."""

import datetime as dt

import streamlit as st

from careleavers import words_new, words_releases
from careleavers.formats import day_text
from careleavers.ui import figures, news, state, view

WHOSE = {"all": "All authorities", "own": "This authority"}
_READING_WIDTH = 760

chosen = state.selection()

with st.container(width=_READING_WIDTH):
    st.title("What is new")
    whose = "all"
    if chosen.authority_code:
        whose = state.choose("news", "Show", WHOSE, default="all", what="choice of authorities", control="buttons")
    asked = news.since()
    state.show_notices(news.KEY)
    day = asked or view.today() - dt.timedelta(days=365)
    code = chosen.authority_code if whose == "own" and chosen.authority_code else ""
    found = news.events(code, day)
    if notes := words_releases.due_notes(figures.ask("releases_due", today=view.today())):
        st.warning("  \n".join(notes))
    about = chosen.authority_name if code else "all authorities"
    st.markdown(
        f"What came out or changed since {day_text(day)}, newest first: releases, and for {about} inspections, local figures "
        "and figures that a release restated. A month without a day stands at its end."
    )
    if not found:
        st.info("Nothing is new since that day.")
    for month, events in words_new.by_month(found).items():
        st.subheader(month, anchor=False)
        st.markdown(
            "\n".join(f"- **{state.as_text(event.title)}**  \n  {state.as_text(event.detail)}" for event in events)
        )
    address = f"./feed.xml?authority={code}" if code else "./feed.xml"
    st.markdown(f"[The same as an Atom feed]({address}), for a news reader or a mail program.")
