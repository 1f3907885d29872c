"""Fixtures that every part of the suite may use: the shipped figures, and copies of them to break."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from careleavers.warehouse import Warehouse, open_warehouse

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def warehouse() -> Iterator[Warehouse]:
    """The warehouse of the shipped figures."""
    opened = open_warehouse(ROOT / "data")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def figures(warehouse: Warehouse) -> pd.DataFrame:
    """Every row of the table `figures` of the shipped data. Do not change it."""
    return warehouse._connection.cursor().execute("SELECT * FROM figures").df()


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of the shipped data folder, to edit."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
