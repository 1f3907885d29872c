"""The examples in docstrings are true."""

import doctest
import importlib

import pytest

from tests.test_house import LIBRARY, ROOT

# Examples of these need figures, and only show how a call is written.
SHOWN_ONLY = {"careleavers.cli.commands", "careleavers.figures.catalogue", "careleavers.figures.warehouse"}
EXAMPLES = {
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in LIBRARY
    if ">>> " in path.read_text(encoding="utf-8")
}


@pytest.mark.parametrize("name", sorted(EXAMPLES - SHOWN_ONLY))
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
