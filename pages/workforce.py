"""Workforce: caseload, agency, turnover, vacancies and absence in one authority, compared with others and over the years."""

import streamlit as st

from careleavers.ui import choices, commentary, england, figures, links, selection, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.workforce import view as workforce_view
from careleavers.views.workforce import words

chosen = selection.current()
name = chosen.authority_name
st.title(f"{name}: how stable is the workforce?" if name else "How stable is the workforce?")
shown = figures.cached_view(
    workforce_view.build_view, chosen.authority_code, name, chosen.region, chosen.against, widgets.width()
)
selection.show_authority_notes(chosen)
for note in (shown.joint, shown.small):
    if note:
        st.info(note)
with chart_with_notes(shown.chart, key="panels"):
    st.markdown(f"Lower is better on all five measures. {words.COVERS}")
    st.markdown("\n".join(f"- {note}" for note in (*shown.gaps, words.FULL_TIME)))
    links.link("together", "Compare the workforce with an outcome: Together")
if shown.now:
    st.header("The newest figures", anchor="newest")
    widgets.markup(shown.now)
    st.caption(
        "▲ better or ▼ worse: the figure’s 95% interval does not include the other figure; ● similar: it does; ● too few to tell: the numbers are small; ○ not compared. "
        f"{words.TESTED} Rank 1st is best; a joint return is ranked once."
    )
commentary.under(
    chosen.authority_code, name, [commentary.FigureKey(measure, "all", period) for measure, period in shown.newest]
)
if not name:
    short_table(
        england.workforce(), alt="England’s workforce: each measure, its change, and how far apart councils are"
    )
    st.markdown("Choose a council at the top of the page to see its own figures with England’s.")

st.header("The figures as a table", anchor="table")
widgets.table(
    shown.table,
    height=420,
    key="table",
    column_order=choices.columns(shown.table, main := words.widths(name or "", chosen.region)),
    column_config=widgets.widths(main),
    alt="The figures of the chart, one row for each measure and year",
)
widgets.notes_of(shown.table)
widgets.downloads(shown.download, shown.about, "Children’s social workers", (name or "England", "workforce"))
