"""What the visitor has chosen, kept in the address bar so that reload, Back and a copied link bring it back.

The shell draws the choices that every page shares; a page draws its own with :func:`choose`. Pages read the
shared ones with :func:`selection`, and lead elsewhere with :func:`link` or :func:`open_page`.

The shared ones are bound to the address bar by Streamlit, which carries them from page to page. It would
strip a page's own from the addresses that Back returns to, so for those the address is read before the
control is drawn and written after it: whatever changed since the last run, address or control, wins.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from careleavers.ui import figures
from careleavers.ui.pages import ROOT

Against = Literal["neighbours", "region", "england"]
Control = Literal["list", "buttons"]

# The words stand in the address bar, so changing one breaks the links people have kept.
AGAINST: Mapping[str, str] = {
    "neighbours": "Statistical neighbours",
    "region": "Region",
    "england": "England",
}
_NOTICES = "_notices"
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+|~:$!-])")


@dataclass(frozen=True)
class Selection:
    """The shared choices. ``authority_code`` and ``authority_name`` are None until one is chosen."""

    authority_code: str | None
    authority_name: str | None
    against: Against
    region: str | None = None
    is_current: bool = True
    has_data: bool = True
    note: str = ""
    neighbours_far: bool = False
    coming: str = ""

    @property
    def against_words(self) -> str:
        """The comparator in a sentence: "its statistical neighbours", "London", "England"."""
        if self.against == "neighbours":
            return "its statistical neighbours"
        if self.against == "region":
            return self.region or "its region"
        return "England"


def authorities() -> pd.DataFrame:
    """Every authority that can be chosen, current ones first, each part in order of name.

    Columns: those of ``queries/authorities.sql``. The frame is shared by all visitors: read it only.
    """
    return figures.drawn(_authorities)


def _authorities() -> pd.DataFrame:
    return figures.ask("authorities")


def former_codes() -> dict[str, str]:
    """The code of today by each code that an authority had before, so that old links keep working."""
    return figures.drawn(_former_codes)


def _former_codes() -> dict[str, str]:
    former = figures.ask("former_codes")
    return dict(zip(former["former_code"], former["authority_code"], strict=True))


def selection() -> Selection:
    """What is chosen in the sidebar in this run."""
    asked = _code(str(st.session_state.get("against", "")), AGAINST, {})
    against = cast(Against, asked or "neighbours")
    name = st.session_state.get("authority")
    if name:
        frame = authorities()
        match = frame[frame["authority_name"] == name]
        if not match.empty:
            row = match.iloc[0]
            return Selection(
                authority_code=str(row["authority_code"]),
                authority_name=str(row["authority_name"]),
                against=against,
                region=None if pd.isna(row["region"]) else str(row["region"]),
                is_current=bool(row["is_current"]),
                has_data=bool(row["has_data"]),
                note="" if pd.isna(row["note"]) else str(row["note"]),
                neighbours_far=bool(row["neighbours_far"]),
                coming=str(row["coming"]),
            )
    return Selection(None, None, against)


def choose(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str,
    what: str,
    control: Control = "list",
    help: str | None = None,
) -> str:
    """Draw one choice of a page, kept in the address bar as ``?key=code``, and return the code chosen.

    ``options`` maps codes to unique labels, in order; ``default`` is one of the codes. ``control`` is a list
    to type in or a row of buttons for up to five options. Links may carry the code or the label. A value that
    is neither shows a notice that names it as ``what`` ("indicator", "age group"); drawn right
    under the control. The choice is kept while the visitor is on other pages. When a kept choice
    is not offered any more, the default is shown.
    """
    _read_address(key, options, default=default, what=what)
    common: dict[str, Any] = {
        "key": key,
        "help": help,
        "format_func": lambda code: options.get(code, str(code)),
        "on_change": _picked,
        "args": (key,),
        "persist_state": "session",
    }
    chosen: str | None
    if control == "buttons":
        chosen = st.segmented_control(label, list(options), required=True, **common)
    else:
        chosen = st.selectbox(label, list(options), **common)
    if chosen is None or chosen not in options:
        chosen = default
    show_notices(key)
    _write_address(key, chosen, options, default=default)
    return chosen


def _read_address(key: str, options: Mapping[str, str], *, default: str, what: str) -> None:
    """Before a control is drawn: take over what the address asks for, if that is news."""
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    if asked != st.session_state.get(f"_{key}_address") and not picked:
        code = _code(asked, options, {}) if asked else default
        forget_notice(key)
        if code is None:
            say_unknown(key, what, str(asked), options[default])
        st.session_state[key] = code or default
    held = st.session_state.get(key)
    # Written anew even when it stays: on arriving from another page a list would otherwise show its first option.
    st.session_state[key] = held if held in options else default


def _write_address(key: str, chosen: str, options: Mapping[str, str], *, default: str) -> None:
    """After a control is drawn: make the address say what is chosen, unless it does already."""
    asked = st.query_params.get(key)
    if chosen != (default if asked is None else _code(asked, options, {})):
        st.query_params[key] = chosen
    held = st.query_params.get(key)
    st.session_state[f"_{key}_address"] = held
    st.session_state.setdefault("_kept", {}).setdefault(st.session_state.get("_page"), {})[key] = held


def _picked(key: str) -> None:
    st.session_state[f"_{key}_picked"] = True
    forget_notice(key)


def pick(**choices: str) -> None:
    """Make choices for the visitor, by key and code; for callbacks: ``pick(authority="Leeds")``."""
    for key, code in choices.items():
        st.session_state[key] = code
        _picked(key)


def choose_authority(name: str) -> None:
    """Switch the whole product to another authority; for callbacks. ``name`` is its unique label."""
    st.session_state["authority"] = name
    forget_notice("authority")


def link(page: str, label: str, *, help: str | None = None, **choices: str) -> None:
    """Draw a link to ``pages/<page>.py`` with these choices (codes by key) made and the shared ones kept.

    The link is a real one: it can be opened in a new tab or copied, so it names the shared choices too.
    """
    st.page_link(page_file(page), label=label, help=help, query_params={**_shared(), **choices})


def open_page(page: str, **choices: str) -> None:
    """Go to ``pages/<page>.py`` with these choices (codes by key) made; for callbacks, else :func:`link`."""
    st.switch_page(page_file(page), query_params=choices)


def _shared() -> dict[str, str]:
    """The shared choices as the address bar holds them."""
    values = {key: st.session_state.get(key) for key in ("authority", "against", "as_at")}
    if values["against"] == AGAINST["neighbours"]:
        del values["against"]
    return {key: str(value) for key, value in values.items() if value}


def page_file(page: str) -> str:
    """Absolute path of a page, as Streamlit's navigation wants it."""
    return str(ROOT / "pages" / f"{page}.py")


def choose_clicked(key: str) -> None:
    """Switch to the authority that was clicked in the chart ``key``, whose points carry its code as ``customdata[0]``."""
    points = st.session_state[key]["selection"]["points"]
    codes = [str(point["customdata"][0]) for point in points if point.get("customdata")]
    frame = authorities()
    match = frame[frame["authority_code"].isin(codes[:1])]
    if not match.empty:
        choose_authority(str(match["authority_name"].iloc[0]))


def invite() -> None:
    """The empty state of a page that needs an authority: says what there is to see and offers the choice."""
    names = authorities()["authority_name"].tolist()
    with st.container(key="invite", border=True):
        st.subheader("Choose an authority to begin")
        st.write(
            "Pick a council to see how its care leavers are doing: what is good, what is poor, what is "
            "changing, and what to ask about it. Every upper-tier authority in England is here."
        )
        st.selectbox(
            "Authority to show",
            names,
            index=None,
            key="_invited",
            placeholder="Type a name, such as Leeds",
            on_change=_accept_invitation,
        )


def show_authority_notes(chosen: Selection) -> None:
    """Say what to know about the authority itself: abolished, new, without data, far neighbours."""
    if not chosen.is_current:
        st.info(
            f"{chosen.authority_name} no longer exists. {chosen.note} Its last figures are shown; it is not "
            "ranked in any year after it closed."
        )
    elif chosen.note:
        st.caption(f"{chosen.note} The earlier authority has figures of its own: choose it in the list.")
    if chosen.coming:
        st.caption(chosen.coming)
    if chosen.neighbours_far and chosen.against == "neighbours":
        st.warning(
            f"The department’s model calls every statistical neighbour of {chosen.authority_name} "
            "“not close”, so comparing with them says little. England or the region may be a better comparison."
        )


def _accept_invitation() -> None:
    if name := st.session_state.get("_invited"):
        choose_authority(name)


def settle_shared(
    key: str, options: Mapping[str, str], *, what: str, instead: str, aliases: Mapping[str, str] | None = None
) -> None:
    """Before a bound control is drawn: let links use codes, and say so when a link asks for the unknown.

    ``options`` maps codes to labels, ``aliases`` further values to codes. Streamlit drops a value that is not
    a label without a word, and has no public way to correct a bound parameter before its control is there.
    """
    context = get_script_run_ctx()
    asked = st.query_params.get(key)
    if context is None or asked in options.values():
        return
    if asked:
        code = _code(asked, options, aliases or {})
        if code is None:
            say_unknown(key, what, asked, str(st.session_state.get(key) or instead))
            return
        label = options[code]
    elif context.is_history_navigation and st.session_state.get(key) in options.values():
        # Back to an address from before the choice was made does not undo the choice.
        label = st.session_state[key]
    else:
        return
    with context.session_state.query_params() as params:
        params._initial_query_params[key] = [label]
        params.set_corrected_value(key, label, "string_value")


def arrive(page: str) -> None:
    """Once a run and before the page is drawn: note which page it is, and bring back what was chosen on it.

    The navigation leads to a page's bare address; Back leads to a whole one, which is taken as it is.
    """
    arrived = st.session_state.get("_page", page) != page
    st.session_state["_page"] = page
    context = get_script_run_ctx()
    if not arrived or context is None or context.is_history_navigation:
        return
    kept = st.session_state.get("_kept", {}).get(page, {})
    wanted = {key: code for key, code in kept.items() if code}
    if wanted and not any(key in st.query_params for key in kept):
        st.query_params.update(wanted)


def as_text(text: str) -> str:
    """Words from outside for a place that reads Markdown: they show as they are, and mean nothing."""
    return _MARKUP.sub(r"\\\1", text)


def say_unknown(key: str, what: str, asked: str, shown: str) -> None:
    """Keep a notice that the link asked for something unknown, to be shown with :func:`show_notices`."""
    short = as_text(asked if len(asked) <= 60 else asked[:59] + "…")
    _notices()[key] = f"The link asked for the {what} “{short}”, which is not one we know. Showing {shown} instead."


def show_notices(*keys: str) -> None:
    """Show what was wrong with the link for these keys, until the visitor chooses for themselves."""
    for key in keys:
        if text := _notices().get(key):
            st.warning(text)


def forget_notice(key: str) -> None:
    """Drop the notice about ``key``, because the visitor has now chosen."""
    _notices().pop(key, None)


def noticed() -> Mapping[str, str]:
    """The notices that are kept, by key."""
    return _notices()


def _notices() -> dict[str, str]:
    notices: dict[str, str] = st.session_state.setdefault(_NOTICES, {})
    return notices


def _code(asked: str, options: Mapping[str, str], aliases: Mapping[str, str]) -> str | None:
    """The code that a link means, by code, label or alias in any case; None where there is none."""
    wanted = asked.strip().casefold()
    by_word = {alias.casefold(): code for alias, code in aliases.items() if code in options}
    by_word |= {label.casefold(): code for code, label in options.items()}
    by_word |= {code.casefold(): code for code in options}
    return by_word.get(wanted)
