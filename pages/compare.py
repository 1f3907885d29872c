"""Compare: one measure in one period for every authority, its region or its neighbours, best first."""

import streamlit as st

from careleavers import display, sentences
from careleavers.charts import ranked
from careleavers.downloads import csv_bytes, xlsx_bytes
from careleavers.formats import (
    POLARITY_WORDS,
    axis_unit,
    file_name,
    period_text,
    value_text,
    with_age,
)
from careleavers.ui import choices, figures, state, view

SCOPES = {"all": "All authorities", "region": "Region", "neighbours": "Neighbours"}

chosen = state.selection()

st.title("Compare authorities")
picked = choices.measure()
indicator, age_group, period = picked.indicator, picked.age_group, picked.period
scope = "all"
if chosen.authority_code:
    scope = state.choose("show", "Show", SCOPES, default="all", what="choice of authorities", control="buttons")

rows = figures.ask(
    "compare",
    indicator=indicator.id,
    age_group=age_group,
    period=period,
    authority=chosen.authority_code or "",
    scope=scope,
    against=chosen.against,
)
own = next(iter(display.records(rows[rows["is_chosen"]], indicator, age_group)), None)
first_row = display.records(rows.head(1), indicator, age_group)[0]
when = period_text(first_row["period_end"], first_row["basis"])
where = {
    "all": "all authorities in England",
    "region": f"authorities in {chosen.region}",
    "neighbours": f"{chosen.authority_name} and its statistical neighbours",
}[scope]
state.show_authority_notes(chosen)

if own is not None:
    head = sentences.headline(own, str(chosen.authority_name), chosen.against, chosen.region)
    st.markdown(f"**{head}.** {sentences.detail(own)}")
elif chosen.authority_name:
    head = sentences.range_headline(rows, indicator, age_group)
    st.info(
        f"{chosen.authority_name} has no figure for this measure and period: it did not exist then, or none was published."
    )
else:
    head = sentences.range_headline(rows, indicator, age_group)
    st.markdown(f"**{head}.** Choose an authority to pick it out.")
st.markdown(f"{with_age(indicator.title, age_group)}, {when}: {POLARITY_WORDS[indicator.polarity]}.")


def pick() -> None:
    """Switch to the authority whose bar was clicked."""
    points = st.session_state["ranked"]["selection"]["points"]
    if points:
        code = points[0]["customdata"][0]
        names = dict(zip(rows["authority_code"], rows["authority_name"], strict=True))
        if code in names:
            state.choose_authority(names[code])


view.chart(
    ranked(
        display.with_texts(rows, indicator),
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        decimals=indicator.decimals,
        polarity=indicator.polarity,
        polarity_words=POLARITY_WORDS[indicator.polarity],
        authority_code=chosen.authority_code or "",
        neighbour_codes=set(rows.loc[rows["is_neighbour"], "authority_code"]),
        england=first_row["england"],
        england_text=value_text(first_row["england"], indicator.unit, indicator.decimals),
        cuts=sentences.cuts(first_row),
        headline=head,
        subtitle=sentences.subtitle(first_row, where),
        footer=view.footer(first_row["source"], first_row["release"], first_row["layer"], sentences.n_words(own, rows)),
        filename=file_name(chosen.authority_name or "England", indicator.id, age_group, period),
        width=view.width(),
    ),
    key="ranked",
    on_select=pick,
)
st.caption(
    "Click a bar to switch to that authority. The thin line on a bar is its 95% interval: how far chance alone could "
    "move it. Shaded: the best and the lowest quarter of authorities."
)
for note in sentences.cautions(own, rows, indicator):
    st.markdown(f"- {note}")

st.subheader("The figures as a table", anchor="table")
st.dataframe(
    display.comparison_table(rows, indicator, chosen.against),
    hide_index=True,
    width="stretch",
    height=420,
    key="table",
    column_config={"Authority": st.column_config.TextColumn(width=270), "Note": st.column_config.TextColumn(width=320)},
)
source = view.release(first_row["source"], first_row["release"])
about = display.about(
    indicator,
    age_group,
    first_row["period_end"],
    first_row["basis"],
    source,
    view.today(),
    figures.warehouse().version,
)
table = display.download_table(rows, indicator, age_group)
stem = file_name(indicator.id, age_group, period, scope)
with st.container(horizontal=True):
    st.download_button(
        "Download the table (CSV)",
        lambda: csv_bytes(table, about),
        file_name=f"{stem}.csv",
        mime="text/csv",
        on_click="ignore",
    )
    st.download_button(
        "Download the table (Excel)",
        lambda: xlsx_bytes(table, about, with_age(indicator.title, age_group)),
        file_name=f"{stem}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
    )
