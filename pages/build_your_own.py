"""Build your own: any measures, years and areas in one table and up to six small charts, all of it in the link."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from careleavers import words_build as words
from careleavers.charts import ChartResult
from careleavers.charts.grouped import bars, lines
from careleavers.charts.template import Width
from careleavers.formats import POLARITY_WORDS, axis_unit, file_name, with_age
from careleavers.ui import choices, figures, state, view
from careleavers.ui.several import choose_several

chosen = state.selection()
code = chosen.authority_code or ""
areas = figures.ask("build_areas", authority=code)


def empty() -> None:
    """Say what can be built, with examples to start from."""
    with st.container(border=True, key="examples"):
        st.subheader("Nothing chosen yet", anchor=False)
        st.markdown(
            f"Choose up to {words.MOST_MEASURES} measures and up to {words.MOST_AREAS} areas above: each measure becomes "
            "a chart, and all of them one table. Or start from an example and change it:"
        )
        for example in words.EXAMPLES:
            state.link("build_your_own", example.label, **example.choices())
        st.markdown("The address of the page holds the whole choice: keep or send it, and the same table opens.")


def draw(rows: pd.DataFrame, width: Width) -> ChartResult:
    """The chart of one measure: bars for one period, lines for several."""
    first = rows.iloc[0]
    common: dict[str, Any] = {
        "measure_title": with_age(first["short_title"], first["age_group"]),
        "unit": axis_unit(first["unit"]),
        "polarity_words": POLARITY_WORDS[first["polarity"]],
        "headline": words.headline(rows),
        "subtitle": words.subtitle(rows),
        "footer": replace(view.mixed_footer(rows), n=words.n_words(rows)),
        "filename": file_name(first["measure"], "chosen areas"),
        "width": width,
    }
    if words.many_periods(rows):
        return lines(rows, hidden_text=words.hidden_text(rows), **common)
    return bars(words.best_first(rows), **common)


def charts(measures: list[pd.DataFrame]) -> None:
    """Draw the small charts, two beside each other where there is room."""
    if len(measures) == 1:
        view.chart(draw(measures[0], view.width()), key="built_0")
        return
    for start in range(0, len(measures), 2):
        for place, column in enumerate(st.columns(2)):
            if start + place < len(measures):
                with column:
                    view.chart(draw(measures[start + place], "narrow"), key=f"built_{start + place}")


@st.fragment
def table(rows: pd.DataFrame, groups: list[str]) -> None:
    """Draw the table and its downloads. A fragment: its layout redraws this part only."""
    st.subheader("The figures as a table", anchor="table")
    layout = state.choose(
        "table",
        "One row for each",
        {"wide": "Area", "long": "Figure"},
        default="wide",
        what="table layout",
        control="buttons",
    )
    shown = words.wide_table(rows) if layout == "wide" else words.long_table(rows)
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        key=f"built_table_{layout}",
        column_config={"Area": st.column_config.TextColumn(width=270, pinned=layout == "wide")},
    )
    marks = words.mark_key(rows)
    if marks:
        st.markdown("Marks in the table:\n\n" + "\n".join(f"- {line}" for line in marks))
    about = words.about(rows, groups, view.today(), figures.warehouse().version)
    if layout == "wide":
        view.downloads(
            words.wide_table(rows, numbers=True), about, "Chosen figures", ("chosen figures", "wide"), "this table"
        )
    view.downloads(
        words.download_table(rows),
        about,
        "Chosen figures, one row each",
        ("chosen figures",),
        "every figure with its source and caveats",
    )


st.title("Build your own")
options, aliases = words.area_options(areas)
titles = words.measure_options(choices.indicators())
years = {str(year): str(year) for year in figures.ask("build_years")["year"]}
picked_measures = choose_several("measures", "Measures", titles, what="measure", most=words.MOST_MEASURES)
picked_areas = choose_several(
    "areas", "Areas and groups of areas", options, aliases=aliases, what="area", most=words.MOST_AREAS
)
picked_years = choose_several(
    "years", "Years", years, what="year", most=words.MOST_YEARS, placeholder="The newest year of each measure"
)
codes, left_out = words.chosen_areas(areas, picked_areas)
if left_out:
    st.warning(
        f"The choice comes to {words.MOST_AREAS + left_out} areas, and {words.MOST_AREAS} is the most shown: the last "
        f"{left_out} are left out."
    )

if not picked_measures or not codes:
    if picked_measures or codes:
        st.info("Choose at least one measure and one area.")
    empty()
    st.stop()

asked_years = [int(year) for year in picked_years]
found = figures.ask("build_figures", measures=words.query_measures(picked_measures), areas=codes, years=asked_years)
gaps = words.not_published(found, picked_measures, asked_years, titles)
if found.empty:
    st.info("Nothing is published for this choice. " + " ".join(gaps))
    st.stop()

everything = words.with_texts(found, code)
measures = words.by_measure(everything)
groups = words.group_sources(areas, picked_areas)
st.markdown("\n".join(f"- **{words.headline(rows)}.**" for rows in measures))
charts(measures)
st.markdown("\n".join(f"- {note}" for note in (*words.cautions(everything), *gaps, *groups)))
table(everything, groups)
state.link("build_your_own", "Start again")
