"""What the visitor has chosen, kept in the address bar so that reload, Back and a copied link bring it back.

The shell draws the choices that every page shares; a page draws its own with :func:`choose`. Pages read the
shared ones with :func:`careleavers.ui.selection.current`, and link elsewhere with :mod:`careleavers.ui.links`.

The shared ones are bound to the address bar by Streamlit, which carries them from page to page. It would
strip a page's own from the addresses that Back returns to, so for those the address is read before the
control is drawn and written after it: whatever changed since the last run, address or control, wins.

What is looked at (``CARRIED``: measure, age group, period) is one choice on all pages that offer it. A page that cannot
show it shows its default, and the choice waits until a page can.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from careleavers.ui import notices, option_lists, private
from careleavers.ui.pages import FOLLOWED

Control = Literal["list", "buttons"]

# One choice of these is shared by every page that has a control with the key.
CARRIED = frozenset({"indicator", "age", "period"})


def choose(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str,
    what: str,
    control: Control = "list",
    help: str | None = None,
    groups: option_lists.Groups | None = None,
) -> str:
    """Draw one choice of a page, kept in the address bar as ``?key=code``.

    Links may carry the code or the label. A value that is neither shows a notice right under the control. The choice is kept while
    the visitor is on other pages, and made there too where ``key`` is one of ``CARRIED``. When a kept choice is not offered, the
    default is shown.

    Parameters
    ----------
    key
        The name of the choice in the address.
    label
        What stands above the control.
    options
        Unique label by code, in order.
    default
        One of the codes.
    what
        What a notice calls a value that is not known (“age group”).
    control
        A list to type in, or a row of buttons for up to five options.
    help
        As in :func:`streamlit.selectbox`.
    groups
        Headings with the codes under each, for a long list; choosing a heading chooses the first under it.

    Returns
    -------
    str
        The code chosen.
    """
    _read_address(key, options, default=default, what=what)
    common: dict[str, Any] = {
        "key": key,
        "help": help,
        "format_func": lambda code: option_lists.label(code, options),
        "on_change": record_pick,
        "args": (key, groups),
        "persist_state": "session",
    }
    chosen: str | None
    if control == "buttons":
        chosen = st.segmented_control(label, list(options), required=True, **common)
    else:
        chosen = st.selectbox(label, option_lists.with_headings(options, groups), **common)
    if chosen is None or chosen not in options:
        chosen = default
    notices.show(key)
    _write_address(key, chosen, options, default=default)
    return chosen


def look_ahead(key: str, options: Mapping[str, str], *, default: str, what: str) -> str:
    """What :func:`choose` of the same arguments will show, asked before it is drawn.

    Parameters
    ----------
    key, options, default, what
        As for :func:`choose`.

    Returns
    -------
    str
        The code.
    """
    _read_address(key, options, default=default, what=what)
    # Read a second time by choose(), which must not take what is read here for news.
    st.session_state[f"_{key}_address"] = st.query_params.get(key)
    return str(st.session_state[key])


def choose_day(key: str, label: str, *, what: str, first: dt.date, last: dt.date) -> dt.date | None:
    """Draw the choice of a day, kept in the address bar as ``?key=2026-06-01``.

    It is one choice on all pages that offer it. Anything else counts as no choice, and leaves a notice: the page
    shows it with :func:`careleavers.ui.notices.show` where it is seen.

    Parameters
    ----------
    key
        The name of the choice in the address.
    label
        What stands above the control.
    what
        What a notice calls a value that is no such day.
    first, last
        The days that may be chosen.

    Returns
    -------
    dt.date or None
        None for none.
    """
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    news = _address_changed(key, asked)
    if first_draw_on_page(key):
        # The menu links to a bare address, which does not mean that the visitor cleared the day.
        news = asked is not None or st.session_state["_by_history"]
    if news and not picked:
        notices.remove(key)
        st.session_state[key] = day = _day_meant(asked, first, last)
        if asked and day is None:
            notices.add_unknown(key, what, asked, "no date")
    # Written again even if unchanged, or the control would be empty on arriving from another page.
    st.session_state[key] = st.session_state.get(key)
    chosen: dt.date | None = st.date_input(
        label,
        min_value=first,
        max_value=last,
        format="DD/MM/YYYY",
        key=key,
        on_change=record_pick,
        args=(key,),
        width=320,
        persist_state="session",
    )
    said = chosen.isoformat() if chosen else None
    if said is None:
        st.query_params.pop(key, None)
    elif said != asked:
        st.query_params[key] = said
    st.session_state[f"_{key}_address"] = said
    return chosen


def _day_meant(asked: str | None, first: dt.date, last: dt.date) -> dt.date | None:
    try:
        day = dt.date.fromisoformat((asked or "").strip())
    except ValueError:
        return None
    return day if first <= day <= last else None


def _read_address(key: str, options: Mapping[str, str], *, default: str, what: str) -> None:
    """Before a control is drawn: adopt what the address asks for, if that is new."""
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    if key in CARRIED:
        wanted = _carried_choice(key, options, asked=asked, picked=picked, default=default, what=what)
    else:
        # Another page may have a control with the same key but a choice of its own.
        if (first_draw_on_page(key) or _address_changed(key, asked)) and not picked:
            wanted = _code_asked(key, options, asked, default=default, what=what)
            st.session_state[key] = wanted or default
        wanted = st.session_state.get(key)
    # Written again even if unchanged: on arriving from another page a list would otherwise show its first option.
    st.session_state[key] = wanted if wanted in options else default


def _carried_choice(
    key: str, options: Mapping[str, str], *, asked: str | None, picked: bool, default: str, what: str
) -> str | None:
    """The choice that the pages share under ``key``, updated with what the visitor or the address now says."""
    carried = st.session_state.setdefault("_carried", {})
    news = _address_changed(key, asked)
    if first_draw_on_page(key):
        # An address reached by Back is complete: no value means the default. Menu and links leave other choices as is.
        news = asked is not None or st.session_state["_by_history"]
        notices.remove(key)
    elif news:
        notices.remove(key)
    if picked:
        carried[key] = st.session_state.get(key)
    elif news and asked is not None:
        carried[key] = _code_asked(key, options, asked, default=default, what=what)
    elif news and carried.get(key) in options:  # a choice that this page cannot show is kept
        del carried[key]
    chosen: str | None = carried.get(key)
    return chosen


def first_draw_on_page(key: str) -> bool:
    """Whether this is the first time that a control is drawn since the visitor came to the page from another one."""
    read: set[str] | None = st.session_state.get("_read")
    if read is None or key in read:
        return False
    read.add(key)
    return True


def _address_changed(key: str, asked: str | None) -> bool:
    """Whether the address says something different about ``key`` than when it was last read."""
    return bool(asked != st.session_state.get(f"_{key}_address"))


def _code_asked(key: str, options: Mapping[str, str], asked: str | None, *, default: str, what: str) -> str | None:
    """The code that the address means; None, with a notice, where it means none."""
    code = option_lists.matching_code(asked, options, {}) if asked else default
    notices.remove(key)
    if code is None:
        notices.add_unknown(key, what, str(asked), options[default])
    return code


def _write_address(key: str, chosen: str, options: Mapping[str, str], *, default: str) -> None:
    """After a control is drawn: make the address say what is chosen, unless it does already."""
    asked = st.query_params.get(key)
    if chosen != (default if asked is None else option_lists.matching_code(asked, options, {})):
        st.query_params[key] = chosen
    remember_address(key)


def remember_address(key: str) -> None:
    """After a control is drawn: note what the address says of ``key``, for the next run and for coming back by the menu.

    Parameters
    ----------
    key
        The parameter of the address.
    """
    address = st.query_params.get(key)
    st.session_state[f"_{key}_address"] = address
    st.session_state.setdefault("_kept", {}).setdefault(st.session_state.get("_page"), {})[key] = address


def record_pick(key: str, groups: option_lists.Groups | None = None) -> None:
    """Callback of a control: note that the visitor chose, so that the control wins over the address.

    Parameters
    ----------
    key
        The name of the choice in the address, which is the key of the control too.
    groups
        Headings with the codes under each; a heading that was chosen becomes the first code under it.
    """
    st.session_state[f"_{key}_picked"] = True
    notices.remove(key)
    if groups:
        st.session_state[key] = option_lists.under_heading(st.session_state[key], groups)[0]


def resolve_shared(
    key: str, options: Mapping[str, str], *, what: str, instead: str, aliases: Mapping[str, str] | None = None
) -> None:
    """Before a bound control is drawn: let links use codes, and say so when a link asks for the unknown.

    Streamlit silently drops a value that is not a label, and has no public way to correct a bound parameter before its control
    is there.

    Parameters
    ----------
    key
        The name of the choice in the address.
    options
        Label by code.
    what
        What a notice calls a value that is not known.
    instead
        What the notice says is shown in its place.
    aliases
        Codes by other values that links may carry.
    """
    by_history = _came_by_history()
    asked = st.query_params.get(key)
    if by_history is None or asked in options.values():
        return
    if asked:
        code = option_lists.matching_code(asked, options, aliases or {})
        if code is None:
            notices.add_unknown(key, what, asked, str(st.session_state.get(key) or instead))
            return
        label = options[code]
    elif by_history and st.session_state.get(key) in options.values():
        # Back to an address from before the choice was made does not undo the choice.
        label = st.session_state[key]
    else:
        return
    private.set_bound(key, label)


def note_followed_link() -> None:
    """Once a run and before anything else reads the address: note whether a link led here, and take the mark of it away."""
    st.session_state["_followed"] = FOLLOWED in st.query_params
    st.query_params.pop(FOLLOWED, None)


def _came_by_history() -> bool | None:
    """Whether Back or Forward led to this run; None outside a run."""
    by_history = private.came_by_history()
    return by_history and not st.session_state.get("_followed")


def carry_choices(page: str) -> None:
    """Once a run and before the page is drawn: note which page it is, and bring back what was chosen on it.

    The navigation leads to a page's bare address; Back leads to a whole one, which is taken as it is.

    Parameters
    ----------
    page
        Name of the page.
    """
    arrived = st.session_state.get("_page", page) != page
    st.session_state["_page"] = page
    if arrived:
        st.session_state["_read"] = set()
    st.session_state.update(_by_menu=False, _by_history=False)
    by_history = _came_by_history()
    if not arrived or by_history is None:
        return
    kept = st.session_state.get("_kept", {}).get(page, {})
    by_menu = not by_history and not any(key in st.query_params for key in CARRIED.union(kept))
    st.session_state.update(_by_history=by_history, _by_menu=by_menu)
    wanted = {key: code for key, code in kept.items() if code and key not in CARRIED}
    if wanted and by_menu:
        st.query_params.update(wanted)


def accept_former_key(old: str, new: str) -> None:
    """Before its control is drawn: let links with a choice's former name go on working.

    Parameters
    ----------
    old, new
        Names of a choice in the address.
    """
    asked = st.query_params.get(old)
    if asked is not None:
        del st.query_params[old]
        if new not in st.query_params:
            st.query_params[new] = asked


def keep_address(key: str, options: Mapping[str, str], *, default: str) -> None:
    """Before a control is drawn: on arriving by the menu, let it show the measure chosen elsewhere if it can.

    Parameters
    ----------
    key
        The name of the choice in the address.
    options
        Label by code.
    default
        One of the codes.
    """
    chosen = st.session_state.get("_carried", {}).get("indicator")
    if st.session_state.get("_by_menu") and chosen in options and chosen != st.query_params.get(key, default):
        st.query_params[key] = chosen
