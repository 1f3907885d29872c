"""What holds on every page for any authority: it is drawn, shows no nonsense, and its charts can stand alone."""

import pytest

from careleavers.ui.pages import PAGES
from tests.pages.opened import check, opened

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


@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_without_an_authority(name: str) -> None:
    check(opened(name))


@pytest.mark.parametrize("authority", AUTHORITIES)
@pytest.mark.parametrize("name", [entry.name for entry in PAGES])
def test_a_page_for_every_kind_of_authority(name: str, authority: str) -> None:
    against = "England" if authority == "Barnsley" else "Region"
    # The neighbours on the trends page are drawn on request.
    check(opened(name, authority=authority, against=against, neighbours="charts"))
