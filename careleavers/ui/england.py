"""England's story: the home page before an authority is chosen, and what other pages say until then."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from careleavers.ui import choices, figures, links, selection, widgets
from careleavers.views.england import markup, words
from careleavers.views.england import view as england_view

_WORKFORCE = tuple(
    (measure, "all") for measure in ("caseload", "agency_rate", "turnover_rate", "vacancy_rate", "absence_rate")
)
_FOUND = "_found"


def show() -> None:
    """Draw the home page of England: find a council, the national figures, the map, what changed, what is new."""
    st.title(words.TITLE)
    # The measure's control is drawn below the cards, but runs first, because parts above it depend on the choice.
    head, search, cards, chooser, rest = (st.container() for _ in range(5))
    with search:
        find_council(words.FIND)
    with chooser, st.container(key="england-measure"):
        picked = choices.measure(period=False, suits=england_view.suits)
    kept = tuple(links.shared_choices().items())
    shown = figures.cached_view(england_view.build_view, picked.indicator.id, picked.age_group, kept)
    with head:
        st.markdown(shown.subject)
    with cards:
        widgets.markup(markup.cards(shown))
    with rest:
        widgets.markup(markup.body(shown))


def find_council(label: str) -> None:
    """Draw the box that finds a council by its name, a name it had or is known by, or a code; choosing opens it.

    Parameters
    ----------
    label
        What stands before the box.
    """
    with st.container(key="find-council"):
        st.selectbox(
            label,
            list(figures.cached(_findable)),
            index=None,
            key=_FOUND,
            placeholder="Type a name, such as Leeds",
            on_change=_open_found,
        )


def _open_found() -> None:
    if name := figures.cached(_findable).get(str(st.session_state.get(_FOUND))):
        selection.choose_authority(name)


def _findable() -> dict[str, str]:
    """The name of an authority by all that it is found by: itself, then “another name: name”, then “code: name”."""
    names = selection.authority_names()
    known = figures.ask("known_names").dropna()
    others = dict(zip(known["name"], known["authority_code"], strict=True))
    codes = {**{code: code for code in names}, **selection.former_codes()}
    found = {name: name for name in names.values()}
    for word, code in (*others.items(), *codes.items()):
        # Part of a name is enough to find it.
        if code in names and word.casefold() not in names[code].casefold():
            found[f"{word}: {names[code]}"] = names[code]
    return found


def invite(title: str, text: str) -> None:
    """The empty state of a page that needs a council: what it will show, and the box that finds one.

    Parameters
    ----------
    title
        A few words above it.
    text
        Markdown that says what the page will show.
    """
    with st.container(key="invite", border=True):
        st.header(title, anchor=False)
        st.markdown(text)
        find_council(words.FIND)


def workforce() -> pd.DataFrame:
    """England’s workforce as a table: see :func:`careleavers.views.england.view.table`."""
    return figures.cached_view(england_view.table, _WORKFORCE)


def story(picked: choices.Measure) -> england_view.Story:
    """England on the measure of a page on which no authority is chosen.

    Parameters
    ----------
    picked
        What is chosen on the page.

    Returns
    -------
    england_view.Story
    """
    return figures.cached_view(england_view.story, picked.indicator.id, picked.age_group, picked.period)
