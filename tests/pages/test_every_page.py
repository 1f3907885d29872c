"""What holds on every page, whoever is chosen: it draws, it says nothing senseless, and its charts can stand alone."""

import json
import re
from pathlib import Path

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from app import PAGES
from careleavers import findings

ROOT = Path(__file__).resolve().parents[2]
SHELL = str(ROOT / "careleavers" / "ui" / "shell.py")
AUTHORITIES = (
    "Leeds",
    "City of London",
    "Isles of Scilly",
    "West Northamptonshire",
    "Cumberland",
    "Barnsley",
    "Kensington and Chelsea",
    "Bournemouth, Christchurch and Poole",
    "Cumbria (to 2023)",
    "Poole (to 2019)",
)
SENSELESS = re.compile(r"\bnan\b|<NA>|\bNone\b(?! is| of| are)|\bNaT\b|\{value\}|\[\]")
# The codes of findings, for which everybody reads words.
_CODES = {
    code for name, words in vars(findings).items() if name.isupper() and isinstance(words, dict) for code in words
}
RAW = re.compile(rf"\b(?:{'|'.join(sorted(code for code in _CODES | {'not_known'} if '_' in code))})\b")


def opened(name: str, **query: str) -> AppTest:
    at = AppTest.from_file(SHELL, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(str(ROOT / "pages" / f"{name}.py")).run()
    return at


def check(at: AppTest) -> None:
    assert not at.exception
    assert not at.error
    texts = [str(e.value) for e in (*at.markdown, *at.caption, *at.title, *at.subheader, *at.info, *at.warning)]
    texts += [e.proto.body for e in at.get("html")]
    for text in texts:
        found = SENSELESS.search(re.sub(r"data:image[^\"]*", "", text))
        assert not found, text[max(0, found.start() - 60) : found.end() + 60]
        assert not RAW.search(text), text
    for table in at.dataframe:
        assert not RAW.search(table.value.to_csv())
    for chart in at.get("plotly_chart"):
        assert len(chart.proto.alt) > 20
        figure = go.Figure(json.loads(chart.proto.spec))  # plotly checks every property
        notes = [str(note.text) for note in figure.layout.annotations]
        assert any("Source:" in note for note in notes), "a picture without its source"
        assert not any(SENSELESS.search(note) for note in notes), notes
        assert not RAW.search(chart.proto.spec)
        assert not RAW.search(chart.proto.alt)
        sizes = [note.font.size for note in figure.layout.annotations if note.font.size]
        assert min(sizes) >= 12


@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_without_an_authority(name: str) -> None:
    check(opened(name))


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_for_every_kind_of_authority(name: str, authority: str) -> None:
    against = "England" if authority == "Barnsley" else "Region"
    # The neighbours on the trends page are drawn when asked for.
    check(opened(name, authority=authority, against=against, neighbours="charts"))
