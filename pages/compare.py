"""Compare: one measure in one period for every authority, its region or its neighbours, best first."""

import streamlit as st

from careleavers.ui import choices, commentary, england, figures, parts, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.views.compare import view as compare_view

ROWS = {"some": "Highest, lowest and neighbours", "all": "Every authority"}
SCOPES = {"all": "All authorities", "region": "Region", "neighbours": "Neighbours"}

chosen = selection.current()

st.title("Compare authorities")
picked = choices.measure()
scope, everyone = "all", False
with st.container(horizontal=True, key="scope"):
    if chosen.authority_code:
        scope = state.choose("show", "Show", SCOPES, default="all", what="choice of authorities", control="buttons")
    if scope == "all":
        labels = ROWS if chosen.authority_code else ROWS | {"some": "Highest, middle and lowest"}
        everyone = (
            state.choose("rows", "Rows", labels, default="some", what="choice of rows", control="buttons") == "all"
        )

shown = figures.cached_view(
    compare_view.build_view,
    picked.indicator.id,
    picked.age_group,
    picked.period,
    chosen.authority_code,
    chosen.authority_name,
    chosen.region,
    scope,
    chosen.against,
    everyone,
    widgets.width(),
)
selection.show_authority_notes(chosen)
if shown is None:
    st.info("No authority of this choice is in the release for this measure and period. Show all authorities instead.")
    st.stop()

if chosen.authority_name and not shown.found:
    st.info(f"{chosen.authority_name} is not in the release for this measure and period: it did not exist then.")
with chart_with_notes(shown.chart, key="ranked", on_select=lambda: selection.choose_clicked("ranked")):
    st.markdown(shown.detail if chosen.authority_code else england.story(picked).detail)
    st.markdown(shown.subject)
    if shown.reading:
        st.markdown(shown.reading)
    st.markdown("\n".join(f"- {note}" for note in shown.cautions))

if shown.found:
    about = commentary.FigureKey(picked.indicator.id, picked.age_group, picked.period)
    commentary.under(chosen.authority_code, chosen.authority_name, [about])

parts.show(picked.indicator.id, picked.age_group, picked.period, chosen.authority_code, chosen.authority_name)

st.subheader("The figures as a table", anchor="table")
widgets.table(
    shown.table,
    height=420,
    key="table",
    column_config={"Authority": st.column_config.TextColumn(width=270), "Note": st.column_config.TextColumn(width=320)},
    alt="The figures of the chart, one row for each authority",
)
widgets.downloads(
    shown.download,
    shown.about,
    shown.about["Indicator"],
    (picked.indicator.id, picked.age_group, picked.period, scope),
)
