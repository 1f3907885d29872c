"""Compare: one measure in one period for every authority, its region or its neighbours, best first."""

import streamlit as st

from careleavers.ui import choices, commentary, england, figures, parts, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.views.compare import view as compare_view
from careleavers.views.compare import words as compare_words

ROWS = {"some": "Top, bottom, neighbours", "all": "Every authority"}
# What a notice calls an unknown choice of them.
ROWS_OF_CHART = "choice of rows"
SCOPES = {"all": "All authorities", "region": "Region", "neighbours": "Neighbours"}

chosen = selection.current()

st.title("Compare authorities")
scope, everyone = "all", False
if not chosen.authority_code:
    picked = choices.measure()
else:
    picked, place = choices.measure_and_place()
    with place:
        scope = state.choose("show", "Show", SCOPES, default="all", what="choice of authorities", control="buttons")
labels = ROWS if chosen.authority_code else ROWS | {"some": "Top, middle, bottom"}
if scope == "all":
    everyone = state.look_ahead("rows", labels, default="some", what=ROWS_OF_CHART) == "all"

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
    if scope == "all":
        state.choose("rows", "Rows", labels, default="some", what=ROWS_OF_CHART, control="buttons")
    st.markdown(shown.detail if chosen.authority_code else england.story(picked).detail)
    st.markdown(shown.subject)
    if shown.reading:
        st.markdown(shown.reading)
    st.markdown("\n".join(f"- {note}" for note in shown.cautions))

if shown.found:
    about = commentary.FigureKey(picked.indicator.id, picked.age_group, picked.period)
    commentary.under(chosen.authority_code, chosen.authority_name, [about])

parts.show(picked.indicator.id, picked.age_group, picked.period, chosen.authority_code, chosen.authority_name)

st.header("The figures as a table", anchor="table")
widgets.table(
    shown.table,
    height=420,
    key="table",
    column_order=choices.columns(shown.table, compare_words.WIDTHS),
    column_config=widgets.widths(compare_words.WIDTHS),
    alt="The figures of the chart, one row for each authority",
)
widgets.notes_of(shown.table)
widgets.downloads(
    shown.download,
    shown.about,
    shown.about["Indicator"],
    (picked.indicator.id, picked.age_group, picked.period, scope),
)
