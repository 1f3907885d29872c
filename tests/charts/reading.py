"""Helpers that read a drawn figure back."""

import html
import re
from typing import Any

import plotly.graph_objects as go


def plain(text: str) -> str:
    """Plotly text as a reader sees it, on one line."""
    text = re.sub(r"<br>", " ", text)
    text = html.unescape(re.sub(r"<[^>]+>", "", text))
    return " ".join(text.replace("\u00a0", " ").split())


def trace(fig: go.Figure, name: str) -> Any:
    return next((found for found in fig.data if found.name == name), None)


def note(fig: go.Figure, name: str) -> list[str]:
    return [plain(found.text) for found in fig.layout.annotations if found.name == name]


def font_sizes(fig: go.Figure) -> list[float]:
    sizes = [found.font.size for found in fig.layout.annotations]
    sizes += [found.textfont.size for found in fig.data if getattr(found, "mode", "") == "text"]
    sizes.append(fig.layout.xaxis.tickfont.size)
    sizes.append(fig.layout.template.layout.font.size)
    return [size for size in sizes if size is not None]
