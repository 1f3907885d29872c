"""Improvement plan: what a council does about what Ofsted and its own members found, and how far it has got."""

import streamlit as st

from careleavers.ui import access, england, figures, improvement_plan, keeping, selection
from careleavers.views.improvement_plan import view as plan_view
from careleavers.views.improvement_plan import words
from careleavers.views.improvement_plan.keeping import PLAN

chosen = selection.current()
if chosen.authority_code is None or chosen.authority_name is None:
    st.title("Improvement plan")
    st.markdown(words.INTRODUCTION)
    england.invite(
        "Choose a council to see its plan",
        "Here you will see which actions are stuck or late, what has changed since your last meeting, and the figures that they are meant to move.",
    )
    st.stop()

code, name = chosen.authority_code, chosen.authority_name
who = access.person()
st.title(f"{name}: improvement plan")
st.markdown(words.INTRODUCTION)
keeping.show_outcome(PLAN, code, who)
plan = improvement_plan.kept(code, who)
if plan is None:
    st.info(words.NOTHING_YET if who.may_upload_for(code) else words.NOTHING)
else:
    inspection, owner, since = improvement_plan.choose_part(plan, code, who)
    shown = plan_view.build_view(
        figures.context_of_one(), plan.versions, plan.document, code, name, inspection, owner, since
    )
    improvement_plan.show_plan(plan, shown)
    if shown.names:
        improvement_plan.show_actions(shown, name)
        improvement_plan.show_action(plan, shown, code, name)
    improvement_plan.show_judged(shown)
improvement_plan.show_waiting(plan, code, who)
improvement_plan.offer_upload(plan, code, name, who)
keeping.show_versions(PLAN, code, who, table=words.versions_table, withdrawn=words.WITHDRAWN)
