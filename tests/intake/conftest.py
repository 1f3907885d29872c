"""The reference data for reading a file, from the shipped figures and on a fixed day."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from unittest.mock import patch

import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.intake.model import Draft
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData, reference_data
from tests.intake import sample_files

DATA = Path(__file__).resolve().parents[2] / "data"
TODAY = dt.date(2025, 11, 21)


@pytest.fixture(scope="session")
def known(warehouse: Warehouse) -> ReferenceData:
    """The reference data as at 21 November 2025."""
    return dataclasses.replace(reference_data(warehouse, DATA), today=TODAY)


@pytest.fixture(scope="session")
def samples(warehouse: Warehouse) -> None:
    """Have sample files read against the warehouse that is already open."""
    with patch.object(sample_files, "open_warehouse", lambda _: warehouse):
        sample_files.known()


@pytest.fixture(scope="session")
def read(known: ReferenceData) -> Callable[..., Draft]:
    """Reads lines of CSV under a header (default: that of the template)."""

    def read_lines(*lines: str, header: str = HEADER, above: Iterable[str] = ()) -> Draft:
        return read_upload("\n".join([*above, header, *lines]).encode(), "figures.csv", known)

    return read_lines


HEADER = "authority_code,authority_name,indicator,age_group,period,basis,numerator,denominator,value,target,note"
