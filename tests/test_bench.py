"""The benchmark measures every query, and each gives an answer."""

import pytest

from bench.figures import QUESTIONS
from careleavers.figures.warehouse import Warehouse, query_names

# Queries about uploads only, which the shipped figures do not have.
LOCAL = {"local_areas", "local_latest", "local_quarters", "part_periods", "search_local"}


def test_every_question_is_measured() -> None:
    assert set(QUESTIONS) == set(query_names())


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_what_is_measured_is_an_answer(warehouse: Warehouse, name: str) -> None:
    assert warehouse.query(name, **QUESTIONS[name]).empty == (name in LOCAL)
