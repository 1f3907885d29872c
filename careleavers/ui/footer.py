"""The foot of each page: where the figures come from, how old they are, and on what terms to use them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pandas as pd
import streamlit as st

from careleavers.model import LICENCE_NAME
from careleavers.ui import figures, links, widgets
from careleavers.ui.private import DeltaGenerator
from careleavers.wording import releases as words_releases

# The source of councils' uploads, which are not a publication.
LOCAL = "local"
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


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


def _publication(releases: list[str], source: str, late: str) -> str:
    """One publication in Markdown, described by the newest of these releases of it; "" where none is held.

    A preview on the page names a release that is not accepted yet. ``late`` is what is added of a next release that is.
    """
    answers = [figures.ask("release", source=source, release=each) for each in sorted(releases, reverse=True)]
    held = [answer.to_dict("records")[0] for answer in answers if len(answer)]
    if not held:
        return ""
    newest = held[0]
    title, url = str(newest["title"]), newest["url"]
    words = f"[{title}]({url})" if isinstance(url, str) and url.startswith("https://") else title
    if published := _day(newest["published"]):
        words += f", {published}"
    if len(held) > 1:
        words += " and earlier"
    upcoming = _day(newest["next_release"])
    if any(map(str.isdigit, upcoming)):  # "no date set" is for the list of all sources
        words += f", next release {upcoming[0].lower() + upcoming[1:]} {late}".rstrip()
    return words


def _sources(named: tuple[tuple[str, str], ...]) -> str:
    """The publications that these releases (source, release) are of, newest dates with them; "" for none."""
    releases: dict[str, list[str]] = {}
    for source, release in named:
        releases.setdefault(source, []).append(release)
    late = words_releases.late_sources(figures.ask("releases_due", today=widgets.today()))
    known = map(str, figures.ask("sources")["source"])
    parts = [words for s in known if s in releases and (words := _publication(releases[s], s, late.get(s, "")))]
    if LOCAL in releases:
        parts.append("figures that councils uploaded")
    return f"**Sources of this page:** {'; '.join(parts)}." if parts else ""


def _terms() -> str:
    return (
        f"Contains public sector information under the [{LICENCE_NAME}]({LICENCE_URL}). "
        f"Data version {figures.warehouse().version}."
    )


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
