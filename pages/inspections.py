"""Inspections: what Ofsted found, when, how long ago compared with other authorities, and their figures by judgement."""

import streamlit as st

from careleavers.ui import access, choices, commentary, figures, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.inspections import view as inspections_view
from careleavers.views.inspections import words

chosen = selection.current()
code, name = chosen.authority_code or "", chosen.authority_name or ""


def show_events(found: inspections_view.EventsView) -> None:
    """What was found in the chosen authority, and in those it replaced."""
    if found.judgements is not None:
        st.header("Judgements, newest first", anchor="judgements")
        short_table(
            found.judgements,
            alt=f"Ofsted’s judgements of {name}, one column for each full inspection, newest first",
            long=tuple(found.judgements.columns),
            cards=True,
        )
        widgets.copy_table(f"Ofsted’s judgements of {name}", download.about)
        st.caption(words.SCALE_WORDS)
        if found.reports:
            st.markdown(f"Read {found.reports} (opens Ofsted’s own site).")
    st.header("Visits and other events", anchor="visits")
    st.markdown(found.visits or "None is recorded here.")
    st.caption(found.visits_note)
    if found.before:
        st.header("Before this authority", anchor="before")
        st.markdown(f"It replaced other authorities, which had inspections of their own:\n\n{found.before}")


@access.fragment
def show_outcomes(releases: tuple[tuple[str, str], ...]) -> None:
    """Draw a measure by judgement. A fragment: its choices redraw this part only."""
    st.header("Figures of authorities by judgement", anchor="outcomes")
    picked = choices.measure()
    aspect = state.choose(
        "judgement", "Judgement on", words.ASPECT_CHOICES, default="care_leavers", what="judgement", control="buttons"
    )
    shown = figures.cached_view(
        inspections_view.build_outcomes,
        picked.indicator.id,
        picked.age_group,
        picked.period,
        aspect,
        code,
        releases,
        widgets.width(),
    )
    with chart_with_notes(shown.chart, key="by_judgement"):
        st.markdown(shown.detail)
        st.markdown(shown.cautions)
    if shown.found:
        about = commentary.FigureKey(picked.indicator.id, picked.age_group, picked.period)
        commentary.under(code, name, [about])
    with st.expander("The figures by judgement as a table"):
        widgets.table(
            shown.table,
            height=420,
            key="outcome_table",
            column_config=widgets.widths(words.WIDTHS),
            alt="The figures of the chart by judgement, one row for each authority",
        )


st.title("Inspections")
selection.show_authority_notes(chosen)
if not inspections_view.has_inspections(figures.context()):
    st.info("No inspections are recorded.")
    st.stop()

events = figures.cached_view(inspections_view.build_events, code, name) if code else None
newer = events is not None and events.newer_than_release
since = figures.cached_view(inspections_view.build_since, code, name, newer, widgets.width())
releases = tuple(since.releases.items())
download = figures.cached_view(inspections_view.build_download, releases, since.as_at)

if events is not None:
    st.markdown(f"**{events.headline}.** {events.detail}")
else:
    finding, rest = figures.cached_view(inspections_view.england_judgements)
    if finding:
        st.markdown(f"**{finding}.** {rest}")
    st.markdown(
        "Choose a council at the top of the page to see what Ofsted found there: each judgement, care leavers first, and "
        "the visits since."
    )

with chart_with_notes(since.chart, key="since"):
    st.markdown(since.cautions)
if events is not None:
    show_events(events)

show_outcomes(releases)

with st.expander("The latest judgements of every authority as a table"):
    widgets.table(
        since.table,
        height=420,
        key="since_table",
        alt="The latest judgements of every authority",
        column_order=choices.columns(since.table, (*words.WIDTHS, "Report")),
        column_config=widgets.widths(words.WIDTHS)
        | {"Report": st.column_config.LinkColumn(display_text="read", width=70)},
    )
    widgets.copy_table("The latest judgements of every authority", download.about)

with st.container(key="on-screen-download"):
    st.header("Download", anchor="download")
    widgets.downloads(
        download.table,
        download.about,
        "Inspections of children’s services",
        ("inspections", *since.releases.values()),
        "all inspections",
        copied=None,
    )
