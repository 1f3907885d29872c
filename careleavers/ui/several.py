"""A choice of several things from one list, kept in the address bar as ``?key=code,code``.

The companion of :func:`careleavers.ui.state.choose` for more than one: the same rules about who wins, address or
control, and the same notices when a link asks for what is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from careleavers.ui import markdown, notices, option_lists, state


def choose_several(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    what: str,
    most: int,
    help: str | None = None,
    placeholder: str = "Type a name to search",
    aliases: Mapping[str, str] | None = None,
    groups: option_lists.Groups | None = None,
) -> list[str]:
    """Draw a choice of several options, kept in the address bar and while the visitor is on other pages.

    In links, labels and ``aliases`` are understood too, separated by semicolons since labels may hold commas. What is not known, and
    what goes beyond ``most``, is left out with a notice right under the control. What is no longer offered is left out.

    Parameters
    ----------
    key
        The name of the choice in the address; links carry codes separated by commas.
    label
        What stands above the control.
    options
        Unique label by code.
    what
        What a notice calls a value that is not known (“authority”).
    most
        How many may be chosen.
    help, placeholder
        As in :func:`streamlit.multiselect`.
    aliases
        Codes by other values that links may carry, such as former codes.
    groups
        Headings with the codes under each, for a long list; choosing a heading chooses those under it, as far as
        ``most`` allows.

    Returns
    -------
    list[str]
        The codes, in order of choice; nothing chosen is the default.
    """
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    if asked != st.session_state.get(f"_{key}_address") and not picked:
        notices.remove(key)
        st.session_state[key] = _codes_asked(key, asked or "", options, aliases or {}, what, most)
    held = st.session_state.get(key)
    # Written again even if unchanged: on arriving from another page the list would otherwise be empty.
    st.session_state[key] = [code for code in held or [] if code in options][:most]
    chosen = st.multiselect(
        label,
        option_lists.with_headings(options, groups),
        key=key,
        format_func=lambda code: option_lists.label(code, options),
        max_selections=most,
        # It would come first, so typing a name and pressing Enter would choose every match.
        select_all=False,
        placeholder=placeholder,
        help=help,
        on_change=_picked,
        args=(key, groups or {}, most),
        persist_state="session",
    )
    notices.show(key)
    _write(key, chosen)
    return list(chosen)


def _picked(key: str, groups: option_lists.Groups, most: int) -> None:
    state.record_pick(key)
    chosen = [code for each in st.session_state[key] for code in option_lists.under_heading(each, groups)]
    st.session_state[key] = list(dict.fromkeys(chosen))[:most]


def _codes_asked(
    key: str, asked: str, options: Mapping[str, str], aliases: Mapping[str, str], what: str, most: int
) -> list[str]:
    """The codes that an address means, each once; says so when it asks for the unknown or for too many."""
    whole = option_lists.matching_code(asked, options, aliases) if asked else None
    parts = [asked] if whole else [part for part in re.split(r";" if ";" in asked else r"[,;]", asked) if part.strip()]
    found: list[str] = []
    unknown: list[str] = []
    for part in parts:
        code = option_lists.matching_code(part, options, aliases)
        if code is None:
            unknown.append(part.strip())
        elif code not in found:
            found.append(code)
    if unknown:
        notices.add_unknown(key, what, "; ".join(unknown), "the ones we know" if found else "none")
    elif len(found) > most:
        names = markdown.escaped("; ".join(options[code] for code in found[most:]))
        notices.add(key, f"The link asked for more than {most}, which is the most shown; left out: {names}.")
    return found[:most]


def _write(key: str, chosen: list[str]) -> None:
    """Make the address say what is chosen, unless it does already; the parameter goes when nothing is chosen."""
    said = ",".join(chosen)
    if said != st.query_params.get(key, ""):
        if said:
            st.query_params[key] = said
        else:
            del st.query_params[key]
    state.remember_address(key)
