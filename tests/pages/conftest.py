"""The fixture with which a page's test opens it, and the figures that pages without uploads show."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from careleavers import versions
from careleavers.figures.warehouse import Warehouse
from careleavers.ui import figures
from tests.pages.opened import Page, opened
from tests.upload_service import Council, open_pages


@pytest.fixture(scope="session", autouse=True)
def shown(warehouse: Warehouse) -> None:
    """Pages use the warehouse that is already open, unless an earlier test in this process has opened another."""
    with patch.object(versions, "open_warehouse", lambda folder=None: warehouse):
        figures.versions()


@pytest.fixture
def council_of_outcomes(tmp_path: Path, outcomes: Warehouse, outcomes_data: Path) -> Iterator[Council]:
    """A council whose published figures are few: accepting a release opens all of them anew."""
    with open_pages(tmp_path, outcomes, outcomes_data) as made:
        yield made


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Page:
    """Opens the page that the test file is named after (``test_map.py``: Map), as a link with these parameters would.

    Fails if the page shows an error. ``page(authority="Leeds", indicator="eet")`` returns the drawn page.
    """
    name = Path(request.path).stem.removeprefix("test_")

    def open_page(**query: str) -> AppTest:
        at = opened(name, **query)
        assert not at.exception
        assert not at.error
        return at

    return open_page
