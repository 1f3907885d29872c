"""Definitions: what each measure, word and mark means, how each rule works, and whose data it is."""

from collections.abc import Iterable

import streamlit as st

from careleavers.ui import figures, links, markdown, state
from careleavers.views.definitions import view as definitions_view
from careleavers.views.definitions import words

# Lines much longer than this are hard to read; narrower screens use their full width.
READING_WIDTH = 760
# With this many matches or fewer, the answer is shown without a further click.
OPEN_AT_MOST = 3
SEARCH_LENGTH = 80


def show_one(indicator: str) -> None:
    """Open a measure on its own, so that the address leads to it."""
    st.query_params["indicator"] = indicator
    st.session_state["find"] = ""


def show_all() -> None:
    """Leave a measure that was opened on its own."""
    st.query_params.pop("indicator", None)


def show_links(measure: definitions_view.MeasureEntry, *, alone: bool) -> None:
    """The way from a measure to its comparison and, in a list, to the measure on its own."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if measure.held:
            # A link and not a button: it can be opened in a new tab, and keeps the shared choices.
            st.page_link(
                links.page_file("compare"),
                label="Compare authorities",
                icon=":material/bar_chart:",
                query_params={"indicator": measure.indicator},
            )
        if not alone:
            st.button(
                "Show on its own, for a link",
                key=f"alone_{measure.indicator}",
                icon=":material/link:",
                type="tertiary",
                on_click=show_one,
                args=(measure.indicator,),
            )


def show_measures(measures: Iterable[definitions_view.MeasureEntry], *, opened: bool) -> None:
    """A box for each measure."""
    for measure in measures:
        # The key differs between the two states, or the browser would keep a box as the reader last left it.
        key = f"measure_{measure.indicator}_{opened}"
        with st.expander(f"**{measure.short_title}**", expanded=opened, key=key):
            if measure.title != measure.short_title:
                st.markdown(f"*{measure.title}*")
            st.markdown(measure.text)
            show_links(measure, alone=False)


def show_terms(terms: Iterable[str]) -> None:
    """Terms of the glossary, one below the other."""
    for text in terms:
        st.markdown(text)


def all_measures() -> None:
    """Every measure of the chosen theme."""
    chosen = state.choose("theme", "Theme", words.THEME_CHOICES, default="all", what="theme", control="buttons")
    for theme in figures.cached_view(definitions_view.build_view, chosen):
        st.header(theme.heading, anchor=theme.id)
        st.markdown(theme.introduction)
        for name, measures in theme.sub_themes:
            st.markdown(f"**{markdown.escaped(name)}**")
            show_measures(measures, opened=False)


def rules() -> None:
    """How each rule works."""
    st.markdown(words.RULES)
    for part in figures.cached_view(definitions_view.glossary, "rules"):
        show_terms(part.terms)


def words_and_marks() -> None:
    """The glossary without its rules."""
    for part in figures.cached_view(definitions_view.glossary, "words", "marks"):
        st.header(part.heading, anchor=part.id)
        show_terms(part.terms)


def data_and_licence() -> None:
    """Whose figures these are."""
    st.markdown(words.LICENCE)
    found = figures.cached_view(definitions_view.sources)
    if found.due:
        st.warning("  \n".join(found.due))
    for text in found.texts:
        st.markdown(text)


def show_results(text: str) -> None:
    """What a search found among the measures and in the glossary."""
    # Not cached: nobody types the same words again, and they would push out what others look at.
    found = definitions_view.search(figures.context(), text)
    if not found.measures and not found.terms:
        st.info(words.NOT_FOUND)
    if found.measures:
        st.header(f"Measures ({len(found.measures)})", anchor="measures")
        show_measures(found.measures, opened=len(found.measures) <= OPEN_AT_MOST)
    if found.terms:
        st.header(f"Words, marks and rules ({len(found.terms)})", anchor="words")
        show_terms(found.terms)


def show_alone(measure: definitions_view.MeasureEntry) -> None:
    """One measure on its own, for a link to it."""
    st.button("All measures", key="all_measures", icon=":material/arrow_back:", on_click=show_all)
    st.header(measure.title, anchor=False)
    st.markdown(measure.text)
    show_links(measure, alone=True)


def show_page() -> None:
    """The measure that the address names, or what the search finds, or everything in its parts."""
    st.title("Definitions")
    asked = st.query_params.get("indicator", "")
    if asked:
        alone = definitions_view.one_measure(figures.context(), asked)
        if alone:
            show_alone(alone)
            return
        st.warning(words.NO_SUCH_MEASURE)
    searched = st.text_input(
        "Find a measure, word or rule",
        key="find",
        type="search",
        icon=":material/search:",
        placeholder="Such as staying put",
        max_chars=SEARCH_LENGTH,
        live=True,
        bind="query-params",
    )
    if searched and searched.strip():
        show_results(searched.strip())
        return
    parts = (all_measures, rules, words_and_marks, data_and_licence)
    for tab, draw in zip(st.tabs(words.PARTS, key="part", bind="query-params"), parts, strict=True):
        if tab.open:
            with tab:
                draw()


with st.container(width=READING_WIDTH):
    show_page()
