"""Inspections: what Ofsted found, when, how long ago beside other authorities, and their figures by judgement."""

from dataclasses import replace

import streamlit as st

from careleavers import words_inspections as words
from careleavers.charts.inspections import by_judgement, since_inspection
from careleavers.formats import POLARITY_WORDS, axis_unit, day_text, file_name, value_text, with_age
from careleavers.ui import choices, figures, state, view

chosen = state.selection()
code = chosen.authority_code or ""
since = figures.ask("inspection_since", authority=code)
first_since = since.iloc[0]
as_at, release = first_since["as_at"], str(first_since["release"])


def latest_and_history() -> bool:
    """What was found in the chosen authority and its predecessors; whether it reports one newer than the release."""
    found = figures.ask("inspection_events", authority=code)
    full = words.events(found, kind="full")
    st.markdown(f"**{words.latest_headline(str(chosen.authority_name), full)}.** {words.latest_detail(full)}")
    if full:
        st.subheader("Judgements, newest first", anchor="judgements")
        st.table(
            words.judgement_table(full),
            hide_index=True,
            alt=f"Ofsted’s judgements of {chosen.authority_name}, one column a full inspection, newest first",
        )
        st.caption(words.SCALE_WORDS)
    st.subheader("Visits and other events", anchor="visits")
    visits = words.events(found, kind="visit")
    st.markdown("\n".join(f"- {words.event_line(row)}" for row in visits) or "None is held.")
    st.caption(words.visits_words(as_at))
    before = words.predecessor_lines(found)
    if before:
        st.subheader("Before this authority", anchor="before")
        st.markdown("It replaced others, which were inspected in their own right:")
        st.markdown("\n".join(f"- {line}" for line in before))
    return words.newer_than_release(full)


def time_since(own_newer: bool) -> None:
    """Draw the time since the last full inspection, all authorities beside each other."""
    st.subheader("Time since the last full inspection", anchor="since")
    head = words.since_headline(since)
    st.markdown(f"**{head}.**")
    median = words.since_text(first_since["median_months"])
    view.chart(
        since_inspection(
            words.since_frame(since),
            as_at_text=day_text(as_at),
            median_months=first_since["median_months"],
            median_text=f"Median {median}",
            headline=head,
            subtitle=f"Time from the start of the last full inspection of children’s services by Ofsted to {day_text(as_at)}. "
            "Authorities in England",
            footer=view.footer("ofsted", release, "published", f"{int(first_since['of'])} authorities"),
            filename=file_name(chosen.authority_name or "England", "time-since-inspection", release),
            width=view.width(),
        ),
        key="since",
    )
    st.markdown("\n".join(f"- {note}" for note in words.since_cautions(since, view.today(), own_newer)))
    with st.expander("The latest judgements of every authority as a table"):
        st.dataframe(words.since_table(since), hide_index=True, width="stretch", height=420, key="since_table")


@st.fragment
def outcomes() -> None:
    """Draw a measure by judgement. A fragment: its choices redraw this part only."""
    st.subheader("Figures of authorities by judgement", anchor="outcomes")
    picked = choices.measure()
    indicator, age_group, period = picked.indicator, picked.age_group, picked.period
    aspect = state.choose(
        "judgement", "Judgement on", words.ASPECT_CHOICES, default="care_leavers", what="judgement", control="buttons"
    )
    rows = figures.ask(
        "inspection_outcomes",
        indicator=indicator.id,
        age_group=age_group,
        period=period,
        aspect=aspect,
        authority=code,
    )
    first = rows.iloc[0]
    head = words.outcome_headline(rows, indicator, age_group, aspect)
    st.markdown(f"**{head}.** {words.outcome_detail(rows, indicator)}")
    england = value_text(first["england"], indicator.unit, indicator.decimals)
    sources = view.mixed_footer(words.outcome_sources(rows, release))
    view.chart(
        by_judgement(
            words.outcome_frame(rows, indicator),
            words.groups(rows, indicator),
            indicator_title=with_age(indicator.title, age_group),
            unit=axis_unit(indicator.unit),
            england=first["england"],
            england_text=f"England {england}",
            polarity_words=POLARITY_WORDS[indicator.polarity],
            headline=head,
            subtitle=words.outcome_subtitle(rows, indicator, age_group, aspect),
            footer=replace(sources, n=f"{len(rows[rows['value'].notna()])} authorities"),
            filename=file_name(indicator.id, age_group, period, "by-judgement", aspect),
            width=view.width(),
        ),
        key="by_judgement",
    )
    st.markdown("\n".join(f"- {note}" for note in words.outcome_cautions(rows, indicator, aspect)))
    with st.expander("The figures by judgement as a table"):
        st.dataframe(
            words.outcome_table(rows, indicator), hide_index=True, width="stretch", height=420, key="outcome_table"
        )


st.title("Inspections")
state.show_authority_notes(chosen)
if chosen.authority_code:
    newer = latest_and_history()
else:
    st.markdown(
        f"**{words.since_headline(since)}.** Choose an authority to see what Ofsted found there, care leavers first."
    )
    newer = False
time_since(newer)
outcomes()

st.subheader("Download", anchor="download")
source = view.release("ofsted", release)
about = words.download_about(as_at, source, view.today(), figures.warehouse().version)
events = figures.ask("inspection_list", authority="")
view.downloads(events, about, "Inspections of children’s services", ("inspections", release), "all inspections")
