"""Nothing that identifies a young person is kept, nor any unused part of a file."""

import csv
import datetime as dt
import hashlib
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.figures.warehouse import Warehouse
from careleavers.intake.personal import identifiers, possible_names
from careleavers.store import StoreProblem
from careleavers.uploads import UploadService
from tests.upload_service import ANN, CATALOGUE, EVENTS, GOOD, HEADER, LEEDS, Council, opened, row, table

TODAY = dt.date(2026, 11, 28)
# The example number of the NHS's own data dictionary, and one with a wrong check digit.
NHS, NO_NHS = "943 476 5919", "943 476 5918"


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Any:
    with opened(tmp_path, warehouse) as made:
        yield made


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Jo Smith (DOB 01/02/2006) is counted", "a date of birth"),
        ("one, born on 1.2.06, moved", "a date of birth"),
        ("d.o.b: 2006-02-01", "a date of birth"),
        ("the one of 3rd February 2007", "a date of birth"),
        ("see 14/10/2008", "a date of birth"),
        (f"NHS {NHS}", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("AB 12 34 56 C left", "a National Insurance number"),
        ("ab123456c", "a National Insurance number"),
        ("H801200001001 is missing", "a unique pupil number"),
        ("ask jo.smith@leeds.gov.uk", "an email address"),
        ("ring 0113 247 5555", "a telephone number"),
        ("+44 7700 900123", "a telephone number"),
        ("child id 48213 double", "a number on a case file"),
        ("Mosaic ref: 1004821", "a number on a case file"),
        ("case no. AB-4821", "a number on a case file"),
        ("lives at LS1 4AP", "a postcode"),
    ],
)
def test_what_tells_who_somebody_is(text: str, what: str) -> None:
    assert what in identifiers(text, TODAY)
    assert what in identifiers(f"Signed off.\n{text}; and more", TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Signed off on 14/10/2025 by the board",
        "Q2 2025/26, final",
        "24 of 51 young people; 3 care leavers 2025",
        "Letter of 14 November 2025",
        "1,234,567 in all, 0.0523456789 of them",
        f"{NO_NHS}",
        "since 2019-04-01 counted otherwise",
        "ages 17-18 and 19-21, E08000035",
        "two children in 2006",
        "case load 18.5; number of cases 4821",
        "version 3.2.1 of the SSDA903 guide, page 112",
    ],
)
def test_what_tells_of_nobody(text: str) -> None:
    assert identifiers(text, TODAY) == []


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    identifiers(text, TODAY)
    possible_names(text, ["Leeds"])


@pytest.mark.parametrize(
    "text",
    [
        "Jo Smith",
        "waiting for Aisha O’Neil-Khan",
        "Michael Bolton",
        "Mary Ann McDonald left",
        "For Jayden Smith and others",
        "In March Jayden Smith lost his job",
        "Our Jayden Smith left",
        "After Christmas Aaliyah Khan moved out",
        "JOHN SMITH",
        "John SMITH moved to Leeds",
        "J. SMITH-JONES and MARY ANN O’NEIL",
        "JOHN SMITH LEFT CARE IN MAY",
        "EET FELL BECAUSE JOHN SMITH MOVED TO LEEDS",
        "MICHAEL BOLTON",
        "ZOË ÅKESSON",
    ],
)
def test_what_may_be_a_name(text: str) -> None:
    assert possible_names(text, ["Bolton", "Leeds"])


@pytest.mark.parametrize(
    "text",
    [
        "Signed Off", "Checked by the Virtual School", "Staying Put figures", "Kingston upon Hull Virtual School",
        "Final figures. Data Team", "EET and NEET", "SMITH", "Quarter Two", "April Figures", "In Leeds City", "For The Virtual School", "In March Figures", "On Monday", "Since April We",
        "EET", "EET NEET", "OFSTED ILACS", "LEEDS CITY COUNCIL", "UASC EHCP CAMHS", "Several ADHD assessments", "DFE SSDA903 RETURN", "NEET FELL IN LEEDS",
        "PLEASE NOTE: FIGURES ARE PROVISIONAL", "KINGSTON UPON HULL VIRTUAL SCHOOL", "The DWP and NHS ICB", "Leeds EET Board", "PA CASELOADS", "Q2 EET",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert possible_names(text, ["Kingston upon Hull, City of", "Leeds"]) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("JOHN SMITH LEFT CARE IN MAY", ["JOHN SMITH"]),
        ("EET FELL BECAUSE JOHN SMITH MOVED TO LEEDS", ["JOHN SMITH"]),
        ("Amy King and JOHN SMITH", ["Amy King", "JOHN SMITH"]),
        ("The IRO for John SMITH", ["John SMITH"]),
    ],
)
def test_a_name_in_capitals_ends_where_the_sentence_goes_on(text: str, names: list[str]) -> None:
    assert possible_names(text, ["Leeds"]) == names


# ---------------------------------------------------------------------- in a file


def found(council: Council, content: bytes, **more: Any) -> dict[str, list[str]]:
    checked = council.examine(content, **more)
    return {
        each.rule.id: [cell for finding in each.findings for cell in finding.cells or ("the file",)]
        for section in checked.report.sections
        for each in section.rules
        if each.rule.id.startswith("personal")
    }


def test_the_officer_is_told_the_cell_and_nothing_is_kept(council: Council) -> None:
    content = table(
        row(24, note="all well"),
        row(18, indicator="neet", note="Jo Smith (DOB 01/02/2006)"),
        row(9, indicator="activity_not_known", note="asked Aisha Khan"),
        # Skipped, because it has no figure; its note would otherwise have been kept.
        row("", "", indicator="in_touch", note=f"NHS {NHS}"),
    )
    assert found(council, content) == {"personal_text": ["K3", "K5"], "personal_name": ["K4"]}
    checked = council.examine(content)
    assert checked.report.blocking
    assert checked.effect is None
    with pytest.raises(ValueError, match="does not allow"):
        council.service.accept(checked, ANN, confirmed=True)
    assert council.store.version() == 0


def test_texts_of_definitions_events_and_file_names_are_looked_at_too(council: Council) -> None:
    assert found(council, CATALOGUE.replace(b"Lessons that we pay.", b"Ask jo@leeds.gov.uk")) == {
        "personal_text": ["C2"]
    }
    assert found(council, EVENTS.replace(b"Letter of 14 November 2025", b"Letter about case no 48213")) == {
        "personal_text": ["E2"]
    }
    assert found(council, GOOD, name="Jo Smith 01-02-2006.csv") == {"personal_text": ["the file"]}
    assert found(council, GOOD) == {}


def test_what_is_typed_is_looked_at_where_it_is_kept(council: Council) -> None:
    checked = council.examine()
    with pytest.raises(StoreProblem, match="The note has what looks like a telephone number") as refusal:
        council.service.accept(checked, ANN, note="ring 0113 247 5555", confirmed=True)
    assert "247" not in str(refusal.value)
    assert council.store.version() == 0
    # The name of whoever signed it off may stay.
    council.service.accept(checked, ANN, note="Signed off by Jo Smith", confirmed=True)
    for act in (council.store.withdraw, council.store.restore):
        with pytest.raises(StoreProblem, match="The reason has what looks like a date of birth"):
            act(1, ANN, "born 01/02/2006")
    assert council.store.version() == 1


# ---------------------------------------------------------------------- what is kept


def test_columns_that_were_not_used_are_not_kept(council: Council) -> None:
    secret = "Jo Smith, DOB 01/02/2006"
    lines = GOOD.decode().splitlines()
    content = "\n".join([f"{lines[0]},worked with", *(f'{line},"{secret}"' for line in lines[1:])]).encode()
    council.accept(content)
    name, kept = council.store.original(1, ANN)
    assert name == "quarter (columns used).csv"
    assert list(csv.reader(io.StringIO(kept.decode()))) == list(csv.reader(io.StringIO(GOOD.decode())))
    upload = council.store.uploads().iloc[0]
    assert upload["sha256"] == hashlib.sha256(content).hexdigest()
    assert upload["size"] == len(content)
    assert upload["checks"]["kept"] == {"columns left out": 1}
    assert secret not in council.store.uploads().to_csv()
    # It still counts as the same file.
    with pytest.raises(StoreProblem, match="This very file is here already"):
        council.accept(content)


def test_rows_beside_the_table_are_not_kept(council: Council) -> None:
    content = b"Prepared for Jo Smith,,\n" + GOOD + b"Footnote: Jo Smith was 17,,\n"
    council.accept(content)
    kept = council.store.original(1, ANN)[1]
    assert b"Jo Smith" not in kept
    assert b"eet" in kept


def test_a_text_file_that_was_used_whole_is_kept_as_it_is(council: Council) -> None:
    council.accept(GOOD)
    assert council.store.original(1, ANN) == ("quarter.csv", GOOD)
    assert "kept" not in council.store.uploads().iloc[0]["checks"]


def test_of_a_workbook_the_cells_are_kept_and_nothing_else(council: Council) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = "Jo Smith"
    sheet = book.worksheets[0]
    sheet.append([*HEADER, "worked with"])
    sheet.append([*(row(24).get(name) for name in HEADER), "Jo Smith"])
    out = io.BytesIO()
    book.save(out)
    content = out.getvalue()
    council.accept(content, name="leeds.xlsx")
    name, kept = council.store.original(1, ANN)
    assert name == "leeds (columns used).csv"
    assert kept.decode().splitlines() == [",".join(HEADER), f"{LEEDS},Leeds,eet,19-21,2025/26 Q2,quarter,24,51,,,"]
    # What is kept can be uploaded again.
    assert not UploadService(council.versions).check_file(kept, "again.csv", ANN, "provisional").report.blocking
