"""Trends: one measure over all years for an authority, with England, its region, its neighbours and others."""

import streamlit as st

from careleavers.ui import access, choices, commentary, england, figures, parts, selection, several, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.trends import view as trends_view
from careleavers.views.trends import words_years
from careleavers.wording.formats import with_age

NEIGHBOURS = {"summary": "Summary", "charts": "Charts and table"}

chosen = selection.current()

st.title("Trends")
picked, place = choices.measure_and_place(period=False)
indicator, age_group = picked.indicator, picked.age_group
with place:
    axis = state.choose(
        "axis",
        "Scale",
        words_years.AXES,
        default="fit",
        what="scale",
        control="buttons",
        help="“Fit the data” makes changes easier to see; “From zero” shows how large they are compared with the whole.",
    )
code, name, from_zero = chosen.authority_code or "", chosen.authority_name or "England", axis == "zero"
# Words and no chart: making them again costs less than keeping them with the charts.
finding = trends_view.build_finding(
    figures.context(), indicator.id, age_group, code, name, chosen.against, chosen.region
)
selection.show_authority_notes(chosen)
spread = "" if code else england.story(picked).range


@access.fragment
def over_the_years() -> None:
    """The chart of years with its table; a choice of further authorities redraws only this."""
    names = {key: each for key, each in selection.authority_names().items() if key != chosen.authority_code}
    others = several.choose_several(
        "others",
        f"Compare with (up to {words_years.MOST} authorities)",
        names,
        what="authority",
        most=words_years.MOST,
        aliases=selection.former_codes(),
    )
    shown = figures.cached_view(
        trends_view.build_view, indicator.id, age_group, code, name, tuple(others), from_zero, widgets.width()
    )
    with chart_with_notes(shown.chart, key="trend"):
        st.markdown(f"{finding.detail} {spread}".strip())
        st.markdown(finding.measure)
        for note in shown.cautions:
            st.markdown(f"- {note}")
    held = choices.periods(indicator, age_group, chosen.authority_code)
    commentary.under(
        chosen.authority_code,
        chosen.authority_name,
        [commentary.FigureKey(indicator.id, age_group, period) for period in held],
        more=True,
    )

    st.header("The years as a table", anchor="table")
    short_table(
        shown.table,
        long=words_years.LONG,
        alt="The authority’s figure of each year with England and others",
    )
    title = with_age(indicator.title, age_group)
    widgets.downloads(shown.download, shown.about, title, (name, indicator.id, age_group, "years"), "the years")


@access.fragment
def its_neighbours() -> None:
    """The finding about the ten neighbours; a choice draws the rest, and only this."""
    found = figures.cached_view(trends_view.neighbours_finding, indicator.id, age_group, code, name)
    if not found:
        return
    st.header("Its ten statistical neighbours", anchor="neighbours")
    shown = state.choose("neighbours", "Show", NEIGHBOURS, default="summary", what="choice", control="buttons")
    if shown == "summary":
        st.markdown(f"**{found}.**")
        return
    near = figures.cached_view(
        trends_view.build_neighbours, indicator.id, age_group, code, name, from_zero, widgets.width()
    )
    with chart_with_notes(near.chart, key="panels"):
        st.markdown("The closest come first.")
    short_table(near.table, long=("Five-year trend",), alt="The ten neighbours, their figures and trends")


over_the_years()

if finding.inspections is not None:
    st.header("Ofsted’s inspections and visits", anchor="ofsted")
    short_table(
        finding.inspections,
        long=("Theme of a visit", "From"),
        alt="Ofsted’s inspections and visits in these years",
    )

if chosen.authority_name:
    its_neighbours()

parts.show(indicator.id, age_group, finding.newest_period, chosen.authority_code, chosen.authority_name)
