"""The Markdown of views as plain words: bold, italics, links, lists and escapes, which is all that they use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from careleavers.packs.blocks import Block, Bullets, Paragraph, Runs
from careleavers.views.at_a_glance.parts import Run

_MARKS = re.compile(
    r"\\(.)|\*\*(.+?)\*\*|\*([^\s*][^*]*)\*|\[((?:[^\[\]\\]|\\.)*)\]\(([^()\s]*)\)| {2}\n|\n", re.DOTALL
)
_TAGS = re.compile(r"<[^>]+>")


def runs(text: str, *, strong: bool = False) -> Runs:
    """One paragraph as runs of plain words.

    Parameters
    ----------
    text
        Markdown of a view.
    strong
        Whether all of it is bold.

    Returns
    -------
    Runs
        A link keeps its words, and its address where that leads out of the product.
    """
    found: list[Run] = []
    place = 0
    for mark in _MARKS.finditer(text):
        escaped, bold, slanted, words, target = mark.groups()
        found.append(Run(_words(text[place : mark.start()]), strong))
        place = mark.end()
        if escaped is not None:
            found.append(Run(escaped, strong))
        elif bold is not None:
            found += runs(bold, strong=True)
        elif slanted is not None:
            found += runs(slanted, strong=strong)
        elif words is not None:
            found += runs(words, strong=strong)
            if target.startswith("https://"):
                found.append(Run(f" ({target})", strong))
        else:
            found.append(Run(" ", strong))
    found.append(Run(_words(text[place:]), strong))
    return _joined(found)


def _joined(found: Sequence[Run]) -> Runs:
    joined: list[Run] = []
    for run in found:
        if joined and joined[-1].strong == run.strong:
            joined[-1] = Run(joined[-1].text + run.text, run.strong)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def _words(text: str) -> str:
    return html.unescape(_TAGS.sub("", text))


def words(text: str) -> str:
    """The same as one text.

    Parameters
    ----------
    text
        Markdown of a view.

    Returns
    -------
    str
    """
    return "".join(run.text for run in runs(text))


def paragraph(text: str, *, small: bool = False) -> Paragraph:
    """A text as one paragraph.

    Parameters
    ----------
    text
        Markdown of a view.
    small
        Whether it is only to be borne in mind.

    Returns
    -------
    Paragraph
    """
    return Paragraph(runs(text.strip()), small)


def bullets(items: Iterable[str], *, numbered: bool = False, small: bool = False) -> tuple[Block, ...]:
    """Texts as a list; nothing for none.

    Parameters
    ----------
    items
        Markdown of a view, an item each; empty ones are left out.
    numbered, small
        As in :class:`careleavers.packs.blocks.Bullets`.

    Returns
    -------
    tuple[Block, ...]
    """
    found = tuple(runs(item.strip()) for item in items if item.strip())
    return (Bullets(found, numbered, small),) if found else ()


def blocks(text: str) -> tuple[Block, ...]:
    """A text of several paragraphs and lists.

    Parameters
    ----------
    text
        Markdown of a view: paragraphs are parted by empty lines; lines of a list begin with a hyphen.

    Returns
    -------
    tuple[Block, ...]
    """
    found: list[Block] = []
    for piece in re.split(r"\n\s*\n", text.strip()):
        lines = piece.split("\n")
        if all(line.startswith("- ") for line in lines):
            found += bullets(line[2:] for line in lines)
        elif piece.strip():
            found.append(paragraph(piece))
    return tuple(found)
