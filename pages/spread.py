"""Spread: how authorities differ, whether that is more than chance would give, and how groups of them compare."""

import streamlit as st

from careleavers.ui import access, choices, commentary, england, figures, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.spread import view as spread_view
from careleavers.views.spread import words

chosen = selection.current()

st.title("How authorities differ")
picked = choices.measure()
asked = (
    picked.indicator.id,
    picked.age_group,
    picked.period,
    chosen.authority_code,
    chosen.authority_name,
)
shown = figures.cached_view(spread_view.build_view, *asked, widgets.width())
selection.show_authority_notes(chosen)
if shown is None:
    st.info("No authority is in the release for this measure and period.")
    st.stop()


@access.fragment
def show_groups() -> None:
    """The strip with its table. A fragment: the choice of grouping redraws this part only."""
    st.header("Within and between groups", anchor="groups")
    by = state.choose("by", "Group by", words.BY, default="region", what="grouping", control="buttons")
    grouped = figures.cached_view(spread_view.build_groups, *asked, by, widgets.width())
    with chart_with_notes(grouped.chart, key="strip", on_select=lambda: selection.choose_clicked("strip")):
        st.markdown("\n".join(f"- {note}" for note in grouped.cautions))
    short_table(grouped.table, alt="The groups of the chart with their medians")


if not chosen.authority_code:
    told = england.story(picked)
    if told.figure:
        st.markdown(f"**{told.figure}.** {told.change} {told.range}")
if chosen.authority_name and not shown.found:
    st.info(
        f"{chosen.authority_name} is not in the release for this measure and period: it did not exist then, or sent "
        "nothing."
    )
if shown.chart is not None:
    with chart_with_notes(shown.chart, key="funnel", on_select=lambda: selection.choose_clicked("funnel")):
        st.markdown(shown.detail)
        st.markdown(shown.subject)
        st.markdown(shown.reading)
        st.markdown("\n".join(f"- {note}" for note in (*shown.outside, *shown.cautions)))
    show_groups()
else:
    st.markdown(shown.subject)
    st.info(shown.detail)
    show_groups()
    st.markdown("\n".join(f"- {note}" for note in shown.cautions))

if shown.found:
    about = commentary.FigureKey(picked.indicator.id, picked.age_group, picked.period)
    commentary.under(chosen.authority_code, chosen.authority_name, [about])

st.header("Every authority as a table", anchor="table")
if shown.chart is not None:
    st.caption(words.TABLE_NOTE)
widgets.table(
    shown.table,
    height=420,
    key="table",
    alt="The figures of the charts, one row for each authority",
    column_order=choices.columns(shown.table, words.WIDTHS),
    column_config=widgets.widths(words.WIDTHS),
)
widgets.notes_of(shown.table)
widgets.downloads(
    shown.download,
    shown.about,
    shown.about["Indicator"],
    ("spread", picked.indicator.id, picked.age_group, picked.period),
)
