"""The nouns that every layer shares."""

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest

from careleavers import model
from careleavers.model import AGAINST, Against, Authority, counts_are_fractional
from tests.test_house import imports

DORSET = Authority("E10000009", "Dorset (to 2019)", "835", dt.date(2009, 4, 1), dt.date(2019, 3, 31))


def test_it_is_the_lowest_layer() -> None:
    package = {module for module in imports(Path(model.__file__)) if module.startswith("careleavers")}
    assert package <= {"careleavers.errors"}


def test_an_authority_exists_from_its_first_day_to_its_last() -> None:
    days = [dt.date(2009, 3, 31), dt.date(2009, 4, 1), dt.date(2019, 3, 31), dt.date(2019, 4, 1)]
    assert [DORSET.existed(day) for day in days] == [False, True, True, False]
    assert DORSET.plain_name == "Dorset"


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "fractional"),
    [
        ("agency workers, in full-time equivalents", "all workers", "percent", True),
        ("cases", "workers", "ratio", True),
        ("care leavers in work", "care leavers", "percent", False),
    ],
)
def test_staff_need_not_be_whole(numerator: str, denominator: str, unit: str, fractional: bool) -> None:
    assert counts_are_fractional(numerator, denominator, unit) == fractional


def test_each_comparator_has_words_on_the_pages() -> None:
    assert tuple(AGAINST) == get_args(Against)
