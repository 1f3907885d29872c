"""Trends: one measure over all years for an authority, beside England, its region, its neighbours and others."""

from typing import Any

import streamlit as st

from careleavers import tables_trends as tables
from careleavers import words_trends as words
from careleavers.charts.small_multiples import small_multiples
from careleavers.charts.trend import trend
from careleavers.downloads import csv_bytes, xlsx_bytes
from careleavers.formats import POLARITY_WORDS, axis_unit, file_name, sentence_case, with_age
from careleavers.ui import choices, figures, several, state, view

chosen = state.selection()

st.title("Trends")
picked = choices.measure(period=False)
indicator, age_group = picked.indicator, picked.age_group
axis = state.choose(
    "axis",
    "Scale",
    words.AXES,
    default="zero",
    what="scale",
    control="buttons",
    help="“From zero” shows how large a change is beside the whole; “Fit the data” makes small changes easier to see.",
)
measure = {"indicator": indicator.id, "age_group": age_group, "authority": chosen.authority_code or ""}
rows = figures.ask("trend", **measure, others="")
held = figures.ask("inspection_events", authority=chosen.authority_code or "")
events = words.events(held)
newest = words.newest(rows, "authority" if chosen.authority_code else "england")
name = chosen.authority_name or "England"
title = with_age(indicator.title, age_group)
state.show_authority_notes(chosen)

head = words.headline(newest, name, indicator, age_group)
said = words.detail(newest, rows, indicator, chosen.against, chosen.region)
st.markdown(
    f"**{head}.** {said}" if chosen.authority_name else f"**{head}.** {said} Choose an authority to see its line."
)
st.markdown(f"{title}: {POLARITY_WORDS[indicator.polarity]}.")

inspected = words.drawn(rows, events)
releases = [view.release(*pair) for pair in words.releases(rows)]
ofsted = next((view.release(*pair) for pair in words.inspection_releases(held)), None) if inspected else None
footer = words.footer(releases, ofsted, rows, newest, view.today())
look: dict[str, Any] = {
    "measure_title": title,
    "unit": axis_unit(indicator.unit),
    "decimals": indicator.decimals,
    "from_zero": axis == "zero",
    "width": view.width(),
}


@st.fragment
def over_the_years() -> None:
    """The chart of years with its table; a choice of further authorities redraws only this."""
    frame = state.authorities()
    names = dict(zip(frame["authority_code"], frame["authority_name"], strict=True))
    names.pop(chosen.authority_code, None)
    others = several.choose_several(
        "others",
        f"Show beside it (up to {words.MOST} authorities)",
        names,
        what="authority",
        most=words.MOST,
        aliases=state.former_codes(),
    )
    shown = figures.ask("trend", **measure, others=",".join(others))
    view.chart(
        trend(
            words.chart_frame(shown, indicator),
            axis_title=words.axis_title(shown["period_end"].iloc[-1], shown["basis"].iloc[-1]),
            headline=head,
            subtitle=f"{title}. {name}, {words.span_text(shown)}",
            footer=footer,
            filename=file_name(name, indicator.id, age_group, "trend"),
            events=events,
            breaks=words.breaks(shown),
            **look,
        ),
        key="trend",
    )
    for note in words.cautions(shown, indicator, words.outside(shown, events)):
        st.markdown(f"- {note}")

    st.subheader("The years as a table", anchor="table")
    view.table(
        tables.years_table(shown, indicator),
        height="content",
        key="years",
        column_config={
            "Since the year before": st.column_config.TextColumn(width=200),
            "Earlier value": st.column_config.TextColumn(width=300),
            "Note": st.column_config.TextColumn(width=400),
        },
        alt="The authority’s figure of each year beside England and others",
    )
    table = tables.download(shown, indicator, age_group)
    about = tables.about(shown, indicator, age_group, name, releases, view.today(), figures.warehouse().version)
    stem = file_name(name, indicator.id, age_group, "years")
    with st.container(horizontal=True):
        st.download_button(
            "Download the years (CSV)",
            lambda: csv_bytes(table, about),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Download the years (Excel)",
            lambda: xlsx_bytes(table, about, title),
            file_name=f"{stem}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            on_click="ignore",
        )


over_the_years()

if events:
    st.subheader("Ofsted’s inspections and visits", anchor="ofsted")
    view.table(
        tables.events_table(held), height="content", key="events", alt="Ofsted’s inspections and visits in these years"
    )

if chosen.authority_name:
    near = figures.ask("trend_neighbours", **measure)
    if len(near):
        st.subheader("Its ten statistical neighbours", anchor="neighbours")
        found = words.neighbours_headline(near, name, indicator)
        st.markdown(f"**{found}.** The closest come first.")
        view.chart(
            small_multiples(
                words.neighbours_frame(near, indicator),
                words.own_line(rows),
                own_name=name,
                headline=found,
                subtitle=f"{title}. {sentence_case(words.span_text(rows))}",
                footer=footer,
                filename=file_name(name, "neighbours", indicator.id, age_group, "trend"),
                **look,
            ),
            key="neighbours",
        )
        view.table(
            tables.neighbours_table(near, rows, name, indicator),
            height="content",
            key="neighbours-table",
            alt="The ten neighbours, their figures and trends",
        )
