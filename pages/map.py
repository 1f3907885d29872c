"""Map: one measure in one period on a map of equal squares, and the same by region."""

import streamlit as st

from careleavers.ui import choices, commentary, england, figures, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.map import view as map_view
from careleavers.views.map import words

chosen = selection.current()

st.title("Map of authorities")
picked, place = choices.measure_and_place()
asked = (picked.indicator.id, picked.age_group, picked.period, chosen.authority_code)
offered = figures.cached_view(map_view.colourings, *asked, chosen.against)
if offered is None:
    st.info("No authority is in the release for this measure and period.")
    st.stop()
with place:
    scheme = state.choose(
        "colour", "Colour by", offered.schemes, default="value", what="colouring for this measure", control="buttons"
    )
if offered.reason:
    st.caption(offered.reason)
shown = figures.cached_view(
    map_view.build_view, *asked, chosen.authority_name, chosen.region, chosen.against, scheme, widgets.width()
)
selection.show_authority_notes(chosen)
if chosen.authority_name and not shown.found:
    st.info(
        f"{chosen.authority_name} has no tile and no figure in this period: the map shows the authorities of today."
    )

click = (
    "Tap a tile for its name and figures, and to switch to that authority. One tile of each region has the letter that "
    "stands for the region above the map."
    if widgets.on_phone()
    else "Click a tile to switch to that authority; point at it for its name and figures. The table below gives the "
    "letters of each tile."
)
with chart_with_notes(shown.chart, key="map", on_select=lambda: selection.choose_clicked("map"), click=click):
    if not chosen.authority_code:
        st.markdown(england.story(picked).detail)
    st.markdown(shown.subject)
    st.markdown("\n".join(f"- {note}" for note in shown.cautions))

if shown.found:
    about = commentary.FigureKey(picked.indicator.id, picked.age_group, picked.period)
    commentary.under(chosen.authority_code, chosen.authority_name, [about])

st.header("By region", anchor="regions")
short_table(shown.regions, alt="The regions with their own figures")

st.header("Every authority, by region", anchor="table")
order = choices.columns(shown.table, words.WIDTHS)
if widgets.on_phone():
    # A phone shows two or three columns at once: the region, the same in many rows, is not one of them.
    order = sorted(order or map(str, shown.table), key=lambda column: column == "Region")
widgets.table(
    shown.table,
    height=420,
    key="table",
    alt="The figures of the map, one row for each authority",
    column_order=order,
    column_config=widgets.widths(words.WIDTHS),
)
widgets.notes_of(shown.table)
widgets.downloads(
    shown.download,
    shown.about,
    shown.about["Indicator"],
    ("map", picked.indicator.id, picked.age_group, picked.period),
)
