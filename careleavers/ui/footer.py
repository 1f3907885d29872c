"""The foot of each page, one line: where the figures come from, how old they are, and on what terms to use them."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

import pandas as pd
import streamlit as st

from careleavers.model import LICENCE_NAME
from careleavers.ui import figures, links, widgets
from careleavers.ui.private import DeltaGenerator
from careleavers.wording import releases as words_releases

# The source of councils' uploads, which are not a publication.
LOCAL = "local"
_MONTHS = re.compile(rf"(?:\d+ )?({'|'.join(filter(None, calendar.month_name))})")
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
# So many letters of publications stand on one line of a wide window, beside the data version and the way to all sources.
_LINE = 118
_ADDRESS = re.compile(r"\]\([^)]*\)|[\[\]\\]")
# Marks a publication whose next release is due, within Markdown.
_STAR = r"\*"


def _day(value: Any) -> str:
    """A date as "20 November 2025"; words such as "to be confirmed" as they are; nothing as ""."""
    if value is None or value == "" or pd.isna(value):
        return ""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return str(value)
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def _short(day: str) -> str:
    """The month of a date, by its first three letters, as there is one line: "Nov 2025"."""
    return _MONTHS.sub(lambda month: month[1][:3], day)


def _publication(releases: list[str], source: str, *, late: bool) -> str:
    """One publication in Markdown, described by the newest of these releases of it; "" where none is held.

    A preview on the page names a release that is not accepted yet. ``late``: its next release is due or late, which a star says.
    """
    answers = [figures.ask("release", source=source, release=each) for each in sorted(releases, reverse=True)]
    newest = next((answer.to_dict("records")[0] for answer in answers if len(answer)), None)
    if newest is None:
        return ""
    title, url = str(newest["short_title"]), newest["url"]
    words = f"[{title}]({url})" if isinstance(url, str) and url.startswith("https://") else title
    if published := _short(_day(newest["published"])):
        words += f", {published}"
    return f"{words}{_STAR}" if late else words


def _sources(named: tuple[tuple[str, str], ...]) -> str:
    """The publications that these releases (source, release) are of, newest dates with them; "" for none."""
    releases: dict[str, list[str]] = {}
    for source, release in named:
        releases.setdefault(source, []).append(release)
    late = words_releases.late_sources(figures.ask("releases_due", today=widgets.today()))
    known = map(str, figures.ask("sources")["source"])
    parts = [words for s in known if s in releases and (words := _publication(releases[s], s, late=s in late))]
    if LOCAL in releases:
        parts.append("councils’ uploads")
    parts = _that_fit(parts)
    awaited = f" {_STAR}next due." if any(part.endswith(_STAR) for part in parts) else ""
    return f"**Sources:** {'; '.join(parts)}.{awaited}" if parts else ""


def _that_fit(parts: list[str]) -> list[str]:
    """Those that stand on one line; of the others, how many there are. Each chart and table names its own."""
    ends = list(accumulate(len(_ADDRESS.sub("", part)) + 2 for part in parts))
    room = _LINE - (len(" next due.") if any(part.endswith(_STAR) for part in parts) else 0)
    if not parts or ends[-1] <= room:
        return parts
    count = max(1, sum(end <= room - len("and 9 more") for end in ends))
    return [*parts[:count], f"and {len(parts) - count} more"]


def _terms() -> str:
    # There is one line: the licence is named in full when pointed at, and with all sources.
    return f'Data version {figures.warehouse().version}. [OGL]({LICENCE_URL} "{LICENCE_NAME}").'


def render() -> DeltaGenerator:
    """Draw what the foot of every page says; the result is where it begins, for :func:`add_sources` when the page is drawn.

    It is drawn before the page, because after one that stops early nothing can be drawn.
    """
    with st.container(key="footer"):
        foot = st.container()
        st.markdown(figures.cached(_terms))
        links.link("definitions", "All sources", part="Data and licence")
    return foot


def add_sources(foot: DeltaGenerator, named: Iterable[tuple[str, str]]) -> None:
    """Say in the foot where the page’s figures come from.

    Parameters
    ----------
    foot
        The beginning of the foot, as :func:`render` gave it.
    named
        The releases, as :func:`careleavers.ui.figures.collecting_releases` has them.
    """
    if text := figures.cached(_sources, tuple(sorted(named))):
        foot.markdown(text)
