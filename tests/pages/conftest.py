"""The fixture with which a page's test opens it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opened import Page, opened


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
