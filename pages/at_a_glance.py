"""At a glance: what is strong, weak and changing in one authority, what to ask about it, and every headline measure."""

import streamlit as st

from careleavers.ui import (
    briefing,
    commentary,
    england,
    figures,
    links,
    markdown,
    notices,
    selection,
    whats_new,
    widgets,
)
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.private import DeltaGenerator
from careleavers.ui.short_tables import short_table
from careleavers.views.at_a_glance import markup, words
from careleavers.views.at_a_glance import view as at_a_glance_view
from careleavers.views.whats_new import view as whats_new_view

narrow = widgets.on_phone()


def section(heading: str, anchor: str, *, folded: bool) -> DeltaGenerator:
    """A part of the page under its heading; on a phone, where the page would be long, one that unfolds."""
    if narrow and folded:
        return st.expander(heading)
    st.header(heading, anchor=anchor)
    return st.container()


def figures_of_chart(*, folded: bool) -> DeltaGenerator:
    """Where the figures of a chart stand: folded, or open inside what unfolds itself."""
    return st.container() if narrow and folded else st.expander("The figures of this chart as a table")


def show(code: str, name: str, chosen: selection.Selection) -> None:
    """Draw the page of one authority."""
    shown = figures.cached_view(at_a_glance_view.build_view, code, name, chosen.against, chosen.region, widgets.width())
    st.title(shown.title)
    widgets.markup(markup.about(shown.about))
    selection.show_authority_notes(chosen)
    widgets.markup(markup.cards(shown.cards))
    if chosen.is_current:
        if shown.questions:
            with st.container(key="questions"):
                heading = "Questions to ask" if len(shown.questions) > 1 else "A question to ask"
                st.header(heading, anchor="questions")
                widgets.markup(markup.questions(shown.questions))
        links.link("questions", "Every question to ask, and what was answered")
    with st.container(horizontal=True, vertical_alignment="center", key="new"):
        briefing.button(chosen)
        with st.popover("What is new since your last meeting?", icon=":material/event:"):
            since = whats_new.since()
            st.caption("The date is kept in the link: save the link, and change the date after each meeting.")
        if since:
            links.link("whats_new", "What is new", news="own", since=since.isoformat())
    notices.show(whats_new.KEY)
    if since:
        st.markdown(markdown.escaped(figures.cached_view(whats_new_view.line, code, name, since)))
    for place, part in enumerate(shown.shares):
        with section(part.heading, part.anchor, folded=place > 0):
            if narrow:
                widgets.chart(part.chart, key=part.anchor)
                with figures_of_chart(folded=place > 0):
                    widgets.markup(markup.shares_table(part))
            else:
                with chart_with_notes(part.chart, key=part.anchor):
                    widgets.markup(markup.shares_table(part))
    if not narrow:
        st.header("Every headline measure", anchor="measures")
    for table in shown.tables:
        with st.expander(table.caption) if narrow else st.container():
            widgets.markup(markup.measures(table))
    with st.expander("How to read these figures") if narrow else st.container():
        st.caption(words.READING)
    commentary.under(code, name, [commentary.FigureKey(*each) for each in shown.measures])
    if len(shown.detail):
        if not narrow:
            st.header("Behind the headlines", anchor="detail")
        with st.expander("Homelessness, reasons for not being in work or study, health in care, spending"):
            short_table(
                shown.detail,
                long=("A year before", "Note"),
                cards=True,
                alt=f"Measures behind the headlines of {name}, one row for each measure",
            )
            st.caption(shown.detail_caution)
    if shown.chart is not None:
        with st.expander(f"{name} compared with every authority, in one picture"):
            widgets.chart(shown.chart, key="spine")
            widgets.table(
                shown.spread,
                key="spread",
                alt="The figures of the chart, one row for each measure",
                height="content",
            )
    widgets.downloads(
        shown.download,
        shown.download_about,
        f"{name}: headline figures",
        (name, "at a glance"),
        "these figures",
        copied=".cl-measures",
    )


picked = selection.current()
# Not stopped early: the foot says where the figures come from when the page is drawn.
if picked.authority_code is None or picked.authority_name is None:
    england.show()
else:
    show(picked.authority_code, picked.authority_name, picked)
