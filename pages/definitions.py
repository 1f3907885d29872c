"""Definitions: what each measure, word and mark means, how each rule works, and whose data it is.

Nothing is worked out here: the queries choose, order and date; this page words and lays out.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby

import pandas as pd
import streamlit as st

from careleavers import words_releases
from careleavers.formats import Row, age_label
from careleavers.ui import figures, state, view
from careleavers.ui.pages import ROOT

_THEMES = {"all": "All", "outcome": "Outcomes", "enabler": "Enablers", "context": "Context"}
_THEME_HEADINGS = {
    "outcome": ("Outcomes", "How young people who have left care are doing."),
    "enabler": (
        "Enablers",
        "What helps good outcomes come about: a steady workforce and a steady childhood in care.",
    ),
    "context": ("Context", "What to know when reading the rest. Nothing here is called better or worse."),
}
_POLARITY = {
    "high": "Higher is better.",
    "low": "Lower is better.",
    "neutral": "Neither: a high or a low figure is not better in itself.",
}
_UNITS = {
    "percent": "Percentage",
    "count": "Number",
    "ratio": "Average",
    "per_10000": "Rate for every 10,000 children",
}
_EVERY = {"year": "Every year.", "quarter": "Every quarter."}
_GLOSSARY_HEADINGS = {"words": "Words", "marks": "Marks", "rules": "Rules"}
_PARTS = ("Measures", "Rules", "Words and marks", "Data and licence")

_COMPARE = ROOT / "pages" / "compare.py"
_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"

# Lines much longer than this are hard to read; narrower screens use their full width.
_READING_WIDTH = 760
# With this many matches or fewer, the answer is shown without a further click.
_OPEN_AT_MOST = 3
_SEARCH_LENGTH = 80


def _rows(frame: pd.DataFrame) -> list[Row]:
    """The rows of a query's answer, with None for what is absent."""
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()} for row in frame.to_dict("records")
    ]


def _day(value: dt.date) -> str:
    """A date as "31 March 2025"."""
    return f"{value.day} {value:%B %Y}"


def _ages(age_groups: str) -> str:
    """Age groups as "17 to 18; 19 to 21"."""
    if age_groups == "all":
        return "Not shown by age."
    return "; ".join(age_label(group) for group in age_groups.split(";"))


def _held(row: Row) -> str:
    """The years a measure is held for."""
    first, last = row["first_period"], row["latest_period"]
    if first is None or last is None:
        return "Not held yet. Councils count this themselves: it is held when one of them uploads it."
    if first == last:
        return f"{_day(last)} only"
    return f"{_day(first)} to {_day(last)}"


def _provenance(row: Row) -> str:
    """Source, publisher, release and the dates of this release and the next, as one line of Markdown."""
    title, url = row["source_title"], row["url"]
    if row["source"] == "local":
        return "Councils’ own figures, as each of them uploads them"
    if title is None:
        return "No release is held yet."
    named = f"[{title}]({url})" if url else str(title)
    parts = [named, str(row["publisher"]), f"{row['release']} release"]
    if row["published"]:
        parts.append(f"published {row['published']}")
    return ", ".join(parts)


def _due() -> dict[str, Row]:
    """How new each measure is and when its next release is due, by indicator."""
    rows = _rows(figures.ask("releases_due", today=view.today()))
    return {str(row["indicator"]): row for row in rows if row["indicator"] is not None}


def _measure_text(row: Row, due: Row) -> str:
    """Everything that there is to say about one measure, as Markdown."""
    facts = [("Counted", f"{row['numerator_counts']}.")]
    if row["denominator_counts"]:
        facts.append(("Out of", f"{row['denominator_counts']}."))
    facts += [
        ("Which way is better", _POLARITY[str(row["polarity"])]),
        ("Shown as", f"{_UNITS[str(row['unit'])]}."),
        ("Ages", _ages(str(row["age_groups"]))),
        ("Figures held", _held(row)),
        ("Source", _provenance(row)),
        ("Comes out", _EVERY[str(row["published_every"])]),
        ("Next release", f"{words_releases.next_release(due)}."),
        ("Collected in", str(row["statutory_return"])),
    ]
    listed = "\n".join(f"- **{label}:** {text}" for label, text in facts)
    return f"{row['definition']}\n\n**Take care.** {row['caveats']}\n\n{listed}"


def _show_one(indicator: str) -> None:
    st.query_params["indicator"] = indicator
    st.session_state["find"] = ""


def _show_all() -> None:
    st.query_params.pop("indicator", None)


def _measure_links(row: Row, *, alone: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if row["latest_period"] is not None:
            # A link and not a button: it can be opened in a new tab, and keeps the shared choices.
            st.page_link(
                _COMPARE,
                label="Compare authorities",
                icon=":material/bar_chart:",
                query_params={"indicator": str(row["indicator"])},
            )
        if not alone:
            st.button(
                "Show on its own, for a link",
                key=f"alone_{row['indicator']}",
                icon=":material/link:",
                type="tertiary",
                on_click=_show_one,
                args=(str(row["indicator"]),),
            )


def _measures(rows: Iterable[Row], *, opened: bool) -> None:
    due = _due()
    for row in rows:
        # The key differs between the two states, or the browser would keep a box as the reader last left it.
        key = f"measure_{row['indicator']}_{opened}"
        with st.expander(f"**{row['short_title']}**", expanded=opened, key=key):
            if row["title"] != row["short_title"]:
                st.markdown(f"*{row['title']}*")
            st.markdown(_measure_text(row, due[str(row["indicator"])]))
            _measure_links(row, alone=False)


def _measures_by_theme(rows: list[Row]) -> None:
    for theme, (heading, about) in _THEME_HEADINGS.items():
        of_theme = [row for row in rows if row["theme"] == theme]
        if of_theme:
            st.subheader(heading, anchor=theme)
            st.markdown(about)
            for sub_theme, rows_of in groupby(of_theme, key=lambda row: str(row["sub_theme"])):
                st.markdown(f"**{state.as_text(sub_theme)}**")
                _measures(rows_of, opened=False)


def _terms(rows: Iterable[Row]) -> None:
    for row in rows:
        st.markdown(f"**{row['term']}**  \n{row['meaning']}")


def _glossary_of(*groups: str) -> Callable[[], None]:
    def draw() -> None:
        rows = _rows(figures.ask("glossary", search=""))
        for group in groups:
            if len(groups) > 1:
                st.subheader(_GLOSSARY_HEADINGS[group], anchor=group)
            _terms(row for row in rows if row["grouping"] == group)

    return draw


def _all_measures() -> None:
    theme = state.choose("theme", "Theme", _THEMES, default="all", what="theme", control="buttons")
    _measures_by_theme(_rows(figures.ask("definitions", search="", theme=theme, indicator="")))


def _rules() -> None:
    st.markdown("Each figure, rank and word on the other pages is worked out by these rules, the same way everywhere.")
    _glossary_of("rules")()


def _data() -> None:
    st.markdown(
        "The annual figures are official statistics, as their publishers released them, under the "
        f"[Open Government Licence v3.0]({_LICENCE_URL}). "
        "You may copy, adapt and publish them, and charts made from them, if you name the source. Local figures are not "
        "official statistics: councils upload them as their own, they may change, and they stand apart from the annual "
        "ones wherever they are shown."
    )
    if notes := words_releases.due_notes(figures.ask("releases_due", today=view.today())):
        st.warning("  \n".join(notes))
    for row in _rows(figures.ask("sources")):
        title = f"[{row['title']}]({row['url']})" if row["url"] else str(row["title"])
        release = f"{row['release']} release, published {row['published']}"
        if row["older"]:
            release += f"; earlier years come from {row['older']}"
        st.markdown(
            f"**{title}**  \n{row['publisher']}. {release}.\n\n"
            f"- **Covers:** {row['covers']}\n"
            f"- **Rounding:** {row['rounding']}\n"
            f"- **Next release:** {row['next_release'] or 'not known'}\n"
            f"- **Licence:** {row['licence']}"
        )


def _matches(search: str) -> None:
    """What the search found, among the measures and in the glossary."""
    measures = _rows(figures.ask("definitions", search=search, theme="all", indicator=""))
    terms = _rows(figures.ask("glossary", search=search))
    if not measures and not terms:
        st.info(
            "Nothing here has those words. Try one word, such as “work”, “foster”, “agency” or “rank”; "
            "or clear the search to see everything."
        )
        return
    if measures:
        st.subheader(f"Measures ({len(measures)})", anchor="measures")
        _measures(measures, opened=len(measures) <= _OPEN_AT_MOST)
    if terms:
        st.subheader(f"Words, marks and rules ({len(terms)})", anchor="words")
        _terms(terms)


def _one(row: Row) -> None:
    """One measure on its own, for a link to it."""
    st.button("All measures", key="all_measures", icon=":material/arrow_back:", on_click=_show_all)
    st.header(str(row["title"]), anchor=False)
    st.markdown(_measure_text(row, _due()[str(row["indicator"])]))
    _measure_links(row, alone=True)


def _parts() -> None:
    drawings = (_all_measures, _rules, _glossary_of("words", "marks"), _data)
    tabs = st.tabs(_PARTS, key="part", bind="query-params")
    for tab, draw in zip(tabs, drawings, strict=True):
        if tab.open:
            with tab:
                draw()


def _page() -> None:
    st.title("Definitions")
    asked = st.query_params.get("indicator", "")
    if asked:
        found = _rows(figures.ask("definitions", search="", theme="all", indicator=asked))
        if found:
            _one(found[0])
            return
        st.warning("The link asked for a measure that is not one of these, so all of them are shown.")
    search = st.text_input(
        "Find a measure, word or rule",
        key="find",
        type="search",
        icon=":material/search:",
        placeholder="Such as staying put",
        max_chars=_SEARCH_LENGTH,
        live=True,
        bind="query-params",
    )
    if search and search.strip():
        _matches(search.strip())
    else:
        _parts()


with st.container(width=_READING_WIDTH):
    _page()
