"""Watch list: the measures that a committee keeps an eye on, each with its target, and what is new since the last meeting."""

import streamlit as st

from careleavers.ui import access, england, keeping, selection, watch_list
from careleavers.views.watch_list import words
from careleavers.views.watch_list.keeping import WATCH_LIST

chosen = selection.current()
if chosen.authority_code is None or chosen.authority_name is None:
    st.title("Watch list")
    st.markdown(words.INTRODUCTION)
    england.invite(
        "Choose a council to see its watch list",
        "Here you will see which targets are met and which are missed, by how many young people, and what is new since your last meeting.",
    )
    st.stop()

code, name = chosen.authority_code, chosen.authority_name
who = access.person()
st.title(f"{name}: watch list")
st.markdown(words.INTRODUCTION)
keeping.show_outcome(WATCH_LIST, code, who)
watched = watch_list.kept(code, who)
if watched is None:
    st.info(words.NOTHING_YET if who.may_upload_for(code) else words.NOTHING)
elif not watched.rows:
    st.info("The list is empty.")
else:
    shown = watch_list.show_list(watched, code, name, who)
    if shown is not None:
        watch_list.show_anonymous(watched, shown, code, name)
watch_list.show_waiting(code, who)
watch_list.offer_changes(watched, code, name, who)
keeping.show_versions(WATCH_LIST, code, who, table=words.versions_table, withdrawn=words.WITHDRAWN)
