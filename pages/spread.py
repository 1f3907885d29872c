"""Spread: how authorities differ, whether that is more than chance would give, and how groups of them compare."""

import streamlit as st

from careleavers import display, sentences
from careleavers import words_spread as words
from careleavers.charts.funnel import funnel
from careleavers.charts.strip import strip
from careleavers.formats import POLARITY_WORDS, axis_unit, file_name, period_text, with_age
from careleavers.ui import choices, figures, state, view

chosen = state.selection()
code = chosen.authority_code or ""

st.title("How authorities differ")
picked = choices.measure()
indicator, age_group, period = picked.indicator, picked.age_group, picked.period
asked = {"indicator": indicator.id, "age_group": age_group, "period": period}

rows = figures.ask("funnel", **asked, authority=code)
own = words.own_row(rows, indicator, age_group)
first = display.records(rows.head(1), indicator, age_group)[0]
when = period_text(first["period_end"], first["basis"])
title = with_age(indicator.title, age_group)
state.show_authority_notes(chosen)
if chosen.authority_name and own is None:
    st.info(
        f"{chosen.authority_name} is not among the authorities of this period: it did not exist then, or sent nothing."
    )


def pick(key: str) -> None:
    """Switch to the authority whose dot was clicked."""
    points = st.session_state[key]["selection"]["points"]
    if points:
        names = dict(zip(rows["authority_code"], rows["authority_name"], strict=True))
        if points[0]["customdata"][0] in names:
            state.choose_authority(names[points[0]["customdata"][0]])


with_funnel = words.has_funnel(rows)
if with_funnel:
    head = words.headline(rows, indicator, age_group, chosen.authority_name if own else None)
    st.markdown(f"**{head}.** {words.dispersion(rows)}")
    st.markdown(f"{title}, {when}: {POLARITY_WORDS[indicator.polarity]}.")
    across, along = words.axis_titles(indicator, age_group)
    view.chart(
        funnel(
            words.funnel_frame(rows, indicator, code),
            figures.ask("funnel_limits", **asked),
            value_title=across,
            base_title=along,
            unit=axis_unit(indicator.unit),
            centre=display.records(rows[rows["z"].notna()].head(1))[0]["centre"],
            centre_text=words.england_text(first, indicator),
            widening_text=words.widening_text(rows),
            headline=head,
            subtitle=sentences.subtitle(first, "all authorities in England with counts"),
            footer=view.footer(first["source"], first["release"], first["layer"], words.n_words(rows, own)),
            filename=file_name(chosen.authority_name or "England", "funnel", indicator.id, age_group, period),
            width=view.width(),
        ),
        key="funnel",
        on_select=lambda: pick("funnel"),
    )
    st.caption(words.expectation(rows))
    st.markdown("\n".join(f"- {sentence}" for sentence in words.named_outside(rows, indicator)))
else:
    st.markdown(f"{title}, {when}: {POLARITY_WORDS[indicator.polarity]}.")
    st.info(words.no_funnel(indicator))
cautions = [f"- {note}" for note in words.cautions(rows, indicator, own)]
if with_funnel:
    st.markdown("\n".join(cautions))

st.subheader("Within and between groups", anchor="groups")
by = state.choose("by", "Group by", words.BY, default="region", what="grouping", control="buttons")
grouped = figures.ask("spread_groups", **asked, authority=code, by=by)
strip_head = words.strip_headline(grouped, indicator, age_group, by, chosen.authority_name)
st.markdown(f"**{strip_head}.**")
view.chart(
    strip(
        words.strip_frame(grouped, indicator),
        value_title=title,
        unit=axis_unit(indicator.unit),
        centre=first["england"],
        centre_text=words.england_text(first, indicator),
        headline=strip_head,
        subtitle=sentences.subtitle(first, f"authorities in England {words.by_subtitle(by)}"),
        footer=view.footer(first["source"], first["release"], first["layer"], words.n_words(rows, own)),
        filename=file_name(chosen.authority_name or "England", "spread", by, indicator.id, age_group, period),
        polarity_words=POLARITY_WORDS[indicator.polarity],
        width=view.width(),
    ),
    key="strip",
    on_select=lambda: pick("strip"),
)
notes = [f"- {note}" for note in words.strip_cautions(grouped, by)]
st.markdown("\n".join(notes if with_funnel else [*notes, *cautions]))
st.dataframe(words.group_table(grouped, indicator, by), hide_index=True, width="stretch", key="group_table")

st.subheader("Every authority as a table", anchor="table")
if with_funnel:
    st.caption(
        "z, adjusted: how many standard errors the figure lies from England’s, divided by what the limits were widened "
        "by. Beyond 1.96 it is outside the 95% limits, beyond 3.09 outside the 99.8% limits."
    )
st.dataframe(
    words.table(rows, indicator),
    hide_index=True,
    width="stretch",
    height=420,
    key="table",
    column_config={
        "Authority": st.column_config.TextColumn(width=270),
        "Where it lies": st.column_config.TextColumn(width=330),
        "Note": st.column_config.TextColumn(width=320),
    },
)
about = display.about(
    indicator,
    age_group,
    first["period_end"],
    first["basis"],
    view.release(first["source"], first["release"]),
    view.today(),
    figures.warehouse().version,
)
view.downloads(words.download(rows, indicator, age_group), about, title, ("spread", indicator.id, age_group, period))
