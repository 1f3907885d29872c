"""The Local Authority Interactive Tool: whole numbers without counts, below every release that has them."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from careleavers.errors import DataProblem
from careleavers.importer.areas import Areas, read_authorities
from careleavers.importer.figures import FileReport, Observation
from careleavers.importer.files import read_table
from careleavers.importer.lait import per_care_leaver, read_lait
from careleavers.importer.precedence import resolve_releases
from careleavers.importer.tables import ImportTables, load_tables
from tests.importer.releases import SHIPPED, reference, write

LEEDS, CUMBRIA, MIDDLESBROUGH, ENGLAND, NORTH_EAST = "E08000035", "E10000006", "E06000002", "E92000001", "E12000001"
SPENT = "LeaveCareSupServTotExp"


@pytest.fixture(scope="module")
def tables() -> ImportTables:
    return load_tables(SHIPPED, {row["id"] for _, row in read_table(SHIPPED / "indicators.csv").rows})


@pytest.fixture
def areas(tmp_path: Path) -> Areas:
    reference(tmp_path)
    folder = tmp_path / "reference"
    return read_authorities(read_table(folder / "authority_codes.csv"), read_table(folder / "tile_grid.csv"))


def line(measure: str, period: str, number: str, value: str, area: str = "somewhere") -> dict[str, str]:
    return {"measure_short": measure, "period": period, "la_number": number, "area": area, "value": value}


def read(
    path: Path, rows: list[dict[str, str]], tables: ImportTables, areas: Areas
) -> tuple[list[Observation], FileReport]:
    report = FileReport("lait/a.csv", "")
    return read_lait(read_table(write(path / "lait" / "a.csv", rows)), tables, areas, report), report


def figure(indicator: str, area: str, value: float | None, **more: Any) -> Observation:
    row: dict[str, Any] = {
        "indicator": indicator, "age_group": "19-21", "area_code": area, "period_end": dt.date(2025, 3, 31),
        "basis": "full_year", "numerator": None, "denominator": None, "value": value, "published_value": value,
        "status": "ok" if value is not None else "c", "source": "cla", "release": "2024", **more,
    }  # fmt: skip
    return Observation(**row)


def test_values_are_kept_as_published_without_counts(tmp_path, tables, areas) -> None:
    rows = [
        line("CareLeaverEET", "2016", "383", "48"), line("CareLeaverEET", "2016", "805", "-"),
        line("CareLeaverEET", "2016", "970", "49"), line("CareLeaverEET", "2016", "909", "51", "Cumbria"),
        line("NoCareLeavers", "2016", "383", "700"), line(SPENT, "2024-25", "383", "17611584"),
    ]  # fmt: skip
    found, report = read(tmp_path, rows, tables, areas)
    assert [(o.indicator, o.area_code, o.period_end.isoformat(), o.value, o.status) for o in found] == [
        ("eet", LEEDS, "2016-03-31", 48, "ok"), ("eet", "E06000001", "2016-03-31", None, "x"),
        ("eet", ENGLAND, "2016-03-31", 49, "ok"), ("eet", CUMBRIA, "2016-03-31", 51, "ok"),
        ("leaving_care_spending", LEEDS, "2025-03-31", 17611584, "ok"),
    ]  # fmt: skip
    assert {(o.numerator, o.denominator) for o in found} == {(None, None)}
    assert (report.read, report.not_used, report.release) == (6, 1, "2026")


def test_an_authority_has_figures_of_its_own_years_only(tmp_path, tables, areas) -> None:
    rows = [line("CareLeaverEET", "2017", "942", "50"), line("CareLeaverEET", "2024", "909", "-")]
    found, report = read(tmp_path, rows, tables, areas)
    assert found == []
    assert report.not_existing == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure_short": "Other"}, "column measure_short: the measure “Other” is not known"),
        ({"la_number": "123"}, "column la_number: “123” (somewhere) is not an authority"),
        ({"value": "c"}, "column value: “c” is neither a number nor “-”"),
        ({"value": "-3"}, "column value: “-3” is neither"),
        ({"period": "2024-26"}, "column period: “2024-26” is not a year"),
        ({"value": "50"}, "the same figure as in line 2"),
    ],
)
def test_what_is_not_known_stops(tmp_path, tables, areas, changes, words) -> None:
    first = line("CareLeaverEET", "2016", "383", "48")
    with pytest.raises(DataProblem, match="line 3") as caught:
        read(tmp_path, [first, first | changes], tables, areas)
    assert words in str(caught.value)


def test_a_release_with_counts_wins_and_more_than_rounding_is_recorded(tables) -> None:
    report, releases = FileReport("lait/a.csv", ""), FileReport("cla/b.csv", "")
    kept = [
        figure("not_in_touch", "A", 4.4), figure("not_in_touch", "B", 4.4), figure("not_in_touch", "C", None),
        figure("not_in_touch", "D", 4.5),
    ]  # fmt: skip
    tool = [
        figure("not_in_touch", area, value, source="lait", release="2026")
        for area, value in (("A", 4.0), ("B", 6.0), ("C", 5.0), ("D", 5.0), ("E", 7.0), ("F", None))
    ]
    given = [*((each, releases) for each in kept), *((each, report) for each in tool)]
    in_force, restated = resolve_releases(given, {"not_in_touch": "cla"})
    assert [(o.area_code, o.value) for o in in_force if o.source == "lait"] == [("E", 7.0), ("F", None)]
    assert [(old.area_code, old.value, new.value) for old, new in restated] == [("B", 6.0, 4.4)]
    assert (report.kept, report.superseded) == (2, 4)


def test_spending_is_divided_by_the_care_leavers_of_the_same_year(tables, areas) -> None:
    def leavers(area: str, older: float | None, day: dt.date = dt.date(2025, 3, 31)) -> list[Observation]:
        return [
            figure("care_leavers", area, value, age_group=age, period_end=day)
            for age, value in (("17-18", 100.0), ("19-21", older))
        ]

    held = [*leavers(LEEDS, 300), *leavers(ENGLAND, 9_900), *leavers(MIDDLESBROUGH, 500), *leavers(NORTH_EAST, 900),
            *leavers("E06000001", None), *leavers("E09000032", 500)]  # fmt: skip
    spent = [
        figure("leaving_care_spending", area, value, age_group="all", source="lait")
        for area, value in ((LEEDS, 800.0), (ENGLAND, 8_800.0), (NORTH_EAST, 400.0), ("E06000001", 5.0), (MIDDLESBROUGH, None))
    ]  # fmt: skip
    spent.append(figure("leaving_care_spending", LEEDS, 1.0, age_group="all", period_end=dt.date(2017, 3, 31)))
    # Wandsworth is not in the small list of authorities, so only Middlesbrough is left out here.
    only = frozenset(row for row in tables.left_out if row[2] == "806")
    found = per_care_leaver([*held, *spent], replace(tables, left_out=only), areas)
    assert {o.area_code: (o.value, o.denominator, o.status) for o in found} == {
        LEEDS: (2, 400, "ok"), ENGLAND: (8_800 / 9_400, 9_400, "ok"), NORTH_EAST: (1, 400, "ok"),
        "E06000001": (None, None, "x"), MIDDLESBROUGH: (None, 600, "x"),
    }  # fmt: skip
    assert {o.published_value for o in found} == {None}
