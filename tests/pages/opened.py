"""A page opened as a link would open it, and what holds on every page for every visitor."""

import json
import re
from collections.abc import Callable

import plotly.graph_objects as go
from streamlit.testing.v1 import AppTest

from careleavers.ui.pages import ROOT
from careleavers.wording import findings

SHELL = str(ROOT / "careleavers" / "ui" / "shell.py")
# The type of the fixture ``page`` in conftest.py.
Page = Callable[..., AppTest]
# The codes of findings, which readers must see as words.
_CODES = {
    code for name, words in vars(findings).items() if name.isupper() and isinstance(words, dict) for code in words
}
RAW = re.compile(rf"\b(?:{'|'.join(sorted(code for code in _CODES | {'not_known'} if '_' in code))})\b")
SENSELESS = re.compile(r"\bnan\b|<NA>|\bNone\b(?! is| of| are)|\bNaT\b|\{value\}|\[\]")


def file(name: str) -> str:
    """Where the script of a page is."""
    return str(ROOT / "pages" / f"{name}.py")


def opened(name: str, **query: str) -> AppTest:
    """The page ``name`` as a link with these query parameters opens it."""
    at = AppTest.from_file(SHELL, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    at.switch_page(file(name)).run()
    return at


def check(at: AppTest) -> None:
    """Assert that a page was drawn, shows no nonsense, and that its charts can stand alone."""
    assert not at.exception
    assert not at.error
    texts = [str(e.value) for e in (*at.markdown, *at.caption, *at.title, *at.header, *at.info, *at.warning)]
    texts += [e.proto.body for e in at.get("html")]
    for text in texts:
        found = SENSELESS.search(re.sub(r"data:image[^\"]*", "", text))
        assert not found, text[max(0, found.start() - 60) : found.end() + 60]
        assert not RAW.search(text), text
    for table in at.dataframe:
        assert not RAW.search(table.value.to_csv())
    for chart in at.get("plotly_chart"):
        assert len(chart.proto.alt) > 20
        spec = json.loads(chart.proto.spec)
        go.Figure(spec)  # plotly checks every property
        notes = [str(note.get("text")) for note in spec["layout"]["annotations"]]
        assert any("Source:" in note for note in notes), "a picture without its source"
        assert not any(SENSELESS.search(note) for note in notes), notes
        assert not RAW.search(chart.proto.spec)
        assert not RAW.search(chart.proto.alt)
        sizes = [size for note in spec["layout"]["annotations"] if (size := note.get("font", {}).get("size"))]
        assert min(sizes) >= 12


def said_with_charts(at: AppTest) -> str:
    """The words of a page, and the text alternatives of its charts, which begin with the finding that is their title."""
    return "\n".join(
        [*(str(found.value) for found in at.markdown), *(chart.proto.alt for chart in at.get("plotly_chart"))]
    )
