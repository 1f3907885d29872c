"""History: what was uploaded, by whom and with what effect; taken back and put back; and every value a figure ever had."""

import streamlit as st

from careleavers import words_upload as words
from careleavers.ui import access, failures, past, state

st.title("History of uploads")
who = access.need_officer("see what was uploaded")
past.show_outcome()
failures.show_store_notices(who)
uploads = past.uploads(who)
if uploads.empty:
    st.info(words.NOTHING_YET)
    state.link("upload", "Upload figures")
    st.stop()

past.show_waiting(uploads)
listed = past.of_chosen(uploads)
past.show_list(listed)

st.subheader("One upload", anchor="one")
number = past.choose_upload(uploads, listed)
past.show_upload(uploads, number, who)
past.show_changes(uploads, number, who)
past.ask_to_act(uploads, number, who)
past.ask_to_erase(uploads, number, who)

st.subheader("Every value a figure has had", anchor="figure")
st.markdown(words.ABOUT_VALUES)
past.show_values(who)
past.show_audit(who)
