"""Ofsted's spreadsheet, in a small one of the same sheets."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from careleavers.errors import DataProblem
from careleavers.importer.areas import Areas, read_authorities
from careleavers.importer.build import import_published
from careleavers.importer.files import read_table
from careleavers.importer.inspections import JUDGEMENTS, merge_inspections, read_compiled, read_inspections
from tests.importer.releases import SHIPPED, activity, reference, write

PLACE = ["Web link", "Local authority area code", "Local authority name", "Local authority status", "Ofsted region"]
HISTORY = [*PLACE, "Inspection date", "Publication date", "Inspection type", *JUDGEMENTS.values()]
VISITS = [
    *PLACE,
    "Inspection/Visit type",
    "Inspection/Visit date",
    "Publication date",
    "Visit Theme",
    *JUDGEMENTS.values(),
]
GRADES = dict(
    zip(JUDGEMENTS.values(), ("Good", "Good", "Requires improvement to be good", "Good", "Outstanding"), strict=True)
)


def inspection(code: str = "E08000035", day: str = "2024-03-18", **more: object) -> dict[str, object]:
    return {
        "Local authority area code": code, "Inspection date": pd.Timestamp(day) if day[:2] == "20" else day,
        "Publication date": pd.Timestamp("2024-05-16"), "Inspection type": "ILACS Standard Inspection", **GRADES, **more,
    }  # fmt: skip


def visit(code: str = "E08000035", day: str = "2025-02-11", **more: object) -> dict[str, object]:
    return {
        "Local authority area code": code, "Inspection/Visit date": pd.Timestamp(day),
        "Publication date": pd.Timestamp("2025-03-20"), "Inspection/Visit type": "Focused Visit",
        "Visit Theme": "Care leavers", **more,
    }  # fmt: skip


def workbook(
    path: Path, history: list[dict], visits: list[dict], *, columns: list[str] | None = None, names: tuple[str, str] = (
        "ILACS_inspection_history", "In-year_inspections")
) -> Path:  # fmt: skip
    """An .ods with the three sheets, each table starting at row 3."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(path, engine="odf") as writer:
        for title, header, rows in (
            ("Inspections_as_at_31_March", PLACE, []), (names[1], VISITS, visits), (names[0], columns or HISTORY, history),
        ):  # fmt: skip
            body = [[row.get(column, "") for column in header] for row in rows]
            pad = [""] * (len(header) - 1)
            frame = pd.DataFrame([["A title", *pad], ["This table begins in cell A3.", *pad], header, *body])
            frame.to_excel(writer, sheet_name=title, header=False, index=False)
    return path


@pytest.fixture
def areas(tmp_path: Path) -> Areas:
    reference(tmp_path / "published")
    folder = tmp_path / "published" / "reference"
    return read_authorities(read_table(folder / "authority_codes.csv"), read_table(folder / "tile_grid.csv"))


def test_inspections_and_visits_are_read(tmp_path, areas) -> None:
    path = workbook(tmp_path / "ofsted_2025" / "a.ods", [inspection(), inspection("E08000016")], [visit()])
    rows, read, release = read_inspections(path, areas)
    assert (len(rows), read, release) == (3, 3, "2025")
    assert [r["authority_code"] for r in rows] == ["E08000035", "E08000038", "E08000035"]  # Barnsley's newest code
    first, _, last = rows
    assert first["kind"] == "full"
    assert (first["overall_effectiveness"], first["help_and_protection"], first["care_leavers"]) == (
        "Good", "Requires improvement to be good", "Outstanding",
    )  # fmt: skip
    assert (first["inspection_date"], first["publication_date"]) == ("2024-03-18", "2024-05-16")
    assert (last["kind"], last["theme"], last["overall_effectiveness"]) == ("visit", "Care leavers", "")
    assert {r["source"] for r in rows} == {"ofsted"}


def test_an_inspection_in_both_sheets_is_one(tmp_path, areas) -> None:
    again = visit(day="2024-03-18", **GRADES) | {"Inspection/Visit type": "ILACS Standard Inspection"}
    rows, read, _ = read_inspections(workbook(tmp_path / "o" / "a.ods", [inspection()], [again]), areas)
    assert (len(rows), read) == (1, 2)


@pytest.mark.parametrize(("day", "release"), [("2025-03-31", "2025"), ("2024-12-01", "2025"), ("2024-02-01", "2024")])
def test_the_release_is_the_year_to_31_march(tmp_path, areas, day, release) -> None:
    path = workbook(tmp_path / "o" / "a.ods", [inspection(day="2020-01-01")], [visit(day=day)])
    assert read_inspections(path, areas)[2] == release


@pytest.mark.parametrize(
    ("history", "visits", "words"),
    [
        ([inspection("E08000099")], [visit()],
         "o/a.ods, line 4 of sheet ILACS_inspection_history, column Local authority area code: “E08000099” is not an authority"),
        ([inspection(), inspection(**{JUDGEMENTS["leaders"]: "Great"})], [visit()],
         "o/a.ods, line 5 of sheet ILACS_inspection_history, column The impact of leaders"),
        ([inspection(day="18 March 2024")], [visit()], "column Inspection date: “18 March 2"),
        ([inspection()], [], "the sheet “In-year_inspections” has no rows under its header in row 3"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_sheet_and_line(tmp_path, areas, history, visits, words) -> None:
    with pytest.raises(DataProblem) as caught:
        read_inspections(workbook(tmp_path / "o" / "a.ods", history, visits), areas)
    assert words in str(caught.value)


def test_a_missing_column_or_sheet_is_named(tmp_path, areas) -> None:
    short = [c for c in HISTORY if c != "Overall effectiveness"]
    with pytest.raises(DataProblem, match="the column “Overall effectiveness” is missing"):
        read_inspections(workbook(tmp_path / "o" / "a.ods", [inspection()], [visit()], columns=short), areas)
    renamed = workbook(tmp_path / "o" / "b.ods", [inspection()], [visit()], names=("History", "In-year_inspections"))
    with pytest.raises(DataProblem, match=r"o/b.ods: the sheet “ILACS_inspection_history…” is missing"):
        read_inspections(renamed, areas)


def test_a_file_that_is_no_spreadsheet_is_refused(tmp_path, areas) -> None:
    path = tmp_path / "a.ods"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(DataProblem, match="this is not an OpenDocument spreadsheet we can read"):
        read_inspections(path, areas)


def test_local_events_are_kept_beside_ofsteds(tmp_path, areas) -> None:
    folder, data = tmp_path / "published", tmp_path / "data"
    workbook(folder / "ofsted_2025" / "a.ods", [inspection()], [visit()])
    write(folder / "cla_2025/la_care_leavers_activity.csv", activity("E08000035", 2025, layout="2025"))
    import_published([folder], data, SHIPPED)
    path = data / "inspections.csv"
    with path.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    ofsted = [r for r in rows if r["source"] == "ofsted"]
    assert [(r["authority_code"], r["kind"], r["release"]) for r in ofsted] == [
        ("E08000035", "full", "2025"), ("E08000035", "visit", "2025"),
    ]  # fmt: skip
    local = path.read_text(encoding="utf-8").splitlines()[0].count(",")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("E06000001,event,Peer review,2025-06-01" + "," * (local - 5) + "local,,\n")
    import_published([folder], data, SHIPPED)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("E06000001,event,Peer review,2025-06-01") for line in lines)
    assert sum("Standard Inspection,2024-03-18" in line for line in lines) == 1


# ---------------------------------------------------------------- compiled from reports

ADDRESS = "https://files.ofsted.gov.uk/v1/file/50284438"


def compiled(code: str = "E08000035", day: str = "2025-06-30", **more: str) -> dict[str, str]:
    """A row of the list that is compiled from reports."""
    return {
        "authority_code": code, "authority_name": "Leeds", "inspection_type": "short", "start_date": day,
        "end_date": "2025-07-04", "publication_date": "2025-08-12", "overall_effectiveness": "Outstanding",
        "leaders": "Good", "help_and_protection": "Good", "children_in_care": "Good", "care_leavers": "Outstanding",
        "report_url": ADDRESS, **more,
    }  # fmt: skip


def test_compiled_inspections_are_read(tmp_path, areas) -> None:
    path = write(tmp_path / "ilacs_2026" / "a.csv", [compiled(), compiled("E08000016", overall_effectiveness="")])
    rows, release = read_compiled(read_table(path), areas)
    assert release == "2025"
    assert [(r["authority_code"], r["overall_effectiveness"]) for r in rows] == [
        ("E08000035", "Outstanding"), ("E08000038", ""),
    ]  # fmt: skip
    assert rows[0]["inspection_type"] == "ILACS Short Inspection"
    assert (rows[0]["inspection_date"], rows[0]["end_date"], rows[0]["report_url"], rows[0]["source"]) == (
        "2025-06-30", "2025-07-04", ADDRESS, "ofsted_reports",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"code": "E08000099"}, "column authority_code: “E08000099” is not an authority"),
        ({"leaders": "Great"}, "column leaders: “Great” is not a judgement we know"),
        ({"inspection_type": "joint"}, "column inspection_type: “joint” is not a kind of inspection"),
        ({"end_date": "4 July"}, "column end_date: “4 July” is not a date"),
        ({"report_url": "javascript:alert(1)"}, "column report_url: “javascript:alert(1)” is not the address"),
        ({"report_url": "https://files.ofsted.gov.uk.example.org/a"}, "is not the address of a report of Ofsted's"),
    ],
)
def test_a_compiled_row_that_is_not_understood_is_refused(tmp_path, areas, more, words) -> None:
    path = write(tmp_path / "ilacs" / "a.csv", [compiled(), compiled(**more)])
    with pytest.raises(DataProblem, match="line 3") as caught:
        read_compiled(read_table(path), areas)
    assert words in str(caught.value)


def test_ofsteds_release_wins_over_what_was_compiled(tmp_path, areas) -> None:
    """As of St Helens in 2023, where the two differ; the release may give another first day of the same inspection."""
    released, _, _ = read_inspections(
        workbook(tmp_path / "o" / "a.ods", [inspection(day="2023-07-03")], [visit(day="2024-05-01")]), areas
    )
    path = write(
        tmp_path / "ilacs" / "a.csv",
        [compiled(day="2023-07-10", care_leavers="Inadequate"), compiled(day="2024-05-01"), compiled("E06000001")],
    )
    rows = merge_inspections(released, read_compiled(read_table(path), areas)[0])
    assert [(r["authority_code"], r["inspection_date"], r["source"], r["kind"]) for r in rows] == [
        ("E08000035", "2023-07-03", "ofsted", "full"), ("E08000035", "2024-05-01", "ofsted", "visit"),
        ("E08000035", "2024-05-01", "ofsted_reports", "full"), ("E06000001", "2025-06-30", "ofsted_reports", "full"),
    ]  # fmt: skip
    assert rows[0]["care_leavers"] == "Outstanding"
