"""Classes of the map, and the letters of its tiles."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.views.map.classes import class_of, class_words, cuts
from careleavers.views.map.tile_names import tile_names
from careleavers.wording.formats import value_text

DATA = Path(__file__).resolve().parents[1] / "data"


def test_cuts_are_round_and_around_the_median() -> None:
    assert cuts([40, 44, 48, 52, 54, 56, 60, 64, 70], 0) == (50, 55, 60)
    assert cuts(range(40, 71), 0) == (50, 55, 60)
    assert 0 not in cuts([0, 0, 0, 0, 1, 2, 9], 0)


@pytest.mark.parametrize("values", [[], [None, float("nan")], [5, 5, 5]])
def test_no_cuts_where_there_is_nothing_to_part(values: list[float]) -> None:
    assert cuts(values, 0) == ()
    assert class_words((), "percent", 0) == ["all figures"]


def test_a_figure_is_classed_as_it_is_shown() -> None:
    assert value_text(53.6, "percent", 0) == "54%"
    assert class_of(53.6, (54.0,), 0) == 1
    assert class_of(53.4, (54.0,), 0) == 0
    assert class_of(None, (54.0,), 0) is None


def test_words_leave_no_gap_and_no_overlap() -> None:
    assert class_words((50, 55, 60), "percent", 0) == ["under 50%", "50% to 54%", "55% to 59%", "60% or more"]
    assert class_words((12, 14), "ratio", 1) == ["under 12.0", "12.0 to 13.9", "14.0 or more"]
    assert class_words((1, 2), "percent", 0) == ["under 1%", "1%", "2% or more"]
    assert class_words((95, 100), "percent", 0)[-1] == "100%"


@given(values=st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=160), decimals=st.integers(0, 1))
def test_every_class_has_a_figure_and_words(values: list[float | None], decimals: int) -> None:
    found = cuts(values, decimals)
    assert len(found) <= 3
    assert list(found) == sorted(set(found))
    kinds = {class_of(value, found, decimals) for value in values} - {None}
    assert kinds == (set(range(len(found) + 1)) if kinds else set())
    assert len(class_words(found, "percent", decimals)) == len(found) + 1


def current_names() -> list[str]:
    with (DATA / "authorities.csv").open(encoding="utf-8") as stream:
        return [row["authority_name"] for row in csv.DictReader(stream) if row["tile_row"]]


def test_letters_are_unique_short_and_tell_the_name() -> None:
    found = tile_names(current_names())
    assert len(found) == 153
    assert len({short.casefold() for short in found.values()}) == 153
    assert all(2 <= len(short) <= 3 and short[0].isupper() for short in found.values())
    expected = {
        "Leeds": "Lee", "Bournemouth, Christchurch and Poole": "BCP", "East Riding of Yorkshire": "ERY",
        "City of London": "CLo", "Bristol, City of": "Bri", "St. Helens": "StH", "Leicestershire": "Les",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected


def test_a_new_authority_needs_nothing_but_its_name() -> None:
    found = tile_names([*current_names(), "West Surrey", "East Surrey"])
    assert len(set(found.values())) == 155
    assert found["Leeds"] == "Lee"


@given(st.lists(st.text(min_size=1, max_size=40), max_size=30))
def test_any_names_get_letters(names: list[str]) -> None:
    found = tile_names(names)
    assert len({short.casefold() for short in found.values()}) == len(set(names))
