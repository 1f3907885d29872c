"""What the visitor has chosen, kept in the address bar so that reload, Back and a copied link bring it back.

The shell draws the choices that every page shares; a page draws its own with :func:`choose`. Pages read the
shared ones with :func:`selection`, and lead elsewhere with :func:`link` or :func:`open_page`.

The shared ones are bound to the address bar by Streamlit, which carries them from page to page. It would
strip a page's own from the addresses that Back returns to, so for those the address is read before the
control is drawn and written after it: whatever changed since the last run, address or control, wins.

What is looked at (``CARRIED``: measure, age group, period) is one choice on all pages that offer it. A page that cannot
show it shows its default, and the choice waits until a page can.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from careleavers.model import Against
from careleavers.ui import figures
from careleavers.ui.pages import ROOT

Control = Literal["list", "buttons"]
# Headings of a long list, with the codes under each.
Groups = Mapping[str, Sequence[str]]

# The words stand in the address bar, so changing one breaks the links people have kept.
AGAINST: Mapping[str, str] = {
    "neighbours": "Statistical neighbours",
    "region": "Region",
    "england": "England",
}
# Chosen once for every page that has a control of this key.
CARRIED = frozenset({"indicator", "age", "period"})
_NOTICES = "_notices"
_HEADING = "heading: "
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
    neighbours_words: str = ""
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


def authority_codes() -> dict[str, str]:
    """The code by the name of each authority that can be chosen, in the order of :func:`authorities`. Read it only."""
    return figures.drawn(_authority_codes)


def _authority_codes() -> dict[str, str]:
    frame = authorities()
    return dict(zip(map(str, frame["authority_name"]), map(str, frame["authority_code"]), strict=True))


def authority_names() -> dict[str, str]:
    """The name by the code of each authority that can be chosen, in the same order. Read it only."""
    return figures.drawn(_authority_names)


def _authority_names() -> dict[str, str]:
    return {code: name for name, code in authority_codes().items()}


def authority_code(asked: str) -> str | None:
    """The code of the authority that a link means by its name or by any code it has had; None where there is none."""
    return _code(asked, authority_names(), former_codes())


def former_codes() -> dict[str, str]:
    """The code of today by each code that an authority had before, so that old links keep working."""
    return figures.drawn(_former_codes)


def _former_codes() -> dict[str, str]:
    former = figures.ask("former_codes")
    return dict(zip(former["former_code"], former["authority_code"], strict=True))


def selection() -> Selection:
    """What is chosen in the strip in this run."""
    asked = _code(str(st.session_state.get("against", "")), AGAINST, {})
    against = cast(Against, asked or "neighbours")
    known = figures.drawn(_selections).get(str(st.session_state.get("authority")))
    if known is None:
        return Selection(None, None, against)
    if known.neighbours_far and against == "neighbours":
        # Neighbours that are not close decide nothing, as in the queries: England stands in their place.
        return replace(known, against="england")
    return replace(known, against=against, neighbours_far=False)


def _selections() -> dict[str, Selection]:
    """What is known of each authority by its name, compared with its neighbours."""
    return {
        str(row["authority_name"]): Selection(
            authority_code=str(row["authority_code"]),
            authority_name=str(row["authority_name"]),
            against="neighbours",
            region=None if pd.isna(row["region"]) else str(row["region"]),
            is_current=bool(row["is_current"]),
            has_data=bool(row["has_data"]),
            note="" if pd.isna(row["note"]) else str(row["note"]),
            neighbours_far=bool(row["neighbours_far"]),
            coming=str(row["coming"]),
            neighbours_words=_neighbours_words(int(row["neighbours_near"]), int(row["neighbours_listed"])),
        )
        for row in authorities().to_dict("records")
    }


def _neighbours_words(near: int, listed: int) -> str:
    """Which of an authority's neighbours are not close: "9 of its 10", "all 10 of its"."""
    return f"{listed - near} of its {listed}" if near else f"all {listed} of its"


def choose(
    key: str,
    label: str,
    options: Mapping[str, str],
    *,
    default: str,
    what: str,
    control: Control = "list",
    help: str | None = None,
    groups: Groups | None = None,
) -> str:
    """Draw one choice of a page, kept in the address bar as ``?key=code``, and return the code chosen.

    ``options`` maps codes to unique labels, in order; ``default`` is one of the codes. ``control`` is a list
    to type in or a row of buttons for up to five options. Links may carry the code or the label. A value that
    is neither shows a notice that names it as ``what`` ("indicator", "age group"); drawn right
    under the control. The choice is kept while the visitor is on other pages, and made there too where ``key`` is
    one of ``CARRIED``. When a kept choice is not offered, the default is shown.

    ``groups`` are headings with the codes under each, for a long list; choosing a heading chooses the first under it.
    """
    _read_address(key, options, default=default, what=what)
    common: dict[str, Any] = {
        "key": key,
        "help": help,
        "format_func": lambda code: option_label(code, options),
        "on_change": _picked,
        "args": (key, groups),
        "persist_state": "session",
    }
    chosen: str | None
    if control == "buttons":
        chosen = st.segmented_control(label, list(options), required=True, **common)
    else:
        chosen = st.selectbox(label, with_headings(options, groups), **common)
    if chosen is None or chosen not in options:
        chosen = default
    show_notices(key)
    _write_address(key, chosen, options, default=default)
    return chosen


def choose_day(key: str, label: str, *, what: str, first: dt.date, last: dt.date) -> dt.date | None:
    """Draw the choice of a day from ``first`` to ``last``, kept in the address bar as ``?key=2026-06-01``; None for none.

    It is one choice on all pages that offer it. What is no such day is as if nothing had been said, and leaves a notice that
    names it as ``what``: the page shows it with :func:`show_notices` where it is seen.
    """
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    news = _is_news(key, asked)
    if _first_since_arriving(key):
        # The menu leads to a bare address, which says nothing about the day.
        news = asked is not None or st.session_state["_by_history"]
    if news and not picked:
        forget_notice(key)
        st.session_state[key] = day = _day_meant(asked, first, last)
        if asked and day is None:
            say_unknown(key, what, asked, "no date")
    # Written anew even when it stays, or the control would be empty on arriving from another page.
    st.session_state[key] = st.session_state.get(key)
    chosen: dt.date | None = st.date_input(
        label,
        min_value=first,
        max_value=last,
        format="DD/MM/YYYY",
        key=key,
        on_change=_picked,
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
    """Before a control is drawn: take over what the address asks for, if that is news."""
    asked = st.query_params.get(key)
    picked = st.session_state.pop(f"_{key}_picked", False)
    if key in CARRIED:
        wanted = _settle_carried(key, options, asked=asked, picked=picked, default=default, what=what)
    else:
        # Another page may have a control of the same key, with a choice of its own.
        if (_first_since_arriving(key) or _is_news(key, asked)) and not picked:
            wanted = _understood(key, options, asked, default=default, what=what)
            st.session_state[key] = wanted or default
        wanted = st.session_state.get(key)
    # Written anew even when it stays: on arriving from another page a list would otherwise show its first option.
    st.session_state[key] = wanted if wanted in options else default


def _settle_carried(
    key: str, options: Mapping[str, str], *, asked: str | None, picked: bool, default: str, what: str
) -> str | None:
    """The choice that the pages share under ``key``, after what the visitor or the address now says of it."""
    carried = st.session_state.setdefault("_carried", {})
    news = _is_news(key, asked)
    if _first_since_arriving(key):
        # Back leads to a whole view, where nothing said means the default; the menu and links leave the rest as it is.
        news = asked is not None or st.session_state["_by_history"]
        forget_notice(key)
    elif news:
        forget_notice(key)
    if picked:
        carried[key] = st.session_state.get(key)
    elif news and asked is not None:
        carried[key] = _understood(key, options, asked, default=default, what=what)
    elif news and carried.get(key) in options:  # what could not be seen here is not undone by coming here
        del carried[key]
    chosen: str | None = carried.get(key)
    return chosen


def _first_since_arriving(key: str) -> bool:
    """Whether this is the first time that a control is drawn since the visitor came to the page from another one."""
    read: set[str] | None = st.session_state.get("_read")
    if read is None or key in read:
        return False
    read.add(key)
    return True


def _is_news(key: str, asked: str | None) -> bool:
    """Whether the address says something else of ``key`` than when it was last looked at."""
    return bool(asked != st.session_state.get(f"_{key}_address"))


def _understood(key: str, options: Mapping[str, str], asked: str | None, *, default: str, what: str) -> str | None:
    """The code that the address means; None, with a notice, where it means none."""
    code = _code(asked, options, {}) if asked else default
    forget_notice(key)
    if code is None:
        say_unknown(key, what, str(asked), options[default])
    return code


def _write_address(key: str, chosen: str, options: Mapping[str, str], *, default: str) -> None:
    """After a control is drawn: make the address say what is chosen, unless it does already."""
    asked = st.query_params.get(key)
    if chosen != (default if asked is None else _code(asked, options, {})):
        st.query_params[key] = chosen
    held = st.query_params.get(key)
    st.session_state[f"_{key}_address"] = held
    st.session_state.setdefault("_kept", {}).setdefault(st.session_state.get("_page"), {})[key] = held


def _picked(key: str, groups: Groups | None = None) -> None:
    st.session_state[f"_{key}_picked"] = True
    forget_notice(key)
    if groups:
        st.session_state[key] = under_heading(st.session_state[key], groups)[0]


def under_heading(code: str, groups: Groups) -> Sequence[str]:
    """The codes that somebody chose who chose ``code``: those under it where it is a heading, else itself."""
    return groups[code.removeprefix(_HEADING)] if code.startswith(_HEADING) else [code]


def with_headings(options: Mapping[str, str], groups: Groups | None) -> list[str]:
    """The codes of ``options`` as a list draws them: in ``groups`` the heading of each stands before its codes."""
    if not groups:
        return list(options)
    return [each for heading, codes in groups.items() for each in (_HEADING + heading, *codes)]


def option_label(code: str, options: Mapping[str, str]) -> str:
    """What a list shows for one of :func:`with_headings`."""
    if code.startswith(_HEADING):
        return f"— {code.removeprefix(_HEADING)} —"
    return options.get(code, str(code))


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
    if codes and (name := authority_names().get(codes[0])):
        choose_authority(name)


def invite() -> None:
    """The empty state of a page that needs an authority: says what there is to see and offers the choice."""
    names = list(authority_codes())
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
    if chosen.neighbours_far:
        st.warning(
            f"{chosen.authority_name} is compared with England here. The department’s model calls "
            f"{chosen.neighbours_words} statistical neighbours “not close”: they are shown, and nothing is judged by them."
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
    if arrived:
        st.session_state["_read"] = set()
    st.session_state.update(_by_menu=False, _by_history=False)
    context = get_script_run_ctx()
    if not arrived or context is None:
        return
    kept = st.session_state.get("_kept", {}).get(page, {})
    by_menu = not context.is_history_navigation and not any(key in st.query_params for key in CARRIED.union(kept))
    st.session_state.update(_by_history=context.is_history_navigation, _by_menu=by_menu)
    wanted = {key: code for key, code in kept.items() if code and key not in CARRIED}
    if wanted and by_menu:
        st.query_params.update(wanted)


def renamed(old: str, new: str) -> None:
    """Before its control is drawn: let links go on working that call a choice by the name it had before."""
    asked = st.query_params.get(old)
    if asked is not None:
        del st.query_params[old]
        if new not in st.query_params:
            st.query_params[new] = asked


def take_up(key: str, options: Mapping[str, str], *, default: str) -> None:
    """Before the control ``key`` is drawn: on arriving by the menu, let it show the measure chosen elsewhere if it can."""
    chosen = st.session_state.get("_carried", {}).get("indicator")
    if st.session_state.get("_by_menu") and chosen in options and chosen != st.query_params.get(key, default):
        st.query_params[key] = chosen


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
