"""Report: a committee pack of chosen sections with the council's own words, as Word, PowerPoint, PDF, or pictures and tables."""

import datetime as dt

import streamlit as st

from careleavers.packs import preview
from careleavers.packs.model import CLASSIFICATIONS, DEFAULT_TEMPLATE, LONGEST, MOST_SECTIONS, Section, default_title
from careleavers.packs.sections import KINDS, label
from careleavers.ui import choices, england, figures, markdown, notices, option_lists, report, selection, state, widgets
from careleavers.views.report import view as report_view
from careleavers.views.report import words
from careleavers.wording.formats import day_text

chosen = selection.current()


def details(draft: report.Draft) -> None:
    """Draw what stands on the first page: title, committee, day of its meeting, classification."""
    settings = draft.settings
    name = str(chosen.authority_name)
    for field, title, shown in (
        ("title", "Title", settings.title),
        ("committee", "Committee", settings.committee),
    ):
        key = f"_pack_{field}"
        st.session_state[key] = shown
        st.text_input(
            title,
            key=key,
            max_chars=LONGEST[field],
            placeholder=default_title(settings, name) if field == "title" else "",
            on_change=report.take,
            args=(field, key),
        )
    with st.container(horizontal=True):
        st.session_state["_pack_meeting"] = dt.date.fromisoformat(settings.meeting) if settings.meeting else None
        st.date_input(
            "Day of the meeting",
            key="_pack_meeting",
            format="DD/MM/YYYY",
            on_change=report.take,
            args=("meeting", "_pack_meeting"),
            width=220,
        )
        known = list(dict.fromkeys([*CLASSIFICATIONS, settings.classification]))
        st.session_state["_pack_classification"] = settings.classification
        st.selectbox(
            "Classification",
            known,
            key="_pack_classification",
            on_change=report.take,
            args=("classification", "_pack_classification"),
            width=300,
        )


def sections(draft: report.Draft) -> None:
    """Draw the list of sections, with buttons to move and remove each, and its words where they are opened."""
    last = len(draft.ids) - 1
    for place, (number, section) in enumerate(zip(draft.ids, draft.settings.sections, strict=True)):
        named = label(section, figures.indicators())
        with st.container(border=True, key=f"section-{number}"):
            with st.container(horizontal=True, vertical_alignment="center", key=f"head-{number}"):
                st.markdown(f"**{place + 1}. {markdown.escaped(named)}**", width="stretch")
                # The style sheet shows the icons alone; who cannot see them hears which section each button is about.
                for icon, what, by in ((":material/arrow_upward:", "up", -1), (":material/arrow_downward:", "down", 1)):
                    st.button(
                        f"Move {what}: {named}",
                        icon=icon,
                        key=f"{what}-{number}",
                        help=f"Move {what}",
                        disabled=place == (0 if by < 0 else last),
                        on_click=report.move,
                        args=(number, by),
                    )
                st.button(
                    f"Remove: {named}",
                    icon=":material/close:",
                    key=f"remove-{number}",
                    help="Remove",
                    on_click=report.remove,
                    args=(number,),
                )
            written = bool(section.commentary or section.officer)
            with st.expander(
                f"{words.OWN_WORDS}{' (written)' if written else ''}", key=f"own-{number}", on_change="rerun"
            ) as opened:
                if opened.open:
                    own_words(number, section)


def own_words(number: int, section: Section) -> None:
    """Draw what the council says in a section, and who is responsible for it."""
    for field, title, shown in (
        ("commentary", words.OWN_WORDS, section.commentary),
        ("officer", "Responsible officer", section.officer),
    ):
        key = f"_{field}_{number}"
        st.session_state[key] = shown
        draw = st.text_area if field == "commentary" else st.text_input
        draw(
            title,
            key=key,
            max_chars=LONGEST[field],
            help=(words.RECOMMENDATIONS_HELP if section.kind == "recommendations" else words.OWN_WORDS_HELP)
            if field == "commentary"
            else None,
            on_change=report.write_section,
            args=(number, field, key),
        )


def add_section(draft: report.Draft) -> None:
    """Draw the choice of a further section."""
    if len(draft.ids) >= MOST_SECTIONS:
        st.info(f"The pack has {MOST_SECTIONS} sections, which is the most.")
        return
    with st.popover("Add a section", icon=":material/add:"):
        kind = st.selectbox("Section", list(KINDS), format_func=lambda key: KINDS[key].label, key="_add_kind")
        if KINDS[kind].about:
            held = figures.indicators()
            titles = {key: each.short_title for key, each in held.items()}
            listed = report_view.measures(figures.context())
            measure = st.selectbox(
                "Measure",
                [key for keys in listed.values() for key in keys],
                format_func=lambda key: option_lists.label(key, titles),
                key="_add_measure",
            )
            ages = choices.ages(held[measure])
            st.selectbox("Age", list(ages), format_func=lambda age: ages[age], key="_add_age", index=len(ages) - 1)
        st.button("Add", type="primary", on_click=report.add)


st.title("Report")
if not chosen.authority_code:
    england.invite(words.INVITE, words.INVITE_ABOUT)
    st.stop()
selection.show_authority_notes(chosen)
template = state.choose("template", "Start from", report.templates(chosen), default=DEFAULT_TEMPLATE, what="template")
draft = report.current(chosen, template)
notices.show(report.KEY)
about_address = report.write_address(chosen, template)
if draft.from_link:
    st.warning(words.FROM_LINK)
if about_address:
    st.info(about_address)
made = report.pack(chosen, draft)
for pair in made.releases:
    figures.context().name_release(*pair)

with st.container(key="on-screen-download"):
    st.header("Download", anchor="download")
    if said := report.no_browser(made):
        st.info(said)
    report.files(made)
    notices.show("_files")
    if not about_address:
        st.caption(words.LINK_HELP)

build_column, preview_column = (st.container(), st.container()) if widgets.on_phone() else st.columns([5, 7])
with build_column:
    st.header("What is in it", anchor="sections")
    details(draft)
    sections(draft)
    with st.container(horizontal=True):
        add_section(draft)
        st.button("Start again from the template", on_click=report.start_again)
    st.header("Saved packs", anchor="saved")
    report.saved_packs(chosen, day_text)
with preview_column, st.container(key="pack-preview"):
    st.header("Preview", anchor="preview")
    widgets.markup(preview.markup(made))
