"""Questions: what to ask of one council, the most pressing first, with what each rests on and what was answered before."""

import streamlit as st

from careleavers.store.document import may_write
from careleavers.ui import access, commentary, england, links, questions, selection, widgets
from careleavers.views.questions import answers, markup, words
from careleavers.views.questions import view as questions_view

_READING_WIDTH = 860

chosen = selection.current()
if chosen.authority_code is None or chosen.authority_name is None:
    st.title("Questions to ask")
    st.markdown(words.ABOUT)
    england.invite(
        "Choose a council to see what to ask it",
        "Here you will see lines of enquiry from its figures, the most pressing first, each with the figures behind it.",
    )
    st.stop()

code, name = chosen.authority_code, chosen.authority_name
who = access.person()
shown = questions.build(chosen, who)
with st.container(width=_READING_WIDTH):
    st.title(shown.title)
    selection.show_authority_notes(chosen)
    if not chosen.is_current:
        st.info(words.CLOSED)
        st.stop()
    st.markdown(shown.about)
    if not shown.asked:
        st.info(words.NOTHING)
        widgets.markup(markup.classics(words.ALWAYS))
        st.stop()
    held = answers.answers(commentary.documents(), who, code)
    with st.container(key="all-questions"):
        ids = questions.show(shown.asked, held, questions.comments(shown.asked, code, who), name)
    taken = questions_view.taken(shown.asked, ",".join(ids))
    if taken:
        with st.container(key="questions"):
            st.header("Questions to take to the meeting", anchor="taken")
            widgets.markup(markup.taken(taken, held))
        with st.container(key="pass-on"):
            st.caption("They are in the address of this page: copy it to pass them on, or print the page.")
            links.link("report", "Put them into a report", **{questions.TAKEN: ",".join(ids)})
    else:
        widgets.markup(markup.classics())
    if may_write(who, code):
        questions.record(who, code, shown.asked)
