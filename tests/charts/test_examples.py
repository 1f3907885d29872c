"""The examples in docstrings of the charts are true."""

import doctest
import importlib
import pkgutil

import pytest

from careleavers import charts

MODULES = [
    "careleavers.charts",
    *(f"careleavers.charts.{found.name}" for found in pkgutil.iter_modules(charts.__path__)),
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    assert doctest.testmod(charts).attempted > 0
