"""The documents for developers name files and functions that exist, and show the packages as they are."""

import ast
import re
from pathlib import Path

import pytest

from tests.test_house import LAYER, LAYERS, ROOT

DOCUMENTS = [ROOT / "docs" / "ARCHITECTURE.md", ROOT / "docs" / "ADDING.md"]
# Files that the recipes create.
MADE_UP = re.compile(r"transitions|copied_quarter|grants|<family>")
PLACE = re.compile(r"`((?:careleavers|data|docs|pages|queries|scripts|tests|bench)/[^`\s]*)`")
NAMED = re.compile(r"`(careleavers/[^`\s]+\.py|tests/[^`\s]+\.py)`:\s+`([A-Za-z_.]+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def names_in(path: Path) -> set[str]:
    """Functions and classes of a module, methods as ``Class.method``."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    places = [place for place in PLACE.findall(text) if not MADE_UP.search(place)]
    assert len(places) > 20
    assert [place for place in places if not list(ROOT.glob(place.rstrip("/")))] == []
    named = NAMED.findall(text)
    assert len(named) > 5
    assert [f"{path}: {name}" for path, name in named if name not in names_in(ROOT / path)] == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    linked = {(page, link) for page in documents for link in LINK.findall(page.read_text(encoding="utf-8"))}
    assert [f"{page.name}: {link}" for page, link in linked if not (page.parent / link).exists()] == []
    assert {"docs/" + page.name for page in documents[1:]} <= {
        link for page, link in linked if page.name == "README.md"
    }


def test_the_picture_shows_the_packages_and_arrows_that_the_code_is_held_to() -> None:
    text = DOCUMENTS[0].read_text(encoding="utf-8")
    picture = text.split("```mermaid")[1].split("```")[0]
    boxes = {name: label.split(", ") for name, label in re.findall(r'(\w+)\["([^"]+)"\]', picture)}
    shown = [part for parts in boxes.values() for part in parts if part in LAYER]
    assert sorted(shown) == sorted(LAYER), "every package in one box"
    layer = {name: LAYER[parts[0]] for name, parts in boxes.items() if parts[0] in LAYER}
    for name, parts in boxes.items():
        assert name not in layer or set(parts) == set(LAYERS[layer[name]]), f"{name} is one layer"
    for above, below in re.findall(r"^\s*(\w+)(?:\[[^\]]*\])? --> (\w+)", picture, re.MULTILINE):
        assert above not in layer or layer[above] > layer[below], f"{above} stands below {below}"
