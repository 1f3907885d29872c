"""History: what was uploaded, by whom and with what effect; taken back and put back; and every value a figure ever had."""

import streamlit as st

from careleavers.ui import access, failures, history, links, written
from careleavers.views.history import words

st.title("History of uploads")
who = access.need_officer("see what was uploaded")
history.show_outcome()
failures.show_store_notices(who)
uploads = history.uploads(who)
if uploads.empty:
    st.info(words.NOTHING_YET)
    links.link("upload", "Upload figures")
    written.show(who)
    st.stop()

history.show_awaiting_approval(uploads)
listed = history.of_chosen_authority(uploads)
history.show_list(listed)

st.header("One upload", anchor="one")
number = history.choose_upload(uploads, listed)
history.show_upload(uploads, number, who)
history.show_changes(uploads, number, who)
history.ask_to_act(uploads, number, who)
history.ask_to_erase(uploads, number, who)

st.header("Every value a figure has had", anchor="figure")
st.markdown(words.ABOUT_VALUES)
history.show_values(who)
written.show(who)
history.show_audit(who)
