"""Map: one measure in one period on a map of equal squares, and the same by region."""

import streamlit as st

from careleavers import display
from careleavers import words_map as words
from careleavers.charts.tile_map import tile_map
from careleavers.formats import POLARITY_WORDS, file_name, period_text, with_age
from careleavers.ui import choices, figures, state, view

chosen = state.selection()

st.title("Map of authorities")
picked = choices.measure()
indicator, age_group, period = picked.indicator, picked.age_group, picked.period
rows = figures.ask(
    "map",
    indicator=indicator.id,
    age_group=age_group,
    period=period,
    authority=chosen.authority_code or "",
    against=chosen.against,
)
offered = words.colours(rows, indicator)
scheme = state.choose(
    "colour", "Colour by", offered, default="value", what="colouring for this measure", control="buttons"
)
if reason := words.not_offered(offered, indicator):
    st.caption(reason)
first = display.records(rows.head(1), indicator, age_group)[0]
when = period_text(first["period_end"], first["basis"])
title = with_age(indicator.title, age_group)
state.show_authority_notes(chosen)
if chosen.authority_name and rows[rows["is_chosen"]].empty:
    st.info(
        f"{chosen.authority_name} has no tile and no figure in this period: the map shows the authorities of today."
    )

head = words.headline(
    rows,
    indicator,
    age_group,
    scheme=scheme,
    authority_name=chosen.authority_name,
    against=chosen.against,
    region=chosen.region,
)
st.markdown(f"**{head}.**" + ("" if chosen.authority_name else " Choose an authority to pick it out."))
st.markdown(f"{title}, {when}: {POLARITY_WORDS[indicator.polarity]}.")


def pick() -> None:
    """Switch to the authority whose tile was clicked."""
    points = st.session_state["map"]["selection"]["points"]
    if points:
        names = dict(zip(rows["authority_code"], rows["authority_name"], strict=True))
        if points[0]["customdata"][0] in names:
            state.choose_authority(names[points[0]["customdata"][0]])


tiles, labels = words.tiles(rows, indicator, scheme, chosen.against)
view.chart(
    tile_map(
        tiles,
        scheme=scheme,
        class_labels=labels,
        verdict_against=words.AGAINST[chosen.against],
        weakest=words.band_words(indicator)["D"],
        headline=head,
        subtitle=words.subtitle(rows, indicator, age_group, scheme, chosen.against),
        footer=view.footer(first["source"], first["release"], first["layer"], words.n_words(rows)),
        filename=file_name(chosen.authority_name or "England", "map", scheme, indicator.id, age_group, period),
        alt=words.alt(rows, head, indicator),
        width=view.width(),
    ),
    key="map",
    on_select=pick,
)
st.caption(
    "Click a tile to switch to that authority; point at it for its name and figures. The table below gives the letters of "
    "each tile."
)
st.markdown("\n".join(f"- {note}" for note in words.cautions(rows, indicator)))

st.subheader("By region", anchor="regions")
st.dataframe(words.region_table(rows, indicator, chosen.against), hide_index=True, width="stretch", key="region_table")

st.subheader("Every authority, by region", anchor="table")
st.dataframe(
    words.table(rows, indicator, chosen.against),
    hide_index=True,
    width="stretch",
    height=420,
    key="table",
    column_config={
        "Region": st.column_config.TextColumn(width=190),
        "Authority": st.column_config.TextColumn(width=270),
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
view.downloads(words.download(rows, indicator, age_group), about, title, ("map", indicator.id, age_group, period))
