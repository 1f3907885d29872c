"""At a glance: one authority on every headline measure, what is poor and worsening first."""

import streamlit as st

from careleavers import display, sentences
from careleavers.charts import spine
from careleavers.downloads import csv_bytes, xlsx_bytes
from careleavers.formats import file_name
from careleavers.ui import figures, state, tables, view

GROUPS = (
    ("outcome", "Outcomes: how young people are doing"),
    ("enabler", "Enablers: the workforce and stability behind them"),
    ("context", "Context: neither high nor low is better"),
)
LABELS = {"neighbours": "Neighbours", "region": "Region", "england": "England"}
VERDICT_AGAINST = {"neighbours": "its neighbours’ mean", "region": "its region", "england": "England"}

chosen = state.selection()
if chosen.authority_code is None or chosen.authority_name is None:
    st.title("How are care leavers doing?")
    state.invite()
    st.stop()

name = chosen.authority_name
rows = figures.ask("glance", authority=chosen.authority_code, against=chosen.against)
st.title(f"{name}: how are care leavers doing?")
state.show_authority_notes(chosen)

with_value = rows[rows["value"].notna()]
if with_value.empty:
    st.info(f"There is no figure to show for {name}. Each row below says why.")
else:
    st.markdown(sentences.summary(rows, name, chosen.against, chosen.region))
    asked = display.records(sentences.questions(rows))
    if asked and chosen.is_current:
        with st.container(border=True, key="questions"):
            st.subheader("Questions to ask" if len(asked) > 1 else "A question to ask", anchor="questions")
            st.markdown(
                "\n".join(
                    f"1. **{sentences.question(row)}**  \n   {sentences.evidence(row, chosen.against, chosen.region)}"
                    for row in asked
                )
            )

links = {"authority": name, "against": state.AGAINST[chosen.against]}
for theme, heading in GROUPS:
    part = display.records(rows[rows["theme"] == theme])
    if part:
        st.html(tables.glance_table(part, caption=heading, comparator_label=LABELS[chosen.against], link_choices=links))
st.caption(
    "▲ better, ● similar, ▼ worse: whether the figure’s 95% interval leaves the comparator out; ○ not compared: no test "
    "is possible. Rank 1st is best. A change or trend is named only where a test says it is more than chance. The last "
    "column shows the range of all authorities, its middle half darker, England as the line in the middle, better to the "
    "right. Definitions explains each measure and rule."
)

if not with_value.empty:
    st.subheader(f"{name} beside every authority", anchor="spine")
    newest = with_value.iloc[0]
    view.chart(
        spine(
            display.spine_rows(rows[rows["theme"] != "context"]),
            authority_name=name,
            comparator_name={
                "neighbours": "Neighbours’ mean",
                "region": chosen.region or "Region",
                "england": "England",
            }[chosen.against],
            headline=sentences.spine_headline(rows, name, chosen.against, chosen.region),
            subtitle=f"Headline measures of {name}, newest year of each, beside all authorities in England",
            footer=view.mixed_footer(rows),
            filename=file_name(name, "at a glance"),
            verdict_against=VERDICT_AGAINST[chosen.against],
            width=view.width(),
        ),
        key="spine",
    )

table = display.glance_download(rows)
about = display.glance_about(name, chosen.against_words, view.today(), figures.warehouse().version)
with st.container(horizontal=True):
    st.download_button(
        "Download these figures (CSV)",
        lambda: csv_bytes(table, about),
        file_name=file_name(name, "at a glance") + ".csv",
        mime="text/csv",
        on_click="ignore",
    )
    st.download_button(
        "Download these figures (Excel)",
        lambda: xlsx_bytes(table, about, f"{name}: headline figures"),
        file_name=file_name(name, "at a glance") + ".xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
    )
