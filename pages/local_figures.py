"""Local figures: what a council itself says of its newest quarter, its targets, and its quarters compared with others."""

from dataclasses import replace

import streamlit as st

from careleavers.model import AGAINST
from careleavers.ui import (
    access,
    commentary,
    england,
    figures,
    links,
    markdown,
    selection,
    several,
    state,
    widgets,
)
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.short_tables import short_table
from careleavers.views.local_figures import view as local_figures_view
from careleavers.views.local_figures import words_newest as words
from careleavers.views.local_figures import words_quarters as over
from careleavers.views.trends.words_years import AXES

chosen = selection.current()
if chosen.authority_code is None or chosen.authority_name is None:
    st.title("Local figures: how did we do this quarter?")
    st.markdown(
        "Figures that councils upload each quarter. They are the councils’ own figures, not official statistics."
    )
    england.invite(
        "Choose a council to see its quarter",
        "Here you will see what has changed since the same quarter of last year, what meets the council’s own target, and "
        "each measure over the quarters, next to the official figures of the year.",
    )
    if councils := figures.cached_view(local_figures_view.councils):
        st.html(words.council_links(list(councils.values()), {}))
    else:
        st.markdown("No council has uploaded its own figures yet.")
    st.stop()

code, name = chosen.authority_code, chosen.authority_name
against = "" if chosen.against == "neighbours" else AGAINST[chosen.against]
st.title(f"{name}: how did we do this quarter?")
# No figure of this page is of its statistical neighbours.
selection.show_authority_notes(replace(chosen, neighbours_far=False))
unread = figures.versions().notice()
if unread:
    st.warning(unread)
newest = figures.cached_view(local_figures_view.build_newest, code, name, against)


def empty() -> None:
    """Say what would be here, who provides it, and which councils have something to see."""
    with st.container(border=True, key="no-local-figures"):
        st.header("No local figures can be shown" if unread else "No local figures yet", anchor=False)
        if not unread:
            st.markdown(words.empty_text(markdown.escaped(name)))
        links.link("at_a_glance", f"The official figures of {name}: At a glance")
    held = figures.cached_view(local_figures_view.councils)
    if held:
        kept = {"against": against} if against else {}
        st.html(words.council_links(list(held.values()), kept))
    elif not unread:
        st.markdown("No council has uploaded its own figures yet.")


@access.fragment
def over_quarters(shown: local_figures_view.NewestView) -> None:
    """One measure over the quarters: chart, table and downloads. A fragment: its choices redraw this part only."""
    st.header("One measure over the quarters", anchor="quarters")
    columns = st.columns([4, 2])
    measures = over.measure_names(shown.rows)
    with columns[0]:
        first = "eet" if "eet" in measures else next(iter(measures))
        indicator = state.choose("indicator", "Measure", measures, default=first, what="measure")
    ages = over.age_names(shown.rows, indicator)
    age_group = next(reversed(ages))
    if len(ages) > 1:
        with columns[1]:
            age_group = state.choose("age", "Age", ages, default=age_group, what="age group for this measure")
    bases = over.basis_names(shown.rows, indicator, age_group)
    basis = next(iter(bases))
    columns = st.columns([4, 2] if len(bases) > 1 else 1)
    if len(bases) > 1:
        with columns[0]:
            basis = state.choose("basis", "Time covered", bases, default=basis, what="time", control="buttons")
    with columns[-1]:
        axis = state.choose("axis", "Scale", AXES, default="fit", what="scale", control="buttons")
    held = local_figures_view.other_councils(figures.context(), code, indicator, age_group, basis)
    others: list[str] = []
    if held:
        others = several.choose_several(
            "councils",
            f"Compare with (up to {over.MOST} councils that have uploaded the same)",
            held,
            what="council",
            most=over.MOST,
            aliases=selection.former_codes(),
        )
    drawn = figures.cached_view(
        local_figures_view.build_quarters,
        code,
        name,
        indicator,
        age_group,
        basis,
        tuple(others),
        axis == "zero",
        widgets.width(),
    )
    with chart_with_notes(drawn.chart, key="quarters"):
        st.markdown(drawn.detail)
        st.markdown(markdown.escaped(f"{drawn.title}: {drawn.polarity}."))
        st.markdown("\n".join(f"- {markdown.escaped(note)}" for note in drawn.cautions))
    short_table(
        drawn.table,
        alt="The local figures of each period, and those of other councils",
    )
    widgets.downloads(
        drawn.download, drawn.about, drawn.title, (name, indicator, age_group, "local", basis), "the quarters"
    )


if newest is None:
    empty()
    st.stop()
st.markdown(f"**{newest.headline}.** {newest.detail}")
widgets.markup(newest.table)
st.caption(words.TABLE_NOTE)
widgets.downloads(
    newest.download, newest.about, f"{name}: local figures", (name, "local figures"), "the newest local figures"
)
commentary.under(
    code,
    name,
    [
        commentary.FigureKey(str(indicator), str(age), f"{period:%Y-%m-%d}", str(basis))
        for indicator, age, period, basis in newest.rows[["indicator", "age_group", "period_end", "basis"]].itertuples(
            index=False, name=None
        )
    ],
    more=True,
)
over_quarters(newest)
st.header("Before you use these figures", anchor="cautions")
st.markdown("\n".join(f"- {note}" for note in newest.cautions))
