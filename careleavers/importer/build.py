"""Folders of published files in, a whole ``data/`` folder out: all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careleavers.errors import DataProblem
from careleavers.importer import homelessness, inspections, lait
from careleavers.importer.areas import (
    Areas,
    authority_rows,
    change_rows,
    neighbour_rows,
    read_authorities,
    region_rows,
)
from careleavers.importer.figures import (
    OBSERVATION_COLUMNS,
    FileReport,
    Observation,
    is_needed,
    read_figures,
)
from careleavers.importer.files import (
    MANIFEST,
    Table,
    csv_bytes,
    manifest_bytes,
    number_text,
    read_table,
    write_all,
)
from careleavers.importer.precedence import resolve_releases
from careleavers.importer.tables import load_tables

# Kept by hand: the importer reads them, and copies them to a folder that has none.
KEPT_BY_HAND = (
    "indicators.csv",
    "glossary.csv",
    "sources.csv",
    "source_names.csv",
    "import_layouts.csv",
    "import_groups.csv",
    "import_labels.csv",
    "import_measures.csv",
    "import_lait.csv",
    "import_left_out.csv",
    "import_support_needs.csv",
    "authority_groups.csv",
    "authority_names.csv",
    "district_successors.csv",
    "question_rules.csv",
    "question_words.csv",
)
AUTHORITY_COLUMNS = (
    "authority_code",
    "authority_name",
    "department_code",
    "region_code",
    "region",
    "sub_region_code",
    "sub_region",
    "opened",
    "closed",
    "tile_column",
    "tile_row",
)
CHANGE_COLUMNS = ("kind", "old_code", "new_code", "new_name", "date", "note")


@dataclass(frozen=True)
class ImportResult:
    """What an import read and wrote.

    Attributes
    ----------
    reports
        What became of each file.
    written
        How many rows each file of ``data/`` has now, by its name.
    not_needed
        Files that were left alone.
    """

    reports: tuple[FileReport, ...]
    written: dict[str, int]
    not_needed: tuple[str, ...] = ()


def import_published(folders: Iterable[Path], into: Path, shipped: Path) -> ImportResult:
    """Read every published file below some folders and write the figures: all of them or nothing.

    The same input gives the same bytes.

    Parameters
    ----------
    folders
        Where the files are.
    into
        The data folder to write.
    shipped
        The data folder to copy hand-kept tables from when ``into`` has none.

    Returns
    -------
    ImportResult

    Raises
    ------
    DataProblem
        A file was not understood; nothing is written.
    """
    paths = _find(folders)
    kept: dict[str, bytes] = {}
    for name in KEPT_BY_HAND:
        source = into / name if (into / name).exists() else shipped / name
        try:
            kept[name] = source.read_bytes()
        except OSError:
            raise DataProblem(f"data/{name}", "the file is missing") from None
    base = into if all((into / name).exists() for name in KEPT_BY_HAND) else shipped
    catalogue = [row for _, row in read_table(base / "indicators.csv", "data/indicators.csv").rows]
    indicators = {row["id"]: row["family"] for row in catalogue}
    tables = load_tables(base, set(indicators))

    csvs = {path: read_table(path) for path in paths if path.suffix.lower() == ".csv"}
    codes = _one(csvs, "new_la_code", "date_of_operation")
    tiles = _one(csvs, "tile_column", "tile_row")
    areas = read_authorities(codes, tiles)
    reports = [
        FileReport(codes.name, "authority codes", "codes", read=len(codes.rows), kept=len(areas.authorities)),
        FileReport(tiles.name, "tile map", "codes", read=len(tiles.rows), kept=len(tiles.rows)),
    ]
    observations: list[tuple[Observation, FileReport]] = []
    neighbours: list[dict[str, object]] = []
    compiled: list[dict[str, str]] = []
    lookup: Table | None = None
    not_needed: list[str] = []
    for table in csvs.values():
        if table is codes or table is tiles:
            continue
        if set(homelessness.LOOKUP_COLUMNS) <= set(table.columns):
            lookup = table
            reports.append(FileReport(table.name, "districts", "codes", read=len(table.rows), kept=len(table.rows)))
            continue
        if set(inspections.COMPILED_COLUMNS) <= set(table.columns):
            found_, release = inspections.read_compiled(table, areas)
            compiled += found_
            reports.append(
                FileReport(table.name, "inspections", inspections.COMPILED, release, len(found_), len(found_))
            )
            continue
        if "SN_1" in table.columns:
            if neighbours:
                raise DataProblem(table.name, "this is a second file of statistical neighbours; give one only")
            rows = neighbour_rows(table, areas)
            neighbours += rows
            reports.append(
                FileReport(table.name, "neighbours", "neighbours", read=len(table.rows), kept=len(table.rows))
            )
            continue
        if set(lait.COLUMNS) <= set(table.columns):
            report = FileReport(table.name, "interactive tool", lait.SOURCE)
            observations += [(observation, report) for observation in lait.read_lait(table, tables, areas, report)]
            reports.append(report)
            continue
        if not is_needed(table, tables):
            not_needed.append(table.name)
            continue
        report = FileReport(table.name, "")
        found = read_figures(table, tables, areas, report)
        observations += [(observation, report) for observation in found]
        reports.append(report)
    if not neighbours:
        raise DataProblem("the folders given", "the statistical neighbours file is missing")

    released: list[dict[str, str]] = []
    quarters: list[homelessness.Quarter] = []
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        if path.suffix.lower() == ".ods":
            rows_, read, release = inspections.read_inspections(path, areas)
            released += rows_
            reports.append(FileReport(name, "inspections", "ofsted", release, read, len(rows_)))
        elif path.suffix.lower() == ".xlsx":
            quarter = homelessness.read_quarter(path.read_bytes(), name, tables)
            if quarter is None:
                not_needed.append(name)
            else:
                quarters.append(quarter)
    districts = homelessness.district_rows(lookup, _existing_table(into, shipped, "districts.csv"))
    quarters = homelessness.latest_quarters(quarters)
    for quarter in quarters:
        report = FileReport(quarter.name, "homelessness", homelessness.SOURCE)
        found = homelessness.observations(quarter, districts, areas, report)
        observations += [(observation, report) for observation in found]
        reports.append(report)

    newest, superseded = resolve_releases(observations, {row["id"]: row["source"] for row in catalogue})
    worked_out = lait.per_care_leaver(newest, tables, areas)
    if worked_out:
        reports.append(FileReport("spending by care leavers", "worked out", lait.SOURCE, kept=len(worked_out)))
    newest += worked_out
    files: dict[str, bytes] = dict(kept)
    families: dict[str, list[Observation]] = {family: [] for family in indicators.values()}
    for observation in newest:
        families[indicators[observation.indicator]].append(observation)
    written: dict[str, int] = {}
    for family, members in families.items():
        if members:
            name = f"observations/{family}.csv"
            files[name] = csv_bytes(OBSERVATION_COLUMNS, map(_row, sorted(members, key=_order)))
            written[name] = len(members)
    files["superseded.csv"] = csv_bytes(
        (*OBSERVATION_COLUMNS, "superseded_by"),
        [
            {**_row(old), "superseded_by": new.release}
            for old, new in sorted(superseded, key=lambda pair: (_order(pair[0]), pair[0].release))
        ],
    )
    others: tuple[tuple[str, tuple[str, ...], Sequence[Mapping[str, object]]], ...] = (
        ("authorities.csv", AUTHORITY_COLUMNS, authority_rows(areas)),
        ("regions.csv", ("region_code", "region", "level", "parent_code"), region_rows()),
        ("authority_changes.csv", CHANGE_COLUMNS, change_rows(areas, _existing_table(into, shipped, "authority_changes.csv"))),
        ("neighbours.csv", ("authority_code", "place", "neighbour_code", "closeness"), neighbours),
        ("joint_returns.csv", ("joint_code", "authority_code", "joint_name", "theme"), _joint_rows(areas)),
        (
            "inspections.csv",
            inspections.INSPECTION_COLUMNS,
            inspections.with_local_events(
                inspections.merge_inspections(released, compiled), _existing_table(into, shipped, "inspections.csv")
            ),
        ),
        ("districts.csv", homelessness.DISTRICT_COLUMNS, districts),
        (
            "missing_districts.csv",
            homelessness.ABSENT_COLUMNS,
            homelessness.missing_district_rows(quarters, districts, areas),
        ),
    )  # fmt: skip
    for name, columns, content in others:
        files[name] = csv_bytes(columns, content)
        written[name] = len(content)
    written["superseded.csv"] = len(superseded)
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataProblem(
            str(into), f"the folder cannot be written to ({error.strerror}); nothing was changed"
        ) from None
    files[MANIFEST] = manifest_bytes(into, files)
    write_all(into, files)
    return ImportResult(tuple(reports), written, tuple(not_needed))


def _find(folders: Iterable[Path]) -> list[Path]:
    found: set[Path] = set()
    for folder in folders:
        if not folder.is_dir():
            raise DataProblem(str(folder), "there is no such folder")
        found |= {p for p in folder.rglob("*") if p.suffix.lower() in {".csv", ".ods", ".xlsx"}}
    if not found:
        raise DataProblem("the folders given", "there is no CSV, ODS or XLSX file in them")
    return sorted(found, key=lambda path: (path.parent.name, path.name))


def _one(tables: dict[Path, Table], *columns: str) -> Table:
    for table in tables.values():
        if set(columns) <= set(table.columns):
            return table
    raise DataProblem("the folders given", f"no file has the columns {' and '.join(columns)}")


def _existing_table(into: Path, shipped: Path, name: str) -> Table | None:
    for folder in (into, shipped):
        if (folder / name).exists():
            return read_table(folder / name, f"data/{name}")
    return None


def _row(observation: Observation) -> dict[str, object]:
    return {
        "indicator": observation.indicator,
        "age_group": observation.age_group,
        "area_code": observation.area_code,
        "period_end": observation.period_end.isoformat(),
        "frequency": observation.frequency,
        "basis": observation.basis,
        "layer": observation.layer,
        "numerator": number_text(observation.numerator),
        "denominator": number_text(observation.denominator),
        "value": number_text(observation.value),
        "published_value": number_text(observation.published_value),
        "status": observation.status,
        "source": observation.source,
        "release": observation.release,
    }


def _order(observation: Observation) -> tuple[str, str, dt.date, str]:
    return observation.key


def _joint_rows(areas: Areas) -> list[dict[str, object]]:
    return [
        {
            "joint_code": code,
            "authority_code": member,
            "joint_name": " / ".join(areas.by_any_code[m].name for m in members),
            "theme": "workforce",
        }
        for code, members in sorted(areas.joint.items())
        for member in members
    ]
