"""Pages after a release for one council only: its year is offered there, and nothing changes for any other council."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from tests.importer.releases import activity
from tests.intake.test_releases import published
from tests.pages.opened import check
from tests.upload_service import EVE, Council, open_pages, page, said

LEEDS = "E08000035"


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(Path(tmp_path_factory.mktemp("store")), warehouse) as made:
        file = published(activity(LEEDS, 2026, 45, 3, 2, layout="2025"))
        made.accept(file, EVE, name="la_care_leavers_activity.csv")
        yield made


def periods(at: AppTest) -> list[str]:
    return list(next(each for each in at.selectbox if each.label == "Period").options)


def test_the_year_is_offered_to_the_council_that_has_it(council: Council) -> None:
    assert periods(page("compare", None, authority="Leeds"))[0] == "March 2026"
    assert periods(page("compare", None, authority="York"))[0] == "March 2025"


@pytest.mark.parametrize("name", ["at_a_glance", "compare", "trends", "spread", "map", "build_your_own", "definitions"])
def test_every_page_of_the_council_can_be_read(council: Council, name: str) -> None:
    at = page(name, None, authority="Leeds")
    check(at)
    at = page(name, None, authority="Leeds", indicator="eet", age="19-21", period="2026-03-31")
    check(at)


def test_nothing_of_it_is_told_to_others(council: Council) -> None:
    for name in ("at_a_glance", "compare", "spread", "map"):
        told = said(page(name, None, authority="York", indicator="eet", age="19-21"))
        # The footer also names the ministry's next quarter, which belongs to another publication.
        assert "March 2026" not in told.replace("January to March 2026", ""), name
        assert "release 2026" not in told, name
