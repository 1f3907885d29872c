"""The list of areas, rebuilt from the project's own files."""

import datetime as dt
from pathlib import Path

import pytest

from careleavers.errors import DataProblem
from careleavers.importer.areas import areas_from_data
from careleavers.importer.files import Table, read_table

DATA = Path(__file__).resolve().parents[2] / "data"


def changes(*rows: tuple[str, str, str, str]) -> Table:
    columns = ("kind", "old_code", "new_code", "date")
    return Table(
        "changes", columns, tuple((line, dict(zip(columns, row, strict=True))) for line, row in enumerate(rows, 2))
    )


def towns(*codes: str) -> Table:
    columns = ("authority_code", "authority_name", "department_code", "region_code", "opened", "closed")
    rows = [(code, f"Town {code}", code[-3:], "E12000001", "2009-01-01", "") for code in codes]
    return Table(
        "towns", columns, tuple((line, dict(zip(columns, row, strict=True))) for line, row in enumerate(rows, 2))
    )


def test_the_shipped_files_give_every_authority_with_all_its_codes() -> None:
    areas = areas_from_data(read_table(DATA / "authorities.csv"), read_table(DATA / "authority_changes.csv"))
    assert len(areas.authorities) == len(areas.by_department_code) == 158
    assert areas.authority("x", 1, "373", "E08000019") is areas.authority("x", 1, "373", "E08000039")
    assert areas.by_any_code["E10000009"].closed == dt.date(2019, 3, 31)
    assert areas.by_any_code["E10000009"] is not areas.by_any_code["E06000059"]


def test_a_code_that_changed_twice_leads_to_the_last() -> None:
    areas = areas_from_data(
        towns("E06000003"),
        changes(
            ("recoded", "E06000001", "E06000002", "2013-04-01"), ("recoded", "E06000002", "E06000003", "2020-04-01")
        ),
    )
    town = areas.authorities["E06000003"]
    assert {areas.by_any_code[code].code for code in ("E06000001", "E06000002", "E06000003")} == {"E06000003"}
    assert town.codes == (
        ("E06000001", dt.date(2009, 1, 1), dt.date(2013, 3, 31)),
        ("E06000002", dt.date(2013, 4, 1), dt.date(2020, 3, 31)),
        ("E06000003", dt.date(2020, 4, 1), None),
    )


def test_a_recoding_that_leads_nowhere_is_named() -> None:
    with pytest.raises(DataProblem, match="line 2, column new_code: “E06000009” is not an authority"):
        areas_from_data(towns("E06000003"), changes(("recoded", "E06000001", "E06000009", "2013-04-01")))
