"""Small files that officers could send, taken through reading and checking; run as a module it prints what happens.

``python -m tests.intake.sample_files [PART OF A NAME]... [--in FOLDER]``
"""

import dataclasses
import datetime as dt
import sys
from functools import cache
from pathlib import Path

from careleavers.errors import Refused
from careleavers.figures.warehouse import open_warehouse
from careleavers.intake.comparison import HeldFigures
from careleavers.intake.model import Draft, Findings
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData, reference_data
from careleavers.intake.report import report_text
from tests.intake.drafts import EVERYWHERE, checked, held

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "uploads"
DATA = Path(__file__).resolve().parents[2] / "data"
TODAY = dt.date(2026, 11, 28)


@cache
def known() -> ReferenceData:
    """The reference data as at the day the files were collected."""
    return dataclasses.replace(reference_data(open_warehouse(DATA), DATA), today=TODAY)


@cache
def nothing_held() -> HeldFigures:
    """A store without uploads."""
    return held()


def read_and_check(content: bytes, name: str) -> tuple[Draft, Findings]:
    """A file read and checked with nothing held; raises :class:`Refused`."""
    draft = read_upload(content, name, known())
    return draft, checked(draft, EVERYWHERE, nothing_held(), layer="provisional")


def outcome_text(path: Path) -> str:
    """The outcome for a file: its figures, and the report."""
    try:
        draft, findings = read_and_check(path.read_bytes(), path.name)
    except Refused as refused:
        return f"REFUSED {refused}"
    shown = draft.figures[
        ["row", "indicator", "age_group", "area_code", "period_end", "basis", "numerator", "denominator", "value",
         "status", "target"]
    ]  # fmt: skip
    return f"{draft.kind} {draft.layout}\n{shown.to_string(header=False) if len(shown) else '(no figure)'}\n{report_text(findings)}"


if __name__ == "__main__":
    arguments = sys.argv[1:]
    folder = FOLDER
    if "--in" in arguments:
        place = arguments.index("--in")
        folder = Path(arguments[place + 1])
        del arguments[place : place + 2]
    for file in sorted(folder.iterdir()):
        if not arguments or any(part in file.name for part in arguments):
            print(f"=== {file.name}\n{outcome_text(file)}\n")
