"""The authority and the comparator that every page shares, and the authorities that can be chosen.

The shell draws the controls (:mod:`careleavers.ui.top_bar`); pages read what is chosen with :func:`current`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import pandas as pd
import streamlit as st

from careleavers.model import AGAINST, Against
from careleavers.ui import figures, notices, option_lists
from careleavers.wording.comparators import own_words
from careleavers.wording.formats import join_words


@dataclass(frozen=True)
class Selection:
    """The choices that every page shares, and what is known of the authority chosen.

    Attributes
    ----------
    authority_code, authority_name
        The authority; None until one is chosen.
    against
        What it is compared with. England where the neighbours were asked for and are not close.
    region
        The name of its region; None without one.
    is_current
        Whether the authority still exists.
    has_data
        Whether any figure is held for it.
    note
        What to know about it, such as that it is new; "" where there is nothing.
    predecessors
        The authorities that it replaced, by name.
    neighbours_far
        Whether the neighbours were asked for and are not close.
    neighbours_words
        How many of them are not: "9 of its 10", "all 10 of its".
    coming
        What is said of a reorganisation to come; "" where none is.
    """

    authority_code: str | None
    authority_name: str | None
    against: Against
    region: str | None = None
    is_current: bool = True
    has_data: bool = True
    note: str = ""
    predecessors: tuple[str, ...] = ()
    neighbours_far: bool = False
    neighbours_words: str = ""
    coming: str = ""

    @property
    def against_words(self) -> str:
        """The comparator in a sentence: "its statistical neighbours", "London", "England"."""
        return own_words(self.against, self.region)


def authorities() -> pd.DataFrame:
    """Every authority that can be chosen, current ones first, each part in order of name.

    Columns: those of ``queries/authorities.sql``. The frame is shared by all visitors: read it only.
    """
    return figures.cached(_authorities)


def _authorities() -> pd.DataFrame:
    return figures.ask("authorities")


def authority_codes() -> dict[str, str]:
    """The code by the name of each authority that can be chosen, in the order of :func:`authorities`. Read it only."""
    return figures.cached(_authority_codes)


def _authority_codes() -> dict[str, str]:
    frame = authorities()
    return dict(zip(map(str, frame["authority_name"]), map(str, frame["authority_code"]), strict=True))


def authority_names() -> dict[str, str]:
    """The name by the code of each authority that can be chosen, in the same order. Read it only."""
    return figures.cached(_authority_names)


def _authority_names() -> dict[str, str]:
    return {code: name for name, code in authority_codes().items()}


def authority_code(asked: str) -> str | None:
    """The code of the authority that a link means.

    Parameters
    ----------
    asked
        A name, or any code that the authority has had.

    Returns
    -------
    str or None
        None where there is none.
    """
    return option_lists.matching_code(asked, authority_names(), former_codes())


def former_codes() -> dict[str, str]:
    """The code of today by each code that an authority had before, so that old links keep working."""
    return figures.cached(_former_codes)


def _former_codes() -> dict[str, str]:
    former = figures.ask("former_codes")
    return dict(zip(former["former_code"], former["authority_code"], strict=True))


def current() -> Selection:
    """What is chosen in the top bar in this run."""
    return meant(st.session_state.get("authority"), str(st.session_state.get("against", "")))


def meant(name: str | None, against: str) -> Selection:
    """What is known of a choice of the top bar.

    Parameters
    ----------
    name
        The label of an authority; None, or what is no label, where none is chosen.
    against
        The code or label of a comparator; what is neither means the neighbours.

    Returns
    -------
    Selection
    """
    asked = option_lists.matching_code(against, AGAINST, {})
    comparator = cast(Against, asked or "neighbours")
    known = figures.cached(_selections).get(str(name))
    if known is None:
        return Selection(None, None, comparator)
    if comparator == "neighbours":
        return known
    return replace(known, against=comparator, neighbours_far=False)


def _selections() -> dict[str, Selection]:
    """What is known of each authority by its name, compared with its neighbours or with what takes their place."""
    return {
        str(row["authority_name"]): Selection(
            authority_code=str(row["authority_code"]),
            authority_name=str(row["authority_name"]),
            against=cast(Against, row["neighbours_comparator"]),
            region=None if pd.isna(row["region"]) else str(row["region"]),
            is_current=bool(row["is_current"]),
            has_data=bool(row["has_data"]),
            note="" if pd.isna(row["note"]) else str(row["note"]),
            predecessors=tuple(map(str, row["predecessors"])),
            neighbours_far=bool(row["neighbours_far"]),
            coming=str(row["coming"]),
            neighbours_words=_neighbours_words(int(row["neighbours_near"]), int(row["neighbours_listed"])),
        )
        for row in authorities().to_dict("records")
    }


def _neighbours_words(near: int, listed: int) -> str:
    """Which of an authority's neighbours are not close: "9 of its 10", "all 10 of its"."""
    return f"{listed - near} of its {listed}" if near else f"all {listed} of its"


def choose_authority(name: str) -> None:
    """Switch the whole product to another authority; for callbacks.

    Parameters
    ----------
    name
        Its unique label.
    """
    st.session_state["authority"] = name
    notices.remove("authority")


def choose_clicked(key: str) -> None:
    """Switch to the authority that was clicked in a chart.

    Parameters
    ----------
    key
        The chart; its points carry the authority’s code as ``customdata[0]``.
    """
    points = st.session_state[key]["selection"]["points"]
    codes = [str(point["customdata"][0]) for point in points if point.get("customdata")]
    if codes and (name := authority_names().get(codes[0])):
        choose_authority(name)


def show_authority_notes(chosen: Selection) -> None:
    """Say what to know about the authority itself: abolished, new, without data, far neighbours.

    Parameters
    ----------
    chosen
        The shared choices.
    """
    draw: dict[str, Callable[[str], object]] = {"info": st.info, "caption": st.caption, "warning": st.warning}
    for kind, text in authority_notes(chosen):
        draw[kind](text)


def authority_notes(chosen: Selection) -> list[tuple[str, str]]:
    """What to know about the authority itself.

    Parameters
    ----------
    chosen
        The shared choices.

    Returns
    -------
    list[tuple[str, str]]
        How each is shown (``info``, ``caption`` or ``warning``), and its words in Markdown.
    """
    found = []
    if not chosen.is_current:
        found.append(
            (
                "info",
                f"{chosen.authority_name} no longer exists. {chosen.note} Its last figures are shown; it is not "
                "ranked in any year after it closed.",
            )
        )
    elif chosen.note:
        found.append(
            (
                "caption",
                f"{chosen.note} Figures for earlier years are under {join_words(chosen.predecessors)}.",
            )
        )
    if chosen.coming:
        found.append(("caption", chosen.coming))
    if chosen.neighbours_far:
        found.append(
            (
                "warning",
                f"{chosen.authority_name} is compared with England here. The department’s model calls "
                f"{chosen.neighbours_words} statistical neighbours “not close”, so they are shown but not used for comparison.",
            )
        )
    return found
