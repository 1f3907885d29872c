"""The foot of each page: where the figures come from, how old they are, and on what terms to use them."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from careleavers import words_releases
from careleavers.ui import figures, view

_LICENCE = "Open Government Licence v3.0"
_LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


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


def _line(source: dict[str, object]) -> str:
    """One publication as a Markdown list item."""
    title, url, older = str(source["title"]), source.get("url"), source.get("older")
    parts = [f"[{title}]({url})" if isinstance(url, str) and url.startswith("https://") else title]
    if publisher := source.get("publisher"):
        parts.append(str(publisher))
    parts.append(f"release {source['release']}")
    if published := _day(source.get("published")):
        parts.append(f"published {published}")
    line = "- " + ", ".join(parts)
    if older:
        line += f" (some earlier years from {older})"
    if upcoming := _day(source.get("next_release")):
        line += f". Next release: {upcoming[0].lower() + upcoming[1:]}"
    return line + "."


def _text() -> str:
    sources = figures.ask("sources")
    lines = "\n".join(_line({str(k): v for k, v in row.items()}) for row in sources.to_dict("records"))
    return (
        f"**Where these figures come from**\n\n{lines}\n\n{words_releases.due_text(figures.ask('releases_due', today=view.today()))}"
        f"Contains public sector information licensed under the [{_LICENCE}]({_LICENCE_URL}). "
        f"Data version {figures.warehouse().version}."
    )


def render() -> None:
    """Draw the footer from the query ``sources``."""
    with st.container(key="footer"):
        st.divider()
        st.markdown(figures.drawn(_text))
