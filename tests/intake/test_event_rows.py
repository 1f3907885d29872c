"""Inspections and visits that a council reports."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest

from careleavers.importer.inspections import INSPECTION_COLUMNS
from careleavers.intake.model import Draft
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData

Read = Callable[..., Draft]
HEADER = "authority,inspection_type,inspection_date,care_leavers,note,source"


def events(read: Read, *lines: str, header: str = HEADER) -> Draft:
    draft = read(*lines, header=header)
    assert draft.kind == "events"
    return draft


def test_an_event_as_the_inspections_page_takes_it(read: Read) -> None:
    draft = events(read, "Leeds City Council,ILACS Focused Visit,3 September 2025,good,Care leavers,Cabinet paper 12")
    assert len(draft.findings) == 0
    assert tuple(draft.entries.columns) == ("row", *INSPECTION_COLUMNS)
    (entry,) = draft.entries.to_dict("records")
    assert {key: value for key, value in entry.items() if value} == {
        "row": 2, "authority_code": "E08000035", "kind": "visit", "inspection_type": "ILACS Focused Visit",
        "inspection_date": "2025-09-03", "care_leavers": "Good",
        "note": "Care leavers. Reported by the council: Cabinet paper 12", "source": "local",
    }  # fmt: skip


def test_a_full_inspection(read: Read) -> None:
    draft = events(read, "383,ILACS Short Inspection,2025-09-03,Outstanding,,Letter")
    assert draft.entries["kind"].tolist() == ["full"]


@pytest.mark.parametrize(
    ("line", "rule", "cell"),
    [
        (",ILACS Short Inspection,2025-09-03,,,Letter", "missing_authority", "A2"),
        ("Leed,ILACS Short Inspection,2025-09-03,,,Letter", "unknown_authority", "A2"),
        ("Leeds,,2025-09-03,,,Letter", "missing_text", "B2"),
        ("Leeds,ILACS Short Inspection,,,,Letter", "missing_text", "C2"),
        ("Leeds,ILACS Short Inspection,2025-09-03,,,", "missing_text", "F2"),
        ("Leeds,ILACS Short Inspection,09/30/2025,,,Letter", "bad_date", "C2"),
        ("Leeds,ILACS Short Inspection,2031-09-03,,,Letter", "bad_date", "C2"),
        ("Leeds,ILACS Short Inspection,2025-09-03,Excellent,,Letter", "bad_word", "D2"),
        (f"Leeds,ILACS Short Inspection,2025-09-03,,{'x' * 600},Letter", "bad_text", "E2"),
    ],
)
def test_what_must_be_fixed(read: Read, line: str, rule: str, cell: str) -> None:
    draft = events(read, line)
    assert [(finding.rule.id, finding.cells) for finding in draft.findings] == [(rule, (cell,))]
    assert draft.findings.blocking
    assert draft.entries.empty


def test_there_is_no_overall_judgement_from_april_2026(known: ReferenceData) -> None:
    later = dataclasses.replace(known, today=dt.date(2026, 11, 28))
    header = "authority,inspection_type,inspection_date,overall_effectiveness,care_leavers,source"
    rows = ["Leeds,ILACS,2026-03-31,Good,Good,Letter", "Leeds,ILACS,2026-04-01,Good,Good,Letter"]
    draft = read_upload("\n".join([header, *rows, "Leeds,ILACS,2026-05-11,,Good,Letter"]).encode(), "e.csv", later)
    assert [(finding.rule.id, finding.cells) for finding in draft.findings] == [("no_overall_judgement", ("D3",))]
    assert draft.entries["inspection_date"].tolist() == ["2026-03-31", "2026-05-11"]


def test_code_and_name_must_agree(read: Read) -> None:
    draft = events(
        read,
        "E08000035,Bradford,Visit,2025-09-03,Letter",
        header="code,authority,inspection_type,inspection_date,source",
    )
    assert [finding.rule.id for finding in draft.findings] == ["code_and_name_differ"]


def test_missing_columns_and_no_rows(read: Read) -> None:
    draft = events(read, "Leeds,Visit,2025-09-03", header="authority,inspection_type,inspection_date")
    assert [finding.rule.id for finding in draft.findings] == ["missing_column"]
    assert [finding.rule.id for finding in events(read).findings] == ["no_rows"]
