"""Together: an enabler against an outcome over all authorities, one dot each, and how strongly the two go together."""

import streamlit as st

from careleavers.ui import choices, commentary, figures, selection, state, widgets
from careleavers.ui.chart_notes import chart_with_notes
from careleavers.ui.private import DeltaGenerator
from careleavers.views.together import view as together_view
from careleavers.views.together import words

SHOW = {"neighbours": "Neighbours", "region": "Region", "both": "Both"}

chosen = selection.current()
st.title("Do the workforce and outcomes go together?")

catalogue = figures.indicators()
enablers = together_view.enablers(figures.context())
outcomes = together_view.outcomes(figures.context())
state.accept_former_key("outcome", "indicator")
state.keep_address("enabler", enablers, default="caseload")
# The words of a choice, and what a notice calls a value of it that is not known.
ENABLER, OUTCOME = "measure of what may help", "outcome"
PICKED_OUT = "choice of authorities"
ENABLER_AGE, AGE, PERIOD = "age group", "age group for this outcome", "year for these measures"


def place() -> DeltaGenerator:
    """Where the choices stand: in a row, on a phone folded under one line that says what is chosen."""
    if not widgets.on_phone():
        return st.container()
    across = catalogue[state.look_ahead("enabler", enablers, default="caseload", what=ENABLER)]
    up = catalogue[state.look_ahead("indicator", outcomes, default="eet", what=OUTCOME)]
    across_age, of_age = across.age_groups[-1], choices.ages(up)
    if len(across.age_groups) > 1:
        across_age = state.look_ahead("enabler_age", choices.ages(across), default=across_age, what=ENABLER_AGE)
    age = state.look_ahead("age", of_age, default=up.age_groups[-1], what=AGE)
    years = together_view.periods(figures.context(), across.id, across_age, up.id, age)
    year = years[state.look_ahead("period", years, default=next(iter(years)), what=PERIOD)] if years else ""
    return choices.in_one_line((across.short_title, up.short_title, of_age[age], year))


with place():
    columns = st.columns([4, 4, 2, 2])
    with columns[0]:
        enabler = catalogue[
            state.choose("enabler", "What may help (across)", enablers, default="caseload", what=ENABLER)
        ]
        enabler_age = enabler.age_groups[-1]
        if len(enabler.age_groups) > 1:
            ages = choices.ages(enabler)
            enabler_age = state.choose("enabler_age", "Its age", ages, default=enabler_age, what=ENABLER_AGE)
    with columns[1]:
        outcome = catalogue[state.choose("indicator", "Outcome (up)", outcomes, default="eet", what=OUTCOME)]
    with columns[2]:
        outcome_age = state.choose("age", "Age", choices.ages(outcome), default=outcome.age_groups[-1], what=AGE)
    periods = together_view.periods(figures.context(), enabler.id, enabler_age, outcome.id, outcome_age)
    if periods:
        with columns[3]:
            period = state.choose("period", "Year to", periods, default=next(iter(periods)), what=PERIOD)
if not periods:
    st.info("These two measures have no figures for the same year, so they cannot be compared.")
    st.stop()
show = "neighbours"
if chosen.authority_code:
    show = state.look_ahead("show", SHOW, default="neighbours", what=PICKED_OUT)

shown = figures.cached_view(
    together_view.build_view,
    enabler.id,
    enabler_age,
    outcome.id,
    outcome_age,
    period,
    chosen.authority_code,
    chosen.authority_name,
    chosen.region,
    show,
    widgets.width(),
)
selection.show_authority_notes(chosen)


def pick() -> None:
    """Switch to the authority whose dot was clicked; of a joint return, to the first that is not chosen already."""
    points = st.session_state["scatter"]["selection"]["points"]
    names = shown.members.get(points[0]["customdata"][0], []) if points else []
    for name in names:
        if name != chosen.authority_name:
            selection.choose_authority(name)
            break


with chart_with_notes(shown.chart, key="scatter", on_select=pick):
    if chosen.authority_code:
        state.choose("show", "Pick out", SHOW, default="neighbours", what=PICKED_OUT, control="buttons")
    st.markdown(shown.link)
    st.markdown(shown.dates)
    st.markdown(shown.own or "Choose a council at the top of the page to see where it stands.")
    st.markdown(words.NOT_CAUSE)
    st.markdown(words.METHOD)
    notes = [shown.left_out, *([words.JOINT] if shown.joint else [])]
    st.markdown("\n".join(f"- {note}" for note in notes))

commentary.under(chosen.authority_code, chosen.authority_name, [commentary.FigureKey(*each) for each in shown.figures])

st.header("The pairs as a table", anchor="table")
widgets.table(
    shown.table,
    height=420,
    key="table",
    column_order=choices.columns(shown.table, main := words.widths(enabler, enabler_age, outcome, outcome_age)),
    column_config=widgets.widths(main),
    alt="The pairs of figures of the chart, one row for each authority",
)
widgets.downloads(
    shown.download, shown.about, shown.about["Measures"], ("together", enabler.id, outcome.id, outcome_age, period)
)
