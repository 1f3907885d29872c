"""Build your own: any measures, years and areas in one table and up to six small charts, all of it in the link."""

import streamlit as st

from careleavers.model import AGAINST
from careleavers.ui import access, commentary, figures, selection, state, widgets
from careleavers.ui.several import choose_several
from careleavers.views.build_your_own import view as build_your_own_view
from careleavers.views.build_your_own import words

chosen = selection.current()
authority = chosen.authority_code or ""
# Streamlit's own links to the page they stand on do not change the address.
kept = {"authority": chosen.authority_name or "", "against": AGAINST[chosen.against]}


def empty() -> None:
    """Say what can be built, with examples to start from."""
    with st.container(border=True, key="examples"):
        st.header("Nothing chosen yet", anchor=False)
        st.markdown(
            f"Choose up to {words.MOST_MEASURES} measures and up to {words.MOST_AREAS} areas above: each measure becomes "
            "a chart, and together they make one table. Or start from an example and change it:"
        )
        st.html(words.example_links(kept))
        st.markdown("The page’s address holds your choices: save or send it, and the same table opens.")


def show_charts(shown: build_your_own_view.BuildYourOwnView) -> None:
    """Draw the small charts, two to a row where there is room."""
    if len(shown.charts) == 1:
        widgets.chart(shown.charts[0], key="built_0")
        return
    for start in range(0, len(shown.charts), 2):
        for place, column in enumerate(st.columns(2), start=start):
            if place < len(shown.charts):
                with column:
                    widgets.chart(shown.charts[place], key=f"built_{place}", layout=shown.layout)


@access.fragment
def show_table(shown: build_your_own_view.BuildYourOwnView) -> None:
    """Draw the table and its downloads. A fragment: its layout redraws this part only."""
    st.header("The figures as a table", anchor="table")
    layouts = {"wide": "Area", "long": "Figure"}
    layout = state.choose("table", "One row for each", layouts, default="wide", what="table layout", control="buttons")
    narrow = widgets.on_phone()
    columns = {"Area": st.column_config.TextColumn(width=130 if narrow else 270, pinned=narrow)}
    if layout == "wide" and len(shown.wide.columns) > 4:
        columns |= {name: st.column_config.TextColumn(width=160, help=name) for name in shown.wide.columns[1:]}
    widgets.table(
        shown.wide if layout == "wide" else shown.long,
        key=f"built_table_{layout}",
        column_config=columns,
        alt="The figures of the choice made above",
    )
    if shown.marks:
        st.markdown("Marks in the table:\n\n" + "\n".join(f"- {line}" for line in shown.marks))
    if layout == "wide":
        widgets.downloads(shown.wide_download, shown.about, "Chosen figures", ("chosen figures", "wide"), "this table")
    widgets.downloads(
        shown.download,
        shown.about,
        "Chosen figures, one row each",
        ("chosen figures",),
        "every figure, with sources",
        copied=None if layout == "wide" else widgets.NEAREST,
    )


st.title("Build your own")
options = build_your_own_view.options(figures.context(), authority)
measures = choose_several(
    "measures",
    "Measures",
    options.measures,
    what="measure",
    most=words.MOST_MEASURES,
    groups=options.measure_groups,
)
tokens = choose_several(
    "areas",
    "Areas and groups of areas",
    options.areas,
    aliases=options.area_aliases,
    what="area",
    most=words.MOST_AREAS,
)
picked_years = choose_several(
    "years", "Years", options.years, what="year", most=words.MOST_YEARS, placeholder="The newest year of each measure"
)
areas = build_your_own_view.chosen_areas(figures.context(), authority, tokens)
if areas.left_out:
    st.warning(
        f"The choice comes to {words.MOST_AREAS + areas.left_out} areas, and {words.MOST_AREAS} is the most shown: the "
        f"last {areas.left_out} are left out."
    )
if not measures or not areas.codes:
    if measures or areas.codes:
        st.info("Choose at least one measure and one area.")
    empty()
    st.stop()

shown, gaps = figures.cached_view(
    build_your_own_view.build_view,
    tuple(measures),
    areas.codes,
    tuple(int(year) for year in picked_years),
    areas.sources,
    authority,
    widgets.width(),
)
if shown is None:
    st.info(f"Nothing is published for this choice. {' '.join(gaps)}")
    st.stop()
show_charts(shown)
st.markdown("\n".join(f"- {note}" for note in shown.cautions))
commentary.under(chosen.authority_code, chosen.authority_name, [commentary.FigureKey(*each) for each in shown.own])
show_table(shown)
st.html(words.choice_link("Start again", kept))
